// Rows and columns of tables: the tools of the bar and their keys, which work inside a table only.
import { Extension } from "django-prose-editor/editor"

// Each: name (also of the words and the sign), command, key. Left and right are those of the text.
const TOOLS = [
  ["rowBefore", "addRowBefore", "Alt+Shift+↑"],
  ["rowAfter", "addRowAfter", "Alt+Shift+↓"],
  ["rowGone", "deleteRow", "Alt+Shift+Backspace"],
  ["columnBefore", "addColumnBefore", "Alt+Shift+←"],
  ["columnAfter", "addColumnAfter", "Alt+Shift+→"],
  ["columnGone", "deleteColumn", "Alt+Shift+Delete"],
  ["headerRow", "toggleHeaderRow", ""],
  ["tableGone", "deleteTable", ""],
]

const inTable = (editor) => editor.isActive("table")

export const tableKeys = TOOLS.filter(([, , keys]) => keys).map(([name, , keys]) => [name, keys])

export function tableTools() {
  const insert = {
    name: "table",
    act: (editor) => {
      const at = editor.state.selection.$to.end() // behind the paragraph: a table tears no sentence
      editor.chain().focus().setTextSelection(at).insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run()
    },
    hidden: inTable,
    may: (editor) => editor.can().insertTable({ rows: 3, cols: 3 }),
  }
  const changes = TOOLS.map(([name, command, keys]) => ({
    name,
    keys,
    act: (editor) => {
      editor.view.focus()
      editor.commands[command]()
    },
    hidden: (editor) => !inTable(editor),
  }))
  return [insert, ...changes]
}

export const TableKeys = Extension.create({
  name: "tableKeys",
  addKeyboardShortcuts() {
    const does = (command) => () => inTable(this.editor) && this.editor.commands[command]()
    const across = (ahead, behind) => () =>
      inTable(this.editor) && this.editor.commands[getComputedStyle(this.editor.view.dom).direction === "rtl" ? behind : ahead]()
    return {
      "Alt-Shift-ArrowUp": does("addRowBefore"),
      "Alt-Shift-ArrowDown": does("addRowAfter"),
      "Alt-Shift-ArrowLeft": across("addColumnBefore", "addColumnAfter"),
      "Alt-Shift-ArrowRight": across("addColumnAfter", "addColumnBefore"),
      "Alt-Shift-Backspace": does("deleteRow"),
      "Alt-Shift-Delete": does("deleteColumn"),
    }
  },
})
