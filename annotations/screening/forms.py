"""Forms of searching back. Whether a plan can be carried out is decided by `setup`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import ComparisonSample, Organisation, Screening, ScreeningTrack, Selection
from .setup import MOST, Plan, StopRule

Design, Stop = Screening.Design, ScreeningTrack.Stop
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
LONGEST_SEED = 2**63 - 1


def propose_seed() -> int:
    """A seed that is short enough to print in a paper."""
    return secrets.randbelow(90_000_000) + 10_000_000


class ScreeningForm(forms.Form):
    """What is looked for, where, until when, by whom. Of an organisation: use_, rule_, target_, until_."""

    name = forms.CharField(label=_("Name"), max_length=80)
    variable = forms.ChoiceField(
        label=_("What is looked for"), help_text=_("A question about a message with the answers yes and no.")
    )
    reasons = forms.CharField(
        label=_("Reasons for a no, one a line"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Each has a key; the first goes with n alone, so put the usual one first. Left empty: those that "
            "go with what is looked for."
        ),
    )
    starts_on = forms.DateField(
        label=_("Start date"),
        widget=DAY,
        help_text=_("The newest day. The search goes back in time from here, message by message."),
    )
    design = forms.ChoiceField(
        label=_("Which messages"), choices=Design.choices, initial=Design.STRICT, widget=forms.RadioSelect
    )
    selection = forms.TypedChoiceField(label=_("Selection"), coerce=int, required=False, empty_value=None)
    elusion_size = forms.IntegerField(
        label=_("Sample without candidates, per organisation"),
        required=False,
        min_value=0,
        max_value=MOST,
        initial=300,
    )
    screeners = forms.TypedMultipleChoiceField(
        label=_("Who screens"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    double_percent = forms.DecimalField(
        label=_("Screened by two people, percent"),
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=0,
        initial=10,
        help_text=_("A random share; the two do not see each other's answers, nor which messages these are."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=LONGEST_SEED,
        help_text=_("The same seed gives the same draws. It is kept with the screening."),
    )

    def __init__(
        self,
        *args: Any,
        organisations: Sequence[Organisation],
        variables: Sequence[tuple[str, str]],
        people: Sequence[tuple[int, str]],
        selections: Sequence[Selection],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = organisations
        fields: dict[str, Any] = self.fields
        fields["variable"].choices = variables
        fields["screeners"].choices = people
        fields["selection"].choices = [("", "–"), *((one.pk, one.name) for one in selections)]
        for one in organisations:
            fields[f"use_{one.pk}"] = forms.BooleanField(label=one.name, required=False, initial=True)
            fields[f"rule_{one.pk}"] = forms.ChoiceField(
                label=_("Ends at"), choices=Stop.choices, initial=Stop.FOUND
            )
            fields[f"target_{one.pk}"] = forms.IntegerField(
                label=_("Number"), required=False, min_value=1, max_value=MOST, initial=50
            )
            fields[f"until_{one.pk}"] = forms.DateField(label=_("Date"), required=False, widget=DAY)

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each organisation."""
        parts = ("use", "rule", "target", "until")
        return [
            {"name": one.name, **{part: self[f"{part}_{one.pk}"] for part in parts}}
            for one in self.organisations
        ]

    def plan(self) -> Plan:
        values = self.cleaned_data
        stops = [
            StopRule(one.pk, values[f"rule_{one.pk}"], values[f"target_{one.pk}"], values[f"until_{one.pk}"])
            for one in self.organisations
            if values[f"use_{one.pk}"]
        ]
        return Plan(
            name=values["name"],
            variable=values["variable"],
            starts_on=values["starts_on"],
            stops=stops,
            screeners=values["screeners"],
            design=values["design"],
            selection=values["selection"],
            elusion_size=values["elusion_size"] or 0,
            double_percent=Decimal(values["double_percent"]),
            seed=values["seed"],
            reasons=values["reasons"].splitlines(),
        )


class CodingRoundForm(forms.Form):
    """To whom the finds go."""

    name = forms.CharField(label=_("Name of the round"), max_length=80)
    coders = forms.TypedMultipleChoiceField(
        label=_("Coders"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    shared = forms.DecimalField(
        label=_("Coded by everybody, percent"), min_value=0, max_value=100, max_digits=4, decimal_places=0
    )

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["coders"].choices = people


class ComparisonForm(forms.Form):
    """How many conversations without a find are drawn, and how."""

    design = forms.ChoiceField(
        label=_("How they are drawn"),
        choices=ComparisonSample.Design.choices,
        initial=ComparisonSample.Design.RANDOM,
        widget=forms.RadioSelect,
    )
    per_find = forms.TypedChoiceField(
        label=_("For each find"), coerce=int, choices=[(n, str(n)) for n in (1, 2, 3, 4)], initial=1
    )
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=LONGEST_SEED)
