"""Requests of the client that Debrief has no use for: answered at once, because the client waits for them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
@login_not_required
def telemetry(request: HttpRequest, kind: str) -> HttpResponse:
    """The client's own OpenTelemetry: taken and dropped. WANDB_ERROR_REPORTING=false keeps it from being sent."""
    return JsonResponse({})


@csrf_exempt
@login_not_required
def oidc_token(request: HttpRequest) -> HttpResponse:
    """Identity tokens are not exchanged for keys; the client tells its user what `error_description` says."""
    error = _("This server takes no identity tokens. Set WANDB_API_KEY to a key from %(url)s.")
    url = request.build_absolute_uri("/authorize")
    return JsonResponse({"error": "unsupported_grant_type", "error_description": error % {"url": url}}, status=400)
