// Picture files dropped on the text or pasted into it: each is taken in and stands where it fell.
import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { element, fill, notify, refusal } from "newsroom/elements"
import { insertPhoto } from "newsroom/photos"

const { PluginKey } = pm.state
const { Decoration, DecorationSet } = pm.view

// While a file is on its way, a box holds its place, whatever is typed around it.
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
        return left.add(tr.doc, [Decoration.widget(add.at, add.box, { id: add.id, side: 1, ignoreSelection: true })])
      },
    },
    props: {
      decorations: (state) => waiting.getState(state),
    },
  })
}

const held = (editor, id) => waiting.getState(editor.state).find(undefined, undefined, (spec) => !id || spec.id === id)

function hold(editor, values) {
  editor.view.dispatch(editor.state.tr.setMeta(waiting, values).setMeta("addToHistory", false))
}

// A box with the file's name and how much of it has arrived: { box, progress }.
function waitingBox(words, name) {
  const bar = element("progress", { max: 1, value: 0, "aria-label": name })
  const told = element("span", { textContent: fill(words.uploading, { name }) })
  const box = element("span", { className: "desk-uploading", contenteditable: "false", role: "status" }, told, bar)
  const progress = (part) => {
    if (part < 1) bar.value = part
    else {
      bar.removeAttribute("value")
      told.textContent = fill(words.reading, { name })
    }
  }
  return { box, progress }
}

async function uploadInto(editor, library, files, at) {
  const { words } = library
  if (!library.addresses.upload) return notify(editor, words.noUpload)
  const told = []
  const waitingFiles = files.map((file) => {
    const name = file.name || "photo"
    const id = {}
    const { box, progress } = waitingBox(words, name)
    hold(editor, { add: { id, at, box } })
    return { file, name, id, progress }
  })
  const follow = follower(editor)
  for (const { file, name, id, progress } of waitingFiles) {
    let photo = null
    try {
      if (!file.type.startsWith("image/")) throw new Error(words.noPicture)
      photo = await library.upload(file, progress)
      told.push(fill(photo.known ? words.known : words.uploaded, { name }))
    } catch (error) {
      told.push(refusal(words, name, error))
    }
    if (editor.isDestroyed) return
    const [mark] = held(editor, id)
    follow.quietly(() => hold(editor, { gone: id }))
    if (photo) {
      const place = follow.place ?? mark?.from ?? editor.state.selection.to
      follow.quietly(() => insertPhoto(editor, photo, place, !follow.touched))
    }
    notify(editor, told.join(" "))
  }
  follow.end()
  if (!follow.touched) editor.view.focus()
}

// Follows the text while files are on their way: `place` is behind the photo inserted last, since
// each stands behind the one before it; `touched` tells that the writer went on with something
// else, whose cursor must stay where it is.
function follower(editor) {
  let ours = false
  const told = {
    place: null,
    touched: false,
    quietly(act) {
      ours = true
      const behind = act()
      ours = false
      if (behind) told.place = behind
    },
    end: () => editor.off("transaction", listen),
  }
  const listen = ({ transaction }) => {
    if (told.place !== null) told.place = transaction.mapping.map(told.place)
    told.touched ||= !ours && (transaction.docChanged || transaction.selectionSet)
  }
  editor.on("transaction", listen)
  return told
}

const pictures = (files) => [...(files || [])].filter((file) => file.type.startsWith("image/"))

// Word and browsers put a picture of the copied text beside it: then the text is meant.
function onlyPictures(clipboard) {
  const html = clipboard.getData("text/html")
  if (!html) return !clipboard.getData("text/plain")
  const page = new DOMParser().parseFromString(html, "text/html")
  return !page.body.textContent.trim() && !page.querySelector("[data-photo]")
}

// A form sent while a file is on its way would be saved without the photo.
export function holdBackSaving(editor, form, words) {
  form?.addEventListener(
    "submit",
    (event) => {
      if (!held(editor).length) return
      event.preventDefault()
      event.stopImmediatePropagation()
      notify(editor, words.stillUploading)
    },
    { capture: true },
  )
}

// A file that misses the text must not make the browser leave the form for it.
export function catchFiles(holder) {
  for (const name of ["dragover", "drop"]) {
    holder.addEventListener(name, (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault()
    })
  }
}

export const Uploads = Extension.create({
  name: "uploads",
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
            const files = [...(event.dataTransfer?.files || [])]
            if (moved || !files.length) return false
            event.preventDefault() // else the browser would leave the form for the file
            const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos
            uploadInto(editor, library, files, at ?? view.state.selection.to)
            return true
          },
        },
      }),
    ]
  },
})
