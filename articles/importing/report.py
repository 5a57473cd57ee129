"""The report of an import run: every file's outcome and every line that asks for an eye."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from articles.choices import Outcome
from articles.importing.load import CREATED, PROPOSED, REJECTED, UNCHANGED, Result

_COUNTED = (CREATED, PROPOSED, UNCHANGED, REJECTED)
_LISTED = ("skipped", "uncertain")


class RunReport:
    """Collects the results of a run; ``text`` for people, ``as_json`` for programs."""

    def __init__(self, *, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        self.entries: list[dict[str, Any]] = []
        self.actions: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.published = 0

    def add(self, result: Result) -> dict[str, Any]:
        """Add one document and return its entry."""
        record = result.record
        entry = {
            "source": result.external_id,
            "action": result.action,
            "outcome": record.get("outcome"),
            "error": record.get("error"),
            "detail": result.detail,
            "article": str(result.article.uuid) if result.article else None,
            "headline": record.get("headline"),
            "published": result.published,
            "flags": record.get("flags", []),
            "classes": dict(Counter(line["class"] for line in record.get("lines", []))),
            **{name: record.get(name, []) for name in _LISTED},
        }
        self.entries.append(entry)
        self.actions[result.action] += 1
        self.outcomes[str(record.get("outcome"))] += 1
        self.published += result.published
        return entry

    @property
    def has_rejected(self) -> bool:
        return bool(self.actions[REJECTED])

    def totals(self) -> dict[str, int]:
        """Return how many documents were created, proposed, unchanged, rejected, published."""
        return {
            "documents": len(self.entries),
            **{name: self.actions[name] for name in _COUNTED},
            "needs_editor": self.outcomes[Outcome.NEEDS_EDITOR],
            "published": self.published,
        }

    def summary(self) -> str:
        """Return the totals as one line."""
        totals = self.totals()
        parts = [f"{totals[name]} {name}" for name in _COUNTED]
        line = f"{totals['documents']} documents: {', '.join(parts)}"
        if totals["needs_editor"]:
            line += f"; {totals['needs_editor']} need an editor"
        if self.published:
            line += f"; {self.published} published"
        if self.dry_run:
            line += " (dry run: nothing was written)"
        elif not any(totals[name] for name in (CREATED, PROPOSED)) and not self.published:
            line += ". Nothing changed"
        return line + "."

    def text(self) -> str:
        """Return the whole report as plain text."""
        parts = [describe(entry) for entry in self.entries]
        return "\n".join([*parts, "", self.summary(), ""])

    def as_json(self) -> str:
        """Return the whole report as JSON."""
        whole = {"dry_run": self.dry_run, "totals": self.totals(), "documents": self.entries}
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def describe(entry: dict[str, Any]) -> str:
    """Return a document's entry as plain text: one line, then the lines that ask for an eye."""
    notes = [str(entry[name]) for name in ("error", "detail") if entry[name]]
    head = f"{entry['action']:9} {entry['source']}"
    if entry["outcome"] == Outcome.NEEDS_EDITOR:
        head += "  needs an editor"
    if entry["flags"]:
        head += f"  [{' '.join(entry['flags'])}]"
    if notes:
        head += f"  ({'; '.join(notes)})"
    lines = [
        f"    line {row['line']}: {name} ({row['reason']}): {_short(row['text'])}"
        for name in _LISTED
        for row in entry[name]
    ]
    return "\n".join([head, *lines])


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 100 else f"{shown[:99]}…"
