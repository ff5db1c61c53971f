"""Each import contract in pyproject.toml catches a deliberate violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOMS, ROOT

# contract: (module that sins, the sin)
VIOLATIONS = {
    "Rooms: imports point one way, and reports and notifications never meet": (
        "reports/models.py",
        "import notifications.models",
    ),
    "History: others see its functions, never its tables": ("tracking/runs.py", "import tracking.history.models"),
    "Adapters call verbs and queries, never the models of history or events": (
        "tracking/protocols/exchange.py",
        "import tracking.events",
    ),
    "Channels: a message goes in and an outcome comes out, without a database": (
        "notifications/channels/email.py",
        "import notifications.outbox",
    ),
    "Conditions are pure: values in, a verdict out": ("notifications/conditions.py", "import django.utils.timezone"),
    "The supervisor starts at once: no Django, no Celery": ("config/server/address.py", "import celery"),
    "Layers of teams": ("teams/permissions.py", "import teams.views.signin"),
    "Layers of tracking": ("tracking/models.py", "import tracking.ingest"),
    "Layers of notifications": ("notifications/outbox.py", "import notifications.tasks"),
    "Layers of reports": ("reports/editing.py", "import reports.urls"),
}
MORE_VIOLATIONS = [
    (
        "Rooms: imports point one way, and reports and notifications never meet",
        "teams/models.py",
        "import tracking.models",
    ),
    ("Rooms: imports point one way, and reports and notifications never meet", "tracking/runs.py", "import config.env"),
    ("Layers of tracking", "tracking/views/run.py", "import tracking.protocols.wandb.server"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source somewhere it may be spoilt."""
    directory = tmp_path_factory.mktemp("source")
    shutil.copy(ROOT / "pyproject.toml", directory)
    for room in ROOMS:
        shutil.copytree(ROOT / room, directory / room, ignore=shutil.ignore_patterns("__pycache__"))
    return directory


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True)


def test_every_contract_has_a_violation_that_it_must_catch() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert {contract["name"] for contract in tool["importlinter"]["contracts"]} == set(VIOLATIONS)


@pytest.mark.parametrize(
    ("contract", "module", "sin"),
    [(contract, *violation) for contract, violation in VIOLATIONS.items()] + MORE_VIOLATIONS,
)
def test_a_violation_breaks_its_contract(contract: str, module: str, sin: str, copy: Path) -> None:
    path = copy / module
    before = path.read_text()
    path.write_text(f"{before}\n{sin}\n")
    try:
        outcome = lint(copy)
    finally:
        path.write_text(before)
    assert f"{contract} BROKEN" in outcome.stdout, outcome.stdout + outcome.stderr
    assert outcome.returncode != 0


def test_the_source_as_it_is_keeps_every_contract(copy: Path) -> None:
    outcome = lint(copy)
    assert outcome.returncode == 0, outcome.stdout
