"""The text a new report starts with: a comparison of the project's newest runs, ready to be rewritten."""

from __future__ import annotations

import re
from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams.permissions import Principal, visible
from tracking import history
from tracking.charts.spec import ChartSpec
from tracking.models import Project, Run

RUNS = 10  # as many as a chart draws unless it is told otherwise
CHARTS = 4
VALIDATION = re.compile(r"\b(?:val|valid|validation|eval|test)(?:\b|_)")
MAX_METRICS = 500  # names a picker offers


def metrics_of(project: Project, principal: Principal) -> list[str]:
    """Names of the numbers that the newest runs logged, in the order in which they are worth a chart.

    First what most runs have, then what moves at all, then validation before training, then what was logged most.
    """
    runs: Counter[str] = Counter()
    points: Counter[str] = Counter()
    moving: set[str] = set()
    for run in _newest(project, principal):
        for key in history.keys(run).values():
            if key.kind == "number" and not key.name.startswith("_"):
                runs[key.name] += 1
                points[key.name] += key.count
                moving |= {key.name} if key.min != key.max else set()

    def worth(name: str) -> tuple[int, bool, bool, int, str]:
        return -runs[name], name not in moving, VALIDATION.search(name) is None, -points[name], name

    return sorted(points, key=worth)[:MAX_METRICS]


def text_for(project: Project, principal: Principal) -> str:
    """Markdown with one chart for each of the most logged metrics; a hint in their place while there are no runs."""
    runs = len(_newest(project, principal))
    metrics = metrics_of(project, principal)[:CHARTS]
    return "\n".join(
        [
            _opening(project, runs),
            "",
            f"## {_('What we wanted to know')}",
            "",
            _("*One or two sentences: the question, and what you expected.*"),
            "",
            f"## {_('What the runs show')}",
            "",
            "\n\n".join(chart_fence(ChartSpec((metric,), title=metric)) for metric in metrics) or _example(),
            "",
            f"## {_('What we decided')}",
            "",
            _("- *What changes now, and who does it.*"),
            "",
        ]
    )


def chart_fence(spec: ChartSpec) -> str:
    """A chart block that asks for `spec`."""
    return f"```chart\n{spec.print()}```"


def _newest(project: Project, principal: Principal) -> list[int]:
    runs = visible(Run.objects.filter(project=project), principal).order_by("-number")
    return list(runs.values_list("pk", flat=True)[:RUNS])


def _opening(project: Project, runs: int) -> str:
    if not runs:
        return _("This report is about **%(project)s**. There are no runs yet.") % {"project": project.name}
    text = ngettext(
        "This report looks at the newest run of **%(project)s**.",
        "This report compares the %(count)d newest runs of **%(project)s**.",
        runs,
    )
    return text % {"project": project.name, "count": runs}


def _example() -> str:
    hint = _("*When the first run has logged a number, draw it with a block like this:*")
    return f"{hint}\n\n````markdown\n```chart\nmetric: loss\nx: step\n```\n````"
