"""What messages say about runs, word by word."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications import messages, pictures
from notifications.channels.email import plain_text
from notifications.excerpts import key_metrics, last_console_lines
from notifications.models import Delivery
from notifications.subscribers import on_event
from tests.factories import log_metrics, make_run
from tests.notifications.conftest import Lab
from tests.notifications.golden import assert_golden
from tracking import console, ingest
from tracking.models import Event, Run

pytestmark = pytest.mark.django_db

STARTED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def train(lab: Lab, **facts: Any) -> Run:
    summary = {"val": {"loss": 0.34121, "acc": 0.931}, "epoch": 12, "_step": 99, "note": "text"}
    run = make_run(
        lab.project,
        lab.people.bob,
        display_name="calm-otter-12",
        group="lr-sweep",
        host="gpu-3",
        summary=summary,
        **facts,
    )
    log_metrics(run, [{"val": {"loss": 1 / (1 + step)}} for step in range(5)])
    return run


def end(run: Run, state: str, exit_code: int | None = None) -> None:
    """As `ingest` ends a run, at a known time."""
    if state == "crashed":
        Run.objects.filter(pk=run.pk).update(heartbeat_at=STARTED)
        ingest.crash_run(run=run, silent_since=STARTED)
    else:
        if state == "killed":
            ingest.stop_run(run=run)
        ingest.finish_run(run=run, exit_code=exit_code or 0)
    Run.objects.filter(pk=run.pk).update(created_at=STARTED, ended_at=STARTED + timedelta(minutes=12, seconds=5))


def message_of(lab: Lab, kind: str) -> str:
    """The last event of that kind as the mail's plain text, with the numbers of rows taken out."""
    event = (
        Event.objects.select_related("run__project__team", "run__user", "project__team").filter(kind=kind).latest("id")
    )
    on_event(event)
    delivery = Delivery.objects.select_related("rule__project__team", "channel", "event__run__project__team").latest(
        "id"
    )
    message = messages.build(delivery, with_chart=True)
    assert message.chart is not None
    assert delivery.rule is not None
    return plain_text(replace(message, footer_link=message.footer_link.replace(f"/{delivery.rule.pk}", "/1")))


@pytest.mark.parametrize(("state", "exit_code"), [("finished", 0), ("failed", 1), ("crashed", None), ("killed", 1)])
def test_an_ending_is_told_as_in_the_golden_file(lab: Lab, state: str, exit_code: int | None) -> None:
    lab.rule_on(state, channels=[lab.email()])
    run = train(lab)
    lines = ["epoch 11", "\x1b[31mValueError\x1b[0m: loss is <nan>", "10%\r55%\r100%", ""]
    ingest.log_console(run=run, offset=0, lines=[console.Line(text) for text in lines])
    end(run, state, exit_code)
    assert_golden(f"{state}.txt", message_of(lab, f"run.{state}"))


def test_a_crossing_is_told_as_in_the_golden_file(lab: Lab) -> None:
    lab.rule_when("val.loss", "<", 0.3, [lab.email()])
    train(lab)
    assert_golden("crossed.txt", message_of(lab, "metric.crossed"))


def test_a_crossing_among_several_says_how_many_there_were(lab: Lab) -> None:
    lab.rule_when("loss", ">", 0.3, channels=[lab.email()])
    log_metrics(make_run(lab.project), [{"loss": 0.1}, {"loss": 0.4}] * 3)
    assert "It did so 3 times" in message_of(lab, "metric.crossed")


def test_an_infinite_value_can_be_told(lab: Lab) -> None:
    lab.rule_when("loss", ">", 0.3, [lab.email()])
    ingest.log_history(run=make_run(lab.project), offset=0, lines=['{"loss": 0.1}', '{"loss": Infinity}'])
    assert "At step 1, loss became ∞, above 0.3." in message_of(lab, "metric.crossed")


def test_a_chart_that_cannot_be_drawn_leaves_the_message_and_a_note(lab: Lab) -> None:
    picture = pictures._picture("a chart", lambda: json.loads("no figure"))
    assert picture.png is None
    message = messages._with(messages._test_of_channel(Delivery(channel=lab.email())), picture)
    assert message.chart is None
    assert message.notes[0].startswith("The chart could not be drawn:")


def test_a_run_without_numbers_has_no_chart_and_no_note(lab: Lab) -> None:
    lab.rule_on("finished", channels=[lab.email()])
    run = make_run(lab.project)
    ingest.finish_run(run=run, exit_code=0)
    on_event(Event.objects.get(kind="run.finished"))
    message = messages.build(Delivery.objects.get(), with_chart=True)
    assert (message.chart, message.notes) == (None, ())


def test_key_metrics_are_finite_numbers_with_losses_and_scores_first(lab: Lab) -> None:
    summary = '{"lr": 0.1, "val": {"loss": 0.3}, "bad": NaN, "_step": 9, "name": "x", "is_best": true}'
    assert key_metrics(make_run(lab.project, summary=summary)) == [("val.loss", 0.3), ("lr", 0.1)]


def test_the_last_lines_of_a_console_are_as_a_terminal_left_them(lab: Lab) -> None:
    run = make_run(lab.project)
    lines = [f"line {number}" for number in range(30)] + ["\x1b[1mbold\x1b[0m", "10%\r90%", "", ""]
    ingest.log_console(run=run, offset=0, lines=[console.Line(text) for text in lines])
    kept = last_console_lines(run)
    assert kept[-3:] == ("line 29", "bold", "90%")
    assert len(kept) <= 20
