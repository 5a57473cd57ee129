// Pasted text: what Word, Google Docs and web pages mean by their markup becomes ours; the rest of
// the markup goes, the words stay. The server cleans again: here it is decided what is kept.
import { Extension, Plugin } from "django-prose-editor/editor"

const GONE = "script, style, meta, link, title, template, noscript, iframe, object, embed, svg, img, picture, video, audio, canvas, input, button, select, textarea"
const HEADINGS = { H1: "h2", H5: "h4", H6: "h4" }

function renamed(node, tag) {
  const made = node.ownerDocument.createElement(tag)
  made.append(...node.childNodes)
  node.replaceWith(made)
  return made
}

function unwrap(node) {
  node.replaceWith(...node.childNodes)
}

// Word writes lists as paragraphs with their sign as text: level and kind stand in the style.
function wordLists(body) {
  let open = [] // lists from the outermost, each with its last item
  let last = null
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const level = /mso-list:\s*l\d+\s+level(\d)/i.exec(paragraph.getAttribute("style") || "")?.[1]
    if (!level) continue
    const sign = [...paragraph.querySelectorAll("[style]")].find((one) => /mso-list:\s*ignore/i.test(one.getAttribute("style")))
    const tag = /[0-9a-z][.)]/i.test(sign?.textContent.trim() || "") ? "ol" : "ul"
    sign?.remove()
    const document = paragraph.ownerDocument
    if (paragraph.previousElementSibling !== last) open = []
    while (open.length > Number(level) || (open.length && open.length === Number(level) && open.at(-1).tagName.toLowerCase() !== tag)) open.pop()
    if (open.length < Number(level)) {
      const list = document.createElement(tag)
      const above = open.at(-1)?.lastElementChild
      if (above) above.append(list)
      else {
        paragraph.before(list)
        last = list
      }
      open.push(list)
    }
    const item = document.createElement("li")
    const inner = document.createElement("p")
    inner.append(...paragraph.childNodes)
    item.append(inner)
    open.at(-1).append(item)
    paragraph.remove()
  }
}

// Google Docs writes emphasis as style, and wraps everything into a bold element that isn't bold.
// Styles are read as text: under the page's policy the browser doesn't apply them.
const STYLED = [
  [/font-weight:\s*(?:bold|[6-9]00)/i, "strong"],
  [/font-style:\s*italic/i, "em"],
  [/text-decoration[^;]*:\s*[^;]*line-through/i, "s"],
  [/vertical-align:\s*sub/i, "sub"],
  [/vertical-align:\s*super/i, "sup"],
]

function styledMarks(body) {
  for (const plain of body.querySelectorAll("b[style], strong[style]")) {
    if (/font-weight:\s*(?:normal|[1-4]00)/i.test(plain.getAttribute("style"))) unwrap(plain)
  }
  for (const styled of body.querySelectorAll("span[style]")) {
    for (const [pattern, tag] of STYLED) {
      if (!pattern.test(styled.getAttribute("style"))) continue
      const mark = styled.ownerDocument.createElement(tag)
      mark.append(...styled.childNodes)
      styled.append(mark)
    }
  }
  for (const styled of body.querySelectorAll("[style]")) styled.removeAttribute("style")
}

function realAddress(link) {
  let address = link.getAttribute("href") || ""
  try {
    const url = new URL(address)
    if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") address = url.searchParams.get("q") || address
  } catch {
    // a relative address stays as it is; the schema refuses what is unsafe
  }
  link.setAttribute("href", address)
}

export function cleanPaste(html) {
  if (html.includes("data-pm-slice")) return html // from an editor like this one
  const page = new DOMParser().parseFromString(html.replace(/<!\[(?:if|endif)[^>]*>/gi, ""), "text/html")
  const { body } = page
  const notes = page.createNodeIterator(body, NodeFilter.SHOW_COMMENT)
  for (let note = notes.nextNode(); note; note = notes.nextNode()) note.remove()
  for (const one of body.querySelectorAll(GONE)) one.remove()
  for (const one of body.querySelectorAll("[hidden], [style*='mso-hide:all'], [aria-hidden='true']")) one.remove()
  wordLists(body)
  for (const title of body.querySelectorAll("p.MsoTitle")) renamed(title, "h2")
  for (const heading of body.querySelectorAll("h1, h5, h6")) renamed(heading, HEADINGS[heading.tagName])
  styledMarks(body)
  for (const figure of body.querySelectorAll("figure:not([data-photo])")) unwrap(figure)
  for (const caption of body.querySelectorAll("figcaption")) {
    if (!caption.closest("figure")) renamed(caption, "p")
  }
  for (const heading of body.querySelectorAll("h2, h3, h4")) {
    for (const bold of heading.querySelectorAll("b, strong")) unwrap(bold)
  }
  for (const link of body.querySelectorAll("a[href]")) realAddress(link)
  for (const one of body.querySelectorAll("[data-id], [data-note]")) {
    one.removeAttribute("data-id")
    one.removeAttribute("data-note")
  }
  for (const empty of body.querySelectorAll("p, h2, h3, h4, span")) {
    if (!empty.textContent.trim() && !empty.querySelector("br, table, figure") && empty.tagName !== "SPAN") empty.remove()
  }
  return body.innerHTML
}

export const Paste = Extension.create({
  name: "cleanPaste",
  addProseMirrorPlugins: () => [new Plugin({ props: { transformPastedHTML: cleanPaste } })],
})
