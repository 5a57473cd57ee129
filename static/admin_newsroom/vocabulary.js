// What a schema can write, to be compared with what the server stores.
import { pm } from "django-prose-editor/editor"

const { DOMSerializer } = pm.model

// Attributes with values that differ from their defaults, so that none is left out.
function probes(type, levels) {
  const names = Object.keys(type.attrs ?? type.spec.attrs ?? {})
  const values = names.map((name) => {
    const fallback = type.spec.attrs?.[name]?.default
    return [name, typeof fallback === "number" ? fallback + 1 : "x"]
  })
  const plain = Object.fromEntries(values)
  return "level" in plain ? levels.map((level) => ({ ...plain, level })) : [plain]
}

function collect(written, output) {
  const { dom } = DOMSerializer.renderSpec(document, output)
  if (dom.nodeType !== Node.ELEMENT_NODE) return
  for (const one of [dom, ...dom.querySelectorAll("*")]) {
    const names = (written[one.tagName.toLowerCase()] ??= new Set())
    for (const { name } of one.attributes) names.add(name)
  }
}

// Returns { tag: [attributes] } of everything the schema's nodes and marks can write.
export function written(schema, levels) {
  const found = {}
  for (const type of Object.values(schema.nodes)) {
    if (!type.spec.toDOM) continue
    for (const attributes of probes(type, levels)) collect(found, type.spec.toDOM(type.create(attributes)))
  }
  for (const type of Object.values(schema.marks)) {
    for (const attributes of probes(type, levels)) collect(found, type.spec.toDOM(type.create(attributes), true))
  }
  return Object.fromEntries(Object.entries(found).map(([tag, names]) => [tag, [...names].sort()]))
}

// Returns the differences between two vocabularies, as words for whoever reads the console.
export function differences(mine, stored) {
  const words = []
  for (const tag of new Set([...Object.keys(mine), ...Object.keys(stored)])) {
    const [here, there] = [(mine[tag] ?? ["-"]).join(" "), (stored[tag] ?? ["-"]).join(" ")]
    if (here !== there) words.push(`<${tag}>: written ${here || "bare"}, stored ${there || "bare"}`)
  }
  return words
}
