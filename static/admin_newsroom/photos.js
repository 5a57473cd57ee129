// Photos from the library into the text: the picker, uploads from it, by drag and by paste.
// What may be uploaded is decided by the server; every file gets an answer of its own.
import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { ask, button, debounced, element, field, fill, notify, openDialog } from "newsroom/elements"

const { closeHistory } = pm.history
const { PluginKey, TextSelection } = pm.state
const { Decoration, DecorationSet } = pm.view

// What is known of photos, by uuid, and the endpoints that know more.
export class Library {
  constructor(settings, photos, token) {
    this.words = settings.words
    this.addresses = settings.addresses
    this.describe = settings.describe
    this.token = token
    this.photos = new Map(Object.entries(photos))
  }

  get(uuid) {
    return this.photos.get(uuid)
  }

  remember(photos) {
    for (const photo of photos) this.photos.set(photo.uuid, photo)
    return photos
  }

  // A photo that came by pasting is not among those the form described.
  async lookUp(uuid) {
    const told = await ask(`${this.describe}?photo=${encodeURIComponent(uuid)}`, this.words)
    this.remember(Object.values(told.photos))
  }

  async search(query, signal) {
    const told = await ask(`${this.addresses.picker}?${new URLSearchParams(query)}`, this.words, { signal })
    this.remember(told.photos)
    return told
  }

  async upload(file) {
    const body = new FormData()
    body.append("file", file, file.name || "photo")
    const headers = { "X-CSRFToken": this.token(), Accept: "application/json" }
    const photo = await ask(this.addresses.upload, this.words, { method: "POST", body, headers })
    this.remember([photo])
    return photo
  }
}

// Inserts a photo and puts the cursor into its caption; a paragraph is split where the cursor is.
// Returns the place behind the figure.
export function insertPhoto(editor, photo, at = null) {
  const { state } = editor
  const { schema, doc } = state
  const place = doc.resolve(at ?? state.selection.to)
  const caption = photo.caption ? schema.text(photo.caption.replace(/\s+/g, " ").trim()) : null
  const figure = schema.nodes.photoFigure.create({ photo: photo.uuid }, caption)
  const tr = closeHistory(state.tr)
  const position = makeRoom(tr, place, figure)
  tr.setSelection(TextSelection.create(tr.doc, position + 1 + figure.content.size))
  editor.view.dispatch(tr.scrollIntoView())
  return position + figure.nodeSize
}

function makeRoom(tr, place, figure) {
  const parent = place.parent
  if (place.depth === 0) {
    tr.insert(place.pos, figure)
    return place.pos
  }
  if (place.depth > 1 || parent.type.name !== "paragraph") {
    tr.insert(place.after(1), figure)
    return place.after(1)
  }
  if (parent.content.size === 0) {
    tr.replaceWith(place.before(), place.after(), figure)
    return place.before()
  }
  if (place.parentOffset === 0 || place.parentOffset === parent.content.size) {
    const edge = place.parentOffset ? place.after() : place.before()
    tr.insert(edge, figure)
    return edge
  }
  tr.split(place.pos, 1, [{ type: parent.type, attrs: { ...parent.attrs, "data-id": null } }])
  tr.insert(place.pos + 1, figure)
  return place.pos + 1
}

// Shows another photo in a figure; a caption that was the old photo's own goes with it.
export function replacePhoto(editor, position, photo, old) {
  const { state } = editor
  const figure = state.doc.nodeAt(position)
  const tr = closeHistory(state.tr)
  tr.setNodeMarkup(position, undefined, { ...figure.attrs, photo: photo.uuid, alt: null })
  const own = figure.textContent.trim()
  if (!own || own === (old?.caption || "").trim()) {
    const caption = photo.caption ? state.schema.text(photo.caption) : []
    tr.replaceWith(position + 1, position + 1 + figure.content.size, caption)
  }
  editor.view.dispatch(tr)
}

function usedIn(editor, library) {
  const uuids = new Set()
  editor.state.doc.descendants((node) => {
    if (node.type.name === "photoFigure") uuids.add(node.attrs.photo)
  })
  return [...uuids].map((uuid) => library.get(uuid)).filter(Boolean)
}

// Opens the picker; `choose` gets the photo.
export function openPicker(editor, library, choose) {
  const { words } = library
  const state = { cursor: "", request: null }
  const text = field(words.words, { type: "search" })
  const agency = field(words.agency, { type: "search" })
  const since = field(words.since, { type: "date" })
  const until = field(words.until, { type: "date" })
  const status = element("p", { className: "desk-picker-status", role: "status" })
  const messages = element("ul", { className: "desk-picker-messages", "aria-live": "polite" })
  const grid = element("ul", { className: "desk-picker-grid" })
  const more = button(words.more, () => load(state.cursor), { hidden: true })
  let chosen = null

  const card = (photo) => {
    const picture = photo.url
      ? element("img", { src: photo.url, alt: "", loading: "lazy" })
      : element("span", { className: "desk-picker-missing", textContent: words.missing })
    const pick = element(
      "button",
      { type: "button", className: "desk-picker-photo" },
      picture,
      element("span", { className: "desk-picker-caption", dir: "auto", textContent: photo.caption || photo.alt || photo.expected || photo.uuid }),
      element("span", { className: "desk-picker-credit", dir: "auto", textContent: photo.credit || words.noCredit }),
    )
    pick.addEventListener("click", () => {
      chosen = photo
      dialog.finish()
    })
    return element("li", {}, pick)
  }
  const show = (photos, append) => {
    if (!append) grid.replaceChildren()
    grid.append(...photos.map(card))
    status.textContent = grid.children.length ? fill(words.found, { n: grid.children.length }) : words.none
  }
  const load = async (cursor = "") => {
    state.request?.abort()
    state.request = new AbortController()
    used.setAttribute("aria-pressed", "false")
    const query = { q: text.input.value, agency: agency.input.value, since: since.input.value, until: until.input.value }
    try {
      const told = await library.search({ ...query, cursor }, state.request.signal)
      const focused = document.activeElement === more && grid.children.length
      show(told.photos, Boolean(cursor))
      state.cursor = told.next
      more.hidden = !told.next
      if (cursor && focused) grid.children[focused]?.querySelector("button")?.focus()
    } catch (error) {
      if (!state.request.signal.aborted) status.textContent = error.message
    }
  }
  const used = button(
    words.usedHere,
    () => {
      if (used.getAttribute("aria-pressed") === "true") return load()
      state.request?.abort()
      used.setAttribute("aria-pressed", "true")
      more.hidden = true
      return show(usedIn(editor, library), false)
    },
    { "aria-pressed": "false" },
  )
  const form = element(
    "form",
    { className: "desk-picker-search", role: "search" },
    text.row,
    agency.row,
    since.row,
    until.row,
    element("button", { type: "submit", className: "desk-main-button", textContent: words.search }),
    used,
  )
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    load()
  })
  form.addEventListener("input", debounced(() => load(), 300))
  const uploads = library.addresses.upload ? uploadField(library, messages, (photo) => grid.prepend(card(photo))) : []
  const dialog = openDialog({
    title: words.photo,
    className: "desk-picker",
    close: words.close,
    content: [form, ...uploads, messages, status, grid, more],
    onClose() {
      state.request?.abort()
      if (chosen) choose(chosen)
      editor.view.focus()
    },
  })
  text.input.focus()
  load()
}

function uploadField(library, messages, add) {
  const { words } = library
  const files = field(words.files, { type: "file", multiple: true, accept: "image/*" })
  files.row.classList.add("desk-picker-upload")
  files.input.addEventListener("change", async () => {
    const chosen = [...files.input.files]
    files.input.value = ""
    for (const file of chosen) {
      const line = element("li", { textContent: fill(words.uploading, { name: file.name }) })
      messages.append(line)
      try {
        const photo = await library.upload(file)
        line.textContent = fill(photo.known ? words.known : words.uploaded, { name: file.name })
        add(photo)
      } catch (error) {
        line.className = "desk-refused"
        line.textContent = fill(words.refused, { name: file.name, why: error.message })
      }
    }
  })
  return [files.row]
}

// While a file is on its way, a mark holds its place, whatever is typed around it.
const waiting = new PluginKey("uploads")

function waitingMarks() {
  return new Plugin({
    key: waiting,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, marks) {
        const mapped = marks.map(tr.mapping, tr.doc)
        const { add, gone } = tr.getMeta(waiting) || {}
        const left = gone ? mapped.remove(mapped.find(undefined, undefined, (spec) => spec.id === gone)) : mapped
        if (!add) return left
        const mark = element("span", { className: "desk-uploading", textContent: add.text })
        return left.add(tr.doc, [Decoration.widget(add.at, mark, { id: add.id })])
      },
    },
    props: {
      decorations: (state) => waiting.getState(state),
    },
  })
}

function hold(editor, values) {
  editor.view.dispatch(editor.state.tr.setMeta(waiting, values).setMeta("addToHistory", false))
}

async function uploadInto(editor, library, files, at) {
  const { words } = library
  if (!library.addresses.upload) return notify(editor, words.noUpload)
  const told = []
  let next = at
  let behind = null
  for (const file of files) {
    const id = {}
    const name = file.name || "photo"
    hold(editor, { add: { id, at: next, text: fill(words.uploading, { name }) } })
    let photo = null
    try {
      photo = await library.upload(file)
      told.push(fill(photo.known ? words.known : words.uploaded, { name }))
    } catch (error) {
      told.push(fill(words.refused, { name, why: error.message }))
    }
    if (editor.isDestroyed) return
    const [mark] = waiting.getState(editor.state).find(undefined, undefined, (spec) => spec.id === id)
    const place = mark?.from ?? editor.state.selection.to
    hold(editor, { gone: id })
    behind = photo ? insertPhoto(editor, photo, place) : place
    next = behind
    notify(editor, told.join(" "))
  }
  editor.view.focus()
}

const pictures = (files) => [...(files || [])].filter((file) => file.type.startsWith("image/"))

// Word and browsers put a picture of the copied text beside it: then the text is meant.
function onlyPictures(clipboard) {
  const html = clipboard.getData("text/html")
  if (!html) return !clipboard.getData("text/plain")
  const page = new DOMParser().parseFromString(html, "text/html")
  return !page.body.textContent.trim() && !page.querySelector("[data-photo]")
}

export const Photos = Extension.create({
  name: "photos",
  addOptions() {
    return { library: null }
  },
  addProseMirrorPlugins() {
    const { editor, options } = this
    const { library } = options
    return [
      waitingMarks(),
      new Plugin({
        props: {
          handlePaste(view, event) {
            const files = pictures(event.clipboardData?.files)
            if (!files.length || !onlyPictures(event.clipboardData)) return false
            uploadInto(editor, library, files, view.state.selection.to)
            return true
          },
          handleDrop(view, event, slice, moved) {
            if (moved || !event.dataTransfer?.files.length) return false
            event.preventDefault() // else the browser would leave the form for the file
            const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos
            const files = pictures(event.dataTransfer.files)
            if (files.length) uploadInto(editor, library, files, at ?? view.state.selection.to)
            return true
          },
        },
      }),
    ]
  },
})
