"""Comments as somebody makes them: words selected, said, found again; nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Comment
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SELECT = """([name, from, to]) => {
  const block = document.querySelector(`.ProseMirror > ${name}`)
  const text = document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode()
  block.closest(".ProseMirror").focus()
  document.getSelection().setBaseAndExtent(text, from, text, to)
}"""


@pytest.fixture
def article(live_server: LiveServer, page: Page) -> Article:
    """Sign in as an editor and open an article."""
    user = make_user("Editor")
    found = make_article("Storm over", parts=("The harbour reopened.", "The harbour is calm."))
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "correct horse")
    page.click("[type=submit]")
    page.goto(f"{live_server.url}/admin/articles/article/{found.pk}/change/")
    expect(page.locator(".desk-comment-select")).to_be_visible()
    return found


def say(page: Page, text: str) -> None:
    page.locator("#comment-text-new").fill(text)
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".desk-comment-text", has_text=text)).to_be_visible()


def test_selected_words_are_commented_on_and_found_again(page: Page, article: Article) -> None:
    page.fill("#id_standfirst", "Not saved yet.")
    page.evaluate(SELECT, ["p:nth-child(2)", 4, 11])
    page.get_by_role("button", name="Comment on the selected words").press("Enter")
    expect(page.locator("#comment-text-new")).to_be_focused()
    say(page, "Which one?")
    row = Comment.objects.get()
    assert (row.quote, row.start) == ("harbour", 4)
    expect(page.locator("#id_standfirst")).to_have_value("Not saved yet.")
    page.get_by_role("button", name="harbour", exact=True).press("Enter")
    marked = "[...CSS.highlights.get('desk-comment-shown')].map(String)"
    assert page.evaluate(marked) == ["harbour"]


def test_words_of_the_headline_are_commented_on(page: Page, article: Article) -> None:
    page.locator("#id_headline").evaluate("one => { one.focus(); one.setSelectionRange(0, 5) }")
    page.get_by_role("button", name="Comment on the selected words").click()
    say(page, "Too strong?")
    row = Comment.objects.get()
    assert (row.where, row.quote, row.start) == ("headline", "Storm", 0)


def test_without_a_selection_it_says_what_to_do(page: Page, article: Article) -> None:
    page.get_by_role("button", name="Comment on the selected words").click()
    expect(page.get_by_text("Select words in the text")).to_be_visible()


def test_thread_is_answered_and_resolved_in_place(page: Page, article: Article) -> None:
    say(page, "Sure?")
    page.get_by_text("Reply", exact=False).first.click()
    page.get_by_label("Your reply").fill("Yes.")
    page.get_by_role("button", name="Send the reply").click()
    expect(page.locator(".desk-replies", has_text="Yes.")).to_be_visible()
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("1 resolved")).to_be_visible()
    assert Comment.objects.filter(resolved_at=None, parent=None).count() == 0


def test_what_was_typed_stays_when_it_was_not_sent(page: Page, article: Article) -> None:
    page.context.clear_cookies()
    page.locator("#comment-text-new").fill("Long thought.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_text("Not sent.")).to_be_visible()
    expect(page.locator("#comment-text-new")).to_have_value("Long thought.")
