"""The desk: the stock admin over the working copies, one module for each group of models.

Buttons call transitions; a rule that an import or a command could get round does not live here.
"""

from articles.admin import (
    accounts,
    articles,
    fronts,
    imports,
    machinery,
    people,
    photos,
    records,
    site,
    taxonomy,
)

__all__ = [
    "accounts",
    "articles",
    "fronts",
    "imports",
    "machinery",
    "people",
    "photos",
    "records",
    "site",
    "taxonomy",
]
