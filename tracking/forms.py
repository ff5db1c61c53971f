"""What people fill in about projects and runs. Saving is up to the verbs (tracking/projects.py, tracking/ingest.py)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracking.models import PROJECT_NAME_VALIDATOR, Project, Run

MAX_TAGS = 64
MAX_TAG_LENGTH = 64  # what the wandb client accepts


class NewProjectForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=128,
        validators=[PROJECT_NAME_VALIDATOR],
        help_text=_("What scripts write in wandb.init(project=…)."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        choices=Project.Visibility.choices,
        initial=Project.Visibility.TEAM,
        widget=forms.RadioSelect,
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProjectForm(forms.Form):
    description = forms.CharField(
        label=_("Description"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"), choices=Project.Visibility.choices, widget=forms.RadioSelect
    )


class TypedNameForm(forms.Form):
    """Deleting asks for the name, so that nobody deletes the wrong thing in passing."""

    typed_name = forms.CharField(
        label=_("Type the name to confirm"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["typed_name"].help_text = name

    def clean_typed_name(self) -> str:
        typed: str = self.cleaned_data["typed_name"]
        if typed != self.name:
            raise ValidationError(_("This is not the name. Type “%(name)s”."), params={"name": self.name})
        return typed


class RunForm(forms.Form):
    """What a member may change about a run after the fact."""

    display_name = forms.CharField(label=_("Name"), max_length=512)
    group = forms.CharField(label=_("Group"), max_length=512, required=False)
    tags = forms.CharField(label=_("Tags"), required=False, help_text=_("Separated by commas."))
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def of(cls, run: Run) -> RunForm:
        return cls(
            initial={
                "display_name": run.display_name,
                "group": run.group,
                "tags": ", ".join(run.tags),
                "notes": run.notes,
            }
        )

    def clean_tags(self) -> list[str]:
        """The tags without blanks and repetitions, in the order given."""
        tags = list(dict.fromkeys(tag.strip() for tag in self.cleaned_data["tags"].split(",") if tag.strip()))
        if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG_LENGTH for tag in tags):
            raise ValidationError(
                _("Use at most %(count)s tags of %(length)s characters."),
                params={"count": MAX_TAGS, "length": MAX_TAG_LENGTH},
            )
        return tags
