"""Workers of tasks: several share the work, and one that is stopped finishes what it has."""

import signal
import subprocess
import time
from pathlib import Path

import pytest
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from tests import apart

IN_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
_WORKER = f"""
from django.core.management import call_command
from django.test import override_settings
override_settings(TASKS={IN_DATABASE}).enable()
call_command("db_worker", *sys.argv[2:], "--interval", "0.05", "--no-startup-delay")
"""

pytestmark = pytest.mark.django_db(transaction=True)


@task()
def note(file: str, line: str) -> None:
    with Path(file).open("a", encoding="utf-8") as out:
        out.write(f"{line}\n")


@task()
def wait(begun: str, go: str) -> None:
    Path(begun).touch()
    wait_for(Path(go))


def wait_for(path: Path) -> None:
    for _ in range(2000):
        if path.exists():
            return
        time.sleep(0.01)
    raise AssertionError(f"{path.name} never came")


@pytest.fixture(autouse=True)
def queued(settings: Settings) -> None:
    settings.TASKS = IN_DATABASE


def worker(*options: str) -> subprocess.Popen[str]:
    return apart.start(_WORKER, *options)


def test_each_task_is_done_once_by_one_of_several_workers(tmp_path: Path) -> None:
    file = tmp_path / "done"
    for number in range(30):
        note.enqueue(str(file), str(number))
    for process in [worker("--batch") for _ in range(2)]:
        apart.finished(process)
    assert sorted(map(int, file.read_text().split())) == list(range(30))


def test_worker_that_is_stopped_finishes_its_task_and_begins_no_other(tmp_path: Path) -> None:
    begun, go, other = tmp_path / "begun", tmp_path / "go", tmp_path / "other"
    wait.enqueue(str(begun), str(go))
    process = worker()
    wait_for(begun)
    note.enqueue(str(other), "1")
    process.send_signal(signal.SIGTERM)
    go.touch()
    apart.finished(process)
    statuses = DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True)
    assert list(statuses) == [TaskResultStatus.SUCCESSFUL, TaskResultStatus.READY]
    assert not other.exists()
