"""A run's files for people and scripts. What a training script wrote is not ours: no browser may run it here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from teams.auth import AskedRequest
from tracking import files
from tracking.models import RunFile
from tracking.scope import find_run

# Shown in the browser; anything else is saved. No HTML, SVG or XML: they can carry script.
SHOWN_TEXTS = frozenset({"application/json", "text/plain", "text/csv", "text/markdown", "text/x-python"})
SHOWN_KINDS = frozenset({"image", "audio", "video"})
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
BLOCK = 256 * 1024


@require_safe
def run_file(request: AskedRequest, team: str, project: str, run: str, path: str) -> HttpResponseBase:
    """The bytes of an uploaded file; one `Range` of them is answered with 206."""
    here = files.listing(find_run(request.principal, team, project, run))
    found = None if "\0" in path else here.filter(name=path).first()
    if found is None:
        raise Http404(_("The run has no file “%(name)s”.") % {"name": path})
    etag = f'"{found.md5}-{found.pk}"'
    response: HttpResponseBase = get_conditional_response(request, etag=etag) or _bytes(request, found)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _bytes(request: AskedRequest, file: RunFile) -> HttpResponseBase:
    part = _asked_part(request, file.size)
    if part is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    try:
        opened = files.open_file(file)
    except FileNotFoundError:
        raise Http404(_("The storage has lost the file “%(name)s”.") % {"name": file.name}) from None
    response = StreamingHttpResponse(_Blocks(opened, part), content_type=_content_type(file.media_type))
    if len(part) != file.size:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    response["Content-Length"] = str(len(part))
    response["Accept-Ranges"] = "bytes"
    name = file.name.rpartition("/")[2]
    response["Content-Disposition"] = content_disposition_header(not _is_shown(file.media_type), name) or "inline"
    return response


def _asked_part(request: AskedRequest, size: int) -> range | None:
    """The bytes a Range header asks for, all of them without one, None when there are no such bytes."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked.groups() == ("", ""):
        return range(size)
    first, last = asked.groups()
    if not first:
        part = range(max(0, size - int(last)), size)
    else:
        part = range(int(first), min(int(last) + 1, size) if last else size)
    return part or None


class _Blocks(Iterator[bytes]):
    """A part of an open file, block by block. Django closes it, also when nobody reads to the end."""

    def __init__(self, opened: IO[bytes], part: range) -> None:
        self._opened, self._left = opened, len(part)
        opened.seek(part.start)

    def __next__(self) -> bytes:
        block = self._opened.read(min(BLOCK, self._left))
        if not block:
            raise StopIteration
        self._left -= len(block)
        return block

    def close(self) -> None:
        self._opened.close()


def _is_shown(media_type: str) -> bool:
    return media_type in SHOWN_TEXTS or (media_type.partition("/")[0] in SHOWN_KINDS and "xml" not in media_type)


def _content_type(media_type: str) -> str:
    if not _is_shown(media_type):
        return "application/octet-stream"
    return f"{media_type}; charset=utf-8" if media_type in SHOWN_TEXTS else media_type
