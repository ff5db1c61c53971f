"""A message as Slack's blocks: complete, escaped, and within every limit."""

from __future__ import annotations

import json

import pytest

from notifications.channels import slack_text
from tests.notifications.golden import assert_golden
from tests.notifications.samples import FAILED, HUGE
from tests.slack_server import ALL_BLOCKS, SlackServer


def test_a_failure_looks_like_the_golden_file() -> None:
    sent = {"text": slack_text.fallback_text(FAILED), "blocks": slack_text.blocks(FAILED, "F0001")}
    assert_golden("slack_failed.json", json.dumps(sent, indent=1, ensure_ascii=False) + "\n")


def test_the_three_letters_of_slacks_markup_are_escaped() -> None:
    assert slack_text.escape("a <b> & c") == "a &lt;b&gt; &amp; c"


def test_a_huge_message_stays_within_slacks_limits(slack: SlackServer) -> None:
    blocks = slack_text.blocks(HUGE)
    assert slack._blocks_error(blocks) == ""
    assert len(json.dumps(blocks, ensure_ascii=False)) <= ALL_BLOCKS
    assert len(slack_text.fallback_text(HUGE)) <= 4000


def test_text_is_cut_at_a_line_where_one_is_near() -> None:
    assert slack_text.cut("first line\nsecond line\nthird line", 25) == "first line\nsecond line…"


def test_a_single_long_line_is_cut_in_the_middle() -> None:
    assert slack_text.cut("x" * 50, 10) == "x" * 9 + "…"


@pytest.mark.parametrize("limit", range(8, 14))
def test_no_entity_is_cut_in_half(limit: int) -> None:
    cut = slack_text.cut("words &lt;tag&gt; more", limit)
    assert cut.count("&") == cut.count(";")


def test_the_last_lines_of_a_log_are_kept_and_end_no_code_block() -> None:
    excerpt = slack_text.log_excerpt(("old " * 100, "```", "new <b>"), 60)
    assert excerpt == "'''\nnew &lt;b&gt;"


def test_a_bar_cannot_end_the_text_of_a_link() -> None:
    blocks = slack_text.blocks(HUGE)
    assert "f/&lt;&amp;&gt;" in blocks[-1]["elements"][-1]["text"]
