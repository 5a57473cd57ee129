"""System checks: each fault of an installation has its code and its hint."""

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from newsroom import checks
from newsroom.settings.services import LOCAL_CACHE

SOUND: dict[str, Any] = {
    "SITE_URL": "https://news.example",
    "SECRET_KEY": "k" * 50,
    "DEBUG": False,
    "DEVELOPMENT": False,
    "ALLOWED_HOSTS": ["news.example"],
    "WEB_PROCESSES": 1,
}


def codes_of_newsroom(settings: Settings, **faults: Any) -> list[str | None]:
    for name, value in {**SOUND, **faults}.items():
        setattr(settings, name, value)
    messages = run_checks(include_deployment_checks=True)
    ours = [message for message in messages if str(message.id).startswith("newsroom.")]
    assert all(message.hint for message in ours)
    return [message.id for message in ours]


def test_sound_installation_passes_every_check(settings: Settings) -> None:
    assert codes_of_newsroom(settings) == []


@pytest.mark.parametrize(
    ("name", "wrong", "code"),
    [
        ("SITE_URL", "http://news.example", "newsroom.E001"),
        ("SECRET_KEY", "k" * 49, "newsroom.E002"),
        ("DEBUG", True, "newsroom.E003"),
        ("DEVELOPMENT", True, "newsroom.E003"),
        ("ALLOWED_HOSTS", ["news.example", "*"], "newsroom.E004"),
        ("DATA_DIR", Path("/dev/null"), "newsroom.E006"),
    ],
)
def test_fault_has_its_code(settings: Settings, name: str, wrong: Any, code: str) -> None:
    assert codes_of_newsroom(settings, **{name: wrong}) == [code]


def test_several_processes_with_a_cache_each_get_a_warning(settings: Settings) -> None:
    caches = {"default": {"BACKEND": LOCAL_CACHE}}
    assert codes_of_newsroom(settings, WEB_PROCESSES=2, CACHES=caches) == ["newsroom.W001"]


def test_data_directory_need_not_exist_yet(settings: Settings, tmp_path: Path) -> None:
    assert codes_of_newsroom(settings, DATA_DIR=tmp_path / "not" / "yet") == []


def test_uncollected_static_files_are_an_error(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    assert codes_of_newsroom(settings) == ["newsroom.E005"]


def test_every_code_is_used_once() -> None:
    text = Path(checks.__file__).read_text(encoding="utf-8")
    codes = [line.split('"')[1] for line in text.splitlines() if line.strip().startswith("id=")]
    assert len(codes) == len(set(codes)) == 8
