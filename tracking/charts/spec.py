"""ChartSpec: what somebody asked to be drawn, as a flat YAML mapping in a report's chart fence or a URL query.

Every value is taken as the text that is written there, so that `title: yes` is a title and not a boolean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

import yaml
from django.http import QueryDict
from django.utils.translation import gettext as _

from tracking import runs

MAX_CHARACTERS = 10_000
MAX_DEPTH = 2  # the mapping, and a list in it
MAX_METRICS = 12
MAX_CURVES = 100
SCALES = ("linear", "log")
BANDS = ("std", "sem", "ci95", "minmax")
GROUP_COLUMNS = ("group", "job_type", "state", "user", "sweep", "host")


class SpecError(ValueError):
    """The chart was asked for wrongly. `field` names the key, `line` counts from 1; the message says what to write."""

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
    group: str = ""  # config.KEY, group, job_type …: mean with band
    band: str = "std"  # std, sem, ci95, minmax
    limit: int = 10  # curves of one metric

    def print(self) -> str:
        """The YAML of a chart fence; `parse` gives this very spec back."""
        written: dict[str, Any] = {"title": self.title} if self.title else {}
        written |= {"metric": self.metrics[0]} if len(self.metrics) == 1 else {"metrics": list(self.metrics)}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in {"metrics", "title"} and value != field.default:
                written[field.name] = value
        return "".join(_line(key, value) for key, value in written.items())


def parse(source: str) -> ChartSpec:
    """From the YAML of a chart fence. Raises SpecError."""
    values, lines = _read(source)
    try:
        return _spec(values)
    except SpecError as error:
        error.line = lines.get(error.field, 1)
        raise


def from_query(query: QueryDict) -> ChartSpec:
    """From `?metric=val/loss&metric=train/loss&runs=…&smooth=0.6`; others are left alone. Raises SpecError."""
    values: dict[str, str | list[str]] = {
        name: str(query[name]) for name in _READERS if query.get(name) and name not in {"metric", "metrics"}
    }
    values["metrics"] = [str(metric) for name in ("metric", "metrics") for metric in query.getlist(name)]
    return _spec(values)


def _line(key: str, value: Any) -> str:
    """One “key: value”, lists inside brackets, never folded. Only text without control marks is written as it is."""
    flow = None if isinstance(value, list) else False
    is_plain = all(str(part).isprintable() for part in (value if isinstance(value, list) else [value]))
    width = MAX_CHARACTERS * 10
    return str(yaml.safe_dump({key: value}, allow_unicode=is_plain, default_flow_style=flow, width=width))


# -- YAML → texts -----------------------------------------------------------------------------------------------------


def _read(source: str) -> tuple[dict[str, str | list[str]], dict[str, int]]:
    """Keys with their texts, and the line of each key."""
    if len(source) > MAX_CHARACTERS:
        raise SpecError("", _("A chart has at most %(limit)s characters.") % {"limit": MAX_CHARACTERS}, 1)
    depth = 0
    try:
        for event in yaml.parse(source, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            line = event.start_mark.line + 1 if event.start_mark else 1
            if getattr(event, "anchor", None) is not None:
                raise SpecError("", _("Anchors (&) and aliases (*) are not allowed. Quote the value."), line)
            if depth > MAX_DEPTH:  # thousands of brackets would keep the YAML reader busy for seconds
                raise SpecError("", _("A key takes a value or a list of values, nothing deeper."), line)
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = _(
            "This is no valid YAML (%(problem)s). Write one “key: value” a line; quote values with special marks."
        )
        raise SpecError("", message % {"problem": error.problem or error.context}, line) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SpecError("", _("This chart holds a character or a nesting that YAML does not allow."), 1) from error
    if root is None:
        return {}, {}
    if not isinstance(root, yaml.MappingNode):
        raise SpecError("", _("Write one “key: value” a line, for example “metric: val/loss”."), 1)
    return _texts(root)


def _texts(root: yaml.MappingNode) -> tuple[dict[str, str | list[str]], dict[str, int]]:
    values: dict[str, str | list[str]] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in root.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in values:
            raise SpecError(key, _("“%(key)s” is given twice. Remove one.") % {"key": key}, line)
        lines[key] = line
        if isinstance(value_node, yaml.ScalarNode):
            values[key] = value_node.value
        elif isinstance(value_node, yaml.SequenceNode) and all(
            isinstance(item, yaml.ScalarNode) for item in value_node.value
        ):
            values[key] = [item.value for item in value_node.value]
        else:
            raise SpecError(key, _("“%(key)s” takes a value or a list of values.") % {"key": key}, line)
    return values, lines


# -- texts → values ---------------------------------------------------------------------------------------------------


def _spec(values: Mapping[str, str | list[str]]) -> ChartSpec:
    for key in values:
        if key not in _READERS:
            raise SpecError(key, _unknown(key))
    if "metric" in values and "metrics" in values:
        raise SpecError("metrics", _("Write either “metric” or “metrics”."))
    read = {key: _READERS[key](key, value) for key, value in values.items()}
    if "metric" in read:
        read["metrics"] = read.pop("metric")
    if not read.get("metrics"):
        raise SpecError("metric", _("Say what to draw, for example “metric: val/loss”."))
    return ChartSpec(**read)


def _unknown(key: str) -> str:
    close = get_close_matches(key, _READERS, n=1)
    known = _("Known are %(keys)s.") % {"keys": ", ".join(_READERS)}
    message = _("There is no key “%(key)s”.") % {"key": key}
    return " ".join([message, *([_("Did you mean “%(key)s”?") % {"key": close[0]}] if close else []), known])


def _metrics(key: str, value: str | list[str]) -> tuple[str, ...]:
    metrics = tuple(dict.fromkeys(value if isinstance(value, list) else [value]))
    if not metrics or not all(metrics):
        raise SpecError(key, _("Write the name of a metric, for example val/loss."))
    if len(metrics) > MAX_METRICS:
        raise SpecError(key, _("A chart shows at most %(limit)s metrics. Make two charts.") % {"limit": MAX_METRICS})
    return metrics


def _text(key: str, value: str | list[str]) -> str:
    if isinstance(value, list):
        raise SpecError(key, _("“%(key)s” takes one value, not a list.") % {"key": key})
    return value


def _runs(key: str, value: str | list[str]) -> str:
    query = runs.listing(value) if isinstance(value, list) else value
    try:
        runs.check(query)
    except runs.RunQueryError as error:
        place = _("at character %(position)s") % {"position": error.position + 1}
        raise SpecError(key, f"{error} ({place})") from error
    return query


def _x(key: str, value: str | list[str]) -> str:
    return _text(key, value) or "step"


def _smooth(key: str, value: str | list[str]) -> float:
    try:
        smooth = float(_text(key, value))
    except ValueError:
        smooth = -1.0
    if not 0 <= smooth < 1:
        raise SpecError(key, _("Write a number from 0 (as logged) to 0.999 (very smooth), for example 0.8."))
    return smooth


def _group(key: str, value: str | list[str]) -> str:
    group = _text(key, value)
    if group and group not in GROUP_COLUMNS and not (group.startswith("config.") and len(group) > len("config.")):
        columns = ", ".join(GROUP_COLUMNS)
        raise SpecError(key, _("Group by config.KEY or one of %(columns)s.") % {"columns": columns})
    return group


def _limit(key: str, value: str | list[str]) -> int:
    text = _text(key, value)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_CURVES):
        raise SpecError(key, _("Write a whole number from 1 to %(limit)s.") % {"limit": MAX_CURVES})
    return int(text)


def _one_of(allowed: tuple[str, ...]) -> Callable[[str, str | list[str]], str]:
    def read(key: str, value: str | list[str]) -> str:
        text = _text(key, value)
        if text not in allowed:
            raise SpecError(key, _("Write one of %(allowed)s.") % {"allowed": ", ".join(allowed)})
        return text

    return read


_READERS: dict[str, Callable[[str, str | list[str]], Any]] = {
    "title": _text,
    "metric": _metrics,
    "metrics": _metrics,
    "runs": _runs,
    "x": _x,
    "smooth": _smooth,
    "scale": _one_of(SCALES),
    "group": _group,
    "band": _one_of(BANDS),
    "limit": _limit,
}
KEYS = tuple(_READERS)
