"""Photo credits: cut from the end of a caption.

Decides where the caption ends and the credit begins, and which part of the credit is the name.
Guesses nothing: without a sign of a credit the whole text is caption. Which line is a caption is
decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from articles.importing.readers.seed import agencies
from articles.importing.readers.seed.lists import alternatives, fold, table
from articles.importing.readers.seed.texts import count_words

_BRACKETED = re.compile(r"\s*([(（\[［【]([^()（）\[\]［］【】]{1,160})[)）\]］】])\s*[.。]?\s*\Z")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟][\"”’»」』)）]?\s+|[。！？」』]")
_CREDITING = re.compile(
    r"(?:AP|AFP|EPA|Pool|Reuters|File|Handout|Courtesy|Getty)\s+Photo|\bPhoto/|(?:Photo|摄|撮影|发)\Z"
)
_SEPARATOR = re.compile("[:：=＝/／・]|写真は")
_ENDS = (*'.!?…。！？।؟"”’»」』)）–—-|', "")
_NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Credit:
    """What a text says about who made a photo: ``raw`` as it stands, ``name`` without label.

    ``labelled`` is true if a label says that it is a credit; ``bracketed`` if it is in brackets.
    """

    caption: str
    raw: str
    name: str
    labelled: bool
    bracketed: bool = False


def cut(text: str) -> Credit | None:
    """Cut the credit from the end of a text; None if it has none."""
    text = text.strip()
    found = _cut(text[-300:])
    if found is None or len(text) <= 300:
        return found
    return replace(found, caption=(text[:-300] + found.caption).rstrip())


@lru_cache(maxsize=4096)
def _cut(tail: str) -> Credit | None:
    for find in (_in_brackets, _equals, _after_label, _before_word, _by, _copyright, _slashed):
        found = find(tail)
        if found:
            return replace(found, caption=found.caption.rstrip())
    return None


def is_only_credit(text: str) -> bool:
    """Tell whether a text is a credit and nothing else."""
    found = cut(text)
    return found is not None and not found.caption


def has_strong_credit(text: str) -> bool:
    """Tell whether a plain line says, by a label, that it ends in a photo credit."""
    return is_strong(cut(text))


def is_strong(found: Credit | None) -> bool:
    """Tell whether a credit has a label that only photos have."""
    return found is not None and found.labelled and _photo_words(found)


def _photo_words(found: Credit) -> bool:
    """A label for photos, not one that sources share."""
    label = fold(found.raw.strip("([（［【 –—-")).partition(":")[0].partition("：")[0].strip()
    return label not in _source_words()


@cache
def _source_words() -> frozenset[str]:
    return frozenset(fold(word) for word in table("credits")["sources"])


@cache
def _label() -> re.Pattern[str]:
    words = table("credits")["labels"]
    return re.compile(
        rf"(?:{alternatives(words)})\s*[:：=＝]\s*|(?:写真|画像|撮影|図|사진|图)\s*[=＝/／・]\s*|写真は",
        re.I,
    )


@cache
def _inner_label() -> re.Pattern[str]:
    lists = table("credits")
    labels, by = lists["labels"] + lists["sources"], lists["by"]
    return re.compile(
        rf"(?:{alternatives(labels)})\s*[:：=＝/／]\s*|(?:{alternatives(by)})\s+"
        rf"|(?:{alternatives(lists['after_dash'])})\s+(?=[^\W\d_a-z])",
        re.I,
    )


def _in_brackets(text: str) -> Credit | None:
    found = _BRACKETED.search(text)
    if not found:
        return None
    inner = found.group(2).strip()
    raw = text[found.start() :].strip()
    caption = text[: found.start()].rstrip()
    label = _inner_label().match(inner)
    if label and inner[label.end() :].strip():
        return Credit(caption, raw, inner[label.end() :].strip(" ."), True, True)
    if inner.startswith("©"):
        return Credit(caption, raw, _without_year(inner), True, True)
    if count_words(inner) <= 10 and _credits_someone(inner):
        plain = not re.search(r"[/／]|Photo|via", inner)
        return Credit(caption, raw, inner, labelled=not plain, bracketed=True)
    return None


def _credits_someone(inner: str) -> bool:
    parts = re.split(r"\s*[/／,、|–]\s*|\s+(?:via|and|و|и|und|et|y)\s+", inner)
    known = any(agencies.is_agency(part) or _is_service(part) for part in parts)
    return known or bool(_CREDITING.search(inner))


def _equals(text: str) -> Credit | None:
    """``＝共同`` at the end of a Japanese caption."""
    found = re.search(r"\s*[＝=]\s*([^＝=\s]{1,12})\Z", text)
    if not found or not agencies.is_agency(found.group(1)):
        return None
    raw = text[found.start() :].strip()
    return Credit(text[: found.start()], raw, found.group(1), labelled=False)


@cache
def _services() -> frozenset[str]:
    return frozenset(fold(name) for name in table("credits")["services"])


def _is_service(name: str) -> bool:
    return fold(name) in _services()


def _after_label(text: str) -> Credit | None:
    best = None
    if not _SEPARATOR.search(text):
        return None
    for found in _label().finditer(text):
        start = found.start()
        before = text[:start]
        if start and before[-1].isalnum() and not _dense(before[-1]):
            continue
        if found.group()[0].islower() and before.rstrip()[-1:] not in _ENDS:
            continue
        name = text[found.end() :].strip()
        if _is_name(name):
            best = best or (start, name)
    if best is None:
        return None
    start, name = best
    dash = re.search(r"\s*[–—|\-]\s*\Z", text[:start])
    start = dash.start() if dash and dash.end() > dash.start() else start
    return Credit(text[:start].rstrip(), text[start:].strip(), name.rstrip(". "), True)


def _dense(character: str) -> bool:
    return bool(re.match("[\u3040-\u9fff\uac00-\ud7af\u0e00-\u0eff]", character))


def _is_name(text: str) -> bool:
    """Tell whether a text may be who made a photo: short, and no sentence."""
    if not text or len(text) > _NAME_LIMIT or count_words(text) > 12:
        return False
    if text[0].islower() and not re.match(
        r"(?:dpa|epa|sda|via|imago|picture|detik|de|van|von)", text
    ):
        return False
    inner = re.sub(r"\b[A-ZÀ-ÞА-Я]{1,2}\.|\b\w{1,4}\.(?=\s*[A-Z/])", "", text.rstrip(". "))
    if re.search(r"[.!?。！？]\s|[:：]", inner):
        return False
    return not (text.endswith(".") and count_words(text) > 5)


@cache
def _tail() -> re.Pattern[str]:
    latin = [word for word in table("credits")["tails"] if word.isascii()]
    dense = [word for word in table("credits")["tails"] if not word.isascii()]
    return re.compile(
        rf"(?:(?<=\s)|\A)(\S{{1,60}}(?:\s[A-Z]\S{{0,30}}){{0,2}})\s+(?:{alternatives(latin)})\Z"
        rf"|[（(]?((?:\S{{2,20}}\s)?\S{{1,20}})\s+(?:{alternatives(dense)})[)）]?\Z"
    )


def _before_word(text: str) -> Credit | None:
    start = 0
    for ended in _SENTENCE_END.finditer(text):
        if ended.end() < len(text):
            start = ended.end()
    found = _tail().search(text[start:])
    if not found:
        return None
    name = found.group(1) or found.group(2)
    if found.group(2) is None and not ("/" in name or agencies.find(name)):
        return None
    if (
        agencies.find(name)
        and not agencies.is_agency(name.split("/")[0])
        and found.group(2) is None
    ):
        first = agencies.find(name) or ""
        name = name[name.index(first) :] if "/" not in name else name
    begin = start + found.start() + found.group().index(name)
    dash = re.search(r"[–—-]\s*\Z", text[:begin])
    begin = dash.start() if dash else begin
    return Credit(text[:begin].rstrip(), text[begin:].strip(), name, True)


@cache
def _opening() -> re.Pattern[str]:
    lists = table("credits")
    return re.compile(
        rf"(?:(?<=[\s.!?。”\"»)])|\A)(?:[–—-]\s*)?(?:(?:{alternatives(lists['by'])})"
        rf"|[–—-]\s*(?:{alternatives(lists['after_dash'])}))\s+(?=[^\W\d_])"
    )


def _by(text: str) -> Credit | None:
    for found in _opening().finditer(text):
        name = text[found.end() :].strip()
        if name[:1].islower() or not _is_name(name) or count_words(name) > 8:
            continue
        if found.group()[0].islower() and text[: found.start()].rstrip()[-1:] not in _ENDS:
            continue
        return Credit(
            text[: found.start()].rstrip(), text[found.start() :].strip(), name.rstrip(". "), True
        )
    return None


def _copyright(text: str) -> Credit | None:
    at = text.rfind("©")
    if at < 0:
        return None
    name = text[at:]
    if not _is_name(name.lstrip("© ")) and not _without_year(name):
        return None
    if count_words(name) > 8:
        return None
    return Credit(
        text[:at].rstrip(" –—-|"),
        text[len(text[:at].rstrip(" –—-|")) :].strip(),
        _without_year(name),
        True,
    )


def _without_year(text: str) -> str:
    return re.sub(r"\A[©\s]*(?:\d{4}\s*[,.]?\s*)?", "", text).rstrip(". ")


def _slashed(text: str) -> Credit | None:
    """``Signe Hal/AFP via Getty Images`` behind the last sentence, or alone."""
    start = 0
    for ended in _SENTENCE_END.finditer(text):
        if ended.end() < len(text):
            start = ended.end()
    tail = text[start:].strip()
    dash = re.match(r"[–—-]\s*", tail)
    name = tail[dash.end() :] if dash else tail
    name = name.rstrip(". ")
    if (
        not name
        or count_words(name) > 9
        or not re.search(r"[/／]|\svia\s", name)
        or _lower_words(name)
    ):
        return None
    parts = re.split(r"\s*[/／]\s*|\s+via\s+", name)
    if not any(agencies.is_agency(part) or _is_service(part) for part in parts) and not (
        re.match(r"\S+ (?:Photo|photo|PHOTO)\s?/", name)
    ):
        return None
    return Credit(text[:start].rstrip(), text[start:].strip(), name, False)


def _lower_words(name: str) -> bool:
    small = [word for word in re.findall(r"[^\W\d_]+", name) if word[0].islower()]
    allowed = {
        "via",
        "de",
        "la",
        "van",
        "von",
        "der",
        "den",
        "al",
        "el",
        "dpa",
        "epa",
        "sda",
        "bin",
        "da",
        "di",
        "du",
        "alliance",
        "picture",
    }
    return any(word not in allowed for word in small)
