"""Fills the team `demo` with a project: six runs of config/demo/train.py in one group, and a report about them.

Doing it again continues where it stopped: finished runs stay, and so does a report that is there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from reports import editing
from reports.models import Report
from teams import accounts, keys
from teams.models import ApiKey, Membership, Role, Team, User
from tracking import projects
from tracking.models import Project, Run

TEAM, PROJECT, GROUP = "demo", "digits", "learning rate"
TITLE = "How fast should the digits network learn?"
CLIENT = ("wandb==0.31.0", "numpy==2.4.6")
HERE = Path(__file__).parent
SIDE_BY_SIDE = 2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Training:
    lr: float
    seed: int

    @property
    def name(self) -> str:
        return f"lr {self.lr:g}, seed {self.seed}"


# The last one fails, as it should: a team wants to see what that looks like too.
TRAININGS = [Training(*pair) for pair in ((0.1, 1), (0.3, 1), (0.3, 2), (1.0, 1), (1.0, 2), (8.0, 1))]


class DemoError(Exception):
    """The demo cannot be made; the message says why."""


def fill(say: Say, *, pause: float) -> None:
    """Make what is missing. `pause` is the seconds between two batches of a training."""
    owner = _owner()
    project = _project(owner)
    address = f"{settings.SITE_URL}/{TEAM}/{PROJECT}"
    missing = [training for training in TRAININGS if not _is_done(project, training)]
    if missing:
        python = _client_venv(say)
        say(f"training {len(missing)} runs, {SIDE_BY_SIDE} at a time; watch them at {address}")
        _train(missing, python, owner, say, pause)
    _report(project, owner, say)
    say(f"six runs and a report about them are at {address}")


def _owner() -> User:
    """The first owner of the server."""
    owner = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if owner is None:
        raise DemoError('no administrator to own the demo; provision one with "admin": true')
    return owner


def _project(owner: User) -> Project:
    team = Team.objects.filter(name=TEAM).first() or accounts.create_team(name=TEAM, owner=owner)
    if team.is_personal or not Membership.objects.filter(team=team, user=owner, role__gte=Role.MEMBER).exists():
        raise DemoError(f"the name {TEAM!r} is taken by a user or by a team that {owner.username} is no member of")
    return projects.get_or_create(team=team, name=PROJECT, user=owner)


def _is_done(project: Project, training: Training) -> bool:
    ended = [Run.State.FINISHED, Run.State.FAILED]
    return Run.objects.filter(project=project, display_name=training.name, state__in=ended).exists()


def _client_venv(say: Say) -> Path:
    """The Python of a venv with the wandb client, made once; Debrief itself does not need the client."""
    venv = Path(settings.DATA_DIR) / "demo-venv"
    python, stamp = venv / "bin" / "python", venv / "installed"
    if not stamp.exists() or stamp.read_text() != "\n".join(CLIENT):
        say(f"installing {CLIENT[0]} (once, about half a minute)")
        _run([sys.executable, "-m", "venv", "--clear", str(venv)])
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *CLIENT])
        stamp.write_text("\n".join(CLIENT))
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise DemoError((done.stderr.strip().splitlines() or ["no reason given"])[-1])


def _train(trainings: list[Training], python: Path, owner: User, say: Say, pause: float) -> None:
    """Run the script once for each, with a key that is valid until all have ended."""
    key, secret = keys.make_key(user=owner, name="demo", scope=ApiKey.Scope.INGEST, expires_at=None)
    scratch = Path(settings.DATA_DIR) / "demo-runs"
    scratch.mkdir(exist_ok=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("WANDB_", "PYTHON"))}
    env |= {
        "WANDB_BASE_URL": settings.SITE_URL,
        "WANDB_API_KEY": secret,
        "WANDB_ENTITY": TEAM,
        "WANDB_DIR": str(scratch),
        "WANDB_SILENT": "true",
    }

    def train(training: Training) -> None:
        command = [str(python), str(HERE / "train.py"), "--lr", f"{training.lr:g}", "--seed", str(training.seed)]
        command += ["--group", GROUP, "--pause", str(pause)]
        ended = subprocess.run(command, env=env, cwd=scratch, capture_output=True, text=True)
        last = (ended.stderr.strip().splitlines() or [""])[-1]
        say(f"{training.name}: " + (f"failed, {last}" if ended.returncode else "finished"))

    try:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
            list(threads.map(train, trainings))
    finally:
        keys.revoke_key(key=key)


def _report(project: Project, owner: User, say: Say) -> None:
    if Report.objects.filter(project=project, title=TITLE).exists():
        return
    say("writing the report")
    report = editing.create_report(project=project, title=TITLE, user=owner, text=(HERE / "report.md").read_text())
    editing.publish(report=report, user=owner)
