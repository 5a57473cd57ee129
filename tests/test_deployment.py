"""The files of docs/deployment agree with the code: variables, addresses, commands, files."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from pytest_django import Settings

from tests import clusters

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT / "docs" / "deployment"
COMPOSE = yaml.safe_load((FILES / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "newsroom"}


def env_file() -> dict[str, str]:
    lines = (FILES / "newsroom.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def settings_with(variables: dict[str, str], expression: str) -> Any:
    """Return what the production settings make of these variables and no others."""
    code = f"import json, newsroom.settings.production as s; print(json.dumps({expression}))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def variables_of(service: dict[str, Any]) -> dict[str, str]:
    return {**env_file(), **service["environment"], "SECRET_KEY": "k" * 60}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield the words of each command that starts something of ours, and where it stands."""
    for name, service in OURS.items():
        command = service["command"].removeprefix('sh -c "').removesuffix('"')
        for part in command.split(" && "):
            yield f"compose {name}", shlex.split(part)
    for path in FILES.glob("*.service"):
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in re.findall(r"^ExecStart(?:Pre)?=(.+)$", text, re.MULTILINE):
            yield path.name, shlex.split(line)
    dockerfile = (FILES / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^CMD (\[.+\])$", dockerfile, re.MULTILINE):
        yield "Dockerfile", json.loads(line)


COMMANDS = list(commands())


@pytest.mark.parametrize("name", OURS)
def test_service_is_given_only_variables_that_are_read(name: str) -> None:
    read = settings_with(variables_of(OURS[name]), "sorted(s.env.names)")
    given = {*env_file(), *OURS[name]["environment"]}
    assert given - {*read, "DJANGO_SETTINGS_MODULE"} == set()


def test_addresses_of_the_site_are_services() -> None:
    shown = "[[d['HOST'], d['PORT']] for d in s.DATABASES.values()]"
    variables = variables_of(OURS["web1"])
    assert settings_with(variables, shown) == [["database", 5432], ["replica", 5432]]
    others = "[s.CACHES['default']['LOCATION'], *s.NEWSROOM_PURGE_URLS]"
    hosts = {urlsplit(address).hostname for address in settings_with(variables, others)}
    assert hosts == {"cache", "edge"}
    assert {"database", "replica", "cache", "edge"} <= set(SERVICES)


def test_edge_is_purged_where_it_listens_and_nobody_outside_reaches() -> None:
    port = urlsplit(OURS["worker"]["environment"]["PURGE_URL"]).port
    assert f"purge=:{port}" in SERVICES["edge"]["command"]
    assert not any(str(port) in shown for shown in SERVICES["edge"]["ports"])


def test_edge_knows_every_web_process() -> None:
    text = (FILES / "compose-backends.vcl").read_text(encoding="utf-8")
    hosts = re.findall(r'\.host = "(\w+)"', text)
    assert sorted(hosts) == sorted(name for name in OURS if name.startswith("web"))


@pytest.mark.parametrize(("where", "words"), COMMANDS, ids=[where for where, _ in COMMANDS])
def test_command_is_one_that_is_there(where: str, words: list[str], settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    program = Path(words[0]).name
    if program == "granian":
        from granian.cli import cli

        given = cli.make_context("granian", words[1:]).params
        assert given["app"] == "newsroom.wsgi:application"
        return
    assert [program, words[1]] == ["python", "manage.py"]
    name = words[2]
    command = load_command_class(get_commands()[name], name)
    assert command.create_parser("manage.py", name).parse_args(words[3:])


def test_every_file_and_volume_that_is_mounted_is_there() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            there = (FILES / source).is_file() if source[0] == "." else source in COMPOSE["volumes"]
            assert there, volume


def test_services_wait_for_services() -> None:
    assert {name for service in SERVICES.values() for name in service.get("depends_on", [])} <= set(
        SERVICES
    )


def test_processes_get_longer_to_stop_than_they_take() -> None:
    """A server that is killed while it waits for its last requests loses them."""
    words = shlex.split(OURS["web1"]["command"])
    patience = int(words[words.index("--workers-kill-timeout") + 1])
    assert int(OURS["web1"]["stop_grace_period"].removesuffix("s")) > patience
    unit = (FILES / "newsroom.service").read_text(encoding="utf-8")
    (told,) = re.findall(r"--workers-kill-timeout (\d+)", unit)
    (stop,) = re.findall(r"^TimeoutStopSec=(\d+)", unit, re.MULTILINE)
    assert int(stop) > int(told)


def test_image_holds_what_the_code_needs() -> None:
    text = (FILES / "Dockerfile").read_text(encoding="utf-8")
    copied = {
        name for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for name in line.split()
    }
    assert all((ROOT / name).exists() for name in copied)
    assert {"newsroom", "articles", "templates", "static", "manage.py"} <= copied


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
@pytest.mark.parametrize("name", ["newsroom.service", "newsroom-worker@.service"])
def test_systemd_takes_the_unit(name: str, tmp_path: Path) -> None:
    """Verified with programs that are there in place of those of an installation."""
    text = re.sub(r"/srv/newsroom/app/\.venv/bin/\w+", sys.executable, (FILES / name).read_text())
    unit = tmp_path / name.replace("@", "@1")
    unit.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(bool(clusters.reason_against()), reason=clusters.reason_against())
def test_replica_of_compose_follows_its_primary() -> None:
    """Its command is run as it stands, with the primary's address in place of its name."""
    command = SERVICES["replica"]["command"]
    with clusters.servers() as named:
        primary, replica = named("primary"), named("replica")
        primary.make()
        primary.start()
        primary.ask("CREATE ROLE newsroom SUPERUSER LOGIN")
        script = command[2].replace("$$", "$")
        script = script.replace("-h database", f"-h 127.0.0.1 -p {primary.port}")
        script = script.replace("exec postgres", f"exec postgres -p {replica.port} -k /tmp")
        with replica.running(*command[:2], script):
            primary.ask("SELECT pg_create_restore_point('here')")
            assert replica.ask("SELECT pg_is_in_recovery()") == (True,)
            assert replica.ask("SHOW hot_standby_feedback") == ("on",)
