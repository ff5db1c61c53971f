"""Values that go into a channel and come out of it. No database code here or in any channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["good", "info", "warning", "error"]


@dataclass(frozen=True)
class Address:
    """Where a message goes. `secret` is the token or webhook address in the clear; it must not appear anywhere."""

    kind: str
    address: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Message:
    """One message, before any channel has put it into its own form. Plain text everywhere, nothing is markup."""

    level: Level
    title: str
    text: str
    link: str
    link_text: str
    reference: str = ""  # names the delivery; the same at every try, so that a receiver can drop a second copy
    fields: tuple[tuple[str, str], ...] = ()  # (name, value)
    log: tuple[str, ...] = ()  # last lines of the console
    chart: bytes | None = None  # PNG
    chart_alt: str = ""
    notes: tuple[str, ...] = ()  # what is missing in this message and why
    footer: str = ""  # why it came
    footer_link: str = ""  # where to change that
    in_reply_to: str = ""  # `Sent.external_id` of the first message about the same run on this channel


@dataclass(frozen=True)
class Sent:
    """`external_id` is what the other side calls the message: Slack's ts, a mail's Message-ID, or ""."""

    external_id: str
    status: str = "200"
    answer: str = ""
