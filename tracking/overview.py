"""What a run was given and what became of it, as rows a page can show: settings, results, machine, events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracking import events, wire
from tracking.models import Event, Run

OWN_KEY = "_wandb"  # the client's own part of config and summary


@dataclass(frozen=True)
class Value:
    """One leaf of a nested mapping: `path` is ("optimizer", "lr") for optimizer.lr."""

    path: tuple[str, ...]
    value: Any

    @property
    def key(self) -> str:
        return ".".join(self.path)

    @property
    def parents(self) -> str:
        """The dimmed part before the last name."""
        return "".join(f"{name}." for name in self.path[:-1])

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    @property
    def text(self) -> str:
        """A string as it is, anything else as JSON; media as what it is and where it lies."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, dict) and "_type" in self.value:
            return " ".join(str(self.value[name]) for name in ("_type", "path") if name in self.value)
        return wire.dumps(self.value)


def leaves(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[Value]:
    """Every leaf, sorted by name at each level. Lists, empty mappings and media stay whole."""
    for name in sorted(values, key=str.lower):
        value = values[name]
        if isinstance(value, dict) and value and "_type" not in value:
            yield from leaves(value, (*above, name))
        else:
            yield Value((*above, name), value)


def duration(run: Run) -> str:
    """How long the run took, or has taken by now: "2 h 14 min"."""
    end = timezone.now() if run.is_active else run.ended_at or run.heartbeat_at
    seconds = int((end - run.created_at).total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days > 0:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": seconds % 60}
    return _("%(seconds)s s") % {"seconds": max(0, seconds)}


@dataclass(frozen=True)
class Fact:
    """A line about where the run took place. `is_code` says to set it in the fixed-width font."""

    title: str | Promise
    text: str
    is_code: bool = False


def environment(run: Run) -> list[Fact]:
    """Machine and program, as far as the client told; protocol: `_wandb.value.e` of the config, and run columns."""
    own = _mapping(_mapping(wire.loads(run.config)).get(OWN_KEY), "value")
    machine = _mapping(next(iter(_mapping(own.get("e")).values()), {}))
    git = _mapping(machine.get("git"))
    memory = _mapping(machine.get("memory")).get("total")
    given = [
        Fact(_("Host"), run.host or _text(machine.get("host"))),
        Fact(_("Program"), run.program or _text(machine.get("program")), True),
        Fact(_("Arguments"), " ".join(map(str, machine.get("args") or [])), True),
        Fact(_("Working directory"), _text(machine.get("root")), True),
        Fact(_("Git repository"), run.repository or _text(git.get("remote"))),
        Fact(_("Git commit"), run.commit or _text(git.get("commit")), True),
        Fact(_("Python"), _text(machine.get("python") or own.get("python_version"))),
        Fact(_("Operating system"), _text(machine.get("os"))),
        Fact(_("GPU"), _counted(machine.get("gpu"), machine.get("gpu_count"))),
        Fact(_("CPU cores"), _cores(machine)),
        Fact(_("Memory"), _gibibytes(memory)),
        Fact(_("Client"), f"wandb {own['cli_version']}" if own.get("cli_version") else ""),
    ]
    return [fact for fact in given if fact.text]


@dataclass(frozen=True)
class Happening:
    """An event in words; `tone` is "", "ok", "warn" or "bad"."""

    event: Event
    title: str | Promise
    tone: str
    detail: str


TITLES: dict[str, tuple[str | Promise, str]] = {
    events.RUN_STARTED: (_("Started"), ""),
    events.RUN_RESUMED: (_("Resumed"), ""),
    events.RUN_FINISHED: (_("Finished"), "ok"),
    events.RUN_FAILED: (_("Failed"), "bad"),
    events.RUN_CRASHED: (_("Crashed: its heartbeats stopped"), "bad"),
    events.RUN_KILLED: (_("Stopped on request"), "warn"),
    events.METRIC_CROSSED: (_("Alert rule fired"), "warn"),
    events.ALERT_RAISED: (_("Alert from the script"), "warn"),
}


def happening(event: Event) -> Happening:
    title, tone = TITLES.get(event.kind, (event.kind, ""))
    payload = event.payload
    told = [payload.get(name) for name in ("title", "text", "metric")]
    if payload.get("value") is not None:
        told.append(f"{payload['value']:.4g}" if isinstance(payload["value"], float) else payload["value"])
    return Happening(event, title, tone, " · ".join(str(part) for part in told if part not in {None, ""}))


def _mapping(value: Any, name: str | None = None) -> dict[str, Any]:
    if name is not None:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _counted(name: Any, count: Any) -> str:
    return f"{count} × {name}" if name and isinstance(count, int) and count > 1 else _text(name)


def _cores(machine: Mapping[str, Any]) -> str:
    physical, logical = machine.get("cpu_count"), machine.get("cpu_count_logical")
    if physical and logical and physical != logical:
        return f"{physical} ({logical})"
    return str(logical or physical or "")


def _gibibytes(size: Any) -> str:
    try:
        return f"{int(size) / 2**30:.4g} GiB"
    except (TypeError, ValueError):
        return ""
