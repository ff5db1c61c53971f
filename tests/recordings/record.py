"""Record what the real wandb clients send: `python -m tests.recordings.record` writes tests/recordings/wandb-*/*.jsonl.

A proxy stands between a client and a fresh server and writes one JSON line a request: method, path, the headers that
matter, body and the server's status. What tells of the machine it was recorded on is replaced by neutral values.
"""

from __future__ import annotations

import getpass
import gzip
import json
import os
import platform
import re
import socket
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.clients.environment import VERSIONS, Client
from tests.servers.debrief import Debrief
from tests.servers.process import ROOT

SCENARIOS = ("hello", "raises", "odd_values", "resumes", "saves", "tables", "alerts")
KEPT_HEADERS = ("content-type", "content-encoding", "user-agent")
SKIPPED_FILES = ("requirements.txt", "wandb-metadata.json")  # they describe the machine and nothing else


def main() -> None:
    for version in VERSIONS:
        for scenario in SCENARIOS:
            record(version, scenario)


def record(version: str, scenario: str) -> None:
    """Run one script against a fresh server and write what it sent."""
    with tempfile.TemporaryDirectory() as directory, Debrief(Path(directory) / "server", with_worker=False) as debrief:
        proxy = Proxy(debrief.url)
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        home = Path(directory) / "client"
        home.mkdir()
        debrief.url = proxy.url
        done = Client(version, debrief, home, debrief.api_key).run(scenario, scenario)
        proxy.shutdown()
        proxy.server_close()
        print(
            version, scenario, "ended with", done.returncode, "after", len(proxy.requests), "requests", file=sys.stderr
        )
        target = Path(__file__).parent / f"wandb-{version}" / f"{scenario}.jsonl"
        target.parent.mkdir(exist_ok=True)
        lines = [scrub(json.dumps(request, ensure_ascii=False), home, proxy.url) for request in proxy.requests]
        target.write_text("".join(f"{line}\n" for line in lines))


class Proxy(ThreadingHTTPServer):
    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), Forwarder)
        self.upstream = upstream
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.requests: list[dict[str, Any]] = []
        self.names: dict[str, str] = {}  # upload address → file name

    def handle_error(self, *_arguments: Any) -> None:
        """A client that ends resets its connections; what matters is in the recording."""


class Forwarder(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        answer = httpx.request(
            self.command, self.server.upstream + self.path, content=body, headers=headers, timeout=60
        )
        self._remember(body, answer)
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_PUT = forward

    def log_message(self, *_arguments: Any) -> None:
        """Nothing: the recording is the log."""

    def _remember(self, body: bytes, answer: httpx.Response) -> None:
        path = self.server.names.get(self.path, self.path)
        if path.endswith(SKIPPED_FILES) or path.startswith("/sdk/"):
            return
        headers = {name: self.headers[name] for name in KEPT_HEADERS if name in self.headers}
        request = {"method": self.command, "path": path, "headers": headers, "status": answer.status_code}
        self.server.requests.append(request | {"body": readable(body, self.headers.get("Content-Encoding", ""))})
        if "createRunFiles" in answer.text and answer.status_code == 200:
            for file in answer.json()["data"]["createRunFiles"]["files"]:
                address = str(file["uploadUrl"]).removeprefix(self.server.url)
                self.server.names[address] = "/uploads/" + file["name"]


def readable(body: bytes, encoding: str) -> Any:
    """JSON as a value, anything else as text; a packed body is unpacked, its header still says that it was packed."""
    text = (gzip.decompress(body) if encoding == "gzip" else body).decode(errors="replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


def scrub(line: str, home: Path, url: str) -> str:
    """Neutral values for names, paths and figures of this machine, also where JSON lies inside JSON."""
    neutral = {
        url: "http://127.0.0.1:8000",
        str(home): "/home/ada/training",
        str(ROOT): "/home/ada/debrief",
        sys.base_prefix: "/usr",
        os.path.realpath(sys.executable): "/usr/bin/python3",
        platform.platform(): "Linux-6.1.0-x86_64-with-glibc2.36",
        platform.release(): "6.1.0",
    }
    for found, instead in neutral.items():
        line = line.replace(found, instead)
    for name in {socket.gethostname(), getpass.getuser()}:
        line = re.sub(rf'(?<=\\"){re.escape(name)}(?=\\")', "trainer", line)
        line = re.sub(rf'(?<="){re.escape(name)}(?=")', "trainer", line)
    line = re.sub(r"host: \S+?(?=\\n)", "host: trainer", line)  # in config.yaml
    line = re.sub(r'(\\*"(?:total|used)\\*":\s*\\*"?)\d+', r"\g<1>1000000000", line)
    return re.sub(r"Linux-[\w.+-]+", "Linux-6.1.0-x86_64-with-glibc2.36", line)


if __name__ == "__main__":
    main()
