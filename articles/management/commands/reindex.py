"""reindex: make anew what search looks into, story by story, while readers go on searching."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef, QuerySet
from tqdm import tqdm

from articles import indexing
from articles.models import SearchEntry
from articles.search import index

BATCH = 100


class Command(BaseCommand):
    help = (
        "Indexes all publications anew and takes out what has ended. It may be stopped at any "
        "time; --missing goes on with those that are not in the index."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--missing", action="store_true", help="Only publications that are not in the index."
        )
        parser.add_argument("--dry-run", action="store_true", help="Count, and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = index.searchable().select_related("section")
        if options["missing"]:
            rows = rows.filter(~Exists(SearchEntry.objects.filter(publication=OuterRef("pk"))))
        if options["dry_run"]:
            self.stdout.write(f"{rows.count()} publications to index; nothing was written.")
            return
        indexed = 0
        with _bar(rows.count(), "story") as bar:
            for batch in _batches(rows):
                indexing.add(batch)
                indexed += len(batch)
                bar.update(len(batch))
        pruned = 0
        entries = SearchEntry.objects.all()
        with _bar(entries.count(), "entry") as bar:
            for batch in _batches(entries):
                pruned += index.prune(entry.place for entry in batch)
                bar.update(len(batch))
        self.stdout.write(f"{indexed} publications indexed, {pruned} ended ones taken out.")


def _bar(total: int, unit: str) -> Any:
    return tqdm(total=total, unit=unit, disable=None, leave=False, file=sys.stderr)


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """Yield rows in order of their key, each batch read by itself, so that nothing is held open."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk
