"""ChartSpec: what somebody asked to be drawn, as a flat YAML mapping in a report's chart fence or a URL query."""

from __future__ import annotations

from dataclasses import dataclass


class SpecError(ValueError):
    """The chart was asked for wrongly. `field` names the key; the message says what to write."""

    def __init__(self, field: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.line = line


@dataclass(frozen=True)
class ChartSpec:
    """`runs` is a run query (tracking/runs.py), empty for all runs of the project, newest first."""

    metrics: tuple[str, ...]
    title: str = ""
    runs: str = ""
    x: str = "step"  # step, time, relative, or a metric
    smooth: float = 0.0  # exponential moving average weight, 0 ≤ smooth < 1
    scale: str = "linear"  # or log
    group: str = ""  # config.KEY, group, job_type: mean with band
    band: str = "std"  # std, sem, ci95, minmax
    limit: int = 10


def parse(source: str) -> ChartSpec:
    """From the YAML of a chart fence. Raises SpecError."""
    raise NotImplementedError
