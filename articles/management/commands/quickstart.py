"""quickstart: fill a fresh checkout with the sample newsroom and people to sign in as."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from articles import renditions
from articles.exceptions import NewsroomError
from articles.fronts import PLACES
from articles.importing.files import PhotoFolder, SourceFile
from articles.importing.load import REJECTED, Extras, Loader
from articles.importing.reading import read_seed
from articles.models import (
    Article,
    Contributor,
    ImportedDocument,
    Photo,
    Section,
    Slot,
    Source,
    SourceAlias,
    Topic,
)
from articles.models.sources import fold_name
from articles.workflow import transitions
from articles.workflow.layouts import newest_number, publish_layout
from articles.workflow.permissions import ROLES

_WORDS = (
    "amber anchor birch canal cedar cobalt copper delta ember fjord garnet harbour indigo jasper "
    "kettle lantern maple meadow nickel ochre pebble quarry raven saffron tidal umber velvet willow"
).split()
PUBLISHER = "chief"
_SAID = {"reason", "note", "kind", "override"}


class Command(BaseCommand):
    help = "Loads the sample newsroom of seeds/ and makes one user per role. Only in development."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seeds", type=Path, default=settings.BASE_DIR / "seeds")
        parser.add_argument("--no-users", action="store_true", help="Don’t print the passwords.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError(
                "quickstart makes users whose passwords are on the screen: it runs in development "
                "only. Make accounts with createsuperuser and import with import_articles."
            )
        people = self._people()
        folder = options["seeds"]
        newsroom = tomllib.loads((folder / "newsroom.toml").read_text(encoding="utf-8"))
        with transaction.atomic():
            _make_taxonomy(newsroom)
        publisher = get_user_model()._default_manager.get(username=PUBLISHER)
        loaded = self._load(folder, newsroom, publisher)
        _finish_photos(newsroom["photos"])
        for task in newsroom["desk"]:
            if task["article"] in loaded:
                _do_at_the_desk(task)
        for told in newsroom["fronts"] if loaded else ():
            _arrange(told)
        self._tell(people, len(loaded), show_passwords=not options["no_users"])

    def _people(self) -> dict[str, str]:
        """Make one user per role; passwords are kept in DATA_DIR, so that later runs know them."""
        kept = Path(settings.DATA_DIR) / "demo-users.json"
        passwords: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
        model = get_user_model()
        for role in ROLES:
            name = role.lower().replace(" ", "-")
            user = model._default_manager.filter(username=name).first()
            if user is not None and name in passwords:
                continue
            if user is None:
                user = model(username=name, is_staff=True, first_name=role)
            passwords[name] = _password()
            user.set_password(passwords[name])
            user.save()
            user.groups.set(Group.objects.filter(name=role))
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(passwords, indent=1))
        return passwords

    def _load(self, folder: Path, newsroom: dict[str, Any], publisher: Any) -> set[str]:
        """Load the stories that are not here yet; return their names."""
        loader = Loader(
            by=publisher,
            publish_as=publisher,
            photos=PhotoFolder(folder / newsroom["photos"]["directory"]),
            store_photo=renditions.supply,
            options={"seeds": True},
        )
        loaded = set()
        for name, told in newsroom["articles"].items():
            file = SourceFile(folder / "articles" / name, f"seeds/{name}")
            if ImportedDocument.objects.filter(external_id=file.external_id).exists():
                continue
            data = file.read()
            try:
                record = read_seed(data, file.path.name, language=told.get("language"))
                result = loader.load(record, data, file.external_id, _extras(told))
            except NewsroomError as problem:
                raise CommandError(f"{name}: {problem.message}") from problem
            if result.action == REJECTED or result.detail:
                self.stderr.write(f"{name}: {result.detail or result.action}")
            loaded.add(name)
            self.stdout.write(f"  {record['headline']}")
        return loaded

    def _tell(self, people: dict[str, str], loaded: int, *, show_passwords: bool) -> None:
        if loaded:
            self.stdout.write(f"{loaded} stories loaded.")
        self.stdout.write(f"\nReaders:  {settings.SITE_URL}/")
        self.stdout.write(f"The desk: {settings.SITE_URL}/admin/\n")
        if show_passwords:
            self.stdout.write("Sign in as (development only):")
            for name, password in people.items():
                self.stdout.write(f"  {name:14} {password}")
        self.stdout.write("")


def _password() -> str:
    words = [secrets.choice(_WORDS) for _ in range(3)]
    return "-".join([*words, str(secrets.randbelow(90) + 10)])


def _extras(told: dict[str, Any]) -> Extras:
    return Extras(
        section=Section.objects.get(path=told["section"]),
        slug=told.get("slug", ""),
        kicker=told.get("kicker", ""),
        topics=tuple(Topic.objects.filter(slug__in=told.get("topics", ()))),
        alt_texts=told.get("alt_texts", {}),
        originally_published_at=told.get("published_at"),
    )


def _make_taxonomy(newsroom: dict[str, Any]) -> None:
    """Make sections, people, sources and topics that aren't there; leave those that are."""
    for row in newsroom["sections"]:
        parent = Section.objects.get(path=row["parent"]) if row.get("parent") else None
        values = {
            "name": row["name"],
            "slug": row["path"].rsplit("/", 1)[-1],
            "parent": parent,
            "position": row["order"],
            "description": row.get("description", ""),
        }
        Section.objects.get_or_create(path=row["path"], defaults=values)
    for row in newsroom["contributors"]:
        values = {name: row[name] for name in ("name", "title", "bio")}
        Contributor.objects.get_or_create(slug=row["slug"], defaults=values)
    for row in newsroom["sources"]:
        values = {
            "name": row["name"],
            "kind": row["kind"],
            "credit_wording": row.get("credit", ""),
        }
        source, _made = Source.objects.get_or_create(slug=row["slug"], defaults=values)
        for name in [row["name"], *row["aliases"]]:
            SourceAlias.objects.get_or_create(
                folded=fold_name(name), defaults={"name": name, "source": source}
            )
    for row in newsroom["topics"]:
        Topic.objects.get_or_create(slug=row["slug"], defaults={"name": row["name"]})


def _finish_photos(told: dict[str, Any]) -> None:
    """Say of the sample pictures what they are, and make their files, so that no reader waits."""
    Photo.objects.exclude(file="").update(
        copyright_notice=told["copyright"],
        web_statement=told["terms"],
        licensor_url=told["terms"],
        digital_source_type=told["digital_source_type"],
    )
    for photo in list(renditions.outdated()):
        renditions.make_missing(photo)


def _do_at_the_desk(task: dict[str, Any]) -> None:
    """Change a story as its account would, and take it through its steps."""
    article = _story(task["article"])
    _edit(article, task)
    for step in task["steps"]:
        article.refresh_from_db()
        if step["do"] == "edit":
            _edit(article, step)
            continue
        given = {name: value for name, value in step.items() if name in _SAID}
        if "was" in step:
            given["corrections"] = [(step["was"], step["now"])]
        if "days" in step:
            day = timezone.localdate() + dt.timedelta(days=step["days"])
            at = dt.datetime.combine(day, dt.time.fromisoformat(step["time"]))
            given["at"] = timezone.make_aware(at)
        transitions.perform(article, step["do"], by=_account(step["by"]), given=given)


def _arrange(told: dict[str, Any]) -> None:
    """Publish the layout of a page that has none yet, as the account that is named."""
    section = Section.objects.get(path=told["section"]) if "section" in told else None
    if newest_number(section):
        return
    now, pinned = timezone.now().replace(second=0, microsecond=0), told.get("pinned", {})
    named = {name: place for place in PLACES for name in told.get(place[0], ())[place[1] :][:1]}
    slots = [
        Slot(
            zone=zone,
            position=position,
            article=_story(name),
            pinned_until=now + dt.timedelta(hours=pinned[name]) if name in pinned else None,
        )
        for name, (zone, position) in named.items()
    ]
    publish_layout(section, slots, by=_account(told["by"]), seen=0, note=told["note"])


def _story(name: str) -> Article:
    return Article.objects.get(imported_documents__external_id=f"seeds/{name}")


def _edit(article: Article, told: dict[str, Any]) -> None:
    old, new = told.get("replace", ("", ""))
    if old not in article.body:
        raise CommandError(f"{article}: “{old}” is not in the text; see [[desk]] in newsroom.toml.")
    article.body = article.body.replace(old, new) if old else article.body
    article.headline = told.get("headline", article.headline)
    article.save()
    transitions.save(article, by=_account(told["by"]))


def _account(name: str) -> Any:
    return get_user_model()._default_manager.get(username=name)
