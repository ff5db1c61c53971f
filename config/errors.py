"""What people read when something is not there, not allowed or broken. Scripts get the same as one line of JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from teams.members import owners_of
from teams.permissions import RoleNeeded


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    error = _("There is nothing at this address, or you may not see it.")
    return _answer(request, 404, error, {"path": request.path})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A missing role is named, with the people who can give it."""
    if isinstance(exception, RoleNeeded) and exception.is_key_too_weak:
        error = _("This API key may not do that; use one with a wider scope.")
        return _answer(request, 403, error, {"error": error})
    if isinstance(exception, RoleNeeded):
        error = _("This needs the role “%(role)s” in “%(team)s”.")
        error = error % {"role": exception.role.label, "team": exception.team}
        return _answer(request, 403, error, {"error": error, "owners": owners_of(exception.team)})
    error = _("You may not do that.")
    return _answer(request, 403, error, {"error": error})


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF check refused a form."""
    error = _("This form was too old, or the browser sent no cookie. Go back, reload the page and send it again.")
    return _answer(request, 403, error, {"error": error, "is_stale_form": True})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without the request: what is wrong with it may be its host or its cookies."""
    return HttpResponse(render_to_string("errors/400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: whatever broke may break again."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def _answer(request: HttpRequest, status: int, error: str, context: dict[str, Any]) -> HttpResponse:
    if "text/html" in request.headers.get("Accept", "text/html"):
        return render(request, f"errors/{status}.html", context, status=status)
    return JsonResponse({"error": error}, status=status)
