"""What a message quotes of a run: its key metrics and the end of its console."""

from __future__ import annotations

import math
import re

from tracking import columns, console
from tracking.models import Run

MOST_METRICS = 6
LOG_LINES = 20

# Colours and cursor movements (ECMA-48).
ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")


def key_metrics(run: Run) -> list[tuple[str, float]]:
    """Up to six finite numbers of the summary, in the order in which the run lists show them."""
    found = ((name, columns.result(run, name)) for name in columns.metrics_of([run]))
    return [(name, value) for name, value in found if value is not None and math.isfinite(value)][:MOST_METRICS]


def last_console_lines(run: Run) -> tuple[str, ...]:
    """The last 20 lines as a terminal would have left them: no colours, and only the last state of progress bars."""
    end = console.next_line(run.pk)
    lines = console.read(run.pk, max(0, end - LOG_LINES), LOG_LINES)
    texts = [ANSI.sub("", line.text).rstrip().rsplit("\r", 1)[-1] for _number, line in lines]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)
