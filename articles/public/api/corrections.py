"""What was put right or taken back, newest first: the notes readers are told, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles import pages
from articles.choices import PublicationKind
from articles.formats.story import time_text, without_empty
from articles.models import Publication
from articles.pages import TOLD
from articles.public import cursors, lists
from articles.public.api import asking
from articles.public.api.base import ApiView, linked
from articles.public.api.describe import naming as described
from articles.public.api.parameters import Parameter
from articles.querysets import PublicationQuerySet

_WITHDRAWN = (PublicationKind.RETRACTION, PublicationKind.KILL)


class CorrectionsView(ApiView):
    """Corrections and clarifications of stories that stand, and retractions."""

    parameters: ClassVar[Sequence[Parameter]] = (asking.LIMIT, asking.CURSOR)

    @extend_schema(**described.CORRECTIONS)
    def get(self, request: Request) -> Response:
        size = self.asked["limit"]
        found = self._newest(size + 1)
        rows = found[:size]
        following = ""
        if len(found) > size:
            place = (rows[-1].live_from, rows[-1].pk)
            following = self.address(cursor=cursors.encode_place(place))
        return linked({"items": self._items(rows), "next": following or None}, next=following)

    def _newest(self, size: int) -> list[Publication]:
        """Return the newest of all kinds: some of each, along the index of kinds."""
        rows = [
            row for kind in (*TOLD, PublicationKind.RETRACTION) for row in self._of(kind)[:size]
        ]
        return sorted(rows, key=lambda row: (row.live_from, row.pk), reverse=True)[:size]

    def _of(self, kind: str) -> PublicationQuerySet:
        rows = lists.begun(self.at).filter(kind=kind).prefetch_related("corrections")
        live = Publication.objects.public(self.at)
        if kind == PublicationKind.RETRACTION:
            rows = rows.filter(pk__in=live.filter(pk=OuterRef("pk")).values("pk"))
        else:
            standing = live.filter(article=OuterRef("article")).exclude(kind__in=_WITHDRAWN)
            rows = rows.filter(Exists(standing))
        if self.asked["cursor"]:
            moment, pk = cursors.decode(self.asked["cursor"])
            older = Q(live_from__lt=moment) | Q(live_from=moment, pk__lt=pk)
            rows = rows.filter(live_from__lte=moment).filter(older)
        return rows.defer("body").order_by("-live_from", "-pk")

    def _items(self, rows: list[Publication]) -> list[dict[str, Any]]:
        now = Publication.objects.public(self.at).filter(article__in=[r.article_id for r in rows])
        current = {
            row.article_id: row for row in now.defer("body").annotate(uuid=F("article__uuid"))
        }
        return [self._item(row, current[row.article_id]) for row in rows]

    def _item(self, row: Publication, current: Any) -> dict[str, Any]:
        withdrawn = row.kind == PublicationKind.RETRACTION
        return without_empty(
            {
                "kind": str(row.kind),
                "at": time_text(row.live_from),
                "note": row.note,
                "corrections": [
                    without_empty({"was": one.was, "now": one.now}) for one in row.corrections.all()
                ],
                "article": without_empty(
                    {
                        "uri": f"urn:newsroom:{current.uuid}",
                        "headline": "" if withdrawn else current.headline,
                        "language": current.language,
                        "url": pages.absolute(current.get_absolute_url()),
                    }
                ),
            }
        )
