"""Verbs about rules and channels: what they check, and that every process hears of an edit."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from notifications import channel_settings, rules
from notifications.models import Channel, Delivery, Rule
from notifications.rules import Wish
from notifications.words import duration, rounded
from teams import accounts
from teams.models import AuditEntry
from tests.notifications.conftest import Lab
from tests.slack_server import TOKEN
from tracking.models import Project

pytestmark = pytest.mark.django_db


def version(project: Project) -> int:
    return Project.objects.values_list("rule_version", flat=True).get(pk=project.pk)


def test_every_change_moves_the_projects_version_and_is_audited(lab: Lab) -> None:
    bob = lab.people.bob
    rule = lab.rule_on("failed")
    rules.update_rule(rule=rule, user=bob, wish=Wish(trigger="run_state", states=["crashed"]))
    rules.set_enabled(rule=rule, user=bob, is_enabled=False)
    rules.set_enabled(rule=rule, user=bob, is_enabled=True)
    rules.delete_rule(rule=rule, user=bob)
    assert version(lab.project) == 5
    audited = AuditEntry.objects.filter(action__startswith="rule.").order_by("id").values_list("action", flat=True)
    assert list(audited) == ["rule.created", "rule.updated", "rule.paused", "rule.enabled", "rule.deleted"]


def test_switching_to_what_it_is_changes_nothing(lab: Lab) -> None:
    rule = lab.rule_on("failed")
    rules.set_enabled(rule=rule, user=lab.people.bob, is_enabled=True)
    assert version(lab.project) == 1


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        (Wish("run_state", states=["failed"]), "A run fails"),
        (Wish("run_state", states=["crashed", "failed"]), "A run fails or crashes"),
        (Wish("run_state", states=["crashed", "failed", "finished"]), "A run finishes, fails or crashes"),
        (Wish("metric", metric="val/loss", comparison=">", threshold=0.5), "val/loss goes above 0.5"),
        (Wish("metric", metric="acc", comparison=">=", threshold=90), "acc reaches 90"),
    ],
)
def test_a_rule_without_a_name_is_named_after_what_it_watches(lab: Lab, wish: Wish, name: str) -> None:
    assert rules.create_rule(project=lab.project, user=None, wish=wish).name == name


def test_a_second_rule_of_that_name_gets_a_number(lab: Lab) -> None:
    assert [lab.rule_on("failed").name for _number in range(3)] == ["A run fails", "A run fails (2)", "A run fails (3)"]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish("run_state"), "states"),
        (Wish("run_state", states=["exploded"]), "states"),
        (Wish("metric", comparison=">", threshold=1.0), "metric"),
        (Wish("metric", metric="loss", comparison=">"), "threshold"),
        (Wish("metric", metric="loss", comparison=">", threshold=float("nan")), "threshold"),
        (Wish("metric", metric="loss", comparison="", threshold=1.0), "comparison"),
        (Wish("weather", states=["failed"]), "trigger"),
    ],
)
def test_an_impossible_rule_is_refused_with_its_field(lab: Lab, wish: Wish, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        rules.create_rule(project=lab.project, user=None, wish=wish)
    assert list(caught.value.message_dict) == [field]
    assert Rule.objects.count() == 0


def test_a_name_is_taken_once_in_a_project(lab: Lab) -> None:
    lab.rule_on("failed", name="mine")
    with pytest.raises(ValidationError, match="has a rule of that name"):
        lab.rule_on("crashed", name="mine")


def test_a_rule_uses_channels_of_its_own_team_only(lab: Lab) -> None:
    elsewhere = accounts.create_team(name="elsewhere", owner=lab.people.charlie)
    foreign = channel_settings.create_channel(
        team=elsewhere, user=lab.people.charlie, name="theirs", kind="email", address="c@example.org"
    )
    with pytest.raises(ValidationError, match="its own team"):
        lab.rule_on("failed", channels=[foreign])


def test_deleting_a_rule_keeps_its_messages_and_stops_those_that_wait(lab: Lab) -> None:
    rule = lab.rule_on("failed")
    Delivery.objects.create(channel=lab.email(), project=lab.project, rule=rule, next_attempt_at=timezone.now())
    rules.delete_rule(rule=rule, user=lab.people.bob)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.rule) == (Delivery.State.SKIPPED, None)


def test_a_secret_is_stored_sealed(lab: Lab) -> None:
    channel = lab.slack()
    assert TOKEN not in Channel.objects.get(pk=channel.pk).secret


def test_an_empty_secret_keeps_the_one_that_is_there(lab: Lab) -> None:
    channel = lab.slack()
    sealed = channel.secret
    channel_settings.update_channel(channel=channel, user=lab.people.adam, name="renamed", address="C0TRAIN")
    channel.refresh_from_db()
    assert (channel.name, channel.secret) == ("renamed", sealed)


@pytest.mark.parametrize("change", [{"address": "C0NEW"}, {"address": "C0TRAIN", "secret": "xoxb-new"}])
def test_a_new_address_or_secret_lifts_the_pause(lab: Lab, change: dict[str, Any]) -> None:
    channel = lab.slack()
    channel_settings.pause_channel(channel=channel, user=lab.people.adam)
    channel.refresh_from_db()
    channel_settings.update_channel(channel=channel, user=lab.people.adam, name=channel.name, **change)
    assert Channel.objects.get(pk=channel.pk).paused_at is None


def test_a_new_name_lifts_no_pause(lab: Lab) -> None:
    channel = lab.slack()
    channel_settings.pause_channel(channel=channel, user=lab.people.adam)
    channel.refresh_from_db()
    channel_settings.update_channel(channel=channel, user=lab.people.adam, name="new name", address="C0TRAIN")
    assert Channel.objects.get(pk=channel.pk).paused_at is not None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "x", "kind": "slack_bot", "address": "C0", "secret": ""}, "secret"),
        ({"name": "x", "kind": "slack_bot", "address": "", "secret": TOKEN}, "address"),
        ({"name": "x", "kind": "slack_webhook", "secret": "https://evil.example/"}, "secret"),
        ({"name": "x", "kind": "email", "address": "nobody"}, "address"),
        ({"name": "", "kind": "email", "address": "a@example.org"}, "name"),
        ({"name": "taken", "kind": "email", "address": "a@example.org"}, "name"),
    ],
)
def test_an_impossible_channel_is_refused_with_its_field(lab: Lab, fields: dict[str, Any], field: str) -> None:
    lab.email(name="taken")
    with pytest.raises(ValidationError) as caught:
        channel_settings.create_channel(team=lab.people.team, user=None, **fields)
    assert list(caught.value.message_dict) == [field]
    assert Channel.objects.count() == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.43214, "0.4321"), (100000, "100000"), (12.0, "12"), (1.23456e-5, "1.235e-05"), (float("inf"), "∞")],
)
def test_numbers_are_rounded_to_four_digits(value: float, text: str) -> None:
    assert rounded(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(45, "45 s"), (725, "12 min 5 s"), (12_000, "3 h 20 min"), (187_200, "2 d 4 h")]
)
def test_durations_name_two_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text
