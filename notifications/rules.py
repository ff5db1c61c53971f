"""Verbs about rules. Each moves the project's `rule_version`, which tells every process to read the rules again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from notifications.models import Channel, Delivery, Rule
from notifications.words import ENDINGS, trigger_in_words
from teams.accounts import audit
from teams.models import User
from tracking.models import Project

EDITED = ("name", "trigger", "states", "metric", "comparison", "threshold")


@dataclass(frozen=True)
class Wish:
    """What a rule shall be. An empty name is filled from the trigger; the fields of the other trigger are dropped."""

    trigger: str
    name: str = ""
    states: Sequence[str] = ()
    metric: str = ""
    comparison: str = ""
    threshold: float | None = None
    channels: Sequence[Channel] = ()


@transaction.atomic
def create_rule(*, project: Project, user: User | None, wish: Wish) -> Rule:
    """Raises ValidationError naming the field."""
    rule = Rule(project=project, created_by=user)
    _lay(rule, wish)
    rule.save()
    rule.channels.set(wish.channels)
    _changed(project, user, "rule.created", rule)
    return rule


@transaction.atomic
def update_rule(*, rule: Rule, user: User | None, wish: Wish) -> None:
    """An edited rule starts afresh: it forgets for which runs it was true. Raises ValidationError naming the field."""
    _lay(rule, wish)
    rule.version += 1
    rule.error = ""
    rule.save(update_fields=[*EDITED, "version", "error"])
    rule.channels.set(wish.channels)
    _changed(rule.project, user, "rule.updated", rule)


@transaction.atomic
def set_enabled(*, rule: Rule, user: User | None, is_enabled: bool) -> None:
    """A rule that is switched on again starts afresh: what happened while it was off is never reported."""
    if not Rule.objects.filter(pk=rule.pk, is_enabled=not is_enabled).update(
        is_enabled=is_enabled, version=F("version") + 1
    ):
        return
    _changed(rule.project, user, "rule.enabled" if is_enabled else "rule.paused", rule)


@transaction.atomic
def delete_rule(*, rule: Rule, user: User | None) -> None:
    """Its messages stay readable; those that still wait are not sent."""
    Delivery.objects.filter(rule=rule, state=Delivery.State.WAITING).update(
        state=Delivery.State.SKIPPED, reason=_("The rule was deleted before this was sent.")
    )
    _changed(rule.project, user, "rule.deleted", rule)
    rule.delete()


def _lay(rule: Rule, wish: Wish) -> None:
    wish = _clean(wish)
    if any(channel.team_id != rule.project.team_id for channel in wish.channels):
        raise ValidationError({"channels": _("A rule can only use channels of its own team.")})
    rule.trigger, rule.states, rule.metric = wish.trigger, list(wish.states), wish.metric
    rule.comparison, rule.threshold = wish.comparison, wish.threshold
    rule.name = wish.name or _free_name(rule, wish)
    rule.full_clean(validate_constraints=False)
    if rule.name in _names_of_others(rule):
        raise ValidationError({"name": _("The project has a rule of that name; choose another one.")})


def _clean(wish: Wish) -> Wish:
    """The wish without what its trigger does not use. Raises ValidationError naming the field."""
    if wish.trigger == Rule.Trigger.METRIC:
        if not wish.metric:
            raise ValidationError({"metric": _("Name the metric to watch, as the script logs it.")})
        if wish.comparison not in Rule.Comparison.values:
            raise ValidationError({"comparison": _("Choose how to compare.")})
        if wish.threshold is None or not math.isfinite(wish.threshold):
            raise ValidationError({"threshold": _("Write the number to compare with, for example 0.5.")})
        return replace(wish, states=())
    states = tuple(state for state in ENDINGS if state in wish.states)
    if not states:
        raise ValidationError({"states": _("Choose at least one.")})
    return replace(wish, states=states, metric="", comparison="", threshold=None)


def _free_name(rule: Rule, wish: Wish) -> str:
    """The trigger in words; with a number behind it when the project has a rule of that name."""
    name = trigger_in_words(
        trigger=wish.trigger,
        states=wish.states,
        metric=wish.metric,
        comparison=wish.comparison,
        threshold=wish.threshold,
    )[:120]
    taken = _names_of_others(rule)
    numbered = (f"{name} ({number})" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(free for free in numbered if free not in taken)


def _names_of_others(rule: Rule) -> set[str]:
    return set(Rule.objects.filter(project=rule.project).exclude(pk=rule.pk).values_list("name", flat=True))


def _changed(project: Project, user: User | None, action: str, rule: Rule) -> None:
    Project.objects.filter(pk=project.pk).update(rule_version=F("rule_version") + 1)
    audit(team=project.team, actor=user, action=action, subject=f"{project.name}: {rule.name}")
