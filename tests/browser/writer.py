"""What somebody does who writes: places the cursor, presses a tool, pastes, drops, saves."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from articles import body
from articles.models import Article

Open = Callable[[Article], Page]


def editor(page: Page) -> Any:
    return page.locator("#id_body_editor")


def tool(page: Page, name: str) -> Any:
    return page.get_by_role("toolbar", name="Formatting").get_by_role("button", name=name)


def place(page: Page, word: str, *, offset: int | None = None) -> None:
    """Select a word of the text, or put the cursor ``offset`` letters into it."""
    editor(page).evaluate(
        """(dom, [word, offset]) => {
            const walker = document.createTreeWalker(dom, NodeFilter.SHOW_TEXT)
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(word)
                if (at < 0) continue
                dom.focus()
                const from = at + (offset ?? 0)
                const to = offset === null ? at + word.length : from
                getSelection().setBaseAndExtent(walker.currentNode, from, walker.currentNode, to)
                return
            }
            throw new Error("no such word: " + word)
        }""",
        [word, offset],
    )
    page.wait_for_timeout(100)


def paste(page: Page, html: str = "", *, text: str = "plain") -> None:
    """Paste what another program put on the clipboard; without ``html`` it is plain text."""
    editor(page).evaluate(
        """(dom, [html, text]) => {
            const data = new DataTransfer()
            if (html) data.setData("text/html", html)
            data.setData("text/plain", text)
            dom.dispatchEvent(new ClipboardEvent(
                "paste", {clipboardData: data, bubbles: true, cancelable: true}))
        }""",
        [html, text],
    )


def picture(colour: str = "teal") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (640, 400), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def saved(page: Page, article: Article) -> list[str]:
    """Save and return the blocks as they are stored, which must be canonical, without their ids."""
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision")
    stored = Article.objects.get(pk=article.pk).body
    assert body.clean(stored) == stored
    return [without_id(line) for line in stored.split("\n")]


def without_id(line: str) -> str:
    head, _, tail = line.partition(' data-id="')
    return head + tail.partition('"')[2] if tail else line


def choose(page: Page, caption: str) -> None:
    tool(page, "Insert a photo").click()
    page.get_by_role("dialog").get_by_role("button", name=caption).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def hand_over(page: Page, files: list[tuple[str, bytes]], *, event: str, word: str = "") -> None:
    """Drop files on a word of the text, or paste them (``event``)."""
    given = [(name, base64.b64encode(content).decode()) for name, content in files]
    editor(page).evaluate(_HAND_OVER, [given, event, word])


_HAND_OVER = """(dom, [files, event, word]) => {
    const data = new DataTransfer()
    for (const [name, letters] of files) {
        const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0))
        const type = name.endsWith(".jpg") ? "image/jpeg" : "text/plain"
        data.items.add(new File([bytes], name, {type}))
    }
    if (event === "paste") {
        dom.dispatchEvent(new ClipboardEvent(
            "paste", {clipboardData: data, bubbles: true, cancelable: true}))
        return
    }
    const walker = document.createTreeWalker(dom, NodeFilter.SHOW_TEXT)
    while (walker.nextNode() && !walker.currentNode.data.includes(word));
    const range = document.createRange()
    const at = walker.currentNode.data.indexOf(word)
    range.setStart(walker.currentNode, at)
    range.setEnd(walker.currentNode, at + word.length)
    const box = range.getBoundingClientRect()
    dom.dispatchEvent(new DragEvent("drop", {
        dataTransfer: data, clientX: box.left + 1, clientY: box.top + box.height / 2,
        bubbles: true, cancelable: true}))
}"""
