"""From a request's key or session to the Principal who asks."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from teams.accounts import digest
from teams.models import ApiKey
from teams.permissions import NOBODY, Principal


class AskedRequest(HttpRequest):
    """A request after PrincipalMiddleware: what views are annotated with."""

    principal: Principal


KEY_CACHE_SECONDS = 3.0  # a revoked key lives at most this long on the hot path
_keys: dict[str, tuple[float, Principal]] = {}


def key_from_header(header: str) -> str:
    """The API key in an `Authorization` value: `Basic api:KEY` (wandb) or `Bearer KEY`; "" when there is none."""
    scheme, _space, value = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def principal_of_key(secret: str) -> Principal:
    """The key's user and scope, NOBODY when it is unknown, expired or its user inactive. Cached for seconds."""
    if not secret:
        return NOBODY
    remembered = remembered_principal(secret)
    if remembered is not None:
        return remembered
    hashed, now = digest(secret), time.monotonic()
    principal = _look_up(hashed)
    if principal is not NOBODY:
        if len(_keys) > 10_000:
            _keys.clear()
        _keys[hashed] = (now, principal)
    return principal


def remembered_principal(secret: str) -> Principal | None:
    """What `principal_of_key` found within seconds, without asking the database; None when it did not."""
    cached = _keys.get(digest(secret))
    return cached[1] if cached is not None and time.monotonic() - cached[0] < KEY_CACHE_SECONDS else None


def _look_up(hashed: str) -> Principal:
    now = timezone.now()
    row = (
        ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), key_hash=hashed, user__is_active=True)
        .values_list("id", "user_id", "user__username", "scope", "last_used_at")
        .first()
    )
    if row is None:
        return NOBODY
    key_id, user_id, username, scope, last_used_at = row
    if last_used_at is None or now - last_used_at > timedelta(minutes=1):
        ApiKey.objects.filter(pk=key_id).update(last_used_at=now)
    return Principal(user_id=user_id, username=username, scope=scope)


class PrincipalMiddleware:
    """Sets `request.principal` from the session or, for scripts, from the Authorization header.

    Whoever is nobody is sent to sign in (a page) or answered 401 (anything else), unless the view is marked with
    Django's `login_not_required`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: AskedRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        if header:
            request.principal = principal_of_key(key_from_header(header))
            # A key in a header is never sent by a browser on its own, so there is nothing to forge.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        elif request.user.is_authenticated:
            request.principal = Principal(user_id=request.user.pk, username=request.user.username)
        else:
            request.principal = NOBODY
        return self.get_response(request)

    def process_view(
        self, request: AskedRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if request.principal.scope == ApiKey.Scope.INGEST:
            return JsonResponse({"error": _("This API key may only log runs; use one that may read.")}, status=403)
        if request.principal is not NOBODY:
            return None
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return redirect_to_login(request.get_full_path())
        error = _("Unknown or expired API key, or not signed in. Get a key at %(url)s/authorize.")
        return JsonResponse({"error": error % {"url": settings.SITE_URL}}, status=401)
