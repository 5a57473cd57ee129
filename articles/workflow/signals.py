"""What the workflow tells those who don't belong to it: notifications, comments, caches."""

from django.dispatch import Signal

# ``event``: one step of an article's life, committed. A receiver that fails stops nothing.
event_written = Signal()
# ``event``: the same while its transaction is open; what a receiver writes is kept or lost with it.
# ``publications``: the article's own, oldest first and without bodies, if the event is of one.
event_in_transaction = Signal()
