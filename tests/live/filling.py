"""Fills an empty newsroom: two accounts, stories that readers have, and drafts to be published.

Run as a program with the newsroom's settings; writes what it made to stdout as JSON.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import django
from PIL import Image

# How many stories readers have at the start, and how many drafts wait.
PUBLISHED, DRAFTS = 8, 30


def fill() -> dict[str, Any]:
    """Return the drafts and the paths of what is public."""
    from articles import renditions
    from articles.workflow import transitions
    from tests import factories
    from tests.live.newsroom import CHIEF, PASSWORD, WRITER

    writer, chief = (factories.make_user(username=name) for name in (WRITER, CHIEF))
    for user in (writer, chief):
        user.set_password(PASSWORD)
        user.save()
    photo, picture = factories.make_photo(), io.BytesIO()
    Image.new("RGB", (640, 400), "teal").save(picture, "JPEG")
    renditions.supply(photo, picture, name="quay.jpg")
    renditions.make_missing(photo)
    sections = [factories.make_section(name) for name in ("World", "Sport", "Science")]
    author, topic = factories.make_contributor("Ada Weil"), factories.make_topic("Harbours")
    source = factories.make_source("Reuters")
    rows: dict[str, Any] = {"authors": (author,), "topics": (topic,), "sources": (source,)}
    paths = []
    for number in range(PUBLISHED):
        parts = (f"The harbour was quiet, part {number}.", photo)
        given = {**rows, "section": sections[number % len(sections)], "parts": parts, "by": writer}
        article = factories.make_article(f"Harbour quiet in part {number}", **given)
        row = factories.publish(article, by=chief)
        paths.append(row.get_absolute_url())
        if number == 1:
            changed = factories.change(article, standfirst="Nine boats came.", by=writer)
            factories.publish(changed, kind="correction", note="It said eight.", by=chief)
        if number == 2:
            transitions.retract(row.article, by=chief, note="It was wrong.")
        if number == 3:
            transitions.request_kill(row.article, by=writer, reason="Law.")
            row.article.refresh_from_db()
            transitions.kill(row.article, by=chief, reason="Law.")
    stories = []
    for number in range(1, DRAFTS + 1):
        word = f"zxword{number:02}"
        article = factories.make_article(
            f"Ferry zx{number:02}v0 aground", slug=f"ferry-{number:02}",
            parts=(f"Nobody was hurt on the {word}, the owner said.", photo),
            section=sections[0], by=writer, **rows,
        )  # fmt: skip
        stories.append({"number": number, "pk": article.pk, "uuid": str(article.uuid),
                        "slug": article.slug, "word": word})  # fmt: skip
    files = [row.file.url for row in photo.renditions.exclude(file="")]
    return {"stories": stories, "paths": [*paths, *files]}


if __name__ == "__main__":
    django.setup()
    import newsroom.urls  # noqa: F401 - connects what listens

    json.dump(fill(), sys.stdout)
