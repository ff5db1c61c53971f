"""Parts of a page that several apps contribute to, as literal lists: the project menu and the team menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teams.models import Role


@dataclass(frozen=True)
class MenuItem:
    """One line of the side menu. `view` is a URL name, `icon` a symbol id in templates/icons.svg."""

    view: str
    title: str | Promise
    icon: str
    role: Role = Role.VIEWER


PROJECT_MENU = [
    MenuItem("workspace", _("Workspace"), "chart"),
    MenuItem("reports", _("Reports"), "document"),
    MenuItem("rules", _("Alert rules"), "bell"),
    MenuItem("deliveries", _("Messages"), "send"),
    MenuItem("project-settings", _("Settings"), "gear", Role.ADMIN),
]
TEAM_MENU = [
    MenuItem("team", _("Projects"), "grid"),
    MenuItem("members", _("Members"), "people"),
    MenuItem("channels", _("Channels"), "send"),
    MenuItem("team-settings", _("Settings"), "gear", Role.ADMIN),
]


def context(request: HttpRequest) -> dict[str, Any]:
    return {"project_menu": PROJECT_MENU, "team_menu": TEAM_MENU}
