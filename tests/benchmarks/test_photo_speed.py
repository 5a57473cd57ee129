"""A large photo from upload to usable, and the photo library at two sizes."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from articles import pictures, renditions
from articles.models import Photo, Rendition
from articles.pictures import decoding
from tests import desk
from tests.benchmarks.measure import Figures, interleaved
from tests.benchmarks.site import Site
from tests.factories import make_user

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

ROUNDS = 10
SMALL, LARGE = 100, 50_000
# A picker shows 480 pixels; so does the bare thumbnail it is compared with.
THUMBNAIL = (480, 480)


@pytest.fixture
def no_worker(settings: Any) -> None:
    """Leave all but the first small file to readers' requests, or to a worker's process."""
    settings.TASK_WORKER = False


def photographs(count: int) -> Iterator[bytes]:
    """Yield JPEGs of 24 million pixels with as much detail as a camera's, no two alike."""
    noise = Image.effect_noise((1500, 1000), 40).resize((6000, 4000), Image.Resampling.BICUBIC)
    fine = Image.effect_noise((6000, 4000), 12)
    slope = Image.linear_gradient("L").resize((6000, 4000))
    image = Image.merge("RGB", (Image.blend(noise, slope, 0.5), Image.blend(fine, noise, 0.6),
                                Image.blend(slope, fine, 0.3)))  # fmt: skip
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    content = buffer.getvalue()
    for number in range(count):
        yield content + number.to_bytes(4)


def bare(content: bytes) -> bytes:
    """Open and shrink a picture, as little as gives something to show."""
    image = Image.open(io.BytesIO(content))
    image.thumbnail(THUMBNAIL)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.usefixtures("no_worker")
def test_upload_of_a_large_photo_takes_at_most_twice_a_bare_thumbnail(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    cut = decoding.upright_pieces

    def counted(*args: Any) -> Any:
        decoded.append(args[2])
        return cut(*args)

    monkeypatch.setattr(pictures, "upright_pieces", counted)
    contents = list(photographs(ROUNDS + 2))
    floor, ours = interleaved(
        lambda n: bare(contents[n]),
        lambda n: renditions.take_in(io.BytesIO(contents[n]), name="quay.jpg"),
        rounds=ROUNDS,
    )
    figures.add("upload of a photo", "24 MP", floor, ours)
    assert Photo.objects.count() == len(decoded) == len(contents)
    assert Rendition.objects.filter(is_made=True).count() == len(contents)
    assert ours <= 2 * floor


@pytest.mark.usefixtures("no_worker")
def test_files_of_a_large_photo(figures: Figures) -> None:
    contents = list(photographs(4))
    photos = [renditions.take_in(io.BytesIO(one))[0] for one in contents]
    (ours,) = interleaved(lambda n: renditions.make_missing(photos[n]), rounds=3, warm_up=1)
    figures.add("all files of a photo", "24 MP", None, ours)
    assert not Rendition.objects.filter(is_made=False).exists()


def populate(count: int) -> None:
    """Fill the library up to this many photos, each with the rows of its files."""
    chance = random.Random(count)
    now = timezone.now()
    for start in range(Photo.objects.count(), count, 5000):
        photos = Photo.objects.bulk_create(
            Photo(
                file=f"originals/{number:032x}.jpg",
                caption=f"Ships at quay {number} of the harbour",
                alt_text="" if number % 7 == 0 else "A quay",
                credit_line=f"Signe Hal/Agency {number % 40}",
                content_hash=f"{number:064x}",
                perceptual_hash=f"{chance.getrandbits(64):016x}",
                width=6000,
                height=4000,
            )
            for number in range(start, min(count, start + 5000))
        )
        for photo in photos:
            photo.created_at = now - timedelta(minutes=count - photo.pk)
        Photo.objects.bulk_update(photos, ["created_at"], batch_size=1000)
        Rendition.objects.bulk_create(
            [
                Rendition(
                    photo=photo,
                    file=f"renditions/{photo.pk:024x}{width:08x}.jpg",
                    format="jpeg",
                    width=width,
                    height=width * 2 // 3,
                )
                for photo in photos
                for width in (480, 960)
            ],
            batch_size=5000,
        )


def test_photo_library_in_a_small_and_in_a_large_archive(figures: Figures) -> None:
    client = desk.client_of(make_user("Photo editor"))
    site = Site(session_of(client))
    library = reverse("admin:articles_photo_changelist")
    pages = {
        "photo library": library,
        "photo picker": reverse("admin:articles_photo_picker"),
        "photo picker, a word": reverse("admin:articles_photo_picker") + "?q=harbour",
    }
    for count, size in ((SMALL, "100"), (LARGE, "50k")):
        populate(count)
        for what, address in pages.items():
            (ours,) = interleaved(lambda n, address=address: site.get(address), rounds=20)  # type: ignore[misc]
            figures.add(what, size, None, ours)
    figures.add_growth("100", "50k")
    assert Photo.objects.count() == LARGE


def session_of(client: Client) -> str:
    return client.session.session_key or ""
