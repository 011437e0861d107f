"""figures/: every table of results.csv as a drawing, three ways, as a journal prints it."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from django.utils import translation

from ..figures.drawing import FORMATS, Look
from ..figures.kept import drawn, remember
from ..figures.records import Drawable
from ..results.drawn import figures_of
from .cell_count import OnShare
from .folder import Folder
from .study_data import StudyData
from .tables.results import tables_of

FIGURES = "figures"
PRINTED = Look("print", "column")


def write_figures(data: StudyData, out: Folder, on_share: OnShare | None = None) -> None:
    """Drawn once and kept: a second export takes them from there."""
    if not out.wants(FIGURES):
        return
    found = _figures(data)
    for at, (name, record) in enumerate(found):
        key = remember(data.study.pk, record)
        for ending in FORMATS:
            out.make(f"{FIGURES}/{name}.{ending}", partial(_fill, data.study.pk, key, ending), beside=FIGURES)
        if on_share is not None:
            on_share((at + 1) / len(found))


def _fill(study_id: int, key: str, ending: str, path: Path) -> None:
    path.write_bytes(drawn(study_id, key, PRINTED, ending))


def _figures(data: StudyData) -> list[tuple[str, Drawable]]:
    """Name of the file and what is drawn; of a table with layers one for each."""
    found: list[tuple[str, Drawable]] = []
    with translation.override(data.language):
        for table in tables_of(data):
            records = figures_of(table, data.language)
            name = re.sub(r"[^a-z0-9_.]+", "-", table.key.lower())
            found += [
                (name if len(records) == 1 else f"{name}-{number}", record)
                for number, record in enumerate(records, 1)
            ]
    return found
