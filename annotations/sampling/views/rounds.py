"""Rounds: what there is, a new draw with its outcome shown before it counts, and moving what is untouched."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...agreement.wording import apa
from ...codebooks.language import in_language
from ...conversations.selections import asks_for
from ...errors import BadInput, StaleWrite
from ...models import Gate, Round
from ...studies.progress import round_progress
from ..assign import add_to_round, create_round, open_or_close, share_with
from ..draw import propose_seed
from ..forms import DrawForm, MoveForm, RoundForm
from ..gates import PHASES, Standing, can_be_judged, gate_of, gate_standing, open_where_reached
from ..jobs import draw_more, draw_new, is_large, standing_of, under_way
from ..plan import NEW, OUTSIDE, Outcome, Wish, make_plan, pool_sizes
from ..planned import outlook
from ..planning import needed
from ..reassign import MOVABLE, Move, give_to, plan_move, take_back
from ..rounds import advice, coders_only, draws, holders, people


@require_safe
@for_supervisor
def rounds(request: StudyRequest) -> HttpResponse:
    rows = sorted(
        round_progress(request.study.pk),
        key=lambda row: (PHASES.index(Round.Kind(row.round.kind)), row.round.created_at, row.round.pk),
    )
    waiting = list(
        Gate.objects.select_related("after__study", "round").filter(
            round__study=request.study, opened_at__isnull=True
        )
    )
    opened = {gate.round_id for gate in open_where_reached(waiting)}
    shut = {gate.round_id for gate in waiting} - opened
    for row in rows:
        row.round.is_open = row.round.is_open or row.round.pk in opened
    context = {"nav": "study", "tab": "rounds", "rows": rows, "shut": shut}
    return render(request, "annotations/sampling/rounds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def round_new(request: StudyRequest) -> HttpResponse:
    return _draw_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def round_add(request: StudyRequest, pk: int) -> HttpResponse:
    return _draw_page(request, get_round(request, pk))


@require_safe
@for_supervisor
def round_page(request: StudyRequest, pk: int) -> HttpResponse:
    of_round = get_round(request, pk)
    return _show(request, of_round, _move_form(request, of_round))


@require_safe
@for_supervisor
def round_drawing(request: StudyRequest, pk: int) -> HttpResponse:
    """The part of the page about a draw under way; when it has ended, the whole page is loaded again."""
    of_round = get_round(request, pk)
    context = {"round": of_round} | _drawing(of_round)
    response = render(request, "annotations/sampling/drawing.html", context)
    if context["drawing"] is None or context["drawing"].problem:
        response["HX-Refresh"] = "true"
    return response


def _drawing(of_round: Round) -> dict[str, Any]:
    row = under_way(of_round.pk)
    return {"drawing": row, "standing": standing_of(row) if row else None}


@require_POST
@for_supervisor
def round_move(request: StudyRequest, pk: int) -> HttpResponse:
    """Shows what would move; with `expected` for exactly that, it moves."""
    of_round = get_round(request, pk)
    form = _move_form(request, of_round, request.POST)
    if not form.is_valid():
        return _show(request, of_round, form, status=422)
    values, actor = form.cleaned_data, request.user.pk
    is_given = values["action"] == MoveForm.GIVE
    to = values["to"] if is_given else None
    wanted = {"number": values["number"], "begun": values["begun"]}
    expected = values["expected"]
    try:
        if not expected:
            move = plan_move(of_round.pk, values["coder"], to=to, **wanted)
            return _show(request, of_round, form, move=move)
        if to is not None:
            moved = give_to(of_round.pk, values["coder"], to, **wanted, expected=expected, actor_id=actor)
        else:
            moved = take_back(of_round.pk, values["coder"], **wanted, expected=expected, actor_id=actor)
    except StaleWrite as stale:
        return _show(request, of_round, form, move=stale.current, is_stale=True, status=409)
    except BadInput as refusal:
        for problem in refusal.problems:
            form.add_error(None, problem)
        return _show(request, of_round, form, status=422)
    sentence = (
        ngettext("%(n)d conversation was moved.", "%(n)d conversations were moved.", moved)
        if is_given
        else ngettext("%(n)d conversation was taken back.", "%(n)d conversations were taken back.", moved)
    )
    messages.success(request, sentence % {"n": moved})
    return redirect("round", request.study.slug, of_round.pk)


@require_POST
@for_supervisor
def round_share(request: StudyRequest, pk: int) -> HttpResponse:
    of_round = get_round(request, pk)
    coder = request.POST.get("coder", "")
    try:
        if not (coder.isascii() and coder.isdigit() and len(coder) < 19):
            raise BadInput(_("Choose a coder."))
        given = share_with(of_round.pk, int(coder), actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        sentence = ngettext("%(n)d conversation was added.", "%(n)d conversations were added.", given)
        messages.success(request, sentence % {"n": given})
    return redirect("round", request.study.slug, of_round.pk)


@require_POST
@for_supervisor
def round_state(request: StudyRequest, pk: int) -> HttpResponse:
    of_round = get_round(request, pk)
    is_open = request.POST.get("state") == "open"
    try:
        open_or_close(of_round.pk, is_open, actor_id=request.user.pk)
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The round is open.") if is_open else _("The round is closed."))
    return redirect("round", request.study.slug, of_round.pk)


def get_round(request: StudyRequest, pk: int) -> Round:
    rounds = Round.objects.select_related("codebook_version", "study")
    return get_object_or_404(rounds, pk=pk, study=request.study)


def _draw_page(request: StudyRequest, of_round: Round | None) -> HttpResponse:
    """The form; with a valid wish its outcome; with `confirm` for exactly that outcome, the round itself."""
    form = _draw_form(request, of_round)
    if request.method != "POST":
        return _draw_answer(request, of_round, form)
    if not form.is_valid():
        return _draw_answer(request, of_round, form, status=422)
    try:
        confirmed = request.POST.get("action") == "confirm"
        if confirmed and form.cleaned_data["previewed"] == form.digest():
            return _write(request, of_round, form)
        outcome = make_plan(request.study.pk, form.wish(), round_id=of_round.pk if of_round else None)
        notice = _("You changed something: look at the new outcome and confirm again.") if confirmed else ""
        return _draw_answer(request, of_round, form, outcome=outcome, notice=notice)
    except StaleWrite as stale:
        notice = _(
            "Conversations came in or were assigned meanwhile: look at the new outcome and confirm again."
        )
        return _draw_answer(request, of_round, form, outcome=stale.current, notice=notice, status=409)
    except BadInput as refusal:
        for problem in refusal.problems:
            form.add_error(None, problem)
        return _draw_answer(request, of_round, form, status=422)


def _write(request: StudyRequest, of_round: Round | None, form: DrawForm) -> HttpResponse:
    wish, fingerprint, actor = form.wish(), form.cleaned_data["fingerprint"], request.user.pk
    if is_large(request.study.pk, of_round.pk if of_round else None, wish):
        return _write_later(request, of_round, form, wish)
    if of_round is None:
        of_round = create_round(
            request.study.pk,
            wish,
            name=form.cleaned_data["name"],
            kind=form.cleaned_data["kind"],
            actor_id=actor,
            fingerprint=fingerprint,
        )
    else:
        add_to_round(of_round.pk, wish, actor_id=actor, fingerprint=fingerprint)
    messages.success(request, _("The conversations are assigned; the coders find them in their queue."))
    return redirect("round", request.study.slug, of_round.pk)


def _write_later(request: StudyRequest, of_round: Round | None, form: DrawForm, wish: Wish) -> HttpResponse:
    fingerprint, actor = form.cleaned_data["fingerprint"], request.user.pk
    if of_round is None:
        name, kind = form.cleaned_data["name"], form.cleaned_data["kind"]
        of_round = draw_new(
            request.study.pk, wish, name=name, kind=kind, actor_id=actor, fingerprint=fingerprint
        )
    else:
        draw_more(of_round.pk, wish, actor_id=actor, fingerprint=fingerprint)
    return redirect("round", request.study.slug, of_round.pk)


def _draw_form(request: StudyRequest, of_round: Round | None) -> DrawForm:
    kind = RoundForm if of_round is None else DrawForm
    scope = OUTSIDE if request.POST.get("scope") == OUTSIDE else NEW
    selections = list(request.study.selections.all())
    chosen = (request.POST if request.method == "POST" else request.GET).get("selection")
    selection = next((selection for selection in selections if str(selection.pk) == chosen), None)
    members = people(request.study.pk)
    form = kind(
        request.POST or None,
        initial={"seed": propose_seed()},
        pool=pool_sizes(request.study.pk, of_round.pk if of_round else None, scope, selection),
        coders=members,
        selections=selections,
        chosen=selection,
        organisations=list(request.study.organisations.order_by("name").values_list("name", flat=True)),
    )
    form.fields["coders"].initial = coders = coders_only(request.study.pk)
    advised = advice(form.left)
    form.fields["shared"].initial = advised.percent if advised and len(coders) > 1 else 0
    if of_round is None and "name" not in form.data:
        form.fields["name"].initial = _("Round %(number)d") % {"number": request.study.rounds.count() + 1}
    return form


def _draw_answer(
    request: StudyRequest,
    of_round: Round | None,
    form: DrawForm,
    *,
    outcome: Outcome | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    names = dict(people(request.study.pk))
    context: dict[str, Any] = {"nav": "study", "tab": "rounds", "round": of_round, "form": form}
    withheld = round(100 * request.study.withheld_share)
    context |= {"notice": notice, "outcome": outcome, "withheld_percent": withheld}
    selection = outcome.selection if outcome else form.chosen
    context |= {
        "advice": advice(outcome.drawn if outcome else form.left),
        "needed": needed(form.left),
        "selection": selection,
        "asked": asks_for(selection) if selection else [],
    }
    if outcome is not None:
        shown = request.POST.copy()
        shown["previewed"], shown["fingerprint"] = form.digest(), outcome.fingerprint
        form.data = shown
        context |= _outcome_table(outcome, names)
    return render(request, "annotations/sampling/round_draw.html", context, status=status)


def _outcome_table(outcome: Outcome, names: dict[int, str]) -> dict[str, Any]:
    """Rows of coders by columns of organisations, with totals of conversations (a shared one counts once)."""
    columns = sorted(
        {outcome.organisation_of[conversation] for conversation in outcome.plan.conversations},
        key=lambda name: (name == "", name),
    )
    rows = [
        (names.get(coder, ""), [counts.get(column, 0) for column in columns], shared, sum(counts.values()))
        for coder, counts, shared in outcome.table()
    ]
    drawn = dict.fromkeys(columns, 0)
    for conversation in outcome.plan.conversations:
        drawn[outcome.organisation_of[conversation]] += 1
    return {
        "columns": columns,
        "table": sorted(rows, key=lambda row: row[0].lower()),
        "drawn": list(drawn.values()),
        "one_sided": [names.get(coder, "") for coder in outcome.one_sided],
    }


def gate_rows(
    gate: Gate, standing: Standing | None, labels: dict[str, str]
) -> list[tuple[str, str, float | None, bool]]:
    """(label, threshold, figure, reached) of each variable that counts: now, or when the gate opened."""
    figures = {row.variable: row.figure for row in standing.rows} if standing else gate.reached
    found = [(key, threshold, figures.get(key)) for key, threshold in gate.thresholds.items()]
    return [
        (
            labels.get(key, key),
            apa(threshold, 2 if round(threshold, 2) == threshold else 3),
            figure,
            figure is not None and figure >= threshold,
        )
        for key, threshold, figure in found
    ]


def _move_form(request: StudyRequest, of_round: Round, data: Any = None) -> MoveForm:
    """Filled in by what the address proposes, where it does."""
    having = [(row.coder_id, row.name) for row in holders(of_round)]
    proposed = {name: request.GET.get(name) for name in ("coder", "to", "number")}
    return MoveForm(data, holders=having, coders=people(request.study.pk), initial=proposed)


def _show(
    request: StudyRequest,
    of_round: Round,
    form: MoveForm,
    *,
    move: Move | None = None,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    having = holders(of_round)
    missing = {row.coder_id for row in having if row.lacks and row.is_active}
    shared = of_round.assignments.filter(is_shared=True).exists()
    others = [
        (pk, name) for pk, name in people(request.study.pk) if pk not in {row.coder_id for row in having}
    ]
    lacking = [(row.coder_id, row.name) for row in having if row.coder_id in missing] + others
    context = {
        "nav": "study",
        "tab": "rounds",
        "round": of_round,
        "holders": having,
        "draws": draws(of_round),
        "form": form,
        "move": move,
        "is_stale": is_stale,
        "can_move": of_round.kind in MOVABLE,
        "lacking": lacking if shared else [],
        "outlook": outlook(of_round),
    } | _drawing(of_round)
    gate = gate_of(of_round)
    if gate is not None:
        if not gate.opened_at and open_where_reached([gate]):
            gate.refresh_from_db()
            of_round.is_open = True
        labels = {
            variable.key: in_language(variable.label, get_language() or "nl")
            for variable in can_be_judged(gate.after)
        }
        standing = None if gate.opened_at else gate_standing(gate)
        context |= {"gate": gate, "standing": standing, "gate_rows": gate_rows(gate, standing, labels)}
    return render(request, "annotations/sampling/round.html", context, status=status)
