"""A Slack on this machine: the part of its Web API that Debrief uses, with Slack's checks, limits and bad moods.

The real slack_sdk talks to it (`SLACK_API_URL`, webhook addresses). Facts: docs.slack.dev/reference/methods.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "xoxb-111-222-abc"
SECTION_TEXT, HEADER_TEXT, FIELDS, FIELD_TEXT, BLOCKS, ALL_BLOCKS, ALT_TEXT = 3000, 150, 10, 2000, 50, 13_200, 2000

Reply = tuple[int, dict[str, str], bytes]


class HangUp(Exception):
    """Close the connection without a word."""


@dataclass
class Posted:
    """A message in a channel, by the bot or by a webhook; `images` holds the bytes its image blocks show."""

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    thread_ts: str = ""
    is_broadcast: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    images: list[bytes] = field(default_factory=list)


@dataclass
class File:
    id: str
    name: str
    length: int
    alt_text: str = ""
    content: bytes | None = None
    is_complete: bool = False
    shared_in: tuple[str, str] | None = None  # channel, thread


class SlackServer:
    """Use as a context manager. `faults["chat.postMessage"]` is a queue of answers that come before the real one.

    `channels` maps a channel's id to what is special about it: "", "archived" or "not_member".
    `looks_at_pictures` is how often a block with a fresh upload is refused, as Slack does while it looks at it.
    """

    def __init__(self) -> None:
        self.tokens = {TOKEN}
        self.channels = {"C0TRAIN": "", "#training": "", "C0OLD": "archived", "C0OTHER": "not_member"}
        self.webhooks = {"/services/T0/B0/good": "C0TRAIN"}
        self.posted: list[Posted] = []
        self.files: dict[str, File] = {}
        self.calls: list[str] = []
        self.faults: defaultdict[str, list[Callable[[], Reply]]] = defaultdict(list)
        self.looks_at_pictures = 0
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.released = threading.Event()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL becomes in the settings."""
        return f"{self.origin}/api/"

    @property
    def webhook_url(self) -> str:
        return f"{self.origin}/services/T0/B0/good"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    # -- bad moods ----------------------------------------------------------------------------------------------------

    def refuse(self, method: str, error: str, times: int = 1) -> None:
        """Slack's usual refusal: HTTP 200 with `ok` false."""
        self.faults[method] += [lambda: _json({"ok": False, "error": error})] * times

    def rate_limit(self, method: str, seconds: int) -> None:
        headers = {"Retry-After": str(seconds), "Content-Type": "application/json"}
        self.faults[method].append(lambda: (429, headers, b'{"ok":false,"error":"ratelimited"}'))

    def answer(self, method: str, status: int, body: str = "", times: int = 1) -> None:
        self.faults[method] += [lambda: (status, {"Content-Type": "text/plain"}, body.encode())] * times

    def hang_up(self, method: str, times: int = 1) -> None:
        def leave() -> Reply:
            raise HangUp

        self.faults[method] += [leave] * times

    def sleep(self, method: str) -> None:
        """Accept the request and say nothing until the test is over."""

        def wait() -> Reply:
            self.released.wait(60)
            raise HangUp

        self.faults[method].append(wait)

    # -- the API ------------------------------------------------------------------------------------------------------

    def reply(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        method = path.removeprefix("/api/") if path.startswith("/api/") else path.split("/")[1]
        with self._lock:
            self.calls.append(method)
            fault = self.faults[method].pop(0) if self.faults[method] else None
        if fault is not None:
            return fault()
        with self._lock:
            if method == "services":
                return self._webhook(path, headers, json.loads(body))
            if method == "upload":
                return self._receive(path, body)
            if headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
                return _json({"ok": False, "error": "invalid_auth"})
            handlers = {
                "auth.test": self._auth_test,
                "chat.postMessage": self._post_message,
                "files.getUploadURLExternal": self._get_upload_url,
                "files.completeUploadExternal": self._complete_upload,
            }
            if method not in handlers:
                return _json({"ok": False, "error": "unknown_method"})
            return _json(handlers[method](_arguments(headers, body)))

    def _auth_test(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "team": "Vision lab", "user": "debrief", "bot_id": "B0DEBRIEF"}

    def _post_message(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = arguments.get("channel", "")
        thread = arguments.get("thread_ts", "")
        error = self._channel_error(channel) or self._blocks_error(arguments.get("blocks", []))
        if not error and not arguments.get("text") and not arguments.get("blocks"):
            error = "no_text"
        if not error and thread and thread not in {message.ts for message in self.posted}:
            error = "thread_not_found"
        if error:
            return {"ok": False, "error": error}
        message = self._keep(channel, arguments)
        message.thread_ts, message.is_broadcast = thread, bool(arguments.get("reply_broadcast"))
        return {"ok": True, "channel": channel, "ts": message.ts, "message": {"text": message.text}}

    def _keep(self, channel: str, arguments: dict[str, Any]) -> Posted:
        ts = f"{int(time.time())}.{next(self._numbers):06d}"
        blocks = arguments.get("blocks", [])
        message = Posted(channel, ts, arguments.get("text", ""), blocks, metadata=arguments.get("metadata", {}))
        for block in blocks:
            if block["type"] == "image":
                message.images.append(self.files[block["slack_file"]["id"]].content or b"")
        self.posted.append(message)
        return message

    def _channel_error(self, channel: str) -> str:
        if channel not in self.channels:
            return "channel_not_found"
        return {"": "", "archived": "is_archived", "not_member": "not_in_channel"}[self.channels[channel]]

    def _blocks_error(self, blocks: list[dict[str, Any]]) -> str:
        if len(json.dumps(blocks, ensure_ascii=False)) > ALL_BLOCKS:
            return "msg_blocks_too_long"
        return "invalid_blocks" if len(blocks) > BLOCKS or not all(map(self._is_valid, blocks)) else ""

    def _is_valid(self, block: dict[str, Any]) -> bool:
        kind = block["type"]
        if kind == "header":
            return block["text"]["type"] == "plain_text" and 0 < len(block["text"]["text"]) <= HEADER_TEXT
        if kind == "section":
            fields = block.get("fields", [])
            texts = [block["text"]["text"]] if "text" in block else []
            return (
                bool(texts or fields)
                and all(0 < len(text) <= SECTION_TEXT for text in texts)
                and len(fields) <= FIELDS
                and all(0 < len(one["text"]) <= FIELD_TEXT for one in fields)
            )
        if kind == "context":
            return 0 < len(block["elements"]) <= 10 and all(one["text"] for one in block["elements"])
        if kind == "image":
            return 0 < len(block.get("alt_text", "")) <= ALT_TEXT and self._may_show(block["slack_file"]["id"])
        return False

    def _may_show(self, file_id: str) -> bool:
        if self.looks_at_pictures:
            self.looks_at_pictures -= 1
            return False
        return file_id in self.files and self.files[file_id].is_complete

    def _get_upload_url(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if not arguments.get("filename") or not int(arguments.get("length", 0)):
            return {"ok": False, "error": "invalid_arguments"}
        number = f"F{next(self._numbers):05d}"
        length = int(arguments["length"])
        self.files[number] = File(number, arguments["filename"], length, arguments.get("alt_txt", ""))
        return {"ok": True, "file_id": number, "upload_url": f"{self.origin}/upload/{number}"}

    def _receive(self, path: str, body: bytes) -> Reply:
        file = self.files.get(path.rsplit("/", 1)[-1])
        if file is None or len(body) != file.length:
            return 400, {"Content-Type": "text/plain"}, b"bad upload"
        file.content = body
        return 200, {"Content-Type": "text/plain"}, f"OK - {len(body)}".encode()

    def _complete_upload(self, arguments: dict[str, Any]) -> dict[str, Any]:
        wanted = json.loads(arguments["files"]) if isinstance(arguments["files"], str) else arguments["files"]
        files = [self.files.get(one["id"]) for one in wanted]
        if any(file is None or file.content is None or file.is_complete for file in files):
            return {"ok": False, "error": "file_not_found"}
        channel = arguments.get("channel_id", "")
        if channel and (error := self._channel_error(channel)):
            return {"ok": False, "error": error}
        for file in files:
            assert file is not None
            file.is_complete = True
            file.shared_in = (channel, arguments.get("thread_ts", "")) if channel else None
        return {"ok": True, "files": [{"id": file.id, "title": file.name} for file in files if file is not None]}

    def _webhook(self, path: str, headers: dict[str, str], arguments: dict[str, Any]) -> Reply:
        plain = {"Content-Type": "text/html"}
        if path not in self.webhooks:
            return 404, plain, b"no_service"
        if self._blocks_error(arguments.get("blocks", [])):
            return 400, plain, b"invalid_blocks"
        self._keep(self.webhooks[path], arguments).headers = headers
        return 200, plain, b"ok"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        slack = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                try:
                    status, more, answer = slack.reply(urlsplit(self.path).path, headers, body)
                except HangUp:
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


def _json(value: dict[str, Any]) -> Reply:
    return 200, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(value).encode()


def _arguments(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    if "json" in headers.get("content-type", ""):
        return dict(json.loads(body))
    return {name: values[-1] for name, values in parse_qs(body.decode()).items()}
