"""The reports of a project as its list shows them. Reads only."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from reports.models import Edition, Report
from teams.models import User
from teams.permissions import Principal, visible
from tracking.models import Project


def reports_of(project: Project, principal: Principal, *, with_drafts: bool) -> QuerySet[Report]:
    """Last changed first, with `edition` (number or None), `shown_title`, `published_at` and `has_changes`.

    `has_changes` says that the draft differs from what readers see.
    """
    newest = Edition.objects.filter(report=OuterRef("pk")).order_by("-number")
    shown = Edition.objects.filter(
        report=OuterRef("pk"), number=OuterRef("edition"), title=OuterRef("title"), text=OuterRef("draft")
    )
    found = (
        visible(Report.objects.select_related("project__team", "created_by"), principal)
        .filter(project=project)
        .annotate(
            edition=Subquery(newest.values("number")[:1]),
            published_at=Subquery(newest.values("published_at")[:1]),
            published_title=Subquery(newest.values("title")[:1]),
        )
        .annotate(shown_title=Coalesce(F("published_title"), F("title")), has_changes=~Q(Exists(shown)))
    )
    return (found if with_drafts else found.exclude(edition=None)).order_by("-updated_at", "-pk")


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
