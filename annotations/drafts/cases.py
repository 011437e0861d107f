"""Settled cases when a definition changes: which have to be looked at again, and what was found.

The only writer of CaseCheck.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import CaseCheck, Consensus, Event


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
