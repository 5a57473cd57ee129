"""Telling caches in front of the site what to forget, once a change is committed.

A back-end forgets by tag (Varnish), by address (nginx), or asks a CDN's interface. *Soft* lets a
cache give the old page out once more while it fetches the new one; a retraction or kill is *hard*:
gone at once, also where nobody asks again before the site is down. Sent in a task, tried again
some times, and never in the way of a transition.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from string import Template
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django_tasks import task

TRIES = 5
_AT_ONCE = 2
_TIMEOUT = 2.0
_TAGS_AT_ONCE = 100

logger = logging.getLogger(__name__)


class PurgeError(Exception):
    """A cache did not confirm that it forgot."""


class Backend(ABC):
    """``purge`` raises PurgeError unless every cache confirmed."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = addresses

    @abstractmethod
    def purge(self, tags: Sequence[str], urls: Sequence[str], *, hard: bool) -> None: ...

    def send(
        self, method: str, address: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> None:
        parts = urlsplit(address)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
        try:
            connection.request(method, path, body=body or None, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise PurgeError(f"{parts.hostname}: {type(error).__name__}") from error
        finally:
            connection.close()
        # A page that is elsewhere or nowhere now is forgotten, too.
        if answer.status >= 400 and answer.status not in (404, 410):
            raise PurgeError(f"{parts.hostname} answered {answer.status}")

    def to_all(self, requests: Iterable[tuple[str, str, dict[str, str]]]) -> None:
        """Send the same requests to every cache; one that fails keeps no other from its own."""
        problems = []
        wanted = list(requests)
        for address in self.addresses:
            try:
                for method, path, headers in wanted:
                    self.send(method, address, path, headers)
            except PurgeError as problem:
                problems.append(str(problem))
        if problems:
            raise PurgeError("; ".join(problems))


class ByTag(Backend):
    """``PURGE /`` with the tags in ``Xkey-Purge``, or ``Xkey-Softpurge``: Varnish with xkey."""

    def purge(self, tags: Sequence[str], urls: Sequence[str], *, hard: bool) -> None:
        name = "Xkey-Purge" if hard else "Xkey-Softpurge"
        host = {"Host": urlsplit(settings.SITE_URL).netloc}
        parts = [tags[n : n + _TAGS_AT_ONCE] for n in range(0, len(tags), _TAGS_AT_ONCE)]
        self.to_all(("PURGE", "/", {**host, name: " ".join(part)}) for part in parts)


class ByAddress(Backend):
    """A GET with ``X-Purge`` of each address that shows the story, which has the cache fetch it
    anew: nginx. Always hard. It comes back to the site, so it needs a worker to send it."""

    def purge(self, tags: Sequence[str], urls: Sequence[str], *, hard: bool) -> None:
        headers = {"Host": urlsplit(settings.SITE_URL).netloc, "X-Purge": "1"}
        self.to_all(("GET", url, headers) for url in urls)


class Interface(Backend):
    """POST to a CDN's own address, with ``PURGE_HEADERS`` and ``PURGE_BODY``.

    In both ``$tags`` and ``$urls`` are JSON lists, ``$keys`` the tags with blanks between,
    ``$soft`` is 1 or 0.
    """

    def purge(self, tags: Sequence[str], urls: Sequence[str], *, hard: bool) -> None:
        full = [f"{settings.SITE_URL}{url}" for url in urls]
        values = {
            "tags": json.dumps(list(tags)),
            "urls": json.dumps(full),
            "keys": " ".join(tags),
            "soft": "0" if hard else "1",
        }
        body = Template(settings.NEWSROOM_PURGE_BODY).safe_substitute(values).encode()
        headers = {"Content-Type": "application/json"}
        for line in settings.NEWSROOM_PURGE_HEADERS:
            name, _, value = line.partition(":")
            headers[name.strip()] = Template(value.strip()).safe_substitute(values)
        for address in self.addresses:
            parts = urlsplit(address)
            path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            self.send("POST", address, path, headers, body)


BACKENDS: dict[str, type[Backend]] = {"tags": ByTag, "urls": ByAddress, "api": Interface}


def backend() -> Backend | None:
    """Return the back-end of this installation, None if no cache is told."""
    kind = BACKENDS.get(settings.NEWSROOM_PURGE)
    return kind(settings.NEWSROOM_PURGE_URLS) if kind and settings.NEWSROOM_PURGE_URLS else None


def purge(tags: Iterable[str], urls: Iterable[str], *, hard: bool = False) -> None:
    """Have every cache in front of the site forget pages by tag or address; in a task."""
    if backend() is not None:
        send.enqueue(sorted(set(tags)), list(urls), hard, 1)


@task()
def send(tags: list[str], urls: list[str], hard: bool, attempt: int) -> None:
    """Purge; try again later, where a worker runs, else a few times at once."""
    told = backend()
    if told is None:
        return
    try:
        told.purge(tags, urls, hard=hard)
    except PurgeError as problem:
        waits = send.get_backend().supports_defer
        if attempt >= (TRIES if waits else _AT_ONCE):
            logger.error("Caches were not purged after %d tries: %s", attempt, problem)
            raise
        logger.warning("Purge failed, it is tried again: %s", problem)
        if waits:
            later = timezone.now() + dt.timedelta(seconds=2**attempt)
            send.using(run_after=later).enqueue(tags, urls, hard, attempt + 1)
        else:
            time.sleep(0.2)
            send.call(tags, urls, hard, attempt + 1)
