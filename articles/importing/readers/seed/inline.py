"""Markdown inside a line: links, images, emphasis and backslash escapes.

Decides what is a sign and what is text, and gives the text without signs together with what the
signs said. Whether an address is safe is decided in ``addresses``; what a line means, elsewhere.
The work is linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from articles.importing.readers.seed.structure import Link, Mark

# A target: no blanks but single ones, brackets one deep; as wide as the word check reads it.
TARGET = re.compile(
    r"\((?P<target>(?:[^()\s<]|\([^()]*+\)|<[^<>]*+>|<|\s(?=[^\s]))*+)\)",
)
_TITLED = re.compile(r"""(?P<url>\S*)\s+(?P<quote>["'])(?P<title>.*)(?P=quote)\Z""", re.S)
_LIKE_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.\-\s]{0,30}:|/|\.{1,2}/|#|\?|<)", re.I)
_TOKEN = re.compile(r"\\[!-/:-@\[-`{-~]|!\[|\[|\]|\*+|_+|~~|`|\ue000")
_BLANKS = re.compile(r"\s+")
_BAR = "\ue000"  # stands for an escaped bar while cells are split
_KINDS = {("*", 1): "em", ("_", 1): "em", ("*", 2): "strong", ("_", 2): "strong", ("~", 2): "s"}


@dataclass(slots=True)
class Image:
    """An image mark: what stood between the brackets, and the target as written."""

    alt: str
    target: str
    title: str | None
    at: int
    link: str | None = None


@dataclass(slots=True)
class Inline:
    """A text without signs; offsets of links, marks and images count in it."""

    text: str
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)


def protect_bars(text: str) -> str:
    """Hide escaped bars, so that cells can be split at the others."""
    return text.replace("\\|", _BAR) if "\\|" in text else text


def restore_bars(text: str) -> str:
    """Undo ``protect_bars`` for a text that is kept as written."""
    return text.replace(_BAR, "\\|")


def plain(text: str) -> str:
    """The text of a line without its signs."""
    return parse(text).text


def parse(text: str) -> Inline:
    """Read the signs in a text."""
    if not _TOKEN.search(text):
        return Inline(_BLANKS.sub(" ", text).strip())
    return _Scanner(text).run()


class _Scanner:
    """One pass over a text. Pieces are only ever added or emptied, so that what is recorded can
    name a piece by its index; offsets are counted at the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.brackets: list[tuple[int, bool]] = []  # piece index, is it an image
        self.nested: list[bool] = []  # does a pair of plain brackets lie inside
        self.openers: dict[tuple[str, int], list[int]] = {}
        self.links: list[tuple[int, int, str, str | None]] = []
        self.marks: list[tuple[str, int, int]] = []
        self.images: list[tuple[int, Image]] = []

    def run(self) -> Inline:
        at = 0
        while found := _TOKEN.search(self.text, at):
            if found.start() > at:
                self.pieces.append(self.text[at : found.start()])
            at = self._sign(found.group(), found.start(), found.end())
        self.pieces.append(self.text[at:])
        return self._result()

    def _sign(self, sign: str, start: int, end: int) -> int:
        if sign == _BAR:
            self.pieces.append("|")
        elif sign[0] == "\\":
            self.pieces.append(sign[1])
        elif sign in ("[", "!["):
            self.brackets.append((len(self.pieces), sign == "!["))
            self.nested.append(False)
            self.pieces.append(sign)
        elif sign == "]":
            return self._closing_bracket(end)
        else:
            self._emphasis(sign, start, end)
        return end

    def _closing_bracket(self, end: int) -> int:
        if not self.brackets:
            self.pieces.append("]")
            return end
        opened, is_image = self.brackets.pop()
        has_brackets = self.nested.pop()
        target = TARGET.match(self.text, end) if end < len(self.text) else None
        address = _address(target.group("target")) if target and not has_brackets else None
        if target is None or address is None:
            if self.nested:
                self.nested[-1] = True
            self.pieces.append("]")
            return end
        if is_image:
            alt = "".join(self.pieces[opened + 1 :])
            del self.pieces[opened:]
            self._forget(opened)
            self.images.append((opened, Image(_squeeze(alt), *address, at=0)))
        else:
            self.pieces[opened] = ""
            self._linked(opened, *address)
        return target.end()

    def _linked(self, opened: int, url: str, title: str | None) -> None:
        self.links.append((opened, len(self.pieces), url, title))
        for index, image in reversed(self.images):
            if index < opened:
                break
            image.link = image.link or url

    def _forget(self, index: int) -> None:
        """Drop what was recorded inside an image's alt text."""
        for stack in self.openers.values():
            while stack and stack[-1] >= index:
                stack.pop()
        while self.marks and self.marks[-1][1] >= index:
            self.marks.pop()

    def _emphasis(self, token: str, start: int, end: int) -> None:
        before = self.text[start - 1] if start else " "
        after = self.text[end] if end < len(self.text) else " "
        sign, width = token[0], len(token)
        self.pieces.append(token)
        if width > 3 or (sign == "`" and width != 1):
            return
        word = sign == "_"
        closes = not before.isspace() or width == 2
        opens = not after.isspace()
        if word or sign == "`":
            closes = closes and not after.isalnum()
            opens = opens and not before.isalnum()
        stack = self.openers.setdefault((sign, width), [])
        if closes and stack and stack[-1] < len(self.pieces) - 2:
            self._close(stack.pop(), len(self.pieces) - 1, sign, width)
        elif opens:
            stack.append(len(self.pieces) - 1)

    def _close(self, opener: int, closer: int, sign: str, width: int) -> None:
        self.pieces[opener] = self.pieces[closer] = ""
        if width == 3:
            self.marks += [("strong", opener, closer), ("em", opener, closer)]
        else:
            self.marks.append((_KINDS.get((sign, width), "code"), opener, closer))

    def _result(self) -> Inline:
        offsets, total = [0], 0
        for piece in self.pieces:
            total += len(piece)
            offsets.append(total)
        place = _Places("".join(self.pieces))
        last = len(self.pieces)  # what lay inside an alt text points past the end
        result = Inline(place.text)
        for opened, closed, url, title in self.links:
            start, end = place.span(offsets[min(opened, last)], offsets[min(closed, last)])
            result.links.append(Link(place.text[start:end], url, start, end, title))
        result.links.sort(key=lambda link: (link.start, link.end))
        for kind, opened, closed in self.marks:
            start, end = place.span(offsets[min(opened, last)], offsets[min(closed, last)])
            if start < end:
                result.marks.append(Mark(kind, start, end))
        result.marks.sort(key=lambda mark: (mark.start, -mark.end))
        for index, image in self.images:
            image.at = place.of(offsets[min(index, last)])
            result.images.append(image)
        return result


class _Places:
    """A text with its runs of blanks made single, and where each place of it went."""

    def __init__(self, raw: str) -> None:
        lead = len(raw) - len(raw.lstrip())
        self.text = _squeeze(raw)
        self.starts, self.shifts = [0], [0]
        shift = lead
        if lead:
            self.starts.append(lead)
            self.shifts.append(lead)
        for found in re.finditer(r"\s{2,}", raw.rstrip()):
            if found.start() >= lead:
                shift += found.end() - found.start() - 1
                self.starts.append(found.end())
                self.shifts.append(shift)

    def of(self, offset: int) -> int:
        shift = self.shifts[bisect_right(self.starts, offset) - 1]
        return max(0, min(len(self.text), offset - shift))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch went, without the blanks at its ends."""
        start, end = self.of(start), self.of(end)
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return start, end


def _squeeze(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _address(target: str) -> tuple[str, str | None] | None:
    """The address and title in a target; None if the brackets hold words, not an address."""
    inner = target.strip()
    titled = _TITLED.match(inner)
    title = None
    if titled:
        inner, title = titled.group("url"), _squeeze(titled.group("title"))
    if inner.startswith("<") and inner.endswith(">"):
        inner = inner[1:-1].strip()
    if re.search(r"\s", inner) and not _LIKE_ADDRESS.match(inner):
        return None
    return inner, title or None
