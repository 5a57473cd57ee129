"""The roles of a newsroom, what each may do and where; one permission per editorial action.

A role holds everywhere, unless the user has assignments for it: then it holds only in those
sections and below. Permissions given to a user directly, and a superuser's, hold everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, FilteredRelation, OuterRef, Q

from articles.models import Assignment, Section

_STORY = {
    "article": ("add", "change"),
    "byline": ("add", "change", "delete"),
    "attribution": ("add", "change", "delete"),
    "relatedlink": ("add", "change", "delete"),
}
_LIBRARY = {
    "contributor": ("add", "change"),
    "source": ("add", "change"),
    "sourcealias": ("add", "change", "delete"),
    "topic": ("add", "change"),
    "photo": ("add", "change"),
}
_EVERYTHING_READ = [
    "approval",
    "article",
    "assignment",
    "attribution",
    "byline",
    "comment",
    "contributor",
    "correction",
    "event",
    "front",
    "importeddocument",
    "importrun",
    "photo",
    "placement",
    "publication",
    "publicpath",
    "relatedlink",
    "rendition",
    "revision",
    "section",
    "source",
    "sourcealias",
    "topic",
]
_COMMENTS: dict[str, tuple[str, ...]] = {"comment": ("add", "change")}
_WRITING = (
    "preview_article",
    "submit_article",
    "start_update_article",
    "require_legal_article",
    "require_pictures_article",
)
_EDITING = (
    *_WRITING,
    "view_future",
    "share_preview_article",
    "import_article",
    "request_changes_article",
    "approve_article",
    "publish_article",
    "schedule_article",
    "unschedule_article",
    "emergency_publish_article",
    "hot_fix_article",
    "request_kill_article",
    "archive_article",
    "unarchive_article",
    "spike_article",
    "restore_article",
    "set_embargo_article",
    "lift_embargo_article",
    "hold_article",
    "release_article",
    "arrange_fronts",
)
_LEADING = (
    *_EDITING,
    "retract_article",
    "reinstate_article",
    "kill_article",
    "view_killed_article",
    "clear_pictures_article",
)
_PHOTOS = ("supply_photo", "kill_photo")

# Role → (permissions by model, editorial actions). Everyone in a role may read everything.
ROLES: dict[str, tuple[dict[str, tuple[str, ...]], tuple[str, ...]]] = {
    "Reporter": (_STORY | _COMMENTS, _WRITING),
    "Editor": (_STORY | _COMMENTS | _LIBRARY, (*_EDITING, "supply_photo")),
    "Photo editor": (
        {
            "photo": ("add", "change"),
            "source": ("add", "change"),
            "contributor": ("add", "change"),
            **_COMMENTS,
        },
        ("preview_article", "require_pictures_article", "clear_pictures_article", *_PHOTOS),
    ),
    "Chief": (
        _STORY | _COMMENTS | _LIBRARY | {"section": ("add", "change")},
        (*_LEADING, *_PHOTOS),
    ),
    "Legal": (
        _COMMENTS,
        (
            "preview_article",
            "request_changes_article",
            "hold_article",
            "release_article",
            "require_legal_article",
            "clear_legal_article",
            "retract_article",
            "request_kill_article",
            "kill_article",
            "view_killed_article",
            "kill_photo",
        ),
    ),
    "Administrator": (
        {"section": ("add", "change"), "assignment": ("add", "change", "delete")},
        (),
    ),
    "Auditor": ({}, ()),
}
# The technical role also runs accounts; it has no editorial power.
_ACCOUNTS = ("add_user", "change_user", "view_user", "view_group")


def has_permission(user: Any, permission: str, section: Section | None) -> bool:
    """Return whether a user may do something (``articles.publish_article``) in a section.

    A story without a section belongs to all, so one role anywhere is enough. Asks one query for
    each user, two if a role is narrowed to sections, besides those for Django's own permissions;
    all are kept on the user object.
    """
    if user is None or not user.is_active or not user.has_perm(permission):
        return False
    if user.is_superuser or section is None:
        return True
    grants = _grants(user)
    codename = permission.split(".", 1)[1]
    if codename in grants.own:
        return True
    return any(codename in role.codenames and role.covers(section.path) for role in grants.roles)


def holders(permission: str, section: Section | None) -> Any:
    """Return the users for whom ``has_permission`` says yes, as a queryset; one query."""
    model, codename = get_user_model(), permission.split(".", 1)[1]
    named = {"content_type__app_label": "articles", "codename": codename}
    granting = Group.objects.filter(permissions__in=Permission.objects.filter(**named))
    memberships: Any = model._meta.get_field("groups").remote_field
    roles = memberships.through._default_manager.filter(user=OuterRef("pk"), group__in=granting)
    if section is not None:
        held = Assignment.objects.filter(user=OuterRef("user"), role=OuterRef("group"))
        parts = section.path.split("/")
        here = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
        roles = roles.filter(~Exists(held) | Exists(held.filter(section__path__in=here)))
    own = Permission.objects.filter(user=OuterRef("pk"), **named)
    return model._default_manager.filter(
        Q(is_superuser=True) | Exists(own) | Exists(roles), is_active=True
    )


def sections_of(user: Any, permission: str) -> list[str] | None:
    """Return the paths of the sections in which a user has a permission, None for all.

    A path stands for its subsections too; an empty list means nowhere.
    """
    if not user.is_active or not user.has_perm(permission):
        return []
    grants = _grants(user) if not user.is_superuser else _Grants(frozenset(), ())
    codename = permission.split(".", 1)[1]
    roles = [role for role in grants.roles if codename in role.codenames]
    if user.is_superuser or codename in grants.own or any(role.paths is None for role in roles):
        return None
    return sorted({path for role in roles for path in role.paths or ()})


@dataclass(frozen=True, slots=True)
class _Role:
    codenames: frozenset[str]
    paths: tuple[str, ...] | None

    def covers(self, path: str) -> bool:
        if self.paths is None:
            return True
        return any(path == own or path.startswith(f"{own}/") for own in self.paths)


@dataclass(frozen=True, slots=True)
class _Grants:
    own: frozenset[str]
    roles: tuple[_Role, ...]


def _grants(user: Any) -> _Grants:
    kept: _Grants | None = getattr(user, "_newsroom_grants", None)
    if kept is not None:
        return kept
    held = user.groups.filter(permissions__content_type__app_label="articles").annotate(
        assigned=FilteredRelation("assignments", condition=Q(assignments__user=user))
    )
    codenames: dict[int, set[str]] = {}
    paths: dict[int, set[str]] = {}
    rows = held.values_list("pk", "permissions__codename", "assigned__section__path")
    for role, codename, path in rows:
        codenames.setdefault(role, set()).add(codename)
        if path is not None:
            paths.setdefault(role, set()).add(path)
    own = user.get_user_permissions()
    grants = _Grants(
        frozenset(name.split(".", 1)[1] for name in own if name.startswith("articles.")),
        tuple(
            _Role(frozenset(names), tuple(sorted(paths[role])) if role in paths else None)
            for role, names in codenames.items()
        ),
    )
    user._newsroom_grants = grants
    return grants


def create_roles(using: str = "default", **kwargs: Any) -> None:
    """Make the groups, with the permissions of ``ROLES``; run after every migration.

    Groups that exist keep what a newsroom changed in them: only missing groups are made.
    """
    permission_model = apps.get_model("auth", "Permission")
    group_model = apps.get_model("auth", "Group")
    known = set(group_model.objects.using(using).values_list("name", flat=True))
    wanted = {name: role for name, role in ROLES.items() if name not in known}
    if not wanted:
        return
    for label in ("articles", "auth"):  # they may not have been made yet
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    ours = {
        permission.codename: permission
        for permission in permission_model.objects.using(using).filter(
            content_type__app_label__in=("articles", "auth")
        )
    }
    for name, (models, actions) in wanted.items():
        codenames = {f"view_{model}" for model in _EVERYTHING_READ} | set(actions)
        codenames |= {f"{verb}_{model}" for model, verbs in models.items() for verb in verbs}
        codenames |= set(_ACCOUNTS if name == "Administrator" else ())
        group = group_model.objects.using(using).create(name=name)
        group.permissions.set([ours[codename] for codename in codenames if codename in ours])
