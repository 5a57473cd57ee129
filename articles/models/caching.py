"""PageTag: when what carries a tag was last changed, so that no kept page outlives a change."""

from __future__ import annotations

from django.db import models


class PageTag(models.Model):
    """``version`` is that of the last change of anything with this tag; a tag without a row was
    never changed. The row with the empty tag holds the newest version there is.

    Whoever changes what readers see writes here in the same transaction (``articles.generations``),
    so that both become visible at the same instant.
    """

    tag = models.CharField(primary_key=True, max_length=300)
    version = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.tag or 'newest'} {self.version}"
