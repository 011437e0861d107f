"""Agreement on the share that two people screened, before anything was settled. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import get_language

from ..agreement import Reliability, reliability
from ..agreement.wording import percent
from ..models import Membership, Screening, ScreeningAnswer, ScreeningDecision, ScreeningUnit

BOOTSTRAP = 1000


@dataclass(frozen=True)
class Agreement:
    """`pairs`: units that two people answered. `table`: answers against answers, counted both ways."""

    pairs: int
    result: Reliability
    table: dict[tuple[str, str], int]

    @property
    def percent(self) -> str:
        return percent(self.result.percent_agreement)

    @property
    def why(self) -> str:
        """Why alpha is undefined, in the reader's language; empty where it is not."""
        return self.result.why_undefined((get_language() or "nl")[:2]) or ""


def agreement(screening: Screening) -> Agreement | None:
    """Answers as they were given, doubts left out; None while no two people answered the same message."""
    rows = ScreeningDecision.objects.filter(
        unit__track__screening=screening, unit__is_double=True, is_settling=False
    ).exclude(answer="")
    given: dict[int, dict[int, str]] = defaultdict(dict)
    for unit, coder, answer in rows.order_by("unit_id", "coder_id").values_list(
        "unit_id", "coder_id", "answer"
    ):
        given[unit][coder] = answer
    both = [answers for answers in given.values() if len(answers) > 1]
    if not both:
        return None
    coders = sorted({coder for answers in both for coder in answers})
    units = [tuple(answers.get(coder) for coder in coders) for answers in both]
    result = reliability(
        units, categories=ScreeningAnswer.values, bootstrap=BOOTSTRAP, seed=screening.seed % 2**32
    )
    table: dict[tuple[str, str], int] = defaultdict(int)
    for answers in both:
        one, two = list(answers.values())[:2]
        table[one, two] += 1
        table[two, one] += 1
    return Agreement(len(both), result, dict(table))


def unsettled(screening_id: int) -> int:
    """Doubts and differences that wait for the supervisor."""
    states = [ScreeningUnit.State.DOUBT, ScreeningUnit.State.DIFFERS]
    return ScreeningUnit.objects.filter(
        track__screening_id=screening_id, is_unfinished=True, state__in=states
    ).count()


def names(study_id: int) -> dict[int, str]:
    members = Membership.objects.filter(study_id=study_id).select_related("user")
    return {row.user_id: row.user.get_full_name() or row.user.get_username() for row in members}
