"""Codings out of `conversations.sav`, `messages.sav` or `spans.sav` of an export, saved by SPSS or PSPP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from ...codebooks.lookup import lookup
from ...codebooks.schema import VariableSpec
from ...errors import BadInput
from ...exchange.statistics_files import CHECK, check_of, legal_names
from ...exchange.statistics_reading import NotReadable, StatisticsTable, read_statistics
from ...models import Study
from ...sampling.imported import round_planned
from .lines import LONGEST, CodingLine, at_line

WIDE = {"round", "conversation_id", "coders", "unresolved"}
SPANS = {"round", "coder", "conversation_id", "message_id", "span", "origin"}
MOST_PROBLEMS = 50
_WHOSE = re.compile(r"as (?P<coder>.+) gave it$")


def is_level(header: Sequence[str]) -> bool:
    return set(header) >= WIDE or set(header) >= SPANS


def level_lines(study: Study, file: Path, name: str) -> list[CodingLine]:
    """A line per answer of each coder. Raises BadInput with what is not as it was exported."""
    try:
        table = read_statistics(file)
    except NotReadable:
        sentence = _("%(file)s: this cannot be read as a file of SPSS or Stata; save it again.")
        raise BadInput(sentence % {"file": name}) from None
    if not is_level(table.header):
        sentence = _(
            "%(file)s: this is not conversations.sav, messages.sav or spans.sav of an export; hand it in on "
            "the page Codings from a file."
        )
        raise BadInput(sentence % {"file": name})
    reader = _Reader(study, table, name)
    lines = list(reader.lines())
    if reader.problems:
        raise BadInput(reader.problems[:MOST_PROBLEMS])
    if not lines:
        raise BadInput(_("%(file)s: no coder gave an answer in it.") % {"file": name})
    return lines


@dataclass(frozen=True)
class _Given:
    """The columns in which the answer of one coder (none in a file of fragments) to one variable stands."""

    variable: VariableSpec
    coder: str
    places: tuple[int, ...]


class _Reader:
    def __init__(self, study: Study, table: StatisticsTable, name: str) -> None:
        self.study, self.table, self.name = study, table, name
        self.at = {column: place for place, column in enumerate(table.header)}
        self.is_spans = set(table.header) >= SPANS
        self.problems: list[str] = []
        self._by_round: dict[str, list[_Given]] = {}

    def lines(self) -> Iterator[CodingLine]:
        end = self.at.get(CHECK)
        for number, cells in enumerate(self.table.rows, 1):
            if end is not None and cells[end] and check_of(cells[:end]) != cells[end]:
                self._fault(
                    number, _("this row is not as it was exported; if that is meant, empty row_check in it")
                )
                continue
            for given in self._given(cells[self.at["round"]]):
                yield from self._of(number, cells, given)

    def _of(self, number: int, cells: Sequence[str], given: _Given) -> Iterator[CodingLine]:
        written = self._written(number, given, [cells[place] for place in given.places])
        about = {key: cells[self.at[key]] for key in ("round", "conversation_id")}
        about["message_id"] = cells[self.at["message_id"]] if "message_id" in self.at else ""
        about["coder"] = cells[self.at["coder"]] if self.is_spans else given.coder
        if self.is_spans:
            about |= {
                key: cells[self.at[key]] for key in ("span", "start", "end", "origin") if key in self.at
            }
        for column, most in LONGEST.items():
            if len(about.get(column, "")) > most:
                sentence = _("%(column)s has %(n)d characters; at most %(most)d are allowed")
                facts = {"column": column, "n": len(about[column]), "most": most}
                self._fault(number, sentence % facts)
                return
        for value in written:
            yield CodingLine(number, {**about, "variable": given.variable.key, "value": value})

    def _written(self, number: int, given: _Given, cells: Sequence[str]) -> list[str]:
        """As a file of codings holds it, a value per row; none where there is no answer."""
        variable = given.variable
        if not any(cells):
            return []
        kind = variable.of_kind
        missing = kind.read_missing(variable, cells[0])
        if missing is not None and len(set(cells)) == 1:
            return [str(kind.missing_codes(variable)[missing])]
        if not variable.options:
            return [cells[0]]
        if kind.takes_several:
            if not set(cells) <= {"0", "1"}:
                sentence = _("%(variable)s has cells that are neither 0 nor 1: %(cells)s")
                facts = {"variable": variable.key, "cells": ", ".join(sorted(set(cells) - {"0", "1"}))}
                self._fault(number, sentence % facts)
                return []
            pairs = zip(variable.options, cells, strict=True)
            return [option.key for option, cell in pairs if cell == "1"] or [""]
        option = next((each for each in variable.options if str(each.code) == cells[0]), None)
        if option is None:
            sentence = _("%(variable)s has no category with the code %(code)s")
            self._fault(number, sentence % {"variable": variable.key, "code": cells[0][:60]})
            return []
        label = self.table.labels.get(self.table.header[given.places[0]], {}).get(cells[0])
        if label and not any(text.startswith(label) for text in _labels(variable, option.key)):
            sentence = _(
                "the file calls %(code)s of %(variable)s “%(label)s”, which is not what the codebook calls it"
            )
            facts = {"code": cells[0], "variable": variable.key, "label": label[:60]}
            self._fault(number, sentence % facts)
            return []
        return [option.key]

    def _given(self, round_name: str) -> list[_Given]:
        """Where the answers stand, by the codebook of the round."""
        if round_name not in self._by_round:
            version_id = round_planned(self.study, round_name or "main").codebook_version_id
            self._by_round[round_name] = list(self._columns(lookup(version_id).spec.variables))
        return self._by_round[round_name]

    def _columns(self, variables: Sequence[VariableSpec]) -> Iterator[_Given]:
        coders = dict.fromkeys(filter(None, map(self._coder, self.table.header)))
        read: set[int] = set()
        for variable in variables:
            if (variable.level == "span") != self.is_spans:
                continue
            for coder in [""] if self.is_spans else coders:
                end = f"__{coder}" if coder else ""
                names = [
                    f"{variable.key}{column.suffix}{end}"
                    for column in variable.of_kind.export_columns(variable, "en")
                ]
                places = [self.at.get(legal_names([each])[0]) for each in names]
                found = tuple(place for place in places if place is not None)
                if len(found) == len(places):
                    read.update(found)
                    yield _Given(variable, coder, found)
        lost = [column for column, place in self.at.items() if place not in read and self._coder(column)]
        if lost and not self.problems:
            sentence = _("%(file)s: the codebook of this study has no variable for the column %(columns)s.")
            self.problems.append(sentence % {"file": self.name, "columns": ", ".join(lost[:5])})

    def _coder(self, column: str) -> str:
        found = _WHOSE.search(self.table.titles.get(column, ""))
        return found["coder"] if found else ""

    def _fault(self, number: int, sentence: str) -> None:
        self.problems.append(at_line(self.name, number, sentence))


def _labels(variable: VariableSpec, key: str) -> list[str]:
    return [" ".join(text.split()) for text in variable.by_key[key].label.values()]
