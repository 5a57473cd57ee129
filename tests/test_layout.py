"""The shape of the code: who may import whom, and what lies at the top of the repository.

``LAYERS`` is the table of the layers; a module imports only from layers above its own. A new module
of ``articles`` has to be put into it.
"""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the top; names on one line don't know each other. A name stands for everything in it.
LAYERS = [
    ["articles.memos"],
    [
        "articles.addresses",
        "articles.choices",
        "articles.dates",
        "articles.exceptions",
        "articles.letters",
        "articles.patience",
        "articles.planned",
        "articles.readings",
        "articles.redis_link",
        "articles.remembering",
        "articles.slugs",
    ],
    ["articles.document", "articles.pictures"],
    ["articles.importing.readers"],
    ["articles.importing.wordcheck"],
    ["articles.prepared", "articles.querysets"],
    ["articles.models.caching", "articles.models.fields"],
    ["articles.models.taxonomy", "articles.models.sources"],
    ["articles.models.contributors"],
    ["articles.models.photos"],
    ["articles.models.articles"],
    ["articles.models.assignments", "articles.models.comments"],
    ["articles.models.killed", "articles.models.sessions"],
    [
        "articles.models.bylines",
        "articles.models.attributions",
        "articles.models.placements",
        "articles.models.related_links",
    ],
    ["articles.models.revisions"],
    ["articles.models.previews", "articles.models.publications"],
    [
        "articles.models.announcements",
        "articles.models.events",
        "articles.models.fronts",
        "articles.models.imports",
        "articles.models.listings",
        "articles.models.searching",
        "articles.models.terms",
    ],
    ["articles.models.notifications"],
    ["articles.models"],
    ["articles.generations"],
    ["articles.replicas"],
    ["articles.body", "articles.credits"],
    [
        "articles.lookalikes",
        "articles.photo_store",
        "articles.photo_texts",
        "articles.photo_values",
        "articles.uploads",
    ],
    ["articles.making"],
    ["articles.related", "articles.search"],
    ["articles.pages", "articles.renditions"],
    ["articles.cards", "articles.listings"],
    ["articles.formats", "articles.fronts"],
    ["articles.library"],
    ["articles.sourcing"],
    ["articles.parts"],
    ["articles.snapshots"],
    ["articles.changes", "articles.keeping"],
    ["articles.indexing"],
    ["articles.workflow.permissions", "articles.workflow.signals"],
    ["articles.workflow.layouts"],
    ["articles.workflow.editions"],
    ["articles.workflow.standing"],
    ["articles.workflow.gates"],
    ["articles.workflow.catalogue"],
    ["articles.workflow.actions"],
    ["articles.workflow.holding"],
    ["articles.workflow.steps"],
    ["articles.workflow.saving", "articles.workflow.review", "articles.workflow.flags"],
    ["articles.workflow.publishing"],
    ["articles.workflow.hotfix"],
    ["articles.workflow.vault"],
    ["articles.workflow.withdrawal"],
    ["articles.workflow.transitions", "articles.workflow.replay", "articles.workflow.verify"],
    ["articles.workflow"],
    ["articles.previews", "articles.talk"],
    ["articles.notices", "articles.websub"],
    ["articles.purging", "articles.tasks"],
    ["articles.archive", "articles.importing"],
    ["articles.editor_words"],
    ["articles.editor", "articles.form_fields"],
    ["articles.action_forms", "articles.front_forms", "articles.photo_forms"],
    ["articles.forms", "articles.media", "articles.public", "articles.templatetags"],
    ["articles.touching"],
    ["articles.admin"],
    ["articles.templatetags.desk", "articles.templatetags.photos"],
    ["articles.management"],
    ["articles.apps"],
]

TOP_LEVEL = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "articles",
    "docs",
    "manage.py",
    "newsroom",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements-production.lock",
    "requirements.lock",
    "seeds",
    "static",
    "templates",
    "tests",
}


def modules(package: str) -> list[tuple[str, Path]]:
    """Return the dotted names and files of a package's modules, migrations left out."""
    found = []
    for path in sorted((ROOT / package).rglob("*.py")):
        if "migrations" not in path.parts:
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append((".".join(parts).removesuffix(".__init__"), path))
    return found


ARTICLES = modules("articles")
NAMES = {name for name, _ in ARTICLES}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield what a file imports anywhere but for type checkers only, and the line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: imports are absolute"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield (name if name in NAMES else str(node.module), node.lineno)


def layer(name: str) -> tuple[int, str]:
    """Return the number and the name of the most exact line a module falls under."""
    matches = [
        (len(entry), number, entry)
        for number, line in enumerate(LAYERS)
        for entry in line
        if name == entry or name.startswith(f"{entry}.")
    ]
    assert matches, f"{name} is in no layer: add it to LAYERS in tests/test_layout.py"
    _, number, entry = max(matches)
    return number, entry


def is_within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def offences(package: str, *forbidden: str) -> list[str]:
    return [
        f"{name}:{line} imports {imported}"
        for name, path in modules("articles")
        if is_within(name, package)
        for imported, line in imports(path)
        if is_within(imported, *forbidden)
    ]


@pytest.mark.parametrize(("name", "path"), ARTICLES, ids=[name for name, _ in ARTICLES])
def test_module_imports_only_from_layers_above_its_own(name: str, path: Path) -> None:
    if name == "articles":
        assert list(imports(path)) == []
        return
    number, entry = layer(name)
    wrong = []
    for imported, line in imports(path):
        if not is_within(imported, "articles"):
            continue
        other_number, other_entry = layer(imported)
        if other_entry != entry and other_number >= number:
            wrong.append(f"line {line} imports {imported}")
    assert wrong == []


def test_articles_know_nothing_of_the_project_package() -> None:
    assert offences("articles", "newsroom") == []


def test_document_and_readers_know_no_django() -> None:
    for package in ("articles.document", "articles.importing.readers", "articles.exceptions"):
        assert offences(package, "django") == []


def test_changes_ask_no_database() -> None:
    assert offences("articles.changes", "django.db", "django.apps", "articles.models") == []


def test_readers_do_not_know_each_other() -> None:
    home = ROOT / "articles" / "importing" / "readers"
    readers = {f"articles.importing.readers.{path.stem}" for path in home.iterdir()}
    for reader in readers & NAMES:
        assert offences(reader, *(readers - {reader})) == []


def test_writing_side_and_reading_side_do_not_know_each_other() -> None:
    reading = ("articles.public", "articles.templatetags.articles")
    writing = (
        "articles.admin",
        "articles.forms",
        "articles.templatetags.desk",
        "articles.templatetags.photos",
    )
    for package in reading:
        assert offences(package, *writing) == []
    for package in writing:
        assert offences(package, *reading) == []


def test_project_package_has_no_models() -> None:
    assert not list((ROOT / "newsroom").glob("models*"))
    assert not (ROOT / "newsroom" / "migrations").exists()


def tracked() -> list[str]:
    """Return what belongs to the project; in an unpacked archive, all that is there."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return done.stdout.splitlines()
    return [path.name for path in ROOT.iterdir() if path.name != "var"]


def test_top_level_is_settled() -> None:
    top = {line.split("/")[0] for line in tracked()}
    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL


def test_lock_files_name_versions_and_hashes_but_no_address() -> None:
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        pins = [line for line in text.splitlines() if line and line[0] not in " #"]
        assert pins
        assert all("==" in pin and pin.endswith("\\") for pin in pins)


def test_lock_files_agree_on_every_version() -> None:
    versions: dict[str, set[str]] = {}
    for path in ROOT.glob("requirements*.lock"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "==" in line and line[0] not in " #":
                name, version = line.removesuffix(" \\").split(" ;")[0].split("==")
                versions.setdefault(name.split("[")[0], set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
