"""The schemas of the standards, for tests: in the directory that NEWSROOM_STANDARDS names."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

_DIRECTORY = os.environ.get("NEWSROOM_STANDARDS", "")

needs_standards = pytest.mark.skipif(
    not _DIRECTORY, reason="NEWSROOM_STANDARDS names no directory of schemas"
)


@functools.cache
def _ninjs() -> Any:
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT7

    home = Path(_DIRECTORY) / "ninjs" / "schema"
    schema = json.loads((home / "ninjs-schema_3.1.json").read_text(encoding="utf-8"))
    places = json.loads((home / "GeoJSON-schema.json").read_text(encoding="utf-8"))
    geojson: Resource = DRAFT7.create_resource(places)
    registry: Registry = Registry().with_resource(
        "https://geojson.org/schema/GeoJSON.json", geojson
    )
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())


def ninjs_errors(item: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in _ninjs().iter_errors(item)]


@functools.cache
def _xsd(name: str) -> Any:
    return etree.XMLSchema(etree.parse(str(Path(_DIRECTORY) / name)))


def newsml_g2_errors(content: bytes) -> list[str]:
    return _xml_errors(content, "newsml-g2/xsd/NewsML-G2_2.35-spec-All-Power.xsd")


def nitf_errors(content: bytes) -> list[str]:
    return _xml_errors(content, "nitf/xsd/nitf-3-6.xsd")


def _xml_errors(content: bytes, name: str) -> list[str]:
    schema = _xsd(name)
    schema.validate(etree.fromstring(content))
    return [f"line {error.line}: {error.message}" for error in schema.error_log]
