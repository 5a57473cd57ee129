"""The roles of a newsroom and what each may do; one permission per editorial action."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions

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
    "attribution",
    "byline",
    "contributor",
    "correction",
    "event",
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
_PUBLISHING = ("publish_article", "schedule_article")
_STORY_ACTIONS = ("preview_article",)
_PHOTOS = ("supply_photo", "kill_photo")

# Role → (permissions by model, editorial actions). Everyone in a role may read everything.
ROLES: dict[str, tuple[dict[str, tuple[str, ...]], tuple[str, ...]]] = {
    "Reporter": (_STORY, _STORY_ACTIONS),
    "Editor": (
        _STORY | _LIBRARY,
        (*_STORY_ACTIONS, *_PUBLISHING, "import_article", "supply_photo"),
    ),
    "Photo editor": (
        {"photo": ("add", "change"), "source": ("add", "change"), "contributor": ("add", "change")},
        (*_STORY_ACTIONS, *_PHOTOS),
    ),
    "Chief": (
        _STORY | _LIBRARY | {"section": ("add", "change")},
        (*_STORY_ACTIONS, *_PUBLISHING, "retract_article", "import_article", *_PHOTOS),
    ),
    "Legal": ({"article": ("change",)}, (*_STORY_ACTIONS, "retract_article", "kill_photo")),
    "Administrator": ({"section": ("add", "change")}, ()),
    "Auditor": ({}, ()),
}
# The technical role also runs accounts; it has no editorial power.
_ACCOUNTS = ("add_user", "change_user", "view_user", "view_group")


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
