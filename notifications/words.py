"""Rules, numbers and times in words, in the language that is active."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.models import Rule

# The ways a run can end, as rules name them.
ENDINGS = {
    "finished": gettext_lazy("finishes"),
    "failed": gettext_lazy("fails"),
    "crashed": gettext_lazy("crashes"),
    "killed": gettext_lazy("is stopped"),
}
CROSSINGS = {
    "<": gettext_lazy("%(metric)s goes below %(threshold)s"),
    "<=": gettext_lazy("%(metric)s goes down to %(threshold)s"),
    ">": gettext_lazy("%(metric)s goes above %(threshold)s"),
    ">=": gettext_lazy("%(metric)s reaches %(threshold)s"),
}


def trigger_in_words(
    *, trigger: str, states: Sequence[str] = (), metric: str = "", comparison: str = "", threshold: float | None = None
) -> str:
    """When a rule fires: "A run fails or crashes", "val/loss goes above 0.5"."""
    if trigger == Rule.Trigger.METRIC:
        value = rounded(threshold) if threshold is not None else ""
        return str(CROSSINGS.get(comparison, "%(metric)s")) % {"metric": metric, "threshold": value}
    endings = [str(words) for state, words in ENDINGS.items() if state in states]
    return _("A run %(endings)s") % {"endings": _either(endings)}


def rule_in_words(rule: Rule) -> str:
    return trigger_in_words(
        trigger=rule.trigger,
        states=rule.states,
        metric=rule.metric,
        comparison=rule.comparison,
        threshold=rule.threshold,
    )


def rounded(value: float) -> str:
    """Four significant digits, whole numbers as they are: 0.4321, 12.35, 100000, 1.235e-05."""
    if not math.isfinite(value):
        return {math.inf: "∞", -math.inf: "−∞"}.get(value, "NaN")
    if value == int(value) and abs(value) < 1e12:
        return str(int(value))
    return f"{value:.4g}"


def duration(seconds: float) -> str:
    """The two largest units that matter: "45 s", "12 min 5 s", "3 h 20 min", "2 d 4 h"."""
    whole = max(0, round(seconds))
    minutes, seconds_left = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours_left}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes_left}
    if minutes:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds_left}
    return _("%(seconds)d s") % {"seconds": whole}


def _either(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
