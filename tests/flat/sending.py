"""What editors send: each is done, looked at, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse

from articles.models import Article, Front, Photo, Section, Topic
from tests import desk
from tests.benchmarks.stories import MODELS
from tests.flat.walking import Asked, kept

_OVERRIDE = {"act-override": "Read twice."}


def acts(client: Client) -> Iterator[Asked]:
    """Send every kind of form that writes; yield what each asked of the database.

    The stories are copies, of which every newsroom has the same first ones.
    """
    article = Article.objects.filter(chain_head__gt="").order_by("pk")[MODELS]
    form = desk.change_url(article)
    fields = desk.filled_form(desk.page(client, form))
    changed = {**fields, "standfirst": "Changed."}
    yield _sent(client, "save", form, {**changed, "_save": "1"})
    yield _sent(client, "save and publish", form, {**changed, "_act": "publish", **_OVERRIDE})
    retract = reverse("admin:articles_article_act", args=[article.pk, "retract"])
    yield _sent(client, "retract", retract, {"act-note": "The story was withdrawn."})
    bulk = reverse("admin:articles_article_bulk", args=["hold"])
    several = {"article": [f"{article.pk}-1", f"{article.pk + 1}-1"], "reason": "Wait."}
    yield _sent(client, "look at several", bulk, several, status=200)
    yield _sent(client, "hold several", bulk, {**several, "confirmed": "1"})
    yield from _of_things(client)
    yield from _of_fronts(client)


def _of_things(client: Client) -> Iterator[Asked]:
    for row in (
        Topic.objects.get(slug="harbours"),
        Photo.objects.get(publications__path__endswith="/rarity/"),
    ):
        kind = row._meta.model_name
        address = reverse(f"admin:articles_{kind}_change", args=[row.pk])
        fields = desk.filled_form(desk.page(client, address), f"{kind}_form")
        yield _sent(client, f"save a {kind}", address, {**fields, "_save": "1"})


def _of_fronts(client: Client) -> Iterator[Asked]:
    section = Section.objects.get(path="sport")
    arrange = reverse("admin:articles_front_arrange", args=[section.pk])
    fields = desk.filled_form(desk.page(client, arrange), "front-form")
    fields.pop("overwrite", None)
    yield _sent(client, "publish a layout", arrange, {**fields, "_publish": "1"})
    fill = reverse("admin:articles_front_fill", args=[section.pk])
    yield _sent(client, "fill a layout", fill, fields, status=200)
    to_come = Front.objects.filter(section=section).order_by("-number")[1]
    call_off = reverse("admin:articles_front_call_off", args=[to_come.pk])
    yield _sent(client, "call a layout off", call_off, {})


def _sent(
    client: Client, name: str, address: str, fields: dict[str, Any], *, status: int = 302
) -> Asked:
    """Send a form, with what follows once it is committed, and take back what it did."""
    asked = Asked(name)
    with transaction.atomic():
        with kept(asked.queries), TestCase.captureOnCommitCallbacks(execute=True):
            response = client.post(address, fields)
        transaction.set_rollback(True)
    asked.status = response.status_code
    assert response.status_code == status, (name, response.content.decode()[:9000])
    return asked
