"""Pictures and pages have the same colours: those of static/css."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tracking.charts import palette
from tracking.charts.theme import DARK, LIGHT, Theme

CSS = "".join(
    (Path(__file__).parents[3] / "static" / "css" / name).read_text() for name in ("debrief.css", "chart.css")
)
TOKENS = dict(re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]+, #[0-9a-f]+)\)", CSS))


def colors(token: str) -> tuple[str, str]:
    """A token's colour in the light and in the dark theme, in six digits."""
    light, dark = (
        color if len(color) == 7 else "#" + "".join(2 * digit for digit in color[1:])
        for color in TOKENS[token].split(", ")
    )
    return light, dark


@pytest.mark.parametrize("index", range(10))
def test_the_hues_of_runs_are_those_of_the_pages(index: int) -> None:
    assert (palette.color(index), palette.color(index, "dark")) == colors(f"c{index}")


@pytest.mark.parametrize(
    ("field", "token"),
    [
        ("surface", "surface"),
        ("text", "text"),
        ("muted", "muted"),
        ("ticks", "chart-fg"),
        ("grid", "chart-grid"),
        ("mark", "chart-mark"),
    ],
)
def test_the_other_colours_are_too(field: str, token: str) -> None:
    def of(theme: Theme) -> str:
        return str(getattr(theme, field))

    assert (of(LIGHT), of(DARK)) == colors(token)


def test_the_second_ten_are_dashed() -> None:
    assert [palette.is_dashed(index) for index in (0, 9, 10, 19, 20)] == [False, False, True, True, False]
