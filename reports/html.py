"""A document as HTML that is safe to show: a strict allow-list, with the blocks put in afterwards."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reports import prose
from reports.blocks.chart import ChartBlock
from reports.document import Document
from reports.prose import ANCHOR, Heading, TooTangled

TAGS = set(
    """a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot th thead tr
    u ul var""".split()
)
ATTRIBUTES = {
    "*": {"id", "class", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "details": {"open"},
    "div": {"tabindex"},
    "pre": {"tabindex"},
}
LINKS = {"http", "https", "mailto"}
OUR_ID = re.compile(rf"({ANCHOR}|fn:|fnref\d*:)[^\s\"'<>&]*\Z")
OUR_CLASSES = {"footnote", "footnote-ref", "footnote-backref", "task", "done", "task-box", "table-scroll"}
LANGUAGE = re.compile(r"language-[\w.+#-]+\Z")
PNG = "data:image/png;base64,"


@dataclass(frozen=True)
class Page:
    """Safe HTML, and the headings of its contents list."""

    html: SafeString
    contents: list[Heading]


def render(document: Document, show: Callable[[ChartBlock], str]) -> Page:
    """The document with `show(block)`, which is trusted, in the place of each chart block."""
    token = f"chart-{secrets.token_hex(8)}"
    try:
        markup, contents = prose.to_html(document.text, token)
    except TooTangled:
        why = _("This text is nested too deeply to be read as Markdown. It is shown as it is written.")
        markup, contents = f"<p><em>{html.escape(why)}</em></p><pre>{html.escape(document.text)}</pre>", []
    blocks = {f"{token}-{block.number}": block for block in document.charts}
    # In sanitized HTML a quote inside of a text or an attribute is never a bare ", so this is always an element.
    placeholder = re.compile(rf'<hr id="({token}-\d+)">')
    safe = placeholder.sub(lambda found: show(blocks[found[1]]), sanitize(markup, set(blocks)))
    return Page(mark_safe(safe), contents)  # noqa: S308 - sanitized above, blocks are escaped by their templates


def sanitize(markup: str, placeholders: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    """Only what the allow-list names is left: no script, style, form, handler or foreign image."""

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return value if value in placeholders or OUR_ID.match(value) else None
        if attribute == "class":
            return _classes(value)
        if attribute == "tabindex":
            return value if value == "0" else None
        if attribute == "src":
            return value if _is_ours(value) else None
        if attribute == "href":
            return value if _is_link(value) else None
        return value

    return nh3.clean(
        markup,
        tags=TAGS,
        clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "svg", "math"},
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=LINKS | {"data"},  # data: only for images, see keep
        link_rel="noopener noreferrer nofollow",
    )


def _classes(value: str) -> str | None:
    kept = [name for name in value.split() if name in OUR_CLASSES or LANGUAGE.match(name)]
    return " ".join(kept) or None


def _is_link(address: str) -> bool:
    """Whether following it opens a page or a mail: stricter than browsers in what counts as a scheme."""
    scheme = re.match(r"[^/?#]*:", address)
    return scheme is None or scheme[0][:-1].lower() in LINKS


def _is_ours(source: str) -> bool:
    """Whether an image comes from this site or is a PNG in the text: nobody else learns who reads a report."""
    if source.startswith(PNG):
        return True
    if re.search(r"[\\\x00-\x20]", source):  # browsers read "\" as "/" and drop control characters
        return False
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and not source.startswith("//")
