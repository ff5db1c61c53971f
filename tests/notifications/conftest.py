"""A Slack and a mail server on this machine, and a project with people who are told things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings
from time_machine import Traveller, travel

from notifications import channel_settings, evaluation, outbox, rules
from notifications.models import Channel, Delivery, Rule
from tests.factories import make_project, make_run
from tests.notifications.moody_mail import MoodyMailServer
from tests.people import People, make_people
from tests.slack_server import TOKEN, SlackServer
from tracking import events, ingest
from tracking.models import Project, Run


@pytest.fixture(autouse=True)
def no_remembered_rules() -> Iterator[None]:
    """Each test's database begins anew, with the same ids."""
    evaluation.forget_rules()
    yield
    evaluation.forget_rules()


@pytest.fixture
def slack(settings: Settings) -> Iterator[SlackServer]:
    with SlackServer() as server:
        settings.SLACK_API_URL = server.api_url
        yield server


@pytest.fixture
def mail(settings: Settings) -> Iterator[MoodyMailServer]:
    with MoodyMailServer() as server:
        settings.EMAIL_CONFIGURED = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", urlsplit(server.url).port
        settings.DEFAULT_FROM_EMAIL = "debrief@example.org"
        yield server


@dataclass(frozen=True)
class Lab:
    """A team with a project; what a test needs more it makes with the methods."""

    people: People
    project: Project

    def slack(self, name: str = "Slack #training", address: str = "C0TRAIN", secret: str = TOKEN) -> Channel:
        return self._channel(name=name, kind="slack_bot", address=address, secret=secret)

    def webhook(self, url: str, name: str = "Slack webhook") -> Channel:
        return self._channel(name=name, kind="slack_webhook", secret=url)

    def email(self, address: str = "team@example.org", name: str = "Team mail") -> Channel:
        return self._channel(name=name, kind="email", address=address)

    def rule_on(self, *states: str, channels: list[Channel] | None = None, **wish: Any) -> Rule:
        asked = rules.Wish(trigger="run_state", states=states, channels=channels or [], **wish)
        return rules.create_rule(project=self.project, user=self.people.bob, wish=asked)

    def rule_when(self, metric: str, comparison: str, threshold: float, channels: list[Channel] | None = None) -> Rule:
        asked = rules.Wish(
            trigger="metric", metric=metric, comparison=comparison, threshold=threshold, channels=channels or []
        )
        return rules.create_rule(project=self.project, user=self.people.bob, wish=asked)

    def _channel(self, **fields: Any) -> Channel:
        return channel_settings.create_channel(team=self.people.team, user=self.people.adam, **fields)


@pytest.fixture
def lab(db: None) -> Lab:
    people = make_people()
    return Lab(people, make_project(people.team, people.bob))


@pytest.fixture
def committed_lab(transactional_db: None) -> Lab:
    """The same for tests with several connections."""
    people = make_people()
    return Lab(people, make_project(people.team, people.bob))


@pytest.fixture
def clock() -> Iterator[Traveller]:
    """A clock that moves only when the test moves it."""
    with travel("2026-11-20T12:00:00Z", tick=False) as traveller:
        yield traveller


def fail_run(lab: Lab, name: str = "abc123") -> Run:
    run = make_run(lab.project, lab.people.bob, name=name, display_name=name)
    ingest.finish_run(run=run, exit_code=1)
    return run


def titles(slack: SlackServer) -> list[str]:
    """What arrived at Slack, oldest first."""
    return [message.blocks[0]["text"]["text"] for message in slack.posted]


def work() -> None:
    """What workers do: turn events into deliveries, and send those that are due."""
    events.dispatch()
    outbox.deliver_due()


def only_delivery() -> Delivery:
    return Delivery.objects.get()
