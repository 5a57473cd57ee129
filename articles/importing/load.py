"""Records into working copies: one transaction a document, nothing twice, nothing overwritten.

A document is known by the hash of its bytes and by its external id (collection and path). The same
bytes change nothing; other bytes under a known id become a proposal beside the working copy. A
story becomes public only through a transition, and only when asked for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from articles import body, snapshots
from articles.choices import AttributionKind, Origin, Outcome
from articles.document import Figure
from articles.exceptions import ImportProblem, WorkflowError
from articles.importing import agencies
from articles.importing.files import PhotoFolder
from articles.importing.seed_story import PhotoRecord, Story, to_story
from articles.models import (
    Article,
    Contributor,
    ImportedDocument,
    ImportRun,
    Photo,
    Section,
    Source,
    Topic,
)
from articles.slugs import first_free, make_slug
from articles.workflow import transitions

# Stories made from the same bytes get the same identity in any database.
_STORIES = uuid.UUID("6b1f3c5e-54f7-5d0c-9f0b-3a6d1f0f7c11")

CREATED, PROPOSED, UNCHANGED, REJECTED = "created", "proposed", "unchanged", "rejected"


@dataclass(frozen=True, slots=True)
class Extras:
    """What a story's text doesn't say and the person who imports it does.

    ``alt_texts`` are by file name.
    """

    section: Section | None = None
    slug: str = ""
    kicker: str = ""
    topics: tuple[Topic, ...] = ()
    alt_texts: dict[str, str] = field(default_factory=dict)
    originally_published_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one source document; ``detail`` is for people."""

    external_id: str
    action: str
    record: dict[str, Any]
    article: Article | None = None
    detail: str = ""
    published: bool = False


@dataclass
class Loader:
    """Loads the documents of one run; the run is written with the first that changes something.

    ``publish_as`` publishes what needs no editor, in that person's name and through the gates.
    ``store_photo(photo, stream, name=…)`` takes in a photo's file, found in ``photos`` by name.
    """

    by: Any = None
    publish_as: Any = None
    photos: PhotoFolder | None = None
    store_photo: Callable[..., object] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    run: ImportRun | None = None

    def load(
        self, record: dict[str, Any], data: bytes, external_id: str, extras: Extras | None = None
    ) -> Result:
        """Store one record; ``data`` are the bytes it was read from."""
        extras = extras or Extras()
        content_hash = hashlib.sha256(data).hexdigest()
        run_before = self.run
        try:
            with transaction.atomic():
                result = self._load(record, content_hash, external_id, extras)
        except IntegrityError:
            # Another import stored the same document meanwhile: then it is there now.
            self.run = run_before
            with transaction.atomic():
                result = self._load(record, content_hash, external_id, extras)
        except BaseException:
            self.run = run_before
            raise
        if result.article is None or result.action == PROPOSED:
            return result
        refused = self._supply(result.article)
        return replace(result, detail="; ".join([*filter(None, [result.detail]), *refused]))

    def foresee(self, record: dict[str, Any], data: bytes, external_id: str) -> Result:
        """Return what ``load`` would do, without writing."""
        content_hash = hashlib.sha256(data).hexdigest()
        known = self._known(external_id, content_hash)
        if record["outcome"] == Outcome.REJECTED:
            return Result(external_id, REJECTED, record, detail=record.get("error") or "")
        if known is not None:
            return Result(external_id, UNCHANGED, record, known.article)
        action = PROPOSED if self._article_of(external_id) else CREATED
        return Result(external_id, action, record)

    def _load(
        self, record: dict[str, Any], content_hash: str, external_id: str, extras: Extras
    ) -> Result:
        known = self._known(external_id, content_hash)
        if known is not None:
            if known.article is None:
                return Result(external_id, REJECTED, record, detail=known.error)
            return self._publish(
                Result(external_id, UNCHANGED, record, known.article, self._same_as(known))
            )
        if record["outcome"] == Outcome.REJECTED:
            self._keep(record, content_hash, external_id)
            return Result(external_id, REJECTED, record, detail=record.get("error") or "")
        article = self._article_of(external_id)
        if article is not None:
            return self._propose(article, record, content_hash, external_id, extras)
        article = self._create(record, content_hash, external_id, extras)
        return self._publish(Result(external_id, CREATED, record, article))

    def _known(self, external_id: str, content_hash: str) -> ImportedDocument | None:
        """Return the document if these bytes came in before, under whatever name."""
        same = ImportedDocument.objects.filter(content_hash=content_hash).select_related("article")
        return same.filter(external_id=external_id).first() or same.order_by("pk").first()

    @staticmethod
    def _same_as(known: ImportedDocument) -> str:
        return f"imported before as {known.external_id}"

    @staticmethod
    def _article_of(external_id: str) -> Article | None:
        document = (
            ImportedDocument.objects.filter(external_id=external_id, article__isnull=False)
            .select_related("article")
            .order_by("pk")
            .first()
        )
        return document.article if document else None

    def _create(
        self, record: dict[str, Any], content_hash: str, external_id: str, extras: Extras
    ) -> Article:
        identity = uuid.uuid5(_STORIES, f"{external_id}\n{content_hash}")
        story = self._linked(to_story(record, identity), record, extras)
        self._make_photos(story.photos, extras)
        # Whoever ran the import wrote nothing of it; the run says who that was.
        article = Article.objects.create(uuid=identity)
        snapshots.restore(article, story.document)
        revision = transitions.save(
            article, by=self.by, note=f"Imported from {external_id}", origin=Origin.IMPORT
        )
        self._keep(_with_photos(record, story), content_hash, external_id, article, revision)
        return article

    def _propose(
        self,
        article: Article,
        record: dict[str, Any],
        content_hash: str,
        external_id: str,
        extras: Extras,
    ) -> Result:
        """Put the changed source beside the working copy, for an editor to take over."""
        identity = uuid.uuid5(article.uuid, content_hash)
        story = self._linked(to_story(record, identity), record, extras)
        story = _with_known_photos(story, article)
        self._make_photos(story.photos, extras)
        current = snapshots.take(article)
        proposed = replace(
            story.document,
            slug=current.slug,
            slugline=current.slugline,
            kicker=current.kicker,
            section=current.section,
            topics=story.document.topics or current.topics,
        )
        note = f"The source {external_id} has changed"
        revision = snapshots.propose(article, proposed, by=self.by, note=note)
        self._keep(_with_photos(record, story), content_hash, external_id, article, revision)
        return Result(external_id, PROPOSED, record, article, f"revision {revision.number}")

    def _linked(self, story: Story, record: dict[str, Any], extras: Extras) -> Story:
        """Name the rows a document refers to: section, topics, contributors, sources, its slug."""
        found = story.document
        credited = dict.fromkeys((row.kind, row.name) for row in found.attributions)
        source_ids = {pair: self._source(*pair) for pair in credited}
        people = {row.name: snapshots.contributor_named(row.name) for row in found.bylines}
        topics = {*extras.topics, *(_topic(name) for name in record["tags"])}
        original = extras.originally_published_at or _published_at(record)
        linked = replace(
            found,
            slug=extras.slug or (make_slug(found.headline) if found.headline else ""),
            kicker=extras.kicker,
            section=extras.section.path if extras.section else "",
            topics=tuple(sorted(topic.slug for topic in topics)),
            originally_published_at=original.astimezone(dt.UTC).isoformat() if original else "",
            bylines=tuple(
                replace(row, contributor=str(people[row.name].uuid)) for row in found.bylines
            ),
            attributions=tuple(
                replace(row, source=source_ids[row.kind, row.name]) for row in found.attributions
            ),
            # What can be stored is what parsing the stored text gives back.
            body=body.parse(body.to_html(found.body)),
        )
        return replace(story, document=linked)

    @staticmethod
    def _source(kind: str, name: str) -> str:
        """Return the uuid of the source of that name; agencies and outlets are made if need be."""
        if not name or kind == AttributionKind.ANONYMOUS:
            return ""
        if kind in (AttributionKind.AGENCY, AttributionKind.SOURCE_LINE):
            return str(agencies.source_for(name).uuid)
        source = Source.objects.named(name)
        return str(source.uuid) if source else ""

    @staticmethod
    def _make_photos(photos: tuple[PhotoRecord, ...], extras: Extras) -> None:
        for photo in photos:
            agency = agencies.agency_in(photo.credit)
            name = photo.expected_file.rsplit("/", 1)[-1]
            Photo.objects.get_or_create(
                uuid=photo.uuid,
                defaults={
                    "expected_file": photo.expected_file,
                    "caption": photo.caption,
                    "alt_text": photo.alt_text or extras.alt_texts.get(name, ""),
                    "credit_line": photo.credit,
                    "agency": agency,
                    "photographer": Contributor.objects.filter(name=photo.credit).first()
                    if photo.credit and agency is None
                    else None,
                },
            )

    def _keep(
        self,
        record: dict[str, Any],
        content_hash: str,
        external_id: str,
        article: Article | None = None,
        revision: Any = None,
    ) -> None:
        if self.run is None:
            self.run = ImportRun.objects.create(by=self.by, options=self.options)
        ImportedDocument.objects.create(
            run=self.run,
            external_id=external_id,
            content_hash=content_hash,
            format="seed",
            outcome=record["outcome"],
            error=record.get("error") or "",
            report=record,
            article=article,
            revision=revision,
        )

    def _publish(self, result: Result) -> Result:
        """Publish a story that needs no editor and was never public, if this run publishes."""
        article = result.article
        if self.publish_as is None or article is None or article.publications.exists():
            return result
        if result.record["outcome"] != Outcome.IMPORTED:
            return replace(result, detail="not published: it needs an editor")
        try:
            transitions.publish_import(article, by=self.publish_as)
        except WorkflowError as refusal:
            return replace(result, detail=f"not published: {refusal.message}")
        return replace(result, published=True)

    def _supply(self, article: Article) -> list[str]:
        """Take in the files of an article's photos that are still missing and can be found.

        Outside the story's transaction; returns what is wrong with files that were refused.
        """
        refused: list[str] = []
        if self.photos is None or self.store_photo is None:
            return refused
        missing = Photo.objects.filter(
            placements__article=article, file="", killed_at=None
        ).distinct()
        for photo in missing.exclude(expected_file=""):
            found = self.photos.find(photo.expected_file)
            if found is None:
                continue
            try:
                with found.open("rb") as stream:
                    self.store_photo(photo, stream, name=found.name)
            except (ImportProblem, OSError) as problem:
                refused.append(f"{found.name}: {problem}")
        return refused


def check_publisher(user: Any) -> None:
    """Refuse a publisher who may not publish before anything is read."""
    if not user.is_active or not user.has_perm("articles.publish_article"):
        raise ImportProblem(
            "not_permitted", f"{user.get_username()} may not publish: name somebody who may."
        )


def _with_photos(record: dict[str, Any], story: Story) -> dict[str, Any]:
    """Return the record with each photo's uuid, by which the export finds what it came as."""
    pairs = zip(record["photos"], story.photos, strict=True)
    return {**record, "photos": [{**row, "uuid": photo.uuid} for row, photo in pairs]}


def _with_known_photos(story: Story, article: Article) -> Story:
    """Let a changed text keep the photos its article has: same file, or same caption and credit."""
    known: dict[tuple[str, str], str] = {}
    for row in article.placements.select_related("photo"):
        photo = row.photo
        if photo.expected_file:
            known.setdefault(("file", photo.expected_file), str(photo.uuid))
        known.setdefault((photo.caption, photo.credit_line), str(photo.uuid))
    same = {
        photo.uuid: known.get(("file", photo.expected_file))
        or known.get((photo.caption, photo.credit))
        for photo in story.photos
    }
    photos = tuple(replace(photo, uuid=same[photo.uuid] or photo.uuid) for photo in story.photos)
    blocks = tuple(
        replace(block, photo=same[block.photo] or block.photo)
        if isinstance(block, Figure)
        else block
        for block in story.document.body
    )
    return Story(replace(story.document, body=blocks), photos)


def _topic(name: str) -> Topic:
    name = name.strip()[:100]
    found = Topic.objects.filter(name__iexact=name).order_by("pk").first()
    if found is None:
        slug = make_slug(name, fallback="topic")
        taken = set(Topic.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
        found = Topic.objects.create(name=name, slug=first_free(slug, taken))
    while found.merged_into is not None:
        found = found.merged_into
    return found


def _published_at(record: dict[str, Any]) -> dt.datetime | None:
    """Return the date the text gives, when it names at least a day; no zone is the site's zone."""
    value = (record.get("published") or record.get("updated") or {}).get("value") or ""
    try:
        moment = parse_datetime(value)
        day = parse_date(value) if moment is None else None
    except ValueError:
        return None
    if moment is None and day is not None:
        moment = dt.datetime.combine(day, dt.time())
    if moment is None:
        return None
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment, timezone.get_default_timezone())
    return moment if moment <= timezone.now() else None
