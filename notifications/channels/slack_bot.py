"""Slack with a bot token: `chat.postMessage` with blocks, the chart as part of the message, one thread a run.

Facts: docs.slack.dev/reference/methods/chat.postMessage, …/files.getUploadURLExternal,
…/block-kit/composition-objects/slack-file-object.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from notifications.channels import slack_errors, slack_text
from notifications.channels.errors import AddressError, SendError
from notifications.channels.types import Address, Message, Sent

logger = logging.getLogger(__name__)

TIMEOUT = 10  # seconds, for each request

# Slack answers `invalid_blocks` for about a second after an upload, while it looks at the picture
# (slackapi/python-slack-sdk#1521). These few short waits are cheaper than a message without its chart.
WAITS_FOR_PICTURE = (0.5, 1.0, 2.0)

# What goes wrong below the HTTP answer; a body that is no text is a ValueError.
BROKEN_CONNECTION = (OSError, SlackClientError, ValueError)


def check(address: Address) -> None:
    """Raises AddressError."""
    slack_errors.check_secret(address.secret)
    if not address.secret.startswith(("xoxb-", "xoxe.xoxb-")):
        raise AddressError("secret", _("A bot token begins with “xoxb-”: copy the “Bot User OAuth Token” of the app."))
    if not address.address or any(letter.isspace() for letter in address.address):
        raise AddressError("address", _("Write one channel, as its id (C0123456789) or its name (#training)."))


def send(address: Address, message: Message) -> Sent:
    """Post the message; its chart is uploaded first and shown inside it. Raises SendError.

    A chart that cannot be uploaded costs the picture and a note, not the message.
    """
    try:
        check(address)
    except AddressError as refusal:  # it was saved when less was asked of it
        raise SendError("not allowed", reason=str(refusal), pauses=True) from refusal
    client = WebClient(token=address.secret, base_url=settings.SLACK_API_URL, timeout=TIMEOUT, retry_handlers=[])
    try:
        slack_file, problem = _upload(client, message)
        answer, in_block = _post(client, address, message, slack_file, problem)
        if slack_file and not in_block:
            problem = _share_in_thread(client, message, str(answer["channel"]), str(answer["ts"]))
    except SlackApiError as refused:
        raise slack_errors.of_response(refused.response) from refused
    except BROKEN_CONNECTION as broken:
        raise slack_errors.of_connection(broken) from broken
    return Sent(external_id=str(answer["ts"]), answer=problem or f"ts {answer['ts']}")


def _upload(client: WebClient, message: Message) -> tuple[str, str]:
    """(the file's id, "") or ("", why there is none). Without a channel, the file shows only where a block names it."""
    if message.chart is None:
        return "", ""
    try:
        answer = client.files_upload_v2(filename="chart.png", content=message.chart, alt_txt=_alt(message))
        return str(answer["files"][0]["id"]), ""
    except SlackApiError as refused:
        error = slack_errors.of_response(refused.response)
        if error.retry_after is not None or (error.pauses and error.status != "missing_scope"):
            raise  # the message itself would fare no better
        return "", _no_chart(error)
    except BROKEN_CONNECTION as broken:
        return "", _no_chart(slack_errors.of_connection(broken))


def _post(client: WebClient, address: Address, message: Message, slack_file: str, problem: str) -> tuple[Any, bool]:
    """(Slack's answer, whether the chart is in the message)."""
    if slack_file:
        for wait in (0.0, *WAITS_FOR_PICTURE):
            time.sleep(wait)
            try:
                return _post_once(client, address, message, slack_text.blocks(message, slack_file)), True
            except SlackApiError as refused:
                if refused.response.get("error") != "invalid_blocks":
                    raise
    blocks = slack_text.blocks(message)
    if problem:
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": slack_text.escape(problem)[:400]}]})
    return _post_once(client, address, message, blocks), False


def _post_once(client: WebClient, address: Address, message: Message, blocks: list[slack_text.Block]) -> Any:
    """A reply where the run has a thread, shown in the channel as well; a new message where that thread is gone."""
    thread: dict[str, Any] = {"thread_ts": message.in_reply_to, "reply_broadcast": True} if message.in_reply_to else {}
    request: dict[str, Any] = {
        "channel": address.address,
        "text": slack_text.fallback_text(message),
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": "debrief_delivery", "event_payload": {"delivery": message.reference}},
    }
    try:
        return client.chat_postMessage(**request, **thread)
    except SlackApiError as refused:
        if thread and refused.response.get("error") in {"thread_not_found", "message_not_found"}:
            return client.chat_postMessage(**request)
        raise


def _share_in_thread(client: WebClient, message: Message, channel: str, thread: str) -> str:
    """Slack would not show the picture in a block: put it under the message. Returns why it is not there, or ""."""
    try:
        client.files_upload_v2(
            channel=channel, thread_ts=thread, filename="chart.png", content=message.chart, alt_txt=_alt(message)
        )
    except SlackApiError as refused:
        return _no_chart(slack_errors.of_response(refused.response))
    except BROKEN_CONNECTION as broken:
        return _no_chart(slack_errors.of_connection(broken))
    return ""


def _alt(message: Message) -> str:
    return slack_text.cut(message.chart_alt, 1000)  # the limit of alt_txt


def _no_chart(error: SendError) -> str:
    return _("The chart could not be added (%(status)s): %(reason)s") % {
        "status": error.status,
        "reason": error.reason,
    }
