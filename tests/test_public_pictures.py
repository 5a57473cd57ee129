"""How pages offer a photo's files: formats, shapes, what is loaded first."""

import io

import pytest
from django.test import Client
from lxml import html
from PIL import Image

from articles import pages, renditions
from articles.models import Photo
from tests.factories import make_article, make_photo, make_publication

pytestmark = pytest.mark.django_db


def make_supplied_photo(size: tuple[int, int] = (1000, 800)) -> Photo:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(buffer, "PNG")
    photo = make_photo(alt_text="A quay.")
    renditions.supply(photo, buffer)
    return photo


def page_of(client: Client, address: str) -> html.HtmlElement:
    return html.fromstring(client.get(address).content.decode())


def test_smallest_format_is_offered_first(client: Client) -> None:
    story = make_publication(parts=(make_supplied_photo(),))
    page = page_of(client, story.get_absolute_url())
    picture = page.xpath("//picture")[0]
    assert picture.xpath(".//source/@type") == ["image/avif", "image/webp"]
    widths = [part.split()[1] for part in picture.xpath(".//source/@srcset")[0].split(", ")]
    assert widths == ["480w", "960w", "1000w"]
    image = picture.xpath(".//img")[0]
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("960", "768", "A quay.")
    assert image.get("src").endswith(".jpg")


def test_lead_photo_is_preloaded_as_it_is_shown(client: Client) -> None:
    story = make_publication(parts=(make_supplied_photo(), "Ships.", make_supplied_photo()))
    page = page_of(client, story.get_absolute_url())
    links = page.xpath("//head/link[@rel='preload'][@as='image']")
    source = page.xpath("//picture[1]/source[1]")[0]
    assert [(link.get("imagesrcset"), link.get("imagesizes")) for link in links] == [
        (source.get("srcset"), source.get("sizes"))
    ]
    assert links[0].get("type") == "image/avif"


def test_story_without_a_file_preloads_nothing(client: Client) -> None:
    story = make_publication(make_article(parts=("Ships.", make_photo())))
    page = page_of(client, story.get_absolute_url())
    assert not page.xpath("//link[@rel='preload'][@as='image']")


def test_card_shows_its_own_shape(client: Client) -> None:
    make_publication(parts=(make_supplied_photo((900, 900)),))
    image = page_of(client, "/").xpath("//article//img")[0]
    assert int(image.get("width")) / int(image.get("height")) == pytest.approx(1.5, abs=0.01)


def test_shared_link_shows_the_share_crop(client: Client) -> None:
    story = make_publication(parts=(make_supplied_photo((1600, 1600)),))
    page = page_of(client, story.get_absolute_url())
    size = [page.xpath(f"//meta[@property='og:image:{side}']/@content")[0]
            for side in ("width", "height")]  # fmt: skip
    assert size == ["1200", "630"]


def test_shape_not_made_yet_gives_way_to_the_whole_picture() -> None:
    photo = make_supplied_photo()
    photo.renditions.exclude(crop="").delete()
    assert pages.picture(photo, "card") == pages.picture(photo)


def test_fewer_formats_are_offered_while_others_are_made() -> None:
    photo = make_supplied_photo()
    photo.renditions.exclude(format="jpeg").delete()
    found = pages.picture(photo)
    assert found is not None
    assert found.sources == []
    assert found.preload == ("image/jpeg", found.srcset)


@pytest.mark.parametrize(
    ("size", "layout"), [((1600, 1000), "wide"), ((700, 450), "inline"), ((1200, 1600), "inline")]
)
def test_photo_opens_a_story_across_the_page_if_it_is_wide_and_sharp(
    client: Client, size: tuple[int, int], layout: str
) -> None:
    story = make_publication(parts=(make_supplied_photo(size), "Ships.", make_supplied_photo(size)))
    figures = page_of(client, story.get_absolute_url()).xpath("//figure[starts-with(@id, 'b-')]")
    assert [figure.get("class") for figure in figures] == [
        f"photo photo-{layout}",
        "photo photo-inline",
    ]
