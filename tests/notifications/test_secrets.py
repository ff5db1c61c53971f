"""Channel secrets are sealed at rest."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from notifications.secrets import UnreadableSecret, seal, unseal


def test_a_sealed_secret_can_be_opened_and_does_not_show_it() -> None:
    sealed = seal("xoxb-very-secret")
    assert "very-secret" not in sealed
    assert unseal(sealed) == "xoxb-very-secret"


def test_no_secret_stays_none() -> None:
    assert seal("") == "" == unseal("")


def test_a_former_key_still_opens_what_it_sealed(settings: Settings) -> None:
    sealed = seal("xoxb-1")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one " * 5
    assert unseal(sealed) == "xoxb-1"
    assert unseal(seal("xoxb-2")) == "xoxb-2"


def test_a_key_that_is_gone_opens_nothing(settings: Settings) -> None:
    sealed = seal("xoxb-1")
    settings.SECRET_KEY = "a new one " * 5
    with pytest.raises(UnreadableSecret):
        unseal(sealed)
