"""How an edition or a draft looks to a reader: safe HTML in which every chart block is a figure or a framed error."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from reports import document, html
from reports.addresses import address
from reports.blocks.chart import ChartBlock
from reports.html import Page
from reports.models import Edition, FrozenFigure, Rendering
from tracking.models import Project


@dataclass(frozen=True)
class Picture:
    """What a reader without JavaScript sees of a figure: an address for each theme, or why there is none yet."""

    light: str = ""
    dark: str = ""
    error: str = ""


def edition_page(edition: Edition) -> Page:
    """The edition with the figures it froze, each fetched by the browser, and their pictures behind them."""
    figures = {figure.index: figure for figure in _figures(edition)}

    def show(block: ChartBlock) -> str:
        figure = figures.get(block.number)
        if figure is None or figure.error:
            return error_card(block, figure.error if figure else "")
        place = {"edition": edition.number, "number": block.number}
        return render_to_string(
            "reports/blocks/chart.html",
            {
                "number": block.number,
                "title": figure.title,
                "subtitle": figure.subtitle,
                "source": address("report-figure", edition.report, edition.title, **place),
                "picture": _picture(edition, figure),
            },
        )

    return html.render(document.read(edition.text), show)


def draft_page(project: Project, text: str) -> Page:
    """The text as it would look; its charts are asked for by the browser, one request each."""
    place = {"team": project.team.name, "project": project.name}
    figures = reverse("preview-figure", kwargs=place)

    def show(block: ChartBlock) -> str:
        if block.spec is None:
            return error_card(block)
        return render_to_string(
            "reports/blocks/chart.html",
            {
                "number": block.number,
                "title": block.spec.title or ", ".join(block.spec.metrics),
                "source": f"{figures}?{urlencode({'source': block.source})}",
            },
        )

    return html.render(document.read(text), show)


def error_card(block: ChartBlock, error: str = "") -> str:
    """The frame that stands in the place of a chart that cannot be drawn."""
    return render_to_string("reports/blocks/error.html", {"block": block, "error": error or block.error})


def run_count(edition: Edition) -> int:
    """How many runs the edition's charts show."""
    return len({run for figure in _figures(edition) for run in figure.runs})


@dataclass(frozen=True)
class Progress:
    """How far the workers are with an edition's pictures. `errors` are the reasons of those that failed."""

    total: int
    waiting: int
    errors: tuple[str, ...]


def progress(edition: Edition) -> Progress:
    rows = Rendering.objects.filter(figure__edition=edition).values_list("state", "error")
    return Progress(
        total=len(rows),
        waiting=sum(state == Rendering.State.WAITING for state, _error in rows),
        errors=tuple(sorted({error for state, error in rows if state == Rendering.State.FAILED})),
    )


def _figures(edition: Edition) -> QuerySet[FrozenFigure]:
    """Without their points, which may be megabytes."""
    return edition.figures.defer("points").prefetch_related("renderings")


def _picture(edition: Edition, figure: FrozenFigure) -> Picture:
    rows = {row.theme: row for row in figure.renderings.all() if row.format == "svg"}
    failed = next((row.error for row in rows.values() if row.state == Rendering.State.FAILED), "")
    if failed or not rows or any(row.state != Rendering.State.DONE for row in rows.values()):
        return Picture(error=failed)
    light, dark = (
        address(
            "report-picture",
            edition.report,
            edition.title,
            edition=edition.number,
            number=figure.index,
            theme=theme,
            format="svg",
        )
        for theme in ("light", "dark")
    )
    return Picture(light=light, dark=dark)
