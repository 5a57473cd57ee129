"""What PostgreSQL searches: words together with the stretches of time that a story lies in.

Vectors stay beside the row's other columns: each is read when a story is ranked, and the planner
sees what reading all of them would cost. Few stories wait to be written into the index, since each
search reads those.
"""

from django.db import migrations

IN_STRETCHES = ", ".join(f"place >> {n} << 6 | {n}" for n in range(22, 44, 3))
NAME = "search_entry_words"
STEPS = [
    "SET statement_timeout = 0",
    "ALTER TABLE articles_searchentry ALTER COLUMN vector SET STORAGE MAIN",
    f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
    f"CREATE INDEX CONCURRENTLY {NAME} ON articles_searchentry"
    f" USING gin (vector, (ARRAY[{IN_STRETCHES}])) WITH (gin_pending_list_limit = 256)",
    "DROP INDEX CONCURRENTLY IF EXISTS search_entry_vector",
    "RESET statement_timeout",
]
BACK = [
    "CREATE INDEX search_entry_vector ON articles_searchentry USING gin (vector)",
    f"DROP INDEX {NAME}",
    "ALTER TABLE articles_searchentry ALTER COLUMN vector SET STORAGE EXTENDED",
]


def make_index(apps, schema_editor):
    run(schema_editor, STEPS)


def drop_index(apps, schema_editor):
    run(schema_editor, BACK)


def run(schema_editor, steps):
    if schema_editor.connection.vendor == "postgresql":
        for step in steps:
            schema_editor.execute(step)


class Migration(migrations.Migration):
    # An index that takes minutes to make must not keep stories from being published meanwhile.
    atomic = False

    dependencies = [("articles", "0004_desk_lists")]

    operations = [migrations.RunPython(make_index, drop_index, elidable=False)]
