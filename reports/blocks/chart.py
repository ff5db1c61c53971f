"""The chart block: a ```chart fence whose YAML is a ChartSpec."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reports.fences import CHART, Fence
from teams.permissions import Principal, visible
from tracking.charts.build import MAX_GROUPED_RUNS, build
from tracking.charts.figure import Figure
from tracking.charts.spec import ChartSpec, SpecError, parse
from tracking.charts.view import View
from tracking.models import Project, Run
from tracking.runs import RunQueryError, find

logger = logging.getLogger(__name__)

KIND = CHART
MAX_CHARTS = 100
MAX_SOURCE = 10_000  # characters; the longest useful chart is a screenful
MAX_BRACKETS = 50  # YAML readers need seconds for thousands of nested ones; a chart needs a pair
FROZEN = View(width=1000)  # points along x that an edition keeps


@dataclass(frozen=True)
class ChartBlock:
    """The `number`th chart of a document (from 0), with its spec or the reason why there is none.

    `line` is where the block starts in the text, or where its error is, counted from 1.
    """

    number: int
    line: int
    source: str
    spec: ChartSpec | None = None
    error: str = ""


def read(fence: Fence, number: int) -> ChartBlock:
    """Never raises: what is wrong becomes the block's error."""
    problem = _problem(fence, number)
    if problem:
        return ChartBlock(number, fence.line, fence.source, error=problem)
    try:
        return ChartBlock(number, fence.line, fence.source, spec=parse(fence.source))
    except SpecError as refused:
        return ChartBlock(number, fence.line + (refused.line or 0), fence.source, error=str(refused))


def draw(block: ChartBlock, project: Project, principal: Principal, view: View = FROZEN) -> Figure:
    """The block's figure as of now, of those runs of the project that `principal` may see. Raises SpecError."""
    if block.spec is None:
        raise SpecError("chart", block.error)
    try:
        return build(block.spec, _visible_runs(project, principal), width=view.width, start=view.start, stop=view.stop)
    except RunQueryError as refused:
        raise SpecError("runs", str(refused)) from refused


def runs_behind(block: ChartBlock, figure: Figure, project: Project, principal: Principal) -> list[str]:
    """The ids of the runs that a figure shows; behind the mean of a group stand all those that were asked for."""
    shown = {curve.run for curve in figure.curves}
    if block.spec is not None and "" in shown:
        shown |= {run.name for run in find(_visible_runs(project, principal), block.spec.runs, limit=MAX_GROUPED_RUNS)}
    return sorted(shown - {""})


def freeze(block: ChartBlock, project: Project, principal: Principal) -> tuple[Figure | None, str]:
    """What an edition keeps of the block: its figure, or None and the reason why it cannot be drawn."""
    try:
        return draw(block, project, principal), ""
    except SpecError as refused:
        return None, str(refused)
    except Exception:
        logger.exception("chart on line %s of a report of project %s could not be drawn", block.line, project.pk)
        return None, _("This chart could not be drawn; the server's log says why.")


def _visible_runs(project: Project, principal: Principal) -> QuerySet[Run]:
    return visible(Run.objects.filter(project=project), principal)


def _problem(fence: Fence, number: int) -> str:
    if number >= MAX_CHARTS:
        return _("A report shows at most %(count)d charts. Move this one to another report.") % {"count": MAX_CHARTS}
    if not fence.closed:
        return _("The block is not closed: end it with a line of three backticks.")
    if len(fence.source) > MAX_SOURCE:
        return _("The block is longer than %(count)d characters.") % {"count": MAX_SOURCE}
    if fence.source.count("[") + fence.source.count("{") > MAX_BRACKETS:
        return _("The block has more than %(count)d brackets.") % {"count": MAX_BRACKETS}
    return ""
