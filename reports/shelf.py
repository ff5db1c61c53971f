"""The reports of a project as its list shows them. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from reports.models import Edition, Report
from teams.models import Role, User
from teams.permissions import Principal, teams_with, visible
from tracking.models import Project

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Shown(TypedDict):
        edition: int | None
        shown_title: str


def readable(principal: Principal) -> QuerySet[WithAnnotations[Report, Shown]]:
    """The reports that `principal` may open: published ones, and drafts where they may write.

    With `edition`, the newest one's number or None, and `shown_title`, which their readers see.
    """
    newest = Edition.objects.filter(report=OuterRef("pk")).order_by("-number")
    return (
        visible(Report.objects.select_related("project__team", "created_by"), principal)
        .annotate(edition=Subquery(newest.values("number")[:1]))
        .annotate(shown_title=Coalesce(Subquery(newest.values("title")[:1]), F("title")))
        .filter(Q(edition__isnull=False) | Q(project__team__in=teams_with(principal, Role.MEMBER)))
    )


def reports_of(project: Project, principal: Principal) -> QuerySet[Report]:
    """Those of a project, last changed first. `has_changes` says that the draft differs from what readers see."""
    shown = Edition.objects.filter(
        report=OuterRef("pk"), number=OuterRef("edition"), title=OuterRef("title"), text=OuterRef("draft")
    )
    found = readable(principal).filter(project=project).annotate(has_changes=~Exists(shown))
    return found.order_by("-updated_at", "-pk")


def shown_title(report: Report) -> str:
    """The title its readers see: the newest edition's, or the draft's while nothing is published."""
    published = report.editions.order_by("-number").values_list("title", flat=True).first()
    return published or report.title


def authors(report: Report, edition: Edition | None = None) -> list[User]:
    """Whoever started the report, then those who published it up to `edition`, in that order."""
    people = [report.created_by]
    if edition is not None:
        until = Edition.objects.filter(report=report, number__lte=edition.number).select_related("published_by")
        people += [row.published_by for row in until.only("published_by").order_by("number")]
    return list(dict.fromkeys(person for person in people if person is not None))
