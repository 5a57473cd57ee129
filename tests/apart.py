"""Python in a process of its own that works on the test's database and files."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
_START = """
import sys
import django
from django.conf import settings
django.setup()
settings.MEDIA_ROOT = sys.argv[1]
import newsroom.urls
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a process; ``sys.argv[2:]`` are the arguments. Needs a test that commits."""
    database = connection.settings_dict
    address = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    if connection.vendor == "sqlite":
        address = f"sqlite:///{database['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings.test",
        "PYTHONPATH": str(ROOT),
    }
    given = [sys.executable, "-c", _START + textwrap.dedent(code), settings.MEDIA_ROOT]
    given += [str(argument) for argument in arguments]
    return subprocess.Popen(
        given, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(code: str, *arguments: object) -> list[str]:
    """Run a process to its end and return the words it printed."""
    return finished(start(code, *arguments))


def finished(process: subprocess.Popen[str]) -> list[str]:
    printed, complaints = process.communicate()
    assert process.returncode == 0, complaints
    return printed.split()
