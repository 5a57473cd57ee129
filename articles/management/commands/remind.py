"""manage.py remind: tell of what the clock brings, embargoes that end and reviews that are due."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from articles import notices


class Command(BaseCommand):
    help = (
        "Tell, each once, of embargoes that end within the hour and of reviews that are overdue. "
        "Run it every few minutes; the desk shows both without it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            rows = notices.remind()
            if options["dry_run"]:
                transaction.set_rollback(True)
        mailed = 0 if options["dry_run"] else notices.send([row.pk for row in rows])
        verb = "to tell" if options["dry_run"] else "told"
        self.stdout.write(f"{len(rows)} {verb}, {mailed} mailed")
