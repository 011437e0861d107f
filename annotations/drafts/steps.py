"""Which step of a draft can be taken back, and which be done again, in words. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..codebooks.categories import text_in
from ..codebooks.document import Document, items_of
from ..models import CodebookDraft, DraftStep
from .names import NAMES, STEPS


@dataclass(frozen=True)
class StepsAround:
    """Empty where there is none."""

    undo: str
    redo: str


def steps_around(draft: CodebookDraft, reader_id: int | None, language: str) -> StepsAround:
    around = draft.steps.filter(number__in=(draft.step, draft.step + 1)).select_related("done_by")
    by_number = {step.number: step for step in around}
    document = draft.document
    return StepsAround(
        _told(by_number.get(draft.step), document, reader_id, language),
        _told(by_number.get(draft.step + 1), document, reader_id, language),
    )


def _told(step: DraftStep | None, document: Document, reader_id: int | None, language: str) -> str:
    """Such as: “Klantnummer”: definition, by the second supervisor."""
    if step is None:
        return ""
    item = next((each for each in items_of(document) if each["_id"] == step.item), {})
    name = text_in(item.get("label") or {}, language) or item.get("key", "")
    first = step.field.partition(".")[0]
    what = str(NAMES.get(first, STEPS.get(first, first))) if step.do == "set" else str(STEPS[step.do])
    if name:
        what = f"“{name}”: {what}"
    if step.done_by is None or step.done_by_id == reader_id:
        return what
    return _("%(what)s, by %(who)s") % {
        "what": what,
        "who": step.done_by.get_full_name() or step.done_by.get_username(),
    }
