// The toolbar: a list for the kind of paragraph, then buttons that one Tab stop and the arrow keys
// reach. Alt+F10 leads into it from the text, Escape back.
import { Extension } from "django-prose-editor/editor"
import { element } from "newsroom/elements"

// Each group: [name, icon, does, options]; `on` tells whether it is pressed, `may` whether it can be.
function groups(words, tools) {
  const simple = (name, icon, command, mark) => ({
    name,
    icon,
    act: (editor) => editor.chain().focus()[command]().run(),
    on: mark && ((editor) => editor.isActive(mark)),
    may: (editor) => editor.can()[command](),
  })
  const inTable = (name, icon, command) => ({
    ...simple(name, icon, command),
    may: undefined,
    hidden: (editor) => !editor.isActive("table"),
  })
  return [
    [
      simple("bold", "format_bold", "toggleBold", "bold"),
      simple("italic", "format_italic", "toggleItalic", "italic"),
      simple("strike", "strikethrough_s", "toggleStrike", "strike"),
      simple("sub", "subscript", "toggleSubscript", "subscript"),
      simple("sup", "superscript", "toggleSuperscript", "superscript"),
    ],
    [
      simple("bullets", "format_list_bulleted", "toggleBulletList", "bulletList"),
      simple("numbers", "format_list_numbered", "toggleOrderedList", "orderedList"),
      simple("quote", "format_quote", "toggleBlockquote", "blockquote"),
      { ...simple("cite", "person", "citeLine", "cite"), hidden: (editor) => !editor.isActive("blockquote") },
    ],
    [...(tools.insert || [])],
    [
      {
        name: "table",
        icon: "grid_on",
        act: (editor) => {
          const at = editor.state.selection.to // behind what is selected, not in its place
          editor.chain().focus().setTextSelection(at).insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run()
        },
        hidden: (editor) => editor.isActive("table"),
        may: (editor) => editor.can().insertTable({ rows: 3, cols: 3 }),
      },
      inTable("rowAfter", "add_row_below", "addRowAfter"),
      inTable("rowGone", "row_remove", "deleteRow"),
      inTable("columnAfter", "add_column_right", "addColumnAfter"),
      inTable("columnGone", "column_remove", "deleteColumn"),
      inTable("headerRow", "table_header", "toggleHeaderRow"),
      inTable("tableGone", "table_remove", "deleteTable"),
    ],
    [...(tools.writing || [])],
    [simple("undo", "undo", "undo"), simple("redo", "redo", "redo")],
  ]
}

// Signs the icon font has no glyph for.
const DRAWN = {
  add_row_below: "+↓",
  row_remove: "−↔",
  add_column_right: "+→",
  column_remove: "−↕",
  table_header: "▀",
  table_remove: "⊠",
}

function kinds(settings) {
  const { words } = settings
  return [
    ["paragraph", words.paragraph],
    ...settings.levels.map((level) => [`h${level}`, words[`subhead${level}`]]),
    ...settings.notes.map(([kind, label]) => [`note:${kind}`, words.note.replace("{name}", label)]),
  ]
}

function kindOf(editor) {
  if (editor.isActive("heading")) return `h${editor.getAttributes("heading").level}`
  const note = editor.isActive("paragraph") && editor.getAttributes("paragraph")["data-note"]
  return note ? `note:${note}` : "paragraph"
}

function setKind(editor, kind) {
  const note = kind.startsWith("note:") ? kind.slice(5) : null
  const chain = editor.chain()
  if (/^h\d$/.test(kind)) chain.setHeading({ level: Number(kind[1]) })
  else chain.setParagraph().updateAttributes("paragraph", { "data-note": note })
  chain.run()
}

function kindList(editor, settings) {
  const list = element("select", { className: "desk-kind", "aria-label": settings.words.block })
  list.append(...kinds(settings).map(([value, label]) => element("option", { value, textContent: label })))
  let pointed = false
  list.addEventListener("pointerdown", () => {
    pointed = true
  })
  list.addEventListener("keydown", () => {
    pointed = false
  })
  list.addEventListener("change", (event) => {
    event.stopPropagation()
    setKind(editor, list.value)
    if (pointed) editor.commands.focus()
  })
  return list
}

function toolButton(editor, tool, words) {
  const drawn = DRAWN[tool.icon]
  const made = element("button", {
    type: "button",
    className: `prose-menubar__button ${drawn ? "desk-drawn" : "material-icons"}`,
    textContent: drawn || tool.icon,
    title: tool.keys ? `${words[tool.name]} (${tool.keys})` : words[tool.name],
    "aria-label": words[tool.name],
    tabIndex: -1,
  })
  made.dataset.tool = tool.name
  made.addEventListener("click", () => {
    if (made.getAttribute("aria-disabled") !== "true") tool.act(editor, made)
  })
  return made
}

function roving(bar) {
  const open = () => [...bar.querySelectorAll("button")].filter((one) => !one.hidden)
  const settle = (chosen) => {
    for (const one of bar.querySelectorAll("button")) one.tabIndex = one === chosen ? 0 : -1
  }
  bar.addEventListener("focusin", (event) => settle(event.target))
  bar.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const all = open()
    const turned = getComputedStyle(bar).direction === "rtl" && Number.isFinite(step) ? -step : step
    const at = all.indexOf(document.activeElement) + turned
    const next = Number.isFinite(at) ? (at + all.length) % all.length : at < 0 ? 0 : all.length - 1
    all[next].focus()
  })
  return () => {
    const all = open()
    if (!all.some((one) => one.tabIndex === 0)) settle(all[0])
  }
}

export function addToolbar(editor, settings, tools) {
  const { words } = settings
  const list = kindList(editor, settings)
  const bar = element("div", { className: "desk-tools", role: "toolbar", "aria-label": words.toolbar })
  const made = []
  for (const group of groups(words, tools)) {
    if (!group.length) continue
    const holder = element("div", { className: "prose-menubar__group" })
    for (const tool of group) {
      const one = toolButton(editor, tool, words)
      made.push([tool, one])
      holder.append(one)
    }
    bar.append(holder)
  }
  const settle = roving(bar)
  const show = () => {
    list.value = kindOf(editor)
    for (const [tool, one] of made) {
      one.hidden = Boolean(tool.hidden?.(editor))
      const on = Boolean(tool.on?.(editor))
      one.classList.toggle("active", on)
      if (tool.on) one.setAttribute("aria-pressed", String(on))
      const may = !tool.may || tool.may(editor)
      one.classList.toggle("disabled", !may)
      one.setAttribute("aria-disabled", String(!may))
    }
    settle()
  }
  let waiting = 0
  editor.on("transaction", () => {
    cancelAnimationFrame(waiting)
    waiting = requestAnimationFrame(show)
  })
  const whole = element("div", { className: "prose-menubar desk-toolbar" }, list, bar)
  whole.addEventListener("keydown", (event) => {
    if (event.key === "Escape") editor.commands.focus()
  })
  show()
  return whole
}

export const ToolbarKeys = Extension.create({
  name: "toolbarKeys",
  addKeyboardShortcuts() {
    return {
      "Alt-F10": ({ editor }) => {
        editor.view.dom.closest(".desk-editor")?.querySelector('.desk-tools button[tabindex="0"]')?.focus()
        return true
      },
    }
  },
})
