"""Closing a study, putting it away, and opening it again; and its set-up as the start of another."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import Event, Gate, Membership, Organisation, OrganisationHandle, Round, Study
from .create import check_names

State = Study.State
OWN = (
    "description",
    "language",
    "privacy",
    "codebook_version",
    "modules",
    "new_user_days",
    "many_data_threshold",
    "withheld_share",
    "least_confidence",
    "needs_second_factor",
    "statement",
)
FACTS = (
    "name",
    "sector",
    "account_purpose",
    "bio_no_personal_data",
    "bio_dm_possible",
    "has_social_media_rules",
    "has_employee_policy",
    "has_training",
    "has_diverse_review",
    "has_crisis_plan",
    "monitoring_24h",
    "observed_on",
    "biography",
    "measures",
    "impossible_types",
)


@transaction.atomic
def set_state(study_id: int, state: str, *, actor_id: int) -> None:
    """In a study that is closed or put away everything can be read and exported, and nothing changes."""
    if state not in State.values:
        raise BadInput(_("Choose what happens with the study."))
    study = Study.objects.select_for_update().get(pk=study_id)
    if study.state == state:
        return
    before, study.state = study.state, state
    study.save(update_fields=["state"])
    Event.objects.record(
        "study.state",
        actor_id=actor_id,
        study_id=study.pk,
        subject=study,
        before={"study_state": before},
        after={"study_state": state},
    )


@transaction.atomic
def copy_set_up(study_id: int, *, slug: str, name: str, actor_id: int) -> Study:
    """A study with the same organisations, codebook, rounds, gates and settings, and nothing that is data.

    Rounds are made without conversations; whoever copies supervises it. Raises BadInput.
    """
    source = Study.objects.get(pk=study_id)
    name = " ".join(name.split())
    problems = check_names(slug, name, source.language)
    if problems:
        raise BadInput(problems)
    study = Study.objects.create(
        slug=slug,
        name=name,
        created_by_id=actor_id,
        statement_version=1 if source.statement else 0,
        **{field: getattr(source, field) for field in OWN},
    )
    Membership.objects.create(study=study, user_id=actor_id, role=Membership.Role.SUPERVISOR, pseudonym="S1")
    for organisation in source.organisations.all():
        facts = {field: getattr(organisation, field) for field in FACTS}
        own = Organisation.objects.create(study=study, **facts)
        OrganisationHandle.objects.bulk_create(
            OrganisationHandle(study=study, organisation=own, handle=row.handle, position=row.position)
            for row in organisation.handles.all()
        )
    _copy_rounds(source, study, actor_id)
    Event.objects.record(
        "study.copied",
        actor_id=actor_id,
        study_id=study.pk,
        subject=study,
        after={"slug": slug, "name": name},
    )
    return study


def _copy_rounds(source: Study, study: Study, actor_id: int) -> None:
    """Rounds by name and kind with the study's own codebook version; their gates between them."""
    planned = source.rounds.filter(woven_into__isnull=True, recodes__isnull=True).exclude(
        kind=Round.Kind.TRAINING
    )
    made = {
        row.pk: Round.objects.create(
            study=study,
            name=row.name,
            kind=row.kind,
            codebook_version=study.codebook_version,
            modules=study.modules,
            seed=row.seed,
            per_week=row.per_week,
        )
        for row in planned.order_by("created_at", "id")
    }
    for gate in Gate.objects.filter(round__in=made, after__in=made):
        Gate.objects.create(
            round=made[gate.round_id],
            after=made[gate.after_id],
            bound=gate.bound,
            thresholds=gate.thresholds,
            chosen_by_id=actor_id,
        )
        Round.objects.filter(pk=made[gate.round_id].pk).update(is_open=False)
