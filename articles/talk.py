"""Comments: what the desk says of an article or of some words in it, and where those words are now.

A comment keeps its words, and stays on them while the text changes. Who is told of it is decided in
``notices``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import body
from articles.choices import PublicState
from articles.document import Document, nfc
from articles.exceptions import WorkflowError
from articles.models import Article, Comment
from articles.sourcing import anchors
from articles.workflow.permissions import has_permission, holders
from articles.workflow.standing import standing
from articles.workflow.steps import lock, required

# ``comment``: somebody said something, committed.
comment_written = Signal()

LONGEST, LONGEST_QUOTE, MOST_MENTIONS = 4000, 1000, 20
HEAD = ("headline", "standfirst", "kicker", "dateline")
_WHERE = re.compile(r"[0-9a-z_]{1,20}")
_MENTION = re.compile(r"(?<![\w.@+-])@([\w.@+-]{1,150})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment's words stand: a head field or a block, from a character of its plain text.

    ``is_gone``: they stand nowhere; the place is the last one. Without words the comment is on the
    whole article.
    """

    where: str = ""
    start: int = 0
    is_gone: bool = False


@transaction.atomic
def comment(
    article: Article,
    *,
    by: Any,
    text: str,
    quote: str = "",
    where: str = "",
    start: int = 0,
    parent: Comment | None = None,
) -> Comment:
    """Say something of an article, of the words ``quote`` in it, or in reply to ``parent``.

    ``where`` is a head field or a block's id, ``start`` an offset in its plain text; where the
    words are not there, they are looked for. Raises WorkflowError: not_permitted, not_now, empty,
    too_long, gone.
    """
    article = lock(article)
    _permit(article, by, "articles.add_comment", _("Your role doesn’t include commenting here."))
    text = required(nfc(text), "empty", _("The comment is empty: write something first."))
    quote = nfc(quote).strip()
    if len(text) > LONGEST or len(quote) > LONGEST_QUOTE:
        message = _("A comment has at most %(text)d characters, the words it stands on %(quote)d.")
        values = {"text": LONGEST, "quote": LONGEST_QUOTE}
        raise WorkflowError("too_long", message % values)
    if parent is not None:
        parent = Comment.objects.filter(pk=parent.parent_id or parent.pk, article=article).first()
        if parent is None:
            raise WorkflowError("gone", _("The comment you reply to is no longer there."))
        quote = ""
    row = Comment(article=article, author=by, text=text, parent=parent)
    if quote:
        row.quote = quote
        row.where, row.start = _where(where), max(start, 0)
        found = place([row], words_of(article))[0]
        row.where, row.start = found.where, found.start
    row.save()
    row.mentions.set(mentioned(text)[0])
    transaction.on_commit(partial(comment_written.send_robust, sender=Comment, comment=row))
    return row


def resolve(row: Comment, *, by: Any) -> Comment:
    """Say that what a thread is about is done. Raises WorkflowError: not_permitted, not_now."""
    return _settle(row, by, done=True)


def reopen(row: Comment, *, by: Any) -> Comment:
    """Take a thread up again. Raises WorkflowError: not_permitted, not_now."""
    return _settle(row, by, done=False)


@transaction.atomic
def _settle(row: Comment, by: Any, *, done: bool) -> Comment:
    article = lock(row.article)
    message = _("Your role doesn’t include resolving comments here.")
    _permit(article, by, "articles.change_comment", message)
    found = Comment.objects.filter(pk=row.parent_id or row.pk).first()
    if found is None or (found.resolved_at is not None) == done:
        message = _("It is resolved already.") if done else _("It is open already.")
        raise WorkflowError("not_now", message)
    found.resolved_at, found.resolved_by = (timezone.now(), by) if done else (None, None)
    found.save(update_fields=["resolved_at", "resolved_by"])
    return found


def place(comments: Iterable[Comment], story: Document) -> list[Place]:
    """Return for each comment where its words stand in a text.

    They are looked for where they stood, nearest to the old offset, then everywhere in order.
    """
    texts = {"kicker": story.kicker, **anchors.places(story)}
    return [_place(row, texts) for row in comments]


def words_of(article: Article) -> Document:
    """Return the head and the text of a working copy, without its rows."""
    head = {name: getattr(article, name) for name in HEAD}
    return Document(**head, body=body.parse(article.body))


def keep(article_id: int) -> None:
    """Remember where the words of an article's comments stand now; a lost place is kept."""
    rows = list(Comment.objects.filter(article=article_id).exclude(quote=""))
    if not rows:
        return
    moved = []
    story = words_of(Article.objects.get(pk=article_id))
    for row, found in zip(rows, place(rows, story), strict=True):
        if not found.is_gone and (found.where, found.start) != (row.where, row.start):
            row.where, row.start = found.where, found.start
            moved.append(row)
    Comment.objects.bulk_update(moved, ["where", "start"])


def mentioned(text: str) -> tuple[list[Any], list[str]]:
    """Return the users whom @names in a text mean, and the names that mean nobody at the desk."""
    names = list(dict.fromkeys(_MENTION.findall(text)))[:MOST_MENTIONS]
    if not names:
        return [], []
    field = get_user_model().USERNAME_FIELD
    candidates = {name: [name, name.rstrip(".@+-")] for name in names}
    wanted = Q()
    for name in {one for pair in candidates.values() for one in pair if one}:
        wanted |= Q(**{f"{field}__iexact": name})
    rows = list(people().filter(wanted))
    known = {row.get_username().lower(): row for row in rows}
    known.update({row.get_username(): row for row in rows})
    found: dict[int, Any] = {}
    unknown = []
    for pair in candidates.values():
        spelled = [*pair, *(one.lower() for one in pair)]
        user = next((known[one] for one in spelled if one in known), None)
        if user is None:
            unknown.append(pair[1] or pair[0])
        else:
            found[user.pk] = user
    return list(found.values()), unknown


def people() -> Any:
    """Return the users who may be mentioned: those at the desk who may read articles."""
    return holders("articles.view_article", None).filter(is_staff=True)


def _place(row: Comment, texts: dict[str, str]) -> Place:
    if not row.quote:
        return Place()
    where, start = anchors.find(row.quote, row.where, row.start, texts)
    return Place(row.where, row.start, is_gone=True) if start < 0 else Place(where, start)


def _where(name: str) -> str:
    return name if _WHERE.fullmatch(name) and name not in anchors.OWN_WORDS else ""


def _permit(article: Article, by: Any, permission: str, message: str) -> None:
    if not has_permission(by, permission, article.section):
        raise WorkflowError("not_permitted", message)
    if standing(article).state == PublicState.KILLED:
        raise WorkflowError("not_now", _("The article was killed: nothing is said of it any more."))
