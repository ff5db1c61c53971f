"""Channel secrets at rest: Fernet with keys derived from SECRET_KEY and SECRET_KEY_FALLBACKS.

To change SECRET_KEY, move the old one to SECRET_KEY_FALLBACKS: what it sealed stays readable, what is saved from then
on is sealed with the new one.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableSecret(Exception):
    """The secret was sealed with a key that is gone."""


def seal(secret: str) -> str:
    """Encrypt; "" stays "". The result is text for a database column."""
    return _keys().encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """Decrypt what `seal` gave. Raises UnreadableSecret."""
    if not sealed:
        return ""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise UnreadableSecret from problem


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derive(key: str) -> bytes:
    # SECRET_KEY is long and random (config/env.py sees to it), so one hash with a label of our own is enough.
    return base64.urlsafe_b64encode(hashlib.sha256(b"debrief channel secrets\0" + key.encode()).digest())
