// Blocks as they are stored: ids and notes stay with their block, a quote says who is quoted.
import { Extension, Mark } from "django-prose-editor/editor"

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

export const storedBlocks = (identified) =>
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

// In a quote: the paragraph becomes the line that says who is quoted, or stops being it.
export const Cite = Mark.create({
  name: "cite",
  excludes: "_",
  parseHTML: () => [{ tag: "cite" }],
  renderHTML: () => ["cite", 0],
  addCommands() {
    return {
      citeLine:
        () =>
        ({ state, tr, dispatch }) => {
          const { $from, empty } = state.selection
          const type = state.schema.marks.cite
          if (!$from.parent.type.allowsMarkType(type)) return false
          if (!dispatch) return true
          const [from, to] = empty ? [$from.start(), $from.end()] : [state.selection.from, state.selection.to]
          if (from === to) tr.addStoredMark(type.create())
          else if (state.doc.rangeHasMark(from, to, type)) tr.removeMark(from, to, type)
          else tr.addMark(from, to, type.create())
          return true
        },
    }
  },
})
