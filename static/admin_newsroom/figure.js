// The figure node: a photo's place in the text. It is stored as
// <figure data-photo=… data-layout=…><figcaption>…</figcaption></figure> and names the photo row;
// preview and credit are looked up, never stored. Caption in place, everything else below it. Each
// change is a step of undo of its own.
import { Node, mergeAttributes, pm } from "django-prose-editor/editor"
import { button, element, notify } from "newsroom/elements"

const STORED = {
  id: ["data-id", null],
  photo: ["data-photo", ""],
  layout: ["data-layout", "inline"],
  alt: ["data-alt", null],
  group: ["data-group", null],
}

export const Figure = Node.create({
  name: "photoFigure",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,
  selectable: true,
  defining: true,

  addOptions() {
    return { library: null, layouts: [], words: {}, replace: () => {} }
  },

  addAttributes() {
    return Object.fromEntries(
      Object.entries(STORED).map(([key, [name, fallback]]) => [
        key,
        {
          default: fallback,
          parseHTML: (element) => element.getAttribute(name) ?? fallback,
          renderHTML: (attributes) =>
            attributes[key] === null || attributes[key] === "" ? {} : { [name]: attributes[key] },
        },
      ]),
    )
  },

  parseHTML() {
    return [
      {
        tag: "figure[data-photo]",
        contentElement: (dom) => dom.querySelector("figcaption") || document.createElement("p"),
      },
    ]
  },

  renderHTML({ HTMLAttributes }) {
    return ["figure", mergeAttributes(HTMLAttributes), ["figcaption", 0]]
  },

  addKeyboardShortcuts() {
    const inCaption = (editor) => {
      const { $from, empty } = editor.state.selection
      return empty && $from.parent.type.name === this.name ? $from : null
    }
    return {
      // Leaves the caption for a new paragraph below the photo.
      Enter: ({ editor }) => {
        const $from = inCaption(editor)
        if (!$from) return false
        const after = $from.after()
        return editor
          .chain()
          .insertContentAt(after, { type: "paragraph" })
          .setTextSelection(after + 1)
          .scrollIntoView()
          .run()
      },
      // At the start of a caption: select the photo first, so that only a second press removes it.
      Backspace: ({ editor }) => {
        const $from = inCaption(editor)
        if (!$from || $from.parentOffset > 0) return false
        return editor.commands.setNodeSelection($from.before())
      },
      Delete: ({ editor }) => {
        const $from = inCaption(editor)
        return Boolean($from) && $from.parentOffset === $from.parent.content.size
      },
      // From the caption or the figure into its fields; their Escape leads back.
      Tab: ({ editor }) => {
        const at = figureAt(editor, this.name)
        if (at === null) return false
        editor.view.nodeDOM(at).querySelector(".desk-figure-tools select").focus()
        return true
      },
      "Alt-ArrowUp": ({ editor }) => moveSelected(editor, this.name, -1),
      "Alt-ArrowDown": ({ editor }) => moveSelected(editor, this.name, 1),
    }
  },

  addNodeView() {
    const { options, name } = this
    return ({ node, editor, getPos }) => figureView({ node, editor, getPos, options, name })
  },
})

function figureView({ node, editor, getPos, options, name }) {
  const { words, layouts } = options
  let current = node

  const change = (values) => {
    const attributes = { ...current.attrs, ...values }
    editor.view.dispatch(pm.history.closeHistory(editor.state.tr).setNodeMarkup(getPos(), undefined, attributes))
  }
  const picture = element("div", { className: "desk-figure-picture", contenteditable: "false", "data-drag-handle": "" })
  const caption = element("figcaption", { "data-placeholder": words.caption, "aria-label": words.caption })
  const credit = element("span", { className: "desk-figure-credit" })
  const library = element("a", { className: "desk-figure-library", target: "_blank", textContent: words.library })
  const warning = element("strong", { className: "desk-figure-warning" })
  const layout = element("select")
  layout.append(...layouts.map(([value, label]) => element("option", { value, textContent: label })))
  layout.addEventListener("change", () => change({ layout: layout.value }))
  const alt = element("input", { type: "text", maxLength: 500, dir: "auto" })
  alt.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault() // it would send the whole form
  })
  // Taken over while it is typed: a key that saves the form must find it in the text.
  alt.addEventListener("input", () => {
    const typed = alt.value.replace(/\s+/g, " ").trim() || null
    const tr = editor.state.tr.setNodeAttribute(getPos(), "alt", typed)
    editor.view.dispatch(tr)
  })
  const tools = element(
    "div",
    { className: "desk-figure-tools", contenteditable: "false", dir: document.documentElement.dir || "ltr" },
    credit,
    element("label", {}, `${words.layout} `, layout),
    element("label", { className: "desk-figure-alt" }, `${words.alt} `, alt),
    library,
    warning,
    button(words.replace, () => options.replace(getPos(), options.library.get(current.attrs.photo))),
    button(words.up, () => move(editor, getPos(), -1)),
    button(words.down, () => move(editor, getPos(), 1)),
    button(words.remove, () => remove(editor, getPos(), words)),
  )
  tools.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    event.stopPropagation()
    editor.commands.setTextSelection(getPos() + 1 + current.content.size)
    editor.view.focus() // at once: what is typed next belongs to the caption
  })
  const dom = element("figure", { className: "desk-figure" }, picture, caption, tools)

  const show = () => {
    const photo = options.library.get(current.attrs.photo)
    dom.dataset.layout = current.attrs.layout
    dom.dataset.block = current.attrs.id || ""
    caption.classList.toggle("is-empty", current.content.size === 0)
    layout.value = current.attrs.layout
    if (document.activeElement !== alt || !sameText(alt.value, current.attrs.alt)) alt.value = current.attrs.alt || ""
    library.hidden = !photo
    if (photo) library.href = photo.page
    alt.placeholder = photo?.alt || ""
    credit.classList.toggle("is-missing", !photo?.credit)
    credit.textContent = `${words.credit}: ${photo?.credit || words.noCredit}`
    warning.textContent = photo?.warning || ""
    const shown = current.attrs.alt || photo?.alt || ""
    if (photo?.url && photo.url === picture.firstChild?.getAttribute?.("src")) picture.firstChild.alt = shown
    else picture.replaceChildren(preview(photo, shown, words))
  }
  show()
  if (!options.library.get(current.attrs.photo)) options.library.lookUp(current.attrs.photo).then(show, () => {})

  return {
    dom,
    contentDOM: caption,
    update(updated) {
      if (updated.type.name !== name) return false
      current = updated
      show()
      return true
    },
    stopEvent: (event) => tools.contains(event.target) && !event.type.startsWith("drag"),
    ignoreMutation: (mutation) =>
      mutation.type !== "selection" && !(caption.contains(mutation.target) && mutation.type !== "attributes"),
  }
}

const sameText = (typed, stored) => typed.replace(/\s+/g, " ").trim() === (stored || "")

const HEIGHT = 22 // of a preview at most, in rem

// Its size is known before it has loaded, so that the text below doesn't move.
function preview(photo, alt, words) {
  if (!photo?.url) return element("p", { textContent: photo ? words.missing : words.unknown })
  const { url, width, height } = photo
  const made = element("img", { src: url, alt, width, height, draggable: false })
  made.style.width = `min(100%, ${width}px, ${((HEIGHT * width) / height).toFixed(2)}rem)`
  return made
}

// The place of the figure that is selected or whose caption has the cursor, else null.
function figureAt(editor, name) {
  const { selection } = editor.state
  if (selection.node?.type.name === name) return selection.from
  const { $from } = selection
  return $from.parent.type.name === name ? $from.before() : null
}

// By keyboard, from the figure or its caption; elsewhere the keys do what they did.
function moveSelected(editor, name, step) {
  const at = figureAt(editor, name)
  return at !== null && move(editor, at, step)
}

function move(editor, position, step) {
  const { doc, tr } = editor.state
  const place = doc.resolve(position)
  const other = place.index() + step
  if (other < 0 || other >= place.parent.childCount) return true
  const figure = place.nodeAfter
  const sibling = place.parent.child(other)
  const target = position + step * sibling.nodeSize
  pm.history.closeHistory(tr).delete(position, position + figure.nodeSize).insert(target, figure)
  editor.view.dispatch(tr)
  return editor.chain().setNodeSelection(target).scrollIntoView().run()
}

function remove(editor, position, words) {
  const { state } = editor
  const size = state.doc.nodeAt(position).nodeSize
  editor.view.dispatch(pm.history.closeHistory(state.tr).delete(position, position + size))
  editor.view.focus()
  notify(editor, words.removed, words.undo)
}
