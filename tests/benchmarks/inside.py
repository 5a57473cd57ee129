"""What is done inside a newsroom of its own, by a process of its own.

``python -m tests.benchmarks.inside STEP …`` with the variables of that newsroom; the last line of
the output is what came out, as JSON. ``newsroom`` starts it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.contrib import admin  # noqa: E402 - needs the apps to be ready
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command, load_command_class  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.urls import reverse  # noqa: E402

from articles.models import Article, Publication, Rendition  # noqa: E402
from articles.public import cursors  # noqa: E402
from tests import desk  # noqa: E402
from tests.benchmarks import corpus, raw  # noqa: E402
from tests.benchmarks.measure import cpu_of  # noqa: E402
from tests.benchmarks.stories import MODELS  # noqa: E402

SECTION, TOPIC = "world", "harbours"
SAVES = 20


def make(size: str) -> dict[str, Any]:
    """Make the tables, or let the archive that is there grow; say what may be asked of it."""
    call_command("migrate", verbosity=0)
    corpus.populate(int(size))
    client = desk.client_of(_publisher())
    return {
        "public": public_pages(),
        "desk": desk_pages(client),
        "session": client.session.session_key,
        "everything": everything(),
    }


def public_pages() -> dict[str, list[str]]:
    """Return addresses of each kind of page, by what they are called in the table."""
    listed = Publication.objects.listed()
    story = listed.filter(photos__isnull=False).newest_first()[5]
    *_, oldest = listed.filter(section__path=SECTION).order_by("published_at", "pk")[:25]
    *_, last = listed.order_by("published_at", "pk")[:25]
    common, rare = corpus.COMMON, corpus.RARE
    api = "/api/v1/articles/"
    return {
        "article": [row.get_absolute_url() for row in _spread(listed, 20)],
        "front": ["/"],
        "section": [f"/{SECTION}/"],
        "section, far end": [f"/{SECTION}/?before={cursors.encode(oldest)}"],
        "topic": [f"/topic/{TOPIC}/"],
        "contributor": [story.contributors.all()[0].get_absolute_url()],
        "source": [story.sources.all()[0].get_absolute_url()],
        "feed": ["/feed/"],
        "section feed": [f"/{SECTION}/feed/"],
        "archive": ["/archive/"],
        "archive, a day": [f"/archive/{story.published_at:%Y/%m/%d}/"],
        "corrections": ["/corrections/"],
        "search page": ["/search/"],
        "search, common word": [f"/search/?q={common}"],
        "search, common word by date": [f"/search/?q={common}&sort=date"],
        "search, rare word": [f"/search/?q={rare}"],
        "search, section and photo": [f"/search/?q={common}&section={SECTION}&photo=true"],
        "sitemap": ["/sitemap.xml"],
        "sitemap of a month": [f"/sitemap-{last.published_at:%Y-%m}.xml"],
        "API: list": [api],
        "API: list, far end": [f"{api}?cursor={cursors.encode(last)}"],
        "API: changes": ["/api/v1/changes/"],
        "API: an article": [f"{api}{row.article.uuid}/" for row in _spread(listed, 20)],
    }


def desk_pages(client: Client) -> dict[str, list[str]]:
    """Return the first page, every list with and without a search, and forms of articles."""
    request = RequestFactory().get("/")
    request.user = _publisher()
    pages = {"desk: first page": [reverse("admin:index")]}
    for model, shown in sorted(admin.site._registry.items(), key=lambda item: item[0].__name__):
        if model._meta.app_label != "articles" or not shown.has_view_permission(request):
            continue
        name = str(model._meta.verbose_name_plural)
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        pages[f"desk: {name}"] = [address]
        if shown.get_search_fields(request):
            pages[f"desk: {name}, a search"] = [f"{address}?q=harbour"]
    listed = reverse("admin:articles_article_changelist")
    pages["desk: articles, drafts"] = [f"{listed}?state__exact=draft"]
    pages["desk: articles, of a section"] = [f"{listed}?section={SECTION}"]
    pages["desk: form of an article"] = [desk.change_url(row) for row in _live_copies(20)]
    answers = {what: client.get(found[0]).status_code for what, found in pages.items()}
    # Some lists lead on to a screen of their own, which stands in the table by itself.
    return {what: found for what, found in pages.items() if answers[what] != 302}


def everything() -> list[str]:
    """Return some hundred addresses of all kinds, for a reader who reads on and on."""
    pages = [address for found in public_pages().values() for address in found]
    return pages + [row.get_absolute_url() for row in _spread(Publication.objects.listed(), 150)]


def save(times: str = str(SAVES)) -> dict[str, Any]:
    """Press "Publish" under changed forms, as the browser of a newsroom of one would send them.

    The model stories are left alone: the archive grows by copies of them.
    """
    client = desk.client_of(_publisher())
    articles = _live_copies(int(times) + 2)
    before = Publication.objects.count()
    costs, counts = [], []
    for article in articles:
        fields = desk.filled_form(desk.page(client, desk.change_url(article)))
        said = {"_act": "publish", "act-override": "It is a measurement."}
        form = {**fields, "standfirst": "Changed while it was measured.", **said}
        sent = urlencode(form, doseq=True)  # the form names no other encoding
        with spent() as cost, counted() as queries:
            client.post(desk.change_url(article), sent, "application/x-www-form-urlencoded")
        costs.append(cost[0])
        counts.append(len(queries))
    assert Publication.objects.count() == before + len(articles)
    return {"ms": median(costs[2:]) * 1000, "queries": median(counts[2:])}


def export(folder: str, file: str) -> dict[str, Any]:
    """Write an archive of this newsroom, and its stories as plain as a floor wants them."""
    corpus.seal()
    Rendition.objects.all().delete()  # rows without files
    call_command("export_articles", folder, verbosity=0)
    return {"stories": raw.write(file)}


def take_in(folder: str) -> dict[str, Any]:
    """Import an archive into this newsroom, which is made for it."""
    call_command("migrate", verbosity=0)
    command = load_command_class("articles", "import_articles")  # the start of the process
    with spent() as cost:
        call_command(command, folder, format="document", verbosity=0)
    return {"seconds": cost[0], "stories": Article.objects.count()}


@contextmanager
def spent() -> Iterator[list[float]]:
    """Give the CPU seconds of what is done inside, those of the database's server among them."""
    cost: list[float] = []
    connection.ensure_connection()
    server = [connection.connection.info.backend_pid] if connection.vendor == "postgresql" else []
    before = time.process_time() + sum(cpu_of(server).values())
    yield cost
    cost.append(time.process_time() + sum(cpu_of(server).values()) - before)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the statements that are executed inside."""
    found: list[str] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield found


def _live_copies(count: int) -> list[Article]:
    models = list(Article.objects.order_by("pk").values_list("pk", flat=True)[:MODELS])
    live = Publication.objects.listed().exclude(article__in=models)
    return [row.article for row in _spread(live.select_related("article"), count)]


def _spread(rows: Any, count: int) -> list[Any]:
    """Return rows from all over a table, first to last."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    chosen = ids[:: max(len(ids) // count, 1)][:count]
    return list(rows.filter(pk__in=chosen).order_by("pk"))


def _publisher() -> Any:
    return get_user_model().objects.get(username="publisher")


STEPS = {step.__name__: step for step in (make, save, export, take_in)}

if __name__ == "__main__":
    result = STEPS[sys.argv[1]](*sys.argv[2:])
    connection.close()
    sys.stdout.write(json.dumps(result) + "\n")
