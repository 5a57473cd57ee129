"""Addresses of the project: what comes before the sections, which take any first word."""

import pytest
from django.urls import resolve


@pytest.mark.parametrize(
    ("path", "name"), [("/admin/", "admin:index"), ("/media/renditions/a.jpg", "media")]
)
def test_address_is_not_taken_for_a_section(path: str, name: str) -> None:
    assert resolve(path).view_name == name


def test_everything_else_is_asked_of_the_articles() -> None:
    assert resolve("/").app_name == "articles"
