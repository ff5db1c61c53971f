"""Fixtures every test may use. The database of unit tests is a real file in WAL mode, as in production."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from teams import auth


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each process of pytest-xdist has a database of its own: by its name, or in its own directory."""
    if django_settings.SQLITE:
        django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(
            Path(django_settings.DATA_DIR) / "test.sqlite3"
        )


@pytest.fixture(autouse=True)
def no_cached_keys() -> None:
    auth._keys.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true a skip is a failure: a program is missing there, and nobody would notice."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report
