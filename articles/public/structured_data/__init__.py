"""What machines read of a page: schema.org in JSON-LD, and what a link to it is shown with.

Says nothing that the page doesn't show. Times are to the second, as in ``time`` elements. A page
has one graph: what is said in several places is one node with an ``@id``.
"""

from articles.public.structured_data.graph import json_ld
from articles.public.structured_data.pages import list_page, profile_page, site_page, source_page
from articles.public.structured_data.sharing import properties, sharing_list
from articles.public.structured_data.story import news_article

__all__ = [
    "json_ld",
    "list_page",
    "news_article",
    "profile_page",
    "properties",
    "sharing_list",
    "site_page",
    "source_page",
]
