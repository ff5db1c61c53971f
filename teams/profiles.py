"""Verbs of people about themselves: name, language, look and password."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from teams.accounts import audit
from teams.models import Team, User


@transaction.atomic
def update_profile(
    *, user: User, display_name: str, email: str, language: str, theme: str, time_zone: str, default_team: Team | None
) -> None:
    """`default_team` None is the personal one. Raises ValidationError naming the field."""
    user.display_name, user.email, user.default_team = display_name, email, default_team
    user.language, user.theme, user.time_zone = language, theme, time_zone
    user.full_clean()
    user.save(update_fields=["display_name", "email", "language", "theme", "time_zone", "default_team"])


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """Ends every other session of the user. Raises ValidationError when the password is too weak."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    audit(team=None, actor=user, action="password.changed", subject=user.username)


def choose_theme(*, user: User, theme: str) -> None:
    """`theme` is "light", "dark" or "" for what the system says. Raises ValidationError for anything else."""
    user.theme = theme
    user.clean_fields(exclude=[field.name for field in User._meta.get_fields() if field.name != "theme"])
    User.objects.filter(pk=user.pk).update(theme=theme)
