"""A file_stream request as a value: what one POST of the client says about its run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from tracking import console, wire
from tracking.protocols.wandb.console import parse_line

HISTORY_FILE, EVENTS_FILE = "wandb-history.jsonl", "wandb-events.jsonl"
SUMMARY_FILE, CONSOLE_FILE = "wandb-summary.json", "output.log"
MAX_LINE_NUMBER = 2**31 - 1


class BadMessage(ValueError):
    """The request is not what file_stream takes; the message names the field and what is wrong."""


@dataclass(frozen=True)
class Chunk:
    """Lines `offset …` of a stream, and the same parsed."""

    offset: int
    lines: list[str]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class ConsoleChunk:
    offset: int
    lines: list[console.Line]


@dataclass(frozen=True)
class Message:
    """All parts are optional; a message without any is a heartbeat. `exit_code` is None until the script ends."""

    history: Chunk | None
    system: Chunk | None
    summary: str | None
    console: ConsoleChunk | None
    is_preempting: bool
    exit_code: int | None


def parse(body: bytes) -> Message:
    """Raises BadMessage."""
    try:
        value = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as problem:
        raise BadMessage(f"The body is not JSON: {problem}.") from None
    if not isinstance(value, dict):
        raise BadMessage("The body is not a JSON object.")
    files = value.get("files") or {}
    if not isinstance(files, dict):
        raise BadMessage("files: expected an object.")
    return Message(
        history=_chunk(files, HISTORY_FILE),
        system=_chunk(files, EVENTS_FILE),
        summary=_summary(files),
        console=_console(files),
        is_preempting=value.get("preempting") is True,
        exit_code=_exit_code(value),
    )


def _chunk(files: dict[str, Any], name: str) -> Chunk | None:
    content = _content(files, name)
    if content is None:
        return None
    offset, lines = content
    return Chunk(offset, lines, [_row(line, f"files.{name}.content[{index}]") for index, line in enumerate(lines)])


def _summary(files: dict[str, Any]) -> str | None:
    """A resumed run may send several; the last one is the summary."""
    content = _content(files, SUMMARY_FILE)
    if content is None or not content[1]:
        return None
    text = content[1][-1]
    _row(text, f"files.{SUMMARY_FILE}.content[{len(content[1]) - 1}]")
    return text


def _console(files: dict[str, Any]) -> ConsoleChunk | None:
    content = _content(files, CONSOLE_FILE)
    return None if content is None else ConsoleChunk(content[0], [parse_line(line) for line in content[1]])


def _content(files: dict[str, Any], name: str) -> tuple[int, list[str]] | None:
    entry = files.get(name)
    if entry is None:
        return None
    if not isinstance(entry, dict):
        raise BadMessage(f"files.{name}: expected an object with offset and content.")
    offset, lines = entry.get("offset", 0), entry.get("content", [])
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise BadMessage(f"files.{name}.content: expected a list of strings, one a line.")
    if not isinstance(offset, int) or isinstance(offset, bool) or not 0 <= offset <= MAX_LINE_NUMBER - len(lines):
        raise BadMessage(f"files.{name}.offset: expected a line number from 0, found {offset!r}.")
    return offset, lines


def _row(line: str, field: str) -> dict[str, Any]:
    try:
        row = wire.loads(line)
    except ValueError as problem:
        raise BadMessage(f"{field}: this line is not JSON: {problem}.") from None
    if not isinstance(row, dict):
        raise BadMessage(f"{field}: expected a JSON object, found {line[:80]!r}.")
    return row


def _exit_code(value: dict[str, Any]) -> int | None:
    if value.get("complete") is not True:
        return None
    code = value.get("exitcode", 0)
    if not isinstance(code, int) or not -(2**31) <= code < 2**31:
        raise BadMessage(f"exitcode: expected a whole number, found {code!r}.")
    return code
