"""A run's history as rows for the client: tails to resume from, pages by step, evenly sampled rows."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo, OperationType

from tracking import history, wire
from tracking.history import HISTORY, SYSTEM, Stream
from tracking.models import Run
from tracking.protocols.wandb.row_reading import MISSING, Row, between, evenly, value_of

DEFAULT_SAMPLES = 500
MOST_SAMPLES = 100_000


def _history_line_count(run: Run, info: GraphQLResolveInfo) -> int:
    """How many lines the run has; 0 in the reply of a mutation.

    The client writes on from the number that upsertBucket answers, although a script that starts again under an id
    begins at step 0, and `wandb sync` sends every line a second time. Answered with the true count, the same steps
    would come again as new lines; dropping them by step instead would leave holes in the line numbers and lose the
    rows of a script that may log a step twice. With 0 they come under the numbers they had, and the first copy of a
    line wins: nothing is doubled, and what was missing is filled in. `resume` does not read this number but the one
    of RunResumeStatus, which is a query.
    """
    return 0 if info.operation.operation == OperationType.MUTATION else history.next_line(run.pk, HISTORY)


def _events_line_count(run: Run, _info: GraphQLResolveInfo) -> int:
    return history.next_line(run.pk, SYSTEM)


def _history_tail(run: Run, _info: GraphQLResolveInfo) -> str:
    return _tail(run, HISTORY)


def _events_tail(run: Run, _info: GraphQLResolveInfo) -> str:
    return _tail(run, SYSTEM)


def _tail(run: Run, stream: Stream) -> str:
    """A JSON list of the last row as a JSON string, `[]` when there is none."""
    return wire.dumps([wire.dumps(row) for row in _last_row(run, stream)])


def _last_row(run: Run, stream: Stream) -> list[Row]:
    start = max(0, history.next_line(run.pk, stream) - 1)
    return [row for _line, row in history.rows(run.pk, stream, start_line=start)][-1:]


def _system_metrics(run: Run, _info: GraphQLResolveInfo) -> str:
    return wire.dumps({key: value for row in _last_row(run, SYSTEM) for key, value in row.items()})


def _history_keys(run: Run, _info: GraphQLResolveInfo) -> dict[str, Any]:
    """`lastStep` -1 tells the client that there is nothing to scan."""
    found = history.keys(run.pk, HISTORY)
    keys = {
        name: {"typeCounts": [{"type": info.kind, "count": info.count}], "monotonic": name == "_step"}
        for name, info in found.items()
    }
    return {"keys": keys, "sets": [], "lastStep": max((info.last_step for info in found.values()), default=-1)}


def _history(
    run: Run,
    _info: GraphQLResolveInfo,
    *,
    min_step: int | None = None,
    max_step: int | None = None,
    samples: int | None = None,
) -> list[str]:
    """Rows with `min_step` ≤ step < `max_step` as JSON strings, at most `samples` of them."""
    rows = between(run.pk, min_step, max_step)
    return [wire.dumps(row) for row in evenly(rows, _limit(samples))]


def _events(run: Run, _info: GraphQLResolveInfo, *, samples: int | None = None) -> list[str]:
    rows = (row for _line, row in history.rows(run.pk, SYSTEM))
    return [wire.dumps(row) for row in evenly(rows, _limit(samples))]


def _sampled_history(run: Run, _info: GraphQLResolveInfo, *, specs: list[str]) -> list[list[Row]]:
    """For each spec `{"keys", "samples", "minStep", "maxStep" inclusive}` the rows that have all of its keys."""
    return [_sample(run, _spec(spec)) for spec in specs]


def _sample(run: Run, spec: dict[str, Any]) -> list[Row]:
    keys, last = spec["keys"], spec.get("maxStep")
    rows = between(run.pk, spec.get("minStep"), None if last is None else last + 1)
    picked = ({key: value_of(row, key) for key in keys} for row in rows)
    return evenly((row for row in picked if MISSING not in row.values()), _limit(spec.get("samples")))


def _spec(text: str) -> dict[str, Any]:
    try:
        spec = wire.loads(text)
        keys, bounds = spec["keys"], [spec.get("minStep"), spec.get("maxStep"), spec.get("samples")]
        usable = all(isinstance(key, str) for key in keys) and all(isinstance(bound, int | None) for bound in bounds)
    except (ValueError, TypeError, KeyError, AttributeError):
        usable = False
    if not usable:
        message = _("Write a spec as {“keys”: […], “samples”: 500}; this is %(spec)s.")
        raise ValidationError({"specs": message % {"spec": text[:200]}})
    return dict(spec)


def _parquet_history(_run: Run, _info: GraphQLResolveInfo, **_arguments: Any) -> dict[str, Any]:
    """No parquet files: the client then reads every row by steps."""
    return {"parquet_urls": [], "live_data": []}


def _limit(samples: int | None) -> int:
    wanted = DEFAULT_SAMPLES if samples is None else samples
    if not 0 < wanted <= MOST_SAMPLES:
        raise ValidationError({"samples": _("Ask for 1 to %(most)d rows.") % {"most": MOST_SAMPLES}})
    return wanted


RUN: dict[str, Any] = {
    "historyLineCount": _history_line_count,
    "eventsLineCount": _events_line_count,
    "historyTail": _history_tail,
    "eventsTail": _events_tail,
    "systemMetrics": _system_metrics,
    "historyKeys": _history_keys,
    "history": _history,
    "events": _events,
    "sampledHistory": _sampled_history,
    "parquetHistory": _parquet_history,
}
