"""What the screen of a front shows: places, stories to choose from, what others made meanwhile."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import fronts
from articles.admin import layouts
from articles.admin.front_stories import Story, described, of_publication, offered
from articles.admin.front_words import words
from articles.admin.standing import Label
from articles.front_forms import LayoutForm, PlaceFields, key
from articles.models import Article, Front, Section, Slot
from articles.workflow.layouts import coming, newest_number


@dataclass(frozen=True, slots=True)
class Place:
    """``story`` is the one chosen for the place, ``stands`` the one readers see there."""

    fields: PlaceFields
    story: Story | None
    stands: Story | None

    @property
    def shown(self) -> Story | None:
        return self.story or self.stands

    @property
    def is_waiting(self) -> bool:
        """Return whether another story stands where the chosen one is to stand."""
        return bool(self.story and self.stands and self.story["uuid"] != self.stands["uuid"])


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else made meanwhile, and how it differs from what the form holds."""

    theirs: Front
    label: Label
    rows: list[tuple[str, str, str, bool]]


def screen(
    request: HttpRequest, section: Section | None, form: LayoutForm, slots: Sequence[Slot]
) -> dict[str, Any]:
    """Return the screen's context; ``slots`` are what the form holds."""
    now = timezone.now()
    given = request.POST if form.is_bound else request.GET
    where = chosen_section(given) if "section" in given else section
    brought = described(wanted_story(request.GET), now)
    found = offered(given.get("q", ""), where, now)
    known = {story["uuid"]: story for story in found}
    known |= described(form.named, now) | brought
    form.offer({one: story["headline"] for one, story in known.items()})
    stands = standing(section, slots, now)
    chosen = [known.get(str(fields.story.value() or "")) for fields in form.places]
    return {
        "form": form,
        "places": [
            Place(fields, story, stands.get(fields.key))
            for fields, story in zip(form.places, chosen, strict=True)
        ],
        "live": fronts.layout_at(section, now),
        "coming": coming(section, now),
        "offered": [*brought.values(), *(s for s in found if s["uuid"] not in brought)],
        "brought": next(iter(brought.values()), None),
        "text": given.get("q", ""),
        "where": where,
        "sections": Section.objects.order_by("path"),
        "script": json.dumps(
            {
                "stories": known,
                "stands": stands,
                "words": words(),
                "addresses": common(section)["addresses"],
            }
        ),
        "zone": timezone.get_current_timezone_name(),
    }


def standing(section: Section | None, slots: Sequence[Slot], at: dt.datetime) -> dict[str, Story]:
    """Return by place which stories readers see with these slots at a moment."""
    places = fronts.filled(fronts.all_in(section, at), at, slots).places
    articles = Article.objects.filter(pk__in=[row.article_id for row in places.values()])
    uuids = dict(articles.values_list("pk", "uuid"))
    return {
        key(place): of_publication(row, at, uuids[row.article_id]) for place, row in places.items()
    }


def conflict(section: Section | None, form: LayoutForm) -> Conflict | None:
    """Return the layout that was made since the form was opened, beside what the form holds."""
    number = newest_number(section)
    theirs = Front.objects.select_related("created_by").filter(section=section, number=number)
    front = theirs.first()
    if front is None:
        return None
    slots = layouts.slots_of([front]).get(front.pk, [])
    there = {key((slot.zone, slot.position)): slot.article for slot in slots}
    known = described(form.named, timezone.now())
    rows = []
    for fields in form.places:
        article = there.get(fields.key)
        uuid_there = str(article.uuid) if article else ""
        uuid_here = str(fields.story.value() or "")
        mine = known[uuid_here]["headline"] if uuid_here in known else "–"
        theirs_there = str(article) if article else "–"
        rows.append((fields.name, theirs_there, mine, uuid_there != uuid_here))
    return Conflict(front, layouts.label(front, timezone.now()), rows)


def page(
    request: HttpRequest, section: Section | None, slots: Sequence[Slot], at: dt.datetime
) -> TemplateResponse:
    """Answer with the public page of a front as it would be with these slots at a moment."""
    context: dict[str, Any] = {"at": at, "canonical": "", "feed_url": ""}
    if section is None:
        context |= {"front": fronts.front_page(at, slots), "is_front": True}
    else:
        sections = fronts.with_those_under(section)
        front = fronts.section_front(sections, at, slots)
        below = fronts.in_sections(sections, at)
        if front:
            below = below.exclude(pk__in=front.shown)
        context |= {
            "front": front,
            "object": section,
            "list": {"stories": list(below.older(fronts.cards, settings.LIST_PAGE_SIZE))},
            "children": section.children.filter(in_navigation=True),
            "current": section.path.split("/")[0],
            "current_page": section.path,
        }
    context["page_template"] = f"articles/{'section' if section else 'front'}.html"
    return TemplateResponse(request, "articles/front_preview.html", context)


def chosen_section(given: QueryDict) -> Section | None:
    """Return the section a list of stories is narrowed to, if it is one."""
    number = given.get("section", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return Section.objects.filter(pk=int(number)).first()


def wanted_story(given: QueryDict) -> list[uuid.UUID]:
    """Return the story that ``?story=`` brings along, if it is one."""
    try:
        return [uuid.UUID(given.get("story", ""))]
    except ValueError:
        return []


def common(section: Section | None) -> dict[str, Any]:
    """Return what all pages of a front know: how it is called, and its addresses."""
    args = [section.pk] if section else []
    names = ("arrange", "fill", "preview", "layouts")
    return {
        "opts": Front._meta,
        "section": section,
        "page_name": section.name if section else _("Front page"),
        "page_url": section.get_absolute_url() if section else reverse("articles:front"),
        "addresses": {name: reverse(f"admin:articles_front_{name}", args=args) for name in names}
        | {"stories": reverse("admin:articles_front_stories")},
    }
