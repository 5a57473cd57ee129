"""The head of a story: headline, standfirst, bylines, dates, what stands before the text.

Decides where the head ends and which line, if any, is the standfirst. Never makes up a headline.
"""

from __future__ import annotations

import re

from articles.importing.readers.seed import bylines, dates, endmatter, judge, names, placing
from articles.importing.readers.seed.builder import Builder
from articles.importing.readers.seed.inline import parse
from articles.importing.readers.seed.lists import fold
from articles.importing.readers.seed.structure import Byline
from articles.importing.readers.seed.texts import (
    at_most,
    count_words,
    ends_sentence,
    has_word,
    opens_quoted,
)
from articles.importing.readers.seed.units import Unit

_MARKS = re.compile(r"\s+[|•·–—/-]\s+")


class Head:
    """The head of a document; ``at`` is the first unit that is no part of it."""

    def __init__(self, builder: Builder, units: list[Unit]) -> None:
        self.builder = builder
        self.article = builder.article
        self.units = units
        self.at = 0
        self.after_photo = False
        self.after_byline = False
        self.after_date = False
        self.tried = False

    def read(self) -> int:
        """Read the head; say which unit comes next."""
        self._headline()
        while self.at < len(self.units):
            step = self._part(self.units[self.at])
            if not step:
                break
            self.at += step
        return self.at

    def _headline(self) -> None:
        while self.at < len(self.units):
            unit = self.units[self.at]
            reason = judge.boilerplate(unit)
            if not reason:
                break
            self.builder.skip(unit, reason)
            self.at += 1
        if self.at < len(self.units) and self._is_headline(self.units[self.at]):
            unit = self.units[self.at]
            text = self.builder.keep_targets(unit.text, unit.numbers[0], "headline")
            self.article.headline = text
            self.builder.imported(unit.numbers, "headline")
            self.at += 1
        else:
            self.article.flag("no_headline")

    def _is_headline(self, unit: Unit) -> bool:
        if unit.kind not in ("text", "heading") or unit.inline.images:
            return False
        text = unit.plain
        if not has_word(text) or len(text) > 200 or (count_words(text) > 30 and not _dense(text)):
            return False
        if judge.opens_with_dateline(unit) and ends_sentence(text):
            return False
        if unit.kind == "heading":
            return True
        found = bylines.read(text)
        return not (found and found.sure and not _may_be_headline(found, text)) and not (
            dates.read_date_line(text, self.article.language, day_first=self.builder.day_first)
        )

    def _part(self, unit: Unit) -> int:
        """Read one part of the head; say how many units it took, 0 if it is body."""
        builder = self.builder
        reason = judge.boilerplate(unit)
        if reason:
            builder.skip(unit, reason)
            return 1
        if unit.kind in ("photos", "image"):
            if unit.kind == "image":
                return self._image(unit)
            placing.photos(builder, unit)
            self.after_photo = True
            return 1
        if unit.kind == "list" and self._opens_with_list():
            self.builder.list_block(unit)
            self.tried = True
            return 1
        if not unit.is_words:
            return 0
        if self._repeats(unit):
            builder.skip(unit, "title_repeated")
            builder.article.flag("title_repeated")
            return 1
        return self._line(unit)

    def _opens_with_list(self) -> bool:
        """A list right under the headline belongs to the head if a byline or a date follows."""
        following = self._next()
        if self.article.body or self.article.headline is None or following is None:
            return False
        if not following.is_words or following.kind == "heading":
            return False
        found = bylines.read(following.plain)
        return bool(found and found.sure) or self._is_date(following)

    def _image(self, unit: Unit) -> int:
        taken = placing.image_with_caption(self.builder, self.units, self.at, len(self.units))
        self.after_photo = True
        return taken

    def _repeats(self, unit: Unit) -> bool:
        headline = self.article.headline
        return headline is not None and fold(unit.plain) == fold(headline)

    def _line(self, unit: Unit) -> int:
        builder, text = self.builder, unit.plain
        if unit.kind != "heading":
            if dates.read_date_line(text, self.article.language, day_first=builder.day_first):
                placing.date_line(builder, unit)
                self.after_date = True
                return 1
            if self._byline(unit):
                self.after_byline = True
                return 1
            if dates.opens_with_label(text):
                self._unread_date(unit)
                return 1
            if endmatter.note(text):
                placing.note(builder, unit)
                self.tried = True  # a note is text already
                return 1
            found_tags = endmatter.tags(text) if self.article.headline else None
            if found_tags:
                self.article.tags += found_tags
                self.article.tag_lines.append(
                    builder.keep_targets(unit.text, unit.numbers[0], "tags")
                )
                builder.imported(unit.numbers, "tags")
                return 1
            if judge.lost_photo(unit):
                placing.photos(builder, unit)
                self.after_photo = True
                return 1
        return self._standfirst(unit)

    # Bylines.

    def _byline(self, unit: Unit) -> bool:
        text = unit.plain
        found = bylines.read(text)
        if found and found.sure:
            raw = self.builder.keep_targets(unit.text, unit.numbers[0], "byline")
            self.builder.byline_line(unit, raw, found.people)
            return True
        if self._byline_and_date(unit):
            return True
        unsure = (
            (found and not found.sure)
            or bylines.opens(text)
            or any(names.is_lone_name(part) for part in text.split(" | "))
            or names.is_initials(text)
        )
        if unsure and unit.kind in ("text", "cell") and self._text_follows():
            self.builder.paragraph(unit, reason="possible_byline")
            return True
        return False

    def _unread_date(self, unit: Unit) -> None:
        """``Updated 2 hours ago``: a date line, but no moment that the text alone could give."""
        raw = self.builder.keep_targets(unit.text, unit.numbers[0], "date")
        self.builder.date_line(unit, raw, None, None)
        self.article.flag("ambiguous_date")
        self.builder.unsure(unit, "ambiguous_date", "date")
        self.after_date = True

    def _text_follows(self) -> bool:
        following = self._next()
        return following is not None and (
            not following.is_words or judge.is_sentence(following) or self._is_date(following)
        )

    def _is_date(self, unit: Unit) -> bool:
        return unit.is_words and bool(
            dates.read_date_line(
                unit.plain, self.article.language, day_first=self.builder.day_first
            )
        )

    def _byline_and_date(self, unit: Unit) -> bool:
        """``By X | 3 July 2017`` and ``By X, 3 July 2017``: each half has its home."""
        text = unit.plain
        if len(text) > 200 or unit.inline.links or not re.search(r"\d", text):
            return False
        cuts = [(found.start(), found.end()) for found in _MARKS.finditer(text)]
        cuts += [(found.start(), found.end()) for found in re.finditer(r"[,，]\s*", text)]
        cuts += [(found.start(), found.end()) for found in re.finditer(r"\s+(?=by\s)", text, re.I)]
        for start, end in cuts:
            for first, second in ((text[:start], text[end:]), (text[end:], text[:start])):
                people = _people(first)
                date = dates.read_date_line(
                    second, self.article.language, day_first=self.builder.day_first
                )
                if people and people.sure and date:
                    self.builder.byline_line(unit, first, people.people)
                    if date.ambiguous:
                        self.article.flag("ambiguous_date")
                    self.builder.date_line(unit, second, date.published, date.updated)
                    return True
        return False

    # The standfirst.

    def _next(self, after: int = 0) -> Unit | None:
        """The next unit that is no boilerplate."""
        at = self.at + 1 + after
        while at < len(self.units):
            if not judge.boilerplate(self.units[at]):
                return self.units[at]
            at += 1
        return None

    def _standfirst(self, unit: Unit) -> int:
        if self.tried or self.article.headline is None or self.article.standfirst:
            if self.article.standfirst and self._second_candidate(unit):
                self.article.flag("ambiguous_standfirst")
            return 0
        self.tried = True
        verdict = self._verdict(unit)
        if verdict in ("guessed", "short_lead"):
            self.article.flag("standfirst_guessed")
        if verdict not in ("certain", "guessed"):
            return 0
        text = self.builder.keep_targets(unit.text, unit.numbers[0], "standfirst")
        self.article.standfirst = text
        self.builder.imported(unit.numbers, "standfirst")
        return 1

    def _second_candidate(self, unit: Unit) -> bool:
        return (
            not self.after_photo and unit.kind == "text" and judge.wholly(unit, "strong", "em")
            and ends_sentence(unit.plain) and count_words(unit.plain) <= 60
        )  # fmt: skip

    def _verdict(self, unit: Unit) -> str:
        """Say whether a line is the standfirst: certain, guessed, short_lead or no."""
        text, following = unit.plain, self._next()
        if unit.kind != "text" or unit.inline.links or unit.inline.images or self.after_photo:
            return "no"
        if judge.opens_with_dateline(unit) or not has_word(text):
            return "no"
        if endmatter.is_related_heading(text) or endmatter.inline_related(unit.text):
            return "no"
        if judge.wholly(unit, "strong", "em") and at_most(text, 80, 200):
            return (
                "certain" if ends_sentence(text) or following is None or self._decks(unit) else "no"
            )
        if opens_quoted(text):
            return "no"
        if following is None:
            return "no"
        paragraph_next = self._is_paragraph(following)
        if paragraph_next and judge.opens_with_dateline(following) and at_most(text, 60, 160):
            return "certain"
        if self.after_byline:
            return "no"
        if not paragraph_next:
            if (
                not self.after_date
                and ends_sentence(text)
                and at_most(text, 60, 160)
                and not self._lists(unit, following)
            ):
                return "certain"
        elif count_words(text) > 30 or judge.is_subhead_text(unit):
            return "no"
        return self._guess(text)

    def _decks(self, unit: Unit) -> bool:
        """A wholly bold line without a full stop is a subhead if it is short and text follows."""
        following = self._next()
        return (
            not judge.is_subhead_text(unit)
            or (following is not None and not self._is_paragraph(following))
            or not self.after_byline
        )

    def _lists(self, unit: Unit, following: Unit) -> bool:
        """A line that introduces a list is no standfirst."""
        return following.kind == "list" and unit.plain.rstrip()[-1:] in ":："

    def _guess(self, text: str) -> str:
        follows = any(
            self._is_paragraph(unit) and not judge.boilerplate(unit)
            for unit in self.units[self.at + 1 : self.at + 60]
        )
        if not follows:
            return "no"
        if count_words(text) <= 25:
            return "guessed"
        return "short_lead" if count_words(text) <= 30 else "no"

    def _is_paragraph(self, unit: Unit) -> bool:
        if unit.kind not in ("text", "item") or judge.boilerplate(unit) or unit.inline.images:
            return False
        if self._is_date(unit) or endmatter.note(unit.plain):
            return False
        found = bylines.read(unit.plain)
        if found and found.sure:
            return False
        if names.is_lone_name(unit.plain) or judge.lost_photo(unit):
            return False
        return not judge.is_subhead_text(unit)


def _people(text: str) -> bylines.Reading | None:
    """The people of one half of a line whose other half is a date: there a name is enough."""
    if names.is_lone_name(text):
        return bylines.Reading([Byline(text)])
    return bylines.read(text)


def _may_be_headline(found: bylines.Reading, text: str) -> bool:
    """A label such as ``Photos:`` may open a headline; a plain ``By X`` may not."""
    label = re.match(r"[^:：]{2,20}[:：]", text)
    return bool(label) and found.people[0].role != "author" and len(parse(text).text.split()) > 4


def _dense(text: str) -> bool:
    return at_most(text, 100, 200) and " " not in text.strip()
