"""Announcement: up to when a WebSub hub has been told of what changed in the feeds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Announcement(models.Model):
    hub = models.CharField(_("hub"), max_length=500, unique=True)
    told_until = models.DateTimeField(_("told until"))

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["hub"]

    def __str__(self) -> str:
        return self.hub
