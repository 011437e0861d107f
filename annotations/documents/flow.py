"""From the archive to what was analysed, as PRISMA draws it: what was left out at each step, and why."""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import gettext as _

from ..figures.records import Flow, Step
from ..finals.of_study import counted_rounds
from ..models import (
    Assignment,
    Coding,
    Message,
    Screening,
    ScreeningAnswer,
    ScreeningTrack,
    ScreeningUnit,
    Study,
)
from ..screening.reasons import reason_label


def flow_of(study: Study, language: str) -> Flow:
    """With the searches back, where there were any. In the language that is active."""
    messages = Message.objects.filter(study=study, state=Message.State.PRESENT).count()
    steps = [Step(_("Messages collected"), messages)]
    for screening in Screening.objects.filter(study=study).exclude(state=Screening.State.DRAFT):
        steps += _search(screening)
    return Flow(_("From collection to analysis"), "", language, steps=(*steps, *_coded(study)))


def _search(screening: Screening) -> list[Step]:
    """What was looked at up to the end of each search, and what was found in it."""
    units = ScreeningUnit.objects.counting().filter(
        track__screening=screening, track__part=ScreeningTrack.Part.SEARCH
    )
    counts = dict(units.exclude(answer="").order_by().values_list("answer").annotate(n=Count("id")))
    reasons = units.filter(answer=ScreeningAnswer.NO).order_by().values_list("reason").annotate(n=Count("id"))
    left = [(reason_label(key), n) for key, n in sorted(reasons, key=lambda row: -row[1])]
    if unsure := counts.get(ScreeningAnswer.CANNOT_TELL, 0):
        left.append((_("cannot be determined"), unsure))
    return [
        Step(
            _("Looked at in “%(name)s”") % {"name": screening.name},
            sum(counts.values()),
            tuple(left),
        ),
        Step(_("Found"), counts.get(ScreeningAnswer.YES, 0)),
    ]


def _coded(study: Study) -> list[Step]:
    given = Assignment.objects.filter(round__in=counted_rounds(study)).order_by()
    conversations = study.conversations.count()
    assigned = given.values("conversation_id").distinct().count()
    finished = given.filter(coding__state=Coding.State.FINISHED).values("conversation_id").distinct().count()
    return [
        Step(_("Conversations"), conversations, _left(_("not assigned"), conversations - assigned)),
        Step(
            _("Conversations assigned"),
            assigned,
            _left(_("not finished by any coder"), assigned - finished),
        ),
        Step(_("Conversations coded"), finished),
    ]


def _left(reason: str, count: int) -> tuple[tuple[str, int], ...]:
    return ((reason, count),) if count else ()
