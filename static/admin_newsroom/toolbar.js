// The toolbar: a list for the kind of paragraph, then buttons that one Tab stop and the arrow keys
// reach. Alt+F10 leads into it from the text, Escape back.
import { Extension, pm } from "django-prose-editor/editor"
import { element, shownKeys } from "newsroom/elements"
import { icon } from "newsroom/icons"
import { tableTools } from "newsroom/tables"

// The groups of the bar. A tool is { name, act }, and may tell `on` (pressed), `may` (can be used
// here), `hidden` and its `keys`.
function groups(tools) {
  const simple = (name, command, keys, mark) => ({
    name,
    keys,
    act: (editor) => {
      editor.view.focus()
      editor.chain()[command]().run()
    },
    on: mark && ((editor) => editor.isActive(mark)),
    may: (editor) => editor.can()[command](),
  })
  return [
    [
      simple("bold", "toggleBold", "Ctrl+B", "bold"),
      simple("italic", "toggleItalic", "Ctrl+I", "italic"),
      simple("strike", "toggleStrike", "Ctrl+Shift+S", "strike"),
      simple("sub", "toggleSubscript", "Ctrl+,", "subscript"),
      simple("sup", "toggleSuperscript", "Ctrl+.", "superscript"),
    ],
    [
      simple("bullets", "toggleBulletList", "Ctrl+Shift+8", "bulletList"),
      simple("numbers", "toggleOrderedList", "Ctrl+Shift+7", "orderedList"),
      simple("quote", "toggleBlockquote", "Ctrl+Shift+9", "blockquote"),
      { ...simple("cite", "citeLine", "Ctrl+Alt+9", "cite"), hidden: (editor) => !editor.isActive("blockquote") },
    ],
    tools.insert,
    tableTools(),
    [simple("undo", "undo", "Ctrl+Z"), simple("redo", "redo", "Ctrl+Y")],
    tools.writing,
  ]
}

function kinds(settings) {
  const { words } = settings
  return [
    ["paragraph", words.paragraph],
    ...settings.levels.map((level) => [`h${level}`, words[`subhead${level}`]]),
    ...settings.notes.map(([kind, label]) => [`note:${kind}`, words.note.replace("{name}", label)]),
  ]
}

function kindOf(editor) {
  if (editor.isActive("heading")) return `h${editor.getAttributes("heading").level}`
  const note = editor.isActive("paragraph") && editor.getAttributes("paragraph")["data-note"]
  return note ? `note:${note}` : "paragraph"
}

// Subheads and notes stand by themselves, not in a list, quote, table or caption.
function hasKind(editor) {
  const { $from } = editor.state.selection
  return $from.depth === 1 && /^(paragraph|heading)$/.test($from.parent.type.name)
}

function setKind(editor, kind) {
  const note = kind.startsWith("note:") ? kind.slice(5) : null
  const chain = editor.chain()
  if (/^h\d$/.test(kind)) chain.setHeading({ level: Number(kind[1]) })
  else chain.setParagraph().updateAttributes("paragraph", { "data-note": note })
  chain.run()
}

function kindList(editor, settings) {
  const list = element("select", { className: "desk-kind", "aria-label": settings.words.block })
  list.append(...kinds(settings).map(([value, label]) => element("option", { value, textContent: label })))
  let pointed = false
  list.addEventListener("pointerdown", () => {
    pointed = true
  })
  list.addEventListener("keydown", () => {
    pointed = false
  })
  list.addEventListener("change", (event) => {
    event.stopPropagation()
    newStep(editor)
    setKind(editor, list.value)
    if (pointed) editor.commands.focus()
  })
  return list
}

// What a press does is a step of undo of its own, however fast it follows the one before it.
const newStep = (editor) => editor.view.dispatch(pm.history.closeHistory(editor.state.tr))

function toolButton(editor, tool, words) {
  const made = element(
    "button",
    {
      type: "button",
      className: "desk-tool",
      title: tool.keys ? `${words[tool.name]} (${shownKeys(tool.keys)})` : words[tool.name],
      "aria-label": words[tool.name],
      tabIndex: -1,
    },
    icon(tool.name),
  )
  made.dataset.tool = tool.name
  made.addEventListener("mousedown", (event) => event.preventDefault()) // the text keeps its selection
  made.addEventListener("click", () => {
    if (made.getAttribute("aria-disabled") === "true") return
    newStep(editor)
    tool.act(editor, made)
  })
  return made
}

function roving(bar) {
  const open = () => [...bar.querySelectorAll("button")].filter((one) => !one.hidden)
  const settle = (chosen) => {
    for (const one of bar.querySelectorAll("button")) one.tabIndex = one === chosen ? 0 : -1
  }
  bar.addEventListener("focusin", (event) => settle(event.target))
  bar.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const all = open()
    const turned = getComputedStyle(bar).direction === "rtl" && Number.isFinite(step) ? -step : step
    const at = all.indexOf(document.activeElement) + turned
    const next = Number.isFinite(at) ? (at + all.length) % all.length : at < 0 ? 0 : all.length - 1
    all[next].focus()
  })
  return () => {
    const all = open()
    if (!all.some((one) => one.tabIndex === 0)) settle(all[0])
  }
}

export function addToolbar(editor, settings, tools) {
  const { words } = settings
  const list = kindList(editor, settings)
  const bar = element("div", { className: "desk-tools", role: "toolbar", "aria-label": words.toolbar })
  const made = []
  for (const group of groups(tools)) {
    if (!group.length) continue
    const holder = element("div", { className: "desk-tool-group" })
    for (const tool of group) {
      const one = toolButton(editor, tool, words)
      made.push([tool, one])
      holder.append(one)
    }
    bar.append(holder)
  }
  const settle = roving(bar)
  const show = () => {
    list.value = kindOf(editor)
    list.disabled = !hasKind(editor)
    for (const [tool, one] of made) {
      one.hidden = Boolean(tool.hidden?.(editor))
      const on = Boolean(tool.on?.(editor))
      if (tool.on) one.setAttribute("aria-pressed", String(on))
      const may = !tool.may || tool.may(editor)
      one.setAttribute("aria-disabled", String(!may))
    }
    settle()
  }
  let waiting = 0
  editor.on("transaction", () => {
    cancelAnimationFrame(waiting)
    waiting = requestAnimationFrame(show)
  })
  const whole = element("div", { className: "desk-toolbar" }, list, bar)
  whole.addEventListener("keydown", (event) => {
    if (event.key === "Escape") editor.view.focus()
  })
  show()
  return whole
}

export const ToolbarKeys = Extension.create({
  name: "toolbarKeys",
  addKeyboardShortcuts() {
    return {
      "Alt-F10": ({ editor }) => {
        editor.view.dom.closest(".desk-editor")?.querySelector('.desk-tools button[tabindex="0"]')?.focus()
        return true
      },
    }
  },
})
