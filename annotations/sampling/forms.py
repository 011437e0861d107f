"""Forms of the rounds. Whether a wish can be met is decided by `plan`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import Gate, Round, Selection
from .draw import SEED_LIMIT
from .plan import NEW, NO_ORGANISATION, OUTSIDE, Wish

PERCENT, CONVERSATIONS = "percent", "conversations"
NO_NAME = " "  # no organisation is called this: names are stripped

SCOPES = {
    NEW: _("conversations that are in no round yet"),
    OUTSIDE: _("any conversation that is not in this round, coded before or not"),
}


class DrawForm(forms.Form):
    """Which conversations, to whom, how many by everybody; the outcome is shown before it is confirmed.

    `pool`: what there is to draw from, per organisation, in the `chosen` selection.
    """

    scope = forms.ChoiceField(
        label=_("Draw from"), choices=list(SCOPES.items()), initial=NEW, widget=forms.RadioSelect
    )
    selection = forms.TypedChoiceField(
        label=_("Only from the selection"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("A selection is asked anew at every draw: what came in since counts as well."),
    )
    organisations = forms.MultipleChoiceField(label=_("Organisations"), widget=forms.CheckboxSelectMultiple)
    number = forms.IntegerField(
        label=_("How many conversations"), required=False, min_value=1, help_text=_("Empty: all there are.")
    )
    stratified = forms.ChoiceField(
        label=_("Drawn"),
        choices=[
            ("yes", _("per organisation, in proportion to its conversations")),
            ("no", _("from all together")),
        ],
        initial="yes",
        widget=forms.RadioSelect,
    )
    coders = forms.TypedMultipleChoiceField(
        label=_("Coders"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    shared = forms.DecimalField(label=_("Coded by everybody"), min_value=0, max_digits=9, decimal_places=1)
    shared_unit = forms.ChoiceField(
        label=_("Percent or conversations"),
        choices=[(PERCENT, _("percent")), (CONVERSATIONS, _("conversations"))],
        initial=PERCENT,
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=SEED_LIMIT - 1,
        help_text=_("The same seed gives the same draw. It is kept with the round."),
    )
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)
    fingerprint = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        pool: Mapping[str, int],
        coders: Sequence[tuple[int, str]],
        organisations: Sequence[str],
        selections: Sequence[Selection],
        chosen: Selection | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.chosen, self.left = chosen, sum(pool.values())
        names = [*organisations, *([NO_ORGANISATION] if NO_ORGANISATION in pool else [])]
        fields: dict[str, Any] = self.fields
        fields["organisations"].choices = [(name or NO_NAME, _in_words(name, pool)) for name in names]
        fields["organisations"].initial = [name or NO_NAME for name in names]
        fields["organisations"].required = bool(names)
        fields["selection"].choices = [
            ("", _("none: from all conversations")),
            *((selection.pk, selection.name) for selection in selections),
        ]
        fields["selection"].initial = chosen.pk if chosen else None
        fields["coders"].choices = coders
        fields["coders"].initial = [pk for pk, _name in coders]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        shared = values.get("shared")
        whole = shared is not None and shared == shared.to_integral_value()
        if values.get("shared_unit") == CONVERSATIONS and shared is not None and not whole:
            self.add_error("shared", _now("Conversations are counted in whole numbers."))
        return values

    def wish(self) -> Wish:
        values = self.cleaned_data
        in_percent = values["shared_unit"] == PERCENT
        offered = {str(key) for key, _name in self.fields["organisations"].choices}  # type: ignore[attr-defined]
        chosen = set(values["organisations"])
        names = () if chosen in (set(), offered) else tuple(sorted(chosen))
        return Wish(
            coder_ids=tuple(values["coders"]),
            seed=values["seed"],
            scope=values["scope"],
            selection=values["selection"],
            organisations=tuple(NO_ORGANISATION if name == NO_NAME else name for name in names),
            number=values["number"],
            shared=None if in_percent else int(values["shared"]),
            shared_percent=values["shared"] if in_percent else Decimal(0),
            stratified=values["stratified"] == "yes",
        )

    def digest(self) -> str:
        """A hash of all fields: a confirmation is accepted only for the outcome that was shown."""
        skip = ("previewed", "fingerprint")
        values = {key: value for key, value in self.cleaned_data.items() if key not in skip}
        return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()


class RoundForm(DrawForm):
    """A first draw: the round needs a name and a kind as well."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=Round.Kind.choices, initial=Round.Kind.MAIN)

    field_order = ("name", "kind")


class PlanForm(forms.Form):
    """By when a round is to be done, and what it waits for; `has_gate`: whether that can still be chosen.

    `earlier`: rounds to wait for. `variables`: key -> label of what they judge. `chosen`: key -> threshold.
    """

    due_on = forms.DateField(
        label=_("To be done by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    per_week = forms.IntegerField(
        label=_("Conversations per coder per week"), required=False, min_value=1, max_value=10_000
    )
    after = forms.TypedChoiceField(
        label=_("Opens after the round"), coerce=int, required=False, empty_value=None
    )
    bound = forms.ChoiceField(
        label=_("Held against the threshold"),
        choices=Gate.Bound.choices,
        initial=Gate.Bound.LOWER,
        widget=forms.RadioSelect,
        required=False,
    )
    threshold = forms.DecimalField(
        label=_("Threshold of all variables"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=1,
        max_digits=4,
        decimal_places=3,
    )
    counts = forms.MultipleChoiceField(
        label=_("Variables that count"), required=False, widget=forms.CheckboxSelectMultiple
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(
        self,
        *args: Any,
        earlier: Sequence[Round],
        variables: Mapping[str, str],
        chosen: Mapping[str, float],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.has_gate, self.variables = bool(earlier), variables
        fields: dict[str, Any] = self.fields
        fields["after"].choices = [
            ("", _("none: it is open at once")),
            *((row.pk, row.name) for row in earlier),
        ]
        fields["counts"].choices = list(variables.items())
        overall = max(chosen.values(), default=None)
        for key, label in variables.items():
            own = chosen.get(key)
            fields[f"own_{key}"] = forms.DecimalField(
                label=_now("Threshold of %(variable)s") % {"variable": label},
                required=False,
                min_value=Decimal("0.01"),
                max_value=1,
                max_digits=4,
                decimal_places=3,
                initial=own if own != overall else None,
                widget=forms.NumberInput(attrs={"class": "input input--num", "step": "any"}),
            )

    def rows(self) -> list[tuple[Any, Any]]:
        """Each variable's box, and the field of a threshold of its own."""
        return [(box, self[f"own_{box.data['value']}"]) for box in self["counts"]]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["revision"] = values.get("revision") or 0
        if values.get("after") is not None and values.get("threshold") is None:
            self.add_error("threshold", _now("Give the threshold, such as 0.80."))
        return values

    def thresholds(self) -> dict[str, float]:
        values = self.cleaned_data
        return {key: float(values.get(f"own_{key}") or values["threshold"] or 0) for key in values["counts"]}


class MoveForm(forms.Form):
    """Conversations that a coder cannot finish, taken back or given to another; shown before it is done."""

    TAKE_BACK, GIVE = "take_back", "give"

    coder = forms.TypedChoiceField(label=_("Of"), coerce=int)
    number = forms.IntegerField(
        label=_("How many"), required=False, min_value=1, help_text=_("Empty: all there are.")
    )
    begun = forms.BooleanField(
        label=_("Also what was begun"),
        required=False,
        help_text=_("Another coder starts afresh; what was begun is kept with its coder and counts nowhere."),
    )
    expected = forms.CharField(required=False, widget=forms.HiddenInput)
    to = forms.TypedChoiceField(label=_("Give to"), coerce=int, required=False, empty_value=None)
    action = forms.ChoiceField(choices=[(TAKE_BACK, ""), (GIVE, "")])

    def __init__(
        self,
        *args: Any,
        holders: Sequence[tuple[int, str]],
        coders: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["coder"].choices = holders
        fields["to"].choices = [("", "–"), *coders]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("action") == self.GIVE and values.get("to") is None:
            self.add_error("to", _now("Choose who gets them."))
        return values


def _in_words(name: str, pool: Mapping[str, int]) -> str:
    number = pool.get(name, 0)
    count = ngettext("%(n)d conversation", "%(n)d conversations", number) % {"n": number}
    return f"{name or _now('no organisation')} · {count}"
