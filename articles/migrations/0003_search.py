"""What search looks into: an FTS5 table on SQLite, a column of words on PostgreSQL.

Words come folded and cut from ``articles.search.words``; the databases only keep and match them.
Without ``columnsize``, since ranks are reckoned among a bounded number of matches, not by bm25.
"""

from django.db import migrations

FTS5 = """
CREATE VIRTUAL TABLE articles_searchtext USING fts5(
    headline, summary, names, marks, body,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'", columnsize = 0
)
"""
VECTOR = "ALTER TABLE articles_searchentry ADD COLUMN vector tsvector NOT NULL DEFAULT ''::tsvector"
GIN = "CREATE INDEX search_entry_vector ON articles_searchentry USING gin (vector)"


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(VECTOR)
        schema_editor.execute(GIN)
    else:
        schema_editor.execute(FTS5)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE articles_searchentry DROP COLUMN vector")
    else:
        schema_editor.execute("DROP TABLE articles_searchtext")


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_guards")]

    operations = [migrations.RunPython(make_index, drop_index, elidable=False)]
