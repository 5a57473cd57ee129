// The photo library: uploads with progress, and the focal point set on the picture itself. Both are
// plain forms that work without this script.
const SIDE_BY_SIDE = 2

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

function startUploads(form) {
  const input = form.querySelector("input[type=file]")
  const list = document.getElementById("desk-results")
  const status = document.getElementById("desk-upload-status")
  const many = document.getElementById("desk-upload-many")
  const words = form.dataset
  const queue = []
  const taken = new Set()
  let running = 0
  let all = 0
  let done = 0

  const tell = () => {
    status.textContent = words.status.replace("{done}", done).replace("{all}", all)
  }

  function line(file) {
    const bar = make("progress", { max: 1, value: 0 })
    bar.setAttribute("aria-label", words.sending.replace("{name}", file.name))
    const note = make("p", { textContent: words.waiting })
    const name = make("strong", { textContent: file.name, dir: "auto", className: "desk-result-name" })
    const item = make("li", { className: "desk-result" }, make("span"), make("div", {}, make("p", {}, name), bar, note))
    list.append(item)
    return { file, item, bar, note }
  }

  function finish(job, html) {
    const page = new DOMParser().parseFromString(`<ul>${html}</ul>`, "text/html")
    const answer = page.querySelector("li")
    if (!answer) return fail(job, words.signedOut)
    job.item.replaceWith(answer)
    const photo = answer.querySelector("[data-photo]")?.dataset.photo
    if (photo) {
      taken.add(photo)
      many.href = words.many + [...taken].join(",")
      many.hidden = false
    }
    ended()
  }

  function fail(job, message) {
    job.item.classList.add("refused")
    job.bar.remove()
    const again = make("button", { type: "button", className: "button", textContent: words.again })
    again.addEventListener("click", () => {
      job.item.remove()
      done -= 1
      queue.push(line(job.file))
      next()
    })
    job.note.replaceChildren(message, " ", again)
    ended()
  }

  function ended() {
    running -= 1
    done += 1
    tell()
    next()
  }

  function send(job) {
    const body = new FormData()
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
    body.append("fragment", "1")
    body.append("files", job.file, job.file.name)
    const request = new XMLHttpRequest()
    job.note.textContent = ""
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) job.bar.value = event.loaded / event.total
    })
    request.upload.addEventListener("load", () => {
      job.bar.removeAttribute("value")
      job.note.textContent = words.reading
    })
    request.addEventListener("load", () => {
      if (request.status === 200) finish(job, request.responseText)
      else fail(job, request.status === 403 ? words.signedOut : `${words.failed} (${request.status})`)
    })
    request.addEventListener("error", () => fail(job, words.failed))
    request.open("POST", form.getAttribute("action") || location.pathname)
    request.send(body)
  }

  function next() {
    while (running < SIDE_BY_SIDE && queue.length) {
      running += 1
      send(queue.shift())
    }
  }

  function add(files) {
    const chosen = [...files]
    all += chosen.length
    queue.push(...chosen.map(line))
    tell()
    next()
  }

  form.querySelector("[data-scripted]").hidden = false
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    add(input.files)
    input.value = ""
  })
  form.addEventListener("dragover", (event) => {
    event.preventDefault()
    form.classList.add("over")
  })
  form.addEventListener("dragleave", () => form.classList.remove("over"))
  form.addEventListener("drop", (event) => {
    event.preventDefault()
    form.classList.remove("over")
    add(event.dataTransfer.files)
  })
  window.addEventListener("beforeunload", (event) => {
    if (running || queue.length) event.preventDefault()
  })
}

function startFocus(figure) {
  const across = document.getElementById("id_focal_x")
  const down = document.getElementById("id_focal_y")
  if (!across || !down) return
  const picture = figure.querySelector("img")
  const crops = [...document.querySelectorAll("[data-crop]")]
  const mark = make("button", { type: "button", className: "desk-focus-mark" })
  mark.setAttribute("aria-label", figure.dataset.label)
  figure.classList.add("live")
  figure.append(mark)

  const part = (value) => Math.min(1, Math.max(0, Number.parseFloat(value) || 0))

  // The same piece as the server cuts: the largest of its shape, as near to the point as edges let.
  function show() {
    const [x, y] = [part(across.value), part(down.value)]
    mark.style.left = `${x * picture.clientWidth}px`
    mark.style.top = `${y * picture.clientHeight}px`
    for (const crop of crops) {
      const [width, height] = [Number(crop.dataset.width), Number(crop.dataset.height)]
      const { width: w, height: h } = crop.viewBox.baseVal
      const left = Math.min(Math.max(x * width - w / 2, 0), width - w)
      const top = Math.min(Math.max(y * height - h / 2, 0), height - h)
      crop.setAttribute("viewBox", `${left} ${top} ${w} ${h}`)
    }
  }

  function move(x, y) {
    across.value = part(x).toFixed(3)
    down.value = part(y).toFixed(3)
    show()
  }

  function moveTo(event) {
    const box = picture.getBoundingClientRect()
    move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height)
  }

  picture.addEventListener("click", moveTo)
  mark.addEventListener("pointerdown", (event) => mark.setPointerCapture(event.pointerId))
  mark.addEventListener("pointermove", (event) => {
    if (mark.hasPointerCapture(event.pointerId)) moveTo(event)
  })
  mark.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 0.1 : 0.01
    const steps = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }
    const by = steps[event.key]
    if (!by) return
    event.preventDefault()
    move(part(across.value) + by[0], part(down.value) + by[1])
  })
  for (const input of [across, down]) input.addEventListener("input", show)
  picture.addEventListener("load", show)
  window.addEventListener("resize", show)
  show()
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("desk-upload")
  if (form) startUploads(form)
  const figure = document.querySelector("[data-focus]")
  if (figure) startFocus(figure)
})
