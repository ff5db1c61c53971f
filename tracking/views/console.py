"""A run's console: ranges for the scrolling view, a search over all lines, and the whole as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from teams.auth import AskedRequest
from tracking import console
from tracking.scope import find_run

MOST_LINES = 2000  # of one answer
MOST_MATCHES = 10_000
BLOCK = 5000  # lines read at a time for a download

# Control sequences: CSI … final byte, OSC … BEL or ST, and two-character escapes (ECMA-48).
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


@require_safe
def lines(request: AskedRequest, team: str, project: str, run: str) -> JsonResponse:
    """`?start=&count=` → `{"total": n, "start": s, "lines": [[text, is_error, written_at] | null, …]}`.

    Line numbers that were never written are null. `?search=` → `{"total": n, "matches": [number, …]}`.
    """
    found = find_run(request.principal, team, project, run)
    total = console.next_line(found.pk)
    wanted = request.GET.get("search", "")
    if wanted:
        return JsonResponse({"total": total, "matches": console.search(found.pk, wanted, MOST_MATCHES)})
    try:
        start, count = int(request.GET.get("start", 0)), int(request.GET.get("count", 500))
    except ValueError:
        return JsonResponse({"error": _("Write start and count as whole numbers."), "field": "start"}, status=400)
    if start < 0 or not 1 <= count <= MOST_LINES:
        error = _("Ask for 1 to %(most)s lines from 0 on.") % {"most": MOST_LINES}
        return JsonResponse({"error": error, "field": "count"}, status=400)
    found_lines = dict(console.read(found.pk, start, count))
    listed = [
        [line.text, line.is_error, line.written_at] if (line := found_lines.get(number)) else None
        for number in range(start, min(start + count, total))
    ]
    return JsonResponse({"total": total, "start": start, "lines": listed})


@require_safe
def text(request: AskedRequest, team: str, project: str, run: str) -> HttpResponse | StreamingHttpResponse:
    """The whole console as a text file, without colours."""
    found = find_run(request.principal, team, project, run)
    headers = {"Content-Disposition": f'attachment; filename="console-{_file_name(found.name)}.txt"'}
    return StreamingHttpResponse(_plain(found.pk), content_type="text/plain; charset=utf-8", headers=headers)


def _plain(run_id: int) -> Iterator[str]:
    for start in range(0, console.next_line(run_id), BLOCK):
        yield "".join(f"{ESCAPES.sub('', line.text)}\n" for _number, line in console.read(run_id, start, BLOCK))


def _file_name(run: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", run)
