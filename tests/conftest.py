"""Fixtures every test may use. The database of unit tests is a real file in WAL mode, as in production."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from teams import auth


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    if django_settings.SQLITE:
        django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(
            Path(django_settings.DATA_DIR) / "test.sqlite3"
        )


@pytest.fixture(autouse=True)
def no_cached_keys() -> None:
    auth._keys.clear()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """The slow hash is for real passwords; ours is public."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def uncollected_static_files(settings: Settings) -> None:
    """Pages name static files as they are in the tree; only a started server collects and hashes them."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
