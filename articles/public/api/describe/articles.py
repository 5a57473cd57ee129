"""The operations that answer with stories."""

from __future__ import annotations

from articles.formats import story as formats
from articles.public.api import asking, selecting
from articles.public.api.describe import examples
from articles.public.api.describe.operations import operation

_TAG = "Articles"

LIST = operation(
    "listArticles",
    _TAG,
    "Stories, newest first or by words",
    "Stories that stand in lists, in short: no text, and of the photos the first. Narrow them down "
    "with the filters that search has. For a copy that is kept in step, read `/api/v1/changes/`; "
    "`?since=` on this address leads there.",
    answer="ArticleList",
    example=examples.LIST,
    parameters=[
        asking.WORDS,
        asking.SORT,
        *selecting.described(),
        asking.LIMIT,
        asking.CURSOR,
    ],
    problems=(400, 404),
    paged=True,
)
CHANGES = operation(
    "listChanges",
    _TAG,
    "What changed, oldest change first",
    "Every story whose last change is not older than `since`, in full, each once: new, updated and "
    "corrected ones, and withdrawn ones as `canceled` without their words. Keep the address in "
    "`next` and ask it again: nothing is left out, and nothing comes twice unless it changed.",
    answer="ChangeList",
    example=examples.CHANGES,
    parameters=[asking.SINCE, asking.CHANGES_CURSOR, asking.LIMIT],
    paged=True,
)
ONE = operation(
    "getArticle",
    _TAG,
    "One story as ninjs",
    "The story as readers have it now. One that was retracted is `canceled` and has its notice.",
    answer="Article",
    example=examples.ARTICLE,
    problems=(400, 404, 410),
    uuid=True,
)
NEWSML_G2 = operation(
    "getArticleAsNewsMLG2",
    _TAG,
    "One story as NewsML-G2",
    "The story as a NewsML-G2 2.35 news item, its text as XHTML.",
    media_type=formats.NEWSML_G2,
    problems=(400, 404, 410),
    uuid=True,
)
NITF = operation(
    "getArticleAsNITF",
    _TAG,
    "One story as NITF",
    "The story as a NITF 3.6 document.",
    media_type=formats.NITF,
    problems=(400, 404, 410),
    uuid=True,
)
