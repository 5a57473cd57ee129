// Turns the text area of a story into the editor. Everything the editor needs is imported here:
// if any part of it doesn't load, this module doesn't run and the text area stays as it is.
import {
  Blockquote,
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
  Link,
  ListItem,
  Mark,
  Menu,
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
import { Figure } from "newsroom/figure"

const NODES = {
  p: ["paragraph"],
  h2: ["heading"],
  blockquote: ["blockquote"],
  ul: ["bulletList"],
  ol: ["orderedList"],
  table: ["table"],
}
const MENU = [
  { group: "blockType -lists", type: "dropdown", minItems: 2 },
  { group: "lists" },
  { group: "quote" },
  { group: "marks" },
  { group: "link" },
  { group: "table" },
  { group: "history" },
]

// An attribute that stays with its block and is not copied when the block is split.
const kept = (name) => ({
  default: null,
  keepOnSplit: false,
  parseHTML: (element) => element.getAttribute(name),
  renderHTML: (attributes) => (attributes[name] ? { [name]: attributes[name] } : {}),
})

const blocks = (identified) =>
  Extension.create({
    name: "storedBlocks",
    addGlobalAttributes() {
      const types = identified.flatMap((tag) => NODES[tag] || [])
      return [
        { types, attributes: { "data-id": kept("data-id") } },
        { types: ["paragraph"], attributes: { "data-note": kept("data-note") } },
      ]
    },
  })

const cite = (label) =>
  Mark.create({
    name: "cite",
    excludes: "_",
    parseHTML: () => [{ tag: "cite" }],
    renderHTML: () => ["cite", 0],
    addMenuItems({ menu, buttons }) {
      const quote = {
        groups: "quote",
        active: (editor) => editor.isActive("blockquote"),
        command: (editor) => editor.chain().focus().toggleBlockquote().run(),
        enabled: (editor) => editor.can().toggleBlockquote(),
        button: buttons.material("format_quote", "blockquote"),
      }
      menu.defineItem({ name: "quote", priority: 110, ...quote })
      menu.defineItem({
        name: "cite",
        groups: "quote",
        hidden: (editor) => !editor.isActive("blockquote"),
        active: (editor) => editor.isActive("cite"),
        command: (editor) => editor.chain().focus().toggleMark("cite").run(),
        button: buttons.material("person", label),
      })
    },
  })

function extensions(settings, photos) {
  const { words, layouts, describe } = settings
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
    Link.configure({ enableTarget: false, autolink: false, protocols: settings.schemes }),
    cite(words.cite),
    Figure.configure({ photos, layouts, words, describe }),
    blocks(settings.identified),
    History,
    Dropcursor,
    Gapcursor,
    Menu.configure({ groups: MENU }),
  ]
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
  const photos = JSON.parse(textarea.dataset.photos)
  const holder = document.createElement("div")
  holder.className = "prose-editor desk-editor"
  textarea.before(holder)
  const editor = new Editor({
    element: holder,
    extensions: extensions(settings, photos),
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
  holder.append(textarea)
  const toolbar = holder.querySelector(".prose-menubar")
  toolbar?.setAttribute("role", "toolbar")
  toolbar?.setAttribute("aria-label", settings.words.toolbar)
  const ready = textarea.form?.elements.namedItem("figures_ready")
  if (ready) ready.value = String(countFigures(editor))
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
