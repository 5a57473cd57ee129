"""WebSub: telling hubs which feeds changed, so that their subscribers learn of it at once.

What changed is read off the clock, as everything readers see: whatever went live or ended since a
hub was last told. So a scheduled story is announced by whoever asks next (a task at its moment
where a worker runs, else ``manage.py announce``), a hub that did not answer is told the same again,
and asking twice tells nothing twice. Told too often is harmless: hubs fetch the feed and compare.
"""

from __future__ import annotations

import datetime as dt
import http.client
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from articles.choices import PublicationKind
from articles.models import Announcement, Publication
from articles.pages import TOLD, absolute
from articles.querysets import PublicationQuerySet

logger = logging.getLogger(__name__)

# Where a list has its feeds, below its own address.
FORMATS = {"rss": "feed/", "atom": "feed/atom/", "json": "feed/json/"}
TIMEOUT = 5.0  # seconds a hub is waited for
_FIRST = dt.timedelta(hours=1)  # how far back a new hub is told
_MOST = 200  # changes looked at in one round
_IN_ONE = 50  # feeds named in one request
_OFF_THE_LIST = (PublicationKind.RETRACTION, PublicationKind.KILL, PublicationKind.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Round:
    """How it went with one hub: the feeds it was told of, or what went wrong."""

    hub: str
    feeds: int = 0
    problem: str = ""


def announce(
    at: dt.datetime | None = None, *, also: int | None = None, dry_run: bool = False
) -> list[Round]:
    """Tell each hub of the feeds that changed since it was last told, up to ``at``.

    ``also`` is a publication that was just made, named by its number in the table: a round that
    ran before it was committed did not see it.
    """
    at = at or timezone.now()
    return [_tell(hub, at, also, dry_run=dry_run) for hub in settings.WEBSUB_HUBS]


def changed_feeds(since: dt.datetime, at: dt.datetime, also: int | None = None) -> list[str]:
    """Return the full addresses of the feeds in which anything changed after ``since``."""
    begun = _visible().filter(live_from__gt=since, live_from__lte=at).order_by("-live_from")
    newest = list(begun.values_list("article", "live_from")[:_MOST])
    newest += _visible().filter(pk=also, live_from__lte=at).values_list("article", "live_from")
    moments = [live_from for _article, live_from in newest]
    # What was replaced ended when that which replaced it began.
    rows = _visible().filter(Q(live_from__in=moments) | Q(live_until__in=moments))
    rows = rows.filter(article__in=[article for article, _live_from in newest])
    rows = rows.select_related("section").defer("body")
    lists = {
        path
        for row in rows.prefetch_related("topics__merged_into", "contributors", "sources")
        for path in _lists(row)
    }
    return [absolute(f"{path}{part}") for path in sorted(lists) for part in FORMATS.values()]


def _visible() -> PublicationQuerySet:
    return Publication.objects.exclude(live_until=F("live_from"))


def _lists(publication: Publication) -> Iterator[str]:
    """Yield the addresses of the lists a publication changes by coming or going."""
    yield "/"
    slugs = publication.section.path.split("/")
    for depth in range(len(slugs)):
        yield reverse("articles:section", kwargs={"path": "/".join(slugs[: depth + 1])})
    for topic in publication.topics.all():
        yield (topic.merged_into or topic).get_absolute_url()
    yield from (person.get_absolute_url() for person in publication.contributors.all())
    yield from (source.get_absolute_url() for source in publication.sources.all())
    if publication.kind in (*TOLD, *_OFF_THE_LIST):
        yield "/corrections/"


def _tell(hub: str, at: dt.datetime, also: int | None, *, dry_run: bool) -> Round:
    told = Announcement.objects.filter(hub=hub).values_list("told_until", flat=True).first()
    feeds = changed_feeds(told or at - _FIRST, at, also)
    if dry_run:
        return Round(hub, len(feeds))
    try:
        for start in range(0, len(feeds), _IN_ONE):
            ping(hub, feeds[start : start + _IN_ONE])
    except (OSError, http.client.HTTPException) as error:
        logger.warning("Hub %s was not told of %d feeds: %s", hub, len(feeds), error)
        return Round(hub, len(feeds), str(error) or type(error).__name__)
    Announcement.objects.get_or_create(hub=hub, defaults={"told_until": at})
    Announcement.objects.filter(hub=hub, told_until__lt=at).update(told_until=at)
    return Round(hub, len(feeds))


def ping(hub: str, feeds: Sequence[str]) -> None:
    """Ask a hub to fetch feeds anew; raises OSError or HTTPException unless it says that it will.

    Redirects are not followed: the address of a hub is set by the operator and is the hub's own.
    """
    parts = urlsplit(hub)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    said = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)])
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": f"Newsroom ({absolute('/')})",
    }
    try:
        connection.request("POST", path, said, headers)
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise http.client.HTTPException(f"HTTP {status}")
