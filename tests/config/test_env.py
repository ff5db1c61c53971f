"""Addresses in the environment are brought into the form in which they are compared."""

from __future__ import annotations

import pytest

from config import env


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HTTPS://Debrief.Example.org/", "https://debrief.example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("", "http://localhost"),
    ],
)
def test_the_address_of_the_site_is_as_browsers_write_it(
    written: str, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", written)
    assert env.site("SITE_URL", "http://localhost") == read


def test_a_scheme_may_be_written_in_capitals_and_the_rest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "POSTGRES://Debrief:Secret@db/Runs")
    assert env.url("DATABASE_URL", "", schemes=("sqlite", "postgres")) == "postgres://Debrief:Secret@db/Runs"
