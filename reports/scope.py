"""Where every view of a report begins: the report, edition or copy of an address, if the principal may see it."""

from __future__ import annotations

from django.http import Http404

from reports.models import DraftCopy, Edition, FrozenFigure, Rendering, Report
from teams.models import Role
from teams.permissions import Principal, require, visible


def find_report(principal: Principal, team: str, project: str, key: str, role: Role = Role.VIEWER) -> Report:
    """The key alone decides which report it is; the words before it are for people.

    Raises Http404 for a stranger, PermissionDenied below `role`. A draft that was never published needs a member.
    """
    reports = visible(Report.objects.select_related("project__team", "created_by", "draft_by"), principal)
    found = reports.filter(project__team__name=team, project__name=project, key=key).first()
    if found is None:
        raise Http404
    published = found.editions.exists()
    require(principal, found, role if published else max(role, Role.MEMBER))
    return found


def newest_edition(principal: Principal, report: Report) -> Edition | None:
    """What readers see of a report; None when nothing is published."""
    editions = visible(Edition.objects.select_related("published_by"), principal)
    return editions.filter(report=report).order_by("-number").first()


def find_edition(principal: Principal, report: Report, number: int) -> Edition:
    """Raises Http404."""
    editions = visible(Edition.objects.select_related("published_by"), principal)
    found = editions.filter(report=report, number=number).first()
    if found is None:
        raise Http404
    return found


def find_figure(principal: Principal, edition: Edition, number: int) -> FrozenFigure:
    """The edition's chart block of that number, if it could be drawn. Raises Http404."""
    figures = visible(FrozenFigure.objects.all(), principal)
    found = figures.filter(edition=edition, index=number, points__isnull=False).first()
    if found is None:
        raise Http404
    return found


def find_rendering(principal: Principal, edition: Edition, number: int, format: str, theme: str) -> Rendering:
    """Raises Http404."""
    renderings = visible(Rendering.objects.all(), principal)
    found = renderings.filter(figure__edition=edition, figure__index=number, format=format, theme=theme).first()
    if found is None:
        raise Http404
    return found


def find_copy(principal: Principal, report: Report, pk: int) -> DraftCopy:
    """Raises Http404."""
    found = visible(DraftCopy.objects.select_related("report"), principal).filter(report=report, pk=pk).first()
    if found is None:
        raise Http404
    return found


def role_to_delete(principal: Principal, report: Report) -> Role:
    """Admins may delete a report, and so may the member who started it."""
    return Role.MEMBER if report.created_by_id == principal.user_id else Role.ADMIN
