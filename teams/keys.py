"""Verbs about API keys made and revoked by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from teams import accounts
from teams.models import ApiKey, User


def keys_of(user: User) -> QuerySet[ApiKey]:
    """Newest first."""
    return user.api_keys.order_by("-id")


@transaction.atomic
def make_key(*, user: User, name: str, scope: str, expires_at: datetime | None) -> tuple[ApiKey, str]:
    """A new key and its secret, which nobody can see again."""
    key, secret = accounts.create_api_key(user=user, name=name, scope=scope, expires_at=expires_at)
    accounts.audit(team=None, actor=user, action="key.made", subject=key.prefix, scope=scope)
    return key, secret


@transaction.atomic
def revoke_key(*, key: ApiKey) -> None:
    """The key stops working everywhere within `teams.auth.KEY_CACHE_SECONDS`."""
    accounts.audit(team=None, actor=key.user, action="key.revoked", subject=key.prefix, name=key.name)
    key.delete()
