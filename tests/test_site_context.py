"""What every template gets: the site's name, and a navigation that costs a query only if shown."""

from django.template import engines
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

TEMPLATES = engines["django"]


def render(source: str) -> str:
    return TEMPLATES.from_string(source).render({}, RequestFactory().get("/"))


def test_name_and_address_cost_no_query() -> None:
    assert render("{{ site_name }} {{ site_url }}") == "The Test Courier https://news.example"


def test_navigation_costs_one_query_however_often_it_is_shown(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        render("{% for section in navigation %}{% endfor %}{{ navigation|length }}{{ navigation }}")
