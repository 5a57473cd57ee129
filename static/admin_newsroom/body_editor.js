// Turns the text area of a story into the editor. Everything the editor needs is imported here:
// if any part of it doesn't load, this module doesn't run and the text area stays as it is.
import {
  Blockquote,
  Bold,
  BulletList,
  Document,
  Dropcursor,
  Editor,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  Italic,
  ListItem,
  OrderedList,
  Paragraph,
  Strike,
  Subscript,
  Superscript,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  Text,
} from "django-prose-editor/editor"
import { Cite, storedBlocks } from "newsroom/blocks"
import { element } from "newsroom/elements"
import { Figure } from "newsroom/figure"
import { find, openFind } from "newsroom/find"
import { openLinks, storyLinks } from "newsroom/links"
import { Paste } from "newsroom/paste"
import { Library, Photos, insertPhoto, openPicker, replacePhoto } from "newsroom/photos"
import { ToolbarKeys, addToolbar } from "newsroom/toolbar"
import { followLanguage, leaveFullScreen, setTypography, showCounts, toggleFullScreen } from "newsroom/writing"

function extensions(settings, library, replace) {
  const { words, layouts } = settings
  return [
    Document,
    Text,
    Paragraph,
    HardBreak,
    Heading.configure({ levels: settings.levels }),
    Blockquote,
    BulletList,
    OrderedList.configure({ enableListAttributes: false }),
    ListItem,
    Table.configure({ resizable: false }),
    TableRow,
    TableHeader,
    TableCell,
    Bold,
    Italic,
    Strike,
    Subscript,
    Superscript,
    storyLinks(settings),
    Cite,
    Figure.configure({ library, layouts, words, replace }),
    Photos.configure({ library }),
    storedBlocks(settings.identified),
    Paste,
    find(settings),
    ToolbarKeys,
    History,
    Dropcursor,
    Gapcursor,
  ]
}

// The tools of the bar that aren't simple commands of the text.
function tools(settings, library, textarea) {
  const { words, addresses } = settings
  const photo = {
    name: "photo",
    icon: "add_photo_alternate",
    act: (editor) => openPicker(editor, library, (chosen) => insertPhoto(editor, chosen)),
  }
  return {
    insert: [
      { name: "link", icon: "insert_link", keys: "Ctrl+K", act: (editor) => openLinks(editor, settings), on: (editor) => editor.isActive("link") },
      ...(addresses.picker ? [photo] : []),
    ],
    writing: [
      { name: "typography", icon: "text_format", act: (editor) => setTypography(editor, textarea, words) },
      { name: "find", icon: "find_replace", keys: "Ctrl+F", act: (editor) => openFind(editor, settings) },
      { name: "full", icon: "fullscreen", act: toggleFullScreen },
    ],
  }
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
  const holder = element("div", { className: "prose-editor desk-editor" })
  const sheet = element("div", { className: "desk-sheet" })
  const notice = element("p", { className: "desk-notice", role: "status" })
  const counts = element("p", { className: "desk-counts", "aria-live": "polite" })
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
      textarea.value = editor.isEmpty ? "" : editor.getHTML()
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  textarea.before(holder)
  holder.append(addToolbar(editor, settings, tools(settings, library, textarea)), sheet, element("footer", { className: "desk-foot" }, counts, notice), textarea)
  holder.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && leaveFullScreen(editor)) event.preventDefault()
  })
  const ready = textarea.form?.elements.namedItem("figures_ready")
  if (ready) ready.value = String(countFigures(editor))
  showCounts(editor, textarea, counts, settings.words.counts)
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
