"""Where the views of this app begin: the rule, channel or delivery of an address, if the principal may see it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from notifications.models import Channel, Delivery, Rule
from teams.models import Role, Team
from teams.permissions import Principal, require, visible
from tracking.models import Project


def rules_of(principal: Principal, project: Project) -> QuerySet[Rule]:
    return visible(Rule.objects.filter(project=project), principal)


def channels_of(principal: Principal, team: Team) -> QuerySet[Channel]:
    return visible(Channel.objects.filter(team=team), principal)


def deliveries_of(principal: Principal) -> QuerySet[Delivery]:
    return visible(Delivery.objects.all(), principal)


def find_rule(principal: Principal, team: str, project: str, pk: int, role: Role = Role.VIEWER) -> Rule:
    """Raises Http404 for a stranger, PermissionDenied for a member below `role`."""
    found = visible(Rule.objects.select_related("project__team", "created_by"), principal)
    rule = found.filter(project__team__name=team, project__name=project, pk=pk).first()
    if rule is None:
        raise Http404
    require(principal, rule, role)
    return rule


def find_channel(principal: Principal, team: str, pk: int, role: Role = Role.VIEWER) -> Channel:
    """Raises Http404 for a stranger, PermissionDenied for a member below `role`."""
    found = visible(Channel.objects.select_related("team", "created_by"), principal)
    channel = found.filter(team__name=team, pk=pk).first()
    if channel is None:
        raise Http404
    require(principal, channel, role)
    return channel


def find_delivery(principal: Principal, team: str, project: str, pk: int, role: Role = Role.VIEWER) -> Delivery:
    """Raises Http404 for a stranger, PermissionDenied for a member below `role`."""
    found = visible(Delivery.objects.select_related("project__team", "channel__team", "rule", "event__run"), principal)
    delivery = found.filter(project__team__name=team, project__name=project, pk=pk).first()
    if delivery is None:
        raise Http404
    require(principal, delivery, role)
    return delivery
