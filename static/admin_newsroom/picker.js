// The picker: photos of the library by words, agency and day, those used before, and new files.
import { button, debounced, element, field, fill, openDialog, refusal } from "newsroom/elements"

function usedIn(editor, library) {
  const uuids = new Set()
  editor.state.doc.descendants((node) => {
    if (node.type.name === "photoFigure") uuids.add(node.attrs.photo)
  })
  return [...uuids].map((uuid) => library.get(uuid)).filter(Boolean)
}

// What is offered before anybody searches: the newest, those of other stories, those of this one.
const SHELVES = ["newest", "usedBefore", "usedHere"]

// Opens the picker; `choose` gets the photo.
export function openPicker(editor, library, choose) {
  const { words } = library
  const state = { cursor: "", request: null, shelf: "newest" }
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
    const made = element("li", {}, photoButton(photo, words))
    made.firstChild.addEventListener("click", () => {
      chosen = photo
      dialog.finish()
    })
    return made
  }
  const show = (photos, append) => {
    if (!append) grid.replaceChildren()
    grid.append(...photos.map(card))
    status.textContent = grid.children.length ? fill(words.found, { n: grid.children.length }) : words.none
  }
  const load = async (cursor = "") => {
    state.request?.abort()
    if (state.shelf === "usedHere") {
      more.hidden = true
      return show(matching(usedIn(editor, library), text.input.value), false)
    }
    const request = new AbortController()
    state.request = request
    const query = { q: text.input.value, agency: agency.input.value, since: since.input.value, until: until.input.value }
    if (state.shelf === "usedBefore") query.used = "yes"
    try {
      const told = await library.search({ ...query, cursor }, request.signal)
      const focused = document.activeElement === more && grid.children.length
      show(told.photos, Boolean(cursor))
      state.cursor = told.next
      more.hidden = !told.next
      if (cursor && focused) grid.children[focused]?.querySelector("button")?.focus()
    } catch (error) {
      if (!request.signal.aborted) status.textContent = error.message
    }
  }
  const shelves = SHELVES.map((name) =>
    button(words[name], () => turnTo(name), { "aria-pressed": String(name === state.shelf) }),
  )
  const turnTo = (name) => {
    state.shelf = name
    SHELVES.forEach((one, at) => shelves[at].setAttribute("aria-pressed", String(one === name)))
    load()
  }
  const form = element(
    "form",
    { className: "desk-picker-search", role: "search" },
    text.row,
    agency.row,
    since.row,
    until.row,
    element("button", { type: "submit", className: "desk-main-button", textContent: words.search }),
  )
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    load()
  })
  form.addEventListener("input", debounced(() => load(), 300))
  const add = (photo) => {
    const made = card(photo)
    grid.prepend(made)
    made.firstChild.focus()
  }
  const uploads = library.addresses.upload ? [uploadField(library, messages, add)] : []
  const dialog = openDialog({
    title: words.photo,
    className: "desk-picker",
    close: words.close,
    content: [form, ...uploads, messages, element("p", { className: "desk-picker-shelves" }, ...shelves), status, grid, more],
    onClose() {
      state.request?.abort()
      if (chosen) choose(chosen)
      editor.view.focus()
    },
  })
  text.input.focus()
  load()
}

function photoButton(photo, words) {
  const picture = photo.url
    ? element("img", { src: photo.url, alt: "", loading: "lazy" })
    : element("span", { className: "desk-picker-missing", textContent: words.missing })
  const note = [photo.warning, photo.stories && fill(words.stories, { n: photo.stories })].filter(Boolean).join(" · ")
  const made = element(
    "button",
    { type: "button", className: "desk-picker-photo" },
    picture,
    element("span", { className: "desk-picker-caption", dir: "auto", textContent: photo.caption || photo.alt || photo.expected || photo.uuid }),
    element("span", { className: "desk-picker-credit", dir: "auto", textContent: photo.credit || words.noCredit }),
  )
  if (note) made.append(element("span", { className: photo.warning ? "desk-picker-note desk-refused" : "desk-picker-note", textContent: note }))
  return made
}

// Photos of the story that have all the words; they are few and known here.
function matching(photos, typed) {
  const wanted = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return photos.filter((photo) => {
    const texts = [photo.caption, photo.alt, photo.credit, photo.expected].join(" ").toLocaleLowerCase()
    return wanted.every((word) => texts.includes(word))
  })
}

function uploadField(library, messages, add) {
  const { words } = library
  const files = field(words.files, { type: "file", multiple: true, accept: "image/*" })
  files.row.classList.add("desk-picker-upload")
  const takeIn = async (chosen) => {
    for (const file of chosen) {
      const bar = element("progress", { max: 1, "aria-label": file.name })
      const line = element("li", {}, fill(words.uploading, { name: file.name }), " ", bar)
      messages.append(line)
      try {
        const photo = await library.upload(file, (part) => {
          if (part < 1) bar.value = part
          else bar.removeAttribute("value")
        })
        line.textContent = fill(photo.known ? words.known : words.uploaded, { name: file.name })
        add(photo)
      } catch (error) {
        line.className = "desk-refused"
        line.textContent = refusal(words, file.name, error)
      }
    }
  }
  files.input.addEventListener("change", () => {
    const chosen = [...files.input.files]
    files.input.value = ""
    takeIn(chosen)
  })
  return files.row
}
