"""Quotations are written, changed and deleted here: their one writer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..codebooks.lookup import lookup
from ..errors import BadInput, StaleWrite
from ..models import Event, Message, Quotation, Study
from ..models.corpus import AuthorRole
from .reading import found_traces, originals

LENGTH = 2_000
MOST = 2_000


def find_quotation(study_id: int, quotation_id: int) -> Quotation:
    """Raises BadInput when the study has no such quotation (any more)."""
    rows = Quotation.objects.select_related("study", "message__conversation", "written_by")
    found = rows.filter(pk=quotation_id, study_id=study_id).first()
    if found is None:
        raise BadInput(_("This quotation is no longer there."))
    return found


@transaction.atomic
def add_quotation(
    study_id: int,
    message_id: int,
    *,
    category: str,
    paraphrase: str,
    status: str,
    actor_id: int | None,
) -> Quotation:
    """`category`: VARIABLE:CATEGORY. Raises BadInput."""
    study = Study.objects.select_for_update().get(pk=study_id)
    message = Message.objects.filter(pk=message_id, study=study).select_related("account").first()
    if message is None or not message.text:
        raise BadInput(_("This message has no text to put in other words."))
    variable, chosen, paraphrase = _checked(study, message, category, paraphrase, status)
    if Quotation.objects.filter(study=study).count() >= MOST:
        raise BadInput(_("A study keeps at most %(most)d quotations.") % {"most": MOST})
    quotation = Quotation.objects.create(
        study=study,
        message=message,
        variable=variable,
        category=chosen,
        paraphrase=paraphrase,
        status=status,
        remains=_remains(study, message, paraphrase),
        written_by_id=actor_id,
    )
    _record("written", quotation, actor_id, after=_state(quotation))
    return quotation


@transaction.atomic
def change_quotation(
    study_id: int,
    quotation_id: int,
    *,
    category: str,
    paraphrase: str,
    status: str,
    revision: int,
    actor_id: int | None,
) -> Quotation:
    """Raises BadInput, or StaleWrite when somebody changed the quotation since `revision`."""
    quotation = _locked(study_id, quotation_id, revision)
    study, message, before = quotation.study, quotation.message, _state(quotation)
    variable, chosen, paraphrase = _checked(study, message, category, paraphrase, status, of=quotation)
    is_rewritten = paraphrase != quotation.paraphrase
    quotation.variable, quotation.category, quotation.status = variable, chosen, status
    if is_rewritten:
        quotation.paraphrase, quotation.written_by_id = paraphrase, actor_id
        quotation.written_at = timezone.now()
    if message.text:
        quotation.remains = _remains(study, message, paraphrase)
    elif is_rewritten:
        raise BadInput(
            _(
                "The message was erased, so nobody can tell any more whether other words come close to it. "
                "Delete the quotation instead."
            )
        )
    if is_rewritten or _state(quotation) != before:
        quotation.revision += 1
        quotation.save()
        after = _state(quotation) | {"is_rewritten": is_rewritten}
        _record("changed", quotation, actor_id, before=before, after=after)
    return quotation


@transaction.atomic
def delete_quotation(study_id: int, quotation_id: int, *, revision: int, actor_id: int | None) -> None:
    """Raises BadInput and StaleWrite."""
    quotation = _locked(study_id, quotation_id, revision)
    _record("deleted", quotation, actor_id, before=_state(quotation))
    quotation.delete()


def _locked(study_id: int, quotation_id: int, revision: int) -> Quotation:
    Study.objects.select_for_update().get(pk=study_id)
    quotation = find_quotation(study_id, quotation_id)
    if quotation.revision != revision:
        raise StaleWrite(quotation, quotation.revision)
    return quotation


def _checked(
    study: Study, message: Message, category: str, paraphrase: str, status: str, of: Quotation | None = None
) -> tuple[str, str, str]:
    """Variable, category and the paraphrase without blanks around it. `of`: keeps the category it has."""
    problems = []
    variable, _colon, chosen = category.partition(":")
    spec = lookup(study.codebook_version_id).spec.by_key.get(variable)
    kept = of is not None and (variable, chosen) == (of.variable, of.category)
    if not kept and (spec is None or chosen not in spec.by_key or spec.by_key[chosen].is_missing):
        problems.append(_("Choose the category that the quotation is an example of."))
    paraphrase = paraphrase.replace("\r\n", "\n").replace("\0", "").strip()
    if not 1 <= len(paraphrase) <= LENGTH:
        problems.append(
            _("Say in other words what the message says, in at most %(length)d characters.")
            % {"length": LENGTH}
        )
    if status not in Quotation.Status.values:
        problems.append(_("Choose on what ground the quotation is published."))
    elif status == Quotation.Status.PUBLIC and message.author_role != AuthorRole.ORGANISATION:
        problems.append(_("Only a message of an organisation can be quoted as said in public by one."))
    if problems:
        raise BadInput(problems)
    return variable, chosen, paraphrase


def _remains(study: Study, message: Message, paraphrase: str) -> list[str]:
    original = originals(study, {message.pk})[message.pk]
    return sorted({trace.kind for trace in found_traces(study, original, paraphrase)})


def _state(quotation: Quotation) -> dict[str, Any]:
    """For the log: keys only."""
    return {
        "conversation": quotation.message.conversation_id,
        "message": quotation.message_id,
        "variable": quotation.variable,
        "category": quotation.category,
        "status": quotation.status,
    }


def _record(verb: str, quotation: Quotation, actor_id: int | None, **values: Any) -> None:
    Event.objects.record(
        f"quotation.{verb}", actor_id=actor_id, study_id=quotation.study_id, subject=quotation, **values
    )
