"""The audit trail as people read it. Every part of Debrief writes entries through `accounts.audit`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teams.models import Role, Team, User

# An action without words here is shown by its code, so nothing is hidden.
WORDS: dict[str, str | Promise] = {
    "team.created": _("Team made"),
    "team.renamed": _("Team renamed"),
    "membership.added": _("Member added"),
    "membership.role_changed": _("Role changed"),
    "membership.removed": _("Member removed"),
    "membership.left": _("Member left"),
    "invitation.made": _("Invitation made"),
    "invitation.accepted": _("Invitation accepted"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "project.created": _("Project made"),
    "project.visibility": _("Visibility changed"),
    "project.deleted": _("Project deleted"),
    "channel.created": _("Channel made"),
    "channel.updated": _("Channel changed"),
    "channel.paused": _("Channel paused"),
    "channel.resumed": _("Channel resumed"),
    "channel.deleted": _("Channel deleted"),
}


@dataclass(frozen=True)
class Line:
    action: str | Promise
    subject: str
    details: list[str | Promise]
    actor: User | None
    moment: datetime


def trail(team: Team, limit: int) -> Iterator[Line]:
    """The team's newest entries, newest first."""
    for entry in team.audit_entries.select_related("actor").order_by("-id")[:limit]:
        details = [_word(key, value) for key, value in entry.detail.items() if value not in (None, "")]
        action = WORDS.get(entry.action, entry.action)
        yield Line(action, entry.subject, details, entry.actor, entry.created_at)


def _word(key: str, value: object) -> str | Promise:
    is_role = key == "role" and str(value).upper() in Role.__members__
    return Role[str(value).upper()].label if is_role else str(value)
