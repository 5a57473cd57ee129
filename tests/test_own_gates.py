"""The gate that the documentation shows to a newsroom holds as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from articles.exceptions import WorkflowError
from articles.workflow import gates, transitions
from tests import desk
from tests.factories import approve, make_article, make_user
from tests.test_layout import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def documented(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Import the documented module as a newsroom's own, for one test."""
    text = (ROOT / "docs" / "workflow.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    monkeypatch.setattr(gates, "GATES", list(gates.GATES))
    exec(compile(found[1], "desk_rules.py", "exec"), {})


def test_own_gate_is_asked_wherever_ours_are(documented: None) -> None:
    article = make_article("HARBOUR REOPENS")
    page = desk.page(desk.client_of(make_user("Editor")), desk.change_url(article))
    (link,) = [
        link
        for link in page.xpath("//ul[@class='desk-problems']//a")
        if "all capitals" in link.text_content()
    ]
    assert link.get("href") == "#id_headline"
    transitions.submit(article, by=make_user("Reporter"))
    with pytest.raises(WorkflowError) as refused:
        transitions.approve(article, by=make_user("Editor"))
    assert "shouting" in {problem.code for problem in refused.value.problems}


def test_gate_that_finds_nothing_is_told_as_passed(documented: None) -> None:
    article = approve(make_article("Harbour reopens"))
    page = desk.page(desk.client_of(make_user("Editor")), desk.change_url(article))
    assert "Headlines don’t shout" in page.find_class("desk-passed")[0].text_content()
