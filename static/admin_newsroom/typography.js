// Typography on demand: typewriter signs become the signs of the story's language. Decides the
// signs only; positions are offsets into one paragraph's text, so that marks stay where they are.

const NARROW = "\u202f"
const FIXED = "\u00a0"
// Outer and inner quotation marks, each opening and closing; French has its blanks inside.
const QUOTES = {
  en: ["“", "”", "‘", "’"],
  vi: ["“", "”", "‘", "’"],
  de: ["„", "“", "‚", "‘"],
  fr: [`«${FIXED}`, `${FIXED}»`, "“", "”"],
  es: ["«", "»", "“", "”"],
  it: ["«", "»", "“", "”"],
  pt: ["“", "”", "‘", "’"],
  nl: ["“", "”", "‘", "’"],
  sv: ["”", "”", "’", "’"],
  fi: ["”", "”", "’", "’"],
  pl: ["„", "”", "‚", "’"],
  cs: ["„", "“", "‚", "‘"],
  ru: ["«", "»", "„", "“"],
  uk: ["«", "»", "„", "“"],
}
const UNITS = "%|‰|km|m|cm|mm|kg|g|t|ha|l|°C|°F|€|£|kWh|MW|GW|km/h|mph|tỷ|triệu|đồng|USD|EUR|VND|Mio\\.|Mrd\\.|million|billion|millions|milliards"
const OPENS_AFTER = /[\s([{<«‹“„‘‚—–\-/\u00a0\u202f]/u
const ADDRESS = /\b(?:https?:\/\/|www\.)\S+|\S+@\S+\.\S+/gu

export function languageOf(tag) {
  return (tag || "").toLowerCase().split("-")[0]
}

// Returns the changes of one paragraph: [from, to, text], in order and apart from each other.
export function improvements(text, tag) {
  const language = languageOf(tag)
  const edits = [
    ...quotes(text, language),
    ...matches(text, /\.{3}/gu, () => "…"),
    ...dashes(text, language),
    ...blanks(text, language),
  ]
  const addresses = [...text.matchAll(ADDRESS)].map((one) => [one.index, one.index + one[0].length])
  const inAddress = ([from, to]) => addresses.some(([start, end]) => from < end && to > start)
  edits.sort((one, other) => one[0] - other[0] || one[1] - other[1])
  const apart = []
  for (const edit of edits) {
    const before = apart.at(-1)
    if (inAddress(edit) || (before && edit[0] < before[1])) continue
    if (text.slice(edit[0], edit[1]) !== edit[2]) apart.push(edit)
  }
  return apart
}

function matches(text, pattern, write) {
  return [...text.matchAll(pattern)].map((one) => [one.index, one.index + one[0].length, write(one)])
}

function quotes(text, language) {
  const [open, close, innerOpen, innerClose] = QUOTES[language] || QUOTES.en
  const edits = []
  let outer = false
  let inner = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]
    if (sign !== '"' && sign !== "'") continue
    const opens = at === 0 || OPENS_AFTER.test(text[at - 1]) || (text[at - 1] === '"' && !inner)
    const digitBefore = /\d/.test(text[at - 1] || "")
    if (sign === '"') {
      if (!outer && opens) {
        edits.push([at, at + 1, open])
        outer = true
      } else if (outer) {
        edits.push([at, at + 1, close])
        outer = false
      }
    } else if (opens && !inner && closesLater(text, at)) {
      edits.push([at, at + 1, innerOpen])
      inner = true
    } else if (inner && !/\p{L}/u.test(text[at + 1] || "")) {
      edits.push([at, at + 1, innerClose])
      inner = false
    } else if (!digitBefore) {
      edits.push([at, at + 1, "’"])
    }
  }
  return edits
}

// Whether a single quote that may open has one that closes: "'n' roll" and "the '90s" have none.
function closesLater(text, at) {
  return /^'\p{L}[^']*(?:'\p{L}[^']*)*[\p{L}\d.,!?…]'(?!\p{L})/u.test(text.slice(at))
}

function dashes(text, language) {
  const between = language === "en" ? "—" : "–"
  return [
    ...matches(text, /(?<=[^\s-])[ \u00a0](?:--?|–)(?= [^\s-])/gu, () => `${FIXED}${between}`),
    ...matches(text, /(?<=[\p{L}\d,”"])--(?=[\p{L}“"])/gu, () => "—"),
    ...matches(text, /^--? (?=\S)/gu, () => `${language === "fr" || language === "vi" ? "–" : between} `),
  ]
}

function blanks(text, language) {
  const edits = matches(text, new RegExp(`(?<=\\d) (?=(?:${UNITS})(?![\\p{L}\\d]))`, "gu"), () => FIXED)
  if (language === "fr") {
    edits.push(
      ...matches(text, /(?<=[\p{L}\d)»”"]) ?(?=[;!?]+(?:\s|$|[»”"]))/gu, () => NARROW),
      ...matches(text, /(?<=\S) (?=:(?:\s|$))/gu, () => FIXED),
      ...matches(text, /(?<=«) ?(?=\S)/gu, () => FIXED),
      ...matches(text, /(?<=[^\s\u00a0\u202f]) ?(?=»)/gu, () => FIXED),
    )
  }
  if (language === "en") edits.push(...matches(text, /(?<=\b(?:Mr|Mrs|Ms|Dr|No|p)\.?) (?=[\p{Lu}\d])/gu, () => FIXED))
  if (language === "de") {
    edits.push(
      ...matches(text, /(?<=\b[zdu]\.) ?(?=[BhaU]\.)/gu, () => FIXED),
      ...matches(text, /(?<=(?:§|\bNr\.|\bDr\.|\bS\.)) (?=[\p{Lu}\d])/gu, () => FIXED),
    )
  }
  if (language === "vi") edits.push(...matches(text, /(?<=\b(?:TP|Q|P)\.) ?(?=[\p{Lu}\d])/gu, () => FIXED))
  return edits
}
