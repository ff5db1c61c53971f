"""What people fill in about reports. Saving is up to the verbs (reports/editing.py), and so are the limits."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class NewReportForm(forms.Form):
    class Start:
        RUNS = "runs"
        EMPTY = "empty"

    title = forms.CharField(
        label=_("Title"),
        max_length=128,
        help_text=_("The question it answers makes a good title. You can change it until you publish."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    start = forms.ChoiceField(
        label=_("Start with"),
        choices=[
            (Start.RUNS, _("A comparison of the newest runs, with a chart for each of their main metrics")),
            (Start.EMPTY, _("An empty page")),
        ],
        initial=Start.RUNS,
        widget=forms.RadioSelect,
    )


class DraftForm(forms.Form):
    title = forms.CharField(label=_("Title"), strip=True)
    text = forms.CharField(label=_("Text"), required=False, strip=False)
    version = forms.IntegerField(min_value=1)

    def clean_text(self) -> str:
        """Browsers send a text field with CRLF; a report's lines end with LF."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")

    def refuse(self, problem: ValidationError) -> None:
        """Put a verb's refusal at the fields it names."""
        for field, texts in problem.message_dict.items():
            self.add_error(field if field in self.fields else None, texts)
