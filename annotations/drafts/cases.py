"""Settled cases when a definition changes: which have to be looked at again, and what was found.

A settled case belongs to the version of its round. Under a later version it is shown to coders while its
value carries over and its definition did not change; after a change of definition only once somebody looked
at it. The only writer of CaseCheck.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from ..codebooks.carrying import earlier_versions, rewords
from ..codebooks.lookup import lookup
from ..errors import BadInput
from ..finals.settled import Settlement, settlements
from ..models import CaseCheck, Consensus, Event, Study, VersionChange


@dataclass(frozen=True)
class OpenCase:
    consensus: Consensus
    variable: str
    settlement: Settlement


def open_cases(study: Study) -> list[OpenCase]:
    """Settled cases of earlier versions about what the study's version words otherwise, not yet looked at."""
    version = study.codebook_version_id
    changed = _reworded(version)
    if not changed:
        return []
    earlier = [pk for pk in earlier_versions(version) if pk != version]
    rows = (
        Consensus.objects.filter(
            round__study=study, round__codebook_version__in=earlier, is_settled_case=True
        )
        .exclude(checks__version=version)
        .select_related("conversation", "message", "round", "variable")
        .order_by("variable__position", "pk")
    )
    found = []
    by_version: dict[int, list[Consensus]] = {}
    for row in rows:
        if row.variable.key in changed:
            by_version.setdefault(row.round.codebook_version_id, []).append(row)
    for pk, some in by_version.items():
        values = settlements(some, lookup(pk))
        for row in some:
            value, categories = values[row.pk], changed[row.variable.key]
            if not categories or categories & _categories(value):
                found.append(OpenCase(row, row.variable.key, value))
    return found


def _reworded(version_id: int) -> dict[str, set[str]]:
    """Variable of the base version -> the categories of which the definition changed; empty: all of them."""
    found: dict[str, set[str]] = {}
    for change in VersionChange.objects.filter(version=version_id).exclude(was=""):
        if not rewords(change):
            continue
        known = found.get(change.was)
        categories = set(change.carries)
        found[change.was] = set() if not categories or known == set() else categories | (known or set())
    return found


def _categories(value: Settlement) -> set[str]:
    if isinstance(value, tuple):
        return {span.category for span in value}
    if isinstance(value, frozenset):
        return set(value)
    return {value} if isinstance(value, str) else set()


@transaction.atomic
def check_case(study_id: int, consensus_id: int, version_id: int, *, holds: bool, actor_id: int) -> CaseCheck:
    """Say whether a settled case still holds under a version of the codebook. Raises BadInput."""
    consensus = Consensus.objects.filter(
        pk=consensus_id, round__study_id=study_id, is_settled_case=True
    ).first()
    if consensus is None:
        raise BadInput(_("This case is not there any more; reload the page."))
    check, _created = CaseCheck.objects.update_or_create(
        consensus=consensus,
        version_id=version_id,
        defaults={"holds": holds, "checked_by_id": actor_id},
    )
    Event.objects.record(
        "case.checked", actor_id=actor_id, study_id=study_id, subject=consensus, after={"holds": holds}
    )
    return check
