"""What the benchmarks share: the table they fill together, and settings as in production."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings

from tests.benchmarks.measure import Figures


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """Collect what is measured; at the end print the table and write it to the reports."""
    found = Figures()
    yield found
    path = django_settings.REPORTS_DIR / f"bench-{connection.vendor}.json"
    found.write(path)
    print(f"\n\nSpeed on {connection.display_name}\n\n{found.table()}\nWritten to {path}.")  # noqa: T201


@pytest.fixture(autouse=True)
def as_in_production(settings: Settings, tmp_path: Path) -> None:
    """Serve as a web process does: nothing is searched for on disk at each request."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_USE_FINDERS = False
    settings.WHITENOISE_AUTOREFRESH = False
    settings.ROOT_URLCONF = "tests.benchmarks.site"
