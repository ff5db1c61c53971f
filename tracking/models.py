"""What happened: projects, runs, their files and console, and the events that others react to.

Only `tracking/ingest.py` and `tracking/projects.py` write runs and projects. The history of a run (its metrics) lives
behind `tracking.history` and is not a model here.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.models import Team
from teams.permissions import PRIVATE, TEAM
from tracking import history as history  # its tables belong to this app

PROJECT_NAME_VALIDATOR = RegexValidator(r"^[^/\\#?%:]{1,128}\Z", _("Use 1 to 128 characters without / \\ # ? %% or :."))
RUN_ID_VALIDATOR = RegexValidator(
    r"^[^:;,#?/'\s]([^:;,#?/']*[^:;,#?/'\s])?\Z", _("A run id has no : ; , # ? / ' and no blanks around it.")
)


class Project(models.Model):
    TEAM_PATH = "team"
    PROJECT_PATH = ""

    class Visibility(models.TextChoices):
        TEAM = TEAM, _("Team: every member")
        PRIVATE = PRIVATE, _("Private: its creator and the team's admins")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=128, validators=[PROJECT_NAME_VALIDATOR])
    description = models.TextField(blank=True)
    visibility = models.CharField(max_length=12, choices=Visibility.choices, default=Visibility.TEAM)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    runs_started = models.PositiveIntegerField(default=0)  # the next run's number: names and colours follow it
    rule_version = models.PositiveIntegerField(default=0)  # moves whenever a rule of the project changes

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="project_name_unique_in_team"),
            models.CheckConstraint(condition=models.Q(visibility__in=[TEAM, PRIVATE]), name="project_visibility_known"),
        ]

    def __str__(self) -> str:
        return f"{self.team.name}/{self.name}"


class Run(models.Model):
    TEAM_PATH = "project__team"
    PROJECT_PATH = "project"

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        FAILED = "failed", _("failed")
        CRASHED = "crashed", _("crashed")
        KILLED = "killed", _("killed")
        PREEMPTING = "preempting", _("preempting")
        PREEMPTED = "preempted", _("preempted")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    name = models.CharField(max_length=512, validators=[RUN_ID_VALIDATOR])  # the run id in addresses
    number = models.PositiveIntegerField()  # 1 for the project's first run; decides the colour everywhere
    display_name = models.CharField(max_length=512)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    exit_code = models.IntegerField(null=True, blank=True)
    life = models.PositiveIntegerField(default=0)  # moves when a run that ended begins again; each life has one end
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs"
    )
    group = models.CharField(max_length=512, blank=True)
    job_type = models.CharField(max_length=512, blank=True)
    sweep_name = models.CharField(max_length=64, blank=True)
    notes = models.TextField(blank=True)
    tags = models.JSONField(default=list, blank=True)  # list[str]
    config = models.TextField(default="{}")  # as the client sent it; may hold NaN tokens, see tracking/wire.py
    summary = models.TextField(default="{}")  # likewise
    host = models.CharField(max_length=512, blank=True)
    program = models.CharField(max_length=1024, blank=True)
    commit = models.CharField(max_length=512, blank=True)
    repository = models.CharField(max_length=1024, blank=True)
    is_preempting = models.BooleanField(default=False)
    stop_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(default=1)  # moves with every change; live pages compare it
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="run_name_unique_in_project"),
            models.UniqueConstraint(fields=["project", "number"], name="run_number_unique_in_project"),
        ]
        indexes = [
            models.Index(fields=["project", "-number"], name="runs_newest_first"),
            models.Index(
                fields=["state", "heartbeat_at"],
                name="silent_runs",
                condition=models.Q(state__in=["running", "preempting"]),
            ),
            models.Index(fields=["project", "changed_at"], name="runs_that_moved"),
            models.Index(fields=["project", "group"], name="runs_of_a_group"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_active(self) -> bool:
        return self.state in {self.State.RUNNING, self.State.PREEMPTING, self.State.PENDING}


class RunFile(models.Model):
    """A file of a run. The row appears when its upload was announced; `uploaded_at` says that the bytes are there."""

    TEAM_PATH = "run__project__team"
    PROJECT_PATH = "run__project"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=1024)  # as the client calls it, "/" for folders
    stored_name = models.CharField(max_length=255, blank=True)  # where Django storage keeps it
    size = models.PositiveBigIntegerField(default=0)
    md5 = models.CharField(max_length=32, blank=True)
    media_type = models.CharField(max_length=128, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    uploaded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="file_name_unique_in_run")]


class ConsoleLine(models.Model):
    """One line of a run's console. A line may be rewritten (progress bars): the last writer wins."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    text = models.TextField()
    is_error = models.BooleanField(default=False)  # written to stderr
    written_at = models.CharField(max_length=32, blank=True)  # the client's own time stamp, ISO 8601

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="console_line_number_unique")]


class LivenessWatch(models.Model):
    """One row: since when heartbeats have been accepted without a pause, and when a sweep last looked for lost ones.

    After an outage of ours every running script has been silent for as long as we were away; nobody is taken for
    dead before we have listened for the whole time-out ourselves. `tracking.liveness` writes it.
    """

    looked_at = models.DateTimeField()
    accepted_at = models.DateTimeField()
    accepting_since = models.DateTimeField()


class Leftover(models.Model):
    """A folder in storage whose owner was deleted, written in that transaction; see tracking/leftovers.py."""

    folder = models.CharField(max_length=255)  # for example runs/12
    left_at = models.DateTimeField(auto_now_add=True)


class Event(models.Model):
    """A fact that others may react to, written in the transaction that made it true.

    `key` makes the fact unique: recording it twice is one row. Dispatch (tracking/events.py) claims a row by
    conditional update; `dispatched_at` is set in the transaction that turned it into further rows.
    """

    TEAM_PATH = "project__team"
    PROJECT_PATH = "project"

    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=160, unique=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="events")
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.CASCADE, related_name="events")
    payload = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)  # why a subscriber could not handle it, as last tried

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="events_that_wait", condition=models.Q(dispatched_at=None)),
            models.Index(fields=["run", "id"], name="events_of_a_run"),
            models.Index(fields=["project", "-id"], name="events_of_a_project"),
        ]
