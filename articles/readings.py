"""What something was made of, so that it is made again only when that reads differently.

While a ``Reading`` is open, each question to the database is noted with a way to ask it again at
another moment. What was made then is the same as long as all answers are, up to the next moment at
which the clock alone changes it; who keeps it has to know that one. A question that nobody noted
makes a reading useless: it is not whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from itertools import chain
from sys import getsizeof
from typing import Any

from django.db import connections

# What was asked as of one moment, so that it isn't asked twice.
Known = dict[Hashable, Any]
# Asks a question as of a moment, unless the answer is known.
Question = Callable[[dt.datetime, Known], Any]

_HOLDING = frozenset({list, tuple, dict})

_open: ContextVar[Reading | None] = ContextVar("reading", default=None)


class Reading:
    """Questions as of one moment with their answers, which compare by what they say."""

    __slots__ = ("asked", "at", "is_whole", "known", "noted", "statements")

    def __init__(self, at: dt.datetime, known: Known) -> None:
        self.at = at
        self.known = known
        self.asked: list[tuple[Question, Any]] = []
        self.is_whole = True
        # Statements that were executed, and those of them that belong to questions.
        self.statements = self.noted = 0

    def answer(self, question: Question) -> Any:
        """Ask a question and note it."""
        with self.apart():
            found = question(self.at, self.known)
        self.asked.append((question, found))
        return found

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Note nothing inside: a question that is noted covers what is asked there."""
        before = self.statements
        token = _open.set(None)
        try:
            yield
        finally:
            _open.reset(token)
            self.noted += self.statements - before

    def reads_same(self, at: dt.datetime, known: Known) -> bool:
        """Ask all questions as of a moment; return whether each has the answer it had."""
        return all(question(at, known) == answer for question, answer in self.asked)

    def size(self) -> int:
        """Return about how many bytes of memory questions and answers hold."""
        questions = sum(getattr(question, "size", int)() for question, _answer in self.asked)
        return questions + size_of([answer for _question, answer in self.asked])

    def _counted(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


def size_of(value: Any) -> int:
    """Return about how many bytes of memory a value holds, made of lists, tuples and dicts.

    What stands in it twice counts twice.
    """
    size, inside = 0, [value]
    while inside:
        size += sum(map(getsizeof, inside))
        holding = [one for one in inside if type(one) in _HOLDING]
        inside = [*chain(*(one.values() if type(one) is dict else one for one in holding))]
    return size


@contextmanager
def reading(at: dt.datetime, known: Known) -> Iterator[Reading]:
    """Note what is asked inside, as of ``at``."""
    found = Reading(at, known)
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(found._counted))
        token = _open.set(found)
        try:
            yield found
        finally:
            _open.reset(token)
    found.is_whole = found.is_whole and found.statements == found.noted
    found.known = {}


def ask(question: Question, at: dt.datetime) -> Any:
    """Ask a question as of a moment, and note it if a reading is open, which is of that moment."""
    reading = current()
    return question(at, {}) if reading is None else reading.answer(question)


def apart() -> AbstractContextManager[None]:
    """Note nothing inside, if anybody asks at all."""
    reading = current()
    return nullcontext() if reading is None else reading.apart()


def current() -> Reading | None:
    """Return the reading that is open, None if nobody asks."""
    return _open.get()
