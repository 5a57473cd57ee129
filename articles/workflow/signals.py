"""What the workflow tells those who don't belong to it: notifications, comments, caches."""

from django.dispatch import Signal

# ``event``: one step of an article's life, committed. A receiver that fails stops nothing.
event_written = Signal()
