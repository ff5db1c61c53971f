"""The pages about a team's channels. Secrets go in and never come out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Channel, Delivery
from notifications.secrets import unseal
from tests.factories import make_project
from tests.notifications.conftest import Lab
from tests.notifications.test_rule_pages import as_, page
from tests.slack_server import TOKEN
from tracking.models import Project

pytestmark = pytest.mark.django_db

CHANNELS = "/vision-lab/-/channels"


def bot_form(**changes: Any) -> dict[str, Any]:
    return {"name": "Slack #training", "address": "C0TRAIN", "secret": TOKEN} | changes


def test_without_channels_an_admin_is_offered_each_kind(lab: Lab) -> None:
    shown = page(lab.people.adam, CHANNELS)
    assert re.findall(r"channels/new\?kind=(\w+)", shown) == ["slack_bot", "slack_webhook", "email"]


def test_without_channels_a_member_is_told_who_makes_one(lab: Lab) -> None:
    shown = page(lab.people.bob, CHANNELS)
    assert "An admin of the team can make one" in shown
    assert "channels/new" not in shown


def test_the_list_shows_where_each_goes_and_why_one_is_paused(lab: Lab) -> None:
    channel = lab.slack()
    lab.rule_on("failed", channels=[channel])
    Channel.objects.update(paused_at=timezone.now(), paused_because="The bot token was revoked.")
    shown = page(lab.people.vera, CHANNELS)
    for words in ("Slack #training", "C0TRAIN", "Slack, bot token", "The bot token was revoked."):
        assert words in shown


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("slack_bot", ["chat:write", "files:write", "Bot User OAuth Token"]),
        ("slack_webhook", ["Incoming Webhooks", "Webhook address"]),
        ("email", ["Addresses"]),
    ],
)
def test_each_kind_says_what_it_needs_and_how_to_get_it(lab: Lab, kind: str, words: list[str]) -> None:
    shown = page(lab.people.adam, f"{CHANNELS}/new?kind={kind}")
    assert all(word in shown for word in words)


def test_an_unknown_kind_asks_again(lab: Lab) -> None:
    assert "Where shall messages go?" in page(lab.people.adam, f"{CHANNELS}/new?kind=pigeon")


def test_mail_without_a_mail_server_names_the_setting(lab: Lab, settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = False
    assert "EMAIL_URL" in page(lab.people.adam, f"{CHANNELS}/new?kind=email")


def test_an_admin_makes_a_channel_and_the_token_is_stored_sealed(lab: Lab) -> None:
    answer = as_(lab.people.adam).post(f"{CHANNELS}/new?kind=slack_bot", bot_form())
    channel = Channel.objects.get()
    assert answer.headers["Location"] == f"{CHANNELS}/{channel.pk}"
    assert TOKEN not in channel.secret
    assert unseal(channel.secret) == TOKEN


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("slack_bot", {"secret": "hunter2"}, "begins with “xoxb-”"),
        ("slack_bot", {"secret": ""}, "This field is required"),
        ("slack_bot", {"address": "two words"}, "Write one channel"),
        ("slack_webhook", {"secret": "https://evil.example/hook"}, "begins with https://hooks.slack.com/"),
        ("email", {"address": "nobody"}, "is no mail address"),
        ("email", {"address": "a@example.org", "name": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(lab: Lab, kind: str, changes: dict[str, Any], words: str) -> None:
    answer = as_(lab.people.adam).post(f"{CHANNELS}/new?kind={kind}", bot_form(**changes))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert Channel.objects.count() == 0


@pytest.mark.parametrize("who", ["alice", "adam", "bob", "vera"])
def test_no_page_shows_the_secret_to_anybody(lab: Lab, who: str) -> None:
    channel = lab.slack()
    lab.rule_on("failed", channels=[channel])
    user = getattr(lab.people, who)
    for url in (CHANNELS, f"{CHANNELS}/{channel.pk}", "/vision-lab/image-ablations/rules"):
        shown = page(user, url)
        assert TOKEN not in shown
        assert channel.secret not in shown


def test_a_form_that_is_refused_does_not_give_the_secret_back(lab: Lab) -> None:
    answer = as_(lab.people.adam).post(f"{CHANNELS}/new?kind=slack_bot", bot_form(address=""))
    assert TOKEN not in answer.content.decode()


def test_saving_without_a_secret_keeps_it(lab: Lab) -> None:
    channel = lab.slack()
    as_(lab.people.adam).post(f"{CHANNELS}/{channel.pk}", bot_form(name="Renamed", secret=""))
    channel.refresh_from_db()
    assert (channel.name, unseal(channel.secret)) == ("Renamed", TOKEN)


def test_a_channel_is_paused_resumed_and_deleted(lab: Lab) -> None:
    channel = lab.slack()
    client = as_(lab.people.adam)
    client.post(f"{CHANNELS}/{channel.pk}/switch", {"enabled": "false"})
    assert "Nothing is sent here: adam paused it." in page(lab.people.vera, f"{CHANNELS}/{channel.pk}")
    client.post(f"{CHANNELS}/{channel.pk}/switch", {"enabled": "true"})
    assert Channel.objects.get().paused_at is None
    client.post(f"{CHANNELS}/{channel.pk}/delete")
    assert Channel.objects.count() == 0


def test_a_member_may_send_a_test_and_sees_the_answer(lab: Lab) -> None:
    channel = lab.slack()
    answer = as_(lab.people.bob).post(f"{CHANNELS}/{channel.pk}/test")
    assert answer.headers["Location"] == f"{CHANNELS}/{channel.pk}#messages"
    assert "hx-get" in page(lab.people.bob, f"{CHANNELS}/{channel.pk}/messages")
    Delivery.objects.update(state=Delivery.State.FAILED, reason="Slack does not know the bot token.")
    shown = page(lab.people.bob, f"{CHANNELS}/{channel.pk}/messages")
    assert "Slack does not know the bot token." in shown
    assert "hx-get" not in shown


def test_messages_of_a_private_project_are_not_listed_to_those_who_may_not_see_it(lab: Lab) -> None:
    channel = lab.slack()
    private = make_project(lab.people.team, lab.people.bob, name="secret", visibility=Project.Visibility.PRIVATE)
    Delivery.objects.create(channel=channel, project=private, next_attempt_at=timezone.now())
    url = f"{CHANNELS}/{channel.pk}/messages"
    assert "/vision-lab/secret/deliveries/" in page(lab.people.bob, url)
    assert "/vision-lab/secret/deliveries/" not in page(lab.people.vera, url)


def test_the_list_counts_nothing_of_a_private_project_for_those_who_may_not_see_it(lab: Lab) -> None:
    private = make_project(lab.people.team, lab.people.bob, name="secret", visibility=Project.Visibility.PRIVATE)
    channel = lab.slack()
    for project, days in ((lab.project, 30), (private, 2)):
        Lab(lab.people, project).rule_on("failed", channels=[channel])
        at = timezone.now() - timedelta(days=days)
        Delivery.objects.create(channel=channel, project=project, state="sent", sent_at=at, next_attempt_at=at)
    seen = {}
    for user in (lab.people.bob, lab.people.vera):
        (row,) = as_(user).get(CHANNELS).context["channels"]
        seen[user.username] = (row.rule_count, (timezone.now() - row.last_sent).days)
    assert seen == {"bob": (2, 2), "vera": (1, 30)}


@pytest.mark.parametrize("path", ["/new?kind=email", "/{pk}", "/{pk}/switch", "/{pk}/delete"])
def test_only_admins_change_channels_and_a_stranger_finds_nothing(lab: Lab, path: str) -> None:
    url = CHANNELS + path.format(pk=lab.slack().pk)
    for user in (lab.people.bob, lab.people.vera):
        assert as_(user).post(url, bot_form()).status_code == 403
    assert as_(lab.people.charlie).post(url, bot_form()).status_code == 404
    assert as_(lab.people.charlie).get(CHANNELS).status_code == 404
    assert Channel.objects.filter(paused_at=None).count() == 1


def test_a_viewer_may_not_send_a_test(lab: Lab) -> None:
    assert as_(lab.people.vera).post(f"{CHANNELS}/{lab.slack().pk}/test").status_code == 403
    assert Delivery.objects.count() == 0


def test_a_personal_team_has_channels_too(lab: Lab) -> None:
    as_(lab.people.bob).post("/bob/-/channels/new?kind=email", {"name": "My mail", "address": "bob@example.org"})
    assert Channel.objects.get().team.name == "bob"
