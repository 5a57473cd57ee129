"""import_articles: seeds in, draft articles out, every line accounted for."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import renditions
from articles.archive.read import Outcome, size
from articles.archive.read import read as read_archive
from articles.archive.rows import JSONL
from articles.exceptions import ImportProblem, NewsroomError
from articles.importing.files import PhotoFolder, SourceFile, source_files
from articles.importing.load import REJECTED, Extras, Loader, Result, check_publisher
from articles.importing.reading import read_seed
from articles.importing.report import RunReport, describe
from articles.management.progress import Progress
from articles.models import Section

SEED, DOCUMENT = "seed", "document"


class Command(BaseCommand):
    help = (
        "Imports articles from files or folders as drafts. A second run over the same files "
        "changes nothing; a file that changed becomes a revision to be reviewed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--format",
            choices=[SEED, DOCUMENT],
            default=SEED,
            help="seed: text files (default); document: a folder made by export_articles.",
        )
        parser.add_argument("--section", help="Path of the section the stories go to.")
        parser.add_argument("--language", help="BCP 47 language, when you know it: vi, ar …")
        parser.add_argument("--collection", default="", help="Name of the source; default: folder.")
        parser.add_argument("--photos", type=Path, help="Folder with the photos, found by name.")
        parser.add_argument("--publish", action="store_true", help="Publish what passes the gates.")
        parser.add_argument("--as", dest="user", metavar="USER", help="In whose name it is done.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done.")
        parser.add_argument("--report", type=Path, help="Write the report here (.json or text).")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = options["paths"]
        if missing := [str(path) for path in paths if not path.exists()]:
            raise CommandError(f"There is nothing at {', '.join(missing)}.")
        if options["format"] == DOCUMENT:
            self._import_archive(paths, options)
            return
        loader, extras = self._loader(options)
        files = list(source_files(paths, ".txt", options["collection"]))
        if not files:
            raise CommandError("There are no .txt files there.")
        report = RunReport(dry_run=options["dry_run"])
        bar = tqdm(files, unit="file", disable=None, leave=False, file=sys.stderr)
        for file in bar:
            result = self._import(file, loader, extras, options)
            entry = report.add(result)
            if options["verbosity"] > 1 or result.action == REJECTED:
                bar.clear()
                self.stdout.write(describe(entry))
        self._finish(report, options)

    def _import(
        self, file: SourceFile, loader: Loader, extras: Extras, options: dict[str, Any]
    ) -> Result:
        """Import one file; whatever is wrong with it stays with it."""
        try:
            data = file.read()
            record = read_seed(data, file.path.name, language=options["language"])
            if options["dry_run"]:
                return loader.foresee(record, data, file.external_id)
            return loader.load(record, data, file.external_id, extras)
        except NewsroomError as problem:
            record = {"outcome": REJECTED, "error": problem.code}
            return Result(file.external_id, REJECTED, record, detail=problem.message)

    def _loader(self, options: dict[str, Any]) -> tuple[Loader, Extras]:
        user = self._user(options["user"])
        if options["publish"]:
            if user is None:
                raise CommandError("--publish needs --as USER: somebody answers for it.")
            try:
                check_publisher(user)
            except ImportProblem as problem:
                raise CommandError(problem.message) from problem
        section = None
        if options["section"]:
            section = Section.objects.filter(path=options["section"].strip("/")).first()
            if section is None:
                known = ", ".join(Section.objects.values_list("path", flat=True)) or "none yet"
                raise CommandError(f"No section {options['section']!r}. There are: {known}.")
        photos = None
        if options["photos"]:
            if not options["photos"].is_dir():
                raise CommandError(f"{options['photos']} is not a folder.")
            photos = PhotoFolder(options["photos"])
        kept = ("section", "language", "collection", "publish")
        loader = Loader(
            by=user,
            publish_as=user if options["publish"] else None,
            photos=photos,
            store_photo=renditions.supply,
            options={name: options[name] for name in kept if options[name]},
        )
        return loader, Extras(section=section)

    @staticmethod
    def _user(name: str | None) -> Any:
        if not name:
            return None
        model = get_user_model()
        user = model._default_manager.filter(**{model.USERNAME_FIELD: name}).first()
        if user is None:
            raise CommandError(f"There is no user {name!r}.")
        return user

    def _import_archive(self, paths: list[Path], options: dict[str, Any]) -> None:
        if len(paths) != 1:
            raise CommandError("An exported newsroom is one folder.")
        quiet = options["verbosity"] == 0
        try:
            with Progress(size(paths[0]), sys.stderr, quiet=quiet) as progress:
                outcome = read_archive(paths[0], dry_run=options["dry_run"], progress=progress.add)
        except ImportProblem as problem:
            raise CommandError(problem.message) from problem
        for row in outcome.rejected:
            self.stdout.write(f"{paths[0] / JSONL}: {row.message} ({row.code})")
        self.stdout.write(_told(outcome, dry_run=options["dry_run"]))
        if outcome.rejected:
            sys.exit(1)

    def _finish(self, report: RunReport, options: dict[str, Any]) -> None:
        if options["report"]:
            as_json = options["report"].suffix == ".json"
            try:
                options["report"].parent.mkdir(parents=True, exist_ok=True)
                options["report"].write_text(
                    report.as_json() if as_json else report.text(), encoding="utf-8"
                )
            except OSError as error:
                raise CommandError(f"The report can’t be written: {error}.") from error
        self.stdout.write(report.summary())
        if report.has_rejected:
            sys.exit(1)


def _told(outcome: Outcome, *, dry_run: bool) -> str:
    """Return what became of an archive as one line."""
    parts = [f"{number} {kind}" for kind, number in outcome.counts.items() if number]
    if outcome.there:
        parts.append(f"{outcome.there} lines were there already")
    if outcome.rejected:
        parts.append(f"{len(outcome.rejected)} rejected: put them right and read the archive again")
    line = ", ".join(parts)
    if dry_run:
        return f"{line} (dry run: nothing was written)."
    is_new = any(outcome.counts.values())
    return f"{line}." if is_new else f"{line}. Nothing changed."
