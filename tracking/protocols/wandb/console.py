"""Console lines on the wire: from the client's two formats into `tracking.console`, and back for the public API."""

from __future__ import annotations

import re
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from tracking import console
from tracking.models import Run
from tracking.protocols.wandb.paging import LARGEST_PAGE

# "ERROR 2026-11-20T07:46:18.123456 text": what clients write that were not told of structured lines.
LEGACY = re.compile(r"(?P<error>ERROR )?(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?) (?P<text>.*)", re.DOTALL)


def parse_line(content: str) -> console.Line:
    """A line of `output.log`: JSON with level, ts and content, or text behind a time stamp, or just text."""
    if content.startswith("{"):
        try:
            fields = orjson.loads(content)
        except orjson.JSONDecodeError:
            return console.Line(content)
        if isinstance(fields, dict) and isinstance(fields.get("content"), str):
            written_at = fields.get("ts")
            return console.Line(
                text=fields["content"].rstrip("\n"),
                is_error=fields.get("level") == "error",
                written_at=written_at if isinstance(written_at, str) else "",
            )
    legacy = LEGACY.fullmatch(content)
    if legacy is None:
        return console.Line(content.rstrip("\n"))
    return console.Line(legacy["text"].rstrip("\n"), legacy["error"] is not None, legacy["time"])


def _log_line_count(run: Run, _info: GraphQLResolveInfo) -> int:
    return console.next_line(run.pk)


def _log_lines(
    run: Run,
    _info: GraphQLResolveInfo,
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    **_arguments: Any,
) -> dict[str, Any]:
    """Lines by number: the `last` ones, or `first` of them behind the cursor `after`, which is a line's number."""
    end = console.next_line(run.pk)
    size = max(1, min(first or last or LARGEST_PAGE, 10 * LARGEST_PAGE))
    start = max(0, end - size) if last is not None else _number(after) + 1
    edges = [{"node": _node(number, line), "cursor": str(number)} for number, line in console.read(run.pk, start, size)]
    end_cursor = str(min(start + size, end) - 1) if start < end else after
    return {"edges": edges, "page_info": {"end_cursor": end_cursor, "has_next_page": start + size < end}}


def _number(cursor: str | None) -> int:
    if not cursor:
        return -1
    if not cursor.isdecimal() or len(cursor) > 9:
        message = _("“%(cursor)s” is no cursor of console lines; start without one.")
        raise ValidationError({"after": message % {"cursor": cursor[:80]}})
    return int(cursor)


def _node(number: int, line: console.Line) -> dict[str, Any]:
    return {
        "number": number,
        "timestamp": line.written_at or None,
        "level": "error" if line.is_error else "info",
        "label": None,
        "line": line.text,
    }


RUN: dict[str, Any] = {"logLineCount": _log_line_count, "logLines": _log_lines}
