"""Which release made a page: other code, templates or names make other pages of the same rows."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

_PARTS = ("articles", "newsroom", "templates", "static")
_SETTINGS = (
    "SITE_NAME", "SITE_URL", "LANGUAGE_CODE", "TIME_ZONE", "MEDIA_URL", "MEDIA_ORIGIN",
    "SERVE_MEDIA", "STATIC_URL", "LIST_PAGE_SIZE", "CONTENT_SECURITY_POLICY",
    "PERMISSIONS_POLICY", "SECURE_HSTS_SECONDS",
)  # fmt: skip


@cache
def release() -> str:
    """Return a short name made of every file and setting that pages are made with."""
    digest = hashlib.sha256()
    for name in _SETTINGS:
        digest.update(f"{name}={getattr(settings, name, None)!r}\n".encode())
    for part in _PARTS:
        for path in sorted(Path(settings.BASE_DIR, part).rglob("*.*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(settings.BASE_DIR)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
