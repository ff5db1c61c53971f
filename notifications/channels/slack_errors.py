"""Slack's answers by what they mean for us: wait, try again, or ask a person."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.channels.errors import AddressError, SendError

# Nothing goes to this channel until somebody has done what it says.
# docs.slack.dev/reference/methods/chat.postMessage#errors, and for webhooks
# docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
NEEDS_A_PERSON = {
    "invalid_auth": gettext_lazy(
        "Slack does not know the bot token. Copy it again from the app's “OAuth & Permissions”."
    ),
    "not_authed": gettext_lazy("Slack got no bot token. Enter it again."),
    "token_revoked": gettext_lazy("The bot token was revoked. Install the app again and enter the new token."),
    "token_expired": gettext_lazy("The bot token has expired. Enter a new one."),
    "account_inactive": gettext_lazy(
        "The app was removed from the workspace. Install it again and enter the new token."
    ),
    "missing_scope": gettext_lazy("The app lacks a permission. Add chat:write and files:write, then install it again."),
    "channel_not_found": gettext_lazy(
        "There is no such channel, or it is private and the app is not in it. Invite the app."
    ),
    "not_in_channel": gettext_lazy("The app is not in the channel. Write /invite @app there."),
    "is_archived": gettext_lazy("The channel is archived. Restore it, or choose another one."),
    "restricted_action": gettext_lazy("The workspace's settings forbid the app to post there. Ask its administrator."),
    "no_permission": gettext_lazy("The app may not post there. Ask the workspace's administrator."),
    "ekm_access_denied": gettext_lazy("The workspace's administrators have suspended posting."),
    "invalid_token": gettext_lazy("Slack does not know the webhook. Make a new one and enter its address."),
    "no_service": gettext_lazy("The webhook was switched off or removed. Make a new one and enter its address."),
    "no_service_id": gettext_lazy("The webhook's address is incomplete. Copy it again."),
    "no_team": gettext_lazy("The webhook's workspace is gone. Make a new webhook and enter its address."),
    "no_active_hooks": gettext_lazy("The webhook was switched off. Make a new one and enter its address."),
    "channel_is_archived": gettext_lazy("The webhook's channel is archived. Restore it, or make a webhook elsewhere."),
    "action_prohibited": gettext_lazy("The workspace's settings forbid this webhook. Ask its administrator."),
    "posting_to_general_channel_denied": gettext_lazy("Apps may not post to #general. Choose another channel."),
}

# The channel is fine; this one message can never be delivered.
REFUSED_MESSAGE = frozenset(
    """invalid_blocks invalid_blocks_format msg_too_long msg_blocks_too_long no_text too_many_attachments
    invalid_arguments invalid_arg_name invalid_payload metadata_too_large""".split()
)
RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
DEFAULT_WAIT = timedelta(seconds=30)  # told to wait, but not how long


def check_secret(secret: str) -> None:
    """A blank or a line end inside would be quoted, with what is around it, by whatever fails on it.

    Raises AddressError.
    """
    if any(not "!" <= letter <= "~" for letter in secret):
        raise AddressError("secret", _("There is a blank or another character in it that cannot be. Copy it again."))


def of_response(response: Any) -> SendError:
    """What a refusal of the Web API (a slack_sdk response) means."""
    error = str(response.get("error") or "")
    # A body that is not JSON is handed on as `error` by the SDK; then the HTTP status says more.
    word = error if error.isidentifier() and response.status_code in (200, 429) else str(response.status_code)
    answer = json.dumps(response.data, ensure_ascii=False, default=str)
    return of_word(word, response.status_code, dict(response.headers), answer)


def of_word(word: str, status: int, headers: dict[str, str], answer: str) -> SendError:
    """`word` is Slack's name for the error, or the HTTP status where it gave none."""
    if status == 429 or word in RATE_LIMITED:
        wait = _retry_after(headers)
        reason = _("Slack asks to wait for %(seconds)d s.") % {"seconds": wait.total_seconds()}
        return SendError(word if status == 200 else "429", answer, reason=reason, retry_after=wait)
    if word in NEEDS_A_PERSON:
        return SendError(word, answer, reason=str(NEEDS_A_PERSON[word]), pauses=True)
    if word in REFUSED_MESSAGE:
        return SendError(word, answer, reason=_("Slack refuses this message."), permanent=True)
    return SendError(word, answer, reason=_("Slack could not take the message just now."))


def of_connection(problem: Exception) -> SendError:
    """No answer, or half of one."""
    is_timeout = "timed out" in str(problem)
    status = "timed out" if is_timeout else "no connection"
    reason = _("Slack did not answer in time.") if is_timeout else _("Slack could not be reached.")
    return SendError(status, f"{type(problem).__name__}: {problem}", reason=reason)


def _retry_after(headers: dict[str, str]) -> timedelta:
    value = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return timedelta(seconds=min(int(value), 86_400)) if value.isdecimal() else DEFAULT_WAIT
