"""Signing in with a password, at a rate that makes guessing pointless.

Each failure is a row with the name and the network address it came from. The same name from the same address may fail
`FAILURES_ALLOWED` times within `WINDOW`, an address as a whole `FAILURES_ALLOWED_PER_ADDRESS` times; then it has to
wait. Rows rather than a cache, because every web process must count the same failures. An attacker with many addresses
is slowed, not stopped; locking the name itself would let anybody lock anybody out.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import authenticate
from django.db.models import Q
from django.utils import timezone

from teams.models import SignInFailure, User

WINDOW = timedelta(minutes=10)
FAILURES_ALLOWED = 8
FAILURES_ALLOWED_PER_ADDRESS = 60


class TooManyFailures(Exception):
    """Nothing was tried; `minutes` says how long to wait."""

    minutes = int(WINDOW.total_seconds() // 60)


def sign_in(*, name: str, password: str, address: str) -> User | None:
    """The user of that name (or email) and password; None when there is none. Raises TooManyFailures."""
    name = name.strip().lower()[:254]
    recent = SignInFailure.objects.filter(address=address, failed_at__gt=timezone.now() - WINDOW)
    if recent.count() >= FAILURES_ALLOWED_PER_ADDRESS or recent.filter(name=name).count() >= FAILURES_ALLOWED:
        raise TooManyFailures
    user = _authenticate(name, password)
    if user is None:
        SignInFailure.objects.filter(failed_at__lte=timezone.now() - WINDOW).delete()
        SignInFailure.objects.create(name=name, address=address)
    else:
        SignInFailure.objects.filter(name=name, address=address).delete()
    return user


def _authenticate(name: str, password: str) -> User | None:
    """An email may belong to several users, since nobody has to prove theirs: then the password decides."""
    known = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).values_list("username", flat=True)
    for username in list(known[:5]) or [name]:  # an unknown name takes as long as a wrong password
        user = authenticate(username=username, password=password)
        if isinstance(user, User):
            return user
    return None
