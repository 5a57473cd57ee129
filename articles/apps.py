"""The articles app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from articles.workflow.permissions import create_roles

        post_migrate.connect(create_roles, sender=self, dispatch_uid="articles.roles")
