"""Indexes for what the desk lists of Django's log and of tasks.

Neither package gives its table the index that its list needs.
"""

from django.db import migrations

LOG = (
    "CREATE INDEX admin_log_of_object ON django_admin_log (object_id, content_type_id, action_time)"
)
TASKS = "CREATE INDEX tasks_newest ON django_tasks_database_dbtaskresult (enqueued_at)"


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_search"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.RunSQL(LOG, "DROP INDEX admin_log_of_object"),
        migrations.RunSQL(TASKS, "DROP INDEX tasks_newest"),
    ]
