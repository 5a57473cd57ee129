"""The articles app: when it is ready, gates and receivers are known, roles follow migrations."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from articles import patience, tasks, touching
        from articles.workflow import catalogue  # noqa: F401 - registers our gates
        from articles.workflow.permissions import create_roles

        for module in getattr(settings, "NEWSROOM_GATES", ()):
            import_module(module)

        tasks.connect()
        touching.connect()
        patience.connect()
        post_migrate.connect(create_roles, sender=self, dispatch_uid="articles.roles")
