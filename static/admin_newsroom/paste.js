// Pasted text: what Word, Google Docs, mail and web pages mean by their markup becomes ours; the rest
// of the markup goes, the words stay. The server cleans again: here it is decided what is kept.
import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { fill, notify } from "newsroom/elements"

const { DOMParser: SchemaParser, Fragment, Slice } = pm.model

const GONE =
  "script, style, meta, link, title, template, noscript, iframe, object, embed, svg, video, audio, canvas, input, button, select, textarea"
const PICTURES = "img, picture"
const BLOCKS = "p, div, li, td, th, h1, h2, h3, h4, h5, h6, blockquote, section, article"

function renamed(node, tag) {
  const made = node.ownerDocument.createElement(tag)
  made.append(...node.childNodes)
  node.replaceWith(made)
  return made
}

function unwrap(node) {
  node.replaceWith(...node.childNodes)
}

const styleOf = (node) => node.getAttribute("style") || ""

// Word: comments, footnotes and struck changes are no part of the text.
function wordRest(body) {
  const parts = "[style*='mso-element:comment-list'], [style*='mso-element:footnote-list'], [style*='mso-element:endnote-list']"
  const marks = ".MsoCommentReference, .MsoFootnoteReference, .MsoEndnoteReference, .msoDel, [style*='mso-footnote-id'], [style*='mso-endnote-id'], [style*='mso-hide:all']"
  for (const one of body.querySelectorAll(`${parts}, ${marks}`)) one.remove()
}

// Word writes lists as paragraphs with their sign as text: list and level stand in the style.
function wordLists(body) {
  let open = [] // lists from the outermost
  let last = null // the outermost list, as long as its paragraphs follow each other
  let of = ""
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const [, list, level] = /mso-list:\s*(l\d+)\s+level(\d)/i.exec(styleOf(paragraph)) || []
    if (!level) continue
    const sign = [...paragraph.querySelectorAll("[style]")].find((one) => /mso-list:\s*ignore/i.test(styleOf(one)))
    const tag = /^\(?[0-9a-z]{1,4}[.)]/i.test(sign?.textContent.trim() || "") ? "ol" : "ul"
    sign?.remove()
    const { ownerDocument } = paragraph
    if (paragraph.previousElementSibling !== last || (Number(level) === 1 && list !== of)) open = []
    if (Number(level) === 1) of = list
    while (open.length > Number(level) || (open.length && open.length === Number(level) && open.at(-1).tagName.toLowerCase() !== tag)) open.pop()
    while (open.length < Number(level)) {
      const above = open.at(-1)?.lastElementChild
      if (open.length && !above) break // a level with nothing above it
      const made = ownerDocument.createElement(tag)
      if (above) above.append(made)
      else {
        paragraph.before(made)
        last = made
      }
      open.push(made)
    }
    const item = ownerDocument.createElement("li")
    const inner = ownerDocument.createElement("p")
    inner.append(...paragraph.childNodes)
    item.append(inner)
    open.at(-1).append(item)
    paragraph.remove()
  }
}

// Google Docs puts a nested list beside its item, not into it.
function nestedLists(body) {
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
    const before = list.previousElementSibling
    if (before?.tagName === "LI") before.append(list)
    else unwrap(list)
  }
}

// Google Docs writes emphasis as style, and wraps everything into a bold element that isn't bold.
// Styles are read as text: under the page's policy the browser doesn't apply them.
const STYLED = [
  [/(?:^|;)\s*font-weight:\s*(?:bold|[6-9]00)/i, "strong"],
  [/(?:^|;)\s*font-style:\s*italic/i, "em"],
  [/text-decoration[^;]*:\s*[^;]*line-through/i, "s"],
  [/vertical-align:\s*sub/i, "sub"],
  [/vertical-align:\s*super/i, "sup"],
]

function styledMarks(body) {
  for (const plain of body.querySelectorAll("b[style], strong[style]")) {
    if (/(?:^|;)\s*font-weight:\s*(?:normal|[1-4]00)/i.test(styleOf(plain))) unwrap(plain)
  }
  for (const styled of body.querySelectorAll("span[style]")) {
    for (const [pattern, tag] of STYLED) {
      if (!pattern.test(styleOf(styled))) continue
      const mark = styled.ownerDocument.createElement(tag)
      mark.append(...styled.childNodes)
      styled.append(mark)
    }
  }
  for (const styled of body.querySelectorAll("[style]")) styled.removeAttribute("style")
}

// One large heading is the text's title; several are its subheads, and the others stand below them.
function headings(body) {
  for (const title of body.querySelectorAll("p.MsoTitle")) renamed(title, "h1")
  const lower = body.querySelectorAll("h1").length > 1 ? 1 : 0
  for (const heading of body.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const level = Number(heading.tagName[1])
    const made = renamed(heading, `h${Math.min(4, Math.max(2, level + lower))}`)
    for (const bold of made.querySelectorAll("b, strong")) unwrap(bold)
  }
}

function quotes(body) {
  for (const quote of body.querySelectorAll("q")) quote.replaceWith("“", ...quote.childNodes, "”")
  for (const quote of body.querySelectorAll("p.MsoQuote, p.MsoIntenseQuote")) {
    const before = quote.previousElementSibling
    const paragraph = renamed(quote, "p")
    if (before?.tagName === "BLOCKQUOTE" && before.dataset.word) before.append(paragraph)
    else {
      const made = paragraph.ownerDocument.createElement("blockquote")
      made.dataset.word = "quote"
      paragraph.replaceWith(made)
      made.append(paragraph)
    }
  }
  // Whoever is quoted stands under the quote: in its footer on web pages, or in a cite of its own.
  for (const foot of body.querySelectorAll("blockquote footer")) {
    const line = foot.ownerDocument.createElement("p")
    const cite = foot.ownerDocument.createElement("cite")
    cite.textContent = foot.textContent.replace(/\s+/g, " ").replace(/^[\s—–-]+/, "").trim()
    line.append(cite)
    foot.replaceWith(line)
  }
}

// Two line breaks in a row end a paragraph, as mail and old pages write it.
function breaks(body) {
  for (const one of [...body.querySelectorAll("br")]) {
    const { parentNode } = one
    if (!parentNode) continue
    let next = one.nextSibling
    while (next?.nodeType === Node.TEXT_NODE && !next.data.trim()) next = next.nextSibling
    if (next?.nodeName !== "BR") continue
    if (parentNode !== body && !/^(P|DIV)$/.test(parentNode.tagName)) continue
    const paragraph = one.ownerDocument.createElement("p")
    let before = one.previousSibling
    while (before && !(before.nodeType === Node.ELEMENT_NODE && (before.matches(BLOCKS) || /^(UL|OL|TABLE)$/.test(before.tagName)))) {
      paragraph.prepend(before)
      before = one.previousSibling
    }
    one.before(paragraph)
    one.remove()
    next.remove()
    if (parentNode.tagName === "P") renamed(parentNode, "div")
  }
}

// Cells that span others become one cell and empty ones; a table of one cell was only layout.
function tables(body) {
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    const cells = [...table.querySelectorAll("td, th")]
    if (cells.length <= 1 || table.querySelector("table")) {
      for (const cell of cells) renamed(cell, "div")
      for (const part of table.querySelectorAll("tbody, thead, tfoot, tr, caption, colgroup")) renamed(part, "div")
      renamed(table, "div")
      continue
    }
    for (const caption of table.querySelectorAll("caption")) {
      table.before(caption)
      renamed(caption, "p")
    }
    const below = new Map() // how many rows a cell still reaches down, by column
    for (const row of table.querySelectorAll("tr")) {
      let column = 0
      const fillUp = (before) => {
        while (below.get(column) > 0) {
          below.set(column, below.get(column) - 1)
          row.insertBefore(row.ownerDocument.createElement("td"), before)
          column += 1
        }
      }
      for (const cell of [...row.children]) {
        fillUp(cell)
        const [across, down] = ["colspan", "rowspan"].map((name) => Math.min(100, Number(cell.getAttribute(name)) || 1))
        for (let at = 0; at < across; at += 1) {
          if (at) cell.after(row.ownerDocument.createElement(cell.tagName))
          below.set(column, down - 1)
          column += 1
        }
        for (const name of ["colspan", "rowspan"]) cell.removeAttribute(name)
      }
      fillUp(null)
    }
  }
}

function realAddress(link) {
  let address = link.getAttribute("href") || ""
  try {
    const url = new URL(address)
    if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") address = url.searchParams.get("q") || address
  } catch {
    if (!/^[/?]/.test(address) && !/^[a-z]+:/i.test(address)) return unwrap(link) // a place in that page
  }
  return link.setAttribute("href", address)
}

// Returns { html, pictures }: our markup, and how many pictures were left out of it.
export function cleanPaste(html) {
  if (html.includes("data-pm-slice")) return { html, pictures: 0 } // from an editor like this one
  const page = new DOMParser().parseFromString(html.replace(/<!\[(?:if|endif)[^>]*>/gi, ""), "text/html")
  const { body } = page
  const notes = page.createNodeIterator(body, NodeFilter.SHOW_COMMENT)
  for (let note = notes.nextNode(); note; note = notes.nextNode()) note.remove()
  for (const one of body.querySelectorAll(GONE)) one.remove()
  wordRest(body)
  for (const one of body.querySelectorAll("[hidden], [aria-hidden='true']")) one.remove()
  const pictures = [...body.querySelectorAll(PICTURES)].filter((one) => !one.parentElement.closest("picture"))
  const shown = pictures.filter((one) => !isTiny(one)).length
  for (const one of pictures) one.remove()
  for (const figure of body.querySelectorAll("figure:not([data-photo])")) unwrap(figure)
  for (const caption of body.querySelectorAll("figcaption")) {
    if (!caption.closest("figure")) renamed(caption, "p")
  }
  wordLists(body)
  nestedLists(body)
  styledMarks(body)
  headings(body)
  quotes(body)
  breaks(body)
  tables(body)
  for (const term of body.querySelectorAll("dt, dd, summary, legend, address")) renamed(term, "p")
  for (const link of body.querySelectorAll("a[href]")) realAddress(link)
  for (const one of body.querySelectorAll("[data-id], [data-note], [data-word]")) {
    for (const name of ["data-id", "data-note", "data-word"]) one.removeAttribute(name)
  }
  for (const empty of body.querySelectorAll("p, h2, h3, h4, div")) {
    const isCell = /^(TD|TH)$/.test(empty.parentElement.tagName) && empty.parentElement.children.length === 1
    if (!isCell && !empty.textContent.trim() && !empty.querySelector("table, figure")) empty.remove()
  }
  return { html: body.innerHTML, pictures: shown }
}

// Pictures nobody sees: those that count readers, and blanks that hold space.
function isTiny(picture) {
  const image = picture.matches("img") ? picture : picture.querySelector("img")
  return ["width", "height"].some((name) => image?.hasAttribute(name) && Number.parseInt(image.getAttribute(name), 10) <= 2)
}

const BULLET = /^\s*[•◦▪‣·*]\s+/u
const NUMBER = /^\s*\d{1,3}[.)]\s+/u
const FULL_LINE = 55 // letters; where all lines of a paragraph but the last are longer, a mail program broke them

// Plain text: blank lines part paragraphs, or every line is one; two lines with signs are a list.
export function plainBlocks(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\u000c/g, "\n\n").replace(/[\u2028\u2029]/g, "\n").trim()
  const parts = /\n[ \t]*\n/.test(lines) ? lines.split(/\n[ \t]*\n\s*/) : [lines]
  const single = parts.length === 1
  return parts.flatMap((part) => partBlocks(part.split("\n").map((line) => line.trim()).filter(Boolean), single))
}

function partBlocks(lines, single) {
  for (const [pattern, list] of [[BULLET, "ul"], [NUMBER, "ol"]]) {
    if (lines.length > 1 && lines.every((line) => pattern.test(line))) {
      return [{ list, lines: lines.map((line) => line.replace(pattern, "")) }]
    }
  }
  if (single) return runs(lines)
  const broken = lines.length > 1 && lines.slice(0, -1).every((line) => line.length >= FULL_LINE)
  return [{ lines: broken ? [lines.join(" ")] : lines }]
}

// Lines of a text without blank lines: each a paragraph, neighbours with signs a list.
function runs(lines) {
  const blocks = []
  for (const line of lines) {
    const [pattern, list] = BULLET.test(line) ? [BULLET, "ul"] : NUMBER.test(line) ? [NUMBER, "ol"] : []
    const last = blocks.at(-1)
    if (list && last?.list === list) last.lines.push(line.replace(pattern, ""))
    else if (list) blocks.push({ list, sign: line.match(pattern)[0], lines: [line.replace(pattern, "")] })
    else blocks.push({ lines: [line] })
  }
  return blocks.map((one) => (one.list && one.lines.length === 1 ? { lines: [one.sign.trimStart() + one.lines[0]] } : one))
}

function plainMarkup(text) {
  const body = document.implementation.createHTMLDocument("").body
  const make = (tag, ...children) => {
    const made = body.ownerDocument.createElement(tag)
    made.append(...children)
    return made
  }
  for (const { list, lines } of plainBlocks(text)) {
    if (list) body.append(make(list, ...lines.map((line) => make("li", make("p", line)))))
    else body.append(make("p", ...lines.flatMap((line, at) => (at ? [make("br"), line] : [line]))))
  }
  return body
}

// A cell and a caption hold one text: blocks pasted there become its lines.
function asOneText(slice, schema) {
  const content = []
  slice.content.descendants((node) => {
    if (!node.isTextblock) return true
    if (content.length && node.content.size) content.push(schema.nodes.hardBreak.create())
    node.forEach((child) => content.push(child))
    return false
  })
  return content.length ? new Slice(Fragment.from(content), 0, 0) : slice
}

// A block keeps its name when it is cut and pasted; a copy of one that is still here has none yet.
function withoutTakenNames(slice, doc) {
  const taken = new Set()
  const nameOf = (node) => ("id" in node.attrs ? "id" : "data-id")
  doc.descendants((node) => {
    if (node.attrs[nameOf(node)]) taken.add(node.attrs[nameOf(node)])
  })
  const freed = (fragment) =>
    Fragment.from(
      fragment.content.map((node) => {
        if (node.isText) return node
        const name = nameOf(node)
        const attributes = taken.has(node.attrs[name]) ? { ...node.attrs, [name]: null } : node.attrs
        return node.type.create(attributes, freed(node.content), node.marks)
      }),
    )
  return new Slice(freed(slice.content), slice.openStart, slice.openEnd)
}

const holdsOneText = ($from) =>
  $from.parent.type.name === "photoFigure" || ($from.depth > 1 && /^table(Cell|Header)$/.test($from.node(-1).type.name))

export const paste = (words) =>
  Extension.create({
    name: "cleanPaste",
    addProseMirrorPlugins() {
      const { editor } = this
      const { schema } = editor
      return [
        new Plugin({
          props: {
            transformPastedHTML(pasted) {
              const { html, pictures } = cleanPaste(pasted)
              if (pictures) notify(editor, fill(words.picturesLeftOut, { n: pictures }))
              return html
            },
            clipboardTextParser: (text) =>
              SchemaParser.fromSchema(schema).parseSlice(plainMarkup(text), { preserveWhitespace: true }),
            transformPasted: (slice, view) => (view.dragging ? slice : withoutTakenNames(slice, view.state.doc)),
            handlePaste(view, event, slice) {
              const { $from } = view.state.selection
              const first = slice.content.firstChild
              const whole = first && /^(table|photoFigure)/.test(first.type.name)
              if (!first || first.isInline || whole || !holdsOneText($from)) return false
              view.dispatch(view.state.tr.replaceSelection(asOneText(slice, schema)).scrollIntoView())
              return true
            },
          },
        }),
      ]
    },
  })
