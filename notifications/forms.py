"""What people fill in about rules and channels. Saving is up to the verbs (rules.py, channel_settings.py)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from notifications.channels import KINDS
from notifications.models import Channel, Rule
from notifications.rules import Wish
from notifications.words import ENDINGS


class ChannelChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Channels by name and kind; one that is paused says so."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, channel: Channel) -> str:
        label = f"{channel} · {channel.get_kind_display()}"
        return _("%(channel)s · paused") % {"channel": label} if channel.paused_at else label


class RuleForm(forms.Form):
    trigger = forms.ChoiceField(
        label=_("When"), choices=Rule.Trigger.choices, widget=forms.RadioSelect, initial=Rule.Trigger.RUN_STATE
    )
    states = forms.MultipleChoiceField(
        label=_("The run"), required=False, choices=list(ENDINGS.items()), widget=forms.CheckboxSelectMultiple
    )
    metric = forms.CharField(
        label=_("Metric"),
        required=False,
        max_length=512,
        help_text=_("The name the script logs, for example val/loss. Machine metrics such as system.cpu count too."),
        widget=forms.TextInput(attrs={"list": "metrics", "autocomplete": "off", "spellcheck": "false"}),
    )
    comparison = forms.ChoiceField(label=_("Becomes"), required=False, choices=Rule.Comparison.choices, initial=">")
    threshold = forms.FloatField(
        label=_("Line"), required=False, widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    )
    channels = ChannelChoices(label=_("Send to"), required=False, queryset=Channel.objects.none())
    name = forms.CharField(
        label=_("Name"), required=False, max_length=128, help_text=_("Left empty, it is named after what it watches.")
    )

    def __init__(self, data: QueryDict | None = None, *, channels: QuerySet[Channel], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["channels"]
        assert isinstance(field, ChannelChoices)
        field.queryset = channels

    def wish(self) -> Wish:
        return Wish(**{**self.cleaned_data, "channels": list(self.cleaned_data["channels"])})


class ChannelForm(forms.Form):
    """Shows only the fields that the kind has. The secret is never filled in: empty keeps the one that is there."""

    name = forms.CharField(
        label=_("Name"), max_length=128, help_text=_("What rules call it, for example “Slack #training”.")
    )
    address = forms.CharField(max_length=512)
    secret = forms.CharField(
        max_length=1024, strip=True, widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

    def __init__(self, data: QueryDict | None = None, *, kind: str, is_new: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not KINDS[kind].has_address:
            del self.fields["address"]
        if not KINDS[kind].has_secret:
            del self.fields["secret"]
        for name, (label, help_text, placeholder) in LABELS[kind].items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
            self.fields[name].widget.attrs["placeholder"] = placeholder
        if not is_new and "secret" in self.fields:
            self.fields["secret"].required = False
            self.fields["secret"].help_text = _("Saved and never shown again. Leave it empty to keep it.")


LABELS = {
    "slack_bot": {
        "address": (_("Slack channel"), _("Its id from the channel's details, or its name."), "C0123456789"),
        "secret": (_("Bot token"), _("“Bot User OAuth Token” of your Slack app."), "xoxb-…"),
    },
    "slack_webhook": {
        "secret": (_("Webhook address"), _("Keep it like a password."), "https://hooks.slack.com/services/…"),
    },
    "email": {
        "address": (_("Addresses"), _("One or more, with commas between them."), "team@example.org"),
    },
}


def show(form: forms.Form, problem: ValidationError) -> None:
    """Put the errors of a verb at the fields they name, the others above the form."""
    for field, texts in getattr(problem, "message_dict", {"__all__": problem.messages}).items():
        form.add_error(field if field in form.fields else None, texts)
