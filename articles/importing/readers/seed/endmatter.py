"""What stands after a story, and notes anywhere in it.

Decides whether a line is a source line, a line of tags, a note or a heading of related stories,
and what it names. Where such a line may stand is decided by the caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from articles.importing.readers.seed import agencies, names
from articles.importing.readers.seed.lists import alternatives, entries, fold, folded, table
from articles.importing.readers.seed.texts import count_words, ends_sentence

_BRACKETED = re.compile(r"\A[(（\[［【]\s*(.{1,120}?)\s*[)）\]］】]\.?\Z")
_TAIL = re.compile(
    r"(?:(?<=[.!?…。”\"»’)।/])\s*|\s+)(?P<raw>[—–-]{1,2}\s?(?P<name>[^—–.!?:;\s][^—–.!?:;]{0,40}))\.?\Z"
)
_COLON = r"\s*[:：=＝]\s*"


@dataclass(frozen=True, slots=True)
class Source:
    """The names a source line gives; ``sure`` if a label or the list says that it is one."""

    names: list[str]


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(table('sources')['labels'])}){_COLON}", re.I)


@cache
def _opening() -> re.Pattern[str]:
    words = table("sources")["openings"]
    return re.compile(
        rf"(?:{alternatives(words)})(?:\s+|(?<=['’])|(?<=[据據]))(?:the\s+|the\s+|l['’]\s?|la\s+|der\s+|den\s+|dem\s+|el\s+|a\s+|o\s+)?",
        re.I,
    )


@cache
def _ending() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{alternatives(table('sources')['endings'])})\s*\Z", re.I)


@cache
def _distributed() -> re.Pattern[str]:
    words = alternatives(table("sources")["distributed"])
    return re.compile(
        rf"(?:copyright\s*)?(?:©|\(c\))\s*(?:\d{{4}}\s*,?\s*)?(?P<paper>[^.]{{2,60}})\.\s*(?:{words})\s+(?P<agency>[^.]{{2,60}})\.?\Z",
        re.I,
    )


def source(text: str) -> Source | None:
    """Read a source line."""
    line = text.strip()
    return _source(line) if 0 < len(line) <= 160 else None


@lru_cache(maxsize=8192)
def _source(line: str) -> Source | None:
    if found := _distributed().match(line):
        return Source([found.group("paper").strip(), found.group("agency").strip()])
    bracket = _BRACKETED.match(line)
    inner = bracket.group(1) if bracket else line
    if found := _label().match(inner):
        return _labelled(inner[found.end() :])
    return _bare(inner) or _opened(inner) or _ended(inner)


def _labelled(rest: str) -> Source | None:
    rest = rest.strip(" .")
    if not rest or count_words(rest) > 16:
        return None
    listed = agencies.split(rest)
    if any(count_words(one) > 10 for one in listed):
        return None
    return Source(listed)


def _bare(inner: str) -> Source | None:
    """``VNA``, ``(AP)``, ``Brack Herald/VOV``: one part on the list is enough."""
    inner = inner.strip(" .")
    if inner.startswith(("—", "–", "- ")):
        inner = inner.lstrip("—–- ")
    if count_words(inner) > 12 or len(inner) > 80:
        return None
    listed = agencies.split(inner)
    if not listed or not any(agencies.is_source_name(one) for one in listed):
        return None
    if all(
        agencies.is_source_name(one) or (count_words(one) <= 5 and _name_like(one))
        for one in listed
    ):
        return Source(listed)
    return None


def _name_like(text: str) -> bool:
    return names.is_name(text) or bool(re.match(r"[A-Z0-9][\w.+-]{1,20}\Z", text))


def _opened(inner: str) -> Source | None:
    found = _opening().match(inner)
    if not found:
        return None
    rest = inner[found.end() :].strip(" .")
    listed = agencies.split(rest)
    if not listed or count_words(rest) > 10:
        return None
    if all(agencies.is_source_name(one) for one in listed):
        return Source(listed)
    opening = fold(found.group().strip())
    sure = opening in ("according to", "theo", "source", "nguồn", "dẫn nguồn") or any(
        agencies.is_source_name(one) for one in listed
    )
    if sure and all(_name_like(one) and count_words(one) <= 5 for one in listed):
        return Source(listed) if not ends_sentence(inner) or count_words(inner) <= 6 else None
    return None


def _ended(inner: str) -> Source | None:
    found = _ending().search(inner)
    if not found or not found.start():
        return None
    listed = agencies.split(inner[: found.start()])
    if listed and all(agencies.is_source_name(one) for one in listed):
        return Source(listed)
    return None


def source_tail(text: str) -> tuple[str, str, Source] | None:
    """Cut ``— VNS`` from behind the last sentence: what remains, the raw tail, its names."""
    found = _TAIL.search(text[-60:])
    if not found:
        return None
    start = max(0, len(text) - 60) + found.start("raw")
    before = text[:start].rstrip()
    listed = agencies.split(found.group("name").strip(" ."))
    if not listed or not any(agencies.is_source_name(one) for one in listed):
        return None
    if not ends_sentence(before) and not before.endswith("./."):
        return None
    return before, text[start:].strip(), Source(listed)


def byline_with_source(text: str) -> tuple[str, str, Source] | None:
    """Split ``Lan Chi (Theo VNE)`` into the byline, the raw source and its names."""
    found = re.match(
        r"(?P<name>[^()（）]{2,60}?)\s*(?P<raw>[(（][^()（）]{2,60}[)）])\.?\Z", text.strip()
    )
    if not found:
        return None
    inner = source(found.group("raw"))
    name = found.group("name")
    if inner is None or not (names.is_lone_name(name) or names.is_initials(name)):
        return None
    return name, found.group("raw"), inner


@cache
def _tags() -> re.Pattern[str]:
    labels = alternatives(entries("tags"))
    return re.compile(rf"#?\s*(?:{labels}){_COLON}(?P<rest>.*)\Z", re.I | re.S)


def tags(text: str) -> list[str] | None:
    """Read a line of tags; an empty list if only the label stands there."""
    found = _tags().match(text.strip())
    if not found:
        only_hashes = re.fullmatch(r"(?:#[\w-]{2,40}[\s,;]*){2,20}", text.strip())
        return re.findall(r"#([\w-]+)", text) if only_hashes else None
    rest = found.group("rest").strip()
    parts = re.split(r"\s*[,;،、，；|•·#]\s*", rest)
    if any(count_words(part) > 8 for part in parts) or (
        ends_sentence(rest) and count_words(rest) > 8
    ):
        return None
    return [part.strip(" .") for part in parts if part.strip(" .")]


@cache
def _note_labels() -> re.Pattern[str]:
    parts = [
        f"(?P<{kind}>{alternatives(labels)})" for kind, labels in table("notes")["labels"].items()
    ]
    return re.compile(
        rf"[(\[（【]?\s*(?:{'|'.join(parts)})\s*(?P<more>[(（\[][^)）\]]{{1,60}}[)）\]]|[^:：.!?]{{1,24}}\d[^:：.!?]{{0,16}}(?::\d\d\b[^:：.!?]{{0,16}})?)?\s*[:：–—】\]]",
        re.I,
    )


@cache
def _note_sentences() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile(rf"[(\[（]?\s*(?:{alternatives(starts)})", re.I))
        for kind, starts in table("notes")["sentences"].items()
    )


def note(text: str) -> str | None:
    """Say what kind of note a line is; None if it is none."""
    return _note(text.strip()[:200])


@lru_cache(maxsize=8192)
def _note(head: str) -> str | None:
    found = _note_labels().match(head)
    if found and head[found.end() :].strip(" .)]"):
        kind = found.lastgroup if found.lastgroup != "more" else None
        return kind or next(
            name for name, value in found.groupdict().items() if value and name != "more"
        )
    for kind, pattern in _note_sentences():
        if pattern.match(head):
            return kind
    return None


_RELATED_EDGE = " \t:：>»›→|*_#-–—.!…↓▶►■◆【】[]()（）"


def is_related_heading(text: str) -> bool:
    """Tell whether a whole line is a heading of related stories."""
    return len(text) <= 80 and fold(text.strip(_RELATED_EDGE)) in _related_keys()


@cache
def _related_keys() -> frozenset[str]:
    return frozenset(entry.strip(" :") for entry in folded("related"))


@cache
def _related_opening() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<heading>[\[【(（]?\s*(?:{alternatives(entries('related'))})\s*[\])）】]?\s*(?:[:：>»›→|]|\s[–—-](?=\s))+)\s*(?P<title>\S.*)\Z",
        re.I | re.S,
    )


def inline_related(text: str) -> tuple[str, str] | None:
    """Split ``Read more: Title`` into heading and title."""
    return _inline_related(text.strip()) if len(text) <= 600 else None


@lru_cache(maxsize=8192)
def _inline_related(text: str) -> tuple[str, str] | None:
    found = _related_opening().match(text)
    if not found:
        return None
    return found.group("heading").strip(), found.group("title").strip()
