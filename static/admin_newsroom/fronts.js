// Arranging a front by hand and by keyboard. The form below holds the layout and works without this
// script; here its places are drawn as cards, and the server is asked what fills the others.

const form = document.getElementById("front-form")
const { stories, stands: filled, words, addresses } = JSON.parse(form.dataset.script)
const told = document.getElementById("front-told")
const undoButton = document.getElementById("front-undo")
const stateLine = document.getElementById("front-state")
const list = document.getElementById("front-stories")
const into = document.getElementById("front-into")
const search = document.getElementById("front-q")
const where = document.getElementById("front-section")
const brought = new URLSearchParams(location.search).get("story")

function make(tag, properties = {}, ...children) {
  const { attributes = {}, ...others } = properties
  const made = Object.assign(document.createElement(tag), others)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children.filter(Boolean))
  return made
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
}

function debounced(act, wait) {
  let timer = 0
  return () => {
    clearTimeout(timer)
    timer = setTimeout(act, wait)
  }
}

const places = [...form.querySelectorAll(".front-place")].map((item) => ({
  item,
  key: item.dataset.place,
  name: item.dataset.name,
  zone: item.dataset.place.split("_")[0],
  card: item.querySelector(".front-card"),
  select: item.querySelector("select"),
  until: item.querySelector(".front-until input"),
}))

// The layout: a story's uuid and the end of its pin for each place, null where it fills itself.
const readForm = () => places.map(({ select, until }) => (select.value ? { story: select.value, until: until.value } : null))
let layout = readForm()
let stands = filled
const before = []
const asOpened = "changed" in form.dataset ? null : JSON.stringify(layout)
let isLeaving = false

const headline = (uuid) => stories[uuid]?.headline ?? "…"
const say = (sentence) => {
  told.textContent = ""
  setTimeout(() => {
    told.textContent = sentence
  }, 50)
}

function writeForm() {
  places.forEach(({ select, until }, index) => {
    const slot = layout[index]
    if (slot && ![...select.options].some((option) => option.value === slot.story)) {
      select.add(new Option(headline(slot.story), slot.story))
    }
    select.value = slot?.story ?? ""
    until.value = slot?.until ?? ""
  })
}

// What the server says of a place: the story that readers would see there now.
let request = null
const askFill = debounced(async () => {
  request?.abort()
  request = new AbortController()
  try {
    const answer = await fetch(addresses.fill, { method: "POST", body: new FormData(form), signal: request.signal, redirect: "manual" })
    if (!answer.ok) return say(answer.status === 403 || answer.type === "opaqueredirect" ? words.denied : words.failed)
    stands = (await answer.json()).places
    draw()
  } catch (error) {
    if (error.name !== "AbortError") say(words.failed)
  }
}, 120)

function storyParts(story) {
  const marks = [story.section, story.state ? "" : story.time].filter(Boolean).join(" · ")
  return [
    story.picture ? make("img", { src: story.picture, alt: "", loading: "lazy" }) : null,
    make(
      "span",
      { className: "front-words" },
      make("span", { className: "front-headline", lang: story.language, dir: story.direction, textContent: story.headline }),
      make("span", { className: "desk-marks", textContent: marks }),
      story.state ? make("span", { className: `desk-state ${story.tone}`, textContent: story.state }) : null,
    ),
  ].filter(Boolean)
}

// A time of the form is one of the site's clock: it is told as it was written, whatever zone this is.
const language = document.documentElement.lang.replace(/^en(-us)?$/i, "en-GB")
const clock = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" })
const shownTime = (value) => clock.format(new Date(`${value}Z`))

function drawPlace(place, index) {
  const slot = layout[index]
  const there = stands[place.key]
  place.item.classList.toggle("free", !slot)
  place.card.draggable = Boolean(slot)
  if (!slot) {
    const parts = there ? storyParts(there) : [make("span", { className: "front-words" }, make("span", { className: "front-headline", textContent: words.nothing }))]
    place.card.replaceChildren(...parts)
    place.card.querySelector(".front-words").prepend(make("span", { className: "desk-marks front-itself", textContent: words.fills }))
    return
  }
  const story = stories[slot.story] ?? { headline: "…", section: "", time: "", state: "" }
  place.card.replaceChildren(...storyParts(story).filter(Boolean))
  const text = place.card.querySelector(".front-words")
  if (slot.until) text.append(make("span", { className: "desk-state waiting front-pin", textContent: fill(words.pinned, { time: shownTime(slot.until) }) }))
  if (there && there.uuid !== slot.story) text.append(make("span", { className: "front-waits", textContent: fill(words.waits, { story: there.headline }) }))
  place.up.disabled = index === 0
  place.down.disabled = index === places.length - 1
  const named = { story: story.headline }
  for (const [control, sentence] of [[place.up, words.up], [place.down, words.down], [place.out, words.remove], [place.more, words.more]]) {
    control.setAttribute("aria-label", fill(sentence, named))
  }
}

function draw() {
  places.forEach(drawPlace)
  const taken = new Set(layout.filter(Boolean).map((slot) => slot.story))
  for (const item of list.querySelectorAll("[data-story]")) {
    const isThere = taken.has(item.dataset.story)
    item.draggable = true
    item.querySelector("button").hidden = isThere
    item.querySelector(".front-there").hidden = !isThere
  }
  undoButton.disabled = !before.length
  const isChanged = JSON.stringify(layout) !== asOpened
  stateLine.textContent = isChanged ? words.unsaved : words.same
  stateLine.classList.toggle("changed", isChanged)
}

// Takes a new layout over: it can be undone, and the form holds it at once.
function change(next, sentence) {
  before.push(layout)
  layout = next
  writeForm()
  draw()
  askFill()
  say(sentence)
}

function undo() {
  if (!before.length) return
  layout = before.pop()
  writeForm()
  draw()
  askFill()
  say(words.undone)
}

const indexOf = (uuid) => layout.findIndex((slot) => slot?.story === uuid)

// Two places change what stands in them.
function swap(from, to) {
  if (from === to || !layout[from]) return
  const next = [...layout]
  ;[next[from], next[to]] = [next[to], next[from]]
  const other = layout[to]
  const sentence = other ? words.swapped : words.moved
  change(next, fill(sentence, { story: headline(layout[from].story), place: places[to].name, other: other && headline(other.story) }))
}

// Puts a story into a place; what stands there goes on to the next, up to one that fills itself.
function insert(uuid, to) {
  const from = indexOf(uuid)
  const next = [...layout]
  let moving = from < 0 ? { story: uuid, until: "" } : next[from]
  if (from >= 0) next[from] = null
  const other = next[to]
  let index = to
  while (moving && index < next.length) {
    ;[next[index], moving] = [moving, next[index]]
    index += 1
  }
  const values = { story: headline(uuid), place: places[to].name, other: headline((moving ?? other)?.story) }
  change(next, fill(moving ? words.fell : other ? words.pushed : words.moved, values))
}

function remove(index) {
  const next = [...layout]
  next[index] = null
  change(next, fill(words.removed, { story: headline(layout[index].story) }))
}

// The place in a zone to which a story goes: the first that fills itself, else the first.
function placeIn(zone) {
  const inZone = places.map((place, index) => index).filter((index) => places[index].zone === zone)
  return inZone.find((index) => !layout[index]) ?? inZone[0]
}

function add(uuid) {
  const chosen = places.findIndex((place) => place.key === into.value)
  const free = layout.findIndex((slot) => !slot)
  const to = chosen >= 0 ? chosen : free >= 0 ? free : layout.length - 1
  insert(uuid, to)
  places[to].item.classList.add("landing")
  setTimeout(() => places[to].item.classList.remove("landing"), 900)
}

// Keeps the focus with a story that moved.
function follow(index, control) {
  const target = places[index][control]
  ;(target.disabled ? places[index].more : target).focus()
}

function addTools(place, index) {
  const step = (by, control) => () => {
    swap(index, index + by)
    follow(index + by, control)
  }
  const tool = (text, act) => {
    const made = make("button", { type: "button", textContent: text })
    made.addEventListener("click", act)
    return made
  }
  place.up = tool("↑", step(-1, "up"))
  place.down = tool("↓", step(1, "down"))
  place.out = tool("✕", () => {
    remove(index)
    undoButton.focus()
  })
  place.more = make("summary", { textContent: "⋯" })
  const zones = [...new Map(places.map((other) => [other.zone, other.zone === "lead" ? other.name : other.name.replace(/ \d+$/, "")]))]
  const moves = zones
    .filter(([zone]) => zone !== place.zone)
    .map(([zone, name]) =>
      tool(fill(words.to, { place: name }), () => {
        const to = placeIn(zone)
        details.open = false
        insert(layout[index].story, to)
        places[to].more.focus()
      }),
    )
  const menu = make("div", { className: "front-menu" }, make("div", { className: "front-moves" }, ...moves), place.item.querySelector(".front-fields"))
  const details = make("details", {}, place.more, menu)
  place.item.append(make("div", { className: "front-tools" }, place.up, place.down, place.out, details))
  details.open = place.item.classList.contains("wrong")
  place.until.addEventListener("change", () => {
    const next = [...layout]
    if (!next[index]) return
    next[index] = { ...next[index], until: place.until.value }
    change(next, next[index].until ? fill(words.pinned, { time: shownTime(next[index].until) }) : words.noEnd)
  })
}

// Dragging: a card from place to place, a story from the list. On the upper edge of a place that is
// taken it goes in between, else cards change places.
let dragged = null

function startDrag(event, uuid, item) {
  dragged = { uuid, item }
  event.dataTransfer.effectAllowed = "move"
  event.dataTransfer.setData("text/plain", headline(uuid))
  item.classList.add("dragged")
}

function endDrag() {
  dragged?.item.classList.remove("dragged")
  dragged = null
  clearMarks()
}

function clearMarks() {
  for (const { item } of places) item.classList.remove("over", "before")
}

function goesBetween(event, place, index) {
  return Boolean(layout[index]) && event.clientY - place.item.getBoundingClientRect().top < 18
}

function addDragging(place, index) {
  place.card.addEventListener("dragstart", (event) => layout[index] && startDrag(event, layout[index].story, place.item))
  place.card.addEventListener("dragend", endDrag)
  place.item.addEventListener("dragover", (event) => {
    if (!dragged) return
    event.preventDefault()
    clearMarks()
    place.item.classList.add(goesBetween(event, place, index) ? "before" : "over")
  })
  place.item.addEventListener("dragleave", (event) => {
    if (!place.item.contains(event.relatedTarget)) place.item.classList.remove("over", "before")
  })
  place.item.addEventListener("drop", (event) => {
    if (!dragged) return
    event.preventDefault()
    const { uuid } = dragged
    const from = indexOf(uuid)
    const between = goesBetween(event, place, index)
    endDrag()
    if (from === index) return
    if (from < 0 || between) insert(uuid, index)
    else swap(from, index)
  })
}

// The list of stories to choose from.
function dressStory(item) {
  const uuid = item.dataset.story
  const adds = make("button", { type: "button", textContent: words.add, attributes: { "aria-label": fill(words.addStory, { story: headline(uuid) }) } })
  adds.addEventListener("click", () => add(uuid))
  item.append(adds, make("span", { className: "front-there", textContent: words.onPage, hidden: true }))
  item.addEventListener("dragstart", (event) => startDrag(event, uuid, item))
  item.addEventListener("dragend", endDrag)
  item.classList.toggle("brought", uuid === brought)
}

let searching = null
async function find() {
  searching?.abort()
  searching = new AbortController()
  const query = new URLSearchParams({ q: search.value, section: where.value })
  const found = document.getElementById("front-found")
  try {
    const answer = await fetch(`${addresses.stories}?${query}`, { signal: searching.signal, redirect: "manual" })
    if (!answer.ok) throw new Error(answer.status === 403 || answer.type === "opaqueredirect" ? words.denied : words.failed)
    const { stories: rows } = await answer.json()
    for (const story of rows) stories[story.uuid] = story
    list.replaceChildren(...rows.map((story) => make("li", { className: "front-story", attributes: { "data-story": story.uuid } }, ...storyParts(story))))
    for (const item of list.children) dressStory(item)
    found.textContent = rows.length ? fill(words.found, { n: rows.length }) : words.none
    draw()
  } catch (error) {
    if (error.name !== "AbortError") found.textContent = error.message
  }
}

form.classList.add("scripted")
form.querySelector(".front-into").hidden = false
undoButton.hidden = false
places.forEach((place, index) => {
  addTools(place, index)
  addDragging(place, index)
})
for (const item of list.querySelectorAll("[data-story]")) dressStory(item)
draw()

search.addEventListener("input", debounced(find, 250))
// Enter in a field sends nothing: what is published is pressed.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.target.type === "submit") return
  event.preventDefault()
  if (event.target === search) find()
})
where.addEventListener("change", find)
undoButton.addEventListener("click", undo)
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches?.("input, textarea, select")
  if (isTyping || event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return
  event.preventDefault()
  undo()
})
form.elements.at.addEventListener("change", askFill)
form.addEventListener("submit", (event) => {
  const name = event.submitter?.name
  isLeaving = ["_publish", "_schedule", "_search"].includes(name)
})
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && JSON.stringify(layout) !== asOpened) event.preventDefault()
})
