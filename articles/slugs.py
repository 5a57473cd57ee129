"""How a headline or a name becomes part of an address."""

import unicodedata

from django.utils.text import slugify

# Letters that no Unicode decomposition turns into a base letter.
LETTERS = str.maketrans(
    {
        "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "AE",
        "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i", "ħ": "h",
    }
)  # fmt: skip
MAX_LENGTH = 80


def make_slug(text: str, *, fallback: str = "story") -> str:
    """Return an ASCII slug, or one in the text's own script where nothing of it is Latin.

    At most 80 characters, cut between words where possible; ``fallback`` when nothing is left.
    """
    slug = slugify(text.translate(LETTERS))
    latin = sum(1 for char in text if char.isalpha() and "LATIN" in unicodedata.name(char, ""))
    if latin * 2 < sum(1 for char in text if char.isalpha()):
        slug = unicodedata.normalize("NFC", slugify(text, allow_unicode=True))
    if len(slug) > MAX_LENGTH:
        cut = slug[: MAX_LENGTH + 1].rfind("-")
        slug = slug[: cut if cut > MAX_LENGTH // 2 else MAX_LENGTH]
    return slug.strip("-_") or fallback


def first_free(slug: str, taken: set[str]) -> str:
    """Return ``slug``, or with the first number from 2 on that makes it free."""
    if slug not in taken:
        return slug
    number = 2
    while f"{slug[: MAX_LENGTH - 6]}-{number}" in taken:
        number += 1
    return f"{slug[: MAX_LENGTH - 6]}-{number}"
