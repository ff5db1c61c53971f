"""Slack with an incoming webhook: text and a link. It is bound to one channel, uploads nothing and returns no ts.

Facts: docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from notifications.channels import slack_errors, slack_text
from notifications.channels.errors import AddressError, SendError
from notifications.channels.types import Address, Message, Sent

TIMEOUT = 10  # seconds
SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")


def check(address: Address) -> None:
    """Only Slack's own hosts, so that nobody makes the server call another one. Raises AddressError."""
    slack_errors.check_secret(address.secret)
    parts = urlsplit(address.secret)
    allowed = [("https", host) for host in SLACK_HOSTS]
    api = urlsplit(settings.SLACK_API_URL)
    if api.hostname not in {"slack.com", "www.slack.com", "slack-gov.com"}:
        allowed.append((api.scheme, api.netloc))  # a gateway or a test server that stands for Slack
    if (parts.scheme, parts.netloc) not in allowed or not parts.path.strip("/"):
        where = " · ".join(f"{scheme}://{host}/…" for scheme, host in allowed)
        raise AddressError(
            "secret", _("Copy the whole address of the webhook; it begins with %(where)s") % {"where": where}
        )


def send(address: Address, message: Message) -> Sent:
    """Raises SendError."""
    try:
        check(address)
    except AddressError as problem:  # it was saved while SLACK_API_URL named another host
        raise SendError("not allowed", reason=str(problem), pauses=True) from problem
    client = WebhookClient(address.secret, timeout=TIMEOUT, retry_handlers=[])
    try:
        answer = client.send(
            text=slack_text.fallback_text(message),
            blocks=slack_text.blocks(message),
            unfurl_links=False,
            unfurl_media=False,
            headers={"X-Debrief-Delivery": message.reference},
        )
    except (OSError, SlackClientError, ValueError) as broken:
        raise slack_errors.of_connection(broken) from broken
    if answer.status_code == 200:
        return Sent(external_id="", answer=answer.body)
    raise _error(answer.status_code, answer.body, dict(answer.headers))


def _error(status: int, body: str, headers: dict[str, str]) -> SendError:
    word = body.strip()
    if status in (404, 410) and word not in slack_errors.NEEDS_A_PERSON:
        word = "no_service"  # gone for good, whatever the words
    return slack_errors.of_word(word if word.isidentifier() else str(status), status, headers, body)
