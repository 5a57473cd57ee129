"""A newsroom to try things on: its settings, its stories, and two web processes that serve it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.live.machines import ROOT, Postgres, Redis, Web

HOST = "news.example"
PASSWORD = "correct horse battery staple"
WRITER, CHIEF = "writer", "chief"
_SECRET = "the-secret-key-of-a-newsroom-that-lives-for-some-minutes-only-0123456789"


@dataclass(frozen=True, slots=True)
class Story:
    """A draft that a test takes through its life; ``word`` stands in its text and nowhere else."""

    number: int
    pk: int
    uuid: str
    slug: str
    word: str


class Newsroom:
    """An installation with the production settings, on servers of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("postgres", "redis", "data"):
            (folder / name).mkdir()
        self.postgres = Postgres(folder / "postgres")
        self.redis = Redis(folder / "redis")
        self.environment = self._environment()
        self.web = [Web(name, folder, self.environment) for name in ("first", "second")]
        self.stories: list[Story] = []
        self.paths: list[str] = []

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings.production",
            "PYTHONPATH": str(ROOT),
            "SECRET_KEY": _SECRET,
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}",
            "SECURITY_CONTACT": "security@news.example",
            "TRUST_TXT": f"contact=https://{HOST}/standards/",
            "DATABASE_URL": self.postgres.url,
            "CACHE_URL": self.redis.url,
            "DATA_DIR": str(self.folder / "data"),
            "TRUSTED_PROXY_COUNT": "1",
            "LOG_LEVEL": "WARNING",
        }

    def start(self) -> None:
        """Start everything and fill it."""
        self.postgres.start()
        self.redis.start()
        with ThreadPoolExecutor() as at_once:
            static = at_once.submit(self._run, "manage.py", "collectstatic", "--no-input")
            self._run("manage.py", "migrate", "--no-input")
            told = json.loads(self._run("-m", "tests.live.filling"))
            static.result()
        self.stories = [Story(**row) for row in told["stories"]]
        self.paths = told["paths"]
        for process in self.web:
            process.start()

    def stop(self) -> None:
        for process in self.web:
            if process.process is not None and process.process.poll() is None:
                process.stop()
        self.redis.stop()
        self.postgres.stop("immediate")

    def logged(self) -> str:
        """Return what the web processes complained of."""
        return "\n".join(process.log.read_text() for process in self.web if process.log.exists())

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], env=self.environment, cwd=ROOT, capture_output=True,
            text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout
