"""The seed reader: plain-text news pages from text extractors, read into articles.

``read`` turns the bytes of one file into a ``SeedArticle``. Knows neither Django nor the database;
what is stored is decided by the loader.
"""

from articles.importing.readers.seed.reading import WARNINGS, read
from articles.importing.readers.seed.structure import SeedArticle

Reading = SeedArticle

__all__ = ["WARNINGS", "Reading", "SeedArticle", "read"]
