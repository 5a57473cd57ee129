// Turns the text area of a story into the editor. Everything the editor needs is imported here:
// if any part of it doesn't load, this module doesn't run and the text area stays as it is.
import {
  Bold,
  BulletList,
  Document,
  Dropcursor,
  Editor,
  Extension,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  Italic,
  Paragraph,
  Strike,
  Subscript,
  Superscript,
  Table,
  TableRow,
  Text,
  pm,
} from "django-prose-editor/editor"
import { Cell, Cite, HeaderCell, Item, Numbers, Quote, storedBlocks } from "newsroom/blocks"
import { element } from "newsroom/elements"
import { Figure } from "newsroom/figure"
import { find, openFind } from "newsroom/find"
import { openHelp } from "newsroom/help"
import { openLinks, storyLinks } from "newsroom/links"
import { paste } from "newsroom/paste"
import { Library, insertPhoto, replacePhoto } from "newsroom/photos"
import { openPicker } from "newsroom/picker"
import { TableKeys } from "newsroom/tables"
import { ToolbarKeys, addToolbar } from "newsroom/toolbar"
import { Uploads, catchFiles, holdBackSaving } from "newsroom/uploads"
import { differences, written } from "newsroom/vocabulary"
import { followLanguage, leaveFullScreen, setTypography, showCounts, toggleFullScreen } from "newsroom/writing"

function extensions(settings, library, replace) {
  const { words, layouts } = settings
  return [
    Document,
    Text,
    Paragraph,
    HardBreak,
    Heading.configure({ levels: settings.levels }),
    Quote,
    BulletList,
    Numbers.configure({ enableListAttributes: false }),
    Item,
    Table.configure({ resizable: false }),
    TableRow,
    HeaderCell,
    Cell,
    TableKeys,
    photoKey,
    Bold,
    Italic,
    Strike,
    Subscript,
    Superscript,
    storyLinks(settings),
    Cite,
    Figure.configure({ library, layouts, words, replace }),
    Uploads.configure({ library }),
    storedBlocks(settings.vocabulary),
    paste(words),
    find(settings),
    ToolbarKeys,
    History,
    Dropcursor,
    Gapcursor,
  ]
}

const photoKey = Extension.create({
  name: "photoKey",
  addKeyboardShortcuts() {
    return {
      "Mod-Alt-5": ({ editor }) => {
        editor.view.dom.closest(".desk-editor").querySelector('[data-tool="photo"]')?.click()
        return true
      },
    }
  },
})

// The tools of the bar that aren't simple commands of the text.
function tools(settings, library, textarea) {
  const { words, addresses } = settings
  const openPhotos = (editor) => openPicker(editor, library, (chosen) => insertPhoto(editor, chosen))
  return {
    insert: [
      { name: "link", keys: "Ctrl+K", act: (editor) => openLinks(editor, settings), on: (editor) => editor.isActive("link") },
      ...(addresses.picker ? [{ name: "photo", keys: "Ctrl+Alt+5", act: openPhotos }] : []),
    ],
    writing: [
      { name: "typography", act: (editor) => setTypography(editor, textarea, words) },
      { name: "find", keys: "Ctrl+F", act: (editor) => openFind(editor, settings) },
      { name: "full", act: toggleFullScreen },
      { name: "keys", act: (editor) => openHelp(editor, words) },
    ],
  }
}

// The editor must write what is stored and nothing else. If it doesn't, it doesn't start: the
// text area, whose markup nobody rewrites, is the better editor then.
function demandSameVocabulary(editor, settings) {
  const differ = differences(written(editor.schema, settings.levels), settings.vocabulary)
  if (!differ.length) return
  editor.destroy()
  throw new Error(`The editor and the server disagree on markup: ${differ.join("; ")}`)
}

// One paragraph without words; a photo alone, with no caption yet, is a text.
const isBlank = ({ childCount, firstChild }) => childCount === 1 && firstChild.type.name === "paragraph" && !firstChild.content.size

// The text as the server writes it, a block a line: what was undone reads as it did before.
function markup(editor) {
  const { schema, doc } = editor.state
  const blocks = pm.model.DOMSerializer.fromSchema(schema).serializeFragment(doc.content).children
  return [...blocks].map((block) => block.outerHTML.replaceAll("&nbsp;", "\u00a0")).join("\n")
}

function countFigures(editor) {
  let count = 0
  editor.state.doc.descendants((node) => {
    count += node.type.name === "photoFigure" ? 1 : 0
  })
  return count
}

function start(textarea) {
  const settings = JSON.parse(textarea.dataset.bodyEditor)
  const token = () => textarea.form?.elements.namedItem("csrfmiddlewaretoken")?.value || ""
  const library = new Library(settings, JSON.parse(textarea.dataset.photos), token)
  const holder = element("div", { className: "desk-editor" })
  const sheet = element("div", { className: "desk-sheet" })
  const notice = element("p", { className: "desk-notice", role: "status" })
  const counts = element("p", { className: "desk-counts" })
  const replace = (position, old) =>
    openPicker(editor, library, (photo) => replacePhoto(editor, position, photo, old))
  const editor = new Editor({
    element: sheet,
    extensions: extensions(settings, library, replace),
    content: textarea.value,
    injectNonce: document.querySelector("script[nonce]")?.nonce,
    editorProps: {
      attributes: {
        id: `${textarea.id}_editor`,
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": settings.words.label,
        lang: textarea.lang,
        dir: textarea.dir,
      },
    },
    onUpdate() {
      textarea.value = isBlank(editor.state.doc) ? "" : markup(editor)
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  demandSameVocabulary(editor, settings)
  const bar = addToolbar(editor, settings, tools(settings, library, textarea))
  textarea.before(holder)
  holder.append(bar, sheet, element("footer", { className: "desk-foot" }, counts, notice), textarea)
  catchFiles(holder)
  holdBackSaving(editor, textarea.form, settings.words)
  holder.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && leaveFullScreen(editor)) event.preventDefault()
  })
  const ready = textarea.form?.elements.namedItem("figures_ready")
  if (ready) ready.value = String(countFigures(editor))
  showCounts(editor, textarea, counts, settings.words)
  followLanguage(editor, textarea)
  leadToBlocks(editor, textarea)
}

// Links of the checks lead to the block they speak of; the label leads into the text.
function leadToBlocks(editor, textarea) {
  for (const link of document.querySelectorAll(`a[href="#${textarea.id}"]`)) {
    link.addEventListener("click", (event) => {
      event.preventDefault()
      const block = link.dataset.block
      const target = block && editor.view.dom.querySelector(`[data-block="${block}"], [data-id="${block}"]`)
      ;(target || editor.view.dom).scrollIntoView({ block: "center" })
      editor.commands.focus(null, { scrollIntoView: false })
    })
  }
  document.querySelector(`label[for="${textarea.id}"]`)?.addEventListener("click", () => editor.commands.focus())
}

for (const textarea of document.querySelectorAll("textarea[data-body-editor]")) start(textarea)
