"""Who gets a message: which language they read and whether they may (still) see what it says."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.models import Delivery, Rule
from teams.permissions import TEAM, Principal, visible
from tracking.models import Project


def language_of(rule: Rule | None) -> str:
    """The language of whoever made the rule; a channel has many readers, and they are that person's team."""
    creator = rule.created_by if rule is not None else None
    return creator.language if creator is not None and creator.language else settings.LANGUAGE_CODE


def why_not(delivery: Delivery) -> str:
    """Why this must not be sent now, in words; "" when it may. Asked at the moment of sending."""
    rule, project = delivery.rule, delivery.project
    if delivery.is_test:
        return ""
    if rule is None or project is None:
        return _("The rule was deleted before this was sent.")
    if not rule.is_enabled:
        return _("The rule was paused before this was sent.")
    if delivery.channel.team_id != project.team_id:
        return _("The channel belongs to another team than the project.")
    if project.visibility != TEAM and not _creator_sees(rule, project):
        return _("The project is private, and whoever made the rule may not see it any more.")
    return ""


def _creator_sees(rule: Rule, project: Project) -> bool:
    creator = Principal(user_id=rule.created_by_id)
    return visible(Project.objects.filter(pk=project.pk), creator).exists()
