"""Nothing that readers may not see is on any surface, whoever asks and whatever they asked before.

A story whose every field holds a planted word stands in each state that is not public, among public
stories that share all they can share with it. Every kind of address the site has is asked, and
every address those answers name; no planted word may be in a body or a header. An address of a new
kind has to get its values in ``VALUES``, or a test fails.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from articles.choices import Origin
from articles.models import Article, Contributor, RelatedLink, Rendition
from articles.public import urls
from articles.workflow import transitions
from articles.workflow.permissions import ROLES
from tests import desk
from tests.factories import (
    approve,
    arrange,
    change,
    make_article,
    make_body,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

PLANTED = re.compile(r"zq[a-z]+")
_NAMED = re.compile(
    r"""(?:href|src|srcset)=["']([^"'\s]+)|content=["'](https?:[^"'\s]+)|<(?:loc|link)>([^<\s]+)"""
)
NEIGHBOURS = 3
PATH = "world/2026/01/02/zqslug-found/"
_FIELD = re.compile(r"(?i)\bzq(?=[a-z])")

# What the parts of an address are asked with, by their names.
VALUES: dict[str, list[Any]] = {
    "slug": ["harbours", "zqtopic", "ada-weil", "zqauthor", "reuters", "zqsource"],
    "token": ["nothing"],
    "rest": ["world/", "topic/harbours/", "by/ada-weil/", "source/reuters/", PATH],
    "number": [1, 2],
    "older": [1],
    "newer": [2],
}
# Led to by the sitemap alone, which is crawled.
CRAWLED = frozenset({"sitemap-month"})
SEARCHES = [
    "search/?q=zqbody",
    "search/?q=harbour",
    "search/?topic=zqtopic",
    "search/?topic=harbours",
    "search/?contributor=ada-weil",
    "search/?source=reuters",
    "search/?section=world",
    "api/v1/articles/?q=zqbody",
    "api/v1/articles/?q=harbour",
    "api/v1/articles/?topic=harbours",
    "api/v1/changes/?since=2020-01-01T00:00:00Z",
]


def planted_article(mark: str = "", **values: Any) -> Article:
    """Make a story with a planted word in each field, and in all that only it knows.

    ``mark`` are letters that its words begin with, after "zq".
    """
    zq = f"Zq{mark}"
    photo = make_photo(
        caption=f"{zq}caption of the quay", alt_text=f"{zq}alt", credit_line=f"{zq}credit"
    )
    for width in (480, 960):
        Rendition.objects.create(
            photo=photo,
            format="jpeg",
            width=width,
            height=400,
            file=f"renditions/{zq.lower()}file{width}.jpg",
        )
    article = make_article(
        f"{zq}headline found in the harbour",
        slug=f"{zq.lower()}slug-found",
        standfirst=f"{zq}standfirst in short.",
        kicker=f"{zq}kicker",
        dateline=f"{zq.upper()}PLACE",
        parts=(f"The {zq.lower()}body was everywhere.", photo),
        section=make_section("World"),
        topics=(make_topic("Harbours"), make_topic(f"{zq}topic")),
        authors=(known_author(), make_contributor(f"{zq}author")),
        sources=(make_source("Reuters"), make_source(f"{zq}source")),
        **values,
    )
    RelatedLink.objects.create(
        article=article, title=f"{zq}related", url=f"https://{zq.lower()}link.example/"
    )
    transitions.save(article, origin=values.get("origin", Origin.FORM))
    return article


def known_author() -> Contributor:
    return Contributor.objects.filter(name="Ada Weil").first() or make_contributor("Ada Weil")


def neighbours(*secrets: Article) -> None:
    """Publish stories that share what they can with the secret ones, and lead to them."""
    for number in range(NEIGHBOURS):
        article = make_article(
            f"Harbour news {number}",
            parts=(f"Something was found in the harbour, part {number}.",),
            topics=(make_topic("Harbours"),),
            authors=(known_author(),),
            sources=(make_source("Reuters"),),
        )
        for secret in secrets:
            RelatedLink.objects.create(article=article, related=secret)
        transitions.save(article)
        publish(article)
    for secret in secrets[:1]:
        arrange(secret)


def in_an_hour() -> dt.datetime:
    return timezone.now() + dt.timedelta(hours=1)


def in_review(mark: str) -> Article:
    article = planted_article(mark)
    transitions.submit(article, by=publisher())
    return article


def changes_requested(mark: str) -> Article:
    article = in_review(mark)
    transitions.request_changes(article, by=publisher(), reason="Who says so?")
    return article


def scheduled(mark: str) -> Article:
    return schedule(planted_article(mark), at=in_an_hour()).article


def called_off(mark: str) -> Article:
    article = scheduled(mark)
    transitions.unschedule(article, by=publisher())
    return article


def on_hold(mark: str) -> Article:
    article = approve(planted_article(mark))
    transitions.hold(article, by=publisher(), reason="Wait.")
    return article


def spiked(mark: str) -> Article:
    article = planted_article(mark)
    transitions.spike(article, by=publisher(), reason="No story.")
    return article


def change_under_way(mark: str) -> Article:
    """A clean story is live, the planted words are in its working copy."""
    clean = make_publication(headline=f"Clean {mark}", parts=("Nothing.",)).article
    return change(
        clean,
        headline=f"Zq{mark}headline found",
        standfirst=f"Zq{mark}standfirst.",
        kicker=f"Zq{mark}kicker",
        slug=f"zq{mark}slug-found",
        body=make_body(f"The zq{mark}body was everywhere."),
    )


def change_scheduled(mark: str) -> Article:
    return schedule(change_under_way(mark), at=in_an_hour()).article


# Each makes a story in one state that is not public; the mark of its words says which.
HIDDEN: dict[str, Callable[[str], Article]] = {
    "scheduled": scheduled,
    "draft": planted_article,
    "imported": lambda mark: planted_article(mark, origin=Origin.IMPORT),
    "review": in_review,
    "handedback": changes_requested,
    "approved": lambda mark: approve(planted_article(mark)),
    "embargoed": lambda mark: approve(planted_article(mark, embargo_until=in_an_hour())),
    "held": on_hold,
    "calledoff": called_off,
    "spiked": spiked,
    "underway": change_under_way,
    "changescheduled": change_scheduled,
}


def patterns(entries: Iterable[Any] = urls.urlpatterns, before: str = "") -> list[tuple[str, str]]:
    """Return route and name of every address of the public site."""
    found: list[tuple[str, str]] = []
    for entry in entries:
        route = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            found += patterns(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            found.append((route, str(entry.name or route)))
    return found


def filled(route: str, values: dict[str, list[Any]]) -> list[str]:
    """Return the addresses of a route, its parts filled in with each of their values."""
    parts = re.findall(r"<(?:(\w+):)?(\w+)>", route)
    choices = [
        values[f"{kind}:{name}" if f"{kind}:{name}" in values else name] for kind, name in parts
    ]
    shape = re.sub(r"<[^>]+>", "{}", route)
    return [f"/{shape.format(*chosen)}" for chosen in itertools.product(*choices)]


def asked_of(*secrets: Article, marks: Iterable[str] = ("",)) -> list[str]:
    """Return addresses of every kind, about the secret stories where they can be about one."""
    paths = [row.path for secret in secrets for row in secret.publications.all()] + [PATH]
    now = timezone.localtime()
    values = {
        **VALUES,
        "slug": [_FIELD.sub(f"zq{mark}", slug) for slug in VALUES["slug"] for mark in marks],
        "uuid": [str(secret.uuid) for secret in secrets],
        "story:path": paths,
        "section:path": ["world"],
        "rest": [*VALUES["rest"], *paths],
        "when": [moment(timezone.now())],
        "year": [f"{now:%Y}"],
        "month": [f"{now:%m}"],
        "day": [f"{now:%d}"],
    }
    routes = [route for route, name in patterns() if name not in CRAWLED]
    found = [address for route in routes for address in filled(route, values)]
    found += [f"/{_FIELD.sub(f'zq{mark}', search)}" for search in SEARCHES for mark in marks]
    about = [f"{reverse('articles:oembed')}?url={settings.SITE_URL}/{path}" for path in paths]
    return list(dict.fromkeys([*found, *about]))


def moment(at: dt.datetime) -> str:
    """Return a moment as an address names it."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def said(response: Any) -> str:
    """Return an answer's headers and body as one text in small letters."""
    body = b"".join(response.streaming_content if response.streaming else [response.content])
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{body.decode('utf-8', 'replace')}".lower()


def crawl(client: Client, begin: Iterable[str]) -> dict[str, str]:
    """Return what each address says, and each address of ours that is named there.

    Searches and past moments lead to each other without end: of these, only those asked first.
    """
    answers: dict[str, str] = {}
    waiting = list(begin)
    while waiting:
        address = waiting.pop()
        if address in answers:
            continue
        response = client.get(address)
        assert response.status_code < 500, address
        answers[address] = text = said(response)
        for found in itertools.chain.from_iterable(_NAMED.findall(text)):
            target = urlsplit(urljoin(f"{settings.SITE_URL}{address}", found.replace("&amp;", "&")))
            own = target.netloc == urlsplit(settings.SITE_URL).netloc
            if own and not target.path.startswith(("/static/", "/admin/", "/as-of/", "/search/")):
                waiting.append(f"{target.path}?{target.query}" if target.query else target.path)
    return answers


def leaks(answers: dict[str, str]) -> dict[str, set[str]]:
    """Return the planted words of each answer, without those that were in the question."""
    found = {
        address: set(PLANTED.findall(text)) - set(PLANTED.findall(address.lower()))
        for address, text in answers.items()
    }
    return {address: words for address, words in found.items() if words}


@pytest.fixture
def hidden() -> list[Article]:
    """Make a story in each hidden state, among public ones that lead to them."""
    made = [make(mark) for mark, make in HIDDEN.items()]
    neighbours(*made)
    return made


def test_what_is_not_public_is_nowhere(client: Client, hidden: list[Article]) -> None:
    answers = crawl(client, asked_of(*hidden, marks=HIDDEN))
    assert "harbour news 0" in answers["/"]
    assert leaks(answers) == {}


def test_public_pages_say_the_same_to_staff(hidden: list[Article]) -> None:
    found = {}
    for role in [*ROLES, ""]:
        staff = desk.client_of(make_user(role))
        answers = {address: said(staff.get(address)) for address in asked_of(*hidden[:1])}
        found[role or "Superuser"] = leaks(answers)
    assert found == {role: {} for role in [*ROLES, "Superuser"]}


def test_the_planted_words_would_be_found(client: Client) -> None:
    """The crawl finds every word once the story is public: it looks where it should."""
    secret = publish(planted_article()).article
    neighbours(secret)
    words = set().union(*leaks(crawl(client, asked_of(secret))).values())
    wanted = (
        "headline standfirst kicker place body caption credit alt file topic author source related"
    )
    assert words >= {f"zq{name}" for name in wanted.split()}


# What a story that was taken back may still say: at its own address and in what tells of it.
def retracted(article: Article) -> None:
    transitions.retract(article, by=publisher(), note="It was wrong.")


def killed(article: Article) -> None:
    transitions.request_kill(article, by=make_user(), reason="A court order.")
    transitions.kill(article, by=make_user(), reason="Order 12/26 of the court.")


def emptied(article: Article) -> None:
    """Publish a text without one planted word at the same address."""
    article = change(article, headline="Clean", standfirst="", kicker="", dateline="")
    article.bylines.all().delete()
    article.attributions.all().delete()
    article.related_links.all().delete()
    article.topics.clear()
    publish(change(article, body=make_body("Nothing.")))


# Who and what readers have met keeps its own page.
MET = {"zqtopic", "zqauthor", "zqsource"}
# How it is taken back, the words that stay, and where else more of them may still be read: lists of
# the past show what they showed; what was only changed keeps its history.
TAKEN_BACK: dict[str, tuple[Callable[[Article], None], set[str], tuple[str, ...]]] = {
    "retracted": (
        retracted,
        {"zqheadline", "zqkicker", "zqslug", *MET},
        ("/as-of/", "zqstandfirst", "zqalt", "zqcredit", "zqfile"),
    ),
    "killed": (killed, set(), ("nowhere",)),
    "published anew": (emptied, {"zqslug", *MET}, ("/(history|as-of)/", PLANTED.pattern)),
}


@pytest.mark.parametrize("how", TAKEN_BACK)
def test_what_was_taken_back_is_gone_at_the_next_request(client: Client, how: str) -> None:
    take_back, may_stay, (where, *also) = TAKEN_BACK[how]
    secret = publish(planted_article()).article
    neighbours(secret)
    begin = asked_of(secret)
    before = {address: client.get(address) for address in crawl(client, begin)}
    take_back(secret)
    for address, old in before.items():
        held = {
            "If-None-Match": old.headers.get("ETag", ""),
            "If-Modified-Since": old.headers.get("Last-Modified", ""),
        }
        now = client.get(address, headers={name: value for name, value in held.items() if value})
        same = now.status_code == 304
        assert not same or client.get(address).content == old.content, address
    for address, words in leaks(crawl(client, [*before, *begin])).items():
        past = re.search(where, address)
        more = {word for word in words if past and any(re.fullmatch(one, word) for one in also)}
        assert words <= may_stay | more, address
