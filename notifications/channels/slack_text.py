"""A message as Slack's Block Kit, within its limits; both Slack channels use it."""

from __future__ import annotations

from typing import Any

from notifications.channels.types import Message

Block = dict[str, Any]

SYMBOLS = {"good": "✅", "info": "ℹ️", "warning": "⚠️", "error": "❌"}

# Limits of Block Kit (docs.slack.dev/reference/block-kit): header 150, section text 3000, 10 fields of 2000.
# All blocks together have a further, undocumented one near 13,200 characters (`msg_blocks_too_long`), which the
# sizes here stay below even when every part is full.
HEADER, TEXT, LOG, FIELD, FIELDS, ALT, NOTES, LINK, FALLBACK = 150, 1900, 2500, 300, 10, 500, 3, 1000, 3000


def fallback_text(message: Message) -> str:
    """The top-level `text`: what notifications and screen readers show."""
    return cut(escape(f"{SYMBOLS[message.level]} {message.title}\n{message.text}"), FALLBACK)


def blocks(message: Message, slack_file: str = "") -> list[Block]:
    """`slack_file` is the id of the uploaded chart, "" to go without the picture."""
    parts = [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": cut(f"{SYMBOLS[message.level]} {message.title}", HEADER)},
        },
        _section(cut(escape(message.text), TEXT) + "\n" + _link(message.link, message.link_text)),
    ]
    if message.fields:
        pairs = message.fields[:FIELDS]
        parts.append({"type": "section", "fields": [_markdown(_field(name, value)) for name, value in pairs]})
    if message.log:
        parts.append(_section(f"```{log_excerpt(message.log, LOG)}```"))
    if slack_file:
        alt = cut(message.chart_alt, ALT)
        parts.append({"type": "image", "slack_file": {"id": slack_file}, "alt_text": alt})
    small = [_markdown(cut(escape(note), FIELD)) for note in message.notes[:NOTES]]
    if message.footer:
        small.append(_markdown(_link(message.footer_link, message.footer)))
    if small:
        parts.append({"type": "context", "elements": small})
    return parts


def escape(text: str) -> str:
    """Slack reads only these three letters as markup, when it comes to entities, links and mentions."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """At most `limit` characters: whole lines where most of them fit, else cut in a line; never within `&lt;`."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    line_end = head.rfind("\n")
    if line_end > limit // 2:
        head = head[:line_end]
    entity = head.rfind("&")
    if entity > len(head) - 5 and ";" not in head[entity:]:
        head = head[:entity]
    return head.rstrip() + "…"


def log_excerpt(lines: tuple[str, ...], limit: int) -> str:
    """The last lines that fit, escaped; a line that is too long by itself is cut. Never an end of the code block."""
    kept: list[str] = []
    for line in reversed(lines):
        clean = cut(escape(line).replace("```", "'''"), 500)
        limit -= len(clean) + 1
        if limit < 0:
            break
        kept.append(clean)
    return "\n".join(reversed(kept))


def _field(name: str, value: str) -> str:
    return f"*{cut(escape(name), 100)}*\n{cut(escape(value), FIELD - 105)}"


def _link(url: str, text: str) -> str:
    """The text of a link ends at a bar. An address of a monstrous length is left out rather than cut."""
    label = cut(escape(text.replace("|", "/")), FIELD)
    return f"<{url}|{label}>" if len(url) <= LINK else label


def _section(text: str) -> Block:
    return {"type": "section", "text": _markdown(text)}


def _markdown(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}
