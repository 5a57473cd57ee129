"""As what a new version should go out: minor, update, clarification or correction.

Proposed from what differs from the live version. An editor decides otherwise freely, but for one
thing: what states a fact, is credited or stands in a headline is never changed silently, as minor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.translation import gettext as _

from articles.changes import marks
from articles.changes.align import (
    ATTRIBUTIONS,
    BYLINES,
    Pair,
    align_blocks,
    align_rows,
    without_place,
)
from articles.changes.compare import FIELDS
from articles.changes.facts import (
    Facts,
    Word,
    is_caseless,
    named,
    negates,
    not_in,
    numbered,
    read,
    spelt,
)
from articles.changes.words import opcodes
from articles.choices import NoteKind, PublicationKind
from articles.document import (
    Block,
    Document,
    DocumentAttribution,
    Figure,
    Note,
    Quote,
    block_text,
    joined,
    texts,
)

MINOR, UPDATE = PublicationKind.MINOR, PublicationKind.UPDATE
CLARIFICATION, CORRECTION = PublicationKind.CLARIFICATION, PublicationKind.CORRECTION
_WEIGHT = [MINOR, CLARIFICATION, UPDATE, CORRECTION]
# So many new words more than went are new text, not other words for the old.
_NEW_TEXT = 8
_ALIKE = 0.7
_LINES = ("headline", "standfirst", "kicker", "dateline")
_OUTSIDE = ("headline", "standfirst", "dateline", "byline", "source_line")
_META = ("section", "topics", "language", "slug", "slugline", "originally_published_at", "original")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a kind is proposed: ``words`` are those it is about, ``anchor`` the block they stand in.

    ``place`` is the field, "body" for blocks; ``bars_minor`` says that the change may not be minor
    for this.
    """

    code: str
    message: str
    words: str
    place: str
    anchor: str = ""
    kind: str = MINOR
    bars_minor: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    kind: str
    reasons: tuple[Reason, ...]
    may_be_minor: bool

    @property
    def bars(self) -> tuple[Reason, ...]:
        """Return why it may not be minor."""
        return tuple(reason for reason in self.reasons if reason.bars_minor)


def propose(old: Document, new: Document) -> Proposal:
    """Propose as what ``new`` should follow ``old``, which readers see; says minor of no change."""
    facts = _facts(old, new)
    found = list(_together([*_lines(old, new, facts), *_body(old, new, facts), *_rows(old, new)]))
    if not found and old != new:
        found.append(
            Reason("form", _("The order or the form of the text was changed."), "", "body")
        )
    found.sort(key=lambda reason: (not reason.bars_minor, -_WEIGHT.index(_kind(reason.kind))))
    kind = max((_kind(reason.kind) for reason in found), key=_WEIGHT.index, default=MINOR)
    return Proposal(kind, tuple(found), not any(reason.bars_minor for reason in found))


def _kind(value: str) -> PublicationKind:
    return PublicationKind(value)


def _together(reasons: Sequence[Reason]) -> Iterator[Reason]:
    """Join reasons of one sort in one place, so that each is said once."""
    kept: dict[tuple[str, str, str], Reason] = {}
    for reason in reasons:
        key = reason.code, reason.place, reason.anchor
        if (before := kept.get(key)) is None:
            kept[key] = reason
            continue
        words = "; ".join(dict.fromkeys(filter(None, [before.words, reason.words])))
        kind = max(_kind(before.kind), _kind(reason.kind), key=_WEIGHT.index)
        kept[key] = replace(
            before, words=words, kind=kind, bars_minor=before.bars_minor or reason.bars_minor
        )
    yield from kept.values()


# Lines: headline, standfirst, kicker, dateline


def _lines(old: Document, new: Document, facts: Facts) -> Iterator[Reason]:
    for name in _LINES:
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        if name in ("headline", "dateline"):
            message = _("The headline was changed.") if name == "headline" else _(
                "The dateline was changed."
            )  # fmt: skip
            words = _arrow(before, after)
            yield Reason(name, message, words, name, "", CLARIFICATION, True)
        run = _Run(read(before), read(after), facts, name, is_new=not before)
        yield from run.reasons()
    for name in _META:
        if getattr(old, name) != getattr(new, name):
            message = _("%(field)s was changed.") % {"field": FIELDS[name]}
            yield Reason("field", message, "", name)


def _facts(old: Document, new: Document) -> Facts:
    names = [row.name for story in (old, new) for row in story.bylines]
    names += [row.name for story in (old, new) for row in story.attributions]
    return Facts(new.language, _words_of(old) + _words_of(new), names)


def _words_of(story: Document) -> list[Word]:
    out = read(story.standfirst)
    for block in story.body:
        out += read(block_text(block))
    return out


# The body


def _body(old: Document, new: Document, facts: Facts) -> Iterator[Reason]:
    before: list[Block] = []
    after: list[Block] = []
    added: set[str] = set()
    removed: set[str] = set()
    for pair in [*align_blocks(old.body, new.body), Pair(None, None)]:
        was = old.body[pair.old] if pair.old is not None else None
        now = new.body[pair.new] if pair.new is not None else None
        yield from _block(was, now, facts)
        if isinstance(was or now, Figure):
            continue
        if _reads_same(was, now):
            yield from _stretch(before, after, added, removed, facts)
            before, after, added, removed = [], [], set(), set()
            continue
        if was:
            before.append(was)
        if now:
            after.append(now)
        if was and not now:
            removed.add(was.id)
        if now and not was:
            added.add(now.id)


def _reads_same(was: Block | None, now: Block | None) -> bool:
    """Return whether a pair ends a stretch of changed text; the empty pair at the end does."""
    if was is None or now is None:
        return was is now
    return block_text(was) == block_text(now) and isinstance(was, Quote) == isinstance(now, Quote)


def _stretch(
    before: list[Block], after: list[Block], added: set[str], removed: set[str], facts: Facts
) -> Iterator[Reason]:
    """Look at neighbouring changed blocks; at all of them as one text if one came or went, since a
    paragraph that was split or joined changes no word."""
    if added or removed:
        stretches = [(before, after)]
    else:
        stretches = [([was], [now]) for was, now in zip(before, after, strict=True)]
    for old, new in stretches:
        run = _Run(_read_blocks(old), _read_blocks(new), facts, "body", added, removed)
        yield from run.reasons()


def _read_blocks(blocks: Sequence[Block]) -> list[Word]:
    out: list[Word] = []
    shift = 0
    for block in blocks:
        words = read(block_text(block), block.id, quoted=isinstance(block, Quote))
        out += [replace(word, quote=word.quote + shift) if word.quote else word for word in words]
        shift = max([shift, *(word.quote for word in out)])
    return out


def _block(was: Block | None, now: Block | None, facts: Facts) -> Iterator[Reason]:
    """Tell what is changed in a block besides the words of the running text."""
    if isinstance(was or now, Figure):
        yield from _figure(was, now, facts)
    if isinstance(now, Note) and not was:
        kinds: dict[str, str] = {NoteKind.CORRECTION: CORRECTION, NoteKind.UPDATE: UPDATE}
        kind = kinds.get(now.kind, CLARIFICATION)
        message = _("A notice to readers was added.")
        yield Reason("notice", message, now.content.text, "body", now.id, kind, True)
    cites = [block.cite if isinstance(block, Quote) else "" for block in (was, now)]
    if cites[0] != cites[1] and was and now:
        message = _("Who is quoted was changed.")
        yield Reason("cite", message, _arrow(*cites), "body", now.id, CORRECTION, True)
    if was and now:
        contents = joined(texts(was)), joined(texts(now))
        for sentence in marks.told(*contents):
            yield Reason("markup", sentence, "", "body", now.id)


def _figure(was: Block | None, now: Block | None, facts: Facts) -> Iterator[Reason]:
    old = was if isinstance(was, Figure) else None
    new = now if isinstance(now, Figure) else None
    anchor = (new or old or Figure("")).id
    caption = old.caption.text if old else "", new.caption.text if new else ""
    if not (old and new):
        message = _("A photo was added.") if new else _("A photo was taken out.")
        yield Reason("photo", message, caption[0] or caption[1], "body", anchor, UPDATE, True)
        return
    if old.photo != new.photo:
        message = _("A photo was replaced by another.")
        yield Reason("photo", message, caption[1], "body", anchor, UPDATE, True)
    if caption[0] != caption[1]:
        message = _("A caption was changed.")
        words = _arrow(*caption)
        yield Reason("caption", message, words, "body", anchor, CLARIFICATION, True)
        run = _Run(read(caption[0], anchor), read(caption[1], anchor), facts, "body")
        yield from run.reasons()
    if old.alt != new.alt:
        message = _("The alt text of a photo was changed.")
        words = _arrow(old.alt, new.alt)
        yield Reason("alt", message, words, "body", anchor, CLARIFICATION, True)


# Rows


def _rows(old: Document, new: Document) -> Iterator[Reason]:
    for pair in align_rows(old.bylines, new.bylines, BYLINES):
        was = old.bylines[pair.old] if pair.old is not None else None
        now = new.bylines[pair.new] if pair.new is not None else None
        if was != now:
            message = _("A byline was changed.") if was and now else (
                _("A byline was added.") if now else _("A byline was taken out.")
            )  # fmt: skip
            words = _arrow(was.name if was else "", now.name if now else "")
            kind = CORRECTION if was else UPDATE
            yield Reason("byline", message, words, "bylines", "", kind, True)
    for pair in align_rows(old.attributions, new.attributions, ATTRIBUTIONS):
        before = old.attributions[pair.old] if pair.old is not None else None
        after = new.attributions[pair.new] if pair.new is not None else None
        yield from _attribution(before, after)
    if old.related != new.related:
        yield Reason("related", _("The related links were changed."), "", "related")


def _attribution(
    was: DocumentAttribution | None, now: DocumentAttribution | None
) -> Iterator[Reason]:
    if was and now and _as_readers_see(was) == _as_readers_see(now):
        return
    message = _("An attribution was changed.") if was and now else (
        _("An attribution was added.") if now else _("An attribution was taken out.")
    )  # fmt: skip
    sides = [f"{row.name} “{row.text}”".strip() if row else "" for row in (was, now)]
    row = now or was
    where = row.where if row and row.where not in _OUTSIDE else ""
    kind = CORRECTION if was else CLARIFICATION
    yield Reason("attribution", message, _arrow(*sides), "attributions", where, kind, True)


def _as_readers_see(row: DocumentAttribution) -> DocumentAttribution:
    return replace(without_place(row), start=0, reason="", verified_by="", approved_by="")


# Words


def _arrow(old: str, new: str) -> str:
    return f"{_short(old)} → {_short(new)}" if old and new else _short(old or new)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _text(row: Sequence[Word]) -> str:
    return "".join(word.text + word.blank for word in row).strip()


@dataclass(frozen=True, slots=True)
class _Region:
    """Words that went and words that came in their place.

    ``after`` are the words behind each, ``near`` those that stand around in the new text.
    """

    gone: list[Word]
    come: list[Word]
    after: tuple[Word | None, Word | None]
    near: tuple[Word | None, Word | None]

    def words(self) -> tuple[list[Word], list[Word]]:
        return [w for w in self.gone if w.is_word], [w for w in self.come if w.is_word]

    def arrow(self) -> str:
        return _arrow(_text(self.gone), _text(self.come))

    @property
    def anchor(self) -> str:
        word = next(iter(self.come or self.gone), None)
        return word.anchor if word else ""


class _Run:
    """One stretch of text before and after; gives the reasons for what was changed in it.

    ``added`` and ``removed`` are the ids of blocks that are only in one of them.
    """

    def __init__(
        self,
        old: list[Word],
        new: list[Word],
        facts: Facts,
        place: str,
        added: set[str] | None = None,
        removed: set[str] | None = None,
        *,
        is_new: bool = False,
    ) -> None:
        self.old, self.new, self.facts, self.place = old, new, facts, place
        self.added, self.removed, self.is_new = added or set(), removed or set(), is_new
        self.codes = opcodes([word.text for word in old], [word.text for word in new])

    def reasons(self) -> Iterator[Reason]:
        yield from self._kept_words()
        for region in _without_moves(self._regions()):
            found = [
                *self._numbers_and_names(region),
                *self._negation(region),
                *self._quotation(region),
            ]
            yield from found
            yield from self._wording(region, bool(found))

    def _regions(self) -> Iterator[_Region]:
        start: tuple[int, int] | None = None
        for op, i1, _i2, j1, _j2 in [*self.codes, ("equal", len(self.old), 0, len(self.new), 0)]:
            if op != "equal":
                start = start or (i1, j1)
            elif start:
                after = _at(self.old, i1), _at(self.new, j1)
                near = _at(self.new, start[1] - 1), after[1]
                yield _Region(self.old[start[0] : i1], self.new[start[1] : j1], after, near)
                start = None

    def _reason(
        self, code: str, message: str, words: str, anchor: str, kind: str, bars: bool = True
    ) -> Reason:
        return Reason(code, message, words, self.place, anchor, kind, bars)

    def _kind_of_fact(self, region: _Region, gone: bool) -> str:
        """A fact that went or gave way was wrong; in text that is all new or gone, it need not."""
        if self.is_new or not gone:
            return UPDATE
        if all(word.anchor in self.removed for word in region.gone) and self.removed:
            return UPDATE if region.come else CLARIFICATION
        return CORRECTION

    def _numbers_and_names(self, region: _Region) -> Iterator[Reason]:
        facts, (behind_old, behind_new) = self.facts, region.after
        before, after = numbered(facts, region.gone), numbered(facts, region.come)
        sorts = {"number": (not_in(before, after), not_in(after, before))}
        # A word that only got or lost its capital names nobody else.
        sorts["name"] = (
            not_in(named(facts, region.gone, behind_old), spelt(region.come)),
            not_in(named(facts, region.come, behind_new), spelt(region.gone)),
        )
        for code, (gone, come) in sorts.items():
            if not gone and not come:
                continue
            words = _arrow(*(" ".join(fact.text for fact in row) for row in (gone, come)))
            kind = self._kind_of_fact(region, bool(gone))
            yield self._reason(
                code, _FACT_MESSAGES[code](bool(gone), bool(come)), words, region.anchor, kind
            )

    def _negation(self, region: _Region) -> Iterator[Reason]:
        gone, come = region.words()
        counts = [sum(map(self.facts.is_negation, row)) for row in (gone, come)]
        turned = len(gone) == len(come) and any(
            negates(a.text, b.text) for a, b in zip(gone, come, strict=True)
        )
        if counts[0] != counts[1] or turned:
            is_new = not gone and (self._is_new_text(region) or bool(_sentence(region.come)))
            kind = self._kind_of_fact(region, not is_new)
            message = _("A negation was added.") if is_new else _("A negation was changed.")
            found = [" ".join(w.text for w in row if self.facts.is_negation(w)) for row in
                     (gone, come)]  # fmt: skip
            is_long = len(gone) + len(come) > _NEW_TEXT
            words = _arrow(*found) if is_long else region.arrow()
            yield self._reason("negation", message, words, region.anchor, kind)

    def _quotation(self, region: _Region) -> Iterator[Reason]:
        gone, come = region.words()
        inside = any(word.quote for word in gone)
        numbers = {word.quote for word in come if word.quote}
        if not inside and not numbers:
            return
        kind = self._kind_of_fact(region, inside or bool(numbers & self._kept_quotes()))
        message = _("A quotation was changed.") if kind == CORRECTION else _(
            "A quotation was added or taken out."
        )  # fmt: skip
        yield self._reason("quotation", message, region.arrow(), region.anchor, kind)

    def _kept_quotes(self) -> set[int]:
        """Return the numbers of the new text's quotations that have words of an old one."""
        return {
            after.quote
            for before, after in self._kept()
            if before.is_word and before.quote and after.quote
        }

    def _kept(self) -> Iterator[tuple[Word, Word]]:
        for op, i1, i2, j1, j2 in self.codes:
            if op == "equal":
                yield from zip(self.old[i1:i2], self.new[j1:j2], strict=True)

    def _kept_words(self) -> Iterator[Reason]:
        """Tell of words that stayed but became a quotation, or no longer are one, and of blanks."""
        turned: dict[str, list[Word]] = {}
        for before, after in self._kept():
            if after.is_word and bool(before.quote) != bool(after.quote):
                turned.setdefault(after.anchor, []).append(after)
        for anchor, row in turned.items():
            message = _("Words became a quotation, or are none any more.")
            yield self._reason("quotation", message, _short(_text(row)), anchor, CORRECTION)
        for op, i1, i2, j1, _j2 in self.codes:
            # The blank behind the last of them belongs to what was changed there.
            for i, j in zip(range(i1, i2 - 1), range(j1, j1 + i2 - i1), strict=False):
                if op == "equal" and self.old[i].blank != self.new[j].blank:
                    message = _("Spacing or paragraphs were changed.")
                    anchor = self.new[j].anchor
                    yield self._reason("spacing", message, "", anchor, MINOR, False)

    def _is_new_text(self, region: _Region) -> bool:
        gone, come = region.words()
        whole = bool(come) and any(word.anchor in self.added for word in come) and not gone
        return whole or len(come) - len(gone) >= _NEW_TEXT

    def _wording(self, region: _Region, has_facts: bool) -> Iterator[Reason]:
        """Say what else a change is: new text, text taken out, other words, a slip put right."""
        gone, come = region.words()
        words, anchor = region.arrow(), region.anchor
        if self._is_new_text(region):
            message = _("Text was added.")
            yield self._reason("new_text", message, words, anchor, UPDATE, self.place == "body")
        elif gone and (not come) and any(word.anchor in self.removed for word in gone):
            message = _("A paragraph was taken out.")
            yield self._reason("text_removed", message, words, anchor, CLARIFICATION)
        elif any(is_caseless(word) for word in (*gone, *come)):
            message = _("Words were changed in a script without capitals: one may be a name.")
            yield self._reason("script", message, words, anchor, CLARIFICATION)
        elif has_facts:
            return
        elif not gone and not come:
            message = _("Punctuation was changed.")
            yield self._reason("punctuation", message, words, anchor, MINOR, False)
        elif self._is_slip(region):
            message = _("The spelling of a word was changed.")
            yield self._reason("spelling", message, words, anchor, MINOR, False)
        else:
            message = _("Words were changed.")
            yield self._reason("wording", message, words, anchor, CLARIFICATION, False)

    def _is_slip(self, region: _Region) -> bool:
        """Return whether words only came to be written otherwise, joined, parted, not twice."""
        old, new = (
            [self.facts.number(word) or word.text.casefold() for word in row]
            for row in region.words()
        )
        if "".join(old).replace("-", "") == "".join(new).replace("-", ""):
            return True
        if not new and len(old) == 1:
            return old[0] in [word.text.casefold() for word in region.near if word]
        return bool(old) and len(old) == len(new) and all(map(_are_alike, old, new))


def _at(row: Sequence[Word], place: int) -> Word | None:
    return row[place] if 0 <= place < len(row) else None


def _number_message(gone: bool, come: bool) -> str:
    if gone and come:
        return _("A number was changed.")
    return _("A number was added.") if come else _("A number was taken out.")


def _name_message(gone: bool, come: bool) -> str:
    if gone and come:
        return _("A name was changed.")
    return _("A name was added.") if come else _("A name was taken out.")


_FACT_MESSAGES = {"number": _number_message, "name": _name_message}


def _without_moves(regions: Iterator[_Region]) -> Iterator[_Region]:
    """Leave out whole sentences that went in one place and came, word for word, in another."""
    found = list(regions)
    come = Counter(_sentence(region.come) for region in found if not region.gone)
    gone = Counter(_sentence(region.gone) for region in found if not region.come)
    moved = come & gone
    moved.pop("", None)
    left = {"come": moved.copy(), "gone": moved.copy()}
    for region in found:
        side = "come" if not region.gone else "gone"
        words = _sentence(region.come if side == "come" else region.gone)
        if bool(region.gone) != bool(region.come) and left[side][words] > 0:
            left[side][words] -= 1
            continue
        yield region


def _sentence(row: Sequence[Word]) -> str:
    """Return a stretch as one text if it is at least one whole sentence."""
    first = next((word for word in row if word.is_word), None)
    is_whole = first is not None and first.starts and row[-1].text in '.!?…”"'
    return " ".join(word.text for word in row) if is_whole else ""


def _are_alike(a: str, b: str) -> bool:
    if a == b:
        return True
    changed = sum(x != y for x, y in zip_longest(a, b))
    return changed <= 1 or SequenceMatcher(None, a, b).ratio() >= _ALIKE
