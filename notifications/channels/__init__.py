"""Where messages can go: one module a kind, each with `check` (is this an address?) and `send` (deliver or raise)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.channels import email, slack_bot, slack_webhook
from notifications.channels.types import Address, Message, Sent


@dataclass(frozen=True)
class Kind:
    """What the rest of the app needs to know of a kind of channel."""

    title: str | Promise
    summary: str | Promise  # what it can do, in one sentence
    check: Callable[[Address], None]  # raises AddressError
    send: Callable[[Address, Message], Sent]  # raises SendError
    spacing: timedelta  # between two messages, on average
    shows_pictures: bool = True
    has_address: bool = True
    has_secret: bool = True


KINDS: dict[str, Kind] = {
    "slack_bot": Kind(
        _("Slack, bot token"),
        _("Posts with charts and keeps the messages about one run in one thread."),
        slack_bot.check,
        slack_bot.send,
        spacing=timedelta(seconds=1),  # chat.postMessage: about one a second and channel
    ),
    "slack_webhook": Kind(
        _("Slack, incoming webhook"),
        _("The quickest to set up: text and a link, no charts and no threads."),
        slack_webhook.check,
        slack_webhook.send,
        spacing=timedelta(seconds=1),
        shows_pictures=False,
        has_address=False,
    ),
    "email": Kind(
        _("Email"),
        _("To one or more addresses, with the chart in the mail."),
        email.check,
        email.send,
        spacing=timedelta(0),  # a mail server of one's own queues by itself
        has_secret=False,
    ),
}
