"""Metric rules, looked at while lines are being written (settings.WATCHERS)."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from notifications.conditions import Condition, Crossing, judge, value_of
from notifications.models import Rule, RuleState
from tracking.events import METRIC_CROSSED
from tracking.models import Project
from tracking.watchers import NewLines, Raised

logger = logging.getLogger(__name__)

QUIET = timedelta(seconds=60)  # after a rule has fired for a run, it follows the run but does not fire for it again
MOST_TRIES = 5  # of a compare-and-set that other processes keep winning


@dataclass(frozen=True)
class Watched:
    """An enabled metric rule, as evaluation needs it."""

    rule_id: int
    version: int
    condition: Condition


_watched: dict[int, tuple[int, tuple[Watched, ...]]] = {}  # project → (its rule_version, its rules)


def watch(lines: NewLines) -> Sequence[Raised]:
    """Raise `metric.crossed` where a rule's condition becomes true, once a rule: noise must not become a flood.

    Of several crossings in these lines the first is told, with how many there were; within `QUIET` after that none is.
    Called inside the ingestion transaction, once for every line: the store tells new lines from repeated ones.
    """
    return [raised for rule in rules_of(lines.run.project_id) for raised in _judge(rule, lines)]


def rules_of(project_id: int) -> tuple[Watched, ...]:
    """The project's enabled metric rules, from a cache of this process that every edit of a rule outdates.

    `run.project` may be an instance that a web process has kept for minutes, so its `rule_version` proves nothing.
    The version is read afresh: one row by primary key, inside the transaction that stores the lines. A rule edited
    before that read is seen, and one edited during it is seen with the next lines, because its edit moves the version
    in the same transaction.
    """
    version = Project.objects.filter(pk=project_id).values_list("rule_version", flat=True).first() or 0
    if version == 0:  # no rule was ever made: nothing to keep
        return ()
    cached = _watched.get(project_id)
    if cached is None or cached[0] != version:
        if len(_watched) > 1000:
            _watched.clear()
        cached = _watched[project_id] = (version, _load(project_id))
    return cached[1]


def forget_rules() -> None:
    """Empty the cache, where a database is put back to an earlier state (tests do that)."""
    _watched.clear()


def _load(project_id: int) -> tuple[Watched, ...]:
    rules = Rule.objects.filter(project_id=project_id, trigger=Rule.Trigger.METRIC, is_enabled=True)
    return tuple(
        Watched(rule.pk, rule.version, Condition(rule.metric, rule.comparison, rule.threshold))
        for rule in rules.order_by("pk")
        if rule.threshold is not None
    )


def _judge(rule: Watched, lines: NewLines) -> list[Raised]:
    """What one rule raises. A rule that breaks is marked and says so on its page; the others go on."""
    try:
        if all(value_of(row, rule.condition.metric) is None for row in lines.rows):
            return []
        with transaction.atomic():
            crossings = _crossings(rule, lines)
            return [_raised(rule, lines, crossings[0], len(crossings))] if crossings else []
    except (OperationalError, InterfaceError):
        raise  # not the rule's fault; tracking/watchers.py says what follows
    except Exception as problem:
        logger.exception("rule %s could not be evaluated on run %s", rule.rule_id, lines.run.pk)
        Rule.objects.filter(pk=rule.rule_id).update(error=f"{type(problem).__name__}: {problem}"[:2000])
        return []


def _crossings(rule: Watched, lines: NewLines) -> tuple[Crossing, ...]:
    """Judge the lines from the state the rule is in, and move that state by compare-and-set; () when it is quiet.

    Whoever loses against another process that writes lines of the same run judges again from the state that one left
    behind, so an edge is seen by exactly one of them.
    """
    for _try in range(MOST_TRIES):
        state, _created = RuleState.objects.get_or_create(
            rule_id=rule.rule_id, run_id=lines.run.pk, stream=lines.stream, defaults={"rule_version": rule.version}
        )
        now = timezone.now()
        is_known = state.rule_version == rule.version  # an edited rule starts afresh
        was_true, fired_at = (state.is_true, state.fired_at) if is_known else (False, None)
        verdict = judge(rule.condition, was_true, lines.first_line, lines.rows)
        crossings = verdict.crossings if fired_at is None or now - fired_at >= QUIET else ()
        if verdict.is_true == was_true and not crossings:
            return ()
        as_read = RuleState.objects.filter(
            pk=state.pk, is_true=state.is_true, rule_version=state.rule_version, fired_at=state.fired_at
        )
        if as_read.update(is_true=verdict.is_true, rule_version=rule.version, fired_at=now if crossings else fired_at):
            return crossings
    logger.error("rule %s could not follow run %s: its state moved %s times", rule.rule_id, lines.run.pk, MOST_TRIES)
    return ()


def _raised(rule: Watched, lines: NewLines, crossing: Crossing, count: int) -> Raised:
    condition = rule.condition
    payload: dict[str, Any] = {
        "rule": rule.rule_id,
        "metric": condition.metric,
        # JSON columns hold no infinities; float() reads the word back.
        "value": crossing.value if math.isfinite(crossing.value) else str(crossing.value),
        "threshold": condition.threshold,
        "comparison": condition.comparison,
        "step": crossing.step,
        "stream": lines.stream,
        "crossings": count,  # in the lines that came together; this is the first
    }
    line = f"{lines.stream}:{crossing.line}"
    return Raised(METRIC_CROSSED, f"rule:{rule.rule_id}:v{rule.version}:run:{lines.run.pk}:{line}", payload)
