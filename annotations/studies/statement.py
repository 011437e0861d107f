"""The confidentiality statement: each coder accepts it before the first text; version and date are kept."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput, StaleWrite
from ..models import AcceptedStatement, Event, Study

LONGEST = 20_000


@transaction.atomic
def set_statement(study_id: int, text: str, *, version: int, actor_id: int) -> Study:
    """Another statement, which everybody accepts anew; empty: none is asked for.

    `version`: the one that was seen. Raises BadInput, or StaleWrite when somebody else changed it.
    """
    study = Study.objects.select_for_update().get(pk=study_id)
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST or "\0" in text:
        raise BadInput(_("At most %(count)d characters, please.") % {"count": LONGEST})
    if study.statement == text:
        return study
    if study.statement_version != version:
        raise StaleWrite(study.statement, study.statement_version)
    study.statement, study.statement_version = text, study.statement_version + 1
    study.save(update_fields=["statement", "statement_version"])
    Event.objects.record(
        "statement.changed",
        actor_id=actor_id,
        study_id=study.pk,
        subject=study,
        after={"version": study.statement_version},
    )
    return study


@transaction.atomic
def accept(study_id: int, *, version: int, actor_id: int) -> None:
    """A person accepts the statement as it was read. Raises StaleWrite when it is another by now."""
    study = Study.objects.select_for_update().get(pk=study_id)
    if study.statement_version != version:
        raise StaleWrite(study.statement, study.statement_version)
    _row, is_new = AcceptedStatement.objects.get_or_create(
        study=study, user_id=actor_id, version=version, defaults={"text": study.statement}
    )
    if is_new:
        Event.objects.record(
            "statement.accepted",
            actor_id=actor_id,
            study_id=study.pk,
            subject=study,
            after={"version": version},
        )
