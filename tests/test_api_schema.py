"""The OpenAPI description keeps its word: schemathesis asks what it allows, and what it doesn't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from articles.public.api.description import description
from articles.workflow import transitions
from tests import trade
from tests.factories import make_article, publish, publisher

pytestmark = [pytest.mark.django_db, pytest.mark.once]

schema = schemathesis.openapi.from_dict(description())
application = get_wsgi_application()


@schema.hook
def filter_query(context: Any, query: dict[str, Any] | None) -> bool:
    """Leave out periods that end before they begin, which no schema can forbid."""
    given = query or {}
    return "from" not in given or "until" not in given or str(given["from"]) <= str(given["until"])


@pytest.fixture(autouse=True)
def open_connection() -> Iterator[None]:
    """Keep the test's connection, which each request to a real server would close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def stories() -> None:
    trade.publish_with_correction()
    retracted = publish(make_article("Gone")).article
    transitions.retract(retracted, by=publisher(), note="Untrue.")


@schema.parametrize()
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_api_keeps_to_its_description(case: Any) -> None:
    case.call_and_validate(app=application, headers={"Accept-Encoding": "identity"})
