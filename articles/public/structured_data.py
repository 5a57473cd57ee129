"""What machines read of a page: schema.org in JSON-LD, and what a link to it is shown with.

Says nothing that the page doesn't show. Times are to the second, as in ``time`` elements.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from articles.choices import BylineRole, Channel, SourceKind
from articles.credits import creators, credit_line
from articles.models import Photo, Rendition, Section
from articles.pages import ArticlePage, Change, absolute, alt_text, renditions

_SUPPLIERS = (SourceKind.AGENCY, SourceKind.OUTLET)
# Left as they are, these could end the script element or a line of script.
_UNSAFE = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def json_ld(value: dict[str, Any]) -> SafeString:
    """Return the script element of a JSON-LD value. It is data: no policy on scripts stops it."""
    text = json.dumps(value, ensure_ascii=False).translate(_UNSAFE)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def news_article(page: ArticlePage) -> dict[str, Any]:
    """Return a story as schema.org NewsArticle, with the way to it."""
    story = page.publication
    url = absolute(story.get_absolute_url())
    article = {
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "url": url,
        "mainEntityOfPage": url,
        "headline": story.headline,
        "description": story.standfirst,
        "inLanguage": story.language,
        "datePublished": _time(story.published_at),
        "dateModified": _time(max(story.revised_at, story.published_at)),
        "articleSection": story.section.name,
        "wordCount": story.words,
        "isAccessibleForFree": True,
        "author": _authors(story.credits) or [{"@type": "Organization", **_site()}],
        "publisher": _publisher(),
        "about": [
            {"@type": "Thing", "name": row["name"], "url": _page("topic", row["slug"])}
            for row in story.credits.get("topics", [])
        ],
        "image": [_image(photo) for photo in page.photos if _shared(photo)]
        or [{"@type": "ImageObject", **_own_picture()}],
        "isBasedOn": [_work(row) for row in _sources(story.credits, supplied=True)],
        "citation": [_work(row) for row in _sources(story.credits, supplied=False)],
        "correction": [_correction(change) for change in page.changes],
    }
    said = {key: value for key, value in article.items() if value or key == "wordCount"}
    return {"@context": "https://schema.org", "@graph": [said, _breadcrumb(story.section, story)]}


def site_page() -> dict[str, Any]:
    """Return the site as schema.org WebSite."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        **_site(),
        "publisher": _publisher(),
    }


def list_page(name: str, path: str) -> dict[str, Any]:
    """Return a list of stories as schema.org CollectionPage."""
    return {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": name,
        "url": absolute(path),
        "isPartOf": {"@type": "WebSite", **_site()},
    }


def sharing(page: ArticlePage) -> dict[str, Any]:
    """Return what a link to the story is shown with elsewhere: locale, and a picture.

    The picture is the first that was supplied, in the shape that others show, else the site's own.
    """
    photo = next((photo for photo in page.photos if _shared(photo)), None)
    if photo is None:
        image = {**_own_picture(), "alt": settings.SITE_NAME}
    else:
        file = (_shared(photo, "share") or _shared(photo))[-1]
        image = {
            "url": absolute(file.url),
            "width": file.width,
            "height": file.height,
            "alt": alt_text(photo),
        }
    return {"image": image, "locale": to_locale(page.publication.language)}


def _site() -> dict[str, Any]:
    return {"name": settings.SITE_NAME, "url": absolute("/")}


def _publisher() -> dict[str, Any]:
    logo = absolute(static("img/logo.png"))
    return {
        "@type": "NewsMediaOrganization",
        **_site(),
        "logo": {"@type": "ImageObject", "url": logo, "width": 512, "height": 512},
    }


def _own_picture() -> dict[str, Any]:
    """Return the site's picture, for stories without one."""
    return {"url": absolute(static("img/share.png")), "width": 1200, "height": 630}


def _authors(stored: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [row for row in stored.get("bylines", []) if row["role"] == BylineRole.AUTHOR]
    return [_person(row) for row in rows]


def _person(row: dict[str, str]) -> dict[str, Any]:
    person: dict[str, Any] = {"@type": "Person", "name": row["name"]}
    if row["slug"]:
        person["url"] = _page("contributor", row["slug"])
    if row["affiliation"]:
        person["affiliation"] = {"@type": "Organization", "name": row["affiliation"]}
    return person


def _shared(photo: Photo, crop: str = "") -> list[Rendition]:
    """Return the files other sites and search engines are told of."""
    return renditions(photo, "jpeg", crop, channel=Channel.SHARE)


def _image(photo: Photo) -> dict[str, Any]:
    widest = _shared(photo)[-1]
    credit = credit_line(photo)
    image: dict[str, Any] = {
        "@type": "ImageObject",
        "url": absolute(widest.url),
        "width": widest.width,
        "height": widest.height,
        "caption": photo.caption or photo.alt_text,
        "creditText": credit,
        "creator": _creator(photo, credit),
        "copyrightNotice": photo.copyright_notice or credit,
        "license": photo.web_statement,
        "acquireLicensePage": photo.licensor_url,
    }
    if photo.digital_source_type:
        code = f"http://cv.iptc.org/newscodes/digitalsourcetype/{photo.digital_source_type}"
        image["additionalType"] = code
    return {key: value for key, value in image.items() if value}


def _creator(photo: Photo, credit: str) -> dict[str, Any] | list[dict[str, Any]] | None:
    people: list[dict[str, Any]] = [{"@type": "Person", "name": name} for name in creators(photo)]
    if people:
        return people if len(people) > 1 else people[0]
    name = photo.agency.name if photo.agency else credit
    return {"@type": "Organization", "name": name} if name else None


def _sources(stored: dict[str, Any], *, supplied: bool) -> list[dict[str, str]]:
    return [row for row in stored.get("sources", []) if (row["kind"] in _SUPPLIERS) == supplied]


def _work(row: dict[str, str]) -> dict[str, Any]:
    """Return what a source gave: the story knows who it came from, not which work it was."""
    work: dict[str, Any] = {"@type": "CreativeWork", "name": row["name"]}
    work["url"] = _page("source", row["slug"])
    if row["kind"] != SourceKind.DOCUMENT:
        kind = "Person" if row["kind"] == SourceKind.PERSON else "Organization"
        work["creator"] = {"@type": kind, "name": row["name"]}
    return work


def _correction(change: Change) -> dict[str, Any]:
    said = [change.note] if change.note else []
    said += [
        _("An earlier version said: %(was)s It should say: %(now)s") % {"was": was, "now": now}
        if was
        else now
        for was, now in change.corrections
    ]
    return {
        "@type": "CorrectionComment",
        "text": " ".join(said),
        "datePublished": _time(change.at),
    }


def _breadcrumb(section: Section, story: Any) -> dict[str, Any]:
    way = [(section.parent.name, section.parent.get_absolute_url())] if section.parent else []
    way.append((section.name, section.get_absolute_url()))
    way.append((story.headline, story.get_absolute_url()))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate(way, 1)
        ],
    }


def _page(name: str, slug: str) -> str:
    return absolute(reverse(f"articles:{name}", kwargs={"slug": slug}))


def _time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
