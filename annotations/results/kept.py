"""The figures of a study, kept: worked out at once where that is quick, else in the background.

While they are worked out anew, those of before are shown, and the page says so.
"""

from __future__ import annotations

import hashlib
import json

from django.utils.translation import gettext as _
from django_tasks import task

from ..coding.stamp import stamp_of
from ..common.jobs import Claim, Kind
from ..errors import BadInput
from ..finals.of_study import counted_rounds
from ..models import Code, Event, Message, Organisation, Study, StudyFigures
from .collect import tables_to_keep
from .figures import Figures
from .units.frame import packed
from .units.read import read_frame

FORM = 1
"""Raised whenever figures of before must not be shown any more."""
AT_ONCE = 6_000
"""With fewer codes the figures take less than a second and nobody has to wait for the worker."""
LATEST = 50
"""Events that the stamp of a large study looks at: one that was written late still changes them."""
CHANGES_NOTHING = (
    "archive.loaded",
    "archive.made",
    "candidate.decided",
    "candidate.undecided",
    "code.asked_again",
    "code.left_open",
    "code.not_asked",
    "code.saved",
    "coding.frozen",
    "coding.skipped",
    "coding.started",
    "conversation.revealed",
    "conversation.viewed",
    "detector.quoted",
    "export.downloaded",
    "link.made",
    "link.used",
    "mapping.saved",
    "message.revealed",
    "person.throttled",
    "quotation.changed",
    "quotation.deleted",
    "quotation.written",
    "selection.changed",
    "selection.deleted",
    "selection.renamed",
    "selection.saved",
    "span.added",
    "span.moved",
    "span.removed",
    "study.exported",
    "table.changed",
    "table.deleted",
    "table.looked_through",
    "table.saved",
)
"""What is logged and changes no final value: a coding counts once it is finished, which is logged apart."""
State = StudyFigures.State


def stamp_for(study: Study) -> str:
    """Changes with anything the tables rest on. Of a large study what the log says of changes."""
    if is_large(study):
        rests: object = list(
            Event.objects.filter(study=study)
            .exclude(action__in=CHANGES_NOTHING)
            .order_by("-id")
            .values_list("id", flat=True)[:LATEST]
        )
    else:
        rests = [
            [stamp_of(round_) for round_ in counted_rounds(study)],
            list(study.rounds.order_by("id").values_list("id", "kind", "name")),
            list(study.accounts.order_by("id").values_list("id", "role"))
            if study.accounts.count() < 2000
            else 0,
            _latest(study),
        ]
    facts = (
        FORM,
        study.codebook_version_id,
        study.detector_version,
        study.new_user_days,
        list(Organisation.objects.filter(study=study).order_by("id").values_list("id", "revision", "name")),
        rests,
    )
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()


def _latest(study: Study) -> list[object]:
    """Of the decisions and the collection what a stamp of rounds does not hold."""
    log = Event.objects.filter(study=study).exclude(action__in=CHANGES_NOTHING).order_by("-id")
    return [log.values_list("id", flat=True).first(), Message.objects.filter(study=study).count()]


def is_large(study: Study) -> bool:
    codes = Code.objects.filter(coding__assignment__round__study=study)
    return codes[:AT_ONCE].count() == AT_ONCE


def figures_of(study: Study) -> Figures:
    """The figures as they are now; while those are worked out, the last ones there were."""
    stamp = stamp_for(study)
    row, is_new = StudyFigures.objects.defer("frame", "tables").get_or_create(study=study, stamp=stamp)
    if row.state != State.DONE:
        is_small = not is_large(study)
        if is_small:
            FIGURES.do_now(row)
        elif is_new or row.state == State.FAILED or FIGURES.standing(row).is_stuck:
            FIGURES.ask(row)
        row.refresh_from_db(fields=["state", "started_at", "finished_at", "problem"])
    if row.state == State.DONE:
        return Figures(row.pk, row.stamp, row.finished_at, False, None, None)
    before = StudyFigures.objects.filter(study=study, state=State.DONE).defer("frame", "tables").first()
    standing = FIGURES.standing(row)
    if before is None:
        return Figures(0, "", None, False, row, standing)
    return Figures(before.pk, before.stamp, before.finished_at, True, row, standing)


def figures_now(study: Study) -> Figures:
    """The figures as they are now, worked out here and now where they have to be."""
    row, _is_new = StudyFigures.objects.defer("frame", "tables").get_or_create(
        study=study, stamp=stamp_for(study)
    )
    if row.state != State.DONE:
        FIGURES.do_now(row)
        row.refresh_from_db(fields=["state", "finished_at", "problem"])
    if row.state != State.DONE:
        raise BadInput(row.problem or _("The tables are being worked out; ask again in a minute."))
    return Figures(row.pk, row.stamp, row.finished_at, False, None, None)


def figures_to_read(study: Study) -> Figures:
    """The figures as they are at this moment, for who may write nothing: kept, or read here and now."""
    stamp = stamp_for(study)
    row = StudyFigures.objects.filter(study=study, stamp=stamp, state=State.DONE).defer("frame", "tables")
    if kept := row.first():
        return Figures(kept.pk, stamp, kept.finished_at, False, None, None)
    return Figures(0, stamp, None, False, None, None, read_frame(study))


@task()
def work_out(pk: int) -> None:
    FIGURES.run(pk)


def _work_out(row: StudyFigures, claim: Claim[StudyFigures]) -> None:
    """Read all units and make the tables of the reports; figures of before are thrown away.

    A small study makes its tables when they are looked at.
    """
    study = row.study
    frame = read_frame(study, claim.tell)
    tables = {}
    if is_large(study):
        claim.tell(0.8)
        tables = dict(tables_to_keep(study, frame))
    claim.done(frame=packed(frame), tables=tables)
    StudyFigures.objects.filter(study=row.study).exclude(pk=row.pk).exclude(state=State.RUNNING).delete()


FIGURES = Kind(
    "figures",
    StudyFigures,
    _work_out,
    task=lambda: work_out,
    failed=lambda: _("Working out the tables stopped by an error in the program."),
)
