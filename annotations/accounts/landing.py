"""Where a person's work waits after signing in. Reads only."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from ..models import Assignment, Membership, Round


def study_to_code_in(user_id: int) -> str | None:
    """The address (slug) of the only study of somebody who codes and has work left in it, else None."""
    memberships = Membership.objects.filter(user_id=user_id, is_active=True)
    if memberships.filter(role=Membership.Role.SUPERVISOR).exists():
        return None  # a supervisor looks at the whole first
    left = Assignment.objects.filter(round=OuterRef("pk"), coder_id=user_id).exclude(
        progress=Assignment.Progress.FINISHED
    )
    rounds = Round.objects.filter(Exists(left), study=OuterRef("study_id"), is_open=True)
    with_work = memberships.filter(Exists(rounds))
    slugs = list(with_work.values_list("study__slug", flat=True)[:2])
    return slugs[0] if len(slugs) == 1 else None
