"""The only writer of CodebookDraft and its steps. Every write says which revision it saw."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..codebooks.document import Document, items_of, marked
from ..codebooks.editing.edits import Edit, edited
from ..codebooks.editing.fields import EditError
from ..codebooks.editing.steps import replaced, stretch_between
from ..codebooks.lookup import lookup
from ..errors import BadInput, StaleWrite
from ..models import CodebookDraft, CodebookVersion, DraftStep, Event, Study

FILE = "file"


def draft_of(study: Study) -> CodebookDraft | None:
    """The study's draft, if one is being written."""
    return (
        CodebookDraft.objects.select_related("base__codebook", "study", "changed_by")
        .filter(study=study, closed_at__isnull=True)
        .first()
    )


@transaction.atomic
def start(study_id: int, *, actor_id: int | None, document: Document | None = None) -> CodebookDraft:
    """The draft of the study's next version; the one that is there, where there is one.

    `document`: what it starts with; without it the version of the study as it is.
    """
    study = Study.objects.select_for_update(of=("self",)).get(pk=study_id)
    known = draft_of(study)
    if known is not None:
        if document is not None:
            raise BadInput(_("There is a draft already. Publish it or give it up first."))
        return known
    draft = CodebookDraft(
        study=study, base_id=study.codebook_version_id, started_by_id=actor_id, changed_by_id=actor_id
    )
    draft.document = document or fresh(study.codebook_version_id)
    draft.save(force_insert=True)
    _record("codebook.draft_started", draft, actor_id)
    return draft


@transaction.atomic
def replace(draft_id: int, document: Document, *, revision: int, actor_id: int | None) -> CodebookDraft:
    """Another text for the whole draft, such as from a file. Raises StaleWrite."""
    draft = locked(draft_id, revision)
    return _save(draft, document, actor_id, DraftStep(do=FILE))


@transaction.atomic
def edit(draft_id: int, what: Edit, *, revision: int, actor_id: int | None) -> tuple[CodebookDraft, str]:
    """Do one edit; gives the draft and the id of the item that it was about.

    Sending again what is there already changes nothing. Raises BadInput, and StaleWrite whose `current`
    tells the item as it stands now.
    """
    draft = CodebookDraft.objects.select_for_update(of=("self",)).select_related("base").get(pk=draft_id)
    _must_be_open(draft)
    try:
        document, item = edited(draft.document, what)
    except EditError as error:
        if draft.revision != revision:
            raise StaleWrite(None, draft.revision) from None
        raise BadInput(_(error.sentence) % error.params) from None
    if document == draft.document:
        return draft, item
    if draft.revision != revision:
        raise StaleWrite(_stands_now(draft.document, what), draft.revision)
    field = ".".join(what["field"]) if what.get("do") == "set" else ""
    step = DraftStep(do=str(what["do"]), item=item[:20], field=field[:120])
    return _save(draft, document, actor_id, step), item


@transaction.atomic
def undo(draft_id: int, *, revision: int, actor_id: int | None) -> tuple[CodebookDraft, DraftStep]:
    """Take back the last step that stands, whoever did it. Raises BadInput, StaleWrite."""
    draft = locked(draft_id, revision)
    step = draft.steps.filter(number=draft.step).first()
    if step is None:
        raise BadInput(_("There is nothing to undo."))
    draft.written = replaced(draft.written, step.at, step.inserted, step.removed)
    draft.step -= 1
    return _stored(draft, actor_id), step


@transaction.atomic
def redo(draft_id: int, *, revision: int, actor_id: int | None) -> tuple[CodebookDraft, DraftStep]:
    """Do again what was undone last. Raises BadInput, StaleWrite."""
    draft = locked(draft_id, revision)
    step = draft.steps.filter(number=draft.step + 1).first()
    if step is None:
        raise BadInput(_("There is nothing to do again."))
    draft.written = replaced(draft.written, step.at, step.removed, step.inserted)
    draft.step += 1
    return _stored(draft, actor_id), step


@transaction.atomic
def give_up(draft_id: int, *, revision: int, actor_id: int | None) -> None:
    """Close a draft without publishing it; it is kept as it was."""
    draft = locked(draft_id, revision)
    close(draft, None)
    _record("codebook.draft_given_up", draft, actor_id)


def close(draft: CodebookDraft, published: CodebookVersion | None) -> None:
    draft.closed_at, draft.published = timezone.now(), published
    draft.revision += 1
    draft.save(update_fields=["closed_at", "published", "revision"])


def locked(draft_id: int, revision: int) -> CodebookDraft:
    draft = CodebookDraft.objects.select_for_update(of=("self",)).select_related("base").get(pk=draft_id)
    _must_be_open(draft)
    if draft.revision != revision:
        raise StaleWrite(None, draft.revision)
    return draft


def fresh(version_id: int) -> Document:
    """A document like a stored version, with a version number of its own."""
    document = marked(lookup(version_id).spec)
    version = CodebookVersion.objects.get(pk=version_id)
    taken = set(
        CodebookVersion.objects.filter(codebook_id=version.codebook_id).values_list("version", flat=True)
    )
    document["codebook"]["version"] = next_number(version.version, taken)
    return document


def next_number(version: str, taken: set[str]) -> str:
    """The version after this one: its last number one higher, until nobody has it."""
    while version in taken:
        parts = re.fullmatch(r"(.*?)(\d+)(\D*)", version)
        version = f"{parts[1]}{int(parts[2]) + 1}{parts[3]}" if parts else f"{version} 2"
    return version


def _must_be_open(draft: CodebookDraft) -> None:
    if draft.closed_at is not None:
        raise BadInput(_("This draft was published or given up; reload the page."))


def _stands_now(document: Document, what: Edit) -> dict[str, Any] | None:
    """What stands now at the place that an edit is about, to show beside what was wanted."""
    if what.get("do") != "set":
        return None
    here: Any = document["codebook"] if what.get("item") == "codebook" else None
    for item in items_of(document):
        if item["_id"] == what.get("item"):
            here = item
    for step in what.get("field") or []:
        here = here.get(step) if isinstance(here, dict) else None
    return {"value": here}


def _save(draft: CodebookDraft, document: Document, actor_id: int | None, step: DraftStep) -> CodebookDraft:
    """Store another text, as one more step; what was undone before it cannot be done again."""
    before = draft.written
    draft.document = document
    DraftStep.objects.filter(draft=draft, number__gt=draft.step).delete()
    draft.step += 1
    stretch = stretch_between(before, draft.written)
    step.draft, step.number, step.done_by_id = draft, draft.step, actor_id
    step.at, step.removed, step.inserted = stretch.at, stretch.removed, stretch.inserted
    step.save(force_insert=True)
    return _stored(draft, actor_id)


def _stored(draft: CodebookDraft, actor_id: int | None) -> CodebookDraft:
    draft.revision += 1
    draft.changed_by_id, draft.changed_at = actor_id, timezone.now()
    draft.save(update_fields=["written", "revision", "step", "changed_by", "changed_at"])
    return draft


def _record(action: str, draft: CodebookDraft, actor_id: int | None) -> None:
    Event.objects.record(
        action,
        actor_id=actor_id,
        study_id=draft.study_id,
        subject=draft,
        after={"version": draft.document["codebook"].get("version", "")},
    )
