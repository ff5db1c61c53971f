"""The real wandb clients: a venv for every version that Debrief is tested with, and how to run scripts in it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.servers.debrief import Debrief
from tests.servers.process import ROOT

VERSIONS = ("0.31.0", "0.28.2")
NEWEST = VERSIONS[0]
SCRIPTS = Path(__file__).with_name("scripts")
PATIENCE = 240  # seconds for any one script


def python_of(version: str) -> Path:
    """The interpreter that has this version of wandb; bin/setup-client-venvs makes it on first use."""
    python = ROOT / ".venvs" / f"wandb-{version}" / "bin" / "python"
    if not python.exists():
        subprocess.run([ROOT / "bin/setup-client-venvs"], check=True)
    return python


@dataclass
class Client:
    """Runs scripts with one version of the client against one server; everything it writes is under `directory`."""

    version: str
    server: Debrief
    directory: Path
    api_key: str
    scripts: Path = SCRIPTS

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a script of tests/clients/scripts to its end."""
        return subprocess.run(
            self._command(script, arguments),
            env=self._environment(),
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def start(self, script: str, *arguments: str, stdin: int | None = None) -> subprocess.Popen[str]:
        """Start a script in a process group of its own; its output goes to files beside its data."""
        with (self.directory / f"{script}.log").open("ab") as output:
            return subprocess.Popen(
                self._command(script, arguments),
                env=self._environment(),
                cwd=self.directory,
                stdin=stdin,
                stdout=output,
                stderr=output,
                text=True,
                start_new_session=True,
            )

    def _command(self, script: str, arguments: Sequence[str]) -> list[str]:
        return [str(python_of(self.version)), str(self.scripts / f"{script}.py"), *arguments]

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        return kept | {
            "HOME": str(self.directory),
            "WANDB_BASE_URL": self.server.url,
            "WANDB_API_KEY": self.api_key,
            "WANDB_DIR": str(self.directory),
            "WANDB_CACHE_DIR": str(self.directory / "cache"),
            "WANDB_CONFIG_DIR": str(self.directory / "config"),
            "WANDB_DATA_DIR": str(self.directory / "staging"),
            "WANDB_ERROR_REPORTING": "false",
            "PYTHONUNBUFFERED": "1",
        }
