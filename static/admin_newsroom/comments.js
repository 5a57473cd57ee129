// Comments beside the text: they take the selected words, lead to their words, and are sent without
// leaving the page. Without this script they are ordinary forms.

const FIELDS = ["headline", "standfirst", "kicker", "dateline"]
const LONGEST_QUOTE = 1000
const BLOCKS = "[data-id], [data-block]"

const box = () => document.getElementById("desk-comments")
const editor = () => document.querySelector(".desk-editor .ProseMirror")
const field = (name) => document.getElementById(`id_${name}`)

// A block's plain text as the server counts it, and the text nodes it is made of.
function textOf(block) {
  const skipped = ".desk-figure-tools, .desk-figure-picture, cite"
  const nodes = []
  let text = ""
  let last = null
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(skipped)) continue
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.tagName === "BR" && !node.classList.contains("ProseMirror-trailingBreak")) text += "\n"
      continue
    }
    const part = node.parentElement.closest("p, h2, h3, h4, th, td, figcaption")
    if (last && part !== last) text += "\n"
    last = part
    nodes.push({ node, start: text.length })
    text += node.data
  }
  return { text, nodes }
}

function nearest(text, words, start) {
  let found = -1
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (found < 0 || Math.abs(at - start) < Math.abs(found - start)) found = at
  }
  return found
}

function rangeIn(block, words, start) {
  const { text, nodes } = textOf(block)
  const from = nearest(text, words, start)
  if (from < 0) return null
  const to = from + words.length
  const first = nodes.findLast((one) => one.start <= from)
  const end = nodes.findLast((one) => one.start < to)
  if (!first || !end) return null
  const range = document.createRange()
  range.setStart(first.node, Math.min(from - first.start, first.node.length))
  range.setEnd(end.node, Math.min(to - end.start, end.node.length))
  return range
}

// Where a comment's words stand on this page: in a field, or as a range of the text.
function find({ quote, where, start }) {
  const at = Number(start)
  for (const name of [where, ...FIELDS]) {
    const input = FIELDS.includes(name) ? field(name) : null
    const from = input ? nearest(input.value, quote, at) : -1
    if (from >= 0) return { input, from, to: from + quote.length }
    if (name === where) {
      const block = where && !input && editor()?.querySelector(`[data-id="${CSS.escape(where)}"], [data-block="${CSS.escape(where)}"]`)
      const range = block && rangeIn(block, quote, at)
      if (range) return { range }
    }
  }
  for (const block of editor()?.children ?? []) {
    const range = rangeIn(block, quote, 0)
    if (range) return { range }
  }
  return null
}

function highlight(name, ranges) {
  if (!CSS.highlights || !window.Highlight) return
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges))
  else CSS.highlights.delete(name)
}

const threads = () => [...box().querySelectorAll(".desk-thread[data-quote]")]

function markAll() {
  if (!box()) return
  const open = threads().filter((thread) => !thread.closest("details"))
  highlight("desk-commented", open.map((thread) => find(thread.dataset)?.range).filter(Boolean))
}

// Leads from a comment to its words and marks them; the keyboard's place moves along.
function show(thread) {
  const found = find(thread.dataset)
  box().querySelector(".desk-comment-told").textContent = found ? "" : box().dataset.gone
  highlight("desk-comment-shown", found?.range ? [found.range] : [])
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches
  const calm = { block: "center", behavior: quiet ? "auto" : "smooth" }
  if (found?.input) {
    found.input.scrollIntoView(calm)
    found.input.focus({ preventScroll: true })
    found.input.setSelectionRange(found.from, found.to)
  } else if (found) {
    found.range.startContainer.parentElement.scrollIntoView(calm)
  }
}

// The words that were selected last, in the text or in a field of the head.
let chosen = null

function selectionInText() {
  const selection = document.getSelection()
  const root = editor()
  if (!root || !selection.rangeCount || !root.contains(selection.anchorNode)) return undefined
  const range = selection.getRangeAt(0)
  if (range.collapsed) return null
  let block = range.startContainer
  while (block !== root && block.parentNode !== root) block = block.parentNode
  if (block === root) return null
  // Of a selection over several paragraphs those words count that stand in the first.
  const { text, nodes } = textOf(block)
  const touched = nodes.filter(({ node }) => range.intersectsNode(node))
  if (!touched.length) return null
  const offset = ({ node, start }, container, at, otherwise) => start + (container === node ? at : otherwise)
  const first = touched[0]
  const last = touched.at(-1)
  const from = offset(first, range.startContainer, range.startOffset, 0)
  const to = offset(last, range.endContainer, range.endOffset, last.node.length)
  return words(text, from, to, block.dataset.id || block.dataset.block || block.querySelector(BLOCKS)?.dataset.id || "")
}

function words(text, from, to, where) {
  const cut = text.slice(from, to)
  const quote = cut.trim().slice(0, LONGEST_QUOTE)
  return quote ? { quote, where, start: [...text.slice(0, from + cut.length - cut.trimStart().length)].length } : null
}

document.addEventListener("selectionchange", () => {
  const active = document.activeElement
  const name = FIELDS.find((one) => active === field(one))
  if (name) chosen = words(active.value, active.selectionStart, active.selectionEnd, name)
  else {
    const found = selectionInText()
    if (found !== undefined && (found || editor().contains(active))) chosen = found
  }
})

function take(values) {
  const form = box().querySelector(".desk-comment-new")
  for (const name of ["quote", "where", "start"]) form.querySelector(`[name="${name}"]`).value = values ? values[name] : ""
  const shown = form.querySelector(".desk-comment-quote")
  shown.textContent = values ? values.quote : ""
  shown.hidden = !values
  form.querySelector(".desk-comment-whole").hidden = !values
}

function commentOnSelection() {
  const told = box().querySelector(".desk-comment-told")
  told.textContent = chosen ? "" : told.dataset.none
  if (!chosen) return
  take(chosen)
  box().querySelector("#comment-text-new").focus()
}

// Sends a comment's form and shows the box as it is then; the text beside it stays as it was typed.
// Throws when the server didn't take it.
async function send(form, submitter) {
  const address = submitter?.getAttribute("formaction") || form.action
  const typed = new FormData(form)
  const answer = await fetch(address, { method: "POST", body: typed, redirect: "manual" })
  if (answer.type !== "opaqueredirect") throw new Error("refused")
  const others = [...box().querySelectorAll("textarea")].filter((one) => one.form !== form && one.value)
  const page = await refreshed(form)
  const told = [...page.querySelectorAll(".messagelist li")]
  for (const one of others) restore(one.id, one.value)
  if (told.some((one) => one.classList.contains("error"))) {
    for (const [name, value] of typed) if (name !== "csrfmiddlewaretoken") restore(name, value, form.id)
  }
  box().querySelector(".desk-comment-told").textContent = told.map((one) => one.textContent.trim()).join(" ")
  const place = document.getElementById(`comment-${typed.get("parent")}`) || document.getElementById("comment-text-new")
  place?.focus({ preventScroll: true })
}

// Fetches the comments' own page and puts its box in the place of this one.
async function refreshed(form) {
  const from = form.elements.namedItem("from").value
  const answer = await fetch(form.action)
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const [fresh, forms] = ["desk-comments", "desk-comment-forms"].map((id) => page.getElementById(id))
  if (!fresh || !forms) throw new Error("signed out")
  for (const hidden of forms.querySelectorAll('[name="from"]')) hidden.value = from
  document.getElementById("desk-comment-forms").replaceWith(document.importNode(forms, true))
  box().replaceWith(document.importNode(fresh, true))
  prepare()
  return page
}

function restore(name, value, formId = "") {
  const found = formId ? document.getElementById(formId)?.elements.namedItem(name) : document.getElementById(name)
  if (found) found.value = value
  const opened = found?.closest("details")
  if (opened) opened.open = true
}

document.addEventListener("submit", (event) => {
  const form = event.target
  if (!form.closest("#desk-comment-forms")) return
  event.preventDefault()
  const line = box().querySelector(".desk-comment-told")
  send(form, event.submitter).catch(() => {
    line.textContent = line.dataset.failed // and all that was typed is still here
  })
})

function prepare() {
  // What is typed here is no change of the article.
  for (const name of ["input", "change"]) box().addEventListener(name, (event) => event.stopPropagation())
  const select = box().querySelector(".desk-comment-select")
  if (select && (editor() || field("headline"))) {
    select.hidden = false
    select.addEventListener("pointerdown", (event) => event.preventDefault())
    select.addEventListener("click", commentOnSelection)
  }
  box().querySelector(".desk-comment-whole")?.addEventListener("click", () => take(null))
  for (const thread of threads()) {
    const quote = thread.querySelector(".desk-comment-words")
    const lead = document.createElement("button")
    lead.type = "button"
    lead.className = "desk-comment-words"
    lead.textContent = quote.textContent
    lead.addEventListener("click", () => show(thread))
    if (editor() || field("headline")) quote.replaceWith(lead)
  }
  markAll()
}

function start() {
  if (!box()) return
  prepare()
  let timer = 0
  const again = () => {
    clearTimeout(timer)
    timer = setTimeout(markAll, 400)
  }
  const root = editor()
  if (root) new MutationObserver(again).observe(root, { childList: true, characterData: true, subtree: true })
}

// The editor is a module of its own and may come a moment later.
function whenReady(tries) {
  const wanted = document.querySelector("textarea[data-body-editor]")
  if (!wanted || editor() || tries === 0) start()
  else setTimeout(() => whenReady(tries - 1), 100)
}
whenReady(30)
