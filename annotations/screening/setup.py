"""Sets a screening up, changes it while it is a draft, and starts it. From then on it is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..conversations.selections import find_selection
from ..errors import BadInput, StaleWrite
from ..models import (
    Event,
    Membership,
    Organisation,
    Screening,
    ScreeningAnswer,
    ScreeningScreener,
    ScreeningTrack,
    Study,
    Variable,
)
from ..sampling.draw import SEED_LIMIT
from .frame import FRAMES
from .reasons import problem_of, read_reasons, reasons_for

Design, Stop = Screening.Design, ScreeningTrack.Stop
MOST = 1_000_000


@dataclass(frozen=True)
class StopRule:
    """When the search at one organisation ends: `target` of a number, `until` of a date."""

    organisation: int
    rule: str = Stop.FOUND
    target: int | None = 50
    until: date | None = None


@dataclass(frozen=True)
class Plan:
    """What a supervisor asks for. `screeners`: keys of users. `selection`: a key, of that design only.

    `reasons`: for a no, the usual one first, as keys or in words; none: those that go with the variable.
    """

    name: str
    variable: str
    starts_on: date
    stops: Sequence[StopRule]
    screeners: Sequence[int]
    design: str = Design.STRICT
    selection: int | None = None
    elusion_size: int = 0
    double_percent: Decimal = Decimal(0)
    seed: int = 0
    reasons: Sequence[str] = ()


def sought_variables(study: Study) -> list[Variable]:
    """What may be looked for: questions about a message with the answers yes, no and cannot tell."""
    rows = study.codebook_version.variables.filter(
        level=Variable.Level.MESSAGE, kind=Variable.Kind.SINGLE, module__in=study.modules
    ).prefetch_related("categories")
    answers = set(ScreeningAnswer.values)
    return [row for row in rows if {category.key for category in row.categories.all()} == answers]


@transaction.atomic
def make_screening(study_id: int, plan: Plan, *, actor_id: int | None) -> Screening:
    """A draft. Raises BadInput."""
    study = Study.objects.select_for_update().get(pk=study_id)
    variable, selection = _check(study, plan, None)
    screening = Screening(study=study, created_by_id=actor_id)
    _fill(screening, plan, study, variable, selection)
    _record("created", screening, actor_id)
    return screening


@transaction.atomic
def change_screening(screening_id: int, plan: Plan, *, revision: int, actor_id: int | None) -> Screening:
    """Another plan for a draft. Raises BadInput, also when it has started, and StaleWrite."""
    screening = _draft(screening_id)
    if screening.revision != revision:
        raise StaleWrite(screening, screening.revision)
    study = Study.objects.select_for_update().get(pk=screening.study_id)
    variable, selection = _check(study, plan, screening.pk)
    before = as_logged(screening)
    ScreeningTrack.objects.filter(screening=screening).delete()
    ScreeningScreener.objects.filter(screening=screening).delete()
    screening.revision += 1
    _fill(screening, plan, study, variable, selection)
    _record("changed", screening, actor_id, before=before)
    return screening


@transaction.atomic
def discard(screening_id: int, *, actor_id: int | None) -> None:
    """Throw a draft away; nobody screened in it. Raises BadInput once it has started."""
    screening = _draft(screening_id)
    _record("discarded", screening, actor_id)
    ScreeningTrack.objects.filter(screening=screening).delete()
    ScreeningScreener.objects.filter(screening=screening).delete()
    Screening.objects.filter(pk=screening.pk).delete()


@transaction.atomic
def start(screening_id: int, *, actor_id: int | None) -> Screening:
    """Freeze the plan and have the frames made. Raises BadInput when it has started already."""
    screening = _draft(screening_id)
    screening.state, screening.started_at = Screening.State.OPEN, timezone.now()
    screening.detector_version = screening.study.detector_version
    screening.save(update_fields=["state", "started_at", "detector_version"])
    _record("started", screening, actor_id)
    for track in screening.tracks.all():
        FRAMES.ask(track)
    return screening


def as_logged(screening: Screening) -> dict[str, Any]:
    """The plan as the log keeps it: keys and numbers; not the filters, which may be personal."""
    tracks = screening.tracks.select_related("organisation").order_by("id")
    return {
        "name": screening.name,
        "variable": screening.variable.key,
        "codebook_version": screening.codebook_version_id,
        "starts_on": screening.starts_on.isoformat(),
        "design": screening.design,
        "elusion_size": screening.elusion_size,
        "double_share": float(screening.double_share),
        "seed": screening.seed,
        "reasons": screening.reasons,
        "screeners": sorted(screening.screeners.values_list("user_id", flat=True)),
        "stops": [
            {
                "organisation": track.organisation.name,
                "rule": track.stop_rule,
                "target": track.target,
                "until": track.until and track.until.isoformat(),
            }
            for track in tracks
        ],
    }


def _draft(screening_id: int) -> Screening:
    screening = Screening.objects.select_for_update(of=("self",)).select_related("study").get(pk=screening_id)
    if screening.state != Screening.State.DRAFT:
        raise BadInput(_("This screening has started; its plan is frozen. Set up another one."))
    return screening


def _fill(screening: Screening, plan: Plan, study: Study, variable: Variable, selection: Any) -> None:
    screening.name = " ".join(plan.name.split())
    screening.codebook_version_id = study.codebook_version_id
    screening.variable = variable
    screening.reasons = read_reasons(plan.reasons) or reasons_for(variable.key)
    screening.starts_on, screening.design = plan.starts_on, plan.design
    screening.filters = selection.filters if selection else {}
    screening.selection_name = selection.name if selection else ""
    screening.elusion_size = plan.elusion_size if plan.design == Design.DETECTOR else 0
    screening.double_share = plan.double_percent / 100 if len(plan.screeners) > 1 else Decimal(0)
    screening.seed = plan.seed
    screening.save()
    for user_id in sorted(set(plan.screeners)):
        ScreeningScreener.objects.create(screening=screening, user_id=user_id)
    for stop in plan.stops:
        ScreeningTrack.objects.create(
            screening=screening,
            organisation_id=stop.organisation,
            stop_rule=stop.rule,
            target=None if stop.rule == Stop.DATE else stop.target,
            until=stop.until if stop.rule == Stop.DATE else None,
            state=ScreeningTrack.State.CANCELLED,  # as a job: not asked for before the start
        )


def _check(study: Study, plan: Plan, screening_id: int | None) -> tuple[Variable, Any]:
    problems = _check_name(study, plan.name, screening_id)
    variable = next((row for row in sought_variables(study) if row.key == plan.variable), None)
    if variable is None:
        problems.append(_("Choose what is looked for."))
    problems += [*_check_people(study, plan), *_check_stops(study, plan)]
    if (reasons := read_reasons(plan.reasons)) and (problem := problem_of(reasons)):
        problems.append(problem)
    if plan.design not in Design.values:
        problems.append(_("Choose which messages are screened."))
    if not 0 <= plan.elusion_size <= MOST:
        problems.append(_("The sample without candidates has 0 to 1,000,000 messages."))
    if not 0 <= plan.double_percent <= 100:
        problems.append(_("The share that two people screen lies between 0 and 100 percent."))
    elif plan.double_percent and len(set(plan.screeners)) < 2:
        problems.append(_("Two people are needed to screen a share twice."))
    if not 0 <= plan.seed < SEED_LIMIT:
        problems.append(_("The seed is a whole number from 0 to 9,223,372,036,854,775,807."))
    selection = None
    if plan.design == Design.SELECTION:
        if plan.selection is None:
            problems.append(_("Choose a saved selection."))
        else:
            selection = find_selection(study.pk, plan.selection)
    if problems or variable is None:
        raise BadInput(problems)
    return variable, selection


def _check_name(study: Study, name: str, screening_id: int | None) -> list[str]:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        return [_("Give the screening a name of 1 to 80 characters.")]
    others = Screening.objects.filter(study=study, name__iexact=name)
    if screening_id is not None:
        others = others.exclude(pk=screening_id)
    if others.exists():
        return [_("There is a screening of this name already. Choose another name.")]
    return []


def _check_people(study: Study, plan: Plan) -> list[str]:
    people = set(plan.screeners)
    if not people:
        return [_("Choose at least one person who screens.")]
    members = Membership.objects.filter(study=study, user_id__in=people, is_active=True).count()
    if members != len(people):
        return [_("A chosen person is not an active member of this study. Choose again.")]
    return []


def _check_stops(study: Study, plan: Plan) -> list[str]:
    if not plan.stops:
        return [_("Choose at least one organisation.")]
    names = dict(Organisation.objects.filter(study=study).values_list("pk", "name"))
    chosen = [stop.organisation for stop in plan.stops]
    if len(set(chosen)) != len(chosen) or not set(chosen) <= set(names):
        return [_("A chosen organisation is not in this study. Choose again.")]
    problems = []
    for stop in plan.stops:
        name = names[stop.organisation]
        if stop.rule not in Stop.values:
            problems.append(_("%(name)s: choose when the search ends.") % {"name": name})
        elif stop.rule == Stop.DATE:
            if stop.until is None or stop.until > plan.starts_on:
                problems.append(
                    _("%(name)s: the last day is one before the first, as the search goes back.")
                    % {"name": name}
                )
        elif stop.target is None or not 1 <= stop.target <= MOST:
            problems.append(_("%(name)s: give a number from 1 to 1,000,000.") % {"name": name})
    return problems


def _record(
    verb: str, screening: Screening, actor_id: int | None, *, before: dict[str, Any] | None = None
) -> None:
    Event.objects.record(
        f"screening.{verb}",
        actor_id=actor_id,
        study_id=screening.study_id,
        subject=screening,
        before=before,
        after=as_logged(screening),
    )
