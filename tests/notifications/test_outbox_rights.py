"""What may be told is decided at the moment of sending."""

from __future__ import annotations

import pytest

from notifications import rules
from notifications.models import Delivery
from teams.models import Membership
from tests.notifications.conftest import Lab, fail_run, only_delivery, work
from tests.slack_server import SlackServer
from tracking import events
from tracking.models import Project

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

State = Delivery.State


def test_a_rule_that_was_paused_meanwhile_is_not_sent(lab: Lab, slack: SlackServer) -> None:
    rule = lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    events.dispatch()
    rules.set_enabled(rule=rule, user=lab.people.bob, is_enabled=False)
    work()
    assert slack.posted == []
    assert only_delivery().reason == "The rule was paused before this was sent."


def test_a_project_its_maker_may_not_see_any_more_is_not_told_of(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    events.dispatch()
    Membership.objects.filter(team=lab.people.team, user=lab.people.bob).delete()
    Project.objects.update(visibility=Project.Visibility.PRIVATE)
    work()
    delivery = only_delivery()
    assert slack.posted == []
    assert delivery.state == State.SKIPPED
    assert "may not see it any more" in delivery.reason


def test_a_team_project_is_told_of_also_when_the_rules_maker_has_left(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    Membership.objects.filter(team=lab.people.team, user=lab.people.bob).delete()
    fail_run(lab)
    work()
    assert len(slack.posted) == 1


def test_a_project_that_moved_to_another_team_is_not_told_of(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    events.dispatch()
    Project.objects.update(team=lab.people.bob.personal_team)
    work()
    assert slack.posted == []
    assert "another team" in only_delivery().reason
