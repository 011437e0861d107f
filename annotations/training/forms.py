"""The form that makes a training."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..models import Round

OWN = "own"


class TrainingForm(forms.Form):
    """A training round with its key. `rounds`: those of the study that are no training."""

    name = forms.CharField(label=_("Name"), max_length=80)
    key = forms.ChoiceField(
        label=_("The key"),
        help_text=_("Your own answers: you code the conversations first, in your own queue."),
    )
    number = forms.IntegerField(
        label=_("Conversations to draw for your own key"), required=False, min_value=1, max_value=2000
    )
    units = forms.IntegerField(label=_("Conversations in an attempt"), min_value=1, max_value=500, initial=20)
    attempts = forms.IntegerField(label=_("Attempts"), min_value=1, max_value=20, initial=2)
    least = forms.IntegerField(label=_("Percent that is to be right"), min_value=1, max_value=100, initial=80)
    per_variable = forms.ChoiceField(
        label=_("Of what"),
        choices=[("yes", _("of every variable by itself")), ("no", _("of all variables together"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    next_round = forms.TypedChoiceField(
        label=_("Who passes goes on to the round"), coerce=int, required=False, empty_value=None
    )

    def __init__(self, *args: Any, rounds: Sequence[Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        names = [(str(row.pk), row.name) for row in rounds]
        fields["key"].choices = [
            (OWN, _("my own answers")),
            *((pk, _now("settled units of “%(name)s”") % {"name": name}) for pk, name in names),
        ]
        fields["next_round"].choices = [("", _now("none: no round waits for it")), *names]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("key") == OWN and values.get("number") is None:
            self.add_error("number", _now("Say how many conversations you will give the key of."))
        return values

    @property
    def share(self) -> Decimal:
        return Decimal(self.cleaned_data["least"]) / 100
