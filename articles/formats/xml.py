"""How both XML formats are built: elements with clean text, and bytes in UTF-8."""

from __future__ import annotations

from typing import Any

from lxml import etree

from articles.formats.markup import clean

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def default(namespace: str) -> Any:
    """Return what makes a namespace the one without a prefix."""
    return {None: namespace}


class Maker:
    """Makes elements of one namespace; empty attributes and elements without words are left out."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def root(self, tag: str, /, **attributes: str) -> Any:
        return etree.Element(
            f"{{{self.namespace}}}{tag}", _known(attributes), nsmap=default(self.namespace)
        )

    def add(self, parent: Any, tag: str, text: str = "", /, **attributes: str) -> Any:
        """Add an element to ``parent``; ``_`` in a name of an attribute stands for ``-``."""
        element = etree.SubElement(parent, f"{{{self.namespace}}}{tag}", _known(attributes))
        element.text = clean(text) or None
        return element

    def say(self, parent: Any, tag: str, text: str, /, **attributes: str) -> None:
        """Add an element unless there is nothing to say."""
        if text:
            self.add(parent, tag, text, **attributes)


def _known(attributes: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): clean(value) for name, value in attributes.items() if value}


def to_bytes(root: Any) -> bytes:
    """Return a document as a file holds it."""
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
