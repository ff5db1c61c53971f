"""The colours of a picture besides its curves; the same as static/css/debrief.css has for charts in the browser."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    name: str  # as in tracking.charts.palette
    surface: str
    text: str
    muted: str
    ticks: str
    grid: str
    mark: str  # thresholds and where they fired


LIGHT = Theme("light", "#ffffff", "#16181f", "#5f6676", "#646b7c", "#eeeff3", "#b3213f")
DARK = Theme("dark", "#15171c", "#e9ebf0", "#8b92a2", "#8b92a2", "#23262e", "#ff7a8c")
THEMES = {"light": LIGHT, "dark": DARK}
