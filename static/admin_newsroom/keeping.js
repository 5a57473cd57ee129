// Keeps what is typed: on the server every few seconds, in the browser where no server answers.
// Nothing here is needed for saving; it needs no other module.
(() => {
  const EVERY = 4000 // milliseconds between two looks at what has changed
  const SIGN = 20000 // and between two signs of life when nothing has
  // What the page's scripts set by themselves is no change of the writer's.
  const OURS = new Set(["figures_ready"])

  function start() {
    const box = document.getElementById("desk-keeping")
    const form = document.getElementById("article_form")
    if (!box || !form || !form.querySelector('[name="_save"]')) return
    const data = box.dataset
    const line = document.getElementById("desk-kept")
    const token = form.elements.namedItem("keep_form").value
    const basedOn = Number(form.elements.namedItem("based_on").value || 0)
    const local = `newsroom:${data.user}:${data.url}`
    let sent = null
    let signed = 0
    let leaving = false

    const pairs = () => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string")
    const read = (typed) => JSON.stringify(typed.filter(([name]) => !OURS.has(name)))
    const opened = read(pairs()) // as the server sent it: the editor changes nothing by opening
    const say = (text) => {
      if (line && line.textContent !== text) line.textContent = text
    }
    const store = (typed) => {
      try {
        localStorage.setItem(local, JSON.stringify({ form: token, based_on: basedOn, pairs: typed, at: Date.now() }))
      } catch {
        // a full or forbidden store: the server has the last word
      }
    }
    const forget = () => {
      try {
        localStorage.removeItem(local)
      } catch {
        // nothing was kept there
      }
    }

    async function post(body) {
      const answer = await fetch(data.url, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.namedItem("csrfmiddlewaretoken").value },
        body: JSON.stringify(body),
      })
      if (answer.type === "opaqueredirect" || answer.status === 401) throw new Error("signedOut")
      if (answer.status === 403) throw new Error("refused")
      if (!answer.ok) throw new Error("offline")
      return answer.json()
    }

    async function look() {
      if (leaving) return
      const typed = pairs()
      const now = read(typed)
      const changed = now !== opened
      const news = changed && now !== sent
      if (!news && Date.now() - signed < SIGN) return
      if (news) store(typed)
      signed = Date.now()
      try {
        const told = await post({ form: token, based_on: basedOn, pairs: changed ? typed : null })
        if (news) {
          sent = now
          forget()
        }
        const present = document.getElementById("desk-present")
        present.hidden = !told.present
        if (present.textContent !== (told.present || "")) present.textContent = told.present || ""
        if (told.version > basedOn && basedOn) say(data.newer)
        else if (changed && told.kept) say(data.kept.replace("{time}", told.kept))
      } catch (error) {
        const words = { signedOut: data.signedOut, refused: data.refused }
        say(words[error.message] || data.offline)
      }
    }

    function offerLocal() {
      let kept = null
      try {
        kept = JSON.parse(localStorage.getItem(local))
      } catch {
        return
      }
      if (!kept || kept.form === token) return
      const note = document.createElement("p")
      note.className = "desk-note desk-unsaved"
      note.append(data.local.replace("{time}", new Date(kept.at).toLocaleString(document.documentElement.lang)), " ")
      const button = (text, act) => {
        const made = document.createElement("button")
        made.type = "button"
        made.className = "button"
        made.textContent = text
        made.addEventListener("click", act)
        note.append(made, " ")
      }
      button(data.take, async () => {
        try {
          await post(kept)
        } catch (error) {
          say({ signedOut: data.signedOut, refused: data.refused }[error.message] || data.offline)
          return
        }
        forget()
        leaving = true
        location.reload()
      })
      button(data.drop, () => {
        forget()
        note.remove()
      })
      box.before(note)
    }

    // One press is enough: a second one while the first is under way does nothing.
    form.addEventListener("submit", (event) => {
      if (leaving) {
        event.preventDefault()
        return
      }
      leaving = true
      store(pairs())
      setTimeout(() => (leaving = false), 10000)
    })
    window.addEventListener("pageshow", () => {
      leaving = false
    })
    window.addEventListener("pagehide", () => {
      const gone = new FormData()
      gone.append("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value)
      gone.append("leave", "1")
      if (basedOn) navigator.sendBeacon(data.url, gone)
    })
    // A form that was saved comes back with a message: what the browser kept of it is done with.
    if (document.querySelector(".messagelist :is(.success, .info)")) forget()
    offerLocal()
    setTimeout(look, 1500)
    setInterval(look, EVERY)
  }

  document.addEventListener("DOMContentLoaded", start)
  document.addEventListener("click", (event) => {
    const asked = event.target.closest?.("[data-confirm]")
    if (asked && !window.confirm(asked.dataset.confirm)) event.preventDefault()
  })
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const pressed = { s: '[name="_save"]', Enter: "[data-primary]" }[event.key]
    const button = pressed && document.querySelector(`.desk-bar ${pressed}`)
    if (!button) return
    event.preventDefault()
    button.click()
  })
})()
