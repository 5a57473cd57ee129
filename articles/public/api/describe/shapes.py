"""JSON Schemas of all that the API answers with. They allow what it says and nothing else."""

from __future__ import annotations

from typing import Any

from articles.choices import BylineRole, PublicationKind, SourceKind
from articles.formats.ninjs import STANDARD, TYPES
from articles.formats.story import NEWSML_G2, NITF
from articles.pages import TOLD

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
ADDRESS: Schema = {"type": "string", "format": "uri"}
TIME: Schema = {"type": "string", "format": "date-time"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
NEXT: Schema = {
    "type": ["string", "null"],
    "format": "uri",
    "description": "Address of the next page; null on the last.",
}
LANGUAGE: Schema = {**TEXT, "description": "BCP 47."}


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": [str(value) for value in values]}


def several(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def record(description: str, required: str, /, **properties: Schema) -> Schema:
    """Return an object of these properties and no others; ``required`` are names."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def page_of(name: str, description: str, /, **more: Schema) -> Schema:
    return record(
        description, " ".join(["items", "next", *more]), items=several(ref(name)), next=NEXT, **more
    )


_WORDS = record(
    "Words and what they are for.",
    "role value",
    role=TEXT,
    contentType=one_of("text/plain", "text/html"),
    value=TEXT,
    wordCount=WHOLE,
)
_POINT = record("The point to keep when it is cut.", "x y", x=WHOLE, y=WHOLE)
_RENDITION = record(
    "A file, or the story in another format.",
    "name href contentType",
    name=TEXT,
    href=ADDRESS,
    contentType=one_of("text/html", "application/json", NEWSML_G2, NITF, *TYPES.values()),
    width=WHOLE,
    height=WHOLE,
    poi=_POINT,
)
_RIGHTS = record("Where the rights are told.", "linkedRights", linkedRights=ADDRESS)
_STANDARD = record(
    "The standard this is written in.",
    "name version schema",
    name={"const": STANDARD["name"]},
    version={"const": STANDARD["version"]},
    schema={"const": STANDARD["schema"]},
)
_PERSON = record(
    "Somebody in the byline.",
    "name rel",
    name=TEXT,
    rel=one_of(*BylineRole.values),
    uri=ADDRESS,
)
_INFO_SOURCE = record(
    "Whom the story has it from: who supplied text, or is a source in it.",
    "name role",
    name=TEXT,
    role=one_of("supplier", "source"),
    uri=ADDRESS,
)
_SUBJECT = record(
    "What the story is about, or the section it stands in.",
    "name rel uri literal",
    name=TEXT,
    rel=one_of("about", "section"),
    uri=ADDRESS,
    literal=TEXT,
)
_ALT_ID = record("Another name of the story.", "role value", role=TEXT, value=TEXT)
_SOURCE_TYPE = record(
    "How a picture came to be (IPTC digital source type).", "name uri", name=TEXT, uri=ADDRESS
)
_PICTURE = record(
    "A photo of the story.",
    "name rel uri type representationType pubStatus renditions",
    name=TEXT,
    rel={"const": "contains"},
    uri=ADDRESS,
    type={"const": "picture"},
    representationType={"const": "full"},
    pubStatus={"const": "usable"},
    contentCreated=TIME,
    headlines=several(_WORDS),
    descriptions=several(_WORDS),
    by=TEXT,
    located=TEXT,
    infoSources=several(_INFO_SOURCE),
    copyrightNotice=TEXT,
    usageTerms=TEXT,
    rightsInfo=_RIGHTS,
    digitalSourceType=_SOURCE_TYPE,
    renditions=several(_RENDITION),
)
_ARTICLE = record(
    "A story in ninjs 3.1. What is not known is left out; `partial` ones have no text.",
    "standard uri type representationType version versionCreated pubStatus",
    standard=_STANDARD,
    uri={**ADDRESS, "description": "The story's name for ever: urn:newsroom: and its uuid."},
    type={"const": "text"},
    representationType=one_of("full", "partial"),
    version={**TEXT, "description": "Number of the publication; grows with each."},
    versionCreated={**TIME, "description": "When this version went live."},
    firstCreated={**TIME, "description": "The date the story carries."},
    contentCreated=TIME,
    pubStatus={
        **one_of("usable", "canceled"),
        "description": "canceled: take the story down; a notice, if any, may stand in its place.",
    },
    expires={**TIME, "description": "When it left lists for the archive."},
    language=LANGUAGE,
    copyrightHolder=TEXT,
    copyrightNotice=TEXT,
    usageTerms=TEXT,
    rightsInfo=_RIGHTS,
    edNote={**TEXT, "description": "What this version corrects, or why the story is withdrawn."},
    headlines=several(_WORDS),
    descriptions={
        **several(_WORDS),
        "description": "summary: the standfirst. correction, clarification, retraction: notes "
        "readers are told.",
    },
    bodies={
        **several(_WORDS),
        "description": "main: HTML with its figures. plain: text without pictures.",
    },
    by=TEXT,
    located=TEXT,
    people=several(_PERSON),
    infoSources=several(_INFO_SOURCE),
    subjects=several(_SUBJECT),
    altIds=several(_ALT_ID),
    renditions=several(_RENDITION),
    associations=several(ref("Picture")),
)
_SECTION = record(
    "A section.",
    "name path url articles",
    name=TEXT,
    path=TEXT,
    parent=TEXT,
    description=TEXT,
    url=ADDRESS,
    articles=ADDRESS,
)
_NAMED: dict[str, Schema] = {
    "name": TEXT,
    "slug": TEXT,
    "description": TEXT,
    "url": ADDRESS,
    "articles": ADDRESS,
}
_NEEDED = "name slug url articles"
_CORRECTION = record(
    "What was put right, or why a story was withdrawn.",
    "kind at article",
    kind=one_of(*TOLD, PublicationKind.RETRACTION),
    at=TIME,
    note=TEXT,
    corrections=several(record("What was wrong and what is right.", "now", was=TEXT, now=TEXT)),
    article=record(
        "The story.", "uri language url", uri=ADDRESS, headline=TEXT, language=LANGUAGE, url=ADDRESS
    ),
)
_PROBLEM = record(
    "Why there is no answer (RFC 9457).",
    "type title status detail",
    type={"const": "about:blank"},
    title=TEXT,
    status={"type": "integer"},
    detail=TEXT,
    parameters=several(
        record("A wrong parameter.", "name detail", name={"type": "string"}, detail=TEXT)
    ),
)
_ENTRY = record(
    "Where everything is.",
    "name website documentation openapi articles changes sections topics contributors sources "
    "corrections",
    name=TEXT,
    **dict.fromkeys(
        (
            "website",
            "documentation",
            "openapi",
            "articles",
            "changes",
            "sections",
            "topics",
            "contributors",
            "sources",
            "corrections",
        ),
        ADDRESS,
    ),
)

SCHEMAS: dict[str, Schema] = {
    "Entry": _ENTRY,
    "Article": _ARTICLE,
    "Picture": _PICTURE,
    "ArticleList": page_of("Article", "Stories in short, newest first."),
    "ChangeList": page_of(
        "Article",
        "Stories in full, in the order of their last changes. `next` is always given: ask it again "
        "later for what has changed since.",
        more={"type": "boolean", "description": "Whether the next page has changes already."},
    ),
    "Section": _SECTION,
    "SectionList": page_of("Section", "All sections."),
    "Topic": record("A topic.", _NEEDED, **_NAMED),
    "TopicList": page_of("Topic", "Topics, oldest first."),
    "Contributor": record("Somebody who stands in bylines.", _NEEDED, title=TEXT, **_NAMED),
    "ContributorList": page_of("Contributor", "Contributors, oldest first."),
    "Source": record(
        "Whom or what stories lean on.",
        f"{_NEEDED} kind",
        kind=one_of(*SourceKind.values),
        licence=TEXT,
        website=ADDRESS,
        **_NAMED,
    ),
    "SourceList": page_of("Source", "Sources, oldest first."),
    "Correction": _CORRECTION,
    "CorrectionList": page_of("Correction", "Corrections and retractions, newest first."),
    "Problem": _PROBLEM,
}
