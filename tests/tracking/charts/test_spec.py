from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tracking.charts import view
from tracking.charts.spec import BANDS, SCALES, ChartSpec, SpecError, from_query, parse

FENCE = """
title: Validation loss by learning rate
metric: val/loss                 # or metrics: [val/loss, train/loss]
runs: tags = baseline and config.lr > 1e-4 order by summary.val/loss limit 10
x: step                          # step, time, relative, or any metric
smooth: 0.8
scale: log
group: config.lr                 # mean with band: std, sem, ci95, minmax; n in the legend
band: ci95
"""

texts = st.text(max_size=30)
specs = st.builds(
    ChartSpec,
    metrics=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=4, unique=True).map(tuple),
    title=texts,
    runs=st.sampled_from(["", "tags = baseline and config.lr > 1e-4 limit 3", 'name = "a: #b"', "abc123, def456"]),
    x=st.text(min_size=1, max_size=20),
    smooth=st.floats(0, 1, exclude_max=True),
    scale=st.sampled_from(SCALES),
    group=st.sampled_from(["", "group", "config.lr", "config.a b: {c}"]),
    band=st.sampled_from(BANDS),
    limit=st.integers(1, 100),
)


def test_a_fence_becomes_a_spec() -> None:
    assert parse(FENCE) == ChartSpec(
        metrics=("val/loss",),
        title="Validation loss by learning rate",
        runs="tags = baseline and config.lr > 1e-4 order by summary.val/loss limit 10",
        smooth=0.8,
        scale="log",
        group="config.lr",
        band="ci95",
    )


@given(specs)
def test_a_printed_spec_is_parsed_back_to_itself(spec: ChartSpec) -> None:
    assert parse(spec.print()) == spec


def test_a_spec_prints_as_people_write_it() -> None:
    spec = ChartSpec(("val/loss", "train/loss"), title="손실: 비교", smooth=0.8)
    assert spec.print() == "title: '손실: 비교'\nmetrics: [val/loss, train/loss]\nsmooth: 0.8\n"


def test_values_are_the_text_that_is_written() -> None:
    assert parse("metric: 1e-4\ntitle: yes\nx: null") == ChartSpec(("1e-4",), title="yes", x="null")


def test_a_yaml_list_of_runs_names_exactly_those() -> None:
    assert parse("metric: loss\nruns: [abc123, calm otter]").runs == '"abc123", "calm otter",'


@pytest.mark.parametrize(
    ("source", "field", "line", "hint"),
    [
        ("", "metric", 1, "metric: val/loss"),
        ("title: x", "metric", 1, "metric: val/loss"),
        ("metric: []", "metric", 1, "name of a metric"),
        ("title: x\nmetrics: loss\nmetric: loss", "metrics", 2, "either"),
        ("metric: loss\nmetrik: x", "metrik", 2, "Did you mean “metric”?"),
        ("metric: loss\ncolour: x", "colour", 2, "title, metric, metrics, runs"),
        ("metric: loss\nmetric: acc", "metric", 2, "given twice"),
        ("metric: loss\n\nsmooth: 1", "smooth", 3, "0.8"),
        ("metric: loss\nsmooth: nan", "smooth", 2, "0.8"),
        ("metric: loss\nscale: Log", "scale", 2, "linear, log"),
        ("metric: loss\nband: iqr", "band", 2, "minmax"),
        ("metric: loss\ngroup: lr", "group", 2, "config.KEY"),
        ("metric: loss\nlimit: 0", "limit", 2, "from 1 to 100"),
        ("metric: loss\nlimit: 9999999999999", "limit", 2, "from 1 to 100"),
        ("metric: loss\ntitle: [a]", "title", 2, "not a list"),
        ("metric: loss\ntitle: {a: b}", "title", 2, "a value or a list"),
        ("metric: loss\nruns: state = runing", "runs", 2, "Did you mean “running”? (at character 9)"),
        ("metric: loss\ntitle: a: b", "", 2, "quote"),
        ("metric: loss\ntitle: 'a", "", 2, "quote"),
        ("- loss", "", 1, "key: value"),
        ("loss", "", 1, "key: value"),
        ("metric: &a loss\ntitle: *a", "", 1, "Anchors"),
        ("metric: loss\ntitle: *a", "", 2, "Anchors"),
        ("metric: \x00", "", 1, "character"),
        ("metric: " + "[" * 5000, "", 1, "nothing deeper"),
        ("title: x\nmetrics: [a, [b]]", "", 2, "nothing deeper"),
        ("metric: loss #" + "x" * 10_000, "", 1, "at most"),
    ],
)
def test_a_wrong_fence_says_field_line_and_what_to_write(source: str, field: str, line: int, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(source)
    assert hint in str(caught.value)
    assert (caught.value.field, caught.value.line) == (field, line)


@given(st.text(alphabet="metric:s [],{}&*!|>'\"#%@`-?\n\t loh0.", max_size=60) | st.text(max_size=60))
def test_any_text_is_a_spec_or_a_spec_error(source: str) -> None:
    try:
        parse(source)
    except SpecError as error:
        assert error.line is not None


def test_a_url_query_becomes_a_spec() -> None:
    query = QueryDict("metric=val/loss&metric=train/loss&runs=abc123,&smooth=0.5&x=time&width=300&limit=&theme=dark")
    assert from_query(query) == ChartSpec(("val/loss", "train/loss"), runs="abc123,", smooth=0.5, x="time")


def test_a_wrong_url_query_names_its_field() -> None:
    with pytest.raises(SpecError, match="for example 0") as caught:
        from_query(QueryDict("metric=loss&smooth=2"))
    assert caught.value.field == "smooth"
    with pytest.raises(SpecError) as caught:
        from_query(QueryDict("smooth=0.5"))
    assert caught.value.field in {"metric", "metrics"}


def test_the_view_comes_from_the_url_query() -> None:
    assert view.from_query(QueryDict("")) == view.View()
    assert view.from_query(QueryDict("width=1e9&start=-3&stop=1e3")) == view.View(4000, -3.0, 1000.0)
    with pytest.raises(SpecError, match="Write a number"):
        view.from_query(QueryDict("start=NaN"))
