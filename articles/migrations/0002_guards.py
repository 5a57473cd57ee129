"""What PostgreSQL itself refuses: publications or layouts that overlap, changes to append-only tables.

A killed article is emptied past the rule, by a setting of that one transaction
(``workflow.vault``). SQLite has one writer at a time, and the same rules hold there in code
(``models.fields``, ``workflow.transitions``, ``workflow.layouts``).
"""

from django.db import migrations

# Table → columns that may still change, as a PostgreSQL array literal.
APPEND_ONLY = {
    "articles_revision": "{}",
    "articles_approval": "{}",
    "articles_event": "{}",
    "articles_correction": "{}",
    "articles_publication": "{live_until}",
    "articles_killedtext": "{}",
    "articles_front": "{live_until,called_off_by_id,called_off_at}",
    "articles_slot": "{}",
}

FUNCTION = """
CREATE OR REPLACE FUNCTION articles_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changeable text[] := TG_ARGV[0]::text[];
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('newsroom.emptying', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - changeable = to_jsonb(OLD) - changeable THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
NO_OVERLAP = """
ALTER TABLE articles_publication ADD CONSTRAINT publication_no_overlap
EXCLUDE USING gist (article_id WITH =, tstzrange(live_from, live_until) WITH &&)
"""
FRONTS_NO_OVERLAP = """
ALTER TABLE articles_front ADD CONSTRAINT front_no_overlap EXCLUDE USING gist
(coalesce(section_id, 0) WITH =, tstzrange(live_from, live_until) WITH &&)
"""


def add_guards(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    schema_editor.execute(NO_OVERLAP)
    schema_editor.execute(FRONTS_NO_OVERLAP)
    schema_editor.execute(FUNCTION, params=None)
    for table, changeable in APPEND_ONLY.items():
        schema_editor.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION articles_append_only('{changeable}')"
        )


def remove_guards(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in APPEND_ONLY:
        schema_editor.execute(f"DROP TRIGGER append_only ON {table}")
    schema_editor.execute("DROP FUNCTION articles_append_only()")
    schema_editor.execute("ALTER TABLE articles_front DROP CONSTRAINT front_no_overlap")
    schema_editor.execute("ALTER TABLE articles_publication DROP CONSTRAINT publication_no_overlap")


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(add_guards, remove_guards, elidable=False)]
