"""Addresses that authorize one upload by themselves: the client sends its PUTs without any key.

Each names whom it was given to, so that it stops working when they may no longer log to the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

PREFIX = "/uploads/"
LIFE = timedelta(hours=12)  # checked when an upload begins; the client begins within minutes and retries for an hour
SALT = "tracking.protocols.wandb.upload"


@dataclass(frozen=True)
class Target:
    """What an address stands for."""

    user_id: int
    run_id: int
    name: str


def path_for(target: Target) -> str:
    return PREFIX + signing.dumps([target.user_id, target.run_id, target.name], salt=SALT, compress=True)


def read(path: str) -> Target:
    """Raises `signing.SignatureExpired` for an old address and `signing.BadSignature` for one that is not ours."""
    user_id, run_id, name = signing.loads(path.removeprefix(PREFIX), salt=SALT, max_age=LIFE)
    return Target(user_id, run_id, name)
