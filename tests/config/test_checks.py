"""Settings that start well and go wrong later are named, with what to write instead."""

from __future__ import annotations

import pytest
from django.core import checks
from pytest_django import Settings


def warnings_of() -> dict[str, checks.CheckMessage]:
    found = checks.run_checks(include_deployment_checks=True)
    return {str(warning.id): warning for warning in found if str(warning.id).startswith("debrief.")}


@pytest.fixture(autouse=True)
def a_sound_installation(settings: Settings) -> None:
    settings.DEBUG = False
    settings.SITE_URL, settings.HTTPS, settings.ALLOWED_HOSTS = "https://debrief.example.org", True, [".example.org"]
    settings.SQLITE, settings.SECRET_KEY_IS_GENERATED, settings.STORAGE_URL = False, False, "s3://minio:9000/runs"
    settings.HEARTBEAT_TIMEOUT = 300


def test_a_sound_installation_is_warned_of_nothing() -> None:
    assert warnings_of() == {}


@pytest.mark.parametrize(
    ("changed", "warning"),
    [
        ({"DEBUG": True}, "debrief.W001"),
        ({"ALLOWED_HOSTS": ["*"]}, "debrief.W002"),
        ({"ALLOWED_HOSTS": ["example.com"]}, "debrief.W003"),
        ({"SITE_URL": "http://debrief.example.org", "HTTPS": False}, "debrief.W004"),
        ({"SECRET_KEY_IS_GENERATED": True}, "debrief.W005"),
        ({"STORAGE_URL": "file:///srv/debrief/files"}, "debrief.W006"),
        ({"HEARTBEAT_TIMEOUT": 30}, "debrief.W007"),
    ],
)
def test_each_trap_is_named_with_a_hint(changed: dict[str, object], warning: str, settings: Settings) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    assert list(warnings_of()) == [warning]
    assert warnings_of()[warning].hint


def test_a_server_of_ones_own_needs_no_certificate_and_no_list_of_hosts(settings: Settings) -> None:
    settings.SITE_URL, settings.HTTPS, settings.ALLOWED_HOSTS = "http://127.0.0.1:8000", False, ["*"]
    settings.SQLITE, settings.SECRET_KEY_IS_GENERATED, settings.STORAGE_URL = True, True, "file:///srv/debrief/files"
    assert warnings_of() == {}
