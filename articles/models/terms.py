"""The words by which stories are found to be related: an index, made from publications alone.

What stands here can be made again from what is published and is no part of the newsroom's memory.
"""

from __future__ import annotations

from django.db import models

from articles.models.publications import Publication


class Term(models.Model):
    """A word, name, topic or source; ``documents`` counts the stories it stands for.

    ``text`` begins with its kind and, for a word, the language. The row with an empty text counts
    all stories; whoever writes terms locks it first.
    """

    text = models.CharField(max_length=100, unique=True)
    documents = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.text


class StoryTerm(models.Model):
    """One of the few dozen terms that stand for a publication, and how much it says of it.

    ``day`` is the story's date in days since 1970, so that the newest of a term are a step along
    one index.
    """

    pk = models.CompositePrimaryKey("publication", "term")
    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="terms", db_index=False
    )
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="uses", db_index=False)
    day = models.IntegerField()
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["term", "-day", "-publication", "weight"], name="story_term_newest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.term_id} in {self.publication_id}"


class TextPrint(models.Model):
    """Sixteen numbers below 16 made from a text, mostly equal for texts that are nearly the same.

    There is one for each publication whose terms are kept; it is 0 for a text too short to tell.
    """

    publication = models.OneToOneField(
        Publication, on_delete=models.CASCADE, primary_key=True, related_name="text_print"
    )
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.value:x}"
