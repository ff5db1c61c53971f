"""The pages about rules, for everybody on the team and for a stranger."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from notifications.models import Channel, Delivery, Rule
from teams.accounts import create_api_key
from teams.models import User
from tests.factories import make_run
from tests.notifications.conftest import Lab

pytestmark = pytest.mark.django_db

RULES = "/vision-lab/image-ablations/rules"


def as_(user: User) -> Client:
    client = Client(headers={"Accept": "text/html"})
    client.force_login(user)
    return client


def page(user: User, url: str) -> str:
    answer = as_(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def metric_form(**changes: Any) -> dict[str, Any]:
    return {"trigger": "metric", "metric": "val/loss", "comparison": ">", "threshold": "0.5", "name": ""} | changes


def test_without_rules_the_page_offers_two_to_begin_with(lab: Lab) -> None:
    shown = page(lab.people.bob, RULES)
    assert "Tell me when a run fails or crashes" in shown
    assert "?trigger=run_state&amp;states=failed&amp;states=crashed" in shown
    assert "Tell me when a metric crosses a line" in shown


def test_a_viewer_is_told_who_makes_rules(lab: Lab) -> None:
    shown = page(lab.people.vera, RULES)
    assert "Members of the team make rules" in shown
    assert "rules/new" not in shown


def test_the_list_says_in_words_what_each_rule_watches_and_where_it_sends(lab: Lab) -> None:
    lab.rule_on("failed", "crashed", name="Bad ends", channels=[lab.slack()])
    lab.rule_when("val/loss", ">", 0.5)
    shown = page(lab.people.vera, RULES)
    for words in ("Bad ends", "A run fails or crashes", "Slack #training", "val/loss goes above 0.5", "no channel"):
        assert words in shown


def test_a_starter_fills_in_the_form_and_a_lone_channel_is_chosen(lab: Lab) -> None:
    channel = lab.slack()
    answer = as_(lab.people.bob).get(f"{RULES}/new?trigger=run_state&states=failed&states=crashed")
    form = answer.context["form"]
    assert form["states"].value() == ["failed", "crashed"]
    assert form["channels"].value() == [channel.pk]


def test_the_form_offers_the_metrics_the_runs_have_logged(lab: Lab) -> None:
    make_run(lab.project, summary={"val": {"loss": 0.3}, "lr": 0.1})
    shown = page(lab.people.bob, f"{RULES}/new")
    assert '<option value="val.loss">' in shown
    assert '<option value="lr">' in shown


def test_a_member_makes_a_rule(lab: Lab) -> None:
    channel = lab.slack()
    answer = as_(lab.people.bob).post(f"{RULES}/new", metric_form(channels=[channel.pk]))
    rule = Rule.objects.get()
    assert answer.headers["Location"] == f"{RULES}/{rule.pk}"
    assert (rule.name, rule.metric, rule.threshold) == ("val/loss goes above 0.5", "val/loss", 0.5)
    assert (list(rule.channels.all()), rule.created_by) == ([channel], lab.people.bob)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"metric": ""}, "Name the metric to watch"),
        ({"threshold": ""}, "Write the number to compare with"),
        ({"threshold": "much"}, "Enter a number"),
        ({"trigger": "run_state"}, "Choose at least one"),
        ({"trigger": "weather"}, "Select a valid choice"),
        ({"channels": ["999"]}, "Select a valid choice"),
        ({"name": "x" * 200}, "at most 128 characters"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_saved(lab: Lab, changes: dict[str, Any], words: str) -> None:
    answer = as_(lab.people.bob).post(f"{RULES}/new", metric_form(**changes))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert Rule.objects.count() == 0


def test_without_channels_a_member_is_sent_to_an_admin_and_an_admin_to_the_page_that_makes_one(lab: Lab) -> None:
    assert "Ask an admin" in page(lab.people.bob, f"{RULES}/new")
    assert "/vision-lab/-/channels/new" in page(lab.people.adam, f"{RULES}/new")


def test_a_member_changes_a_rule(lab: Lab) -> None:
    rule = lab.rule_when("val/loss", ">", 0.5)
    as_(lab.people.bob).post(f"{RULES}/{rule.pk}", metric_form(threshold="0.7", name="Loss is high"))
    rule.refresh_from_db()
    assert (rule.name, rule.threshold, rule.version) == ("Loss is high", 0.7, 2)


def test_a_script_makes_a_rule_with_a_key_that_may_write(lab: Lab) -> None:
    _row, key = create_api_key(user=lab.people.bob, scope="write")
    answer = Client(headers={"Authorization": f"Bearer {key}"}).post(f"{RULES}/new", metric_form())
    assert answer.status_code == 302
    assert Rule.objects.get().created_by == lab.people.bob


def test_the_form_of_a_rule_shows_it_as_it_is(lab: Lab) -> None:
    rule = lab.rule_when("val/loss", "<=", 0.5, [lab.slack()])
    shown = page(lab.people.bob, f"{RULES}/{rule.pk}")
    assert 'value="0.5"' in shown
    assert '<option value="&lt;=" selected>' in shown


def test_a_rule_is_paused_switched_on_and_deleted(lab: Lab) -> None:
    rule = lab.rule_on("failed")
    client = as_(lab.people.bob)
    client.post(f"{RULES}/{rule.pk}/switch", {"enabled": "false"})
    assert not Rule.objects.get().is_enabled
    client.post(f"{RULES}/{rule.pk}/switch", {"enabled": "true"})
    assert Rule.objects.get().is_enabled
    client.post(f"{RULES}/{rule.pk}/delete")
    assert Rule.objects.count() == 0


def test_a_test_is_queued_and_the_page_looks_again_until_it_has_ended(lab: Lab) -> None:
    rule = lab.rule_on("failed", channels=[lab.slack()])
    answer = as_(lab.people.bob).post(f"{RULES}/{rule.pk}/test")
    assert answer.headers["Location"] == f"{RULES}/{rule.pk}#messages"
    waiting = page(lab.people.bob, f"{RULES}/{rule.pk}/messages")
    assert "hx-get" in waiting
    assert "Test of the rule" in waiting
    Delivery.objects.update(state=Delivery.State.FAILED, reason="The app is not in the channel.")
    ended = page(lab.people.bob, f"{RULES}/{rule.pk}/messages")
    assert "hx-get" not in ended
    assert "The app is not in the channel." in ended


def test_a_test_without_a_channel_says_what_is_missing(lab: Lab) -> None:
    rule = lab.rule_on("failed")
    answer = as_(lab.people.bob).post(f"{RULES}/{rule.pk}/test", follow=True)
    assert "has no channel yet" in answer.content.decode()


def test_a_viewer_sees_a_rule_without_its_form(lab: Lab) -> None:
    rule = lab.rule_on("failed", channels=[lab.slack()])
    shown = page(lab.people.vera, f"{RULES}/{rule.pk}")
    assert "A run fails" in shown
    assert "Save" not in shown
    assert "Send a test" not in shown


@pytest.mark.parametrize("path", ["", "/new", "/{pk}", "/{pk}/switch", "/{pk}/test", "/{pk}/delete"])
def test_a_viewer_changes_nothing_and_a_stranger_finds_nothing(lab: Lab, path: str) -> None:
    url = RULES + path.format(pk=lab.rule_on("failed").pk)
    expected = 405 if path == "" else 403
    assert as_(lab.people.vera).post(url, metric_form()).status_code == expected
    assert as_(lab.people.charlie).post(url, metric_form()).status_code in {404, 405}
    if path in {"", "/new", "/{pk}"}:
        assert as_(lab.people.charlie).get(url).status_code == 404
    assert Rule.objects.filter(is_enabled=True).count() == 1


def test_a_rule_is_found_in_its_own_project_only(lab: Lab) -> None:
    rule = lab.rule_on("failed")
    assert as_(lab.people.bob).get(f"/bob/other/rules/{rule.pk}").status_code == 404


def test_a_channel_of_another_team_cannot_be_chosen(lab: Lab) -> None:
    foreign = Channel.objects.create(team=lab.people.bob.personal_team, name="mine", kind="email", address="b@x.org")
    answer = as_(lab.people.bob).post(f"{RULES}/new", metric_form(channels=[foreign.pk]))
    assert answer.status_code == 400
