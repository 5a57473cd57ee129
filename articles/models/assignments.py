"""Assignment: the sections in which somebody holds a role."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.taxonomy import Section


class Assignment(models.Model):
    """Narrows a role: who has one for a role may act in it only there and in the sections below.

    A role without any assignment holds everywhere.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="assignments",
        verbose_name=_("user"),
    )
    role = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("role")
    )
    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("section")
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["user", "role", "section"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "section"],
                name="assignment_once",
                violation_error_message=_("This role is assigned there already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.section}"
