"""What RSS and Atom say of a picture alike: Media RSS (https://www.rssboard.org/media-rss)."""

from articles.public.feeds.entries import Picture
from articles.public.xml import Xml, element


def media(picture: Picture) -> Xml:
    """Return a picture with its size, what it shows, who made it and whose it is."""
    said = {"media:credit": picture.credit, "media:copyright": picture.rights}
    return element(
        "media:content",
        element("media:description", picture.description, type_="plain"),
        *(element(name, value) for name, value in said.items() if value),
        url=picture.url,
        type_="image/jpeg",
        medium="image",
        width=picture.width,
        height=picture.height,
    )
