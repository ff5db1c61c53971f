"""The ledger: what was sent, what was not and why."""

from __future__ import annotations

import pytest

from notifications.models import Delivery
from tests.factories import log_metrics, make_project, make_run
from tests.notifications.conftest import Lab, only_delivery, work
from tests.notifications.test_rule_pages import as_, page
from tests.slack_server import SlackServer
from tracking import ingest
from tracking.models import Project

pytestmark = pytest.mark.django_db

DELIVERIES = "/vision-lab/image-ablations/deliveries"


def send(lab: Lab, slack: SlackServer, error: str = "") -> Delivery:
    """A message about a failed run, or one that Slack refused."""
    if error:
        slack.refuse("chat.postMessage", error)
    lab.rule_on("failed", channels=[lab.slack()])
    run = make_run(lab.project, lab.people.bob, display_name="calm-otter-12", summary={"loss": 0.2})
    log_metrics(run, [{"loss": 0.4}, {"loss": 0.2}])
    ingest.finish_run(run=run, exit_code=1)
    work()
    return only_delivery()


def test_without_messages_the_page_says_how_they_come(lab: Lab) -> None:
    assert "When a rule fires" in page(lab.people.vera, DELIVERIES)


def test_a_viewer_sees_what_was_sent_where(lab: Lab, slack: SlackServer) -> None:
    send(lab, slack)
    shown = page(lab.people.vera, DELIVERIES)
    for words in ("calm-otter-12 failed", "Slack #training", "A run fails", "sent"):
        assert words in shown


def test_a_message_can_be_read_as_it_was_sent_with_its_chart(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack)
    shown = page(lab.people.vera, f"{DELIVERIES}/{delivery.pk}")
    for words in ("The message as sent", "Exit code", "ts ", "200"):
        assert words in shown
    answer = as_(lab.people.vera).get(f"{DELIVERIES}/{delivery.pk}/chart.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert b"".join(answer).startswith(b"\x89PNG")


def test_every_try_is_shown_with_its_answer(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack, "is_archived")
    shown = page(lab.people.vera, f"{DELIVERIES}/{delivery.pk}")
    for words in ("is_archived", "The channel is archived", "for good"):
        assert words in shown


def test_a_try_that_never_ended_was_cut_short(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack)
    delivery.attempts.update(milliseconds=None, is_success=False, status="")
    assert "cut short" in page(lab.people.vera, f"{DELIVERIES}/{delivery.pk}")


@pytest.mark.parametrize(
    ("state", "is_listed"), [("", True), ("failed", True), ("sent", False), ("waiting", False), ("nonsense", True)]
)
def test_the_list_is_filtered_by_state(lab: Lab, slack: SlackServer, state: str, is_listed: bool) -> None:
    send(lab, slack, "msg_too_long")
    assert ("calm-otter-12 failed" in page(lab.people.vera, f"{DELIVERIES}?state={state}")) == is_listed


def test_older_messages_are_on_the_next_page(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack)
    Delivery.objects.bulk_create(
        Delivery(channel=delivery.channel, project=lab.project, is_test=True, next_attempt_at=delivery.next_attempt_at)
        for _number in range(50)
    )
    first = as_(lab.people.vera).get(DELIVERIES)
    assert len(first.context["lines"]) == 50
    older = page(lab.people.vera, f"{DELIVERIES}?before={first.context['older']}")
    assert "calm-otter-12 failed" in older
    assert "Newest" in older


def test_a_member_tries_a_failed_message_again(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack, "msg_too_long")
    assert "Try again" in page(lab.people.bob, DELIVERIES)
    as_(lab.people.bob).post(f"{DELIVERIES}/{delivery.pk}/retry")
    work()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT


def test_trying_again_on_a_paused_channel_says_what_to_do_first(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack, "is_archived")
    answer = as_(lab.people.bob).post(f"{DELIVERIES}/{delivery.pk}/retry", follow=True)
    assert "resume it first" in answer.content.decode()


def test_a_waiting_message_makes_its_page_look_again(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack)
    Delivery.objects.update(state=Delivery.State.WAITING)
    url = f"{DELIVERIES}/{delivery.pk}"
    part = as_(lab.people.bob).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" in part
    assert "<html" not in part


def test_a_viewer_may_not_try_again_and_a_stranger_finds_nothing(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack, "msg_too_long")
    assert "Try again" not in page(lab.people.vera, f"{DELIVERIES}/{delivery.pk}")
    assert as_(lab.people.vera).post(f"{DELIVERIES}/{delivery.pk}/retry").status_code == 403
    for path in ("", f"/{delivery.pk}", f"/{delivery.pk}/chart.png"):
        assert as_(lab.people.charlie).get(DELIVERIES + path).status_code == 404


def test_a_delivery_is_found_in_its_own_project_only(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack)
    other = make_project(lab.people.team, name="other")
    assert as_(lab.people.bob).get(f"/vision-lab/{other.name}/deliveries/{delivery.pk}").status_code == 404


def test_a_project_that_became_private_hides_its_messages(lab: Lab, slack: SlackServer) -> None:
    delivery = send(lab, slack)
    Project.objects.update(visibility=Project.Visibility.PRIVATE)
    assert as_(lab.people.vera).get(f"{DELIVERIES}/{delivery.pk}").status_code == 404
