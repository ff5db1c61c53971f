"""One server for all tests of this folder that do not kill it, and a client in a directory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.environment import NEWEST, VERSIONS, Client
from tests.clients.questions import Questions
from tests.servers.debrief import Debrief


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debrief]:
    with Debrief(tmp_path_factory.mktemp("server"), env={"HEARTBEAT_TIMEOUT": "4", "SWEEP_INTERVAL": "1"}) as debrief:
        yield debrief


@pytest.fixture(params=VERSIONS)
def client(request: pytest.FixtureRequest, server: Debrief, tmp_path: Path) -> Client:
    """Each version in turn."""
    return Client(request.param, server, tmp_path, server.api_key)


@pytest.fixture
def newest_client(server: Debrief, tmp_path: Path) -> Client:
    return Client(NEWEST, server, tmp_path, server.api_key)


@pytest.fixture
def questions(server: Debrief) -> Questions:
    return Questions(server)
