"""Ready-made reports, one per text that the product serves: tables that a module brings along."""

from __future__ import annotations

from dataclasses import replace

from ...models import Study
from ..units.frame import Frame
from . import escalation, leak, pressure, proactive, study_2019
from .ready import Part, Ready, Report

REPORTS: tuple[Report, ...] = (
    study_2019.REPORT,
    proactive.REPORT,
    leak.REPORT,
    pressure.REPORT,
    escalation.REPORT,
)


def reports_of(study: Study, frame: Frame) -> list[Report]:
    """The reports whose module is on, each with the tables that the study's codebook allows."""
    on = {*study.modules, ""}
    found = []
    for report in REPORTS:
        parts = tuple(filter(None, (_possible(part, frame) for part in report.parts)))
        if report.module in on and parts:
            found.append(replace(report, parts=parts))
    return found


def _possible(part: Part, frame: Frame) -> Part | None:
    tables = tuple(table for table in part.tables if is_possible(table, frame))
    return replace(part, tables=tables) if tables else None


def is_possible(table: Ready, frame: Frame) -> bool:
    """Whether everything it asks was asked in this study."""
    used = [*table.definition.asked, *(filter_.field for filter_ in table.definition.filters)]
    return all(key in frame.fields for key in used)


__all__ = ["REPORTS", "Part", "Ready", "Report", "is_possible", "reports_of"]
