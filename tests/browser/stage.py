"""What the browser tests play on: Debrief as real processes, a local Slack, a mail server, and training scripts."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.clients.environment import NEWEST, Client
from tests.servers.debrief import Debrief
from tests.servers.smtp import SmtpServer
from tests.slack_server import SlackServer

SCRIPTS = Path(__file__).with_name("scripts")
TEAM, PROJECT = "vision-lab", "image-ablations"
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Training:
    """A script that logs until `end` is called."""

    process: subprocess.Popen[str]

    def end(self) -> None:
        self.process.communicate("stop\n", timeout=120)

    def vanish(self) -> None:
        """kill -9 of the script and of the process with which the client sends."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@dataclass(frozen=True)
class Stage:
    server: Debrief
    slack: SlackServer
    mail: SmtpServer
    directory: Path

    @property
    def project_url(self) -> str:
        return f"{self.server.url}/{TEAM}/{PROJECT}"

    @contextmanager
    def training(self, name: str, *failure: str) -> Iterator[Training]:
        """The real client at work; ended at the latest with the block. `failure` makes the script raise it."""
        client = Client(NEWEST, self.server, self.directory, self.server.api_key, scripts=SCRIPTS)
        training = Training(client.start("creeps", name, *failure, stdin=subprocess.PIPE))
        try:
            yield training
        finally:
            if training.process.stdin and not training.process.stdin.closed:
                training.end()


@contextmanager
def set_stage(directory: Path) -> Iterator[Stage]:
    with SlackServer() as slack, SmtpServer() as mail:
        settings = {"SLACK_API_URL": slack.api_url, "EMAIL_URL": mail.url, "SWEEP_INTERVAL": "1"}
        settings["HEARTBEAT_TIMEOUT"] = "15"
        with Debrief(directory, env=settings) as server:
            server.provision({"user": "ada", "password": PASSWORD})
            server.provision({"team": TEAM, "members": {"ada": "owner"}})
            server.provision({"project": f"{TEAM}/{PROJECT}", "visibility": "team"})
            yield Stage(server, slack, mail, directory)
