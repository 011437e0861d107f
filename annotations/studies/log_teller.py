"""One entry of the log in a sentence: log_sentences.py with the names and answers of the study filled in."""

from __future__ import annotations

from collections.abc import Mapping, Set
from string import Formatter
from typing import Any

from django.utils.translation import gettext as _

from ..codebooks.language import in_language
from ..codebooks.schema import VariableSpec
from ..models import Event, Study
from ..models.adjudication import Cause
from .log_sentences import ACTIONS, CHANGED, UNNAMED
from .log_words import FIELDS, VALUES

LONGEST = 200
HERE = "\0"
"""Marks where the place goes in a sentence; no stored text contains it."""
# Not shown: primary keys, and values that only a program compares.
HIDDEN = {"revision", "fingerprint", "sha256", "by", "at", "span", "message", "candidate", "codings"}
HIDDEN |= {
    "conversation",
    "end",
    "files",
    "link",
    "assignment",
    "seconds",
    "round",
    "messages",
    "changed",
    "missing",
    "own",
    "case",
    "meeting",
}
PEOPLE = {"coder", "from", "to", "user", "member"}


class _Slots(dict[str, str]):
    """The values for the slots of a sentence; one that the event does not have is a dash."""

    def __missing__(self, slot: str) -> str:
        return "–"


def _fields(values: Any) -> dict[str, Any]:
    return values if isinstance(values, dict) else {}


def _is_loose(value: Any) -> bool:
    return value is not None and not isinstance(value, dict)


def _place(field: str) -> tuple[int, str]:
    """The order on screen is that of FIELDS: PostgreSQL does not keep the order of JSON keys."""
    return (list(FIELDS).index(field) if field in FIELDS else len(FIELDS), field)


def _with_place(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, with `start` and `end` joined into one: characters counted from 1, as people count."""
    if not isinstance(values.get("start"), int) or not isinstance(values.get("end"), int):
        return dict(values)
    left = {field: value for field, value in values.items() if field not in {"start", "end"}}
    words = _("characters %(first)d to %(last)d")
    return left | {"place": words % {"first": values["start"] + 1, "last": values["end"]}}


class Teller:
    """Puts events into sentences.

    `names`: user id -> name. `rounds` and `organisations`: id -> name. `members`: id of a membership ->
    user id. `variables`, `modules` (names) and `rules`
    (sentences about contradictions): those of the study's codebook, by key.
    """

    def __init__(
        self,
        names: Mapping[int, str],
        variables: Mapping[str, VariableSpec],
        *,
        modules: Mapping[str, str],
        rules: Mapping[str, str],
        rounds: Mapping[int, str],
        organisations: Mapping[int, str],
        members: Mapping[int, int],
    ) -> None:
        self.names, self.variables, self.modules, self.rules = names, variables, modules, rules
        self.rounds, self.organisations, self.members = rounds, organisations, members

    def sentence(self, event: Event, who: str, *, has_place: bool) -> str:
        """The event in one sentence, with HERE for its place; `has_place`: the place is known."""
        before, after = _with_place(_fields(event.before)), _with_place(_fields(event.after))
        variable = self.variables.get(str(after.get("variable") or before.get("variable")))
        is_changed = "value" in before and "value" in after
        sentence = str(
            (CHANGED.get(event.action) if is_changed else None) or ACTIONS.get(event.action) or UNNAMED
        )
        fields = {
            field: self._value(field, after.get(field, before.get(field)))
            for field in FIELDS
            if field in after or field in before
        }
        slots = _Slots(fields | self._subject(event, before | after))
        slots |= {"who": who, "where": HERE if has_place else _("a conversation"), "action": event.action}
        if variable is not None and ("value" in before or "value" in after):
            slots["variable"] = in_language(variable.label)
            slots |= {
                slot: self._code(variable, values["value"])
                for slot, values in (("old", before), ("new", after))
                if "value" in values
            }
            before = {}
            after = {field: after[field] for field in ("cause",) if after.get(field)}
        told = {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name}
        parts = self._parts(before, after, told)
        loose = [self._value("", event.after)] if _is_loose(event.after) else []
        ending = "; ".join([*parts, *loose])
        return sentence.format_map(slots) + (f": {ending}." if ending else ".")

    def _subject(self, event: Event, values: Mapping[str, Any]) -> dict[str, str]:
        """The round, organisation or person that an event is about, by name."""
        key, found = event.subject_id or 0, {}
        if event.subject_type == "round" or isinstance(values.get("round"), int):
            of_round = key if event.subject_type == "round" else values["round"]
            found["round"] = self.rounds.get(of_round, str(values.get("name") or "–"))
        if event.subject_type == "organisation":
            found["organisation"] = self.organisations.get(key, str(values.get("name") or "–"))
        if event.subject_type in {"user", "membership"}:
            person = key if event.subject_type == "user" else self.members.get(key, 0)
            found["user"] = self.names.get(person, _("somebody else"))
        return found

    def _parts(self, before: Mapping[str, Any], after: Mapping[str, Any], told: Set[str]) -> list[str]:
        """What the sentence does not name: each field with its value, or from which to which."""
        parts = []
        for field in sorted({**before, **after}, key=_place):
            is_same = field in before and before.get(field) == after.get(field)
            is_change = field in before and field in after
            if field in HIDDEN or is_same or (field in told and not is_change):
                continue
            name = str(FIELDS.get(field) or field.replace("_", " "))
            new = self._value(field, after.get(field, before.get(field)))
            if is_change:
                words = _("{field} from “{old}” to “{new}”")
                parts.append(words.format(field=name, old=self._value(field, before[field]), new=new))
            elif new.isdecimal():
                parts.append(f"{name} {new}")
            elif new != "–":
                parts.append(_("{field} “{value}”").format(field=name, value=new))
        return parts

    def _code(self, variable: VariableSpec, value: Any) -> str:
        if isinstance(value, int) and ("", value) in VALUES:
            return str(VALUES["", value])
        if isinstance(value, dict) and "category" in value:
            kind = self._code(variable, value["category"])
            return f"{kind} ({_with_place(value).get('place', '–')})"
        if isinstance(value, list):
            return ", ".join(self._code(variable, part) for part in value) or _("none of them")
        if isinstance(value, str) and value in variable.by_key:
            return in_language(variable.by_key[value].label)
        return self._value("", value)

    def _value(self, field: str, value: Any) -> str:
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if field == "settled" and isinstance(value, list):
            return str(len(value))
        if field == "cause" and value in Cause.values:
            return str(Cause(value).label)
        if field == "least_confidence" and value in Study.LeastConfidence.values:
            return str(Study.LeastConfidence(value).label)
        if field == "withheld_share":
            return f"{value:.0%}"
        if field == "variable" and value in self.variables:
            return in_language(self.variables[value].label)
        if field == "modules" and isinstance(value, list):
            return ", ".join(self.modules.get(key, key) for key in value) or "–"
        if field == "rule" and value in self.rules:
            return self.rules[value]
        if field in PEOPLE and isinstance(value, int):
            return self.names.get(value, _("somebody else"))
        if field == "types" and "info_type" in self.variables:
            return self._code(self.variables["info_type"], value)
        if field == "coders" and isinstance(value, dict):
            value = {self.names.get(int(coder), _("somebody else")): n for coder, n in value.items()}
        if isinstance(value, dict):
            return "; ".join(
                f"{key or _('no organisation')}: {self._value('', part)}" for key, part in value.items()
            )
        if isinstance(value, list):
            return ", ".join(self._value("", part) for part in value) or "–"
        text = str((VALUES.get((field, value)) if isinstance(value, str | int) else None) or value)
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
