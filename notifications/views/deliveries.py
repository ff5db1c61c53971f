"""What was sent, what was not and why: the ledger of a project."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications import ledger
from notifications.deliveries import ENDED, try_again
from notifications.models import Delivery
from notifications.scope import deliveries_of, find_delivery
from notifications.texts import title_of
from teams.auth import AskedRequest
from teams.models import Role
from tracking.scope import find_project, may

FILTERS = {
    "waiting": (Delivery.State.WAITING, Delivery.State.SENDING),
    "sent": (Delivery.State.SENT,),
    "failed": (Delivery.State.FAILED,),
    "skipped": (Delivery.State.SKIPPED,),
}


@require_safe
def delivery_list(request: AskedRequest, team: str, project: str) -> HttpResponse:
    """`?state=` chooses one of FILTERS, `?before=` goes on below a row."""
    found = find_project(request.principal, team, project)
    everything = deliveries_of(request.principal).filter(project=found)
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    chosen = everything.filter(state__in=FILTERS[state]) if state in FILTERS else everything
    lines = ledger.lines(chosen.filter(pk__lt=int(before)) if before.isdecimal() else chosen, ledger.PAGE + 1)
    context = {
        "project": found,
        "lines": lines[: ledger.PAGE],
        "older": lines[ledger.PAGE - 1].delivery.pk if len(lines) > ledger.PAGE else None,
        "state": state if state in FILTERS else "",
        "is_later_page": before.isdecimal(),
        "has_any": bool(lines) or everything.exists(),
        "may_write": may(request.principal, found, Role.MEMBER),
    }
    return render(request, "notifications/deliveries.html", context)


@require_safe
def delivery(request: AskedRequest, team: str, project: str, pk: int) -> HttpResponse:
    found = find_delivery(request.principal, team, project, pk)
    context = {
        "project": found.project,
        "delivery": found,
        "title": title_of(found),
        "attempts": found.attempts.order_by("-number"),
        "is_moving": found.state in FILTERS["waiting"],
        "may_retry": found.state in ENDED and may(request.principal, found, Role.MEMBER),
    }
    part = "notifications/parts/delivery.html" if request.headers.get("HX-Request") else "notifications/delivery.html"
    return render(request, part, context)


@require_POST
def retry_delivery(request: AskedRequest, team: str, project: str, pk: int) -> HttpResponse:
    found = find_delivery(request.principal, team, project, pk, Role.MEMBER)
    try:
        try_again(delivery=found)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, _("Queued again."))
    return redirect("delivery", team=team, project=project, pk=pk)


@require_safe
def delivery_chart(request: AskedRequest, team: str, project: str, pk: int) -> HttpResponse | FileResponse:
    """The picture as it was sent."""
    found = find_delivery(request.principal, team, project, pk)
    if not found.stored_chart or not default_storage.exists(found.stored_chart):
        raise Http404
    return FileResponse(default_storage.open(found.stored_chart), content_type="image/png")
