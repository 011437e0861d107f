"""From an accepted proposal to the draft: the missing category is there to be written, with why."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from ..codebooks.document import Document, Item, is_withdrawn
from ..codebooks.kinds import KINDS
from ..codebooks.proposals import answer
from ..models import Proposal
from .store import edit, start


@transaction.atomic
def accept(proposal: Proposal, *, actor_id: int, revision: int, sentence: str) -> str:
    """Accept a proposal, and put it on the draft of the next version, which begins here where there is none.

    Gives the id in the draft of the variable that it is about, empty where it names none. Raises BadInput,
    and StaleWrite when somebody answered it in the meantime.
    """
    answer(
        proposal.pk, actor_id=actor_id, revision=revision, state=Proposal.State.ACCEPTED, sentence=sentence
    )
    draft = start(proposal.study_id, actor_id=actor_id)
    variable = _variable(draft.document, proposal.variable)
    if variable is None:
        return ""
    kind = KINDS.get(variable.get("kind", ""))
    if proposal.kind == Proposal.Kind.CATEGORY and kind and kind.fewest_categories:
        wanted: dict[str, Any] = {"do": "add_category", "item": variable["_id"]}
        draft, new = edit(draft.pk, wanted, revision=draft.revision, actor_id=actor_id)
        reason = {"do": "set", "item": new, "field": ["_reason"], "value": proposal.text}
        edit(draft.pk, reason, revision=draft.revision, actor_id=actor_id)
    return str(variable["_id"])


def _variable(document: Document, key: str) -> Item | None:
    """The one that had this key in the base version, or has it by now."""
    standing = [item for item in document["variables"] if not is_withdrawn(item)]
    by_base = (item for item in standing if key and item.get("_was") == key)
    return next(by_base, None) or next((item for item in standing if key and item["key"] == key), None)
