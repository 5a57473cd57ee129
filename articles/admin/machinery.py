"""Tables of the packages the desk stands on: log-ins and tasks, which grow as the archive does."""

from __future__ import annotations

from typing import Any, ClassVar

from axes.admin import AccessAttemptAdmin, AccessFailureLogAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from articles.admin.base import DeskAdmin


class LoginRows(DeskAdmin):
    """Newest first, and found by who it was or from where."""

    list_filter: ClassVar[Any] = []
    date_hierarchy = None
    ordering = ["-id"]
    search_whole = ("username", "ip_address")
    search_help_text = _("Finds words in the 10,000 newest; any by the whole user name or address.")


class Attempts(LoginRows, AccessAttemptAdmin):
    pass


class Failures(LoginRows, AccessFailureLogAdmin):
    pass


class Logins(LoginRows, AccessLogAdmin):
    pass


class Tasks(DeskAdmin, DBTaskResultAdmin):
    list_filter: ClassVar[Any] = []
    sortable_by = ["enqueued_at"]


for model, table in (
    (AccessAttempt, Attempts),
    (AccessFailureLog, Failures),
    (AccessLog, Logins),
    (DBTaskResult, Tasks),
):
    admin.site.unregister(model)
    admin.site.register(model, table)
