"""The tables of the 2019 study and a table per variable, over organisations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..models import Coding, Conversation, Message, Study
from ..statistics import Comparison, Proportion
from .population import (
    Finals,
    LeftOut,
    Outcome,
    PiiMessage,
    Population,
    Reason,
    pii_messages,
    read_finals,
    study_types,
)


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
            "column": self.organisation,
            "organisation": self.organisation,
            "n": p.n,
            "of": p.of,
            "percent": None if p.share is None else round(100 * p.share, 1),
            "wilson": _rounded(p.wilson),
            "exact": _rounded(p.exact),
        }


@dataclass(frozen=True)
class ResultTable:
    """`rows` and `organisations` give the order in which cells are shown; `note` says what is counted.

    `unit`: message or conversation. `left_out`: units that are in no cell, and why.
    """

    key: str
    title: str
    note: str
    unit: str
    organisations: list[str]
    rows: list[tuple[str, str]]
    cells: dict[tuple[str, str], Cell]
    left_out: LeftOut
    comparison: Comparison | None = None

    @property
    def columns(self) -> list[str]:
        """The organisations, and "" for all of them together."""
        return [*self.organisations, ""]

    def as_dict(self) -> dict[str, Any]:
        labels = dict(self.rows)
        return {
            "key": self.key,
            "title": self.title,
            "unit": self.unit,
            "note": self.note,
            "left_out": {reason.value: self.left_out[reason] for reason in Reason if self.left_out[reason]},
            "rows": [cell.as_dict() | {"label": labels[cell.row]} for cell in self.cells.values()],
            "comparison": _comparison(self.comparison, self.organisations),
        }


def study_tables(study: Study, language: str | None = None) -> list[ResultTable]:
    """Every table that this study's codebook and codings allow, in the order of the report."""
    language = language or study.language
    with translation.override(language):
        return _tables(study, language)


def _tables(study: Study, language: str) -> list[ResultTable]:
    finals = read_finals(study)
    population = pii_messages(study, finals)
    spec = lookup(study.codebook_version_id).spec
    tables = []
    removal = spec.by_key.get("removal_request")
    if removal and "explicit" in removal.values:
        requests = _requests(population)
        tables.append(_removal(requests))
        if "response_present" in spec.by_key:
            tables.append(_removal_answered(_answered(population)))
        tables.append(_removal_by_type(study, requests, language))
    if study_types(study):
        tables.append(_types(study, population, language))
    tables += _every_variable(study, finals, language)
    return [table for table in tables if _says_something(table)]


def _says_something(table: ResultTable) -> bool:
    """Not where a question was asked of no unit at all."""
    return bool(set(table.left_out) - {Reason.NOT_APPLICABLE}) or any(
        cell.proportion.of for cell in table.cells.values()
    )


def _requests(population: Population) -> Population:
    """The messages of which it is known whether there was an explicit request to remove."""
    return _where(population, request_of)


def request_of(message: PiiMessage) -> Outcome:
    """The request to remove. A message that the organisation did not answer counts as no request."""
    asked = message.values.get("removal_request", Reason.NOT_CODED)
    return "none" if isinstance(asked, Reason) and message.response == "no" else asked


def _answered(population: Population) -> Population:
    """Of the messages that the organisation answered those of which the request is known."""
    known = _where(population, lambda message: message.response)
    answered = [message for message in known.messages if message.response == "yes"]
    return _where(Population(answered, known.left_out), request_of)


def _where(population: Population, outcome: Callable[[PiiMessage], Outcome]) -> Population:
    """The messages that have this outcome; the others are counted with their reason."""
    messages, left_out = [], LeftOut(population.left_out)
    for message in population.messages:
        found = outcome(message)
        if isinstance(found, Reason):
            left_out[found] += 1
        else:
            messages.append(message)
    return Population(messages, left_out)


def _removal(requests: Population) -> ResultTable:
    """Table 1 of the study: an explicit request to remove, of all messages with personal data."""
    return _removal_table(
        requests,
        "removal_request",
        _("Request to remove"),
        _("Of all consumers' messages with personal data; no answer counts as no request."),
    )


def _removal_answered(requests: Population) -> ResultTable:
    return _removal_table(
        requests,
        "removal_request_answered",
        _("Request to remove, of answered messages"),
        _("Of consumers' messages with personal data that the organisation answered."),
    )


def _removal_table(requests: Population, key: str, title: str, note: str) -> ResultTable:
    organisations = _organisations(requests)
    cells = _cells([("explicit", _is_explicit)], requests.messages, organisations)
    return ResultTable(
        key,
        title,
        note,
        "message",
        organisations,
        [("explicit", _("Explicit request to remove"))],
        cells,
        requests.left_out,
        _compare(cells, "explicit", organisations),
    )


def _is_explicit(message: PiiMessage) -> bool:
    return request_of(message) == "explicit"


def _removal_by_type(study: Study, requests: Population, language: str) -> ResultTable:
    organisations = _organisations(requests)
    rows = [(key, label.get(language, key)) for key, label in study_types(study).items()]
    cells: dict[tuple[str, str], Cell] = {}
    for key, _label in rows:
        having = [message for message in requests.messages if key in message.types]
        cells |= {
            (key, name): Cell(key, name, cell.proportion)
            for (_row, name), cell in _cells([(key, _is_explicit)], having, organisations).items()
        }
    return ResultTable(
        "removal_request_by_type",
        _("Request to remove, by kind of information"),
        _(
            "Of consumers' messages with this kind of information; a message can count in several rows, "
            "and no answer counts as no request."
        ),
        "message",
        organisations,
        rows,
        cells,
        requests.left_out,
    )


def _types(study: Study, population: Population, language: str) -> ResultTable:
    organisations = _organisations(population)
    rows = [(key, label.get(language, key)) for key, label in study_types(study).items()]
    tests: list[tuple[str, Callable[[PiiMessage], bool]]] = [
        (key, lambda message, key=key: key in message.types)  # type: ignore[misc]
        for key, _label in rows
    ]
    return ResultTable(
        "info_types",
        _("Kinds of information shared"),
        _("Of consumers' messages with personal data; a message can hold several kinds."),
        "message",
        organisations,
        rows,
        _cells(tests, population.messages, organisations),
        population.left_out,
    )


def _organisations(population: Population) -> list[str]:
    return sorted({message.organisation for message in population.messages})


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
        if variable.level == "span" or not variable.options:
            continue
        units = finals.conversations if variable.level == "conversation" else finals.messages
        given = [
            (names[variable.level].get(pk, ""), outcomes[variable.key])
            for pk, outcomes in units.items()
            if variable.key in outcomes
        ]
        tables.append(_variable(variable, given, language))
    return tables


def _variable(variable: VariableSpec, given: list[tuple[str, Outcome]], language: str) -> ResultTable:
    valid: list[tuple[str, frozenset[str]]] = []
    left_out = LeftOut()
    for name, outcome in given:
        if isinstance(outcome, Reason):
            left_out[outcome] += 1
        else:
            valid.append((name, outcome if isinstance(outcome, frozenset) else frozenset({str(outcome)})))
    organisations = sorted({name for name, _value in valid})
    rows = [
        (category.key, category.label.get(language, category.key))
        for category in variable.options
        if not category.is_missing
    ]
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
    return ResultTable(
        f"variable_{variable.key}",
        variable.label.get(language, variable.key),
        _("Of %(valid)d units with a value; %(coded)d were coded.")
        % {"valid": len(valid), "coded": len(given)},
        variable.level,
        organisations,
        rows,
        cells,
        left_out,
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
        "test": "fisher_exact",
        "statistic": None,
        "df": None,
        "p": None if pair.fisher_p is None else round(pair.fisher_p, 3),
        "effect": _percent(pair.difference),
        "effect_interval": _rounded(pair.newcombe),
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
