"""Reports: Markdown drafts, editions that never change, and their renderings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.charts.figure import Figure, from_json
from tracking.models import Project


class Report(models.Model):
    """A document of a project. `key` is the id in its address (`TITLE--KEY`)."""

    TEAM_PATH = "project__team"
    PROJECT_PATH = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reports")
    key = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=128)
    draft = models.TextField(blank=True)  # Markdown
    draft_version = models.PositiveIntegerField(default=1)  # moves with every save; a stale save is refused
    draft_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )  # who saved it last
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title


class DraftCopy(models.Model):
    """A draft that lost: a save that came too late, or a text that was replaced. Kept, so that nothing is lost."""

    TEAM_PATH = "report__project__team"
    PROJECT_PATH = "report__project"

    class Reason(models.TextChoices):
        LATE = "late", _("somebody else had saved before")
        REPLACED = "replaced", _("it was replaced")

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="draft_copies")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    title = models.CharField(max_length=128)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField()  # the draft it was, or was written on
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["report", "-kept_at"], name="draft_copies_newest_first")]


class Edition(models.Model):
    """What was published: a text and, in `figures`, the points of its charts. Immutable."""

    TEAM_PATH = "report__project__team"
    PROJECT_PATH = "report__project"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=128)
    text = models.TextField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="edition_number_unique")]


class FrozenFigure(models.Model):
    """One chart block of an edition as it was drawn when it was published, or why it could not be. Immutable."""

    TEAM_PATH = "edition__report__project__team"
    PROJECT_PATH = "edition__report__project"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="figures")
    index = models.PositiveSmallIntegerField()  # of the chart block in the text, from 0
    title = models.TextField(blank=True)
    subtitle = models.TextField(blank=True)
    runs = models.JSONField(default=list, blank=True)  # ids of the runs it shows
    points = models.JSONField(null=True, blank=True)  # a tracking.charts Figure as JSON
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "index"], name="frozen_figure_index_unique"),
            models.CheckConstraint(
                condition=models.Q(points__isnull=True) ^ models.Q(error=""), name="frozen_figure_drawn_or_explained"
            ),
        ]

    @property
    def figure(self) -> Figure:
        """What was plotted. Raises ValueError for a block that could not be drawn."""
        if self.points is None:
            raise ValueError(self.error)
        return from_json(self.points)


class Rendering(models.Model):
    """A picture of one frozen figure, made by a worker. Found again by the hash of what it shows."""

    TEAM_PATH = "figure__edition__report__project__team"
    PROJECT_PATH = "figure__edition__report__project"

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    figure = models.ForeignKey(FrozenFigure, on_delete=models.CASCADE, related_name="renderings")
    format = models.CharField(max_length=4)  # "png" or "svg"
    theme = models.CharField(max_length=5)  # "light" or "dark"
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    stored_name = models.CharField(max_length=255, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["figure", "format", "theme"], name="rendering_unique")]
        indexes = [
            models.Index(fields=["id"], name="renderings_that_wait", condition=models.Q(state="waiting")),
            models.Index(fields=["content_hash"], name="same_pictures", condition=models.Q(state="done")),
        ]
