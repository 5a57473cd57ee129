"""The newsroom's tables; other modules import them from here."""

from articles.models.articles import Article
from articles.models.assignments import Assignment
from articles.models.attributions import Attribution
from articles.models.bylines import Byline
from articles.models.comments import Comment
from articles.models.contributors import Contributor
from articles.models.events import Event
from articles.models.imports import ImportedDocument, ImportRun
from articles.models.killed import KilledText
from articles.models.notifications import Notification, NotificationChoice
from articles.models.photos import Photo, Rendition
from articles.models.placements import Placement
from articles.models.previews import PreviewLink
from articles.models.publications import Correction, Publication, PublicPath
from articles.models.related_links import RelatedLink
from articles.models.revisions import Approval, Revision
from articles.models.sessions import Autosave, Presence
from articles.models.sources import Source, SourceAlias
from articles.models.taxonomy import Section, Topic

__all__ = [
    "Approval",
    "Article",
    "Assignment",
    "Attribution",
    "Autosave",
    "Byline",
    "Comment",
    "Contributor",
    "Correction",
    "Event",
    "ImportRun",
    "ImportedDocument",
    "KilledText",
    "Notification",
    "NotificationChoice",
    "Photo",
    "Placement",
    "Presence",
    "PreviewLink",
    "PublicPath",
    "Publication",
    "RelatedLink",
    "Rendition",
    "Revision",
    "Section",
    "Source",
    "SourceAlias",
    "Topic",
]
