"""Agreement per variable: the engine of `annotations.agreement` on a round's data."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from ..agreement import Reliability, UnitizingReliability, reliability, set_reliability, unitizing_reliability
from ..codebooks.schema import VariableSpec
from ..finals.of_round import Unit
from ..models import Membership, Round
from .attributes import attributes_by_coders
from .data import ReportScope, SpansByCoders, UnitsByCoders, spans_by_coders, units_by_coders

Result = Reliability | UnitizingReliability
ON_SCREEN = 1000
IN_A_REPORT = 10_000


@dataclass(frozen=True)
class VariableAgreement:
    """Agreement on one variable, with the units in the order in which the result counts them."""

    variable: VariableSpec
    result: Result
    units: list[Unit]
    coder_ids: list[int]
    missing: dict[int, int] = field(default_factory=dict)
    missing_given: int = 0
    not_asked_units: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The object that `agreement --json` prints for a variable."""
        return {
            "key": self.variable.key,
            "label": dict(self.variable.label),
            "unit": self.variable.level,
            "measured_as": self.variable.kind,
            **self.result.as_dict(),
            "missing": {str(code): count for code, count in self.missing.items()},
            "missing_given": self.missing_given,
            "not_asked_units": self.not_asked_units,
        }


def agreement_of(
    round_: Round,
    *,
    selection: ReportScope | None = None,
    variables: Collection[str] | None = None,
    bootstrap: int = ON_SCREEN,
    seed: int = 0,
    usernames: bool = False,
) -> Iterator[VariableAgreement]:
    """Agreement per variable of a round, spans and their attributes first, then in the order of the codebook.

    Intervals resample conversations, in which messages are nested. Coders go by pseudonym, or by user name.
    """
    selection = selection or ReportScope()
    names = coder_names(round_.study_id, usernames=usernames)
    spans = spans_by_coders(round_, selection)
    if spans and (variables is None or spans.variable.key in variables):
        yield measure_spans(spans, names, bootstrap, seed)
    attributes = attributes_by_coders(round_, spans.coder_ids, spans.units, variables) if spans else ()
    for data in chain(attributes, units_by_coders(round_, selection, variables=variables)):
        yield VariableAgreement(
            data.variable,
            measure(data, [names[pk] for pk in data.coder_ids], bootstrap, seed),
            data.units,
            data.coder_ids,
            data.missing,
            data.missing_given,
            data.not_asked_units,
        )


def coder_names(study_id: int, *, usernames: bool) -> dict[int, str]:
    """User id -> name."""
    rows = Membership.objects.filter(study_id=study_id).select_related("user")
    return {row.user_id: row.user.get_username() if usernames else row.pseudonym for row in rows}


def measure(data: UnitsByCoders, names: list[str], bootstrap: int, seed: int) -> Reliability:
    """Agreement on one variable by the scale that the codebook declares for it."""
    variable = data.variable
    clusters = [conversation_id for conversation_id, _message_id in data.units]
    options: dict[str, Any] = {
        "bootstrap": bootstrap,
        "seed": seed,
        "coder_names": names,
        "clusters": clusters if variable.level != "conversation" else None,
    }
    distance = variable.of_kind.distance(variable)
    if distance == "masi":
        return set_reliability(data.rows, categories=ordered_categories(variable), **options)
    if variable.of_kind.is_free:
        return reliability(data.rows, kind="text", **options)
    if variable.options:
        options |= {"categories": ordered_categories(variable), "numbers": numbers_of(variable)}
        return reliability(data.rows, level=distance, **options)
    rows = [[None if value is None else float(value) for value in row] for row in data.rows]
    if distance == "ratio" and any(value is not None and value < 0 for row in rows for value in row):
        result = reliability(rows, level="interval", **options | {"bootstrap": 0})
        return replace(result, level="ratio", alpha=None, undefined_key="negative_ratio", pairs=[])
    return reliability(rows, level=distance, **options)


def ordered_categories(variable: VariableSpec) -> list[str]:
    """The declared categories without those that stand for a missing code, in the order of their codes.

    Yes stands before no.
    """
    if not variable.categories:
        return list(variable.values)
    ordered = sorted(variable.categories, key=lambda category: category.code)
    return [category.key for category in ordered if not category.is_missing]


def numbers_of(variable: VariableSpec) -> list[float] | None:
    """The codes of those categories, where the codebook says that they are numbers on a scale."""
    if variable.of_kind.distance(variable) not in ("interval", "ratio"):
        return None
    return [float(variable.by_key[key].code) for key in ordered_categories(variable)]


def measure_spans(data: SpansByCoders, names: dict[int, str], bootstrap: int, seed: int) -> VariableAgreement:
    continua = [
        (length, {names[coder_id]: spans for coder_id, spans in by_coder.items()})
        for length, by_coder in zip(data.lengths, data.spans, strict=True)
    ]
    result = unitizing_reliability(
        continua,
        bootstrap=bootstrap,
        seed=seed,
        categories=ordered_categories(data.variable),
        overlaps="per_type",
    )
    return VariableAgreement(data.variable, result, data.units, data.coder_ids)
