// Blocks as they are stored: what may stand in what, and which attributes there are. The editor
// writes these and nothing else, so that a save changes nothing the writer has seen.
import {
  Blockquote,
  Extension,
  ListItem,
  Mark,
  OrderedList,
  TableCell,
  TableHeader,
  pm,
} from "django-prose-editor/editor"

const NODES = {
  p: ["paragraph"],
  h2: ["heading"],
  blockquote: ["blockquote"],
  ul: ["bulletList"],
  ol: ["orderedList"],
  table: ["table"],
}

// An attribute that stays with its block and is not copied when the block is split.
const kept = (name) => ({
  default: null,
  keepOnSplit: false,
  parseHTML: (element) => element.getAttribute(name),
  renderHTML: (attributes) => (attributes[name] ? { [name]: attributes[name] } : {}),
})

export const storedBlocks = (vocabulary) =>
  Extension.create({
    name: "storedBlocks",
    addGlobalAttributes() {
      const named = (attribute) =>
        Object.keys(NODES).flatMap((tag) => (vocabulary[tag]?.includes(attribute) ? NODES[tag] : []))
      return ["data-id", "data-note"].map((name) => ({ types: named(name), attributes: { [name]: kept(name) } }))
    },
  })

export const Quote = Blockquote.extend({
  content: "paragraph+",
  addKeyboardShortcuts() {
    return { "Mod-Shift-9": ({ editor }) => editor.commands.toggleBlockquote() }
  },
})
export const Item = ListItem.extend({ content: "paragraph (bulletList | orderedList)*" })
// Neither a first number nor a kind of numbers is stored.
export const Numbers = OrderedList.extend({ addAttributes: () => ({}), addNodeView: null })

// Cells span nothing: a pasted table is laid out before (paste.js). The table's own code asks for
// the spans, so they are there, and always one.
const SPANS = { colspan: 1, rowspan: 1, colwidth: null }
const unspanned = () =>
  Object.fromEntries(
    Object.entries(SPANS).map(([name, value]) => [name, { default: value, rendered: false, parseHTML: () => value }]),
  )
const inCell = (editor) => {
  const { $from } = editor.state.selection
  return $from.depth > 0 && /^table(Cell|Header)$/.test($from.node(-1)?.type.name)
}

export const Cell = TableCell.extend({
  content: "paragraph",
  addAttributes: unspanned,
  addKeyboardShortcuts() {
    return { Enter: ({ editor }) => inCell(editor) && editor.commands.setHardBreak() }
  },
})
export const HeaderCell = TableHeader.extend({ content: "paragraph", addAttributes: unspanned })

// In a quote: the line that says who is quoted, the last one.
export const Cite = Mark.create({
  name: "cite",
  excludes: "_",
  parseHTML: () => [{ tag: "cite" }],
  renderHTML: () => ["cite", 0],
  addCommands: () => ({ citeLine }),
  addKeyboardShortcuts() {
    return { "Mod-Alt-9": ({ editor }) => editor.commands.citeLine() }
  },
})

// Makes the paragraph the cursor is in that line, or plain again. Below a quote of one paragraph a
// line is added for it.
const citeLine =
  () =>
  ({ state, tr, dispatch }) => {
    const { $from } = state.selection
    const type = state.schema.marks.cite
    if ($from.depth < 2 || $from.node(-1).type.name !== "blockquote") return false
    if (!dispatch) return true
    const [start, end] = [$from.start(), $from.end()]
    if (state.doc.rangeHasMark(start, end, type)) tr.removeMark(start, end, type)
    else if ($from.node(-1).childCount === 1 && start < end) {
      tr.insert($from.after(), state.schema.nodes.paragraph.create())
      tr.setSelection(pm.state.TextSelection.create(tr.doc, $from.after() + 1)).addStoredMark(type.create())
    } else if (start < end) tr.addMark(start, end, type.create())
    else tr.addStoredMark(type.create())
    tr.scrollIntoView()
    return true
  }
