// Addresses of preview links: selected as a whole, and copied at a press.
for (const input of document.querySelectorAll(".desk-link input[readonly]")) {
  input.addEventListener("focus", () => input.select())
}
for (const copy of document.querySelectorAll(".desk-copy")) {
  if (!navigator.clipboard) continue
  copy.hidden = false
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(copy.dataset.copies).value)
    copy.textContent = copy.dataset.done
  })
}
