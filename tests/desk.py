"""What tests of the desk share: posting the article form as a browser would."""

from __future__ import annotations

from typing import Any, cast

from django.test import Client
from django.urls import reverse
from lxml import html

from articles.models import Article


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def answered(response: Any) -> html.HtmlElement:
    """Return the page of an answer."""
    assert response.status_code == 200, response.status_code
    return cast(html.HtmlElement, html.fromstring(response.content.decode()))


def page(client: Client, url: str) -> html.HtmlElement:
    return answered(client.get(url))


def filled_form(document: html.HtmlElement, form_id: str = "article_form") -> dict[str, Any]:
    """Return what a browser would send of a form, without any button."""
    form = document.get_element_by_id(form_id)
    fields: dict[str, Any] = {}
    for element in form.iter("input", "select", "textarea"):
        name = element.get("name")
        if not name or element.get("type") in ("submit", "button"):
            continue
        if element.get("type") in ("checkbox", "radio") and element.get("checked") is None:
            continue
        value = _value(element)
        if value is not None:
            fields.setdefault(name, []).extend(value)
    return fields


def _value(element: html.HtmlElement) -> list[str] | None:
    if element.tag == "select":
        chosen = element.xpath("option[@selected]/@value|optgroup/option[@selected]/@value")
        if element.get("multiple") is not None:
            return list(chosen) or None
        return [chosen[0] if chosen else (element.xpath(".//option/@value") or [""])[0]]
    if element.tag == "textarea":
        text = (element.text or "").removeprefix("\n")
        return [text.replace("\r\n", "\n").replace("\n", "\r\n")]
    return [element.get("value", "on" if element.get("type") == "checkbox" else "")]


def save(client: Client, article: Article, press: str = "_save", **changes: Any) -> Any:
    """Open the form, change fields, press a button; return the answer, redirects not followed."""
    fields = filled_form(page(client, change_url(article)))
    fields.update({name: value for name, value in changes.items() if value is not None})
    for name in [name for name, value in changes.items() if value is None]:
        fields.pop(name, None)
    return client.post(change_url(article), {**fields, press: "1"})


def told(client: Client, response: Any) -> str:
    """Return the messages a redirect leads to."""
    answer = client.get(response["Location"]) if response.status_code == 302 else response
    found = html.fromstring(answer.content.decode()).xpath("//ul[@class='messagelist']/li")
    return " ".join(item.text_content() for item in found)
