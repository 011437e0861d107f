"""The stages of a study, from import to export, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Consensus, Event, Study
from .open_work import OpenWork


@dataclass(frozen=True)
class Stage:
    """One stage.

    `key`: import, coders, codebook, assign, code, agreement, settle or export. `number`: what there is of it;
    `total`: of how many, None where there is no such number. `is_current`: the first that is not done.
    """

    key: str
    number: int
    total: int | None
    is_done: bool
    is_current: bool = False


def stages(study: Study, now: OpenWork) -> list[Stage]:
    """The stages in their order. Four queries at most.

    Settling is never marked done: only the list of disagreements knows whether anything is left.
    """
    assigned = now.conversations - now.unassigned
    decisions = Consensus.objects.filter(round__study=study).count()
    exports = Event.objects.filter(subject_type="study", subject_id=study.pk, action="study.exported").count()
    is_coded = 0 < now.assignments == now.finished
    rows = [
        Stage("import", now.conversations, None, now.conversations > 0),
        Stage("coders", now.coders, None, now.coders > 0),
        Stage("codebook", study.codebook_version.variables.count(), None, True),
        Stage("assign", assigned, now.conversations, now.conversations > 0 and not now.unassigned),
        Stage("code", now.finished, now.assignments, is_coded),
        Stage("agreement", now.comparable, None, is_coded and now.comparable > 0),
        Stage("settle", decisions, None, False),
        Stage("export", exports, None, exports > 0),
    ]
    current = next((row.key for row in rows if not row.is_done), "")
    return [Stage(row.key, row.number, row.total, row.is_done, is_current=row.key == current) for row in rows]
