"""Reports: Markdown drafts, editions that never change, and their renderings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

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
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """What was published: text and plotted points. Immutable."""

    TEAM_PATH = "report__project__team"
    PROJECT_PATH = "report__project"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=128)
    text = models.TextField()
    figures = models.JSONField(default=list)  # tracking.charts figures as JSON, in the order of the chart blocks
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="edition_number_unique")]


class Rendering(models.Model):
    """A picture of one figure of an edition, made by a worker. Found again by the hash of what it shows."""

    TEAM_PATH = "edition__report__project__team"
    PROJECT_PATH = "edition__report__project"

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="renderings")
    figure_index = models.PositiveSmallIntegerField()
    format = models.CharField(max_length=4)  # "png" or "svg"
    theme = models.CharField(max_length=5)  # "light" or "dark"
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    stored_name = models.CharField(max_length=255, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "figure_index", "format", "theme"], name="rendering_unique")
        ]
        indexes = [models.Index(fields=["id"], name="renderings_that_wait", condition=models.Q(state="waiting"))]
