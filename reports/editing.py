"""The verbs of reports: the only writers of drafts and editions. Each is one transaction, with its event row."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from reports import document, pictures
from reports.blocks import chart
from reports.blocks.chart import ChartBlock
from reports.models import DraftCopy, Edition, FrozenFigure, Report
from teams.models import User
from teams.permissions import Principal
from tracking import events
from tracking.charts.figure import to_json
from tracking.models import Project

KEY_LETTERS = "abcdefghijkmnopqrstuvwxyz0123456789"  # no l: people type keys from slides
KEY_LENGTH = 10
MAX_TITLE = 128  # characters, as the wandb client allows


class StaleDraft(Exception):
    """Somebody else saved first. `report` is as it is now; the text that came too late is kept as a DraftCopy."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"report {report.key} is at version {report.draft_version}")
        self.report = report


class NothingNew(Exception):
    """The draft, drawn from today's runs, is what the newest edition already shows."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(f"nothing has changed since edition {edition.number}")
        self.edition = edition


@transaction.atomic
def create_report(*, project: Project, title: str, user: User, text: str = "") -> Report:
    """A report that only members see until it is published. Raises ValidationError naming the field."""
    key = get_random_string(KEY_LENGTH, KEY_LETTERS)
    report = Report(project=project, key=key, title=title, draft=text, created_by=user, draft_by=user)
    _check(title, text)
    report.save(force_insert=True)
    return report


def save_draft(*, report: Report, title: str, text: str, version: int, user: User) -> int:
    """Store the draft that was written on `version` and return its new version.

    Raises ValidationError naming the field, StaleDraft when another save came first.
    """
    _check(title, text)
    if _write(report, title, text, version, user):
        return version + 1
    current = _fresh(report)
    if (current.title, current.draft) == (title, text):  # the same save again, or the same change twice
        return current.draft_version
    _keep(report, DraftCopy.Reason.LATE, title=title, text=text, version=version, written_by=user)
    raise StaleDraft(current)


@transaction.atomic
def replace_draft(*, report: Report, title: str, text: str, version: int, user: User) -> int:
    """Put this text in the place of draft `version`, which is kept as a copy. Raises as `save_draft` does."""
    _check(title, text)
    current = Report.objects.select_for_update().get(pk=report.pk)
    if current.draft_version != version:
        raise StaleDraft(current)
    if (current.title, current.draft) != (title, text):
        kept = {"title": current.title, "text": current.draft, "written_by": current.draft_by}
        _keep(current, DraftCopy.Reason.REPLACED, version=version, **kept)
        _write(report, title, text, version, user)
        return version + 1
    return version


def restore_edition(*, edition: Edition, user: User) -> int:
    """Make the edition's text the draft; the present draft is kept as a copy. Returns the draft's version."""
    report = _fresh(edition.report)
    return replace_draft(report=report, title=edition.title, text=edition.text, version=report.draft_version, user=user)


def restore_copy(*, copy: DraftCopy, user: User) -> int:
    """Make a kept copy the draft; the present draft is kept in turn. Returns the draft's version."""
    report = _fresh(copy.report)
    return replace_draft(report=report, title=copy.title, text=copy.text, version=report.draft_version, user=user)


def publish(*, report: Report, user: User, version: int | None = None) -> Edition:
    """Freeze the draft: its text and the points of its charts, drawn from what `user` may see.

    With `version`, exactly that draft. Raises StaleDraft when the draft moved, NothingNew when there is nothing to
    publish, ValidationError when the draft is empty.
    """
    draft = _fresh(report)
    if version is not None and draft.draft_version != version:
        raise StaleDraft(draft)
    if not draft.draft.strip():
        raise ValidationError({"text": _("Write something first: an empty report cannot be published.")})
    figures = _freeze(draft, user)  # reads histories: before the transaction, not in it
    with transaction.atomic():
        edition = _add_edition(draft, figures, user)
    return edition


@transaction.atomic
def delete_report(*, report: Report) -> None:
    """The report with all its editions; a worker removes those pictures that no other report shows."""
    report.delete()


def _freeze(draft: Report, user: User) -> list[FrozenFigure]:
    """The draft's chart blocks as rows that are not stored yet."""
    principal = Principal(user_id=user.pk, username=user.username)
    blocks = document.read(draft.draft).charts
    return [_freeze_block(block, draft.project, principal) for block in blocks]


def _freeze_block(block: ChartBlock, project: Project, principal: Principal) -> FrozenFigure:
    figure, error = chart.freeze(block, project, principal)
    if figure is None:
        return FrozenFigure(index=block.number, error=error)
    return FrozenFigure(
        index=block.number,
        title=figure.title,
        subtitle=figure.subtitle,
        runs=chart.runs_behind(block, figure, project, principal),
        # As it will be when it is read back, so that comparing and hashing see the same values.
        points=json.loads(json.dumps(to_json(figure))),
    )


def _add_edition(draft: Report, figures: list[FrozenFigure], user: User) -> Edition:
    report = Report.objects.select_for_update().get(pk=draft.pk)
    if report.draft_version != draft.draft_version:
        raise StaleDraft(report)
    newest = report.editions.order_by("-number").first()
    if newest is not None and _shows(newest, draft, figures):
        raise NothingNew(newest)
    edition = Edition.objects.create(
        report=report,
        number=newest.number + 1 if newest else 1,
        title=draft.title,
        text=draft.draft,
        published_by=user,
    )
    for figure in figures:
        figure.edition = edition
    pictures.ask_for(FrozenFigure.objects.bulk_create(figures))
    Report.objects.filter(pk=report.pk).update(updated_at=timezone.now())
    payload = {"report": report.key, "title": edition.title, "edition": edition.number, "by": user.username}
    events.record(events.REPORT_PUBLISHED, f"report.published:{edition.pk}", project=report.project, payload=payload)
    return edition


def _shows(edition: Edition, draft: Report, figures: list[FrozenFigure]) -> bool:
    """Whether a reader would see no difference."""
    if (edition.title, edition.text) != (draft.title, draft.draft):
        return False
    shown = edition.figures.order_by("index").values_list("points", "error")
    return list(shown) == [(figure.points, figure.error) for figure in figures]


def _write(report: Report, title: str, text: str, version: int, user: User) -> bool:
    unmoved = Report.objects.filter(pk=report.pk, draft_version=version)
    return bool(
        unmoved.update(
            title=title, draft=text, draft_by=user, draft_version=F("draft_version") + 1, updated_at=timezone.now()
        )
    )


def _keep(report: Report, reason: DraftCopy.Reason, **copy: Any) -> None:
    """Each text once: a browser that tries the same save again and again writes one row."""
    if not DraftCopy.objects.filter(report=report, reason=reason, **copy).exists():
        DraftCopy.objects.create(report=report, reason=reason, **copy)


def _fresh(report: Report) -> Report:
    return Report.objects.select_related("project__team", "draft_by").get(pk=report.pk)


def _check(title: str, text: str) -> None:
    """Raises ValidationError naming the field; every save goes through here, whoever asks."""
    if not title.strip() or "\x00" in title:
        raise ValidationError({"title": _("Give the report a title.")})
    if len(title) > MAX_TITLE:
        raise ValidationError({"title": _("Use at most 128 characters.")})
    if document.byte_size(text) > document.MAX_BYTES:
        raise ValidationError({"text": _("The text is larger than 1 MB. Split the report in two.")})
    if "\x00" in text:
        raise ValidationError({"text": _("The text holds a NUL character, which cannot be stored. Remove it.")})
