"""A team's channels: the list, making and changing one, testing, pausing, deleting. Secrets are never rendered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications import channel_settings, ledger
from notifications.channels import KINDS
from notifications.deliveries import queue_channel_test
from notifications.forms import ChannelForm, show
from notifications.models import Channel, Delivery
from notifications.scope import channels_of, deliveries_of, find_channel
from teams.auth import AskedRequest
from teams.models import Role
from teams.permissions import visible
from tracking.models import Project
from tracking.scope import find_team, may, person


@require_safe
def channel_list(request: AskedRequest, team: str) -> HttpResponse:
    found = find_team(request.principal, team)
    projects = visible(Project.objects.filter(team=found), request.principal).values("pk")
    sent = Q(deliveries__state=Delivery.State.SENT)
    sent &= Q(deliveries__project=None) | Q(deliveries__project__in=projects)
    channels = channels_of(request.principal, found).order_by("name")
    context = {
        "team": found,
        "channels": channels.annotate(
            rule_count=Count("rules", filter=Q(rules__project__in=projects), distinct=True),
            last_sent=Max("deliveries__sent_at", filter=sent),
        ),
        "kinds": KINDS,
        "may_administer": may(request.principal, found, Role.ADMIN),
    }
    return render(request, "notifications/channels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("secret")
def new_channel(request: AskedRequest, team: str) -> HttpResponse:
    """`?kind=` says which kind; without it the page asks."""
    found = find_team(request.principal, team, Role.ADMIN)
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        return render(request, "notifications/channel_kinds.html", {"team": found, "kinds": KINDS})
    form = ChannelForm(request.POST or None, kind=kind, is_new=True)
    if form.is_valid():
        try:
            channel = channel_settings.create_channel(
                team=found, user=person(request.principal), kind=kind, **form.cleaned_data
            )
        except ValidationError as problem:
            show(form, problem)
        else:
            messages.success(request, _("Saved. Send a test to see that it works."))
            return redirect("channel", team=team, pk=channel.pk)
    context = {"team": found, "form": form, "kind": kind, "title": KINDS[kind].title, **_server()}
    return render(request, "notifications/new_channel.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("secret")
def channel(request: AskedRequest, team: str, pk: int) -> HttpResponse:
    found = find_channel(request.principal, team, pk, Role.ADMIN if request.method == "POST" else Role.VIEWER)
    initial = {"name": found.name, "address": found.address}
    form = ChannelForm(request.POST or None, kind=found.kind, is_new=False, initial=initial)
    if form.is_valid():
        try:
            channel_settings.update_channel(channel=found, user=person(request.principal), **form.cleaned_data)
        except ValidationError as problem:
            show(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("channel", team=team, pk=pk)
    return _channel_page(request, found, form)


@require_POST
def test_channel(request: AskedRequest, team: str, pk: int) -> HttpResponse:
    """A member may: what a rule of theirs can do every minute needs no more rights once."""
    queue_channel_test(channel=find_channel(request.principal, team, pk, Role.MEMBER))
    return redirect(reverse("channel", kwargs={"team": team, "pk": pk}) + "#messages")


@require_POST
def switch_channel(request: AskedRequest, team: str, pk: int) -> HttpResponse:
    found = find_channel(request.principal, team, pk, Role.ADMIN)
    if request.POST.get("enabled") == "true":
        channel_settings.resume_channel(channel=found, user=person(request.principal))
        messages.success(request, _("“%(channel)s” sends again.") % {"channel": found})
    else:
        channel_settings.pause_channel(channel=found, user=person(request.principal))
        messages.success(request, _("“%(channel)s” is paused.") % {"channel": found})
    return redirect("channel", team=team, pk=pk)


@require_POST
def delete_channel(request: AskedRequest, team: str, pk: int) -> HttpResponse:
    found = find_channel(request.principal, team, pk, Role.ADMIN)
    channel_settings.delete_channel(channel=found, user=person(request.principal))
    messages.success(request, _("“%(channel)s” is deleted.") % {"channel": found.name})
    return redirect("channels", team=team)


@require_safe
def channel_messages(request: AskedRequest, team: str, pk: int) -> HttpResponse:
    """The newest messages of a channel: a part of its page that looks again while one of them is on its way."""
    found = find_channel(request.principal, team, pk)
    return render(request, "notifications/parts/messages.html", _messages(request, found))


def _channel_page(request: AskedRequest, channel: Channel, form: ChannelForm) -> HttpResponse:
    context = {
        "team": channel.team,
        "channel": channel,
        "title": KINDS[channel.kind].title,
        "kind": channel.kind,
        "form": form,
        "may_administer": may(request.principal, channel.team, Role.ADMIN),
        **_messages(request, channel),
        **_server(),
    }
    return render(request, "notifications/channel.html", context, status=400 if form.is_bound else 200)


def _messages(request: AskedRequest, channel: Channel) -> dict[str, Any]:
    lines = ledger.lines(deliveries_of(request.principal).filter(channel=channel), limit=10)
    return {
        "lines": lines,
        "is_moving": ledger.is_moving(lines),
        "messages_url": reverse("channel-messages", kwargs={"team": channel.team.name, "pk": channel.pk}),
        "may_test": may(request.principal, channel.team, Role.MEMBER),
    }


def _server() -> dict[str, Any]:
    return {"mail_is_configured": settings.EMAIL_CONFIGURED, "sender": settings.DEFAULT_FROM_EMAIL}
