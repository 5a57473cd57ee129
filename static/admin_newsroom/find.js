// Find and replace in the text: matches are marked, never changed, until a replacement is asked for.
// "Replace all" is one step of undo.
import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { button, element, field, fill, notify } from "newsroom/elements"

const { closeHistory } = pm.history
const { PluginKey, TextSelection } = pm.state
const { Decoration, DecorationSet } = pm.view
const key = new PluginKey("find")
const LIMIT = 5000
const NOTHING = { pattern: null, found: [], at: -1 }

// A paragraph's text with one letter a position, so that offsets are places in the document.
export function textOf(block) {
  return block.textBetween(0, block.content.size, undefined, "\ufffc")
}

function search(doc, pattern) {
  const found = []
  if (!pattern) return found
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true
    for (const match of textOf(node).matchAll(pattern)) {
      if (found.length === LIMIT) break
      const from = position + 1 + match.index
      found.push({ from, to: from + match[0].length })
    }
    return false
  })
  return found
}

function patternOf(what, matchCase) {
  if (!what) return null
  const letters = what.normalize("NFC").replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")
  return new RegExp(letters.replace(/ /g, "[ \\u00a0\\u202f]"), matchCase ? "gu" : "giu")
}

function findPlugin() {
  return new Plugin({
    key,
    state: {
      init: () => NOTHING,
      apply(tr, old) {
        const asked = tr.getMeta(key)
        if (asked && "at" in asked) return { ...old, at: asked.at }
        const pattern = asked ? asked.pattern : old.pattern
        if (!asked && !tr.docChanged) return old
        const found = search(tr.doc, pattern)
        return { pattern, found, at: Math.min(asked ? -1 : old.at, found.length - 1) }
      },
    },
    props: {
      decorations(state) {
        const { found, at } = key.getState(state)
        if (!found.length) return null
        const marks = found.map(({ from, to }, index) =>
          Decoration.inline(from, to, { class: index === at ? "desk-found desk-found-now" : "desk-found" }),
        )
        return DecorationSet.create(state.doc, marks)
      },
    },
  })
}

function step(editor, by) {
  const { found, at } = key.getState(editor.state)
  if (!found.length) return
  const { from } = editor.state.selection
  const here = at < 0 ? found.findIndex((one) => one.from >= from) : at + by
  const next = at < 0 && here < 0 ? 0 : (here + found.length) % found.length
  const { tr } = editor.state
  tr.setMeta(key, { at: next }).setSelection(TextSelection.create(tr.doc, found[next].from, found[next].to))
  editor.view.dispatch(tr.scrollIntoView())
}

function write(tr, { from, to }, text) {
  if (text) tr.insertText(text, from, to)
  else tr.delete(from, to)
}

function replaceOne(editor, text) {
  const { found, at } = key.getState(editor.state)
  if (at < 0) return step(editor, 1)
  const { tr } = editor.state
  write(tr, found[at], text)
  tr.setSelection(TextSelection.create(tr.doc, found[at].from + text.length))
  editor.view.dispatch(tr)
  const after = found[at].from + text.length
  const left = key.getState(editor.state).found.findIndex((one) => one.from >= after)
  editor.view.dispatch(editor.state.tr.setMeta(key, { at: left < 0 ? -1 : left - 1 }))
  if (key.getState(editor.state).found.length) step(editor, 1)
}

function replaceAll(editor, text) {
  const { pattern } = key.getState(editor.state)
  let count = 0
  const tr = closeHistory(editor.state.tr)
  for (const one of search(editor.state.doc, pattern).reverse()) {
    write(tr, one, text)
    count += 1
  }
  if (count) editor.view.dispatch(tr)
  return count
}

export function openFind(editor, settings) {
  const { words } = settings
  const holder = editor.view.dom.closest(".desk-editor")
  const open = holder.querySelector(".desk-find")
  if (open) {
    open.querySelector("input").select()
    return
  }
  const { from, to } = editor.state.selection
  const what = field(words.findWhat, { value: editor.state.doc.textBetween(from, to, " ").slice(0, 200) })
  const by = field(words.replaceWith)
  const exact = element("input", { type: "checkbox" })
  const count = element("span", { className: "desk-find-count", role: "status" })
  const show = () => {
    const { found, at } = key.getState(editor.state)
    count.textContent = found.length ? fill(words.matches, { at: at + 1, n: found.length }) : what.input.value ? words.noMatches : ""
  }
  const look = () => {
    editor.view.dispatch(editor.state.tr.setMeta(key, { pattern: patternOf(what.input.value, exact.checked) }))
  }
  const close = () => {
    editor.off("transaction", show)
    panel.remove()
    editor.view.dispatch(editor.state.tr.setMeta(key, { pattern: null }))
    editor.view.focus()
  }
  const panel = element(
    "div",
    { className: "desk-find", role: "search", "aria-label": words.find },
    what.row,
    by.row,
    element("label", { className: "desk-find-case" }, exact, ` ${words.matchCase}`),
    button(words.previous, () => step(editor, -1)),
    button(words.next, () => step(editor, 1)),
    button(words.replaceOne, () => replaceOne(editor, by.input.value)),
    button(words.replaceAll, () => {
      const n = replaceAll(editor, by.input.value)
      notify(editor, fill(words.replaced, { n }), n ? words.undo : "")
    }),
    count,
    button("×", close, { "aria-label": words.close }),
  )
  for (const name of ["input", "change"]) panel.addEventListener(name, (event) => event.stopPropagation())
  what.input.addEventListener("input", look)
  exact.addEventListener("change", look)
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation()
      close()
    } else if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault()
      if (event.target === by.input) replaceOne(editor, by.input.value)
      else step(editor, event.shiftKey ? -1 : 1)
    }
  })
  editor.on("transaction", show)
  holder.querySelector(".desk-toolbar").after(panel)
  what.input.select()
  look()
}

export const find = (settings) =>
  Extension.create({
    name: "find",
    addProseMirrorPlugins: () => [findPlugin()],
    addKeyboardShortcuts() {
      return {
        "Mod-f": ({ editor }) => {
          openFind(editor, settings)
          return true
        },
      }
    },
  })
