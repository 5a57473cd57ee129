// Photos of the library: what is known of them, and putting one into the text. What may be uploaded
// is decided by the server.
import { pm } from "django-prose-editor/editor"
import { ask, send } from "newsroom/elements"

const { closeHistory } = pm.history
const { TextSelection } = pm.state

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

  // `progress` is told how much of the file has arrived, from 0 to 1.
  async upload(file, progress) {
    const body = new FormData()
    body.append("file", file, file.name || "photo")
    const photo = await send(this.addresses.upload, body, this.token(), this.words, progress)
    this.remember([photo])
    return photo
  }
}

// Inserts a photo and, if `select`, puts the cursor into its caption; a paragraph is split where the
// cursor is. Returns the place behind the figure.
export function insertPhoto(editor, photo, at = null, select = true) {
  const { state } = editor
  const { schema, doc } = state
  const place = doc.resolve(at ?? state.selection.to)
  const figure = schema.nodes.photoFigure.create({ photo: photo.uuid }, captionOf(photo, schema))
  const tr = closeHistory(state.tr)
  const position = makeRoom(tr, place, figure)
  if (select) tr.setSelection(TextSelection.create(tr.doc, position + 1 + figure.content.size)).scrollIntoView()
  editor.view.dispatch(tr)
  return position + figure.nodeSize
}

// The photo's own caption as the first caption of a use; a line, since a caption is one.
function captionOf(photo, schema) {
  const text = (photo.caption || "").replace(/\s+/g, " ").trim()
  return text ? schema.text(text) : null
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
    const caption = captionOf(photo, state.schema) ?? []
    tr.replaceWith(position + 1, position + 1 + figure.content.size, caption)
  }
  editor.view.dispatch(tr)
}
