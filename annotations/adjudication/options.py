"""What the supervisor can choose from: each value that was given, every other value, fragment by fragment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..codebooks.language import in_language
from ..codebooks.values import Missing, Value
from ..finals.given import Coder, Given, groups
from ..finals.settled import Settlement, SpanValue, as_json
from ..finals.wording import category_label, settlement_label, value_label
from .fragments import Spans, overlaps, union
from .units import DecisionUnit

OTHER = "other"
"""What a form sends instead of a value: chosen below, from all values or fragment by fragment."""


@dataclass(frozen=True)
class Fragment:
    """A fragment as it is sent by the form, and as it is shown."""

    sent: str
    start: int
    end: int
    quote: str
    label: str
    answers: str = ""
    coders: tuple[Coder, ...] = ()
    checked: bool = False


@dataclass(frozen=True)
class GivenValue:
    """One value to choose, and who gave it. `key` is the digit that chooses it."""

    sent: str
    label: str
    key: int
    definition: str = ""
    coders: tuple[Coder, ...] = ()
    fragments: tuple[Fragment, ...] = ()
    checked: bool = False


@dataclass(frozen=True)
class Option:
    """One category, or missing code, of "another value"."""

    sent: str
    label: str
    checked: bool = False


@dataclass
class Options:
    """`other` tells how another value is given: radio, checkbox, number, text or fragments."""

    given_values: list[GivenValue]
    other: str
    other_key: int
    other_checked: bool
    others: list[Option]
    fragments: list[Fragment]
    types: list[Option]
    written: str = ""


def options(
    unit: DecisionUnit,
    given: Given,
    coders: Mapping[int, Coder],
    chosen: Settlement | None,
    quote: Callable[[int, int], str],
    language: str,
) -> Options:
    """What can be chosen for this unit; `chosen` is what stands, or what was sent."""
    maker = _Maker(unit, given, coders, chosen, quote, language)
    return maker.of_spans() if unit.variable.level == "span" else maker.of_values()


def dumps(settlement: Settlement) -> str:
    return json.dumps(as_json(settlement), ensure_ascii=False, sort_keys=True)


@dataclass
class _Maker:
    unit: DecisionUnit
    given: Given
    coders: Mapping[int, Coder]
    chosen: Settlement | None
    quote: Callable[[int, int], str]
    language: str

    def of_values(self) -> Options:
        variable = self.unit.variable
        ordered = sorted(groups(self.given), key=lambda group: self._place(group[0]))
        given_values = [
            GivenValue(
                sent=dumps(value),
                label=settlement_label(self.unit.codebook, variable, value, self.language),
                key=number,
                definition=self._definition(value),
                coders=self._who(ids),
                checked=value == self.chosen,
            )
            for number, (value, ids) in enumerate(ordered, 1)
        ]
        elsewhere = self.chosen is not None and not any(value.checked for value in given_values)
        written = ""
        if elsewhere and not variable.options and not isinstance(self.chosen, Missing):
            written = str(as_json(self.chosen)) if self.chosen is not None else ""
        return Options(
            given_values,
            variable.of_kind.field,
            len(given_values) + 1,
            elsewhere,
            self._others({value.sent for value in given_values}),
            [],
            [],
            written,
        )

    def of_spans(self) -> Options:
        sets: list[tuple[Spans, list[int]]] = [
            (value, ids) for value, ids in groups(self.given) if isinstance(value, tuple)
        ]
        sets.sort(key=lambda group: min(self.coders[pk].number for pk in group[1]))
        given_values = [
            GivenValue(
                sent=dumps(spans),
                label=self._set_label(spans),
                key=number,
                coders=self._who(ids),
                fragments=tuple(self._fragment(span) for span in spans),
                checked=spans == self.chosen,
            )
            for number, (spans, ids) in enumerate(sets, 1)
        ]
        everything = union(spans for spans, _ids in sets)
        # Two readings of one stretch are no set together.
        if not overlaps(everything) and all(spans != everything for spans, _ids in sets):
            given_values.append(
                GivenValue(
                    sent=dumps(everything),
                    label=_("everything together: %(set)s") % {"set": self._set_label(everything)},
                    key=len(given_values) + 1,
                    checked=everything == self.chosen,
                )
            )
        elsewhere = self.chosen is not None and not any(value.checked for value in given_values)
        variable = self.unit.variable
        return Options(
            given_values,
            "fragments",
            len(given_values) + 1,
            elsewhere,
            [],
            self._fragments([spans for spans, _ids in sets]),
            [Option(c.key, in_language(c.label, self.language)) for c in variable.categories],
        )

    def _who(self, ids: Sequence[int]) -> tuple[Coder, ...]:
        return tuple(sorted((self.coders[pk] for pk in ids), key=lambda coder: coder.number))

    def _place(self, value: Settlement) -> tuple[int, str]:
        """Values in the order of the codebook: how many coders gave one must not steer the decision."""
        variable = self.unit.variable
        if isinstance(value, Missing):
            return (10_000 + int(value), "")
        if isinstance(value, str) and value in variable.values:
            return (variable.values.index(value), "")
        return (len(value) if isinstance(value, frozenset) else 0, str(as_json(value)).rjust(40))

    def _definition(self, value: Settlement) -> str:
        category = self.unit.variable.by_key.get(value) if isinstance(value, str) else None
        return in_language(category.definition, self.language) if category else ""

    def _others(self, already: set[str]) -> list[Option]:
        """Categories and missing codes that nobody gave; of a multi variable all categories."""
        variable = self.unit.variable
        is_multi = variable.of_kind.takes_several
        marked = self.chosen if isinstance(self.chosen, frozenset) else frozenset()
        if is_multi and not self.chosen:
            sets = [value for value in self.given.values() if isinstance(value, frozenset)]
            marked = frozenset.intersection(*sets) if sets else frozenset()
        found = []
        for key in variable.values:
            sent = key if is_multi else dumps(key)
            if is_multi or sent not in already:
                checked = key in marked if is_multi else key == self.chosen
                found.append(Option(sent, category_label(variable, key, self.language), checked))
        own = {category.code for category in variable.categories}
        for code in Missing:
            missing: Value = code
            if int(code) not in own and dumps(missing) not in already:
                label = value_label(self.unit.codebook, variable, missing, self.language)
                found.append(Option(dumps(missing), label, self.chosen is code))
        return found

    def _set_label(self, spans: Spans) -> str:
        return settlement_label(self.unit.codebook, self.unit.variable, spans, self.language)

    def _fragments(self, sets: Sequence[Spans]) -> list[Fragment]:
        """Every fragment of every coder, and those of the decision that no coder marked."""
        chosen = self.chosen if isinstance(self.chosen, tuple) else ()
        found: list[SpanValue] = []
        for spans in (*sets, chosen):
            found.extend(span for span in spans if span not in found)
        found.sort(key=lambda span: span[:3])
        return [self._fragment(span, checked=span in chosen) for span in found]

    def _fragment(self, span: SpanValue, *, checked: bool = False) -> Fragment:
        ids = [pk for pk, spans in self.given.items() if isinstance(spans, tuple) and span in spans]
        answers = "; ".join(f"{key}: {value}" for key, value in span.answers)
        return Fragment(
            sent=json.dumps(
                {
                    "start": span.start,
                    "end": span.end,
                    "category": span.category,
                    "answers": dict(span.answers),
                },
                sort_keys=True,
            ),
            start=span.start,
            end=span.end,
            quote=self.quote(span.start, span.end),
            label=category_label(self.unit.variable, span.category, self.language),
            answers=answers,
            coders=self._who(ids),
            checked=checked,
        )
