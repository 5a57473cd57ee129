"""Bytes to clean lines of a seed document.

Decides the encoding, which files are no text at all, what a line is, and what is taken out of or
repaired in a line. Leaves the meaning of a line to the rest of the reader. Every line keeps its
text before cleaning, because markup is judged on what the file held, not on decoded entities.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from itertools import islice

MAX_BYTES = 16 * 1024 * 1024
LONG_LINE = 20_000

_SIGNATURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"%PDF-",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"\x1f\x8b",
    b"\x7fELF",
)
_CONTROL_BYTES = bytes(b for b in (*range(32), 127) if b not in (9, 10, 13))
_C0 = dict.fromkeys(_CONTROL_BYTES)
_NOTHING = re.compile(r"[\s\ufeff\u200b\u2060\x00]*+\Z")
_LINE_END = re.compile(r"\r\n|\r|\n")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPE = re.compile(
    r"\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|\x1b\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)"
    r"|\x1b[ -/]{0,8}[0-~]?"
    r"|\x9b[0-?]{0,64}[ -/]{0,8}[@-~]"
)
_SPACING_CONTROL = re.compile(r"[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_NO_BREAK = re.compile("[\u00a0\u202f\u2007]")
_INVISIBLE = re.compile("[\ufeff\u200b\u2060\u00ad\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")

# What UTF-8 looks like after being read as windows-1252: a lead byte, then continuation bytes.
# Strict pairs never stand in ordinary text. Loose ones may: `café\u00a0»` is one.
_CP1252_HIGH = bytes(range(0x80, 0xC0)).decode("cp1252", "replace").replace("\ufffd", "")
_CONT = "[" + re.escape(_CP1252_HIGH) + "\x80-\x9f]"
_MILD = "\u00a0‘’“”–—…›»‹«•˜·"
_STRICT = re.compile(
    f"[ÂÃ]\u00a0|[ÃÄÅÐÑØÙ](?![{_MILD}]){_CONT}|[ÂÆÇÚÛÎÏ×](?![{_MILD}ŠŽŒšžœŸƒ]){_CONT}"
    f"|[ÂÃÄÅÐÑ](?!\u00a0)[{_MILD}](?=\\w)|Â[{_MILD}]"
    f"|â€|[à-ï](?![{_MILD}]){_CONT}{{2}}|ð{_CONT}{{3}}"
)
_LOOSE = re.compile(f"[Â-ß]{_CONT}|[à-ï]{_CONT}{{2}}")
_LOOSE_ENOUGH = 4


@dataclass(slots=True)
class Line:
    """One physical line: its number from 1, its text as decoded, and its clean text."""

    n: int
    raw: str
    text: str


@dataclass(slots=True)
class Decoded:
    """The lines of a file with what was noticed while decoding, or the reason for refusing it."""

    lines: list[Line] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    error: str | None = None

    def flag(self, code: str) -> None:
        if code not in self.flags:
            self.flags.append(code)


def decode(data: bytes) -> Decoded:
    """Turn the bytes of a file into clean lines."""
    result = Decoded()
    result.error = _refusal(data)
    if result.error:
        return result
    text = _text(data, result)
    if text is None:
        result.error = "undecodable"
    elif _NOTHING.match(text):
        result.error = "whitespace_only"
    elif _controls(text) * 10 > len(text):
        result.error = "not_text"
    else:
        _fill(text, result)
    return result


def _refusal(data: bytes) -> str | None:
    if not data:
        return "empty_file"
    if len(data) > MAX_BYTES:
        return "too_large"
    if data.startswith(_SIGNATURES):
        return "not_text"
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and not data.strip(b"\0 \t\r\n") and data.strip(b" \t\r\n"):
        return "not_text"
    if not wide and (len(data) - len(data.translate(None, _CONTROL_BYTES))) * 10 > len(data):
        return "not_text"
    return None


def _text(data: bytes, result: Decoded) -> str | None:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            result.flag("bom_removed")
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                if encoding != "utf-8":
                    return None
                data = data[len(mark) :]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    result.flag("encoding_guessed")
    return text


def _controls(text: str) -> int:
    # C1 controls are left out: they are what garbled text of other alphabets consists of.
    return len(text) - len(text.translate(_C0))


def _fill(text: str, result: Decoded) -> None:
    if "\r" in text:
        result.flag("crlf_normalised")
    parts = _LINE_END.split(text)
    if parts and not parts[-1]:
        parts.pop()
    for number, raw in enumerate(parts, 1):
        result.lines.append(Line(number, raw, _clean(raw, result)))


def _clean(raw: str, result: Decoded) -> str:
    text = raw
    if len(text) > LONG_LINE:
        result.flag("very_long_line")
    if text.isascii() and text.isprintable() and "&" not in text:
        return text
    if not text.isascii():
        text = _repaired(text, result)
    text = _without_controls(text, result)
    if "&" in text:
        decoded = _ENTITY.sub(_entity, text)
        if decoded != text:
            result.flag("entities_decoded")
            text = decoded
    if _NO_BREAK.search(text):
        result.flag("nbsp_normalised")
        text = _NO_BREAK.sub(" ", text)
    text = _INVISIBLE.sub("", text)
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        result.flag("unicode_normalised")
    return composed


def _without_controls(text: str, result: Decoded) -> str:
    spaced = _SPACING_CONTROL.sub(" ", _ESCAPE.sub("", text))
    clean = _CONTROL.sub("", spaced)
    if clean != text and _controls_in(text):
        result.flag("control_characters_removed")
    return clean


def _controls_in(text: str) -> bool:
    return any(unicodedata.category(c) == "Cc" and c != "\t" for c in set(text))


def _entity(found: re.Match[str]) -> str:
    decoded = html.unescape(found.group())
    if not decoded or "\ufffd" in decoded or _CONTROL.search(decoded):
        return found.group()
    return " " if decoded.isspace() and decoded != "\u00a0" else decoded


def _garbled(text: str) -> bool:
    if _STRICT.search(text):
        return True
    return len(list(islice(_LOOSE.finditer(text), _LOOSE_ENOUGH))) == _LOOSE_ENOUGH


def _repaired(text: str, result: Decoded) -> str:
    if "\ufffd" in text:
        result.flag("mojibake_suspected")
    for _ in range(3):
        if not _garbled(text):
            break
        back = _back(text)
        if back is None:
            result.flag("mojibake_suspected")
            break
        text = back
        result.flag("mojibake_repaired")
    return text


def _back(text: str) -> str | None:
    """The text whose UTF-8 bytes, read as windows-1252, gave this one; None if there is none."""
    raw = bytearray()
    for character in text:
        try:
            raw += character.encode("cp1252")
        except UnicodeEncodeError:
            if not 0x80 <= ord(character) <= 0x9F:
                return None
            raw.append(ord(character))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
