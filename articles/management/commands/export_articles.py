"""export_articles: the whole newsroom as an archive, or imported seeds as records for scoring."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import snapshots
from articles.archive.write import write
from articles.credits import credit_line
from articles.exceptions import NewsroomError
from articles.importing.seed_story import PhotoRecord, to_record
from articles.models import ImportedDocument, Photo

DOCUMENT, SEED_ARTICLE = "document", "seed-article"


class Command(BaseCommand):
    help = (
        "Writes the newsroom into DIR: as an archive that import_articles --format document reads "
        "back (the backup), or as one seed-article record for each imported seed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--format", choices=[DOCUMENT, SEED_ARTICLE], default=DOCUMENT)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["format"] == DOCUMENT:
                counts = write(options["folder"])
                told = ", ".join(f"{number} {kind}" for kind, number in counts.items())
                self.stdout.write(f"{told}.")
            else:
                written = self._write_records(options["folder"])
                self.stdout.write(f"{written} records.")
        except NewsroomError as problem:
            raise CommandError(problem.message) from problem
        except OSError as error:
            raise CommandError(f"{options['folder']} can’t be written: {error}.") from error

    def _write_records(self, folder: Path) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        documents = ImportedDocument.objects.filter(format="seed").select_related(
            "article__section", "revision"
        )
        newest: dict[str, int] = dict(
            documents.order_by("pk").values_list("external_id", "pk")  # the last one stays
        )
        bar = tqdm(newest.values(), unit="record", disable=None, leave=False, file=sys.stderr)
        for pk in bar:
            imported = documents.get(pk=pk)
            name = PurePosixPath(imported.external_id).stem
            text = json.dumps(_record(imported), ensure_ascii=False, indent=1)
            (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        return len(newest)


def _record(imported: ImportedDocument) -> dict[str, Any]:
    """Return the record of an imported seed, with the article as it stands now."""
    if imported.article is None:
        report = dict(imported.report)
        report.pop("source_text", None)
        return report
    story = snapshots.take(imported.article)
    photos = {
        str(photo.uuid): PhotoRecord(
            uuid=str(photo.uuid),
            expected_file=photo.expected_file,
            caption=photo.caption,
            alt_text=photo.alt_text,
            credit=credit_line(photo),
        )
        for photo in Photo.objects.filter(uuid__in=story.photos()).select_related(
            "agency", "photographer"
        )
    }
    return to_record(story, photos, imported.report)
