"""SearchEntry: one publication in the search index. Made anew by ``manage.py reindex``."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.publications import Publication


class SearchEntry(models.Model):
    """``place`` grows with the date the story carries, so that the newest are found first.

    What is looked into lies beside it: in the table ``articles_searchtext`` on SQLite, in the
    column ``vector`` on PostgreSQL (migration 0003).
    """

    place = models.BigIntegerField(primary_key=True)
    publication = models.OneToOneField(
        Publication,
        on_delete=models.CASCADE,
        related_name="search_entry",
        verbose_name=_("publication"),
    )

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.place}"
