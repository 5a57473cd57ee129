"""The gates of a careful desk, in the order in which they are shown.

Blockers are what must not reach readers; warnings are what an editor may know better.
"""

# isort: off
from articles.workflow.catalogue import story as story
from articles.workflow.catalogue import sourcing as sourcing
from articles.workflow.catalogue import photos as photos
from articles.workflow.catalogue import release as release
from articles.workflow.catalogue import changes as changes
