"""Who may do what, when: every cell of the documented table, checked over HTTP.

``docs/workflow.md`` is the table; the code must agree with it for every role, action and situation:
in the buttons that the form draws, in a forged request that no button was drawn for, and in the
list that does a thing to many articles at once.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import document
from articles.admin.bulk import BULK
from articles.choices import DeskState, Origin, PublicState
from articles.forms import PRESSES
from articles.models import Article, Event
from articles.workflow import transitions
from articles.workflow.actions import ACTIONS
from articles.workflow.permissions import ROLES
from tests import desk
from tests.factories import (
    approve,
    change,
    make_article,
    make_contributor,
    make_section,
    make_source,
    make_user,
    publish,
    publisher,
    schedule,
)
from tests.test_layout import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ACTORS = [*ROLES, "Superuser", "Editor of another section"]
EVERYONE = "Superuser"
# What the table asks for beyond facts: it is given with every request here.
GIVEN = {"with a comment", "with a reason", "with a note for readers", "a time to come", "gates"}
GIVEN_FIELDS = {
    "act-reason": "For a reason.",
    "act-note": "For our readers.",
    "act-override": "Read twice.",
    "act-kind": "correction",
    "act-was": "Monday",
    "act-now": "Tuesday",
    "act-headline": "A fix",
}
# A fact and the one that holds when it doesn't.
OPPOSITES = {
    "as live": "not as live",
    "scheduled": "not scheduled",
    "on hold": "not on hold",
    "was public": "never public",
    "kill asked for": "kill not asked for",
    "legal check open": "legal check not open",
    "pictures asked for": "pictures not asked for",
    "wrote in it": "wrote nothing in it",
}
# Gates refuse whatever would go live while one of these holds.
IN_THE_WAY = {"on hold", "under embargo", "legal check open", "pictures asked for"}
READ_FIRST = {"approve", "reapprove"}


@dataclass(frozen=True)
class Row:
    """A line of the documented table."""

    roles: set[str]
    desk: set[str]
    public: set[str]
    only_if: set[str]


def documented() -> dict[str, Row]:
    text = (ROOT / "docs" / "workflow.md").read_text(encoding="utf-8")
    open_states = set(DeskState.values) - {DeskState.SPIKED}
    not_killed = set(PublicState.values) - {PublicState.KILLED}
    names = {str(state.label).lower(): state.value for state in (*DeskState, *PublicState)}
    rows = {}
    for line in re.findall(r"^\| `.*\|$", text, re.MULTILINE):
        name, roles, desk_states, public, only_if, _leads_to = (
            cell.strip() for cell in line.strip("|").split("|")
        )
        rows[name.strip("`")] = Row(
            set(roles.split(", ")),
            open_states if desk_states == "open" else {names[s] for s in desk_states.split(", ")},
            not_killed if public == "not killed" else {names[s] for s in public.split(", ")},
            {part.strip() for part in re.split("[;,]", only_if) if part.strip()},
        )
    return rows


TABLE = documented()


@dataclass(frozen=True)
class Situation:
    """An article as it stands; ``facts`` are what is true of it, in words of the table."""

    name: str
    article: Article
    desk: str
    public: str
    facts: frozenset[str]

    def allows(self, actor: str, action: str) -> bool:
        """Return what the table says of a cell."""
        row = TABLE[action]
        stands = self.desk in row.desk and self.public in row.public
        missing = row.only_if - GIVEN - self.facts
        return (actor in row.roles or actor == EVERYONE) and stands and not missing

    def passes_gates(self, action: str) -> bool:
        asked = "gates" in TABLE[action].only_if and action not in READ_FIRST
        return not (asked and self.facts & IN_THE_WAY)


def stands(
    name: str, article: Article, desk_state: str, public: str = "unpublished", *words: str
) -> Situation:
    """Return a situation; of each pair of opposites one holds."""
    opposites = {other for fact, other in OPPOSITES.items() if fact not in words}
    facts = frozenset({*words, *opposites})
    article.refresh_from_db()
    return Situation(name, article, desk_state, public, facts)


def story(writer: Any, **values: Any) -> Article:
    agencies = (make_source(), make_source())
    return make_article(sources=agencies, authors=(make_contributor(),), by=writer, **values)


def brought_to(state: str, article: Article, writer: Any) -> Article:
    """Bring a draft to a desk state."""
    if state in (DeskState.IN_REVIEW, DeskState.CHANGES_REQUESTED, DeskState.APPROVED):
        transitions.submit(article, by=writer)
    if state == DeskState.CHANGES_REQUESTED:
        transitions.request_changes(article, by=publisher(), reason="Names.")
    if state == DeskState.APPROVED:
        approve(article)
    if state == DeskState.SPIKED:
        transitions.spike(article, by=publisher(), reason="Not ours.")
    return article


def withdrawn(article: Article, public: str) -> Article:
    publish(article)
    if public == PublicState.ARCHIVED:
        transitions.archive(article, by=publisher())
    if public == PublicState.RETRACTED:
        transitions.retract(article, by=publisher(), note="Made up.")
    return article


def situations(actor: Any) -> Iterator[Situation]:
    """Make an article for each way in which one can stand; ``actor`` wrote in two of them."""
    writer = make_user("Reporter")
    for state in DeskState.values:
        yield stands(state, brought_to(state, story(writer), writer), state)
    for public in (PublicState.PUBLISHED, PublicState.ARCHIVED, PublicState.RETRACTED):
        as_live = () if public == PublicState.RETRACTED else ("as live",)
        article = withdrawn(story(writer), public)
        yield stands(f"as live, {public}", article, "approved", public, "was public", *as_live)
        for state in (DeskState.DRAFT, "in_review", "changes_requested", DeskState.APPROVED):
            article = withdrawn(story(writer), public)
            change(article, headline=f"Update {article.pk}", by=writer)
            brought_to(state, article, writer)
            words = ("was public", "a draft waits")
            yield stands(f"{state}, {public}", article, state, public, *words)
    yield from with_kills(writer, actor)
    yield from with_seals(writer, actor)
    yield from with_flags(writer)


def with_kills(writer: Any, actor: Any) -> Iterator[Situation]:
    asked = ("was public", "as live", "kill asked for")
    by_other = "kill asked for by somebody else"
    for name, by, words in (
        ("by another", publisher(), (*asked, by_other)),
        ("by me", actor, asked),
    ):
        article = withdrawn(story(writer), "published")
        if by is actor:  # whoever it is: what counts is that they asked
            Article.objects.filter(pk=article.pk).update(kill_requested_by=actor)
        else:
            transitions.request_kill(article, by=by, reason="A child is named.")
        yield stands(f"kill asked for {name}", article, "approved", "published", *words)
    article = withdrawn(story(writer), "published")
    transitions.request_kill(article, by=publisher(), reason="A child is named.")
    transitions.kill(article, by=make_user(), reason="A child is named.")
    article.refresh_from_db()
    yield stands("killed", article, article.state, "killed", "was public")


def with_seals(writer: Any, actor: Any) -> Iterator[Situation]:
    article = story(writer)
    schedule(article, at=timezone.now() + dt.timedelta(days=1))
    yield stands("scheduled", article, "approved", "unpublished", "scheduled")
    article = approve(story(writer))
    change(article, headline=f"Late {article.pk}", by=writer)
    yield stands("void", article, "draft", "unpublished", "approved before this edit")
    article = story(writer)
    transitions.emergency_publish(article, by=publisher(), reason="A flood.")
    yield stands("emergency", article, "in_review", "published", "was public")
    article = withdrawn(story(writer), "published")
    change(article, headline=f"Update {article.pk}", by=writer)
    fix = replace(document.from_json(article.revisions.get(number=1).document), kicker="Fixed")
    given: dict[str, Any] = {"kind": "correction", "note": "Wrong.", "override": "Read."}
    transitions.hot_fix(article, by=publisher(), story=fix, reason="Wrong.", **given)
    told = ["was public", "a draft waits", "a fix waits to be read", "did not write the fix"]
    yield stands("hot fix", article, "draft", "published", *told)
    article = brought_to("in_review", story(actor), publisher())
    yield stands("my own", article, "in_review", "unpublished", "wrote in it")
    article = approve(story(writer))
    change(article, headline=f"Late {article.pk}", by=actor)
    words = ("approved before this edit", "wrote in it")
    yield stands("void by me", article, "draft", "unpublished", *words)
    article = story(None, origin=Origin.IMPORT)
    yield stands("imported", article, "draft", "unpublished", "imported and untouched")


def with_flags(writer: Any) -> Iterator[Situation]:
    at = timezone.now() + dt.timedelta(days=20)
    flags: dict[str, Callable[[Article], Any]] = {
        "on hold": lambda row: transitions.hold(row, by=publisher(), reason="Wait."),
        "under embargo": lambda row: transitions.set_embargo(row, by=publisher(), at=at),
        "legal check open": lambda row: transitions.require_legal(row, by=publisher()),
        "pictures asked for": lambda row: transitions.require_pictures(row, by=publisher()),
    }
    for word, flag in flags.items():
        for state in (DeskState.DRAFT, DeskState.APPROVED):
            article = brought_to(state, story(writer), writer)
            flag(article)
            yield stands(f"{state}, {word}", article, state, "unpublished", word)


def act_url(name: str, article: Article) -> str:
    return reverse("admin:articles_article_act", args=[article.pk, name])


def make_actor(name: str) -> Any:
    if name == EVERYONE:
        return make_user()
    if name in ROLES:
        return make_user(name)
    user = make_user("Editor")
    role, elsewhere = user.groups.get(), make_section("Elsewhere")
    user.assignments.create(role=role, section=elsewhere)
    return user


def seen(article: Article) -> int:
    """Return the number of the revision that its page shows."""
    rows = article.revisions.filter(is_proposal=False).order_by("-number")
    return rows.values_list("number", flat=True)[0]


def tried(client: Client, name: str, article: Article) -> tuple[bool, int]:
    """Forge a request for an action; return whether it happened, and the status. Undone after."""
    number = seen(article)
    at = f"{timezone.localtime() + dt.timedelta(days=2):%Y-%m-%dT%H:%M}"
    before = article.events.count()
    with transaction.atomic():
        answer = client.post(
            act_url(name, article), {**GIVEN_FIELDS, "act-at": at, "revision": str(number)}
        )
        happened = article.events.filter(action=name).count() > 0 and (
            article.events.count() > before
        )
        transaction.set_rollback(True)
    return happened, answer.status_code


def saved(client: Client, article: Article) -> bool:
    """Forge a save of the form; return whether it was saved. Undone after."""
    fields = {
        "headline": "Forged", "slug": article.slug, "language": "en", "body": article.body,
        "section": article.section_id or "", "based_on": article.lock_version, "_save": "1",
    }  # fmt: skip
    for prefix in ("bylines", "attributions", "related_links", "placements"):
        fields |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    with transaction.atomic():
        client.post(desk.change_url(article), fields)
        happened = Article.objects.filter(pk=article.pk, headline="Forged").exists()
        transaction.set_rollback(True)
    return happened


def listed(client: Client, name: str, articles: list[Article]) -> set[int]:
    """Confirm an action for many articles at once; return for which it happened. Undone after."""
    tokens = [f"{row.pk}-{seen(row)}" for row in articles]
    at = f"{timezone.localtime() + dt.timedelta(days=2):%Y-%m-%dT%H:%M}"
    fields = {"reason": "For a reason.", "override": "Read twice.", "at": at, "confirmed": "yes"}
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    with transaction.atomic():
        url = reverse("admin:articles_article_bulk", args=[name])
        client.post(url, {**fields, "article": tokens})
        events = Event.objects.filter(pk__gt=last, action=name)
        happened = set(events.values_list("article_id", flat=True))
        transaction.set_rollback(True)
    return happened


def test_table_tells_of_every_action_and_of_nothing_else():
    assert TABLE.keys() == ACTIONS.keys()
    for name, row in TABLE.items():
        assert row.roles <= set(ROLES), name


@pytest.mark.parametrize("name", ACTORS)
def test_every_cell_of_the_table(name, capsys):
    actor = make_actor(name)
    client = desk.client_of(actor)
    wrong: list[tuple[Any, ...]] = []
    cells = 0
    all_of_them = list(situations(actor))
    for situation in all_of_them:
        article = situation.article
        page = desk.page(client, desk.change_url(article))
        drawn = set(page.xpath("//@data-action"))
        for action in ACTIONS:
            cells += 1
            allowed = situation.allows(name, action)
            if action == "edit":
                offered = bool(page.xpath("//input[@id='id_headline']"))
                done = saved(client, article)
                wrong += [(situation.name, action, offered, done)] * ({offered, done} != {allowed})
                continue
            done, status = tried(client, action, article)
            should = allowed and situation.passes_gates(action)
            refused_right = allowed or status == (302 if _in_role(name, action) else 403)
            if (action in drawn) != allowed or done != should or not refused_right:
                wrong.append((situation.name, action, action in drawn, done, status))
    for action in BULK:
        happened = listed(client, action, [situation.article for situation in all_of_them])
        for situation in all_of_them:
            should = situation.allows(name, action) and situation.passes_gates(action)
            if (situation.article.pk in happened) != should:
                wrong.append((situation.name, action, "list", should))
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {cells} cells")
    assert wrong == []


def _in_role(actor: str, action: str) -> bool:
    return actor == EVERYONE or actor in TABLE[action].roles


def test_presses_of_the_form_do_what_the_table_allows():
    """What is pressed in the form is saved first and then asked like everything else."""
    editor = make_user("Editor")
    client = desk.client_of(editor)
    seen = set()
    for situation in situations(editor):
        page = desk.page(client, desk.change_url(situation.article))
        fields = {**desk.filled_form(page), **GIVEN_FIELDS}
        fields["act-at"] = f"{timezone.localtime() + dt.timedelta(days=2):%Y-%m-%dT%H:%M}"
        for press in PRESSES:
            before = situation.article.events.count()
            with transaction.atomic():
                client.post(desk.change_url(situation.article), {**fields, "_act": press})
                done = situation.article.events.count() > before
                transaction.set_rollback(True)
            should = situation.allows("Editor", press) and situation.passes_gates(press)
            assert done is should, (situation.name, press)
            seen.add((press, should))
    assert seen == {(press, should) for press in PRESSES for should in (True, False)}
