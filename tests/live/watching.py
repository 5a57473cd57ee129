"""What readers see of stories while editors work on them, and whether they may.

The rule: an answer whose request *began after* the editor's answer came shows the new state; one
that *ended before* the editor pressed shows the old; in between, either. What the clock does begins
and ends at one moment. Editors note in a ``Story``'s ``Life`` what they do; readers note what they
see in ``Seen``; ``faults`` compares the two at the end.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException

from tests.live.asking import Answer, Asker
from tests.live.newsroom import Newsroom, Story

_TOKEN = re.compile(r"zx(\d\d)v(\d+)")
_NOTICE = 'class="story retraction"'
# A reader rests a moment after each answer (seconds): the editors' turn on a small machine.
REST = 0.02

# States of a story for readers; what is live has a version.
HIDDEN, LIVE, RETRACTED, KILLED = "hidden", "live", "retracted", "killed"
State = tuple[str, int]
_NOTHING: State = (HIDDEN, 0)


@dataclass
class Change:
    """``began`` is before the editor pressed, ``ended`` after the answer; inf until then."""

    state: State
    began: float
    ended: float = float("inf")


class Life:
    """The states of one story, in order."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.changes = [Change(_NOTHING, 0.0, 0.0)]
        self.path = ""

    @contextmanager
    def to(self, state: str, version: int = 0) -> Iterator[None]:
        """Note a change that an editor makes inside."""
        change = Change((state, version), time.time())
        self.changes.append(change)
        yield
        change.ended = time.time()

    def at(self, moment: float, state: str, version: int = 0) -> None:
        """Note a change that the clock will make."""
        self.changes.append(Change((state, version), moment, moment))

    def called_off(self) -> None:
        self.changes.pop()

    def possible(self, began: float, ended: float) -> set[State]:
        """Return the states that an answer to a request of that time may show."""
        followed = [change.ended for change in self.changes[1:]] + [float("inf")]
        return {
            change.state
            for change, next_ended in zip(self.changes, followed, strict=True)
            if change.began <= ended and next_ended > began
        }


@dataclass(frozen=True, slots=True)
class Surface:
    """An address; ``kind`` says how stories stand on it, ``about`` which story it is of, if one."""

    path: str
    kind: str
    about: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """What an answer showed: status, versions of stories, whether it is a notice."""

    status: int
    versions: frozenset[tuple[int, int]]
    is_notice: bool
    paths: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    process: str
    surface: Surface
    view: View
    began: float
    ended: float
    way: str


def surfaces_of(life: Life) -> list[Surface]:
    """Return where readers meet a story: its own addresses, and lists it is looked for in."""
    number, story = life.story.number, life.story
    return [
        Surface(life.path, "story", number),
        Surface(f"/api/v1/articles/{story.uuid}/", "api", number),
        Surface(f"/search/?q={story.word}", "list", number),
        Surface(f"/api/v1/articles/?q={story.word}", "list", number),
    ]


def lists(month: str) -> list[Surface]:
    """Return the lists that show the newest stories of section World."""
    shown = ["/", "/feed/", "/feed/atom/", "/feed/json/", "/world/", "/world/feed/",
             "/topic/harbours/", "/by/ada-weil/", "/source/reuters/", "/news-sitemap.xml",
             "/api/v1/articles/"]  # fmt: skip
    return [Surface(path, "list") for path in shown] + [Surface(f"/sitemap-{month}.xml", "sitemap")]


@dataclass
class Watch:
    """Readers at both processes; ``lives`` are the stories whose states they are held against.

    ``broken`` tells of what readers may never get: no answer, or a failure. Where the database
    ``may_be_away``, a 503 that says when to come back is none.
    """

    newsroom: Newsroom
    surfaces: Sequence[Surface]
    lives: Sequence[Life]
    readers: int = 6
    may_be_away: bool = False
    rest: float = REST
    seen: list[Seen] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def reading(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._read, args=(n,)) for n in range(self.readers)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(60)
        assert not any(thread.is_alive() for thread in threads), "a reader waits for ever"

    def _read(self, number: int) -> None:
        chance, asker = random.Random(number), Asker()
        held: dict[str, tuple[Answer, View]] = {}
        while not self._stop.is_set():
            web, surface = chance.choice(self.newsroom.web), chance.choice(self.surfaces)
            headers = {"accept_encoding": chance.choice(["br", "gzip", "identity"])}
            old = held.get(surface.path)
            way = chance.choice(["plain", "etag", "date"]) if old else "plain"
            if way == "etag" and old:
                headers["if_none_match"] = old[0].headers.get("etag", "")
            elif way == "date" and old and "last-modified" in old[0].headers:
                headers["if_modified_since"] = old[0].headers["last-modified"]
            try:
                answer = asker.ask(web, surface.path, **headers)
            except (OSError, HTTPException) as error:
                self.broken.append(f"{web.name} {surface.path}: {error!r}")
                continue
            if answer.status == 304 and old:
                view = old[1]
                way += " 304"
            else:
                view = _view(answer)
                if answer.status == 200:
                    held[surface.path] = (answer, view)
            if answer.status >= 500 and not self._is_excused(answer):
                self.broken.append(f"{web.name} {surface.path}: {answer.status}")
            self.seen.append(Seen(web.name, surface, view, answer.began, answer.ended, way))
            time.sleep(self.rest)
        asker.close()

    def _is_excused(self, answer: Answer) -> bool:
        return self.may_be_away and answer.status == 503 and "retry-after" in answer.headers

    def counts(self) -> Counter[str]:
        """Return how many answers came by process, way and status, for people to read."""
        found: Counter[str] = Counter()
        for seen in self.seen:
            found["answers"] += 1
            found[seen.process] += 1
            found[seen.way] += 1
            found[str(seen.view.status)] += 1
        return found

    def faults(self) -> list[str]:
        """Return each answer that shows what it must not, or lacks what it must show."""
        lives = {life.story.number: life for life in self.lives}
        return [
            f"{seen.process} {seen.surface.path} ({seen.way}): {fault}; began "
            f"{seen.began:.4f}, ended {seen.ended:.4f}"
            for seen in self.seen
            if seen.view.status < 500
            for fault in _faults(seen, lives)
        ]


def _view(answer: Answer) -> View:
    text = answer.text
    versions = frozenset((int(story), int(version)) for story, version in _TOKEN.findall(text))
    paths = frozenset(re.findall(r"/ferry-(\d\d)/", text))
    return View(answer.status, versions, _NOTICE in text, paths)


def _faults(seen: Seen, lives: dict[int, Life]) -> Iterator[str]:
    view, surface = seen.view, seen.surface
    for number, life in lives.items():
        may = life.possible(seen.began, seen.ended)
        shown = {version for story, version in view.versions if story == number}
        if surface.about == number and surface.kind == "story":
            if (found := _on_its_page(view, shown)) not in may:
                yield f"story {number} is {found}, may be {sorted(may)}"
            continue
        if surface.about == number and surface.kind == "api":
            # What was retracted is still told of there, with its last headline.
            may = {state for state in may if state[0] != RETRACTED}
            if not may:
                continue
        elif surface.kind == "sitemap":
            is_listed = f"{number:02}" in view.paths
            if is_listed not in {state[0] == LIVE for state in may}:
                yield f"story {number} is listed: {is_listed}, may be {sorted(may)}"
            continue
        if not shown <= {version for state, version in may if state == LIVE}:
            yield f"story {number} is shown as {shown}, may be {sorted(may)}"
        is_looked_for = surface.kind == "list" and surface.about in (0, number)
        if is_looked_for and not shown and all(state == LIVE for state, _ in may):
            yield f"story {number} is not shown, may be {sorted(may)}"


def _on_its_page(view: View, shown: set[int]) -> State:
    """Return the state of a story that its own page shows."""
    if view.status == 410:
        return (KILLED, 0)
    if view.status == 404:
        return _NOTHING
    return (RETRACTED if view.is_notice else LIVE, max(shown, default=-1))
