"""Which address a request came from, as the limit on log-in attempts counts it.

Only the last entries of X-Forwarded-For, written by the installation's own proxies, are believed;
what stands before them is whatever a stranger sent.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the client's IP address, or the nearest proxy's if a proxy wrote none."""
    nearest: str | None = request.META.get("REMOTE_ADDR") or None
    count: int = settings.TRUSTED_PROXY_COUNT
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not count or len(entries) < count:
        return nearest
    try:
        return str(ipaddress.ip_address(entries[-count].strip()))
    except ValueError:
        return nearest
