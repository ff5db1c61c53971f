"""What lies in the data directory is readable by the user who runs the server, and by nobody else on the machine."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.servers.prepared import clean_environment
from tests.servers.process import ROOT
from tests.servers.supervised import Supervised


def open_to_others(directory: Path) -> list[str]:
    """The paths that anybody but their owner has any right to."""
    paths = [directory, *directory.rglob("*")]
    return [str(path) for path in paths if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def test_the_server_and_its_processes_write_for_their_own_user_only(tmp_path: Path) -> None:
    before = os.umask(0o022)  # as most shells have it
    try:
        with Supervised(tmp_path / "data") as server:
            server.wait_until_ready()
            assert open_to_others(tmp_path / "data") == []
            assert (tmp_path / "data" / "debrief.sqlite3").exists()
    finally:
        os.umask(before)


def test_commands_write_for_their_own_user_only(tmp_path: Path) -> None:
    environment = clean_environment({"DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": ""})
    command = [sys.executable, "manage.py", "prepare"]
    subprocess.run(command, env=environment, cwd=ROOT, umask=0o022, check=True, capture_output=True)
    assert open_to_others(tmp_path / "data") == []
