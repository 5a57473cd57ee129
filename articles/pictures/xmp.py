"""XMP packets: reading the few properties a newsroom uses, and writing a packet of our own.

The properties and where they stand are those of the IPTC Photo Metadata Standard. A packet that is
too large, declares entities or is no XML counts as none: a picture is taken without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring

_MOST_BYTES = 1024 * 1024
_MOST_ITEMS = 20

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class Packet:
    """The properties of a packet by their usual names ("dc:creator"); empty for a broken one."""

    def __init__(self, content: bytes) -> None:
        self._nodes: list[Element] = []
        if not content or len(content) > _MOST_BYTES:
            return
        try:
            root = fromstring(content.strip(b"\0 \r\n\t"), forbid_dtd=True)
        except Exception:  # not XML, another encoding than it says, or an entity
            return
        self._nodes = list(root.iter(f"{{{_RDF}}}Description"))

    def values(self, name: str) -> list[str]:
        """Return a property's values in order; of a text in several languages the default one."""
        for node in self._nodes:
            found = _values(node, _full(name))
            if found:
                return found
        return []

    def value(self, name: str) -> str:
        """Return a property's first value, "" without one."""
        return next(iter(self.values(name)), "")

    def member(self, name: str, part: str) -> str:
        """Return one part of the first structure in a list of structures, "" without one."""
        for node in self._nodes:
            for structure in node.iterfind(f"{_full(name)}/*/{{{_RDF}}}li"):
                for holder in (structure, *structure.iterfind(f"{{{_RDF}}}Description")):
                    found = _values(holder, _full(part))
                    if found:
                        return found[0]
        return ""


def packet(
    *,
    plain: dict[str, str],
    languages: dict[str, str],
    lists: dict[str, Iterable[str]],
    licensor_url: str = "",
) -> bytes:
    """Return a packet of these properties, empty ones left out; b"" if nothing is left.

    ``plain`` are single values, ``languages`` texts that may have translations, ``lists`` ordered.
    """
    lines = [f"<{name}>{_text(value)}</{name}>" for name, value in plain.items() if value]
    for name, value in languages.items():
        if value:
            item = f'<rdf:li xml:lang="x-default">{_text(value)}</rdf:li>'
            lines.append(f"<{name}><rdf:Alt>{item}</rdf:Alt></{name}>")
    for name, values in lists.items():
        items = "".join(f"<rdf:li>{_text(value)}</rdf:li>" for value in values if value)
        if items:
            lines.append(f"<{name}><rdf:Seq>{items}</rdf:Seq></{name}>")
    if licensor_url:
        address = f"<plus:LicensorURL>{_text(licensor_url)}</plus:LicensorURL>"
        item = f'<rdf:li rdf:parseType="Resource">{address}</rdf:li>'
        lines.append(f"<plus:Licensor><rdf:Seq>{item}</rdf:Seq></plus:Licensor>")
    if not lines:
        return b""
    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">'
        f'<rdf:Description rdf:about=""{names}>{"".join(lines)}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def _full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def _values(node: Element, name: str) -> list[str]:
    """Return a property of a node, written as an attribute, as text, or as a list of any kind."""
    if name in node.attrib:
        return [node.attrib[name]]
    found = node.find(name)
    if found is None:
        return []
    items = found.findall(f"*/{{{_RDF}}}li")[:_MOST_ITEMS]
    if any(_LANGUAGE in item.attrib for item in items):
        items = [item for item in items if item.get(_LANGUAGE) == "x-default"] or items
        items = items[:1]
    texts = [item.text or "" for item in items] or [
        found.get(f"{{{_RDF}}}resource") or found.text or ""
    ]
    return [text for text in texts if text.strip()]


def _text(value: str) -> str:
    """Return a value as XML text; what XML has no place for is left out."""
    kept = (letter for letter in value if letter in "\t\n\r" or " " <= letter < "\ud800"
            or "\ue000" <= letter <= "\ufffd" or letter > "\uffff")  # fmt: skip
    return escape("".join(kept))
