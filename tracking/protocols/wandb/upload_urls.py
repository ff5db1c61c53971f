"""Addresses that authorize one upload by themselves: the client sends its PUTs without any key."""

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

    run_id: int
    name: str


def path_for(run_id: int, name: str) -> str:
    return PREFIX + signing.dumps([run_id, name], salt=SALT, compress=True)


def read(path: str) -> Target:
    """Raises `signing.SignatureExpired` for an old address and `signing.BadSignature` for one that is not ours."""
    run_id, name = signing.loads(path.removeprefix(PREFIX), salt=SALT, max_age=LIFE)
    return Target(run_id, name)
