// What the editor's modules share: making elements, filling words, dialogs, and asking the server.

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (/^(aria-|data-|contenteditable|draggable|role|for$)/.test(name)) made.setAttribute(name, value)
    else made[name] = value
  }
  made.append(...children)
  return made
}

export function button(text, act, properties = {}) {
  const made = element("button", { type: "button", textContent: text, ...properties })
  made.addEventListener("click", act)
  return made
}

const ON_MAC = { Ctrl: "⌘", Alt: "⌥", Shift: "⇧" }

// Keys as they are named on the writer's keyboard.
export function shownKeys(keys) {
  return /Mac|iP(ad|hone)/.test(navigator.platform) ? keys.replace(/\b(Ctrl|Alt|Shift)\+/g, (whole, name) => ON_MAC[name]) : keys
}

let fields = 0

// A field with its label above it: { row, input }.
export function field(label, properties = {}) {
  const id = `desk-field-${++fields}`
  const input = element("input", { id, type: "text", autocomplete: "off", ...properties })
  return { row: element("div", { className: "desk-field" }, element("label", { htmlFor: id, textContent: label }), input), input }
}

// Puts values into a sentence: fill("Photos shown: {n}", { n: 3 }).
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
}

// Opens a modal dialog; what opened it gets the focus back unless `onClose` puts it elsewhere.
// The form around the editor must not see what is typed here, so it stands at the end of the page.
export function openDialog({ title, className = "", close, content, onClose }) {
  const id = `desk-dialog-${++fields}`
  const heading = element("h2", { id, textContent: title })
  const shut = button("×", () => dialog.finish(), { "aria-label": close, className: "desk-dialog-close" })
  const dialog = element(
    "dialog",
    { className: `desk-dialog ${className}`, "aria-labelledby": id },
    element("header", {}, heading, shut),
    ...content,
  )
  // The browser tells of the closing a moment later; whoever types on at once must not lose letters.
  dialog.finish = () => {
    if (!dialog.isConnected) return
    dialog.close()
    dialog.remove()
    onClose?.()
  }
  dialog.addEventListener("close", dialog.finish)
  dialog.addEventListener("keydown", (event) => event.stopPropagation())
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

// Asks the server for JSON; throws an Error whose message is a sentence for the writer.
export async function ask(address, words, options = {}) {
  let answer
  try {
    answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual", ...options })
  } catch {
    throw new Error(words.failed)
  }
  let told = {}
  if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) told = await answer.json()
  if (answer.ok) return told
  if (told.error) throw new Error(told.error)
  throw new Error(answer.status === 403 || answer.type === "opaqueredirect" ? words.denied : words.failed)
}

// Says which file was refused and why; the server's sentences name it already.
export function refusal(words, name, error) {
  return error.message.startsWith(name) ? error.message : fill(words.refused, { name, why: error.message })
}

// Posts a form, telling `progress` how much of it has arrived; answers and fails as `ask` does.
export function send(address, body, token, words, progress = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open("POST", address)
    request.setRequestHeader("X-CSRFToken", token)
    request.setRequestHeader("Accept", "application/json")
    request.upload.addEventListener("progress", (event) => progress(event.lengthComputable ? event.loaded / event.total : 0))
    request.addEventListener("error", () => reject(new Error(words.failed)))
    request.addEventListener("load", () => {
      let told = null
      try {
        told = JSON.parse(request.responseText)
      } catch {
        // a page, not an answer: somebody signed out, or the server broke
      }
      if (told && request.status < 300) resolve(told)
      else if (told?.error) reject(new Error(told.error))
      else reject(new Error(request.status < 500 ? words.denied : words.failed))
    })
    request.send(body)
  })
}

// Calls `act` once nothing has asked for it during `wait` milliseconds.
export function debounced(act, wait) {
  let timer = 0
  return (...values) => {
    clearTimeout(timer)
    timer = setTimeout(() => act(...values), wait)
  }
}

// Tells the writer something in the line under the text, with a button that undoes it if asked.
export function notify(editor, text, undo = "") {
  const line = editor.view.dom.closest(".desk-editor")?.querySelector(".desk-notice")
  if (!line) return
  line.replaceChildren(text)
  if (!undo) return
  const back = button(undo, () => {
    editor.chain().undo().focus().run()
    line.replaceChildren()
  })
  line.append(" ", back)
}
