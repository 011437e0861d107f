"""Agreement on the share that two people screened, before anything was settled. Reads only.

It is a report like that of a round: the same reliability data, coefficients, intervals and lists of units.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from django.db.models import F

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.values import Value
from ..finals.given import Given, shown_coders, shown_order
from ..finals.of_round import Key, Unit
from ..models import Membership, Screening, ScreeningDecision, ScreeningUnit
from ..reliability.data import UnitsByCoders, data_of
from ..reliability.data_file import lines_of
from ..reliability.listing import ListedUnit, listed_as
from ..reliability.report import IN_A_REPORT, VariableAgreement, coder_names, measure
from ..reliability.side_by_side import SideBySide, beside

REMEMBER = 24 * 60 * 60


def agreement(screening: Screening, *, bootstrap: int = 0) -> VariableAgreement | None:
    """On answers as they were given, doubts left out; None while no two people answered the same message."""
    data = _data(screening)
    return _measured(screening, data, bootstrap) if data else None


def figures(screening: Screening) -> dict[str, Any] | None:
    """The report with its intervals, as `agreement --json` prints a variable; remembered until an answer
    changes."""
    data = _data(screening)
    if data is None:
        return None
    rests_on = repr((screening.pk, data.coder_ids, data.units, data.rows, data.missing))
    key = f"screening-agreement:{hashlib.sha256(rests_on.encode()).hexdigest()}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        known = _measured(screening, data, IN_A_REPORT).as_dict()
        cache.set(key, known, REMEMBER)
    return known


def data_lines(screening: Screening) -> Iterator[str]:
    """The answers as the report compares them, in the layout of reliability.csv; empty without a report."""
    data = _data(screening)
    if data is None:
        return iter(())
    names = coder_names(screening.study_id, usernames=False)
    return lines_of(screening.name, data, [names.get(pk, "–") for pk in data.coder_ids])


def listed(screening: Screening, units: Sequence[Unit], first: int, language: str) -> list[ListedUnit]:
    """Units of the report as rows of a list, in a constant number of queries."""
    codebook = lookup(screening.codebook_version_id)
    given = _given_of(screening, units)
    names = coder_names(screening.study_id, usernames=False)
    people = {pk: names.get(pk, "–") for answers in given.values() for pk in answers}
    return listed_as(codebook, variable_of(screening, codebook), given, people, first, language)


def side_by_side(screening: Screening, item: VariableAgreement, unit: Unit, language: str) -> SideBySide:
    codebook = lookup(screening.codebook_version_id)
    ((key, given),) = _given_of(screening, [unit]).items()
    coders = shown_coders(screening.study_id, shown_order(f"screening:{screening.pk}", key, list(given)))
    return beside(screening.study, codebook, item, key, given, coders, language)


def variable_of(screening: Screening, codebook: Lookup) -> Any:
    """What is looked for, as a question of the codebook that is always asked."""
    return replace(codebook.spec.by_key[screening.variable.key], show_if={})


def unsettled(screening_id: int) -> int:
    """Doubts and differences that wait for the supervisor."""
    states = [ScreeningUnit.State.DOUBT, ScreeningUnit.State.DIFFERS]
    return ScreeningUnit.objects.filter(
        track__screening_id=screening_id, is_unfinished=True, state__in=states
    ).count()


def names(study_id: int) -> dict[int, str]:
    members = Membership.objects.filter(study_id=study_id).select_related("user")
    return {row.user_id: row.user.get_full_name() or row.user.get_username() for row in members}


def _measured(screening: Screening, data: UnitsByCoders, bootstrap: int) -> VariableAgreement:
    people = coder_names(screening.study_id, usernames=False)
    of_report = [people.get(pk, "–") for pk in data.coder_ids]
    result = measure(data, of_report, bootstrap, screening.seed % 2**32)
    return VariableAgreement(
        data.variable, result, data.units, data.coder_ids, data.missing, data.missing_given
    )


def _data(screening: Screening) -> UnitsByCoders | None:
    """Messages that two people answered, in the order in which they were screened."""
    given: dict[Unit, dict[int, Value]] = defaultdict(dict)
    for conversation, message, coder, answer in _answers(screening):
        given[conversation, message][coder] = answer
    both = {unit: answers for unit, answers in given.items() if len(answers) > 1}
    if not both:
        return None
    coders = sorted({coder for answers in both.values() for coder in answers})
    return data_of(variable_of(screening, lookup(screening.codebook_version_id)), coders, both)


def _answers(screening: Screening, messages: Sequence[int | None] | None = None) -> Any:
    rows = ScreeningDecision.objects.filter(
        unit__track__screening=screening,
        unit__position__lt=F("unit__track__frontier"),  # of a million messages few were handed out
        unit__is_double=True,
        is_settling=False,
    ).exclude(answer="")
    if messages is not None:
        rows = rows.filter(unit__message__in=messages)
    return rows.order_by("unit__track_id", "unit__position", "coder_id").values_list(
        "unit__message__conversation_id", "unit__message_id", "coder_id", "answer"
    )


def _given_of(screening: Screening, units: Sequence[Unit]) -> dict[Key, Given]:
    given: dict[Key, Given] = {(screening.variable.key, *unit): {} for unit in units}
    for conversation, message, coder, answer in _answers(screening, [message for _c, message in units]):
        given[screening.variable.key, conversation, message][coder] = answer
    return given
