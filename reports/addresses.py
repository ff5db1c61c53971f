"""The address of a report: `/TEAM/PROJECT/reports/TITLE--KEY`, as the wandb client prints it."""

from __future__ import annotations

import re
import unicodedata

from django.urls import reverse

from reports.models import Report


def slug(title: str) -> str:
    """The title's words with dashes between them, in whatever script they are; "report" when there are none."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", title))
    return "-".join(words)[:80].strip("-") or "report"


def arguments(report: Report, title: str | None = None) -> dict[str, str]:
    """The URL arguments of every page of the report. `title` is the one its readers see."""
    return {
        "team": report.project.team.name,
        "project": report.project.name,
        "slug": slug(title or report.title),
        "key": report.key,
    }


def address(view: str, report: Report, title: str | None = None, **more: int | str) -> str:
    """The path of the page with that URL name."""
    return reverse(view, kwargs={**arguments(report, title), **more})
