"""Verbs about a team's channels. A secret goes in and is sealed; nothing here gives it back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.channels import KINDS
from notifications.channels.errors import AddressError
from notifications.channels.types import Address
from notifications.models import Channel
from notifications.secrets import UnreadableSecret, seal, unseal
from teams.accounts import audit
from teams.models import Team, User


@transaction.atomic
def create_channel(
    *, team: Team, user: User | None, name: str, kind: str, address: str = "", secret: str = ""
) -> Channel:
    """Raises ValidationError naming the field."""
    channel = Channel(team=team, kind=kind, created_by=user)
    _lay(channel, name, address, secret)
    channel.save()
    audit(team=team, actor=user, action="channel.created", subject=channel.name, kind=kind)
    return channel


@transaction.atomic
def update_channel(*, channel: Channel, user: User | None, name: str, address: str = "", secret: str = "") -> None:
    """An empty secret keeps the one that is there. A new address or secret lifts the pause that the old one caused.

    Raises ValidationError naming the field.
    """
    before = (channel.address, channel.secret)
    _lay(channel, name, address, secret)
    if (channel.address, channel.secret) != before:
        channel.paused_at, channel.paused_because, channel.not_before = None, "", None
    channel.save(update_fields=["name", "address", "secret", "paused_at", "paused_because", "not_before"])
    audit(team=channel.team, actor=user, action="channel.updated", subject=channel.name)


@transaction.atomic
def pause_channel(*, channel: Channel, user: User) -> None:
    """Nothing is sent there until somebody resumes it; what rules raise meanwhile is listed as not sent."""
    reason = _("%(user)s paused it.") % {"user": user}
    if Channel.objects.filter(pk=channel.pk, paused_at=None).update(paused_at=timezone.now(), paused_because=reason):
        audit(team=channel.team, actor=user, action="channel.paused", subject=channel.name)


@transaction.atomic
def resume_channel(*, channel: Channel, user: User) -> None:
    """Send there again. What was not sent meanwhile stays so, each row with its own "try again"."""
    paused = Channel.objects.filter(pk=channel.pk, paused_at__isnull=False)
    if paused.update(paused_at=None, paused_because="", not_before=None):
        audit(team=channel.team, actor=user, action="channel.resumed", subject=channel.name)


@transaction.atomic
def delete_channel(*, channel: Channel, user: User | None) -> None:
    """With its deliveries: rules that used it stay and send to their other channels."""
    audit(team=channel.team, actor=user, action="channel.deleted", subject=channel.name, kind=channel.kind)
    channel.delete()


def _lay(channel: Channel, name: str, address: str, secret: str) -> None:
    kind = KINDS[channel.kind]
    channel.name, channel.address = name, address if kind.has_address else ""
    channel.full_clean(exclude=["secret"], validate_constraints=False)
    if Channel.objects.filter(team=channel.team, name=name).exclude(pk=channel.pk).exists():
        raise ValidationError({"name": _("The team has a channel of that name; choose another one.")})
    if kind.has_secret and secret:
        channel.secret = seal(secret)
    try:
        kind.check(Address(channel.kind, channel.address, secret or _known_secret(channel)))
    except AddressError as problem:
        raise ValidationError({problem.field: str(problem)}) from problem


def _known_secret(channel: Channel) -> str:
    """The saved secret, "" when there is none or it cannot be read any more: then `check` asks for a new one."""
    try:
        return unseal(channel.secret)
    except UnreadableSecret:
        return ""
