"""SQL's LIKE with the user's own wildcards: `%` is any text, `_` any character.

Django escapes wildcards, and a regular expression in their place would run in Python on SQLite, where some patterns
take for ever. The databases' own operators take at most pattern length times text length.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Value
from django.utils.translation import gettext as _

MAX_PATTERN = 1024  # characters
GLOB = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}


def like(field: str, pattern: str) -> Func:
    """A condition for `filter`; upper and lower case differ on both databases. Raises ValidationError."""
    if len(pattern) > MAX_PATTERN:
        raise ValidationError({"pattern": _("A pattern has at most %(limit)d characters.") % {"limit": MAX_PATTERN}})
    if settings.SQLITE:  # its LIKE takes a for A, its GLOB does not
        operator, end, pattern = " GLOB ", "", "".join(GLOB.get(character, character) for character in pattern)
    else:
        operator, end = " LIKE ", " ESCAPE ''"
    return Func(
        F(field), Value(pattern), template="%(expressions)s" + end, arg_joiner=operator, output_field=BooleanField()
    )
