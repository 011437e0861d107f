"""The forms of the import: how files are to be read, and a conversation typed by hand."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ...models import ColumnMapping
from ...models.corpus import AuthorRole
from ..field_words import FIELD_WORDS
from ..read.column_names import FIELDS
from ..read.formats import all_readers
from ..read.layout import JOINED
from .preview import FilePreview

ZONES = ("Europe/Amsterdam", "UTC", "Europe/Brussels", "Europe/London", "America/New_York")


class ChoicesForm(forms.Form):
    """How the files are to be read; one select for each column of the first table."""

    format = forms.ChoiceField()
    timezone = forms.ChoiceField(required=False)
    repair_mojibake = forms.BooleanField(label=_("Repair texts with a wrong encoding"), required=False)
    skip_bad_rows = forms.BooleanField(label=_("Leave out rows that cannot be read"), required=False)

    def __init__(self, *args: Any, table: FilePreview | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        formats = [("auto", _("recognise it"))] + [(reader.name, reader.label) for reader in all_readers()]
        self.fields["format"] = forms.ChoiceField(label=_("Format"), choices=formats)
        zones = [("", _("as the format says"))] + [(zone, zone) for zone in ZONES]
        chosen = str(self.initial.get("timezone") or "")
        if chosen and chosen not in ZONES and chosen in zoneinfo.available_timezones():
            zones.append((chosen, chosen))
        self.fields["timezone"] = forms.ChoiceField(
            label=_("Time zone of times without one"), required=False, choices=zones
        )
        sheets = sorted({*(table.sheets if table else ()), str(self.initial.get("sheet") or "")} - {""})
        self.fields["sheet"] = forms.ChoiceField(
            label=_("Sheet of the workbook"),
            required=False,
            choices=[("", _("the one that looks most like messages")), *((sheet, sheet) for sheet in sheets)],
        )
        self.table = table
        if table and not any(column.field in {"id", "permalink"} for column in table.columns):
            self.fields["make_ids"] = forms.BooleanField(
                label=_("The file has no ids: make them from text, author and time"),
                required=False,
                initial=(self.initial.get("mapping") or {}).get("id") == "",
            )
        fields = [("", _("not read"))] + [(field, FIELD_WORDS.get(field, field)) for field in FIELDS]
        for number, column in enumerate(table.columns if table else []):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=column.name,
                required=False,
                choices=fields,
                initial=column.field,
                widget=forms.Select(attrs={"class": "select"}),
            )

    @property
    def columns(self) -> list[tuple[Any, Any]]:
        """(column, bound select) in the order of the table."""
        found = self.table.columns if self.table else []
        return [(column, self[f"column-{number}"]) for number, column in enumerate(found)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        seen: dict[str, str] = {}
        for number, column in enumerate(self.table.columns if self.table else []):
            chosen = given.get(f"column-{number}", "")
            if chosen and chosen in seen and chosen not in JOINED:
                words = {"field": FIELD_WORDS.get(chosen, chosen), "one": seen[chosen], "other": column.name}
                self.add_error(
                    None, _("“%(one)s” and “%(other)s” are both read as %(field)s; choose one.") % words
                )
            seen[chosen] = column.name
        return given

    def options(self) -> dict[str, Any]:
        """What `ImportChoices` takes."""
        names = ("format", "timezone", "repair_mojibake", "skip_bad_rows", "sheet")
        found = {name: self.cleaned_data[name] for name in names}
        return found | {"mapping": self._mapping(), "timezone": found["timezone"] or None}

    def _mapping(self) -> dict[str, str]:
        """Only what differs from what is guessed, so that a saved mapping fits other files as well."""
        chosen: dict[str, list[str]] = {}
        guessed: dict[str, list[str]] = {}
        for number, column in enumerate(self.table.columns if self.table else []):
            chosen.setdefault(self.cleaned_data.get(f"column-{number}", ""), []).append(column.name)
            guessed.setdefault(column.guess, []).append(column.name)
        fields = {field for field in (*chosen, *guessed) if field and chosen.get(field) != guessed.get(field)}
        mapping = {field: " + ".join(chosen[field]) for field in fields if field in chosen}
        dropped = fields - mapping.keys()
        if self.cleaned_data.get("make_ids"):
            dropped.add("id")
        return mapping | {name: "" for name in dropped if name not in mapping}


class SaveMappingForm(forms.ModelForm[ColumnMapping]):
    class Meta:
        model = ColumnMapping
        fields = ["name"]
        labels = {"name": _("Name of the mapping")}


class TypedMessageForm(forms.Form):
    """One message of a conversation that is typed over."""

    author = forms.CharField(label=_("Author's handle"), max_length=100, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("by handle"))]
        + [(key, name) for key, name in AuthorRole.choices if key != "unknown"],
        required=False,
    )
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 3}), required=False, strip=False
    )
    at = forms.DateTimeField(
        label=_("Time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    link = forms.CharField(label=_("Link"), max_length=500, required=False)
    answers = forms.IntegerField(label=_("Answers message"), min_value=1, required=False)


class TypedFormSet(forms.BaseFormSet):
    def clean(self) -> None:
        """A message answers one above it; empty lines at the end are left out."""
        if any(self.errors):
            return
        filled = [form for form in self.forms if is_filled(form.cleaned_data)]
        if not filled:
            raise forms.ValidationError(_("Type at least one message."))
        for number, form in enumerate(filled, 1):
            answers = form.cleaned_data.get("answers")
            if answers and answers >= number:
                form.add_error("answers", _("Name a message above this one."))


def is_filled(given: dict[str, Any]) -> bool:
    return bool((given.get("text") or "").strip())


def typed_formset(count: int) -> Any:
    return forms.formset_factory(
        TypedMessageForm, formset=TypedFormSet, extra=count, max_num=200, absolute_max=200
    )
