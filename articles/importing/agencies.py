"""Which names are agencies, and which names are one agency ("AP", "Associated Press")."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from articles.choices import SourceKind
from articles.importing.readers.seed.agencies import is_agency
from articles.models import Source, SourceAlias
from articles.models.sources import fold_name
from articles.snapshots import source_named

_PARTS = re.compile(r"\s*/\s*|\s+via\s+|\s*,\s*|\s*\|\s*")


@cache
def known_names() -> dict[str, tuple[str, ...]]:
    """Return all names of each agency on the list, by each of its names as compared."""
    text = Path(__file__).with_name("agencies.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["agencies"]
    return {fold_name(name): tuple(names) for names in rows for name in names}


def source_for(name: str) -> Source:
    """Return the source a text credits under this name, made with all its names if need be."""
    found = Source.objects.named(name)
    if found is None:
        names = known_names().get(fold_name(name), (name,))
        kind = SourceKind.AGENCY if len(names) > 1 or is_agency(name) else SourceKind.OUTLET
        found = source_named(names[0], kind)
        for alias in (*names, name):
            SourceAlias.objects.get_or_create(
                folded=fold_name(alias), defaults={"name": alias, "source": found}
            )
    return found


def agency_in(credit: str) -> Source | None:
    """Return the agency a photo's credit names ("Signe Hal/AFP via Getty Images" is AFP's)."""
    for part in _PARTS.split(credit):
        if fold_name(part) in known_names() or is_agency(part):
            return source_for(part)
        found = Source.objects.named(part) if part else None
        if found is not None:
            return found
    return None
