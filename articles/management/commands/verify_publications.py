"""verify_publications: find any publication that was altered, taken out or slipped in."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from articles.models import Article
from articles.workflow.verify import verify


class Command(BaseCommand):
    help = "Checks the digests of all publications and revisions; exit status 1 when one is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uuids", nargs="*", metavar="UUID", help="Only these articles.")

    def handle(self, *args: Any, **options: Any) -> None:
        articles = Article.objects.order_by("pk")
        if options["uuids"]:
            articles = articles.filter(uuid__in=options["uuids"])
        checked = findings = 0
        bar = tqdm(articles.iterator(), unit="article", disable=None, leave=False, file=sys.stderr)
        for article in bar:
            checked += 1
            for finding in verify(article):
                findings += 1
                bar.clear()
                where = f"{finding.article} publication {finding.number}"
                self.stdout.write(f"{where}: {finding.message} ({finding.code})")
        self.stdout.write(f"{checked} articles checked, {findings} findings.")
        if findings:
            sys.exit(1)
