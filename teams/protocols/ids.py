"""Opaque ids on the wire: base64 of `Kind:number`, as wandb clients expect them; read with or without padding."""

from __future__ import annotations

import base64
import binascii

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def encode(kind: str, number: int) -> str:
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def decode(kind: str, value: str) -> int:
    """The number in an id of that kind. Raises ValidationError for anything else."""
    try:
        found, _colon, number = base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError):
        found, number = "", ""
    if found != kind or not number.isdecimal() or len(number) > 18:
        raise ValidationError({"id": _("“%(id)s” is not the id of a %(kind)s.") % {"id": value[:64], "kind": kind}})
    return int(number)
