"""What people fill in about themselves and their teams. Saving is up to the verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.models import NAME_VALIDATOR, ApiKey, Role, Team, User


def name_input(**attributes: object) -> forms.TextInput:
    """A field for a name in addresses: nothing in the browser may "correct" it."""
    return forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off", **attributes})


def new_password() -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters. A sentence is easy to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class SignInForm(forms.Form):
    name = forms.CharField(
        label=_("Username or email"),
        max_length=254,
        widget=name_input(autocomplete="username", autofocus=True),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SignUpForm(forms.Form):
    """Only behind an invitation."""

    username = forms.CharField(
        label=_("Username"),
        validators=[NAME_VALIDATOR],
        help_text=_("Part of addresses. Letters, digits, “_” and “-”; it cannot be changed."),
        widget=name_input(autocomplete="username", autofocus=True),
    )
    email = forms.EmailField(label=_("Email"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = new_password()


class ProfileForm(forms.Form):
    display_name = forms.CharField(
        label=_("Display name"),
        required=False,
        max_length=128,
        help_text=_("How others see you; empty: your username."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Email"),
        required=False,
        help_text=_("You may sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(label=_("Look"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    default_team = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("Default team"),
        required=False,
        empty_label=_("Your personal team"),
        help_text=_("Where runs go when a script names no entity."),
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data, initial={name: getattr(user, name) for name in self.base_fields})
        teams = self.fields["default_team"]
        assert isinstance(teams, forms.ModelChoiceField)
        teams.queryset = Team.objects.filter(memberships__user=user, personal_user=None).order_by("name")
        # A language is called as its speakers call it.
        native = [(code, {"en": "English", "ko": "한국어"}.get(code, code)) for code, _name in settings.LANGUAGES]
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        choices: dict[str, list[tuple[str, Any]]] = {
            "language": [("", _("As the browser asks")), *native],
            "theme": [("", _("As the system says")), ("light", _("Light")), ("dark", _("Dark"))],
            "time_zone": zones,
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options


class PasswordForm(forms.Form):
    """A user who has no password yet (made by an invitation link or a script) sets the first one without the old."""

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = new_password()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].label = _("New password")
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise ValidationError(_("This is not your current password."))
        return current


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=128,
        help_text=_("Where it is used, so that you know which one to revoke: “laptop”, “cluster”."),
        widget=name_input(),
    )
    scope = forms.ChoiceField(label=_("It may"), choices=ApiKey.Scope.choices, initial=ApiKey.Scope.WRITE)
    days = forms.TypedChoiceField(
        label=_("It expires"),
        coerce=int,
        choices=[(0, _("Never")), (30, _("In 30 days")), (90, _("In 90 days")), (365, _("In a year"))],
        initial=0,
    )

    def expires_at(self) -> datetime | None:
        days: int = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=days) if days else None


class NewTeamForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        validators=[NAME_VALIDATOR],
        help_text=_("Part of addresses and what scripts write in wandb.init(entity=…). It cannot be changed."),
        widget=name_input(autofocus=True),
    )
    display_name = forms.CharField(
        label=_("Display name"), required=False, max_length=128, help_text=_("What people read; empty: the name.")
    )


class TeamForm(forms.Form):
    display_name = forms.CharField(
        label=_("Display name"), required=False, max_length=128, help_text=_("What people read; empty: the name.")
    )


class DeleteTeamForm(forms.Form):
    """Deleting asks for the name, so that nobody deletes the wrong team in passing."""

    typed_name = forms.CharField(label=_("Type the name of the team to confirm"), widget=name_input())

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clean_typed_name(self) -> str:
        typed: str = self.cleaned_data["typed_name"]
        if typed != self.name:
            raise ValidationError(_("This is not the name. Type “%(name)s”."), params={"name": self.name})
        return typed


class RoleForm(forms.Form):
    """A role up to the one that the asker has: nobody gives away more."""

    role = forms.TypedChoiceField(label=_("Role"), coerce=lambda value: Role(int(value)), initial=Role.MEMBER)

    def __init__(self, *args: Any, up_to: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, role.label) for role in Role if role <= up_to]


class InvitationForm(RoleForm):
    days = forms.TypedChoiceField(
        label=_("The link works for"),
        coerce=int,
        choices=[(1, _("1 day")), (7, _("7 days")), (30, _("30 days"))],
        initial=7,
    )
    email = forms.EmailField(
        label=_("For"),
        required=False,
        help_text=_("An email address, so that you know later whom the link was for. No mail is sent."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
