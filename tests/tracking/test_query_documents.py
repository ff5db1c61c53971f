"""docs/run-queries.md and docs/charts.md name everything there is, and their examples work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tracking import runs
from tracking.charts import spec
from tracking.models import Run
from tracking.query.tree import COLUMNS

DOCS = Path(__file__).parents[2] / "docs"
QUERIES = (DOCS / "run-queries.md").read_text()
CHARTS = (DOCS / "charts.md").read_text()


def cells(document: str, column: int) -> list[str]:
    """What stands between backticks in a column of a document's tables."""
    rows = [line.split("|")[column] for line in document.splitlines() if line.startswith("| `")]
    return [code for cell in rows for code in re.findall(r"`([^`]+)`", cell)]


def test_every_field_of_a_query_is_documented() -> None:
    assert set(cells(QUERIES, 1)) == {*COLUMNS, "config.KEY", "summary.KEY"}
    assert all(state in QUERIES for state in Run.State.values)


@pytest.mark.django_db
@pytest.mark.parametrize("query", cells(QUERIES, 3))
def test_every_example_of_a_query_can_be_run(query: str) -> None:
    runs.check(query)


def test_every_key_of_a_chart_is_documented() -> None:
    assert cells(CHARTS, 1) == list(spec.KEYS)
    choices = set(cells(CHARTS, 2))
    assert {*spec.SCALES, *spec.BANDS, *spec.GROUP_COLUMNS} <= choices


def test_the_example_of_a_chart_is_one() -> None:
    fence = re.search(r"    ```chart\n(.*?)    ```", CHARTS, re.DOTALL)
    assert fence is not None
    assert spec.parse(fence.group(1)).group == "config.lr"
