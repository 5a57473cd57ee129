"""How addresses of public pages are read: the date in a path tells a story from a section."""

import unicodedata

# Letters, digits, hyphen and underscore of any script, as slugs hold them; never a control
# character, so that nothing unfit for a database gets into a query.
_SLUG = r"[-\w]+"


class Slug:
    """A slug in any script, in the one form (NFC) it is stored in."""

    regex = _SLUG

    def to_python(self, value: str) -> str:
        return unicodedata.normalize("NFC", value)

    def to_url(self, value: str) -> str:
        return value


class SectionPath(Slug):
    """Slugs of sections from the top: ``business/markets``."""

    regex = rf"{_SLUG}(?:/{_SLUG})*"


class StoryPath(Slug):
    """A story's whole path as its publication holds it: ``world/2026/07/04/slug/``."""

    regex = rf"{_SLUG}(?:/{_SLUG})*/[0-9]{{4}}/[0-9]{{2}}/[0-9]{{2}}/{_SLUG}/"


class Year:
    """Four digits, so that each year has one address."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class TwoDigits(Year):
    """A month or a day of a date in an address."""

    regex = "[0-9]{2}"

    def to_url(self, value: int) -> str:
        return f"{value:02}"
