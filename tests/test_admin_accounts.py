"""Who runs accounts gives roles to others, in sections, and gains nothing for themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from articles.models import Assignment
from articles.workflow.permissions import has_permission
from tests import desk
from tests.factories import make_section, make_user

pytestmark = pytest.mark.django_db


def url(user: Any) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


def post(client: Any, user: Any, **changes: Any) -> Any:
    fields = desk.filled_form(desk.page(client, url(user)), "user_form")
    return client.post(url(user), {**fields, **changes})


@pytest.fixture
def administrator() -> Any:
    return make_user("Administrator")


def test_administrator_gives_a_role_in_a_section(administrator):
    reporter, sport = make_user("Reporter"), make_section("Sport")
    role = Group.objects.get(name="Reporter")
    rows = {
        "assignments-TOTAL_FORMS": "1",
        "assignments-0-user": str(reporter.pk),
        "assignments-0-role": str(role.pk),
        "assignments-0-section": str(sport.pk),
    }
    assert post(desk.client_of(administrator), reporter, **rows).status_code == 302
    assert Assignment.objects.get().section == sport
    fresh = get_user_model().objects.get(pk=reporter.pk)
    assert has_permission(fresh, "articles.change_article", sport)
    assert not has_permission(fresh, "articles.change_article", make_section("World"))


def test_administrator_gives_nothing_to_themselves(administrator):
    client, chief = desk.client_of(administrator), Group.objects.get(name="Chief")
    permission = Permission.objects.get(codename="publish_article")
    post(
        client,
        administrator,
        groups=[str(chief.pk)],
        is_superuser="on",
        user_permissions=[str(permission.pk)],
    )
    fresh = get_user_model().objects.get(pk=administrator.pk)
    assert [group.name for group in fresh.groups.all()] == ["Administrator"]
    assert not fresh.is_superuser
    assert not fresh.user_permissions.exists()
    assert fresh.is_active
    assert fresh.is_staff


def test_administrator_makes_no_superuser_and_touches_none(administrator):
    client, other, root = desk.client_of(administrator), make_user("Reporter"), make_user()
    permission = Permission.objects.get(codename="publish_article")
    post(client, other, is_superuser="on", user_permissions=[str(permission.pk)])
    other.refresh_from_db()
    assert not other.is_superuser
    assert not other.user_permissions.exists()
    assert client.post(url(root), {"username": "mine"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert client.post(password, {"password1": "x", "password2": "x"}).status_code == 403


@pytest.mark.parametrize("role", ["Reporter", "Chief", "Auditor", "Legal"])
def test_editorial_roles_run_no_accounts(role):
    client, other = desk.client_of(make_user(role)), make_user("Reporter")
    assert client.get(url(other)).status_code == 403
    assert client.post(url(other), {"username": "mine"}).status_code == 403


def test_roles_are_changed_by_superusers_only(administrator):
    group = Group.objects.get(name="Administrator")
    change = reverse("admin:auth_group_change", args=[group.pk])
    assert desk.client_of(administrator).post(change, {"name": "x"}).status_code == 403
    assert desk.client_of(make_user()).get(change).status_code == 200


def test_accounts_are_made_inactive_and_never_deleted(administrator):
    reporter = make_user("Reporter")
    delete = reverse("admin:auth_user_delete", args=[reporter.pk])
    assert desk.client_of(make_user()).post(delete, {"post": "yes"}).status_code == 403
    post(desk.client_of(administrator), reporter, is_active="")
    assert get_user_model().objects.filter(pk=reporter.pk).exists()
