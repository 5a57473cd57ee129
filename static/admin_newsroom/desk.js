// Small helps that the desk works without: a question before unsaved changes are left, names for
// search boxes, and a place for the keyboard in a list that is wider than its frame.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("article_form")
  if (!form) return
  let changed = false
  form.addEventListener("input", () => {
    changed = true
  })
  form.addEventListener("submit", () => {
    changed = false
  })
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault()
  })
})

// The stock search boxes name neither themselves nor their search field: give them their label.
function nameSearchBoxes() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling?.querySelector(".select2-selection")
    const name = select.getAttribute("aria-label") || select.labels?.[0]?.textContent.replace(/:\s*$/, "")
    if (!box || !name) continue
    box.setAttribute("aria-label", name)
    box.querySelector(".select2-selection__rendered[role=textbox]")?.setAttribute("aria-label", name)
    box.querySelector(".select2-search__field")?.setAttribute("aria-label", name)
  }
}
// Behind whatever the stock scripts have queued for when the page is ready.
window.addEventListener("load", () => window.django?.jQuery(nameSearchBoxes))
document.addEventListener("formset:added", () => setTimeout(nameSearchBoxes))

// A list that can be moved sideways is stopped at by the keyboard and moved with the arrows.
document.addEventListener("DOMContentLoaded", () => {
  const frame = document.querySelector("#changelist-form .results")
  if (!frame) return
  const watch = new ResizeObserver(() => {
    if (frame.scrollWidth > frame.clientWidth) {
      frame.tabIndex = 0
      frame.setAttribute("role", "region")
      frame.setAttribute("aria-label", document.querySelector("#content > h1").textContent)
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name)
    }
  })
  watch.observe(frame)
  watch.observe(frame.querySelector("table"))
})
