"""What readers get of a story in each state, on each surface; and what they are never told."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.choices import PublicationKind
from articles.models import Article, Publication
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_publication,
    make_section,
    make_source,
    make_topic,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

SECRET = "Quicksilver"
SURFACES = [
    "/",
    "/world/",
    "/topic/harbours/",
    "/by/ada-weil/",
    "/source/reuters/",
    "/feed/",
    "/world/feed/",
    "/topic/harbours/feed/",
    "/by/ada-weil/feed/",
]


def make_story(headline: str = f"{SECRET} found in the harbour") -> Article:
    return make_article(
        headline,
        parts=(f"{SECRET} everywhere.",),
        authors=(make_contributor("Ada Weil"),),
        topics=(make_topic(),),
        sources=(make_source("Reuters"),),
    )


def in_an_hour() -> dt.datetime:
    return timezone.now() + dt.timedelta(hours=1)


@pytest.mark.parametrize("surface", SURFACES)
def test_draft_is_on_no_surface(client: Client, surface: str) -> None:
    make_story()
    assert SECRET not in client.get(surface).text


@pytest.mark.parametrize("surface", SURFACES)
def test_published_story_is_on_every_surface(client: Client, surface: str) -> None:
    make_publication(make_story())
    assert SECRET in client.get(surface).text


@pytest.mark.parametrize("surface", [*SURFACES, "article"])
def test_scheduled_story_appears_in_its_second(client: Client, surface: str) -> None:
    at = in_an_hour().replace(microsecond=0)
    publication = make_publication(make_story(), at=at)
    address = publication.get_absolute_url() if surface == "article" else surface
    with time_machine.travel(at - dt.timedelta(seconds=1), tick=False):
        assert SECRET not in client.get(address).text
    with time_machine.travel(at, tick=False):
        assert SECRET in client.get(address).text


@pytest.mark.parametrize("surface", SURFACES)
def test_retracted_story_leaves_every_list(client: Client, surface: str) -> None:
    publication = make_publication(make_story())
    transitions.retract(publication.article, by=publisher(), note="It was wrong.")
    assert SECRET not in client.get(surface).text


def test_path_of_a_scheduled_story_answers_as_one_that_never_was(client: Client) -> None:
    publication = make_publication(make_story(), at=in_an_hour())
    scheduled = client.get(publication.get_absolute_url())
    never = client.get(publication.get_absolute_url().replace("quick", "slow"))
    assert (scheduled.status_code, scheduled.content) == (404, never.content)
    assert scheduled.headers == never.headers


def test_path_that_a_scheduled_change_will_bring_leads_nowhere_yet(client: Client) -> None:
    make_publication(make_story())
    article = change(Article.objects.get(), slug="a-new-name")
    at = in_an_hour()
    to_come = schedule(article, by=publisher(), at=at)
    assert client.get(to_come.get_absolute_url()).status_code == 404
    with time_machine.travel(at):
        assert client.get(to_come.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("surface", ["/topic/harbours/", "/by/ada-weil/", "/source/reuters/"])
@pytest.mark.parametrize("suffix", ["", "feed/"])
def test_who_is_named_in_drafts_only_has_no_page(client: Client, surface: str, suffix: str) -> None:
    make_story()
    known, unknown = client.get(surface + suffix), client.get(f"/topic/nobody/{suffix}")
    assert (known.status_code, known.content) == (404, unknown.content)


def test_change_not_yet_published_is_not_shown(client: Client) -> None:
    publication = make_publication(make_story("Harbour reopens"))
    change(publication.article, headline=f"{SECRET} in the harbour")
    assert SECRET not in client.get("/").text
    assert "Harbour reopens" in client.get(publication.get_absolute_url()).text


def test_old_path_leads_to_the_new_one_for_good(client: Client) -> None:
    first = make_publication(make_story())
    article = change(first.article, slug="a-new-name")
    second = publish(article, by=publisher())
    response = client.get(first.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, second.get_absolute_url())


def test_retracted_story_keeps_its_page_with_the_notice_alone(client: Client) -> None:
    publication = make_publication(make_article("Harbour closed", parts=("Never happened.",)))
    transitions.retract(publication.article, by=publisher(), note="The report was false.")
    response = client.get(publication.get_absolute_url())
    assert response.status_code == 200
    assert "The report was false." in response.text
    assert "Retracted" in response.text
    assert "Never happened." not in response.text
    assert '<meta name="robots" content="noindex">' in response.text


def kill(publication: Publication) -> None:
    """Put a tombstone where a publication is live."""
    now = timezone.now()
    values = {
        field.name: getattr(publication, field.name)
        for field in Publication._meta.concrete_fields
        if field.name not in ("id", "live_until", "lead_photo")
    }
    publication.live_until = now
    publication.save(update_fields=["live_until"])
    tombstone = {"kind": PublicationKind.KILL, "live_from": now, "number": publication.number + 1}
    Publication.objects.create(**{**values, **tombstone, "is_listed": False, "digest": "0" * 64})


def test_killed_story_is_gone_with_every_word_of_it(client: Client) -> None:
    publication = make_publication(make_story())
    kill(publication)
    response = client.get(publication.get_absolute_url())
    assert response.status_code == 410
    assert SECRET.casefold() not in response.text.casefold()


def test_every_former_path_of_a_killed_story_is_gone(client: Client) -> None:
    first = make_publication(make_story())
    article = change(first.article, slug="another")
    kill(publish(article, by=publisher()))
    assert client.get(first.get_absolute_url()).status_code == 410


def test_story_called_off_before_it_began_leaves_no_path(client: Client) -> None:
    publication = make_publication(make_story(), at=in_an_hour())
    transitions.unschedule(publication.article, by=publisher())
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        assert client.get(publication.get_absolute_url()).status_code == 404


def test_section_lists_the_stories_of_the_sections_under_it(client: Client) -> None:
    business = make_section("Business")
    markets = make_section("Markets", parent=business)
    make_publication(headline="Haddock falls", section=markets)
    make_publication(headline="Elsewhere", section=make_section("World"))
    page = client.get("/business/").text
    assert "Haddock falls" in page
    assert "Elsewhere" not in page
    assert "Haddock falls" in client.get("/business/markets/").text


def test_merged_topic_leads_to_its_target_which_lists_its_stories(client: Client) -> None:
    old, new = make_topic("Docks"), make_topic("Harbours")
    make_publication(headline="Crane falls", topics=(old,))
    old.merged_into = new
    old.save()
    response = client.get("/topic/docks/")
    assert (response.status_code, response["Location"]) == (301, "/topic/harbours/")
    assert "Crane falls" in client.get("/topic/harbours/").text


@pytest.mark.parametrize("slug", ["شباك-الضباب", "港口重开", "bến-cảng"])
def test_slug_in_any_script_is_an_address(client: Client, slug: str) -> None:
    publication = make_publication(make_article("Nets", slug=slug))
    assert client.get(publication.get_absolute_url()).status_code == 200
