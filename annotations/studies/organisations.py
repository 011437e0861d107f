"""The organisations of a study with their handles and the facts about their accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput, StaleWrite
from ..importing.facts.handles import Handles
from ..importing.roles.roles_follow_handles import Followed, follow_handles
from ..importing.store.recompute_facts import hold
from ..models import Event, Organisation, OrganisationHandle, Study

HANDLE = re.compile(r"[^\s@,=]{1,100}")
NAME_LENGTH = Organisation._meta.get_field("name").max_length or 0

FACTS = (
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
)
DESCRIBED: dict[str, Any] = {"biography": "", "measures": {}, "impossible_types": []}
"""Further facts, and what they are while nobody filled them in: `Organisation` says what each holds."""
MEASURES = (
    "has_social_media_rules",
    "has_employee_policy",
    "has_training",
    "has_diverse_review",
    "has_crisis_plan",
)
"""The five measures against an outcry: each is answered with a day and a source."""


@dataclass(frozen=True)
class OrganisationInput:
    """A name with its handles; the first handle is the webcare account itself."""

    name: str
    handles: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> OrganisationInput:
        """From `NAME=HANDLE[,HANDLE…]`. Raises BadInput."""
        name, equals, handles = text.partition("=")
        if not equals or not name.strip() or not split_handles(handles):
            raise BadInput(
                _("organisation “%(text)s”: write NAME=HANDLE or NAME=HANDLE,HANDLE.") % {"text": text}
            )
        return cls(name, split_handles(handles))


def split_handles(text: str) -> tuple[str, ...]:
    """Handles in a text with commas, spaces or line ends between them, without `@`."""
    return tuple(handle.removeprefix("@") for handle in re.split(r"[\s,;]+", text) if handle not in ("", "@"))


def check_organisations(organisations: Sequence[OrganisationInput]) -> list[str]:
    """What is wrong with the organisations of a study, a sentence each."""
    problems = [problem for organisation in organisations for problem in _check(organisation)]
    for name in _twice(clean_name(organisation.name) for organisation in organisations):
        problems.append(_("The organisation “%(name)s” is there twice.") % {"name": name})
    for handle in _twice(handle for organisation in organisations for handle in organisation.handles):
        problems.append(_("The handle @%(handle)s is there twice.") % {"handle": handle})
    return problems


def add_organisations(study: Study, organisations: Iterable[OrganisationInput]) -> None:
    """Stores checked organisations of a new study."""
    for given in organisations:
        organisation = Organisation.objects.create(study=study, name=clean_name(given.name))
        _write_handles(organisation, given.handles)


class Saved(NamedTuple):
    """An organisation as it is now, and what its handles changed in what was imported."""

    organisation: Organisation
    followed: Followed


@transaction.atomic
def save_organisation(
    study_id: int,
    given: OrganisationInput,
    facts: Mapping[str, Any],
    *,
    organisation_id: int | None = None,
    revision: int | None = None,
    actor_id: int | None,
) -> Saved:
    """Adds or changes an organisation; `facts` holds the fields named in FACTS, and those of DESCRIBED.

    `revision`: of the organisation that the change was based on. Roles of accounts follow the handles, where
    nobody set them by hand. Raises BadInput, and StaleWrite when somebody else changed it since.
    """
    study = hold(study_id)
    if organisation_id is None:
        organisation, before = Organisation(study=study), None
    else:
        organisation = Organisation.objects.get(pk=organisation_id, study_id=study_id)
        before = state_of(organisation)
        if organisation.revision != revision:
            raise StaleWrite(before, organisation.revision)
    _check_against_others(study_id, given, organisation_id)
    organisation.name = clean_name(given.name)
    for field in FACTS:
        setattr(organisation, field, facts[field])
    for field, nothing in DESCRIBED.items():
        setattr(organisation, field, facts.get(field) or nothing)
    handles = Handles(study)
    if before is None:
        organisation.save()
    _write_handles(organisation, given.handles)
    after = state_of(organisation)
    if before == after:
        return Saved(organisation, Followed())
    if before is not None:
        organisation.revision += 1
        organisation.save()
    Event.objects.record(
        "organisation.changed" if before else "organisation.added",
        actor_id=actor_id,
        study_id=study_id,
        subject=organisation,
        before=before,
        after=after,
    )
    return Saved(organisation, follow_handles(study, organisation, handles, actor_id=actor_id))


@transaction.atomic
def remove_organisation(study_id: int, organisation_id: int, *, actor_id: int | None) -> None:
    """Removes an organisation to which no conversation and no account belongs. Raises BadInput."""
    study = hold(study_id)
    organisation = Organisation.objects.get(pk=organisation_id, study_id=study_id)
    if organisation.conversations.exists() or organisation.accounts.exists():
        raise BadInput(
            _("Conversations or accounts belong to %(name)s: it cannot be removed.")
            % {"name": organisation.name}
        )
    before, handles = state_of(organisation), Handles(study)
    Event.objects.record(
        "organisation.removed", actor_id=actor_id, study_id=study_id, subject=organisation, before=before
    )
    organisation.handles.all().delete()
    follow_handles(study, organisation, handles, actor_id=actor_id)
    organisation.delete()


def clean_name(name: str) -> str:
    return " ".join(name.split())


def _check(given: OrganisationInput) -> list[str]:
    problems = []
    if not 1 <= len(clean_name(given.name)) <= NAME_LENGTH:
        problems.append(
            _("Give the organisation a name of 1 to %(length)d characters.") % {"length": NAME_LENGTH}
        )
    for handle in given.handles:
        if not HANDLE.fullmatch(handle):
            problems.append(
                _("“%(handle)s” is no handle: use at most 100 characters, no spaces, @, = or commas.")
                % {"handle": handle[:120]}
            )
    return problems


def _check_against_others(study_id: int, given: OrganisationInput, organisation_id: int | None) -> None:
    problems = check_organisations([given])
    others = Organisation.objects.filter(study_id=study_id)
    if organisation_id is not None:
        others = others.exclude(pk=organisation_id)
    if others.filter(name__iexact=clean_name(given.name)).exists():
        problems.append(_("The study has an organisation of this name already."))
    taken = {
        handle.lower(): name
        for handle, name in OrganisationHandle.objects.filter(organisation__in=others).values_list(
            "handle", "organisation__name"
        )
    }
    for handle in given.handles:
        if handle.lower() in taken:
            problems.append(
                _("The handle @%(handle)s belongs to %(name)s already.")
                % {"handle": handle, "name": taken[handle.lower()]}
            )
    if problems:
        raise BadInput(problems)


def _write_handles(organisation: Organisation, handles: Sequence[str]) -> None:
    organisation.handles.all().delete()
    OrganisationHandle.objects.bulk_create(
        OrganisationHandle(
            study_id=organisation.study_id, organisation=organisation, handle=handle, position=position
        )
        for position, handle in enumerate(handles)
    )


def state_of(organisation: Organisation) -> dict[str, Any]:
    """Name, handles and facts, as the log keeps them."""
    facts = {field: getattr(organisation, field) for field in (*FACTS, *DESCRIBED)}
    facts["observed_on"] = facts["observed_on"] and facts["observed_on"].isoformat()
    handles = list(organisation.handles.order_by("position").values_list("handle", flat=True))
    return {"name": organisation.name, "handles": handles, **facts}


def _twice(values: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: dict[str, str] = {}
    for value in values:
        if value.lower() in seen:
            twice.setdefault(value.lower(), value)
        seen.add(value.lower())
    return list(twice.values())
