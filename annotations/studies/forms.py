"""Forms of the study's pages. What may be stored is checked again by the functions that store it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from ..codebooks.language import in_language
from ..models import CodebookVersion, Organisation, Study
from .change import check_privacy
from .codebook_choice import NEWCOMERS
from .organisations import FACTS, MEASURES, OrganisationInput, split_handles

OWN_FILE = "own"
ORGANISATION_ROWS = 3

CODEBOOKS = {
    NEWCOMERS: _("Webcare & privacy, core: about ten variables. A good start."),
    "webcare_privacy": _("Webcare & privacy, complete: all modules, to be switched on and off."),
    OWN_FILE: _("A codebook of my own (YAML file)"),
}
PRIVACY = {
    Study.Privacy.MASKED: _("Masked: personal data hidden on screen, shown on request, which is logged"),
    Study.Privacy.OPEN: _("Open: texts as they were posted"),
    Study.Privacy.STRICT: _(
        "Strict: citizen service numbers and assessment numbers that are certain are removed for good "
        "at import, the rest is masked"
    ),
}
FACT_QUESTIONS = {
    "bio_no_personal_data": _("Does the profile ask people not to post personal data?"),
    "bio_dm_possible": _("Can people send the account a private message?"),
    "has_social_media_rules": _("Are there house rules for the account?"),
    "has_employee_policy": _("Is there a social media policy for employees?"),
    "has_training": _("Are webcare employees trained?"),
    "has_diverse_review": _("Do people with different views look at posts before they go out?"),
    "has_crisis_plan": _("Is there a crisis plan?"),
    "monitoring_24h": _("Is the account watched around the clock?"),
}
YES_NO_UNKNOWN = [("yes", _("yes")), ("no", _("no")), ("", _("unknown"))]
AS_BOOLEAN = {"yes": True, "no": False, "": None}
AS_WORD = {answer: word for word, answer in AS_BOOLEAN.items()}


class NewStudyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))
    slug = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=60,
        help_text=_(
            "How the study is called in web addresses and commands. Left empty, it follows the name."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=_("Language of the conversations"), choices=Study.Language.choices)
    codebook = forms.ChoiceField(
        label=_("Codebook"), choices=list(CODEBOOKS.items()), initial=NEWCOMERS, widget=forms.RadioSelect
    )
    codebook_file = forms.FileField(
        label=_("Codebook file"), required=False, help_text=_("YAML, at most 2 MB.")
    )
    privacy = forms.ChoiceField(
        label=_("Privacy"),
        choices=list(PRIVACY.items()),
        initial=Study.Privacy.MASKED,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("slug"):
            values["slug"] = slugify(values.get("name", ""))[:60].strip("-_")
        if values.get("codebook") == OWN_FILE and not values.get("codebook_file"):
            self.add_error("codebook_file", _("Choose the file of your codebook."))
        return values

    def codebook_source(self) -> str | bytes:
        if self.cleaned_data["codebook"] == OWN_FILE:
            return self.cleaned_data["codebook_file"].read()
        return self.cleaned_data["codebook"]


class OrganisationRow(forms.Form):
    """A row of the page for a new study."""

    name = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    handles = forms.CharField(label=_("Handles"), max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("handles") and not values.get("name"):
            self.add_error("name", _("Give the organisation a name."))
        return values


OrganisationRows = forms.formset_factory(OrganisationRow, extra=ORGANISATION_ROWS, max_num=50)


def organisations_of(rows: forms.BaseFormSet) -> list[OrganisationInput]:
    return [
        OrganisationInput(row["name"], split_handles(row["handles"]))
        for row in rows.cleaned_data
        if row.get("name")
    ]


class SettingsForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    privacy = forms.ChoiceField(label=_("Privacy"), choices=list(PRIVACY.items()), widget=forms.RadioSelect)
    modules = forms.MultipleChoiceField(
        label=_("Modules of the codebook"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For rounds made from now on; rounds that exist keep their modules."),
    )
    new_user_days = forms.IntegerField(
        label=_("New to the platform: account younger than (days)"), min_value=1, max_value=3650
    )
    many_data_threshold = forms.IntegerField(
        label=_("Much asked at once: from how many kinds of data"), min_value=1, max_value=100
    )
    withheld_percent = forms.DecimalField(
        label=_("Shown without highlights (%)"),
        min_value=0,
        max_value=100,
        decimal_places=0,
        help_text=_(
            "Part of each coder's conversations, at random, in which candidates are not highlighted: "
            "so you can see what highlighting does to the codes. Only in an open study: in a masked or "
            "strict one, bullets show where the candidates are."
        ),
    )
    least_confidence = forms.ChoiceField(
        label=_("Candidates that coders see"),
        choices=Study.LeastConfidence.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "The page of the detector shows how often each level is right. What coders do not see is masked "
            "all the same, and strict mode removes only what is certain. Decisions that were made stay."
        ),
    )
    needs_second_factor = forms.BooleanField(
        label=_("Members sign in with a second factor"),
        required=False,
        help_text=_(
            "Whoever has none is asked to set one in the own account, with an app on the phone, before the "
            "study opens."
        ),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, version: CodebookVersion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["modules"].choices = [  # type: ignore[attr-defined]
            (module["key"], in_language(module["label"])) for module in version.modules
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if {"privacy", "withheld_percent"} <= values.keys():
            for problem in check_privacy(values["privacy"], values["withheld_percent"]):
                self.add_error("withheld_percent", problem)
        return values

    @staticmethod
    def initial_of(values: Mapping[str, Any], revision: int) -> dict[str, Any]:
        percent = int(values["withheld_share"] * 100)
        return {**values, "withheld_percent": percent, "revision": revision}

    def values(self) -> dict[str, Any]:
        """As `change_study` takes them."""
        values = dict(self.cleaned_data)
        values["withheld_share"] = Decimal(values.pop("withheld_percent")) / 100
        values.pop("revision")
        return values


class CodebookFileForm(forms.Form):
    file = forms.FileField(label=_("Codebook file"), help_text=_("YAML, at most 2 MB."))
    revision = forms.IntegerField(widget=forms.HiddenInput)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    handles = forms.CharField(
        label=_("Handles"),
        required=False,
        max_length=2000,
        help_text=_("With commas or spaces between them; the first is the webcare account itself."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    sector = forms.ChoiceField(
        label=_("Sector"), required=False, choices=[("", _("unknown")), *Organisation.Sector.choices]
    )
    account_purpose = forms.ChoiceField(
        label=_("What the account is for"),
        required=False,
        choices=[("", _("unknown")), *Organisation.Purpose.choices],
    )
    observed_on = forms.DateField(
        label=_("Looked up on"),
        required=False,
        help_text=_("The day on which you looked at the profile and asked the organisation."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    biography = forms.CharField(
        label=_("Text of the profile"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    impossible_types = forms.MultipleChoiceField(
        label=_("Kinds of information it does not deal in"),
        required=False,
        help_text=_("A tax office has no order numbers: there 0 is no finding, and tables say so."),
        widget=forms.CheckboxSelectMultiple,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, types: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """`types`: kinds of information, key -> label."""
        super().__init__(*args, **kwargs)
        self.fields["impossible_types"].choices = list((types or {}).items())  # type: ignore[attr-defined]
        for field, question in FACT_QUESTIONS.items():
            self.fields[field] = forms.ChoiceField(
                label=question, required=False, choices=YES_NO_UNKNOWN, widget=forms.RadioSelect
            )
        for field in MEASURES:
            self.fields[f"{field}__on"] = forms.DateField(
                label=_("Day"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            self.fields[f"{field}__source"] = forms.CharField(
                label=_("Source"), required=False, max_length=300
            )

    @property
    def questions(self) -> list[tuple[forms.BoundField, list[forms.BoundField]]]:
        """Each question, with the day and source of a measure."""
        return [
            (self[field], [self[f"{field}__on"], self[f"{field}__source"]] if field in MEASURES else [])
            for field in FACT_QUESTIONS
        ]

    @staticmethod
    def initial_of(state: Mapping[str, Any], revision: int) -> dict[str, Any]:
        """`state`: as `state_of` gives it."""
        words = {field: AS_WORD[state[field]] for field in FACT_QUESTIONS}
        for field in MEASURES:
            rests = state["measures"].get(field, {})
            words |= {f"{field}__{part}": rests.get(part, "") for part in ("on", "source")}
        return {**state, **words, "handles": ", ".join(state["handles"]), "revision": revision}

    def clean_handles(self) -> str:
        return ", ".join(split_handles(self.cleaned_data["handles"]))

    def given(self) -> OrganisationInput:
        return OrganisationInput(self.cleaned_data["name"], split_handles(self.cleaned_data["handles"]))

    def facts(self) -> dict[str, Any]:
        facts = {field: self.cleaned_data[field] for field in (*FACTS, "biography", "impossible_types")}
        facts["measures"] = self._measures()
        return facts | {field: AS_BOOLEAN[facts[field]] for field in FACT_QUESTIONS}

    def _measures(self) -> dict[str, dict[str, str]]:
        """What the answers rest on: day and source, of those measures that have either."""
        found = {}
        for field in MEASURES:
            on, source = self.cleaned_data[f"{field}__on"], self.cleaned_data[f"{field}__source"]
            if on or source:
                found[field] = {"on": on.isoformat() if on else "", "source": source}
        return found


class AbsenceForm(forms.Form):
    """Days away; a supervisor's form has the field `user` as well."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Up to and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: that one day."),
    )
