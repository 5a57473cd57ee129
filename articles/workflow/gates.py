"""What stands against publishing is asked of gates: small functions that look and write nothing.

Each gate yields problems; a *blocker* refuses, a *warning* may be passed over for a reason that is
kept. Form, list, command and every transition ask the same gates. Ours are in ``catalogue``; a
newsroom names modules with its own in ``NEWSROOM_GATES``. Both are read when the app is ready.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import document
from articles.choices import RelatedKind
from articles.document import Document, Figure
from articles.exceptions import WorkflowError
from articles.models import (
    Approval,
    Article,
    Event,
    Photo,
    Publication,
    PublicPath,
    Revision,
    Section,
    Source,
)
from articles.parts import Parts
from articles.workflow import editions
from articles.workflow.standing import Standing, four_eyes, stand

BLOCKER = "blocker"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A gate's finding. ``field`` names the form field, ``anchor`` the block of the body; ``fix``
    says what to do where the message doesn't."""

    code: str
    severity: str
    message: str
    field: str = ""
    anchor: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What the gates look at: a document of an article, to go live at a moment as ``kind``.

    Everything a gate may ask about is here already: gates ask the database nothing, so that a
    list of fifty articles costs no more queries than one. ``related`` has the listed publications
    of the stories it links to, ``has_proposals`` says whether readers get others from the archive
    at all; ``before`` is the document readers see now. ``as_printed`` is a
    story of a trusted archive, which goes out as another desk had checked and printed it.
    ``revision`` and ``now`` are the rows it was read from.
    """

    article: Article
    story: Document
    at: dt.datetime
    path: str = ""
    path_is_taken: bool = False
    live: Publication | None = None
    kind: str = ""
    is_sealed: bool = False
    needs_seal: bool = False
    photos: Mapping[str, Photo] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    related: Mapping[str, Publication] = field(default_factory=dict)
    has_proposals: bool = False
    before: Document | None = None
    as_printed: bool = False
    revision: Revision | None = None
    now: Standing | None = None

    @property
    def desk_blocker(self) -> str:
        """The severity of what a desk must put right, but an archive shows as it was printed."""
        return WARNING if self.as_printed else BLOCKER

    def figures(self) -> Iterator[tuple[int, Figure, Photo]]:
        """Yield each figure with its number in the text, from 1, and its photo."""
        figures = (block for block in self.story.body if isinstance(block, Figure))
        for number, figure in enumerate(figures, start=1):
            if figure.photo in self.photos:
                yield number, figure, self.photos[figure.photo]


# What a gate looks at: the text, which is asked already when somebody approves it, or whether it
# may go live at that moment, which is asked when it is to.
TEXT = "text"
RELEASE = "release"

Check = Callable[[Case], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Gate:
    """A registered check; ``label`` says what holds when it finds nothing."""

    id: str
    label: Any
    about: str
    look: Check


@dataclass(frozen=True, slots=True)
class Result:
    gate: Gate
    problems: tuple[Problem, ...]


GATES: list[Gate] = []


def gate(id: str, label: Any, *, about: str = TEXT) -> Callable[[Check], Check]:  # noqa: A002
    """Register a gate; gates are asked in the order in which they were registered."""

    def register(function: Check) -> Check:
        GATES.append(Gate(id, label, about, function))
        return function

    return register


def make_case(
    article: Article,
    revision: Revision,
    now: Standing,
    *,
    at: dt.datetime | None = None,
    kind: str = "",
    as_printed: bool = False,
    is_sealed: bool | None = None,
    parts: Parts | None = None,
) -> Case:
    """Return what the gates look at; ``at`` is when the story is to go live, now when left out.

    Whether the revision ``is_sealed`` and of what ``parts`` it was made is asked unless given.
    """
    at = at or timezone.now()
    if is_sealed is None:
        seal = Approval.objects.filter(revision=revision, digest=revision.digest)
        is_sealed = seal.exists()
    sealed = {revision.pk} if is_sealed else set()
    case = _cases([(article, revision, now)], at, sealed, parts)[0]
    before = now.live.revision if kind and now.live and not now.is_withdrawn else None
    story = document.from_json(before.document) if before else None
    return replace(case, kind=kind, before=story, as_printed=as_printed)


def make_cases(articles: Iterable[Article], at: dt.datetime | None = None) -> list[Case]:
    """Return the cases of articles that have a revision, in eight queries however many they are."""
    at = at or timezone.now()
    wanted = list(articles)
    ids = [article.pk for article in wanted]
    last = Revision.objects.filter(article=OuterRef("article"), is_proposal=False)
    seal = Approval.objects.filter(revision=OuterRef("pk"), digest=OuterRef("digest"))
    newest = Revision.objects.filter(
        article__in=ids, pk=Subquery(last.order_by("-number").values("pk")[:1])
    ).annotate(is_sealed=Exists(seal))
    revisions = {row.article_id: row for row in newest}
    publications: dict[int, list[Publication]] = {pk: [] for pk in ids}
    shown = Publication.objects.filter(article__in=ids).select_related("revision")
    for row in shown.defer("body", "revision__document").order_by("number"):
        publications[row.article_id].append(row)
    return _cases(
        [
            (article, revisions[article.pk], stand(publications[article.pk], at))
            for article in wanted
            if article.pk in revisions
        ],
        at,
        {row.pk for row in revisions.values() if row.is_sealed},
    )


def _cases(
    rows: list[tuple[Article, Revision, Standing]],
    at: dt.datetime,
    sealed: set[int],
    parts: Parts | None = None,
) -> list[Case]:
    stories = [document.from_json(revision.document) for _article, revision, _now in rows]
    paths = [
        _path(article, story, now, at)
        for (article, _revision, now), story in zip(rows, stories, strict=True)
    ]
    owners = _owners(rows, paths)
    uuids = [uuid for story in stories for uuid in story.photos()]
    if parts is not None:
        by_photo = parts.photos(uuids)
        by_source = {str(row.uuid): row for row in parts.sources}
    else:
        photos = Photo.objects.select_related("agency", "photographer")
        by_photo = _by_uuid(photos, uuids)
        by_source = _by_uuid(
            Source.objects, (row.source for story in stories for row in story.attributions)
        )
    linked = {row.article for story in stories for row in story.related if row.article}
    listed = Publication.objects.listed(at).filter(article__uuid__in=linked)
    listed = listed.select_related("article").defer("body")
    related = {str(row.article.uuid): row for row in listed} if linked else {}
    proposable = _newest_in({story.section for story in stories if not _links(story)}, at)
    return [
        Case(
            article=article,
            story=story,
            at=at,
            path=path,
            path_is_taken=owners.get(path, article.pk) != article.pk,
            live=now.live,
            is_sealed=revision.pk in sealed,
            needs_seal=four_eyes(),
            photos=by_photo,
            sources=by_source,
            related=related,
            has_proposals=bool(proposable.get(story.section, set()) - {article.pk}),
            revision=revision,
            now=now,
        )
        for (article, revision, now), story, path in zip(rows, stories, paths, strict=True)
    ]


def _owners(rows: list[tuple[Article, Revision, Standing]], paths: list[str]) -> dict[str, int]:
    """Return whose each path is; one that an article has had is its own for ever."""
    own = {(row.path, article.pk) for article, _, now in rows for row in now.publications}
    asked = {
        path
        for (article, _revision, _now), path in zip(rows, paths, strict=True)
        if path and (path, article.pk) not in own
    }
    if not asked:
        return {}
    taken = PublicPath.objects.filter(path__in=asked)
    return dict(taken.values_list("path", "article_id"))


def _links(story: Document) -> bool:
    return any(row.kind != RelatedKind.DISMISSED for row in story.related)


def _newest_in(sections: set[str], at: dt.datetime) -> dict[str, set[int]]:
    """Return the articles of the two newest stories of sections, in one query.

    Whatever else it says, a story is proposed others of its section: they are enough to know that
    its related block is not empty.
    """
    if not sections:
        return {}
    newest = Publication.objects.listed(at).filter(section=OuterRef("pk")).newest_first()
    found = {f"newest_{n}": Subquery(newest.values("article")[n : n + 1]) for n in range(2)}
    rows = Section.objects.filter(path__in=sections).annotate(**found)
    return {row[0]: set(row[1:]) - {None} for row in rows.values_list("path", *found)}


def _path(article: Article, story: Document, now: Standing, at: dt.datetime) -> str:
    shown = [row for row in now.publications if not row.was_called_off]
    return editions.path_for(story, editions.published_at(article, shown[0] if shown else None, at))


def _by_uuid(rows: Any, uuids: Iterable[str]) -> dict[str, Any]:
    wanted = {uuid for uuid in uuids if uuid}
    return {str(row.uuid): row for row in rows.filter(uuid__in=wanted)} if wanted else {}


def examine(case: Case, about: str = "") -> list[Result]:
    """Return what each gate finds, in their order; ``about`` narrows them to one kind."""
    return [Result(one, tuple(one.look(case))) for one in GATES if not about or one.about == about]


def check(case: Case, about: str = "") -> list[Problem]:
    """Return what all gates find, blockers first."""
    return sorted_problems(examine(case, about))


def sorted_problems(results: Iterable[Result]) -> list[Problem]:
    """Return the problems of results, blockers first."""
    found = [problem for result in results for problem in result.problems]
    return sorted(found, key=lambda problem: problem.severity != BLOCKER)


def blockers(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == BLOCKER]


def accepted_warnings(revision: Revision) -> set[str]:
    """Return the codes of the warnings that were passed over for exactly this text before."""
    rows = Event.objects.filter(article=revision.article_id, revision__digest=revision.digest)
    details = rows.filter(detail__has_key="accepted").values_list("detail", flat=True)
    return {code for detail in details for code in detail["accepted"]}


def require(case: Case, revision: Revision, why: str = "", about: str = "") -> dict[str, Any]:
    """Raise WorkflowError ``blocked`` or ``warnings``, or return what the event is to keep.

    Warnings need a reason (``why``) once for each text; those passed over are named in the event.
    """
    problems = check(case, about)
    if stops := blockers(problems):
        raise WorkflowError("blocked", " ".join(p.message for p in stops), tuple(problems))
    codes = sorted({problem.code for problem in problems})
    if codes and not why.strip() and set(codes) - accepted_warnings(revision):
        message = _("Say why you pass over these warnings: %(warnings)s")
        listed = " ".join(problem.message for problem in problems)
        raise WorkflowError("warnings", message % {"warnings": listed}, tuple(problems))
    return {"accepted": codes} if codes else {}
