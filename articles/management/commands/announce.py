"""manage.py announce: tell WebSub hubs which feeds changed since they were last told."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import websub


class Command(BaseCommand):
    help = (
        "Tell the hubs of WEBSUB_HUBS which feeds changed since they were last told. Run it every "
        "minute where no worker runs: a scheduled story goes live without anything being run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        rounds = websub.announce(dry_run=options["dry_run"])
        for one in rounds:
            self.stdout.write(f"{one.hub}: {one.feeds} feeds{one.problem and f', {one.problem}'}")
        if any(one.problem for one in rounds):
            raise CommandError("A hub was not told; the next run tells it again.")
