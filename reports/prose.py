"""Markdown to HTML: Python-Markdown with our fences, task lists and strikethrough. Its output is not safe to show.

`reports/html.py` sanitizes it. A chart fence becomes an empty `<hr>` whose id only this rendering knows, so that
what the charts look like can be put in after sanitizing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension
from markdown.inlinepatterns import SimpleTagInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from reports.fences import CHART, Fence, split

ANCHOR = "section-"  # in front of every heading's id, so that none of them can stand in for an element of the page
# Python-Markdown needs a time that grows with the square of these. On two cores each limit stands for about 3 seconds.
MAX_BRACKETS_SQUARED = 2e7  # "[" in a paragraph, squared and summed
MAX_RULES_SQUARED = 8e7  # headings and rules without a blank line between them, likewise
MAX_OPEN_TAGS = 4000  # more "<a" than "</a"
_RULE = re.compile(r"^ {0,3}(?:#|(?:[-*_] ?){3,}$)", re.MULTILINE)
_TASK = re.compile(r"\[(?P<mark>[ xX])\][ \t]+")


@dataclass(frozen=True)
class Heading:
    """A line of the contents list. `level` is 2 or 3."""

    anchor: str
    title: str
    level: int


class TooTangled(Exception):
    """The text is nested or bracketed beyond what can be read as Markdown in a reasonable time."""


def to_html(text: str, token: str) -> tuple[str, list[Heading]]:
    """The text as (unsafe) HTML with `<hr id="TOKEN-n">` for its nth chart, and its headings.

    `text` is normalized (reports.fences.normalize). Raises TooTangled.
    """
    if _is_tangled(text):
        raise TooTangled
    reader = Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            FootnoteExtension(BACKLINK_TITLE=""),
            TocExtension(marker="", slugify=_anchor, toc_depth="2-3"),
            DocumentExtension(token),
        ]
    )
    try:
        markup = reader.convert(text)
    except RecursionError as error:
        raise TooTangled from error
    return markup, _flatten(getattr(reader, "toc_tokens", []))


def _is_tangled(text: str) -> bool:
    paragraphs = text.split("\n\n")
    brackets = sum(paragraph.count("[") ** 2 for paragraph in paragraphs)
    rules = sum(len(_RULE.findall(paragraph)) ** 2 for paragraph in paragraphs)
    open_tags = len(re.findall(r"<(?!br|hr|img)[a-zA-Z!?]", text)) - text.count("</")
    return brackets > MAX_BRACKETS_SQUARED or rules > MAX_RULES_SQUARED or open_tags > MAX_OPEN_TAGS


class DocumentExtension(Extension):
    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Fences(md, self.token), "fences", 28)  # before raw HTML is looked for (20)
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"()~~(?=\S)(.{1,1000}?)(?<=\S)~~", "del"), "strike", 65)
        md.treeprocessors.register(TaskLists(md), "tasks", 15)
        md.treeprocessors.register(WideTables(md), "wide", 14)
        md.treeprocessors.register(HeadingLevels(md), "levels", 12)  # before toc (5) reads them


class Fences(Preprocessor):
    """Takes every fence out of the text before anything else can read it as Markdown or HTML."""

    def __init__(self, md: Markdown, token: str) -> None:
        super().__init__(md)
        self.token = token

    def run(self, lines: list[str]) -> list[str]:
        rest: list[str] = []
        charts = 0
        for part in split(lines):
            if not isinstance(part, Fence):
                rest.extend(part)
                continue
            if part.kind == CHART:
                markup = f'<hr id="{self.token}-{charts}">'
                charts += 1
            else:
                markup = _code(part)
            rest.extend(["", self.md.htmlStash.store(markup), ""])
        return rest


class TaskLists(Treeprocessor):
    """`- [x] done`: the item gets a class and says in words whether it is done."""

    def run(self, root: ElementTree.Element) -> None:
        for item in root.iter("li"):
            holder = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
            found = _TASK.match(holder.text or "")
            if found is None:
                continue
            done = found["mark"] != " "
            item.set("class", "task done" if done else "task")
            label = ElementTree.Element("span", {"class": "task-box"})
            label.text = "☑" if done else "☐"
            label.tail = " " + (holder.text or "")[found.end() :]
            holder.text = ""
            holder.insert(0, label)


class WideTables(Treeprocessor):
    """A table wider than the page scrolls by itself, with the keyboard too."""

    def run(self, root: ElementTree.Element) -> None:
        for parent in list(root.iter()):
            for index, child in enumerate(parent):
                if child.tag == "table":
                    frame = ElementTree.Element("div", {"class": "table-scroll", "tabindex": "0"})
                    frame.append(child)
                    frame.tail, child.tail = child.tail, None
                    parent[index] = frame


class HeadingLevels(Treeprocessor):
    """The page's title is its only h1: where a text uses `#`, all its headings move one level down."""

    def run(self, root: ElementTree.Element) -> None:
        headings = [element for element in root.iter() if re.fullmatch("h[1-6]", str(element.tag))]
        if any(element.tag == "h1" for element in headings):
            for element in headings:
                element.tag = f"h{min(int(element.tag[1]) + 1, 6)}"


def _code(fence: Fence) -> str:
    language = re.sub(r"[^\w.+#-]", "", fence.kind)
    kind = f' class="language-{html.escape(language)}"' if language else ""
    return f'<pre tabindex="0"><code{kind}>{html.escape(fence.source)}\n</code></pre>'


def _anchor(title: str, separator: str) -> str:
    words = re.sub(r"[^\w\s-]", "", unicodedata.normalize("NFC", title)).strip().lower()
    return ANCHOR + re.sub(r"[\s_-]+", separator, words)


def _flatten(tokens: list[dict[str, object]]) -> list[Heading]:
    headings: list[Heading] = []
    for token in tokens:
        title = html.unescape(str(token["name"]))
        headings.append(Heading(str(token["id"]), title, int(str(token["level"]))))
        children = token["children"]
        headings.extend(_flatten(children if isinstance(children, list) else []))
    return headings
