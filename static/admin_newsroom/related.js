// Proposals of related stories: asked again for the text as it stands, pinned or dismissed as a new
// row of the related links. Nothing is saved here. Without this script they are a plain list.

const GROUP = "related_links"
const SENT = /^(headline|standfirst|kicker|dateline|language|body|section|topics|csrfmiddlewaretoken|related_links-\d+-(related|title|url|kind|DELETE))$/

const box = () => document.querySelector(".desk-related")
const tell = (what) => {
  box().querySelector(".desk-related-told").textContent = what ? box().dataset[what] : ""
}

function show() {
  for (const one of box().querySelectorAll(".desk-related-acts, .desk-related-refresh")) one.hidden = false
}

function typed() {
  const sent = new FormData()
  for (const [name, value] of new FormData(box().closest("form"))) {
    if (SENT.test(name)) sent.append(name, value)
  }
  return sent
}

// Asks for the list anew; the last answer asked for is the one that is shown.
let asked = 0
async function refresh(what) {
  const mine = ++asked
  box().setAttribute("aria-busy", "true")
  try {
    const answer = await fetch(box().dataset.url, { method: "POST", body: typed(), redirect: "manual" })
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const fresh = page.querySelector(".desk-related-list")
    if (!answer.ok || !fresh) throw new Error("refused")
    if (mine !== asked) return
    box().querySelector(".desk-related-list").replaceWith(document.importNode(fresh, true))
    show()
    tell(what)
  } catch {
    if (mine === asked) tell("failed")
  } finally {
    if (mine === asked) box().removeAttribute("aria-busy")
  }
}

function addRow({ act, article, title }) {
  document.querySelector(`#${GROUP}-group .add-row a`).click()
  const number = Number(document.getElementById(`id_${GROUP}-TOTAL_FORMS`).value) - 1
  const field = (name) => document.getElementById(`id_${GROUP}-${number}-${name}`)
  const select = field("related")
  select.append(new Option(title, article, true, true))
  field("kind").value = act
  for (const one of [select, field("kind")]) window.django.jQuery(one).trigger("change")
}

async function act(button) {
  const buttons = [...box().querySelectorAll("button[data-act]")]
  const place = buttons.indexOf(button) - (button.dataset.act === "dismissed" ? 1 : 0)
  addRow(button.dataset)
  await refresh(button.dataset.act === "dismissed" ? "dismissed" : "pinned")
  // The keyboard stays where it was: on what stands now where the proposal stood.
  const now = [...box().querySelectorAll("button[data-act]")]
  const next = now[Math.min(place, now.length - 1)] ?? box().querySelector(".desk-related-refresh")
  next.focus({ preventScroll: true })
}

function prepare() {
  if (!box()?.querySelector(".desk-related-refresh")) return
  show()
  box().addEventListener("click", (event) => {
    const button = event.target.closest("button")
    if (button?.dataset.act) act(button)
    else if (button) refresh("fresh")
  })
  document.getElementById(`${GROUP}-group`).addEventListener("change", (event) => {
    if (event.isTrusted) refresh("fresh")
  })
  document.addEventListener("formset:removed", (event) => {
    if (event.detail.formsetName === GROUP) refresh("fresh")
  })
}

document.addEventListener("DOMContentLoaded", prepare)
