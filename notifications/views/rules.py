"""A project's rules: the list, making and changing one, testing, pausing, deleting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications import ledger, rules
from notifications.deliveries import queue_rule_test
from notifications.forms import RuleForm, show
from notifications.models import Channel, Rule
from notifications.scope import channels_of, deliveries_of, find_rule, rules_of
from notifications.suggestions import metric_names
from notifications.words import rule_in_words
from teams.auth import AskedRequest
from teams.models import Role
from tracking.models import Project
from tracking.scope import find_project, may, person

STARTERS = ("trigger", "states", "metric", "comparison", "threshold")  # what a link may fill in


@require_safe
def rule_list(request: AskedRequest, team: str, project: str) -> HttpResponse:
    found = find_project(request.principal, team, project)
    listed = rules_of(request.principal, found).prefetch_related("channels").order_by("name")
    fired = Max("deliveries__created_at", filter=Q(deliveries__is_test=False))
    rows = [(rule, rule_in_words(rule)) for rule in listed.annotate(last_fired=fired)]
    context = {"project": found, "rows": rows, "may_write": may(request.principal, found, Role.MEMBER)}
    return render(request, "notifications/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: AskedRequest, team: str, project: str) -> HttpResponse:
    found = find_project(request.principal, team, project, Role.MEMBER)
    channels = channels_of(request.principal, found.team).order_by("name")
    form = RuleForm(request.POST or None, channels=channels, initial=_prefilled(request, channels))
    if form.is_valid():
        try:
            rule = rules.create_rule(project=found, user=person(request.principal), wish=form.wish())
        except ValidationError as problem:
            show(form, problem)
        else:
            messages.success(request, _("“%(rule)s” is on.") % {"rule": rule})
            return redirect("rule", team=team, project=project, pk=rule.pk)
    return _form_page(request, found, form, channels)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: AskedRequest, team: str, project: str, pk: int) -> HttpResponse:
    found = find_rule(request.principal, team, project, pk, Role.MEMBER if request.method == "POST" else Role.VIEWER)
    channels = channels_of(request.principal, found.project.team).order_by("name")
    form = RuleForm(request.POST or None, channels=channels, initial=_as_it_is(found))
    if form.is_valid():
        try:
            rules.update_rule(rule=found, user=person(request.principal), wish=form.wish())
        except ValidationError as problem:
            show(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("rule", team=team, project=project, pk=pk)
    return _form_page(request, found.project, form, channels, found)


@require_POST
def switch_rule(request: AskedRequest, team: str, project: str, pk: int) -> HttpResponse:
    found = find_rule(request.principal, team, project, pk, Role.MEMBER)
    is_enabled = request.POST.get("enabled") == "true"
    rules.set_enabled(rule=found, user=person(request.principal), is_enabled=is_enabled)
    text = _("“%(rule)s” is on.") if is_enabled else _("“%(rule)s” is paused.")
    messages.success(request, text % {"rule": found})
    return redirect("rules", team=team, project=project)


@require_POST
def delete_rule(request: AskedRequest, team: str, project: str, pk: int) -> HttpResponse:
    found = find_rule(request.principal, team, project, pk, Role.MEMBER)
    rules.delete_rule(rule=found, user=person(request.principal))
    messages.success(request, _("“%(rule)s” is deleted.") % {"rule": found.name})
    return redirect("rules", team=team, project=project)


@require_POST
def test_rule(request: AskedRequest, team: str, project: str, pk: int) -> HttpResponse:
    found = find_rule(request.principal, team, project, pk, Role.MEMBER)
    try:
        queue_rule_test(rule=found)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect(reverse("rule", kwargs={"team": team, "project": project, "pk": pk}) + "#messages")


@require_safe
def rule_messages(request: AskedRequest, team: str, project: str, pk: int) -> HttpResponse:
    """The newest messages of a rule: a part of its page that looks again while one of them is on its way."""
    found = find_rule(request.principal, team, project, pk)
    return render(request, "notifications/parts/messages.html", _messages(request, found))


def _form_page(
    request: AskedRequest, project: Project, form: RuleForm, channels: QuerySet[Channel], rule: Rule | None = None
) -> HttpResponse:
    context = {
        "project": project,
        "form": form,
        "rule": rule,
        "channels": channels,
        "metrics": metric_names(project),
        "may_write": may(request.principal, project, Role.MEMBER),
        "may_make_channels": may(request.principal, project.team, Role.ADMIN),
    }
    if rule is not None:
        context |= {"trigger": rule_in_words(rule), **_messages(request, rule)}
    return render(request, "notifications/rule.html", context, status=400 if form.is_bound else 200)


def _messages(request: AskedRequest, rule: Rule) -> dict[str, Any]:
    lines = ledger.lines(deliveries_of(request.principal).filter(rule=rule), limit=10)
    kwargs = {"team": rule.project.team.name, "project": rule.project.name, "pk": rule.pk}
    return {
        "lines": lines,
        "is_moving": ledger.is_moving(lines),
        "messages_url": reverse("rule-messages", kwargs=kwargs),
        "may_test": may(request.principal, rule.project, Role.MEMBER),
    }


def _prefilled(request: AskedRequest, channels: QuerySet[Channel]) -> dict[str, Any]:
    """What the link asks for, as `?trigger=run_state&states=failed&states=crashed`; a lone channel is chosen."""
    asked: dict[str, Any] = {name: request.GET[name] for name in STARTERS if name in request.GET}
    if "states" in asked:
        asked["states"] = request.GET.getlist("states")
    alone = list(channels[:2])
    return {"states": ["failed", "crashed"], "channels": alone if len(alone) == 1 else []} | asked


def _as_it_is(rule: Rule) -> dict[str, Any]:
    fields = ("trigger", "states", "metric", "comparison", "threshold", "name")
    return {name: getattr(rule, name) for name in fields} | {"channels": rule.channels.all()}
