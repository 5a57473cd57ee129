"""XML as text: everything is escaped once, and nothing XML 1.0 can't hold gets in (section 2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_ESCAPES_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Xml(str):
    """Text that is markup already."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str | int) -> Xml:
    """Return an element; text is escaped, ``Xml`` taken as it is.

    An underscore in an attribute's name stands for a colon, one at its end for nothing:
    ``xml_lang``, ``type_``.
    """
    return tag(name, {_name(key): value for key, value in attributes.items()}, *content)


def tag(name: str, attributes: Mapping[str, str | int], *content: str) -> Xml:
    """Return an element whose attributes have any names."""
    said = "".join(f' {key}="{_attribute(value)}"' for key, value in attributes.items())
    inside = "".join(part if isinstance(part, Xml) else text(part) for part in content)
    return Xml(f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>")


def text(value: str) -> Xml:
    """Return a text as it stands between tags."""
    return Xml(_UNFIT.sub("", value).translate(_ESCAPES_IN_TEXT))


def _attribute(value: str | int) -> str:
    return _UNFIT.sub("", str(value)).translate(_ESCAPES)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", ":")
