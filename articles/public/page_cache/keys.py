"""Under which key a request finds a kept page, and which requests never do.

A key is made of what a page may depend on and nothing else: scheme, host, path, and the parameters
that pages know. No cookie is in it. Whatever is odd about a request sends it past the cache, to
answers that are made as if there were none; so no stranger can fill the cache with odd addresses.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from articles.public.filters import NAMES

# What other sites append to links to tell their own visitors apart; pages don't know it.
TRACKING = frozenset(
    {"fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "yclid", "igshid",
     "mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok", "ref_src", "s_cid", "ck_subscriber_id"}
)  # fmt: skip
# Parameters of lists, search, feeds, oEmbed and the API; others are not kept.
KNOWN = frozenset(
    {*NAMES, "after", "before", "cursor", "limit", "q", "since", "sort", "url", "format",
     "maxwidth", "maxheight"}
)  # fmt: skip
NEVER = ("/admin/", "/static/", "/media/", "/preview/", "/health/", "/as-of/")
_LONGEST_PATH, _LONGEST_QUERY = 500, 300
_MOST_HOSTS = 64


class Keys:
    """Reads requests; ``hosts`` remembers which names were found to be ours."""

    def __init__(self) -> None:
        self.hosts: set[str] = set()
        self.secure: tuple[str, str] | None = settings.SECURE_PROXY_SSL_HEADER

    def of(self, environ: dict[str, Any]) -> str | None:
        """Return the key of a request, None if it has to pass the cache by.

        Tracking parameters are taken out of the request itself: with or without the cache, no page
        gets to see them.
        """
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if (method != "GET" and method != "HEAD") or path.startswith(NEVER):
            return None
        if "HTTP_AUTHORIZATION" in environ or len(path) > _LONGEST_PATH:
            return None
        host = environ.get("HTTP_HOST", "")
        if host not in self.hosts and not self._is_ours(host):
            return None
        query = environ.get("QUERY_STRING", "")
        if query:
            query = self._query(environ, query)
            if query is None:
                return None
        scheme = environ["wsgi.url_scheme"]
        if self.secure is not None:
            scheme = "https" if environ.get(self.secure[0]) == self.secure[1] else "http"
        # Without a query there is no "?": an empty one is the same page.
        return (
            f"{scheme}://{host}{environ.get('SCRIPT_NAME', '')}{path}{'?' if query else ''}{query}"
        )

    def _is_ours(self, host: str) -> bool:
        name, _port = split_domain_port(host)
        if not name or not validate_host(name, settings.ALLOWED_HOSTS):
            return False
        if len(self.hosts) < _MOST_HOSTS:
            self.hosts.add(host)
        return True

    def _query(self, environ: dict[str, Any], query: str) -> str | None:
        """Return the parameters pages know, in one order; None if there is another."""
        if len(query) > 4 * _LONGEST_QUERY:
            return None
        try:
            given = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=20)
        except ValueError:
            return None
        kept = [(name, value) for name, value in given if not _is_tracking(name)]
        if len(kept) != len(given):
            environ["QUERY_STRING"] = urlencode(kept)
        names = [name for name, _ in kept]
        if not KNOWN.issuperset(names) or len(set(names)) != len(names):
            return None
        written = urlencode(sorted(kept))
        return written if len(written) <= _LONGEST_QUERY else None


def _is_tracking(name: str) -> bool:
    return name in TRACKING or name.startswith("utm_")
