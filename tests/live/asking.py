"""Asking the web processes over HTTP, as the proxy in front of them does."""

from __future__ import annotations

import gzip
import http.client
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import brotli
from lxml import html

from tests import desk
from tests.live.machines import Web
from tests.live.newsroom import HOST, PASSWORD, Story

# Longest time anything may take, whatever has failed (seconds).
TIMEOUT = 15.0
# A connection that was idle for so long may be closed by the server any moment (seconds).
_IDLE = 10.0
_DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress}


@dataclass(frozen=True, slots=True)
class Answer:
    """``began`` and ``ended`` are times of the clock: the first byte sent, the last received."""

    status: int
    headers: dict[str, str]
    body: bytes
    began: float
    ended: float

    @property
    def text(self) -> str:
        decode = _DECODERS.get(self.headers.get("content-encoding", ""), bytes)
        return decode(self.body).decode("utf-8", "replace")


class Asker:
    """One client with a connection to each process, which it opens anew when it was closed."""

    def __init__(self) -> None:
        self._open: dict[int, http.client.HTTPConnection] = {}
        self._used = 0.0

    def ask(
        self, web: Web, path: str, method: str = "GET", body: str = "", **headers: str
    ) -> Answer:
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = self._open.get(web.port)
        if connection is not None and time.monotonic() - self._used > _IDLE:
            self.close()
            connection = None
        self._used = time.monotonic()
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=TIMEOUT)
            self._open[web.port] = connection
        began = time.time()
        try:
            connection.request(method, path, body=body.encode() or None, headers=sent)
            found = connection.getresponse()
            read = found.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        ended = time.time()
        named = [(name.lower(), value) for name, value in found.getheaders()]
        if found.will_close:
            self._open.pop(web.port).close()
        cookies = [value for name, value in named if name == "set-cookie"]
        return Answer(found.status, {**dict(named), "set-cookie": "\n".join(cookies)}, read,
                      began, ended)  # fmt: skip

    def close(self) -> None:
        while self._open:
            self._open.popitem()[1].close()


class Editor:
    """Somebody at the desk of one process: signs in and works by the forms a browser shows."""

    def __init__(self, web: Web, name: str) -> None:
        self.web, self.name = web, name
        self.asker, self.cookies = Asker(), SimpleCookie()

    def sign_in(self) -> None:
        page = self.get("/admin/login/")
        fields = desk.filled_form(html.fromstring(page.text), "login-form")
        self.post("/admin/login/", {**fields, "username": [self.name], "password": [PASSWORD]})
        assert "sessionid" in self.cookies, "the account can't sign in"

    def press(self, story: Story, action: str, **changes: str) -> Answer:
        """Open a story's form, change fields, press a button; return the answer to the press."""
        url = f"/admin/articles/article/{story.pk}/change/"
        fields = desk.filled_form(html.fromstring(self.get(url).text))
        return self.done(self.post(url, {**fields, **_fields(changes), "_act": [action]}))

    def act(self, story: Story, action: str, **given: str) -> Answer:
        """Ask for the page of an action, fill it in and send it."""
        url = f"/admin/articles/article/{story.pk}/act/{action}/"
        page = html.fromstring(self.get(url).text)
        form = page.find(".//*[@id='content-main']//form")
        assert form is not None
        form.set("id", "act")
        fields = desk.filled_form(page, "act")
        return self.done(self.post(url, {**fields, **_fields(given)}))

    def done(self, answer: Answer) -> Answer:
        """Return the answer if it says that what was pressed was done."""
        assert answer.status == 302, (answer.status, _errors(answer.text))
        page = self.get(answer.headers["location"])
        told = html.fromstring(page.text).xpath("//ul[@class='messagelist']/li")
        classes = [item.get("class") for item in told]
        assert told, "nothing was told"
        assert "error" not in classes, [item.text_content().strip() for item in told]
        return answer

    def get(self, path: str) -> Answer:
        answer = self._ask(path)
        assert answer.status == 200, (path, answer.status)
        return answer

    def post(self, path: str, fields: dict[str, Any]) -> Answer:
        kind = "application/x-www-form-urlencoded"
        return self._ask(path, "POST", urlencode(fields, doseq=True), content_type=kind)

    def _ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
        cookie = "; ".join(f"{name}={held.value}" for name, held in self.cookies.items())
        headers = {"cookie": cookie, "referer": f"https://{HOST}{path}", **headers}
        answer = self.asker.ask(self.web, path, method, body, **headers)
        for line in filter(None, answer.headers["set-cookie"].split("\n")):
            self.cookies.load(line)
        return answer


def _fields(given: dict[str, str]) -> dict[str, list[str]]:
    """Return form fields by the names of arguments: ``act__note`` is ``act-note``."""
    return {name.replace("__", "-"): [value] for name, value in given.items()}


def _errors(text: str) -> list[str]:
    found = html.fromstring(text).xpath("//*[contains(@class, 'error')]")
    return [" ".join(item.text_content().split()) for item in found]
