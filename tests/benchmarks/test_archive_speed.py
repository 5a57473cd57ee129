"""Pages, desk, search and publishing in small and large archives, each beside its floor.

Newsrooms of all sizes and an application that does nothing but return bytes are served at the same
time, and asked in turn.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.benchmarks.measure import SERVERS, Figures, with_children
from tests.benchmarks.newsroom import Newsroom, newsrooms
from tests.benchmarks.serving import Server, compare, served
from tests.benchmarks.sizes import Size

pytestmark = pytest.mark.benchmark

BARE = "tests.benchmarks.bare:application"
SHARES = ("article", "front", "section", "topic", "feed")


@pytest.fixture(scope="module")
def size() -> Size:
    return Size.chosen()


@pytest.fixture(scope="module")
def rooms(size: Size, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Newsroom]]:
    database = django_settings.DATABASES["default"]
    with newsrooms(database, tmp_path_factory.mktemp("newsrooms"), size.articles) as made:
        yield made


@pytest.fixture(scope="module")
def servers(rooms: list[Newsroom]) -> Iterator[list[Server]]:
    """Serve each newsroom without its page cache."""
    with ExitStack() as stack:
        yield [stack.enter_context(room.serve()) for room in rooms]


@pytest.fixture(scope="module")
def bare() -> Iterator[dict[str, Server]]:
    """Serve an application that does nothing, under each server."""
    with ExitStack() as stack:
        yield {by: stack.enter_context(served(BARE, by=by)) for by in SERVERS}


@pytest.mark.parametrize("by", SERVERS)
def test_share_of_a_bare_application(
    figures: Figures, rooms: list[Newsroom], bare: dict[str, Server], size: Size, by: str
) -> None:
    """Compare pages of the largest newsroom with an application that has their bytes.

    Counted is what the web processes cost; a page's database process is in the costs by size.
    """
    room, floor_of = rooms[-1], bare[by]
    with room.serve(by=by) as plain, room.serve(by=by, written_anew=True) as whole:
        server, anew = Server(plain.port, plain.pid), Server(whole.port, whole.pid)
        for key in SHARES:
            pages = room.asked["public"][key]
            asked = [(floor_of, kept(floor_of, server, pages)), (server, pages), (anew, pages)]
            floor, ours, written = compare(asked, **size.patience)
            figures.share(f"{by} {key}", room.name, floor, ours)
            figures.share(f"{by} {key} anew", room.name, floor, written)
    with room.serve(by=by, page_cache=True) as cached:
        pages = room.asked["public"]["article"][:8]
        asked = [(floor_of, kept(floor_of, cached, pages)), (cached, pages)]
        floor, ours = compare(asked, **size.patience)
    figures.share(f"{by} cached", room.name, floor, ours)


def kept(bare: Server, server: Server, pages: list[str]) -> list[str]:
    """Give the bare application the bytes of pages; return the addresses it has them under."""
    return [bare.put(f"/{server.port}{page.partition('?')[0]}", server.get(page)) for page in pages]


@pytest.mark.skipif("PEER" not in os.environ, reason="no other site is named")
def test_another_site_beside_ours(figures: Figures, bare: dict[str, Server], size: Size) -> None:
    """Measure another site that already runs on this machine, as ``PEER`` describes it in JSON.

    ``sites``: lists of the server it runs under, port, process number and {page: addresses} whose
    share of the bare application is taken; ``costs``: port, process number and {key of a bar:
    addresses} whose CPU milliseconds are taken; ``figures``: what was measured elsewhere, by key.
    """
    peer: dict[str, Any] = json.loads(Path(os.environ["PEER"]).read_text(encoding="utf-8"))
    figures.notes["Peer"] = peer["name"]
    figures.peer |= peer.get("figures", {})
    for by, port, pid, pages in peer.get("sites", ()):
        site, floor_of = Server(port, pid), bare[by]
        for key, addresses in pages.items():
            asked = [(floor_of, kept(floor_of, site, addresses)), (site, addresses)]
            floor, theirs = compare(asked, **size.patience)
            figures.peer[f"{by} {key}"] = floor / theirs
    for port, pid, pages in peer.get("costs", ()):
        for key, addresses in pages.items():
            (figures.peer[key],) = compare([(Server(port, pid), addresses)], **size.patience)


def test_cost_of_every_page_and_view_by_size(
    figures: Figures, rooms: list[Newsroom], servers: list[Server], size: Size
) -> None:
    for kind in ("public", "desk"):
        for what in rooms[0].asked[kind]:
            asked = [
                (server, room.asked[kind][what])
                for room, server in zip(rooms, servers, strict=True)
            ]
            for room, cost in zip(rooms, compare(asked, **size.patience), strict=True):
                figures.cost(what, room.name, cost)
    searches = {"common": "search, common word", "rare": "search, rare word"}
    for key, what in searches.items():
        figures.reach(key, rooms[-1].name, figures.costs[what][rooms[-1].name])


def test_save_and_publish_by_size(figures: Figures, rooms: list[Newsroom], size: Size) -> None:
    saved = {}
    for room in rooms:
        saved[room.name] = room.do("save", str(size.saves))
        figures.cost("desk: save and publish", room.name, saved[room.name]["ms"])
    largest = rooms[-1].name
    figures.reach("save", largest, saved[largest]["ms"])
    figures.reach("queries", largest, saved[largest]["queries"])
    what = max(figures.costs, key=figures.growth)
    figures.reach("growth", f"{largest} over {rooms[0].name}", figures.growth(what))
    figures.notes["Dearest growth"] = what


def test_memory_of_a_web_process(figures: Figures, rooms: list[Newsroom], size: Size) -> None:
    """Read on and on, one page in four so that it is made anew; see what the process has grown by.

    Before the first look each page was read, so that what is kept once is there.
    """
    room = rooms[-1]
    pages = room.asked["everything"]
    # The API refuses what it doesn't know.
    taken = [page for page in pages if not page.startswith("/api/")]
    anew = (f"{page}{'&' if '?' in page else '?'}reader={n}" for n, page in enumerate(cycle(taken)))
    rng = random.Random(1)
    with room.serve(page_cache=True) as server:
        worker = max(with_children(server.pid), key=memory)
        server.ask(pages)
        server.ask(list(islice(anew, min(len(pages), size.requests // 4))))
        before = after = memory(worker)
        for _ in range(size.requests // 100):
            server.ask([*rng.choices(pages, k=75), *islice(anew, 25)])
            after = memory(worker)
    figures.reach("memory", f"{size.requests} requests", (after - before) / 1024)
    figures.notes["Memory"] = f"{before // 1024} MiB before, {after // 1024} MiB after"


def memory(pid: int) -> int:
    """Return the memory of a process that is its own, in KiB: without files and shared code."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    return 0
