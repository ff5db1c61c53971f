"""What the adapter remembers for seconds must not outlive a test."""

from __future__ import annotations

import pytest

from tests.people import People, make_people
from tracking.protocols.wandb import intake, row_reading


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    intake._allowed.clear()
    row_reading._line_of.clear()


@pytest.fixture
def people(db: None) -> People:
    return make_people()
