"""What programs ask every site for at a fixed address: security.txt, trust.txt, icons."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language_bidi

from articles.pages import absolute
from articles.public.addresses import page
from articles.public.responses import ReaderView

_VALID = dt.timedelta(days=180)


class TextView(ABC, ReaderView):
    """Answers with lines of text, or as for an unknown address when there are none."""

    @abstractmethod
    def lines(self) -> list[str]:
        """Return what stands in the file, a line each; none for an address nobody gave."""

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = self.lines()
        if not lines:
            raise Http404
        text = "".join(f"{line}\n" for line in lines)
        return HttpResponse(text, content_type="text/plain; charset=utf-8")


class SecurityView(TextView):
    """Whom to tell of a hole (RFC 9116). Valid for half a year from the first of the month."""

    def lines(self) -> list[str]:
        if not settings.SECURITY_CONTACT:
            return []
        month = self.at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return [
            *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
            f"Expires: {(month + _VALID).strftime('%Y-%m-%dT%H:%M:%SZ')}",
            f"Preferred-Languages: {', '.join(dict.fromkeys([settings.LANGUAGE_CODE, 'en']))}",
            f"Canonical: {absolute(reverse('articles:security'))}",
        ]


class TrustView(TextView):
    """Whom the newsroom belongs to, and where it is elsewhere (JournalList's trust.txt).

    Its own pages on standards and corrections are disclosed along, and whether its texts may be
    used for training, as robots.txt says.
    """

    def lines(self) -> list[str]:
        if not settings.TRUST_TXT:
            return []
        own = [page(name) for name in ("standards", "corrections")]
        may_train = "yes" if settings.AI_CRAWLERS == "allow" else "no"
        return [
            *settings.TRUST_TXT,
            *(f"disclosure={address}" for address in own if address),
            f"datatrainingallowed={may_train}",
        ]


class _Elsewhere(ABC, ReaderView):
    """Leads to what may move with the next release, so not for good."""

    @abstractmethod
    def place(self, **kwargs: str) -> str:
        """Return the address it is at now."""

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        return HttpResponseRedirect(self.place(**kwargs))


class ChangePasswordView(_Elsewhere):
    """Where people of the desk change their password (W3C, “Change Password URL”)."""

    def place(self, **kwargs: str) -> str:
        return reverse("admin:password_change")


class IconView(_Elsewhere):
    """Icons that browsers ask for unasked; their files have names that change."""

    def place(self, **kwargs: str) -> str:
        return static(kwargs["file"])


class ManifestView(ReaderView):
    """What a phone shows of the site once it is put on its screen (W3C Web App Manifest)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        manifest: dict[str, Any] = {
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "lang": settings.LANGUAGE_CODE,
            "dir": "rtl" if get_language_bidi() else "ltr",
            "start_url": "/",
            "scope": "/",
            "display": "browser",
            "background_color": "#fdfcf9",
            "theme_color": "#fdfcf9",
            "icons": [_icon("img/logo-180.png", 180), _icon("img/logo.png", 512)],
        }
        return JsonResponse(manifest, content_type="application/manifest+json")


def _icon(file: str, size: int) -> dict[str, str]:
    return {"src": static(file), "sizes": f"{size}x{size}", "type": "image/png"}
