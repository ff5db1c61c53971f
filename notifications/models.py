"""Who is told what, where: rules, channels, and the outbox with every attempt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.models import Team
from tracking.models import Event, Project, Run


class Channel(models.Model):
    """A place messages go. `secret` holds the token or webhook address, encrypted (notifications/secrets.py)."""

    TEAM_PATH = "team"

    class Kind(models.TextChoices):
        SLACK_BOT = "slack_bot", _("Slack, bot token")
        SLACK_WEBHOOK = "slack_webhook", _("Slack, incoming webhook")
        EMAIL = "email", _("Email")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(max_length=128)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    address = models.CharField(max_length=512, blank=True)  # Slack channel id or name, mail addresses; never a secret
    secret = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = models.TextField(blank=True)  # the permanent error that paused it, in words
    busy_until = models.DateTimeField(null=True, blank=True)  # lease of the worker that sends here: one at a time
    paced_until = models.DateTimeField(null=True, blank=True)  # when all that was sent is paid for, see pacing.py
    not_before = models.DateTimeField(null=True, blank=True)  # wait: Retry-After of the last answer, or an outage

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="channel_name_unique_in_team")]

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """When to tell whom. `trigger` says which events can fire it; metric rules carry their condition in columns."""

    TEAM_PATH = "project__team"
    PROJECT_PATH = "project"

    class Trigger(models.TextChoices):
        RUN_STATE = "run_state", _("A run ends")
        METRIC = "metric", _("A metric crosses a line")

    class Comparison(models.TextChoices):
        BELOW = "<", _("below")
        AT_MOST = "<=", _("at most")
        ABOVE = ">", _("above")
        AT_LEAST = ">=", _("at least")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="rules")
    name = models.CharField(max_length=128)
    trigger = models.CharField(max_length=12, choices=Trigger.choices)
    states = models.JSONField(default=list, blank=True)  # of run_state: list of "finished", "failed", "crashed"
    metric = models.CharField(max_length=512, blank=True)
    comparison = models.CharField(max_length=2, choices=Comparison.choices, blank=True)
    threshold = models.FloatField(null=True, blank=True)
    channels = models.ManyToManyField(Channel, related_name="rules")
    is_enabled = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)  # moves with every edit; what it knows of runs is then forgotten
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    error = models.TextField(blank=True)  # why it could not be evaluated, as last seen

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="rule_name_unique_in_project")]

    def __str__(self) -> str:
        return self.name


class RuleState(models.Model):
    """What a metric rule remembers of one run: edge, not level — it fires when the condition becomes true."""

    TEAM_PATH = "rule__project__team"
    PROJECT_PATH = "rule__project"

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="states_of_runs")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    stream = models.CharField(max_length=8, default="history")  # a name may be logged in both streams
    is_true = models.BooleanField(default=False)
    rule_version = models.PositiveIntegerField(default=1)
    fired_at = models.DateTimeField(null=True, blank=True)  # by that version, the last time

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "run", "stream"], name="rule_state_unique")]


class Delivery(models.Model):
    """One message to one channel: the outbox row. Unique per (rule, event, channel); a test has neither."""

    TEAM_PATH = "channel__team"
    PROJECT_PATH = "project"
    PROJECT_OPTIONAL = True

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")  # given up, or a permanent error
        SKIPPED = "skipped", _("not sent")  # `reason` says why

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries")
    rule = models.ForeignKey(Rule, null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries")
    is_test = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)  # why skipped, failed or put off, in words
    attempts_made = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)  # since the last "try again"; being told to wait is none
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=256, blank=True)  # Slack ts, mail Message-ID
    message = models.JSONField(null=True, blank=True)  # what was sent (messages.to_json), for people to read again
    stored_chart = models.CharField(max_length=255, blank=True)  # its picture in Django storage
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "event", "channel"], name="one_delivery_a_fact", condition=models.Q(is_test=False)
            )
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="deliveries_due"),
            models.Index(fields=["project", "-id"], name="deliveries_of_a_project"),
            models.Index(fields=["channel", "-id"], name="deliveries_of_a_channel"),
        ]


class Attempt(models.Model):
    """One try to deliver, as it went. The row is written before the try: one that never ended was cut short."""

    TEAM_PATH = "delivery__channel__team"
    PROJECT_PATH = "delivery__project"
    PROJECT_OPTIONAL = True

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField(null=True, blank=True)  # how long it took; None until it ended
    is_success = models.BooleanField(default=False)
    status = models.CharField(max_length=64, blank=True)  # "200", "429", "invalid_auth", "550", "timed out"
    answer = models.TextField(blank=True)  # the first kB of what came back
    is_permanent = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_unique")]
