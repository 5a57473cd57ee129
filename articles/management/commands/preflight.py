"""preflight: say what stands between articles and their readers, as the desk's own panel does."""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.choices import DeskState
from articles.models import Article
from articles.workflow import gates

BATCH = 100


class Command(BaseCommand):
    help = (
        "Asks every gate about articles as they stand and lists blockers and warnings. Exit "
        "status 1 when something is blocked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uuids", nargs="*", metavar="UUID", help="Only these articles.")
        states = [state for state in DeskState.values if state != DeskState.SPIKED]
        parser.add_argument(
            "--state",
            choices=states,
            default=DeskState.APPROVED,
            help="Without UUIDs: the articles in this state (default: approved).",
        )
        parser.add_argument(
            "--at", help="When they are to go live, 2031-03-04T06:30 in the site's zone; now."
        )
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")

    def handle(self, *args: Any, **options: Any) -> None:
        at = _time(options["at"]) if options["at"] else None
        checked = blocked = 0
        rows = self._articles(options)
        batch: list[Article] = []
        for article in rows.iterator(chunk_size=BATCH):
            batch.append(article)
            if len(batch) == BATCH:
                counts = self._look(batch, at, as_json=options["json"])
                checked, blocked, batch = checked + counts[0], blocked + counts[1], []
        counts = self._look(batch, at, as_json=options["json"])
        checked, blocked = checked + counts[0], blocked + counts[1]
        if not options["json"]:
            self.stdout.write(f"{checked} articles checked, {blocked} blocked.")
        if blocked:
            sys.exit(1)

    def _articles(self, options: dict[str, Any]) -> Any:
        rows = Article.objects.select_related("section").order_by("pk")
        if not options["uuids"]:
            return rows.filter(state=options["state"])
        try:
            rows = rows.filter(uuid__in=options["uuids"])
        except ValidationError as error:
            raise CommandError(f"This is no UUID of an article: {error.messages[0]}") from error
        found = {str(uuid) for uuid in rows.values_list("uuid", flat=True)}
        missing = set(options["uuids"]) - found
        if missing:
            raise CommandError(f"No such article: {', '.join(sorted(missing))}.")
        return rows

    def _look(
        self, articles: list[Article], at: dt.datetime | None, *, as_json: bool
    ) -> tuple[int, int]:
        """Tell of a batch; return how many were looked at and how many are blocked."""
        blocked = 0
        cases = gates.make_cases(articles, at)
        for case in cases:
            problems = gates.check(case)
            blocked += bool(gates.blockers(problems))
            if as_json:
                self.stdout.write(json.dumps(_record(case.article, problems), ensure_ascii=False))
                continue
            if problems:
                self.stdout.write(f"{case.article} ({case.article.uuid})")
            for problem in problems:
                self.stdout.write(f"  {problem.severity}: {problem.message} {problem.fix}".rstrip())
        return len(cases), blocked


def _record(article: Article, problems: list[gates.Problem]) -> dict[str, Any]:
    return {
        "article": str(article.uuid),
        "headline": article.headline,
        "problems": [
            {
                "code": problem.code,
                "severity": problem.severity,
                "message": problem.message,
                "field": problem.field,
                "anchor": problem.anchor,
                "fix": problem.fix,
            }
            for problem in problems
        ],
    }


def _time(text: str) -> dt.datetime:
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise CommandError(f"{text} is no time: write it like 2031-03-04T06:30.")
    return timezone.make_aware(at) if timezone.is_naive(at) else at
