"""What `bin/server` says once it runs."""

from __future__ import annotations

import shlex
from pathlib import Path

FIRST = """
Debrief is running at {url}

  Sign in as {name} (the link works once, for 15 minutes):
    {signin_link}

  Paste into the shell of your training script (the key is shown only now):
    export WANDB_BASE_URL={url}
    export WANDB_API_KEY={api_key}
    python train.py

  Data and logs are in {data}. Stop with Ctrl-C.
"""
LATER = """
Debrief is running at {url}

  A new sign-in link: {command}
  Data and logs are in {data}. Stop with Ctrl-C.
"""
WITHOUT_WEB = """
Debrief is running without a web process.

  Data and logs are in {data}. Stop with Ctrl-C.
"""


def first(*, url: str, data: Path, owner: dict[str, str]) -> str:
    """`owner` is what `manage.py prepare` says of the owner it has made: name, signin_link, api_key."""
    return FIRST.format(url=url, data=data, **owner)


def later(*, url: str, data: Path, default_data: Path, name: str) -> str:
    command = f"bin/manage signin {name or 'NAME'}"
    if data != default_data:
        command = f"DATA_DIR={shlex.quote(str(data))} {command}"
    return LATER.format(url=url, data=data, command=command)


def without_web(*, data: Path) -> str:
    return WITHOUT_WEB.format(data=data)
