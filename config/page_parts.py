"""Parts of a page that several apps contribute to, as literal lists: the project menu and the team menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Rule
from reports import shelf
from teams.models import Membership, Role, Team
from teams.permissions import Principal, visible
from tracking.models import Project, Run


@dataclass(frozen=True)
class MenuItem:
    """One line of the side menu.

    `view` is a URL name, `icon` a symbol id in static/icons.svg, `role` the smallest role that sees the line, and
    `count` says how many there are behind it. A personal team has one member for good, so it leaves some lines out.
    """

    view: str
    title: str | Promise
    icon: str
    role: Role = Role.VIEWER
    count: Callable[[Principal, Any], int] | None = None
    for_personal_teams: bool = True


def _runs(principal: Principal, project: Project) -> int:
    return visible(Run.objects.all(), principal).filter(project=project).count()


def _reports(principal: Principal, project: Project) -> int:
    return shelf.readable(principal).filter(project=project).count()


def _rules(principal: Principal, project: Project) -> int:
    return visible(Rule.objects.all(), principal).filter(project=project).count()


def _projects(principal: Principal, team: Team) -> int:
    return visible(Project.objects.all(), principal).filter(team=team).count()


def _members(principal: Principal, team: Team) -> int:
    return visible(Membership.objects.all(), principal).filter(team=team).count()


PROJECT_MENU = [
    MenuItem("workspace", _("Workspace"), "chart"),
    MenuItem("runs", _("Runs"), "list", count=_runs),
    MenuItem("reports", _("Reports"), "document", count=_reports),
    MenuItem("rules", _("Alert rules"), "bell", count=_rules),
    MenuItem("deliveries", _("Messages"), "send"),
    MenuItem("project-settings", _("Settings"), "gear", Role.ADMIN),
]
TEAM_MENU = [
    MenuItem("team", _("Projects"), "grid", count=_projects),
    MenuItem("members", _("Members"), "people", count=_members, for_personal_teams=False),
    MenuItem("channels", _("Channels"), "hash"),
    MenuItem("team-settings", _("Settings"), "gear", Role.ADMIN, for_personal_teams=False),
]


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template knows: the address people paste into their scripts."""
    return {"site_url": settings.SITE_URL}
