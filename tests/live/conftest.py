"""One newsroom for all tests here: PostgreSQL, Redis and two web processes, started once.

Each test takes drafts that no other has touched, and leaves everything running.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.asking import Editor
from tests.live.machines import missing, wait_until
from tests.live.newsroom import CHIEF, WRITER, Newsroom
from tests.live.story import Desk


@pytest.fixture(scope="session")
def running() -> Iterator[Newsroom]:
    if lacking := missing():
        if os.environ.get("CI"):
            pytest.fail(f"This machine lacks {lacking}.")
        pytest.skip(f"needs {lacking}")
    # Not pytest's own directory: PostgreSQL runs as a user who may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="newsroom-live-"))
    folder.chmod(0o755)
    newsroom = Newsroom(folder)
    try:
        newsroom.start()
        yield newsroom
    finally:
        newsroom.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def newsroom(running: Newsroom) -> Newsroom:
    """Give the newsroom in health."""
    wait_until(
        lambda: {web.probe("ready")[0] for web in running.web} == {200}, "ready for the test"
    )
    return running


@pytest.fixture(scope="session")
def signed_in(running: Newsroom) -> Iterator[tuple[Editor, Editor]]:
    writer, chief = Editor(running.web[0], WRITER), Editor(running.web[1], CHIEF)
    for editor in (writer, chief):
        editor.sign_in()
    yield writer, chief
    for editor in (writer, chief):
        editor.asker.close()


@pytest.fixture
def editors(newsroom: Newsroom, signed_in: tuple[Editor, Editor]) -> Desk:
    """Give the two people of the desk, each at another process."""
    return Desk(newsroom, *signed_in)
