"""What a table asks, in an address, in a command and in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from ...errors import BadInput
from ..units.frame import LEVELS, NUMBER, TIME, Field, Frame

PERCENTAGES = ("column", "row", "none")
MOST_FILTERS = 8
LONGEST = 200


@dataclass(frozen=True)
class Filter:
    """Only units with one of these values; of a number one value: `10..20`, `10..` or `..20`."""

    field: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field}={','.join(self.values)}"


@dataclass(frozen=True)
class Definition:
    """Keys of fields; `unit`: a level, or empty for the lowest level of what is asked."""

    rows: str
    columns: str = ""
    layer: str = ""
    unit: str = ""
    filters: tuple[Filter, ...] = ()
    percentages: str = "column"

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields of the table, without those of its filters."""
        return tuple(key for key in (self.rows, self.columns, self.layer) if key)

    @property
    def needed(self) -> tuple[str, ...]:
        """All fields without which it cannot be made: those of the filters too."""
        return (*self.asked, *(filter_.field for filter_ in self.filters))

    def query(self, **more: str) -> str:
        """As it stands in an address; `from_query` reads it back."""
        values = {"rows": self.rows, "columns": self.columns, "layer": self.layer, "unit": self.unit}
        if self.percentages != "column":
            values["percentages"] = self.percentages
        pairs = [(key, value) for key, value in (values | more).items() if value]
        return urlencode([*pairs, *(("f", str(filter_)) for filter_ in self.filters)])

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it; `from_plain` reads it back."""
        return {**asdict(self), "filters": [str(filter_) for filter_ in self.filters]}


def from_plain(kept: Mapping[str, Any]) -> Definition:
    return Definition(
        **{**kept, "filters": tuple(read_filter(filter_) for filter_ in kept.get("filters", ()))}
    )


def from_query(given: Mapping[str, str], filters: Iterable[str]) -> Definition:
    """`filters`: each FIELD=VALUE[,VALUE…]. Raises BadInput."""
    percentages = given.get("percentages", "column")
    return Definition(
        given.get("rows", "")[:LONGEST],
        given.get("columns", "")[:LONGEST],
        given.get("layer", "")[:LONGEST],
        given.get("unit", "")[:LONGEST],
        tuple(read_filter(written) for written in filters if written),
        percentages if percentages in PERCENTAGES else "column",
    )


def read_filter(text: str) -> Filter:
    """Raises BadInput."""
    key, equals, values = text.partition("=")
    if not equals or not key.strip() or not values.strip():
        raise BadInput(_("filter “%(text)s”: write FIELD=VALUE.") % {"text": text[:LONGEST]})
    return Filter(key.strip(), tuple(value.strip() for value in values.split(",") if value.strip()))


def checked(definition: Definition, frame: Frame) -> Definition:
    """The definition with its unit filled in. Raises BadInput with a sentence per thing that is wrong."""
    problems = []
    if not definition.rows:
        raise BadInput(_("Choose what the rows of the table are."))
    used = [*definition.asked, *(filter_.field for filter_ in definition.filters)]
    for key in dict.fromkeys(used):
        if key not in frame.fields:
            known = ", ".join(sorted(frame.fields))
            problems.append(
                _("There is no variable or fact “%(key)s” here; there are: %(known)s.")
                % {"key": key[:60], "known": known}
            )
    if len(set(definition.asked)) < len(definition.asked):
        problems.append(_("Rows, columns and layer have to differ."))
    if definition.unit and definition.unit not in LEVELS:
        problems.append(
            _("“%(unit)s” is no unit of counting; choose one of %(units)s.")
            % {"unit": definition.unit[:60], "units": ", ".join(LEVELS)}
        )
    if len(definition.filters) > MOST_FILTERS:
        problems.append(_("A table takes at most %(most)d filters.") % {"most": MOST_FILTERS})
    if problems:
        raise BadInput(problems)
    for filter_ in definition.filters:
        problems += _wrong_values(filter_, frame.fields[filter_.field])
    if definition.layer and frame.fields[definition.layer].kind in (NUMBER, TIME):
        problems.append(_("A number cannot be the layer: choose a variable with categories."))
    if definition.columns and frame.fields[definition.columns].kind == TIME:
        problems.append(_("A time stands in the rows; choose a variable with categories for the columns."))
    if problems:
        raise BadInput(problems)
    return Definition(**{**vars(definition), "unit": definition.unit or lowest(definition, frame)})


def lowest(definition: Definition, frame: Frame) -> str:
    """The level of the finest of what is asked: fragment, then message, then conversation."""
    levels = {frame.fields[key].level for key in definition.asked}
    return next((level for level in ("span", "message", "conversation") if level in levels), "message")


def _wrong_values(one: Filter, field: Field) -> list[str]:
    if field.kind in (NUMBER, TIME):
        return (
            []
            if bounds(one.values[0])
            else [_("%(field)s is a number: filter it as 10..20, 10.. or ..20.") % {"field": one.field}]
        )
    unknown = [value for value in one.values if value not in field.index]
    return [
        _("%(field)s has no value “%(value)s”; it has: %(values)s.")
        % {"field": one.field, "value": value[:60], "values": ", ".join(field.index)}
        for value in unknown
    ]


def bounds(text: str) -> tuple[float, float] | None:
    """`10..20`, `10..`, `..20` or `10` as lowest and highest; None where it is neither."""
    low, dots, high = text.partition("..")
    try:
        first = float(low) if low else float("-inf")
        last = (float(high) if high else float("inf")) if dots else first
    except ValueError:
        return None
    return (first, last) if (low or high) and first <= last else None
