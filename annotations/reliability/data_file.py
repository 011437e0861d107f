"""The reliability data behind a report as one CSV file, and programs that compute alpha from it.

The file holds the units exactly as the report compares them: missing codes are empty cells, and units for
which a coder was not asked a conditional question are left out. Free text is not in it: it may repeat
personal data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.template.loader import render_to_string

from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..common.cells import csv_lines
from ..exporting.profile import profile_named
from ..exporting.study_data import StudyData
from ..exporting.tables.reliability import as_cell
from ..models import Round
from .data import Selection, coders_of, units_by_coders
from .report import categories_of, coder_names

LEADING = ("variable", "scale", "conversation_id", "message_id")


def scale_of(variable: VariableSpec) -> str:
    """The distance that the report's alpha uses: nominal, ordinal, interval or masi."""
    if variable.kind == "multi":
        return "masi"
    if variable.kind == "number":
        return "interval"
    return "ordinal" if variable.scale == "ordinal" else "nominal"


def reliability_data(round_: Round, selection: Selection) -> Iterator[str]:
    """Lines of the file: a row per variable and unit, a column per coder, named by pseudonym."""
    names = coder_names(round_.study_id, usernames=False)
    header = (*LEADING, *(names[pk] for pk in coders_of(round_, selection)))
    return csv_lines(header, _rows(round_, selection))


def _rows(round_: Round, selection: Selection) -> Iterable[tuple[object, ...]]:
    study = StudyData(round_.study, profile_named("research"))
    for data in units_by_coders(round_, selection):
        variable = data.variable
        if variable.kind == "text":
            continue
        for (conversation_id, message_id), row in zip(data.units, data.rows, strict=True):
            yield (
                variable.key,
                scale_of(variable),
                study.conversation_name(conversation_id),
                study.message_name(message_id),
                *(None if value is None else as_cell(variable, value) for value in row),
            )


def program(language: str, round_: Round) -> str:
    """A program in "python" or "r", without any package, that prints every alpha of the file."""
    orders = {
        variable.key: categories_of(variable)
        for variable in lookup(round_.codebook_version_id).spec.variables
        if variable.module in round_.modules and scale_of(variable) == "ordinal" and variable.level != "span"
    }
    return render_to_string(f"annotations/reliability/alpha.{language}.txt", {"orders": orders})
