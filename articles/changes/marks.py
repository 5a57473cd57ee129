"""What changed in the marks of a text (links, bold …) while its words stayed, told in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.changes.words import Token, opcodes, tokens
from articles.document import Inline

_LOOKS: dict[str, Any] = {
    "strong": gettext_lazy("bold"),
    "em": gettext_lazy("italic"),
    "s": gettext_lazy("struck through"),
    "sub": gettext_lazy("subscript"),
    "sup": gettext_lazy("superscript"),
}

_Key = tuple[str, str]


class _Run(NamedTuple):
    words: str
    key: _Key
    place: int


def told(old: Inline, new: Inline) -> tuple[str, ...]:
    """Return a sentence for each link that came, went or leads elsewhere, and each new look."""
    if old.marks == new.marks and (old.text == new.text or not old.marks):
        return ()
    a, b = tokens(old.text), tokens(new.text)
    before, after = _keys(old, a), _keys(new, b)
    gone: list[set[_Key]] = [set() for _token in a]
    come: list[set[_Key]] = [set() for _token in b]
    partner: dict[int, int] = {}
    for op, i1, i2, j1, j2 in opcodes([t.text for t in a], [t.text for t in b]):
        if op == "equal":
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                gone[i], come[j] = before[i] - after[j], after[j] - before[i]
                partner[j] = i
            continue
        here = set().union(*before[max(i1 - 1, 0) : i2 + 1])
        there = set().union(*after[max(j1 - 1, 0) : j2 + 1])
        for i in range(i1, i2):
            gone[i] = {key for key in before[i] - there if key[0] == "link"}
        for j in range(j1, j2):
            come[j] = {key for key in after[j] - here if key[0] == "link"}
            partner[j] = i1
    found = tuple(_sentences(_runs(a, gone), _runs(b, come), partner))
    if not found and old.text == new.text:
        return (_("The formatting was changed."),)
    return found


def _keys(content: Inline, row: Sequence[Token]) -> list[set[_Key]]:
    """Return the marks on each word."""
    out: list[set[_Key]] = [set() for _token in row]
    for mark in content.marks:
        for place, token in enumerate(row):
            if token.start < mark.end and token.start + len(token.text) > mark.start:
                out[place].add((mark.kind, mark.href))
    return out


def _runs(row: Sequence[Token], keys: Sequence[set[_Key]]) -> list[_Run]:
    out = []
    for key in sorted(set().union(*keys)):
        begin = None
        for place in range(len(row) + 1):
            has = place < len(row) and key in keys[place]
            if has and begin is None:
                begin = place
            elif not has and begin is not None:
                words = "".join(t.text + t.blank for t in row[begin:place]).strip()
                out.append(_Run(words, key, begin))
                begin = None
    return sorted(out, key=lambda run: run.place)


def _sentences(gone: list[_Run], come: list[_Run], partner: dict[int, int]) -> Iterator[str]:
    """Tell what came, and what went; a link that gave way to another is one sentence."""
    links = {run.place: run for run in gone if run.key[0] == "link"}
    for run in come:
        kind, href = run.key
        if kind != "link":
            values = {"words": run.words, "look": str(_LOOKS.get(kind, kind))}
            yield _("“%(words)s” is %(look)s now.") % values
        elif was := links.pop(partner.get(run.place, -1), None):
            values = {"words": run.words, "old": was.key[1], "new": href}
            yield _("The link on “%(words)s” leads to %(new)s instead of %(old)s.") % values
        else:
            values = {"words": run.words, "new": href}
            yield _("New link on “%(words)s” to %(new)s.") % values
    for run in gone:
        kind, href = run.key
        if kind != "link":
            values = {"words": run.words, "look": str(_LOOKS.get(kind, kind))}
            yield _("“%(words)s” is no longer %(look)s.") % values
        elif links.get(run.place) is run:
            values = {"words": run.words, "old": href}
            yield _("The link on “%(words)s” to %(old)s is gone.") % values
