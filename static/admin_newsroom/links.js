// Links: the dialog for an address or one of our own stories. The schemes are those the server
// stores; an address it would drop is refused here, with the reason.
import { Link } from "django-prose-editor/editor"
import { ask, button, debounced, element, field, fill, openDialog } from "newsroom/elements"

// Returns { href } as it may be stored, or { problem }.
export function readAddress(typed, schemes, words) {
  const href = typed.replace(/[\u0000-\u0020\u007f-\u00a0]+/g, "")
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href)?.[1].toLowerCase()
  const isPort = /^[a-z0-9.-]+\.[a-z]{2,}:\d+(?:[/?#]|$)/i.test(href)
  if (scheme && !isPort) {
    if (!schemes.includes(scheme)) return { problem: fill(words.badScheme, { name: scheme }) }
    return href.length > scheme.length + 1 ? { href } : { problem: words.badAddress }
  }
  if (/^[/#?]/.test(href) && !href.startsWith("//")) return { href }
  if (/^\S+@[^\s/]+\.\S+$/.test(typed.trim())) return { href: `mailto:${href}` }
  if (/^(?:\/\/)?[^\s/@]+\.[^\s/@]{2,}(?:[/?#]\S*)?$/.test(typed.trim())) {
    return { href: `https://${href.replace(/^\/\//, "")}` }
  }
  return { problem: words.badAddress }
}

// Whether the server stores a link to this address, as it stands in pasted or stored markup.
function isStored(href, schemes) {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href.replace(/[\u0000-\u0020\u007f-\u00a0]+/g, ""))?.[1]
  return href.length <= 2000 && (!scheme || schemes.includes(scheme.toLowerCase()))
}

function setLink(editor, href, title) {
  const chain = editor.chain().focus()
  if (editor.isActive("link")) chain.extendMarkRange("link").setMark("link", { href })
  else if (editor.state.selection.empty) {
    chain.insertContent({ type: "text", text: title || href, marks: [{ type: "link", attrs: { href } }] }).unsetMark("link")
  } else chain.setMark("link", { href })
  chain.run()
}

export function openLinks(editor, settings) {
  const { words, schemes, addresses } = settings
  const present = editor.getAttributes("link").href || ""
  const address = field(words.address, { value: present, spellcheck: false })
  const problem = element("p", { className: "desk-refused", role: "alert" })
  const heading = element("h3", { textContent: words.ourStories, hidden: true })
  const list = element("ul", { className: "desk-stories" })
  const none = element("p", { role: "status" })
  let done = null
  let request = null

  const accept = (href, title = "") => {
    done = () => setLink(editor, href, title)
    dialog.finish()
  }
  const search = async () => {
    const typed = address.input.value.trim()
    request?.abort()
    if (!addresses.stories || !typed || /^[a-z]+:|^[/#]/i.test(typed)) return list.replaceChildren()
    request = new AbortController()
    try {
      const { signal } = request
      const told = await ask(`${addresses.stories}?${new URLSearchParams({ q: typed })}`, words, { signal })
      list.replaceChildren(...told.stories.map(story))
      heading.hidden = !told.stories.length
      none.textContent = told.stories.length || typed.includes(".") ? "" : words.noStories
    } catch (error) {
      if (!request.signal.aborted) none.textContent = error.message
    }
  }
  const story = (one) => {
    const pick = button("", () => accept(one.url, one.title))
    pick.append(element("span", { dir: "auto", textContent: one.title }), element("small", { textContent: one.note }))
    return element("li", {}, pick)
  }
  const remove = button(words.removeLink, () => {
    done = () => editor.chain().focus().extendMarkRange("link").unsetMark("link").run()
    dialog.finish()
  })
  remove.hidden = !present
  const form = element(
    "form",
    { noValidate: true },
    address.row,
    problem,
    element("p", { className: "desk-dialog-buttons" }, element("button", { type: "submit", className: "desk-main-button", textContent: words.setLink }), remove, button(words.cancel, () => dialog.finish())),
  )
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const read = readAddress(address.input.value, schemes, words)
    if (read.href) return accept(read.href)
    problem.textContent = read.problem
    address.input.setAttribute("aria-invalid", "true")
    return address.input.focus()
  })
  form.addEventListener("input", debounced(search, 250))
  const dialog = openDialog({
    title: words.link,
    className: "desk-links",
    close: words.close,
    content: [form, none, heading, list],
    onClose() {
      request?.abort()
      if (done) done()
      else editor.view.focus()
    },
  })
  address.input.select()
}

export const storyLinks = (settings) =>
  Link.extend({
    addAttributes: () => ({ href: { default: null, parseHTML: (dom) => dom.getAttribute("href") } }),
    addMenuItems() {},
    addKeyboardShortcuts() {
      return {
        "Mod-k": ({ editor }) => {
          openLinks(editor, settings)
          return true
        },
      }
    },
  }).configure({ enableTarget: false, autolink: false, isAllowedUri: (href) => isStored(href || "", settings.schemes) })
