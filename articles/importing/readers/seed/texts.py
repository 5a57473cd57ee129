"""What a text looks like: does it end, is it short, does it open with a quotation mark.

Decides the tests that the rest of the reader is written in, for every script. Decides nothing
about what a line is.
"""

from __future__ import annotations

import re

CLOSERS = "\"'”’»›)]）］」』】〉》〕｠＂＇*_"
OPENERS = "\"'“‘„‚«‹「『《〈"
STOPS = ".!?…。！？．｡؟۔।॥။។՞։፧"
# Other signs after which a line is no heading.
PAUSES = ":,;：，；、،؛–—-"
_WITHOUT_BLANKS = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f\U00020000-\U0003134f]"
)
_STOPLESS = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]")
_LETTER = re.compile(r"[^\W\d_]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_WORD = re.compile(r"\S*\w\S*")
_CUT = re.compile(r"(?:…|\.\.\.|\[\s*(?:…|\.\.\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\))\s*\Z")


def bare_end(text: str) -> str:
    """A text without the closing quotation marks and brackets at its end."""
    return text.rstrip().rstrip(CLOSERS + " ")


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends with a full stop or the like."""
    if not text:
        return False
    if text.rstrip()[-1:] in STOPS:
        return True
    return bare_end(text)[-1:] in STOPS


def is_cut(text: str) -> bool:
    """Tell whether a text breaks off: no end, or a sign that more was there."""
    text = text.rstrip()
    if _CUT.search(text):
        return True
    if ends_sentence(text) or text[-1:] in CLOSERS:
        return False
    return not stopless(text)


def stopless(text: str) -> bool:
    """Tell whether a text is in a script that has no full stop."""
    return bool(_STOPLESS.search(text[-400:]))


def without_blanks(text: str) -> bool:
    """Tell whether a text is in a script that puts no blanks between words."""
    sample = text[:400]
    letters = len(_LETTER.findall(sample))
    return letters > 0 and len(_WITHOUT_BLANKS.findall(sample)) * 10 > letters * 4


def count_words(text: str) -> int:
    """Count words as a reader would; in scripts without blanks, two letters make one."""
    words = len(_WORD.findall(text))
    if without_blanks(text):
        return max(words, len(_LETTER.findall(text)) // 2)
    return words


def at_most(text: str, words: int, letters: int | None = None) -> bool:
    """Tell whether a text is short; ``letters`` is the limit in scripts without blanks."""
    if len(text) > 40 * words:
        return False
    if without_blanks(text):
        return len(text) <= (letters if letters is not None else 2 * words)
    return len(_WORD.findall(text)) <= words


def opens_quoted(text: str) -> bool:
    """Tell whether a text opens with a quotation mark."""
    return text[:1] in OPENERS


def is_quoted(text: str) -> bool:
    """Tell whether a whole text stands in quotation marks."""
    return opens_quoted(text) and text[-1:] in "\"'”’»›」』“"


def heading_like(text: str) -> bool:
    """Tell whether a text could be a subhead: short, and no end but a question mark."""
    end = bare_end(text)[-1:]
    if not end or (end in STOPS and end not in "?？؟;") or end in PAUSES:
        return False
    if not _LETTER.search(text) or is_quoted(text):
        return False
    return at_most(text, 12, 24)


def title_like(text: str) -> bool:
    """Tell whether a text could be the title of a story: one line that is no sentence."""
    end = bare_end(text)[-1:]
    if not end or (end in STOPS and end not in "?？؟!！;…") or end in ":,;：，；、،؛":
        return False
    return bool(_LETTER.search(text)) and len(text) <= 200 and at_most(text, 30, 60)


def has_word(text: str) -> bool:
    """Tell whether there is a letter or a digit in a text."""
    return bool(_LETTER_OR_DIGIT.search(text))
