"""What costs seconds to make and is the same for every test server: a migrated database and the static files."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import psycopg

from tests.servers.process import ROOT

OWNER = "ada"
OWNER_KEY = "ada-0123456789abcdef0123456789abcdef01234567"  # wandb wants 40 characters behind the first dash
OURS = ("DATA_DIR", "DATABASE_URL", "REDIS_URL", "SITE_URL", "STORAGE_URL", "EMAIL_URL")


def make_database(env: Mapping[str, str]) -> None:
    """All tables, and the owner."""
    manage(env, "migrate", "--verbosity", "0")
    line = {"user": OWNER, "email": f"{OWNER}@example.org", "password": "a password for tests", "api_key": OWNER_KEY}
    manage(env, "provision", lines=json.dumps(line))


def clean_environment(env: Mapping[str, str]) -> dict[str, str]:
    """The test's own environment without its settings, and `env` on top."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    fixed = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    return {**kept, **fixed, **env}


def manage(env: Mapping[str, str], *arguments: str, lines: str = "") -> None:
    """Run a management command to its end, with `lines` to read; AssertionError with its output when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, env=env, cwd=ROOT, input=lines, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"


def prepare_data_directory(data: Path) -> None:
    """Make `data` a data directory with a migrated SQLite database and static files, by copying the session's."""
    shutil.copytree(_template_directory(), data, dirs_exist_ok=True)


def prepare_database(server_url: str) -> str:
    """A new migrated database on the session's PostgreSQL; returns its URL."""
    name = f"debrief_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        template = _template_database(server_url)
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server_url.rpartition('/')[0]}/{name}"


@cache
def _template_directory() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="debrief-template-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    env = clean_environment({"DATA_DIR": str(directory)})
    make_database(env)
    manage(env, "collectstatic", "--no-input", "--verbosity", "0")
    return directory


@cache
def _template_database(server_url: str) -> str:
    name = f"template_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    with tempfile.TemporaryDirectory() as directory:
        url = f"{server_url.rpartition('/')[0]}/{name}"
        make_database(clean_environment({"DATA_DIR": directory, "DATABASE_URL": url}))
    return name
