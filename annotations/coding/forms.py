"""The form in which a person sets keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .commands import (
    COMMANDS,
    GROUPS,
    ON_DESK,
    ONLY_ON_DESK,
    PAGE,
    SETTABLE,
    Command,
    key_problems,
    shown_key,
)


@dataclass(frozen=True)
class KeyRow:
    """`keys`: those that come with the screen; `notes`: what it does elsewhere, which answers have it."""

    field: forms.BoundField
    keys: list[str]
    notes: list[str]


class OwnKeysForm(forms.Form):
    """A field per command, empty for the keys that come with the screen.

    `settles`: this person works at the settling desk too.
    """

    def __init__(
        self, *args: Any, answers: Mapping[str, list[str]], settles: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.answers, self.settles = answers, settles
        self.commands = (*SETTABLE, *ONLY_ON_DESK) if settles else SETTABLE
        for command in self.commands:
            box = forms.TextInput(
                attrs={"class": "input input--key", "autocomplete": "off", "spellcheck": "false"}
            )
            self.fields[command.name] = forms.CharField(
                label=str(command.label),
                required=False,
                max_length=1,
                widget=box,
                error_messages={"max_length": _("Give one character, such as w or #.")},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, problem in key_problems(self.own(), settles=self.settles).items():
            self.add_error(name, problem)
        return cleaned

    def own(self) -> dict[str, str]:
        """Command -> key, of the fields that are filled in."""
        return {name: unicodedata.normalize("NFC", key) for name, key in self.cleaned_data.items() if key}

    def groups(self) -> Iterator[tuple[Promise, list[KeyRow]]]:
        for group, title in GROUPS.items():
            rows = [self._row(command) for command in self.commands if command.group == group]
            if rows:
                yield title, rows

    def _row(self, command: Command) -> KeyRow:
        field = self[command.name]
        keys = [field.value()] if field.value() else command.keys
        studies = [name for key in keys for name in self.answers.get(key, ())]
        notes = []
        there = ON_DESK.get(command.name, command)
        if self.settles and there.label != command.label:
            notes.append(_("On the settling desk: %(command)s.") % {"command": there.label})
        # A fragment that has the keys goes before the questions.
        if studies and command in COMMANDS and command.where == PAGE:
            notes.append(
                _("Also the key of an answer in %(study)s; while its question is active, it answers.")
                % {"study": ", ".join(dict.fromkeys(studies))}
            )
        return KeyRow(field, [shown_key(key) for key in command.keys], notes)
