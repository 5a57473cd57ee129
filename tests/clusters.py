"""PostgreSQL servers of a test's own: a primary, and replicas that follow it.

They lie in a temporary directory, listen on this machine only and keep nothing. PostgreSQL refuses
to run as root, so there the account ``postgres`` runs them.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

ACCOUNT = "postgres"
_QUICK = {"fsync": "off", "wal_level": "replica"}


def programs() -> Path | None:
    """Return where PostgreSQL's programs lie, the newest if there are several."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    return Path(here).resolve().parent if here else None


def reason_against() -> str:
    """Return why no server can be started here, "" if one can."""
    home = programs()
    if home is None:
        return "PostgreSQL's initdb is not on this machine"
    if not (home / "pg_basebackup").exists():
        return "PostgreSQL's pg_basebackup is not on this machine"
    if os.geteuid() == 0 and not _account():
        return f"PostgreSQL does not run as root, and there is no account {ACCOUNT}"
    return ""


def _account() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


class Server:
    """One server; ``start`` and ``stop`` as often as one likes."""

    def __init__(self, home: Path, name: str) -> None:
        self.home, self.data, self.port = home, home / name, free_port()

    @property
    def address(self) -> str:
        return f"postgresql://{ACCOUNT}@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: object) -> None:
        given = [program, *map(str, arguments)]
        subprocess.run(given, check=True, timeout=60, **self._how())

    @contextmanager
    def running(self, *command: str) -> Iterator[None]:
        """Run a command that makes and starts this server in the foreground, until the end."""
        with subprocess.Popen(command, **self._how()) as process:
            try:
                for _ in range(600):
                    with suppress(psycopg.OperationalError):
                        self.ask("SELECT 1")
                        break
                    assert process.poll() is None, f"{command} ended"
                    time.sleep(0.05)
                yield
            finally:
                process.send_signal(signal.SIGINT)

    def _how(self) -> dict[str, Any]:
        found, account = programs(), _account()
        assert found is not None
        how: dict[str, Any] = {
            "cwd": self.home,
            "env": {"PATH": f"{found}:{os.environ['PATH']}", "PGDATA": str(self.data)},
            **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL),
        }
        if os.geteuid() == 0 and account is not None:
            how |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        return how

    def make(self) -> None:
        self.run("initdb", "-D", self.data, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "-N",
                 "--locale=C.UTF-8")  # fmt: skip

    def copy(self, primary: Server) -> None:
        """Begin as a replica of another server."""
        self.run("pg_basebackup", "-D", self.data, "-h", "127.0.0.1", "-p", primary.port,
                 "-U", ACCOUNT, "-R", "-X", "stream", "-c", "fast", "-N")  # fmt: skip

    def start(self) -> None:
        given = {**_QUICK, "port": self.port, "listen_addresses": "127.0.0.1"}
        options = " ".join(f"-c {name}={value}" for name, value in given.items())
        self.run("pg_ctl", "-D", self.data, "-o", f"{options} -k {self.home}", "-l",
                 self.home / f"{self.data.name}.log", "-w", "start")  # fmt: skip

    def stop(self) -> None:
        """Stop at once, as a machine that loses its power does."""
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def ask(self, sql: str) -> Any:
        with psycopg.connect(self.address, autocommit=True) as connection:
            found = connection.execute(sql)
            return found.fetchone() if found.description else None

    @property
    def runs(self) -> bool:
        return (self.data / "postmaster.pid").exists()


@contextmanager
def servers() -> Iterator[Callable[[str], Server]]:
    """Give what names a new server; at the end each that runs is stopped, and all are erased."""
    home, account = Path(tempfile.mkdtemp(prefix="newsroom-")), _account()
    if os.geteuid() == 0 and account is not None:
        os.chown(home, account.pw_uid, account.pw_gid)
    found: list[Server] = []

    def named(name: str) -> Server:
        found.append(Server(home, name))
        return found[-1]

    try:
        yield named
    finally:
        for server in reversed(found):
            if server.runs:
                server.stop()
        shutil.rmtree(home, ignore_errors=True)
