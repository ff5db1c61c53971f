"""`/healthz`: the process is alive. `/ready`: it can do its work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracking import liveness

PATIENCE = 1.0  # seconds for the broker to answer
AFTER_START = timedelta(minutes=1)  # for worker and beat to begin
MISSED_SWEEPS = 6  # in a row; busy workers may be late with a few


class NotReady(Exception):
    """A part that Debrief needs does not work; the message says what an operator can do."""


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when every part is fine, otherwise 503 with the reason for each that is not."""
    reasons = {}
    for part, check in CHECKS.items():
        try:
            check()
        except NotReady as problem:
            reasons[part] = str(problem)
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


def check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as problem:
        raise NotReady(f"The database does not answer: {_first_line(problem)}") from problem


def check_migrations() -> None:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as problem:
        raise NotReady("The database does not answer.") from problem
    if waiting:
        raise NotReady(f"{len(waiting)} migrations are not applied: restart bin/server or run bin/manage migrate.")


def check_broker() -> None:
    address = settings.REDIS_URL.replace("redis+socket://", "unix://", 1)
    try:
        with redis.Redis.from_url(
            address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=None
        ) as client:
            client.ping()
    except (redis.RedisError, OSError) as problem:
        raise NotReady(f"The broker does not answer: {_first_line(problem)}") from problem


def check_sweeps() -> None:
    """Beat and a worker do their part; a look at the row that both leave behind, wherever they run."""
    try:
        watch = liveness.watch()
    except DatabaseError as problem:
        raise NotReady("The database does not answer.") from problem
    now = timezone.now()
    if watch is None or now - watch.accepting_since < AFTER_START:
        return
    silence = now - watch.looked_at
    if silence > max(AFTER_START, timedelta(seconds=MISSED_SWEEPS * settings.SWEEP_INTERVAL)):
        seconds = round(silence.total_seconds())
        raise NotReady(f"No sweep for {seconds} s: see that a worker and one beat run, and what their logs say.")


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
    "sweeps": check_sweeps,
}


def _first_line(problem: Exception) -> str:
    return (str(problem).splitlines() or [type(problem).__name__])[0]
