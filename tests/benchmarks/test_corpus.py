"""The archive that figures are taken from is one the newsroom itself could have made."""

import pytest
from django.test import Client

from articles.choices import PublicationKind
from articles.models import Article, Publication, PublicPath
from articles.workflow.verify import verify
from tests.benchmarks import corpus, prose, stories

pytestmark = pytest.mark.django_db

STORIES = 3 * stories.MODELS


def test_every_copy_of_a_story_passes_the_check_of_publications():
    corpus.populate(STORIES)
    published = Article.objects.exclude(publications=None)
    assert published.count() == STORIES * 9 // 10
    assert [finding for article in published for finding in verify(article)] == []


def test_archive_holds_live_corrected_retracted_and_unpublished_stories():
    corpus.populate(STORIES)
    kinds = set(Publication.objects.live().values_list("kind", flat=True))
    assert kinds == {
        PublicationKind.FIRST, PublicationKind.CORRECTION, PublicationKind.RETRACTION
    }  # fmt: skip
    assert Article.objects.filter(publications=None).exists()


def test_archive_grows_to_the_size_asked_for_and_no_further():
    corpus.populate(STORIES)
    corpus.populate(STORIES)
    corpus.populate(STORIES + 5)
    assert Article.objects.count() == STORIES + 5


def test_every_address_of_the_archive_leads_to_a_page(client: Client):
    corpus.populate(STORIES)
    paths = PublicPath.objects.values_list("path", flat=True)
    assert {client.get(f"/{path}").status_code for path in paths} == {200}


def test_a_number_always_gives_the_same_seed_and_no_other_number_does():
    assert prose.seed(7) == prose.seed(7)
    assert len({prose.seed(number) for number in range(500)}) == 500
