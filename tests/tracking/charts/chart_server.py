"""A page with one <line-chart> and a server that answers its questions; no Django, only the bundle and the bytes."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

import numpy as np

from tracking.charts.browser import MEDIA_TYPE, encode
from tracking.charts.figure import GAP, Curve, Figure, Mark

STATIC = Path(__file__).parents[3] / "static"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
PAGE = """<!doctype html><html lang="en" data-icons="/static/icons.svg"><head>
<meta charset="utf-8"><title>A chart</title>
<link rel="stylesheet" href="/static/css/debrief.css"><link rel="stylesheet" href="/static/css/chart.css">
<script>
  gettext = (text) => text;
  interpolate = (text, values) => text.replace(/%s/g, () => values.shift());
</script></head><body><main style="padding: 40px; width: 800px">
<line-chart src="/figure?metric=NAME" height="240" legend tools></line-chart>
</main><script src="/static/dist/workspace.js"></script></body></html>"""

REFUSED = (b'{"error": "Write a number from 0.", "field": "smooth"}', "application/json", HTTPStatus.BAD_REQUEST)
SIGN_IN_PAGE = (b"<!doctype html>", "text/html; charset=utf-8", HTTPStatus.OK)
X = np.linspace(0, 1000, 101)
FIGURES = {
    "loss": Figure(
        title="loss",
        subtitle="",
        x_label="Step",
        y_label="loss",
        x_kind="number",
        y_scale="linear",
        x=X,
        curves=(
            Curve("calm-otter-1", 0, 2 - X / 1000, run="a"),
            Curve("수달-2", 1, np.where(X == 500, GAP, 1 - X / 2000), run="b"),
        ),
        marks=(Mark(0.75, label="loss < 0.75"), Mark(0.75, x=500, label="fired")),
        notes=("2 of 40 runs",),
    ),
    "nothing": Figure(
        "x", "", "Step", "x", "number", "linear", np.empty(0), (), notes=("There are no runs here yet.",)
    ),
}


class ChartServer(ThreadingHTTPServer):
    """`asked` collects the questions for figures; while there is an answer `instead`, they get that."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, str]] = []
        self.instead: tuple[bytes, str, HTTPStatus] | None = None

    def __enter__(self) -> ChartServer:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()

    def page(self, metric: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/?metric={metric}"


class _Handler(BaseHTTPRequestHandler):
    server: ChartServer

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/":
            self._answer(PAGE.replace("NAME", query["metric"]).encode(), "text/html")
        elif address.path == "/figure":
            self._figure(query)
        else:
            file = STATIC / address.path.removeprefix("/static/")
            if file.is_file():
                self._answer(file.read_bytes(), MEDIA_TYPES.get(file.suffix, "application/octet-stream"))
            else:
                self._answer(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def _figure(self, query: dict[str, str]) -> None:
        self.server.asked.append(query)
        if self.server.instead:
            self._answer(*self.server.instead)
        else:
            self._answer(encode(FIGURES[query["metric"]]), MEDIA_TYPE)

    def _answer(self, content: bytes, media_type: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass  # the tests' output is for the tests
