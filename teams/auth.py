"""From a request's key or session to the Principal who asks."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from teams.accounts import digest
from teams.models import ApiKey
from teams.permissions import NOBODY, Principal

if TYPE_CHECKING:

    class AskedRequest(HttpRequest):
        """A request after PrincipalMiddleware."""

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
    hashed = digest(secret)
    now = time.monotonic()
    cached = _keys.get(hashed)
    if cached is not None and now - cached[0] < KEY_CACHE_SECONDS:
        return cached[1]
    principal = _look_up(hashed)
    if principal is not NOBODY:
        if len(_keys) > 10_000:
            _keys.clear()
        _keys[hashed] = (now, principal)
    return principal


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
    """Sets `request.principal` from the session or, for scripts, from the Authorization header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: AskedRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        if header:
            request.principal = principal_of_key(key_from_header(header))
        elif request.user.is_authenticated:
            request.principal = Principal(user_id=request.user.pk, username=request.user.username)
        else:
            request.principal = NOBODY
        return self.get_response(request)
