"""manage.py make_renditions: make the files of photos that are missing or say something old."""

from __future__ import annotations

import itertools
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import photo_store, renditions
from articles.exceptions import ImportProblem


class Command(BaseCommand):
    help = (
        "Make the renditions of photos whose files are missing, or whose credit, rights, alt text "
        "or focal point has changed since. Run it now and then where no worker does it. With"
        " --remove-unused also remove files older than a day that belong to no photo."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--remove-unused", action="store_true")
        parser.add_argument("--limit", type=int, metavar="N", help="make at most N photos")

    def handle(self, *args: Any, **options: Any) -> None:
        limit = options["limit"]
        if limit is not None and limit < 1:
            raise CommandError("--limit must be 1 or more.")
        made, refused = 0, 0
        for photo in itertools.islice(renditions.outdated(), limit):
            try:
                made += options["dry_run"] or renditions.make_missing(photo)
            except ImportProblem as problem:
                refused += 1
                self.stderr.write(f"Photo {photo.pk}: {problem.message}")
        if options["remove_unused"]:
            self._remove_unused(dry_run=options["dry_run"])
        verb = "to make" if options["dry_run"] else "made"
        self.stdout.write(f"{made} {verb}, {refused} rejected")
        if refused:
            raise CommandError(f"{refused} photos could not be made; see above.")

    def _remove_unused(self, *, dry_run: bool) -> None:
        unused = list(renditions.unused_files())
        if not dry_run:
            photo_store.delete(unused)
        self.stdout.write(f"{len(unused)} unused files {'to remove' if dry_run else 'removed'}")
