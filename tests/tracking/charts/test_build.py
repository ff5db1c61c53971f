"""From what scripts logged to figures, through the real history store."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.factories import log_metrics, make_project, make_run
from tests.people import make_people
from tracking import ingest, runs
from tracking.charts.build import build
from tracking.charts.figure import GAP, Curve, Figure, Mark
from tracking.charts.spec import ChartSpec
from tracking.models import Project, Run

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


@pytest.fixture
def project() -> Project:
    people = make_people()
    return make_project(people.team, people.alice)


def logged(project: Project, name: str, values: list[float | None], key: str = "val/loss", **facts: object) -> Run:
    """A run that logged the values at steps 0, 1, 2 …; None for a step without one."""
    run = make_run(project, None, name, **({"display_name": f"run-{name}"} | facts))
    rows = [{} if value is None else {key: value} for value in values]
    stamped = [row | {"_runtime": 60.0 * index, "_timestamp": 1.76e9 + index} for index, row in enumerate(rows)]
    log_metrics(run, stamped)
    return run


def figure(project: Project, *metrics: str, width: int = 1000, **fields: object) -> Figure:
    spec = ChartSpec(metrics or ("val/loss",), **fields)  # type: ignore[arg-type]
    return build(spec, project.runs.all(), width=width)


def values(curve: Curve) -> list[float | None]:
    return [None if math.isnan(value) else value for value in curve.y.tolist()]


def test_a_chart_has_a_curve_for_every_run_newest_first_in_the_runs_own_colours(project: Project) -> None:
    logged(project, "a", [1, 2])
    logged(project, "b", [3, 4, 5])
    found = figure(project)
    assert [(c.label, c.run, c.color, values(c)) for c in found.curves] == [
        ("run-b", "b", 1, [3, 4, 5]),
        ("run-a", "a", 0, [1, 2, None]),
    ]
    assert found.x.tolist() == [0, 1, 2]
    assert (found.title, found.x_label, found.y_label, found.x_kind) == ("val/loss", "Step", "val/loss", "number")
    assert found.notes == ()


def test_a_step_without_a_value_leaves_the_line_whole_and_a_nan_breaks_it(project: Project) -> None:
    logged(project, "a", [1, None, 2, float("nan"), 3])
    logged(project, "b", [1, 1, 1, 1, 1])
    curve = figure(project).curves[1]
    assert values(curve) == [1, None, 2, GAP, 3]


def test_runs_of_the_same_name_are_told_apart_by_their_ids(project: Project) -> None:
    for name in ("a", "b"):
        logged(project, name, [1], display_name="twin")
    assert [curve.label for curve in figure(project).curves] == ["twin (b)", "twin (a)"]


def test_several_metrics_of_one_run_take_the_colours_in_turn(project: Project) -> None:
    run = make_run(project, None, "a")
    log_metrics(run, [{"train": 1.0}, {"train": 2.0, "val": 3.0}, {"train": 4.0}])
    found = figure(project, "train", "val")
    assert [(c.label, c.color, values(c)) for c in found.curves] == [
        ("train", 0, [1, 2, 4]),
        ("val", 1, [None, 3, None]),
    ]
    assert (found.title, found.y_label) == ("train, val", "")


def test_several_metrics_of_several_runs_share_the_runs_colour_the_second_dashed(project: Project) -> None:
    for name in ("a", "b"):
        run = make_run(project, None, name, display_name=name)
        log_metrics(run, [{"train": 1.0, "val": 2.0}])
    assert [(c.label, c.color) for c in figure(project, "train", "val").curves] == [
        ("b · train", 1),
        ("a · train", 0),
        ("b · val", 11),
        ("a · val", 10),
    ]


def test_a_long_history_comes_in_buckets_with_their_extremes_as_band(project: Project) -> None:
    logged(project, "a", [float(step % 2) for step in range(400)])
    (curve,) = figure(project, width=50).curves
    assert curve.low is not None and curve.high is not None
    assert curve.y.size <= 50
    assert (float(np.nanmin(curve.low)), float(np.nanmax(curve.high))) == (0, 1)
    (smoothed,) = figure(project, width=50, smooth=0.5).curves
    assert smoothed.low is None


def test_smoothing_is_told_in_the_subtitle(project: Project) -> None:
    logged(project, "a", [0, 1])
    found = figure(project, smooth=0.5)
    assert found.subtitle == "smoothed 0.5"
    assert values(found.curves[0]) == [0, pytest.approx(2 / 3)]


def test_a_log_axis_leaves_out_what_is_not_above_zero_and_says_so(project: Project) -> None:
    logged(project, "a", [1, 0, -1, 10])
    found = figure(project, scale="log")
    assert values(found.curves[0]) == [1, GAP, GAP, 10]
    assert found.notes == ("A log axis cannot show values of 0 and below: 2 left out.",)


def test_groups_are_means_with_bands_and_their_number_of_runs(project: Project) -> None:
    for name, lr, offset in (("a", 0.1, 0.0), ("b", 0.1, 2.0), ("c", 0.01, 5.0)):
        logged(project, name, [offset + step for step in range(3)], config={"lr": lr})
    logged(project, "d", [9, 9, 9])
    found = figure(project, group="config.lr", band="minmax")
    assert [(c.label, c.color, c.count, values(c)) for c in found.curves] == [
        ("lr = 0.01 (n=1)", 0, 1, [5, 6, 7]),
        ("lr = 0.1 (n=2)", 1, 2, [1, 2, 3]),
        ("no lr (n=1)", 2, 1, [9, 9, 9]),
    ]
    band = found.curves[1]
    assert band.low is not None and band.high is not None
    assert (band.low.tolist(), band.high.tolist()) == ([0, 1, 2], [2, 3, 4])
    assert found.subtitle == "mean by config.lr, band: min–max"


def test_runs_of_a_group_that_logged_at_other_steps_are_averaged_between_their_values(project: Project) -> None:
    logged(project, "a", [0, None, 2, None], group="seeds")
    logged(project, "b", [2, 3, 4, 5], group="seeds")
    (mean,) = figure(project, group="group").curves
    assert (mean.label, values(mean)) == ("seeds (n=2)", [1, 2, 3, 5])


def test_more_groups_than_the_limit_are_counted(project: Project) -> None:
    for name in "abc":
        logged(project, name, [1], job_type=name)
    found = figure(project, group="job_type", limit=2)
    assert [curve.label for curve in found.curves] == ["a (n=1)", "b (n=1)"]
    assert found.notes == ("2 of 3 groups",)


def test_x_may_be_time_or_another_metric(project: Project) -> None:
    run = make_run(project, None, "a")
    log_metrics(
        run, [{"loss": 3.0 - i, "epoch": i / 2, "_runtime": 60.0 * i, "_timestamp": 1.76e9 + i} for i in range(3)]
    )
    relative, time, epoch = (figure(project, "loss", x=x) for x in ("relative", "time", "epoch"))
    assert (relative.x_kind, relative.x.tolist()) == ("duration", [0, 60, 120])
    assert (time.x_kind, time.x[0]) == ("time", 1.76e9)
    assert (epoch.x_kind, epoch.x_label, epoch.x.tolist()) == ("number", "epoch", [0, 0.5, 1])


def test_machine_metrics_are_drawn_over_the_runs_time(project: Project) -> None:
    run = make_run(project, None, "a")
    lines = [
        '{"_runtime": 0.5, "_timestamp": 1.0, "system.cpu": 50}',
        '{"_runtime": 15.5, "_timestamp": 16.0, "system.cpu": 70}',
    ]
    ingest.log_system(run=run, offset=0, lines=lines)
    found = figure(project, "system.cpu")
    assert (found.x_kind, found.x.tolist(), values(found.curves[0])) == ("duration", [0.5, 15.5], [50, 70])


def test_a_part_of_x_is_shown_in_more_detail(project: Project) -> None:
    logged(project, "a", [float(step) for step in range(400)])
    spec = ChartSpec(("val/loss",))
    part = build(spec, project.runs.all(), width=50, start=100, stop=120)
    assert part.x.tolist() == [float(step) for step in range(100, 121)]
    beyond = build(spec, project.runs.all(), width=50, start=1000, stop=2000)
    assert (beyond.curves, beyond.notes) == ((), ("There are no values in this range.",))


def test_marks_go_along(project: Project) -> None:
    logged(project, "a", [1])
    marks = (Mark(0.5, label="val/loss < 0.5"), Mark(0.4, x=0, label="fired"))
    assert build(ChartSpec(("val/loss",)), project.runs.all(), marks=marks).marks == marks


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"runs": "state = failed"}, "No run matches “state = failed”."),
        ({"limit": 2}, "2 of 3 runs"),
        ({"runs": "limit 2"}, None),
        ({"metrics": ("val/los",)}, "No run here has logged “val/los” as a number. Did you mean “val/loss”?"),
        ({"metrics": ("quux",)}, "No run here has logged “quux” as a number."),
    ],
)
def test_a_figure_says_what_it_does_not_show(project: Project, fields: dict[str, object], note: str | None) -> None:
    for name in "abc":
        logged(project, name, [1])
    found = build(ChartSpec(**({"metrics": ("val/loss",)} | fields)), project.runs.all())  # type: ignore[arg-type]
    assert found.notes == ((note,) if note else ())


def test_a_limit_in_the_run_query_counts_unless_the_chart_has_its_own(project: Project) -> None:
    for index in range(12):
        logged(project, f"r{index}", [1])
    assert len(figure(project, runs="state = running limit 12").curves) == 12
    assert len(figure(project).curves) == 10
    limited = figure(project, runs="state = running limit 12", limit=5)
    assert (len(limited.curves), limited.notes) == (5, ("5 of 12 runs",))


def test_an_empty_project_says_so(project: Project) -> None:
    assert figure(project).notes == ("There are no runs here yet.",)


def test_a_figure_holds_only_runs_of_the_queryset(project: Project) -> None:
    logged(project, "a", [1])
    other = make_project(project.team, None, "other")
    logged(other, "b", [2])
    found = build(ChartSpec(("val/loss",), runs="a, b"), project.runs.all())
    assert [curve.run for curve in found.curves] == ["a"]


def test_a_wrong_run_query_is_refused(project: Project) -> None:
    with pytest.raises(runs.RunQueryError):
        figure(project, runs="state = blue")
