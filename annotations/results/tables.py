"""The tables of the 2019 study and a table per variable, over organisations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Missing, Value
from ..models import Coding, Conversation, Message, Study
from ..statistics import Comparison, Proportion
from .population import Finals, PiiMessage, pii_messages, read_finals, study_types


@dataclass(frozen=True)
class Cell:
    """A proportion in a table: what is counted, in which organisation ("" for all together)."""

    row: str
    organisation: str
    proportion: Proportion

    def as_dict(self) -> dict[str, Any]:
        p = self.proportion
        return {
            "row": self.row,
            "organisation": self.organisation,
            "n": p.n,
            "of": p.of,
            "percent": None if p.share is None else round(100 * p.share, 1),
            "wilson": _rounded(p.wilson),
            "exact": _rounded(p.exact),
        }


@dataclass(frozen=True)
class ResultTable:
    """`rows` and `organisations` give the order in which cells are shown; `note` says what is counted."""

    key: str
    title: str
    note: str
    organisations: list[str]
    rows: list[tuple[str, str]]
    cells: dict[tuple[str, str], Cell]
    comparison: Comparison | None = None
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        labels = dict(self.rows)
        return {
            "key": self.key,
            "title": self.title,
            "note": self.note,
            "rows": [cell.as_dict() | {"label": labels[cell.row]} for cell in self.cells.values()],
            "comparison": _comparison(self.comparison, self.organisations),
            "warnings": self.warnings,
        }


def study_tables(study: Study, language: str | None = None) -> list[ResultTable]:
    """Every table that this study's codebook and codings allow, in the order of the report."""
    language = language or study.language
    with translation.override(language):
        return _tables(study, language)


def _tables(study: Study, language: str) -> list[ResultTable]:
    finals = read_finals(study)
    messages = pii_messages(study, finals)
    organisations = sorted({message.organisation for message in messages})
    spec = lookup(study.codebook_version_id).spec
    tables = []
    removal = spec.by_key.get("removal_request")
    if removal and "explicit" in removal.values:
        tables += [
            _removal(messages, organisations, finals, answered_only=False),
            _removal(messages, organisations, finals, answered_only=True),
            _removal_by_type(study, messages, organisations, language),
        ]
    if study_types(study):
        tables.append(_types(study, messages, organisations, language))
    tables += _every_variable(study, finals, language)
    return [table for table in tables if any(cell.proportion.of for cell in table.cells.values())]


def _removal(
    messages: list[PiiMessage], organisations: list[str], finals: Finals, *, answered_only: bool
) -> ResultTable:
    """Table 1 of the study: an explicit request to remove, of all messages with personal data."""
    if answered_only:
        messages = [message for message in messages if message.has_response]
        note = _("Of consumers' messages with personal data that the organisation answered.")
    else:
        note = _("Of all consumers' messages with personal data; no answer counts as no request.")
    cells = _cells(
        [("explicit", lambda message: message.values.get("removal_request") == "explicit")],
        messages,
        organisations,
    )
    warnings = []
    open_ones = finals.unresolved.get("removal_request", 0) + finals.unresolved.get("contains_pii", 0)
    if open_ones:
        warnings.append(
            _("Values on which coders differ and nobody decided yet: %(count)d.") % {"count": open_ones}
        )
    return ResultTable(
        "removal_request_answered" if answered_only else "removal_request",
        _("Request to remove, of answered messages") if answered_only else _("Request to remove"),
        note,
        organisations,
        [("explicit", _("Explicit request to remove"))],
        cells,
        _compare(cells, "explicit", organisations),
        warnings,
    )


def _removal_by_type(
    study: Study, messages: list[PiiMessage], organisations: list[str], language: str
) -> ResultTable:
    rows = [(key, label.get(language, key)) for key, label in study_types(study).items()]
    cells = {}
    for key, _label in rows:
        for name in ["", *organisations]:
            having = [m for m in messages if key in m.types and name in ("", m.organisation)]
            asked = sum(m.values.get("removal_request") == "explicit" for m in having)
            cells[key, name] = Cell(key, name, Proportion(asked, len(having)))
    return ResultTable(
        "removal_request_by_type",
        _("Request to remove, by kind of information"),
        _("Of consumers' messages with this kind of information; a message can count in several rows."),
        organisations,
        rows,
        cells,
    )


def _types(study: Study, messages: list[PiiMessage], organisations: list[str], language: str) -> ResultTable:
    rows = [(key, label.get(language, key)) for key, label in study_types(study).items()]
    tests: list[tuple[str, Callable[[PiiMessage], bool]]] = [
        (key, lambda message, key=key: key in message.types)  # type: ignore[misc]
        for key, _label in rows
    ]
    return ResultTable(
        "info_types",
        _("Kinds of information shared"),
        _("Of consumers' messages with personal data; a message can hold several kinds."),
        organisations,
        rows,
        _cells(tests, messages, organisations),
    )


def _cells(
    tests: Iterable[tuple[str, Callable[[PiiMessage], bool]]],
    messages: list[PiiMessage],
    organisations: list[str],
) -> dict[tuple[str, str], Cell]:
    cells = {}
    for key, test in tests:
        for name in [*organisations, ""]:
            some = [message for message in messages if name in ("", message.organisation)]
            cells[key, name] = Cell(key, name, Proportion(sum(map(test, some)), len(some)))
    return cells


def _compare(cells: dict[tuple[str, str], Cell], row: str, organisations: list[str]) -> Comparison | None:
    if len(organisations) != 2:
        return None
    return Comparison(*(cells[row, name].proportion for name in organisations))


def _every_variable(study: Study, finals: Finals, language: str) -> list[ResultTable]:
    """A table per choice variable: units per category and organisation, missing codes left out."""
    codebook = lookup(study.codebook_version_id)
    names = _unit_organisations(study)
    tables = []
    for variable in codebook.spec.variables:
        if variable.level == "span" or variable.kind not in ("single", "multi", "boolean"):
            continue
        units = finals.conversations if variable.level == "conversation" else finals.messages
        given: list[tuple[str, Value]] = [
            (names[variable.level].get(pk, ""), values[variable.key])
            for pk, values in units.items()
            if variable.key in values
        ]
        tables.append(_variable(variable, given, language, finals.unresolved.get(variable.key, 0)))
    return tables


def _variable(
    variable: VariableSpec, given: list[tuple[str, Value]], language: str, unresolved: int
) -> ResultTable:
    valid = [
        (name, value if isinstance(value, frozenset) else frozenset({str(value)}))
        for name, value in given
        if not isinstance(value, Missing)
    ]
    organisations = sorted({name for name, _value in valid})
    rows = (
        [("yes", _("Yes")), ("no", _("No"))]
        if variable.kind == "boolean"
        else [(category.key, category.label.get(language, category.key)) for category in variable.categories]
    )
    cells = {
        (key, name): Cell(
            key,
            name,
            Proportion(
                sum(key in value for where, value in valid if name in ("", where)),
                sum(1 for where, _value in valid if name in ("", where)),
            ),
        )
        for key, _label in rows
        for name in [*organisations, ""]
    }
    missing = len(given) - len(valid)
    note = _("Of %(units)d coded units; %(missing)d with a missing code left out.") % {
        "units": len(given),
        "missing": missing,
    }
    warnings = [_("Units not settled yet: %(count)d.") % {"count": unresolved}] if unresolved else []
    title = variable.label.get(language, variable.key)
    return ResultTable(
        f"variable_{variable.key}", title, note, organisations, rows, cells if valid else {}, None, warnings
    )


def _unit_organisations(study: Study) -> dict[str, dict[int, str]]:
    # From the codings to the messages: the other way round every message of the study would be looked at.
    coded = Coding.objects.filter(assignment__round__study=study).values("assignment__conversation_id")
    name = "organisation__name"
    conversations = Conversation.objects.filter(pk__in=coded).values_list("pk", name)
    messages = Message.objects.filter(conversation__in=coded).values_list("pk", f"conversation__{name}")
    return {
        "conversation": {pk: found or "" for pk, found in conversations},
        "message": {pk: found or "" for pk, found in messages},
    }


def _comparison(pair: Comparison | None, organisations: list[str]) -> dict[str, Any] | None:
    if pair is None:
        return None
    return {
        "organisations": organisations,
        "difference": _percent(pair.difference),
        "newcombe": _rounded(pair.newcombe),
        "odds_ratio": None if pair.odds_ratio is None else round(pair.odds_ratio, 2),
        "odds_ratio_interval": None
        if pair.odds_ratio_interval is None
        else [round(bound, 2) for bound in pair.odds_ratio_interval],
        "fisher_p": None if pair.fisher_p is None else round(pair.fisher_p, 3),
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _rounded(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else [round(100 * bound, 1) for bound in interval]
