"""Which back-end answers: that of the database in use."""

from __future__ import annotations

from django.db import connection

from articles.search.interface import Backend
from articles.search.postgresql import PostgreSQL
from articles.search.sqlite import SQLite


def backend() -> Backend:
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()
