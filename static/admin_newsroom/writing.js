// Around the text: its length, full screen, typography on demand, and its writing direction.
import { pm } from "django-prose-editor/editor"
import { debounced, fill, notify } from "newsroom/elements"
import { textOf } from "newsroom/find"
import { improvements } from "newsroom/typography"

const WORDS_A_MINUTE = 230

// Returns the words and characters of a text; words as the language parts them, where that is known.
export function count(text, language) {
  const letters = [...text.replace(/\s+/g, " ").trim()].length
  let words = 0
  try {
    const parts = new Intl.Segmenter(language || undefined, { granularity: "word" })
    for (const part of parts.segment(text)) words += part.isWordLike ? 1 : 0
  } catch {
    words = (text.match(/[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu) || []).length
  }
  return { words, characters: letters }
}

export function showCounts(editor, textarea, line, sentences) {
  const show = () => {
    const { doc, selection } = editor.state
    const { words, characters } = count(doc.textBetween(0, doc.content.size, "\n", "\n"), textarea.lang)
    const { words: selected } = count(doc.textBetween(selection.from, selection.to, "\n", "\n"), textarea.lang)
    const format = new Intl.NumberFormat(document.documentElement.lang || undefined)
    const minutes = Math.max(words ? 1 : 0, Math.round(words / WORDS_A_MINUTE))
    const whole = fill(sentences.counts, { words: format.format(words), characters: format.format(characters), minutes })
    const told = selected ? `${whole} · ${fill(sentences.selected, { n: format.format(selected) })}` : whole
    if (line.textContent !== told) line.textContent = told
  }
  show()
  editor.on("transaction", debounced(show, 800))
}

// Sets the signs of the story's language in the selection, or in the whole text; one step of undo.
export function setTypography(editor, textarea, words) {
  const { state } = editor
  const { from, to, empty } = state.selection
  const tr = pm.history.closeHistory(state.tr)
  const edits = []
  state.doc.descendants((node, position) => {
    if (!node.isTextblock) return true
    const inside = empty || state.selection.node || (position < to && position + node.nodeSize > from)
    if (!inside) return false
    for (const [start, end, text] of improvements(textOf(node), textarea.lang)) {
      edits.push([position + 1 + start, position + 1 + end, text])
    }
    return false
  })
  for (const [start, end, text] of edits.reverse()) tr.insertText(text, start, end)
  if (edits.length) editor.view.dispatch(tr)
  notify(editor, fill(words.typographyDone, { n: edits.length }), edits.length ? words.undo : "")
}

// Full screen: everything beside the editor is out of reach until Escape or the button.
export function toggleFullScreen(editor, pressed) {
  const holder = editor.view.dom.closest(".desk-editor")
  const full = holder.classList.toggle("desk-full")
  document.documentElement.classList.toggle("desk-full-page", full)
  for (let one = holder; one !== document.body && one; one = one.parentElement) {
    for (const beside of one.parentElement.children) {
      if (beside !== one && !["SCRIPT", "DIALOG"].includes(beside.tagName)) beside.inert = full
    }
  }
  pressed?.setAttribute("aria-pressed", String(full))
  editor.commands.focus()
}

export function leaveFullScreen(editor) {
  const holder = editor.view.dom.closest(".desk-editor")
  if (!holder.classList.contains("desk-full")) return false
  toggleFullScreen(editor, holder.querySelector('[data-tool="full"]'))
  return true
}

// The text runs in the direction of the language that the form says now.
export function followLanguage(editor, textarea) {
  const language = textarea.form?.elements.namedItem("language")
  language?.addEventListener("change", () => {
    const tag = language.value.trim()
    let direction = "ltr"
    try {
      const locale = new Intl.Locale(tag)
      direction = (locale.getTextInfo?.() ?? locale.textInfo)?.direction || "ltr"
    } catch {
      return // no language tag: the form says so when it is saved
    }
    for (const one of [textarea, editor.view.dom]) {
      one.lang = tag
      one.dir = direction
    }
  })
}
