"""What each column of a coded dataset holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ....codebooks.language import in_language
from ....codebooks.lookup import lookup
from ....importing.field_words import FIELD_WORDS
from ....importing.read.joined import JOINED
from ....models import Study
from .choices import CODER, LEVELS, NEW, VARIABLE, Choices

SELECT = {"class": "select"}


class DatasetForm(forms.Form):
    """`columns` are those of the report on the file; fields have the number of their column."""

    coder = forms.CharField(
        label=gettext_lazy("Who coded it"),
        help_text=gettext_lazy("Where no column says so: the user name of one coder for all rows."),
        max_length=150,
        required=False,
    )
    level = forms.ChoiceField(
        label=gettext_lazy("New variables are about"),
        choices=[
            ("message", gettext_lazy("the message")),
            ("conversation", gettext_lazy("the conversation")),
        ],
        initial="message",
    )

    def __init__(self, *args: Any, study: Study, report: dict[str, Any], **kwargs: Any) -> None:
        saved = Choices(**report["choices"])
        kwargs.setdefault("initial", {"coder": saved.coder, "level": saved.level})
        super().__init__(*args, **kwargs)
        self.report = report
        language = get_language() or "en"
        spec = lookup(study.codebook_version_id).spec
        variables = [variable for variable in spec.variables if variable.level in LEVELS]
        self.variables = {f"{VARIABLE}{variable.key}": variable for variable in variables}
        holds = [
            ("", _("left out")),
            (CODER, _("who coded it")),
            (NEW, _("codes: a new variable")),
            (
                _("The message"),
                [(name, words) for name, words in FIELD_WORDS.items()],
            ),
            (
                _("Codes: a variable of the codebook"),
                [(role, in_language(variable.label, language)) for role, variable in self.variables.items()],
            ),
        ]
        for number, column in enumerate(report["columns"]):
            name = column["name"]
            self.fields[f"holds-{number}"] = forms.ChoiceField(
                label=name,
                choices=holds,
                required=False,
                initial=saved.role(name),
                widget=forms.Select(attrs=SELECT),
            )
            if column["empty"]:
                self.fields[f"empty-{number}"] = forms.ChoiceField(
                    label=_("An empty cell of %(column)s") % {"column": name},
                    choices=[("", _("no answer")), *self._values(column)],
                    required=False,
                    initial=saved.empty.get(name, ""),
                    widget=forms.Select(attrs=SELECT),
                )

    def _values(self, column: dict[str, Any]) -> list[tuple[str, str]]:
        """What an empty cell can stand for."""
        missing = [("97", _("not applicable (97)")), ("98", _("cannot be determined (98)"))]
        variable = self.variables.get(column["role"])
        if variable is not None:
            language = get_language() or "en"
            own = [(option.key, in_language(option.label, language)) for option in variable.options]
            return [*own, *missing]
        if column["kind"] == "boolean":
            return [("yes", _("yes")), ("no", _("no")), *missing]
        return [("none", _("none of these")), *missing] if column["kind"] == "single" else missing

    @property
    def columns(self) -> Iterator[tuple[dict[str, Any], Any, Any]]:
        for number, column in enumerate(self.report["columns"]):
            empty = f"empty-{number}"
            is_coded = column["role"] == NEW or column["role"].startswith(VARIABLE)
            yield column, self[f"holds-{number}"], self[empty] if empty in self.fields and is_coded else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        seen: dict[str, str] = {}
        for number, column in enumerate(self.report["columns"]):
            role = given.get(f"holds-{number}", "")
            if role and role != NEW and role not in JOINED and role in seen:
                facts = {"one": seen[role], "other": column["name"]}
                self.add_error(None, _("“%(one)s” and “%(other)s” are read as the same; choose one.") % facts)
            seen[role] = column["name"]
        return given

    def choices(self) -> dict[str, Any]:
        """As `CodingsUpload.choices` keeps them."""
        given = self.cleaned_data
        names = [column["name"] for column in self.report["columns"]]
        return Choices(
            {name: given.get(f"holds-{number}", "") for number, name in enumerate(names)},
            {name: empty for number, name in enumerate(names) if (empty := given.get(f"empty-{number}"))},
            given["coder"].strip(),
            given["level"],
        ).as_json()
