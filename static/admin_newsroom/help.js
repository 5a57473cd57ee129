// The list of keys: everything the editor does can be done without a mouse, and here it says how.
import { element, openDialog, shownKeys } from "newsroom/elements"
import { tableKeys } from "newsroom/tables"

const KEYS = [
  ["toolbar", "Alt+F10"],
  ["leaveText", "Alt+F10, Tab"],
  ["bold", "Ctrl+B"],
  ["italic", "Ctrl+I"],
  ["strike", "Ctrl+Shift+S"],
  ["subscripted", "Ctrl+,  Ctrl+."],
  ["subheads", "Ctrl+Alt+2  3  4"],
  ["paragraph", "Ctrl+Alt+0"],
  ["bullets", "Ctrl+Shift+8"],
  ["numbers", "Ctrl+Shift+7"],
  ["deeper", "Tab  Shift+Tab"],
  ["quote", "Ctrl+Shift+9"],
  ["cite", "Ctrl+Alt+9"],
  ["link", "Ctrl+K"],
  ["photo", "Ctrl+Alt+5"],
  ["toFigure", "Tab"],
  ["moveFigure", "Alt+↑  Alt+↓"],
  ["leaveFigure", "Esc"],
  ["cells", "Tab  Shift+Tab"],
  ...tableKeys,
  ["find", "Ctrl+F"],
  ["undo", "Ctrl+Z"],
  ["redo", "Ctrl+Y"],
  ["full", "Esc"],
]

export function openHelp(editor, words) {
  const list = element("dl", { className: "desk-keys" })
  for (const [name, keys] of KEYS) {
    const shown = element("dd")
    for (const key of keys.split("  ")) shown.append(element("kbd", { textContent: shownKeys(key) }), " ")
    list.append(element("dt", { textContent: words[`${name}Key`] ?? words[name] }), shown)
  }
  openDialog({ title: words.keys, close: words.close, content: [list], onClose: () => editor.view.focus() })
}
