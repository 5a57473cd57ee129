"""What several tables share: the append-only rule."""

from __future__ import annotations

from typing import Any

from django.db import models

from articles.exceptions import AppendOnlyError
from articles.querysets import AppendOnlyQuerySet


class AppendOnly(models.Model):
    """A row that is written once.

    ``changeable`` names the fields a subclass may still change. PostgreSQL refuses the same by
    trigger (migration ``0002_guards``), so that SQL written by hand is refused too.
    """

    changeable: frozenset[str] = frozenset()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        changed = kwargs.get("update_fields")
        if not self._state.adding and not (changed and set(changed) <= self.changeable):
            raise AppendOnlyError(str(self._meta.verbose_name).capitalize())
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(str(self._meta.verbose_name).capitalize())
