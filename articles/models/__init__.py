"""The newsroom's tables; other modules import them from here."""

from articles.models.announcements import Announcement
from articles.models.articles import Article
from articles.models.assignments import Assignment
from articles.models.attributions import Attribution
from articles.models.bylines import Byline
from articles.models.caching import PageTag
from articles.models.comments import Comment
from articles.models.contributors import Contributor
from articles.models.events import Event
from articles.models.fronts import Front, Slot
from articles.models.imports import ArchiveReading, ImportedDocument, ImportRun
from articles.models.killed import KilledText
from articles.models.listings import ContributorListing, SourceListing, TopicListing
from articles.models.notifications import Notification, NotificationChoice
from articles.models.photos import Photo, Rendition
from articles.models.placements import Placement
from articles.models.previews import PreviewLink
from articles.models.publications import Correction, Publication, PublicPath
from articles.models.related_links import RelatedLink
from articles.models.revisions import Approval, Revision
from articles.models.searching import SearchEntry
from articles.models.sessions import Autosave, Presence
from articles.models.sources import Source, SourceAlias
from articles.models.taxonomy import Section, Topic
from articles.models.terms import StoryTerm, Term, TextPrint

__all__ = [
    "Announcement",
    "Approval",
    "ArchiveReading",
    "Article",
    "Assignment",
    "Attribution",
    "Autosave",
    "Byline",
    "Comment",
    "Contributor",
    "ContributorListing",
    "Correction",
    "Event",
    "Front",
    "ImportRun",
    "ImportedDocument",
    "KilledText",
    "Notification",
    "NotificationChoice",
    "PageTag",
    "Photo",
    "Placement",
    "Presence",
    "PreviewLink",
    "PublicPath",
    "Publication",
    "RelatedLink",
    "Rendition",
    "Revision",
    "SearchEntry",
    "Section",
    "Slot",
    "Source",
    "SourceAlias",
    "SourceListing",
    "StoryTerm",
    "Term",
    "TextPrint",
    "Topic",
    "TopicListing",
]
