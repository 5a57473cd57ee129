"""The seed reader against every sample with a gold answer: the same fields, no word lost."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from articles.importing import wordcheck
from articles.importing.readers.seed import WARNINGS, read

SAMPLES = Path(__file__).parent / "samples" / "seed"
GOLDS = sorted(SAMPLES.glob("*.gold.json"))
TEXT_FIELDS = ("outcome", "language", "headline", "standfirst", "related_headings")


def squeeze(value: Any) -> Any:
    """Texts as they are compared: one kind of blank, NFC, no invisible letters."""
    if isinstance(value, list):
        return [squeeze(item) for item in value]
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", value)
    return " ".join(c for c in text.replace("\u200c", "").replace("\u200d", "").split())


def block_key(block: dict[str, Any]) -> tuple[Any, ...]:
    kind = block["type"]
    if kind == "list":
        return (kind, block["ordered"], squeeze([item["text"] for item in block["items"]]))
    if kind == "table":
        return (kind, block["header"], squeeze(block["rows"]))
    if kind == "quote":
        return (kind, squeeze(block["text"]), squeeze(block.get("cite")))
    return (kind, block.get("kind"), squeeze(block.get("text")))


def photo_key(photo: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(squeeze(photo.get(key)) for key in ("src", "alt", "caption", "credit", "position"))


def summary(article: dict[str, Any]) -> dict[str, Any]:
    """What of an article must be as in the gold."""
    dates = {key: (article.get(key) or {}).get("value") for key in ("published", "updated")}
    dateline = article.get("dateline") or {}
    return {
        **{key: squeeze(article.get(key)) for key in TEXT_FIELDS},
        **dates,
        "dateline": {key: squeeze(dateline.get(key)) for key in ("text", "place", "agency")},
        "bylines": sorted((squeeze(one["name"]), one["role"]) for one in article["bylines"]),
        "sources": {one["name"] for one in article["attributions"] if one["kind"] == "source_line"},
        "body": [block_key(block) for block in article["body"]],
        "photos": [photo_key(photo) for photo in article["photos"]],
        "related": [(squeeze(one["title"]), one["url"]) for one in article["related"]],
        "warnings": sorted(WARNINGS.intersection(article["flags"])),
        "lines": {
            one["n"]: one["class"] for one in article.get("lines", []) if one["class"] != "blank"
        },
    }


def with_standfirst_in_body(article: dict[str, Any], at: int) -> dict[str, Any]:
    """The other reading of a first line that may be standfirst or lead."""
    moved = json.loads(json.dumps(article))
    moved["body"].insert(at, {"type": "paragraph", "text": moved["standfirst"]})
    moved["standfirst"] = None
    for photo in moved["photos"]:
        photo["position"] += photo["position"] >= at
    return moved


def block_text(block: dict[str, Any]) -> str:
    cells = [cell for row in block.get("rows", []) for cell in row]
    items = [item["text"] for item in block.get("items", [])]
    return " ".join([str(block.get("text") or ""), *items, *cells])


def failed_expectations(gold: dict[str, Any], article: dict[str, Any]) -> list[str]:
    expect = gold["expect"]
    bodies = squeeze(" ".join(block_text(block) for block in article["body"]))
    checks = {
        "outcome": article["outcome"] in expect.get("outcome_in", [article["outcome"]]),
        "error": article.get("error") in expect.get("error_in", [article.get("error")]),
        "flags_all": set(expect.get("flags_all", [])) <= set(article["flags"]),
        "flags_any": not expect.get("flags_any")
        or bool(set(expect["flags_any"]) & set(article["flags"])),
        "body": all(squeeze(text) in bodies for text in expect.get("body_contains", [])),
    }
    for key, value in expect.get("fields", {}).items():
        found = article.get(key)
        dated = key in ("published", "updated") and isinstance(found, dict)
        checks[key] = squeeze(found["value"] if dated and found else found) == squeeze(value)
    for kind, wanted in expect.get("blocks", {}).items():
        low, high = wanted if isinstance(wanted, list) else (wanted, wanted)
        checks[kind] = low <= sum(block["type"] == kind for block in article["body"]) <= high
    for key, wanted in expect.get("lengths", {}).items():
        low, high = wanted if isinstance(wanted, list) else (wanted, wanted)
        checks[f"length of {key}"] = low <= len(article[key]) <= high
    return [name for name, ok in checks.items() if not ok]


@pytest.mark.parametrize("path", GOLDS, ids=lambda path: path.name.removesuffix(".gold.json"))
def test_sample_is_read_as_its_gold_says(path: Path) -> None:
    gold = json.loads(path.read_text(encoding="utf-8"))
    name = path.name.replace(".gold.json", ".txt")
    article = read((SAMPLES / name).read_bytes(), name).to_json()
    if gold.get("expect"):
        assert failed_expectations(gold, article) == []
    if gold.get("mode", "exact") != "exact":
        return
    either = gold.get("standfirst_either")
    if either is not None and gold["standfirst"] and not article["standfirst"]:
        gold = with_standfirst_in_body(gold, either)
    elif either is not None and article["standfirst"] and not gold["standfirst"]:
        article = with_standfirst_in_body(article, either)
    expected, found = summary(gold), summary(article)
    if "lines" not in gold:
        del expected["lines"], found["lines"]
    assert found == expected


@pytest.mark.parametrize("path", GOLDS, ids=lambda path: path.name.removesuffix(".gold.json"))
def test_sample_has_a_home_for_every_word_target_and_line(path: Path) -> None:
    data = path.with_name(path.name.replace(".gold.json", ".txt")).read_bytes()
    article = read(data, path.name)
    assert str(wordcheck.check(data, article)) == "every word has one home"
    assert "words_unaccounted" not in article.flags
    assert article.unaccounted == []


def test_there_are_samples() -> None:
    assert len(GOLDS) >= 20
