"""Small words that every template may use: icons, times, numbers, the state of a run, form fields, the side menus."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from config.page_parts import PROJECT_MENU, TEAM_MENU, MenuItem
from teams.models import Team, User
from teams.permissions import Principal, role_in, visible
from tracking.charts import palette
from tracking.models import Project, Run

register = template.Library()

# Backgrounds of initials: white text has a contrast of at least 4.5:1 on each.
AVATAR_COLORS = ("#6d28d9", "#0f6e66", "#a3450a", "#1d4ed8", "#be123c", "#4a6b0c", "#a21caf", "#2b6f8d")

# What a state looks like beside its word: a colour class, and a shape so that colour is never alone.
DOT, RING, CROSS, SQUARE = (
    mark_safe('<circle cx="5" cy="5" r="3.6"/>'),
    mark_safe('<circle cx="5" cy="5" r="3.4"/>'),
    mark_safe('<path d="m2 2 6 6M8 2 2 8"/>'),
    mark_safe('<rect x="2" y="2" width="6" height="6" rx="1"/>'),
)
STATE_LOOKS = {
    Run.State.PENDING: ("warn", RING),
    Run.State.RUNNING: ("ok live", DOT),
    Run.State.FINISHED: ("", RING),
    Run.State.FAILED: ("bad", CROSS),
    Run.State.CRASHED: ("bad", CROSS),
    Run.State.KILLED: ("", SQUARE),
    Run.State.PREEMPTING: ("warn live", DOT),
    Run.State.PREEMPTED: ("warn", SQUARE),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of static/icons.svg, for decoration: whoever uses it alone adds the words."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name)


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """How long ago, with the exact time on hover; js/page/relative_time.js keeps it true while the page is open."""
    if moment is None:
        return _("never")
    exact = date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    zone = timezone.get_current_timezone_name()
    return format_html(
        '<time datetime="{}" title="{} {}" data-ago>{}</time>', moment.isoformat(), exact, zone, _distance(moment)
    )


def _distance(moment: datetime) -> str:
    seconds = (timezone.now() - moment).total_seconds()
    is_future, seconds = seconds < 0, abs(seconds)
    if seconds < 45:
        return _("just now")
    if seconds >= 30 * 86400:
        return date_format(timezone.localtime(moment), "DATE_FORMAT")
    if seconds < 3600:
        amount = _("%(count)s min") % {"count": max(1, int(seconds // 60))}
    elif seconds < 86400:
        amount = _("%(count)s h") % {"count": int(seconds // 3600)}
    else:
        amount = _("%(count)s d") % {"count": round(seconds / 86400)}
    return (_("in %(amount)s") if is_future else _("%(amount)s ago")) % {"amount": amount}


@register.filter
def rounded(value: Any) -> SafeString | str:
    """Four significant digits; the full value on hover where something was cut. Other things are shown as they are."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    short = four_digits(value)
    if isinstance(value, int) or short.replace(",", "") == repr(value):
        return short
    return format_html('<span title="{}">{}</span>', repr(value), short)


def four_digits(value: float) -> str:
    """`12,346`, `0.3412`, `3.2e-05`; whole numbers stay whole."""
    if isinstance(value, int):
        return intcomma(value, use_l10n=False)
    if not math.isfinite(value):
        return {math.inf: "∞", -math.inf: "−∞"}.get(value, "NaN")
    size = abs(value)
    if size != 0 and (size < 1e-4 or size >= 1e7):
        mantissa, exponent = f"{value:.3e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    decimals = max(0, 3 - math.floor(math.log10(size))) if size else 0
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.simple_tag
def run_state(run: Run) -> SafeString:
    """The state of a run as a shape and a word."""
    look, shape = STATE_LOOKS[Run.State(run.state)]
    word = _("stopping") if run.stop_requested and run.is_active else run.get_state_display()
    return format_html(
        '<span class="run-state {}" data-state="{}"><svg class="mark-shape" viewBox="0 0 10 10" aria-hidden="true">'
        "{}</svg>{}</span>",
        look,
        run.state,
        shape,
        word,
    )


@register.simple_tag
def color_of(run: Run) -> str:
    """The CSS colour of a run, the same in every chart, list, picture and mail: `style="--c: {% color_of run %}"`."""
    return f"var(--c{(run.number - 1) % len(palette.LIGHT)})"


@register.simple_tag
def swatch(run: Run) -> SafeString:
    """The stroke a run is drawn with, as in a chart's legend."""
    dashed = " dashed" if palette.is_dashed(run.number - 1) else ""
    return format_html('<span class="swatch{}" style="--c: {}"></span>', dashed, color_of(run))


@register.simple_tag
def avatar(who: User | Team, size: str = "") -> SafeString:
    """Initials on a colour of one's own; the name stands beside it, so it is hidden from screen readers."""
    shape = " square" if isinstance(who, Team) and not who.is_personal else ""
    return format_html(
        '<span class="avatar{} {}" style="--avatar: {}" aria-hidden="true">{}</span>',
        shape,
        size,
        AVATAR_COLORS[who.pk % len(AVATAR_COLORS)],
        _initials(str(who)),
    )


def _initials(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").split()
    if not words:
        return "?"
    if ord(words[0][0]) > 0x2E80:  # one Hangul, Kana or Han character says enough
        return words[0][0]
    return (words[0][0] + words[1][0] if len(words) > 1 else words[0][:2]).upper()


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field with its label, help and errors, wired together for screen readers."""
    widget = bound.field.widget
    return {
        "field": bound,
        "is_check": isinstance(widget, CheckboxInput),
        "is_choice": isinstance(widget, RadioSelect),
        "is_optional": not bound.field.required and not isinstance(widget, Select),
    }


@dataclass(frozen=True)
class MenuLine:
    url: str
    title: str | Promise
    icon: str
    count: int | None
    is_current: bool


@register.inclusion_tag("parts/menu.html", takes_context=True)
def project_menu(context: Context, project: Project) -> dict[str, list[MenuLine]]:
    kwargs = {"team": project.team.name, "project": project.name}
    return {"lines": _lines(context, PROJECT_MENU, project, project.team, kwargs)}


@register.inclusion_tag("parts/menu.html", takes_context=True)
def team_menu(context: Context, team: Team) -> dict[str, list[MenuLine]]:
    items = [item for item in TEAM_MENU if item.for_personal_teams or not team.is_personal]
    return {"lines": _lines(context, items, team, team, {"team": team.name})}


def _lines(
    context: Context, items: Sequence[MenuItem], thing: Any, team: Team, kwargs: dict[str, str]
) -> list[MenuLine]:
    principal: Principal = context["request"].principal
    held = role_in(principal, team)
    return [
        MenuLine(
            url=(url := reverse(item.view, kwargs=kwargs)),
            title=item.title,
            icon=item.icon,
            count=item.count(principal, thing) if item.count else None,
            is_current=_is_current(context, item, url),
        )
        for item in items
        if held is not None and held >= item.role
    ]


def _is_current(context: Context, item: MenuItem, url: str) -> bool:
    """The page's `active` decides; without one, the address: /lab/vision/rules/new lies under "Alert rules"."""
    if "active" in context:
        return bool(context["active"] == item.view)
    path: str = context["request"].path
    is_root = item.view in {"team", "workspace"}  # every other address lies under these
    return path == url or (not is_root and path.startswith(f"{url}/"))


@register.simple_tag(takes_context=True)
def my_teams(context: Context) -> list[Team]:
    """The teams of whoever asks: their own first, then by name."""
    principal: Principal = context["request"].principal
    teams = visible(Team.objects.select_related("personal_user"), principal)
    return sorted(teams, key=lambda team: (not team.is_personal, str(team).lower()))
