"""Accounts, roles and the sections in which they hold.

Who runs accounts gains nothing by it: only a superuser makes superusers, gives single permissions
or touches a superuser's account, and nobody gives roles to themselves.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Assignment

User = get_user_model()


class AssignmentInline(admin.TabularInline):
    model = Assignment
    extra = 0
    autocomplete_fields = ["section"]
    verbose_name_plural = gettext_lazy(
        "Sections in which a role holds (a role without any holds everywhere)"
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_give_roles(request.user, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and may_give_roles(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and may_give_roles(request.user, obj)


def may_give_roles(user: Any, to: Any) -> bool:
    """Return whether ``user`` may change the roles of ``to``: never their own, but a superuser."""
    return bool(user.is_superuser or to is None or to.pk != user.pk)


class AccountAdmin(UserAdmin):
    list_display = ["username", "first_name", "last_name", "email", "roles", "is_active"]
    list_filter = ["is_active", "groups"]
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    filter_horizontal = ["groups"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (gettext_lazy("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (gettext_lazy("Roles"), {"fields": ["is_active", "is_staff", "groups"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "usable_password", "password1",
                                                "password2", "is_staff"]}),
    ]  # fmt: skip
    inlines = [AssignmentInline]

    class Media:
        js = ["admin_newsroom/desk.js"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: Any) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join([*([_("Superuser")] if user.is_superuser else []), *names])

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if obj is None or not request.user.is_superuser:
            return sets
        rights = {"fields": ["is_superuser", "user_permissions"], "classes": ["collapse"]}
        return [*sets, (gettext_lazy("Single permissions"), rights)]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return super().get_inlines(request, obj) if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(super().get_readonly_fields(request, obj))
        if obj is not None and not may_give_roles(request.user, obj):
            fields += ["groups", "is_staff", "is_active"]
        return fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what people wrote keeps their name: an account is made inactive

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            messages.info(request, _("Tell the person: somebody else knows this password."))
        return answer


class RoleAdmin(GroupAdmin):
    """What a role may do is changed by superusers only: it would be a way to any permission."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    has_add_permission = has_delete_permission = has_change_permission


admin.site.unregister(User)
admin.site.register(User, AccountAdmin)
admin.site.unregister(Group)
admin.site.register(Group, RoleAdmin)
