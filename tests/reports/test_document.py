import pytest

from reports import document
from reports.blocks.chart import MAX_CHARTS

CHART = "```chart\nmetric: val/loss\n```\n"


def test_a_text_without_fences_has_no_charts() -> None:
    assert document.read("# Hello\n\nworld").charts == ()


def test_each_chart_fence_is_a_block_with_its_spec_and_line() -> None:
    read = document.read(f"# Two\n\n{CHART}\ntext\n\n```chart\ntitle: Accuracy\nmetrics: [val/acc, train/acc]\n```")

    assert [(block.number, block.line) for block in read.charts] == [(0, 3), (1, 9)]
    assert read.charts[1].spec is not None
    assert read.charts[1].spec.metrics == ("val/acc", "train/acc")
    assert read.broken == ()


def test_a_broken_chart_says_on_which_line_of_the_text_and_why_and_the_others_live() -> None:
    read = document.read(f"{CHART}\n```chart\nmetric: loss\nsmooth: much\n```\n\n{CHART}")

    assert [bool(block.error) for block in read.charts] == [False, True, False]
    assert read.charts[1].line == 7
    assert "0.8" in read.charts[1].error


def test_an_unknown_key_names_the_one_that_was_meant() -> None:
    (block,) = document.read("```chart\nmetrik: loss\n```").charts

    assert "metric" in block.error
    assert block.line == 2


def test_a_chart_that_is_not_closed_says_how_to_close_it() -> None:
    (block,) = document.read("```chart\nmetric: loss").charts

    assert "three backticks" in block.error


def test_the_hundred_and_first_chart_is_an_error_in_its_place() -> None:
    charts = document.read(CHART * (MAX_CHARTS + 1)).charts

    assert [block.number for block in charts if block.error] == [MAX_CHARTS]


@pytest.mark.parametrize(
    "source",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nmetric: *c",
        "metric: " + "[" * 5000,
        "metric: !!python/object/apply:os.system [id]",
        "metric: " + "x" * 50_000,
        "? [a]\n: b",
        "\tmetric: loss",
        "- a\n- b",
        "",
    ],
)
def test_hostile_yaml_is_an_error_in_its_place(source: str) -> None:
    blocks = document.read(f"```chart\n{source}\n```\n\n{CHART}").charts

    assert blocks[0].error or blocks[0].spec is not None
    assert blocks[1].spec is not None


def test_other_fences_stay_code() -> None:
    assert document.read("```yaml\nmetric: loss\n```\n\n```mermaid\ngraph\n```").charts == ()
