"""Texts of the interface as tests look at them: what is written in code and templates, what the
catalogues say, and what a page asked for."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Engine
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.translation import to_language, trans_real

ROOT = Path(settings.BASE_DIR)
LOCALE = ROOT / "articles" / "locale"
# Where readers' texts are made; the rest is the desk's (DESK_TEXTS in the Makefile).
CODE = [
    *sorted((ROOT / "articles" / "public").rglob("*.py")),
    *sorted((ROOT / "articles" / "formats").rglob("*.py")),
    *(
        ROOT / "articles" / name
        for name in (
            "changes/compare.py", "changes/marks.py", "choices.py", "credits.py", "dates.py",
            "pages.py", "templatetags/articles.py",
        )
    ),
]  # fmt: skip
_DESK = ("admin/", "articles/preview.html", "articles/front_preview.html")
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|<[^>]+>")


@dataclass(frozen=True, slots=True)
class Message:
    """An entry of a catalogue; ``forms`` are its translations, one for each plural form."""

    id: str
    plural: str
    forms: tuple[str, ...]
    is_fuzzy: bool


def languages() -> list[str]:
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def written(language: str) -> list[Message]:
    """Return the entries of a language's ``.po`` file; the first is its header."""
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text("utf-8")
    return [_message(entry) for entry in text.split("\n\n") if re.search(r"^msgid", entry, re.M)]


def compiled(language: str) -> dict[Any, str]:
    """Return what a language's ``.mo`` file holds."""
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return dict(vars(gettext.GNUTranslations(file))["_catalog"])


def placeholders(text: str) -> list[str]:
    """Return what a translation has to keep: values, tags, doubled percent signs."""
    return sorted(_PLACEHOLDER.findall(text))


def templates() -> list[str]:
    """Return the names of the templates that readers meet."""
    folder = ROOT / "templates"
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*.*")]
    return sorted(name for name in names if not name.startswith(_DESK))


def texts_of_template(name: str) -> Iterator[str]:
    """Yield the texts that a template translates."""
    nodes: Any = Engine.get_default().get_template(name).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        yield str(node.filter_expression.var.literal)
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        yield node.render_token_list(node.singular)[0]


def texts_of_code(path: Path) -> Iterator[str]:
    """Yield the texts that a module translates."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in _CALLS and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def is_translated(text: str, language: str) -> bool:
    """Return whether a language's catalogues, Django's included, have a text."""
    known = trans_real.translation(to_language(language))._catalog  # type: ignore[attr-defined]
    return not text or text in known or (text, 0) in known


def record(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return a set that takes in every text that is asked for from now on."""
    asked: set[str] = set()
    for name in ("gettext", "ngettext"):
        real = getattr(trans_real, name)

        def noted(message: str, *others: Any, real: Any = real) -> str:
            asked.add(str(message))
            return str(real(message, *others))

        monkeypatch.setattr(translation._trans, name, noted)  # type: ignore[attr-defined]
    return asked


def _message(entry: str) -> Message:
    found: dict[str, str] = {}
    key = ""
    for line in entry.splitlines():
        if start := re.match(r'(msg\w+(?:\[\d+\])?) (?=")', line):
            key = start[1]
            line = line[start.end() :]
        if line.startswith('"'):
            found[key] = found.get(key, "") + str(ast.literal_eval(line))
    forms = tuple(text for key, text in sorted(found.items()) if key.startswith("msgstr"))
    fuzzy = re.search(r"^#,.*\bfuzzy\b", entry, re.M) is not None
    return Message(found["msgid"], found.get("msgid_plural", ""), forms, fuzzy)
