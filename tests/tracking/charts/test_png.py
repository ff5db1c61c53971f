"""Pictures: equal figures give equal bytes, Hangul is drawn, nothing warns. Warnings are errors in all tests."""

from __future__ import annotations

import io
import logging
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.tracking.charts.golden import FIGURES
from tracking.charts import palette, png
from tracking.charts.figure import GAP, Curve, Figure, Mark
from tracking.charts.ink.canvas import Canvas, Format
from tracking.charts.ink.fonts import drawable
from tracking.charts.ink.legend import arrange
from tracking.charts.theme import DARK, LIGHT

SETUP = "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings'); django.setup()\n"
X = np.linspace(0, 40_000, 200)


def figure(*curves: Curve, **fields: object) -> Figure:
    values: dict[str, object] = {
        "title": "val/loss",
        "subtitle": "",
        "x_label": "Step",
        "y_label": "val/loss",
        "x_kind": "number",
        "y_scale": "linear",
        "x": X,
        "curves": curves,
    }
    return Figure(**(values | fields))  # type: ignore[arg-type]


def line(color: int = 0, label: str = "calm-otter-1") -> Curve:
    return Curve(label, color, 2 * np.exp(-X / 9000) + 0.3 + color / 10)


def pixels(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def colors_in(data: bytes) -> set[str]:
    image = pixels(data)
    return {"#{:02x}{:02x}{:02x}".format(*color) for _count, color in image.getcolors(image.width * image.height)}  # type: ignore[misc, union-attr]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_equal_figures_give_equal_bytes(name: str, format: Format, theme: str) -> None:
    assert png.draw(FIGURES[name], format, theme) == png.draw(FIGURES[name], format, theme)


def test_bytes_are_the_same_in_another_process() -> None:
    program = SETUP + (
        "import hashlib\n"
        "from tests.tracking.charts.golden import FIGURES; from tracking.charts import png\n"
        "print(hashlib.sha256(png.draw(FIGURES['bands'], 'svg') + png.draw(FIGURES['bands'])).hexdigest())"
    )
    seen = {subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(seen) == 1


def test_a_picture_has_the_size_asked_for_times_its_scale() -> None:
    assert pixels(png.draw(figure(line()), size=(600, 300), scale=2)).size == (1200, 600)
    assert pixels(png.draw(figure(line()), size=(600, 300), scale=1)).size == (600, 300)


def test_a_run_keeps_its_colour_in_both_themes() -> None:
    for theme, page in (("light", LIGHT), ("dark", DARK)):
        found = colors_in(png.draw(figure(line(1)), "png", theme))
        assert {palette.color(1, theme), page.surface} <= found


def test_thresholds_and_fire_points_are_drawn() -> None:
    marks = (Mark(1.0, label="val/loss > 1"), Mark(1.0, x=20_000, label="fired"))
    assert LIGHT.mark in colors_in(png.draw(figure(line(), marks=marks)))
    assert LIGHT.mark not in colors_in(png.draw(figure(line())))


def test_hangul_has_glyphs_and_unknown_marks_become_question_marks(caplog: pytest.LogCaptureFixture) -> None:
    assert drawable("검증 손실 — 수달-12 ≤ ✓") == "검증 손실 — 수달-12 ≤ ✓"
    assert drawable("a\n\tb 𓀀") == "a b ?"
    with caplog.at_level(logging.WARNING):
        png.draw(figure(line(label="한국어 𓀀 이름"), title="검증 손실 $x_1$ 𓀀", subtitle="평활"))
    assert not caplog.records


def test_dollars_are_no_formulas() -> None:
    plain = png.draw(figure(line(label="cost in $ or $"), title="$\\broken{"), "svg")
    assert plain.startswith(b"<?xml")


def test_the_second_ten_are_dashed_and_many_curves_are_thin() -> None:
    solid, dashed = (png.draw(figure(line(color)), "svg") for color in (3, 13))
    assert b"stroke-dasharray" not in solid
    assert b"stroke-dasharray" in dashed
    many = png.draw(figure(*(line(index, f"run-{index}") for index in range(9))), "svg")
    assert b"stroke-width: 1.6" in solid
    assert b"stroke-width: 1.6" not in many


def test_odd_values_are_drawn_without_a_warning() -> None:
    lonely = np.where(np.arange(200) == 50, 1.0, np.nan)
    broken = np.where(np.arange(200) % 50 == 0, GAP, 1.0)
    flat = Curve("flat", 2, np.full(200, 1e300), np.full(200, np.nan), np.full(200, np.nan))
    for scale in ("linear", "log"):
        png.draw(figure(Curve("lonely", 0, lonely), Curve("broken", 1, broken), y_scale=scale))
        png.draw(figure(flat, y_scale=scale))
        png.draw(figure(Curve("nothing", 0, np.full(200, np.nan)), y_scale=scale))
    png.draw(figure(Curve("one", 0, np.array([0.0])), x=np.array([0.0])))
    png.draw(figure(title="", notes=()))


def test_a_legend_wraps_and_says_how_many_found_no_room() -> None:
    canvas = Canvas(400, 300, LIGHT)
    entries = arrange(canvas, [line(index, f"some-long-run-name-{index}") for index in range(30)], 16, 384)
    assert {entry.row for entry in entries} == {0, 1, 2}
    assert entries[-1].text == f"and {30 - (len(entries) - 1)} more"
    assert all(entry.left + entry.width <= 384 for entry in entries)
    assert canvas.fitting("x" * 500, 12, 100).endswith("x…")


def test_the_web_process_never_imports_matplotlib() -> None:
    program = SETUP + (
        "import sys\n"
        "import config.urls, tracking.charts.build, tracking.charts.browser; print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
