"""Which assignments a coder has begun with. Reads only, and locks what it reads."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from ..coding.save import touched_codings
from ..models import Question


def begun(assignment_ids: Collection[int] | QuerySet[Any]) -> dict[int, str]:
    """Assignment -> the state of its coding, where something was coded or asked; "" without a coding.

    A question belongs to who asked it: its conversation is not given to another as if nothing had been done.
    """
    asked = Question.objects.filter(assignment__in=assignment_ids).values_list(
        "assignment_id", "assignment__coding__state"
    )
    found = {pk: state or "" for pk, state in asked}
    return found | dict(touched_codings(assignment_ids).values_list("assignment_id", "state"))
