"""The programs of an installation, each of its own: PostgreSQL, Redis, web processes.

All lie in temporary directories and listen on free ports of this machine, so that they can be
stopped, frozen and started again without touching anybody else's. Whatever is waited for is waited
for a bounded time.
"""

from __future__ import annotations

import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30.0
_LOCAL = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as found:
        found.bind((_LOCAL, 0))
        return int(found.getsockname()[1])


def wait_until(holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> float:
    """Ask every 50 ms until it holds; return how long it took (seconds)."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if holds():
            return time.monotonic() - began
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {patience:g} s")


def listens(port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(1)
        return asked.connect_ex((_LOCAL, port)) == 0


def postgres_program(name: str) -> str | None:
    """Return the path of one of PostgreSQL's programs, which Debian keeps off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))


def redis_program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


def missing() -> str:
    """Return which programs these tests need and this machine lacks, "" if all are here."""
    lacking = [name for name in ("initdb", "pg_ctl") if postgres_program(name) is None]
    if redis_program() is None:
        lacking.append("redis-server or valkey-server")
    if os.getuid() == 0 and not _account():
        lacking.append("a user postgres, as whom root runs PostgreSQL")
    return ", ".join(lacking)


def _account() -> dict[str, Any]:
    """Return as whom PostgreSQL runs: it refuses to be root."""
    if os.getuid() != 0:
        return {}
    try:
        found = pwd.getpwnam("postgres")
    except KeyError:
        return {}
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}


class Postgres:
    """A cluster with one superuser and no password, reached on this machine only."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.home = folder / "data"
        account = _account()
        if account:
            os.chown(folder, account["user"], account["group"])
        self._do("initdb", "--auth=trust", "--username=newsroom", "--encoding=UTF8", "--no-sync")
        with (self.home / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {self.port}\nlisten_addresses = '{_LOCAL}'\n"
                f"unix_socket_directories = '{folder}'\nfsync = off\nmax_connections = 60\n"
            )

    @property
    def url(self) -> str:
        return f"postgresql://newsroom@{_LOCAL}:{self.port}/postgres"

    def start(self) -> None:
        self._do("pg_ctl", "start", "--wait", "--log", str(self.folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop it, cutting off whoever is connected; "immediate" is as if it had crashed."""
        if (self.home / "postmaster.pid").exists():
            self._do("pg_ctl", "stop", "--wait", "--mode", mode)

    def freeze(self) -> None:
        """Have it keep its connections and answer nobody."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        head = int((self.home / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{head}/task/{head}/children").read_text().split()
        for process in (head, *map(int, children)):
            os.kill(process, number)

    def _do(self, program: str, *arguments: str) -> None:
        command = [str(postgres_program(program)), "--pgdata", str(self.home), *arguments]
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=PATIENCE,
            cwd=self.folder, check=False, text=True, **_account(),
        )  # fmt: skip
        assert done.returncode == 0, (command, done.stderr)


class Redis:
    """A server that keeps nothing on disk: what starts again starts empty."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://{_LOCAL}:{self.port}/0"

    def start(self) -> None:
        assert not listens(self.port), "another server has the port"
        command = [str(redis_program()), "--port", str(self.port), "--bind", _LOCAL]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: listens(self.port), "Redis starts")

    def stop(self) -> None:
        if self.process is not None:
            self.thaw()
            self.process.kill()
            self.process.wait(PATIENCE)
            self.process = None

    def freeze(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)


class Web:
    """One web process as docs/deployment.md has it; what it says on stderr is kept in a file."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.name, self.environment = name, dict(environment)
        self.log = folder / f"{name}.log"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi"]
        command += ["newsroom.wsgi:application", "--host", _LOCAL, "--port", str(self.port)]
        command += ["--workers-kill-timeout", "20", "--blocking-threads", "8"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )
        wait_until(lambda: self.probe("live")[0] == 200, f"web process {self.name} starts")

    def stop(self) -> int:
        """Ask it to end; return its exit status."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def probe(self, what: str) -> tuple[int, dict[str, str]]:
        """Return status and words of ``/health/live`` or ``/health/ready``; 0 if none came."""
        connection = http.client.HTTPConnection(_LOCAL, self.port, timeout=15)
        try:
            connection.request("GET", f"/health/{what}", headers={"Host": "10.0.0.1"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            return 0, {}
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """Return the processes that answer requests: the children of the one that was started."""
        assert self.process
        head = self.process.pid
        found = Path(f"/proc/{head}/task/{head}/children").read_text().split()
        return [pid for pid in map(int, found) if self._is_worker(pid)]

    def memory(self) -> int:
        """Return the bytes of memory that its workers hold (RSS)."""
        pages = sum(
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.workers()
        )
        return pages * os.sysconf("SC_PAGE_SIZE")

    def open_files(self) -> int:
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in self.workers())

    @staticmethod
    def _is_worker(pid: int) -> bool:
        # Python's own tracker of shared memory is a child too.
        return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
