// The signs of the editor's buttons, drawn on a grid of 24 with the colour of the text.

const DRAWINGS = {
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zm0 7h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M10 5h8M6 19h8M14 5l-4 14",
  strike: "M4 12h16M17 8a4 3.2 0 0 0-5-3c-3 0-4.5 1.5-4.5 3.5S9 11.5 12 12c3 .5 5 1.5 5 3.5S15 19 12 19a5 3.5 0 0 1-5-3",
  sub: "M4 6l9 11M13 6L4 17M16.5 16.5a2 2 0 1 1 3.5 1.3L16.5 22H21",
  sup: "M4 8l9 11M13 8L4 19M16.5 4.5a2 2 0 1 1 3.5 1.3L16.5 10H21",
  bullets: "M9 6h12M9 12h12M9 18h12M4 6h.01M4 12h.01M4 18h.01",
  numbers: "M10 6h11M10 12h11M10 18h11M3.5 4.5L5 4v5M3.5 15.5a1.5 1.5 0 1 1 2.7 1L3.5 20H7",
  quote: "M10 7H5v5h5zm0 5c0 3-1.5 4.5-4 5M19 7h-5v5h5zm0 5c0 3-1.5 4.5-4 5",
  cite: "M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20c.5-4 3-6 7-6s6.5 2 7 6",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6l-1.5 1.5M14 10a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1.5-1.5",
  photo: "M20 12v7H4V6h9M4 16l4.5-4.5 4 4L15 13l5 5M19 3v6M16 6h6",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  rowBefore: "M4 13h16v7H4zM12 13v7M12 10V3M8.5 6.5h7",
  rowAfter: "M4 4h16v7H4zM12 4v7M12 14v7M8.5 17.5h7",
  rowGone: "M4 8h16v8H4zM9 10l6 4M15 10l-6 4",
  columnBefore: "M13 4h7v16h-7zM13 12h7M10 12H3M6.5 8.5v7",
  columnAfter: "M4 4h7v16H4zM4 12h7M14 12h7M17.5 8.5v7",
  columnGone: "M8 4h8v16H8zM10 9.5l4 5M14 9.5l-4 5",
  headerRow: "M4 5h16v14H4zM4 10h16M4 8.3h16M4 6.7h16M10 10v9",
  tableGone: "M20 11V5H4v14h8M4 10h16M10 5v14M16 15l5 5M21 15l-5 5",
  typography: "M5 9c0-3 1-4 3-5M9.5 9c0-3 1-4 3-5M15 4c2 1 3 2 3 5M4 19l4-8 4 8M5.5 16.5h5M15 19h5",
  find: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5L21 21",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  undo: "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9",
  redo: "M16 5l4 4-4 4M20 9H10a5.5 5.5 0 0 0 0 11h5",
  keys: "M3 7h18v11H3zM6.5 10.5h.01M10 10.5h.01M14 10.5h.01M17.5 10.5h.01M8 14.5h8",
  close: "M6 6l12 12M18 6L6 18",
}
const NAMESPACE = "http://www.w3.org/2000/svg"
// Signs that point along the line: they point the other way where the line runs from the right.
const TURNED = new Set(["undo", "redo", "columnBefore", "columnAfter", "bullets", "numbers"])

export function icon(name) {
  const svg = document.createElementNS(NAMESPACE, "svg")
  const values = { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true", focusable: "false" }
  for (const [key, value] of Object.entries(values)) svg.setAttribute(key, value)
  svg.setAttribute("class", TURNED.has(name) ? "desk-icon desk-icon-turned" : "desk-icon")
  const path = document.createElementNS(NAMESPACE, "path")
  path.setAttribute("d", DRAWINGS[name])
  svg.append(path)
  return svg
}
