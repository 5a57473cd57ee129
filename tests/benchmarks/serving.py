"""Servers under granian, as they are installed, or gunicorn, and readers who ask them.

What a request costs is the CPU time of the server's own processes, so that neither the readers nor
other work on the machine is in a figure. On PostgreSQL the processes that serve the database are
counted apart.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import cpu_of, with_children

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 8
MOST = 4000  # requests of one round


@dataclass(frozen=True)
class Server:
    """A site that answers on a port of this machine.

    ``pid`` is the process whose CPU is counted, with its children; ``beside`` returns the processes
    that work for it elsewhere.
    """

    port: int
    pid: int
    cookie: str = ""
    beside: Callable[[], Sequence[int]] = tuple

    def get(self, address: str) -> bytes:
        """Return a page; any answer but 200 is a failure of the benchmark."""
        return self.ask([address])[0]

    def ask(self, addresses: Sequence[str]) -> list[bytes]:
        """Ask for pages over some connections that are kept for all of them."""
        headers = {"Host": "localhost"} | ({"Cookie": self.cookie} if self.cookie else {})
        pages = []
        with ExitStack() as stack:
            clients = [
                stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", self.port)))
                for _ in range(CONNECTIONS)
            ]
            for start in range(0, len(addresses), CONNECTIONS):
                asked = list(zip(clients, addresses[start : start + CONNECTIONS], strict=False))
                for client, address in asked:
                    client.request("GET", address, headers=headers)
                for client, address in asked:
                    response = client.getresponse()
                    pages.append(response.read())
                    assert response.status == 200, (address, response.status, pages[-1][:200])
        return pages

    def put(self, address: str, body: bytes) -> str:
        """Give a bare server the bytes of a page; return its address."""
        client = http.client.HTTPConnection("127.0.0.1", self.port)
        client.request("PUT", address, body)
        assert client.getresponse().status == 200
        client.close()
        return address

    def cpu(self) -> dict[int, float]:
        return cpu_of([*with_children(self.pid), *self.beside()])

    def cost(self, addresses: Sequence[str], times: int) -> float:
        """Return the milliseconds of CPU of a request, asking so often, the addresses in turn."""
        asked = [addresses[n % len(addresses)] for n in range(times)]
        before = self.cpu()
        self.ask(asked)
        spent = sum(max(now - before.get(pid, 0.0), 0.0) for pid, now in self.cpu().items())
        return spent * 1000 / times


def compare(
    asked: Sequence[tuple[Server, Sequence[str]]], *, rounds: int, seconds: float, least: int
) -> list[float]:
    """Return the milliseconds of CPU a request costs each server, the servers taking turns.

    In each of the rounds a server is asked for so many CPU seconds, and at least so often.
    """
    times = []
    for server, addresses in asked:
        server.ask(addresses[: 2 * least])
        # Each of the server's threads has a connection of its own, on which PostgreSQL plans a
        # statement several times before it keeps a plan.
        cost = server.cost(addresses, least)
        enough = max(round(1000 / max(cost, 0.01)), least)
        cost = server.cost(addresses, min(CONNECTIONS * least, enough))
        times.append(min(max(int(seconds * 1000 / max(cost, 0.01)), least), MOST))
    costs: list[list[float]] = [[] for _ in asked]
    for number in range(rounds):
        order = range(len(asked))
        for n in order if number % 2 == 0 else reversed(order):
            costs[n].append(asked[n][0].cost(asked[n][1], times[n]))
    return [median(found) for found in costs]


# A server's command, for an application and a port; all with one process, without a log, and
# granian as docs/deployment starts it.
COMMANDS = {
    "granian": "granian --interface wsgi {application} --host 127.0.0.1 --port {port} --workers 1"
    " --blocking-threads 8",
    "gunicorn": "gunicorn {application} --bind 127.0.0.1:{port} --workers 1 --log-level critical",
}


@contextmanager
def served(
    application: str,
    environment: Mapping[str, str] | None = None,
    *,
    by: str = "granian",
    cookie: str = "",
    beside: Callable[[], Sequence[int]] = tuple,
) -> Iterator[Server]:
    """Serve an application by one of ``COMMANDS``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = COMMANDS[by].format(application=application, port=port).split()
    command = [sys.executable, "-m", *words]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "MALLOC_ARENA_MAX": "1", **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(port, process.pid, cookie, beside)
    try:
        wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server takes connections."""
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not start")
