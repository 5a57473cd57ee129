"""One command to Redis or Valkey, for those who go on without it.

A server that fails costs a quarter of a second at most, and then nothing for a second: until then
``DownError`` is raised at once. Connections belong to threads. Knows nothing of what is kept there.
"""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redis.connection import ConnectionPool

_TIMEOUT = 0.25
_PAUSE = 1.0


class DownError(Exception):
    """The server did not do what it was asked."""


class Link:
    """``prefix`` stands before every key, so that several sites may share a server."""

    def __init__(self, url: str, prefix: str) -> None:
        self.url, self.prefix = url, prefix
        self._local = threading.local()
        self._down_until = 0.0

    @property
    def is_down(self) -> bool:
        return time.monotonic() < self._down_until

    def key(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def call(self, *command: Any) -> Any:
        """Return the server's answer; raises DownError."""
        from redis import exceptions

        if self.is_down:
            raise DownError
        was_open = "connection" in self._local.__dict__
        try:
            try:
                return self._ask(command)
            except exceptions.ConnectionError:
                # What was open may be of a server that was started anew since.
                self.close()
                if not was_open:
                    raise
                return self._ask(command)
        except exceptions.ResponseError as error:
            raise DownError(str(error)) from error
        except (exceptions.RedisError, OSError) as error:
            self._down_until = time.monotonic() + _PAUSE
            self.close()
            raise DownError(type(error).__name__) from error

    def _ask(self, command: tuple[Any, ...]) -> Any:
        connection = self._connection()
        connection.send_command(*command)
        return connection.read_response()

    def close(self) -> None:
        """Close this thread's connection; the next command opens another."""
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None:
            connection.disconnect()

    def _connection(self) -> Any:
        found: Any = self._local.__dict__.get("connection")
        if found is None:
            # Not the pool's own make_connection: it counts what was ever opened, and after a
            # hundred opens no more.
            pool = _pool(self.url)
            found = self._local.connection = pool.connection_class(**pool.connection_kwargs)
            found.connect()
        return found


@cache
def _pool(url: str) -> ConnectionPool:
    """Return what knows how to reach a server; no connection is pooled."""
    from redis import ConnectionPool
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return ConnectionPool.from_url(
        url,
        socket_timeout=_TIMEOUT,
        socket_connect_timeout=_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )
