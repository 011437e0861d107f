"""Gates between rounds: what a round waits for, whether it is reached, and how it opens. Writes Gate.

What counts and how high is chosen before the round is coded in. A gate is judged when everything that two or
more coders share in the earlier round is finished: a figure of half a sample could be reached by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..errors import BadInput, StaleWrite
from ..models import AgreementReport, Coding, Event, Gate, Round
from ..reliability.data import ReportScope
from ..reliability.stored import REPORTS, report_for
from .assign import lock_round

PHASES = list(Round.Kind)
"""Kinds of rounds in the order in which a study goes through them."""
USUAL = 0.8
MOST_REASON = 2000


@dataclass(frozen=True)
class Reached:
    """A variable at the gate. `figure`: what it is judged by, None where undefined or not known yet."""

    variable: str
    threshold: float
    figure: float | None

    @property
    def is_reached(self) -> bool:
        return self.figure is not None and self.figure >= self.threshold


@dataclass(frozen=True)
class Standing:
    """`left`: codings that are still to be finished in the earlier round. `rows`: empty while counting."""

    gate: Gate
    left: int
    rows: list[Reached]

    @property
    def short(self) -> list[Reached]:
        return [row for row in self.rows if not row.is_reached]

    @property
    def is_reached(self) -> bool:
        return not self.left and bool(self.rows) and not self.short


def gate_of(round_: Round) -> Gate | None:
    return Gate.objects.select_related("after__study", "round", "opened_by").filter(round=round_).first()


def can_be_judged(round_: Round) -> list[VariableSpec]:
    """The variables of which a round's report gives an alpha."""
    variables = lookup(round_.codebook_version_id).spec.variables
    return [variable for variable in variables if variable.reliability and variable.module in round_.modules]


def earlier_rounds(round_: Round) -> list[Round]:
    """Rounds on whose agreement this one may wait, the latest first."""
    place = PHASES.index(Round.Kind(round_.kind))
    kinds = [kind for kind in PHASES[: place + 1] if kind != Round.Kind.TRAINING]
    others = round_.study.rounds.filter(kind__in=kinds).exclude(pk=round_.pk)
    return list(others.order_by("-created_at", "-id"))


@transaction.atomic
def set_gate(
    round_id: int,
    *,
    after_id: int | None,
    bound: str,
    thresholds: Mapping[str, float],
    revision: int,
    actor_id: int,
) -> Gate | None:
    """Let a round wait for another one, or for none (`after_id` None), as long as nobody coded in it.

    Raises BadInput, or StaleWrite when somebody changed it meanwhile.
    """
    round_, study = lock_round(round_id, must_be_open=False)
    known = Gate.objects.select_for_update().filter(round=round_).first()
    if (known.revision if known else 0) != revision:
        raise StaleWrite(None, known.revision if known else 0)
    before = _state(known)
    if known and known.opened_at:
        raise BadInput(_("This gate has opened: what it asked for stays as it was."))
    if Coding.objects.filter(assignment__round=round_).exists():
        raise BadInput(_("Coding has begun in this round: what it waits for was to be chosen before."))
    if after_id is None:
        if known:
            known.delete()
            Round.objects.filter(pk=round_.pk).update(is_open=True)
            Event.objects.record(
                "gate.removed", actor_id=actor_id, study_id=study.pk, subject=round_, before=before
            )
        return None
    after = next((other for other in earlier_rounds(round_) if other.pk == after_id), None)
    if after is None:
        raise BadInput(_("Choose an earlier round to wait for."))
    chosen = _checked(after, thresholds)
    if bound not in Gate.Bound.values:
        raise BadInput(_("Choose what is held against the threshold."))
    gate = known or Gate(round=round_)
    gate.after, gate.bound, gate.thresholds = after, bound, chosen
    gate.chosen_by_id, gate.chosen_at, gate.revision = actor_id, timezone.now(), revision + 1
    gate.save()
    Round.objects.filter(pk=round_.pk).update(is_open=False)
    Event.objects.record(
        "gate.set", actor_id=actor_id, study_id=study.pk, subject=round_, before=before, after=_state(gate)
    )
    return gate


def _checked(after: Round, thresholds: Mapping[str, float]) -> dict[str, float]:
    known = {variable.key for variable in can_be_judged(after)}
    if not thresholds:
        raise BadInput(_("Choose at least one variable that counts."))
    if set(thresholds) - known:
        raise BadInput(_("The round that is waited for does not ask one of these variables."))
    if any(not 0 < value <= 1 for value in thresholds.values()):
        raise BadInput(_("A threshold lies above 0 and is 1 at most, such as 0.80."))
    return dict(thresholds)


def gate_standing(gate: Gate) -> Standing:
    """How far a gate is; the figures are those of the report of the earlier round."""
    left = _left(gate.after)
    report = report_for(gate.after, ReportScope())
    is_done = report.state == AgreementReport.State.DONE
    figures = {each["key"]: each for each in report.result} if is_done else {}
    rows = [
        Reached(key, threshold, _figure(figures.get(key), gate.bound))
        for key, threshold in gate.thresholds.items()
        if figures
    ]
    return Standing(gate, left, rows)


def _figure(figures: Mapping[str, object] | None, bound: str) -> float | None:
    if figures is None:
        return None
    if bound == Gate.Bound.POINT:
        value = figures.get("alpha")
    else:
        interval = figures.get("alpha_ci")
        value = interval[0] if isinstance(interval, list | tuple) else None
    return float(value) if isinstance(value, int | float) else None


def _left(round_: Round) -> int:
    """Codings of shared conversations that are not finished; 1 where nothing is shared at all."""
    shared = round_.assignments.filter(is_shared=True)
    if not shared.exists():
        return 1
    return shared.exclude(coding__state=Coding.State.FINISHED).count()


def open_where_reached(gates: Iterable[Gate]) -> list[Gate]:
    """Opens the gates that are reached by now; gives those."""
    opened = []
    for gate in gates:
        standing = gate_standing(gate)
        if standing.is_reached and _open(gate, standing, actor_id=None, reason=""):
            opened.append(gate)
    return opened


@transaction.atomic
def open_with_reason(round_id: int, *, reason: str, actor_id: int) -> None:
    """Opens a gate that is not reached; the reason goes into log and methods text. Raises BadInput."""
    reason = reason.strip()
    if not 10 <= len(reason) <= MOST_REASON:
        raise BadInput(
            _("Write why the round opens below its threshold, in 10 characters or more: readers will ask.")
        )
    round_, _study = lock_round(round_id, must_be_open=False)
    gate = gate_of(round_)
    if gate is None or gate.opened_at:
        raise BadInput(_("This round does not wait for anything."))
    _open(gate, gate_standing(gate), actor_id=actor_id, reason=reason)


@transaction.atomic
def _open(gate: Gate, standing: Standing, *, actor_id: int | None, reason: str) -> bool:
    reached = {row.variable: row.figure for row in standing.rows}
    shut = Gate.objects.filter(pk=gate.pk, opened_at__isnull=True)
    if not shut.update(opened_at=timezone.now(), opened_by=actor_id, reason=reason, reached=reached):
        return False
    Round.objects.filter(pk=gate.round_id).update(is_open=True)
    Event.objects.record(
        "gate.opened_with_reason" if reason else "gate.opened",
        actor_id=actor_id,
        study_id=gate.round.study_id,
        subject=gate.round,
        after={"reason": reason} if reason else {},
    )
    return True


def look_after(round_id: int) -> None:
    """A coder finished something: where nothing shared is left, the gates that wait are judged later."""
    waiting = Gate.objects.filter(after_id=round_id, opened_at__isnull=True)
    if waiting.exists() and not _left(Round.objects.get(pk=round_id)):
        transaction.on_commit(lambda: judge.enqueue(round_id))


@task()
def judge(round_id: int) -> None:
    gates = list(
        Gate.objects.select_related("after__study", "round").filter(after_id=round_id, opened_at__isnull=True)
    )
    if not gates:
        return
    report = report_for(gates[0].after, ReportScope())
    if report.state != AgreementReport.State.DONE:
        REPORTS.do_now(report)
    open_where_reached(gates)


def _state(gate: Gate | None) -> dict[str, object] | None:
    if gate is None:
        return None
    asked = [f"{key} {threshold:g}" for key, threshold in sorted(gate.thresholds.items())]
    return {"after": gate.after.name, "bound": gate.bound, "thresholds": asked}
