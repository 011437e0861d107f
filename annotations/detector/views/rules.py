"""The study's own rules: what coders' work suggests, trying a rule, accepting, turning down, withdrawing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ...accounts.access import StudyRequest, for_supervisor, takes_files
from ...errors import BadInput
from ...importing.store.study_rules import as_rules, in_force, version_now
from ...models import Event, Study
from ...pii import Rule
from ...pii.rules import FIND, SILENCE
from ..proposals import proposals
from ..quotes import Quote, quoted
from ..rescan import needs_rescan
from ..rules import accept, as_file, check, read_file, turn_down, withdraw
from ..score_card import Miss, score_card
from ..shown import shown_rule, type_choices
from ..trial import trials

QUOTED = 10
LARGEST_FILE = 200_000


@require_GET
@for_supervisor
def rules(request: StudyRequest) -> HttpResponse:
    study, language = request.study, get_language()
    version = study.detector_version
    found = proposals(study, score_card(study, version), version)
    context = {
        "nav": "study",
        "tab": "detector",
        "version": version_now(study),
        "needs_rescan": needs_rescan(study) and study.conversations.exists(),
        "proposals": [(shown_rule(study, each.rule, language), each.support, each.trial) for each in found],
        "holding": [(row, shown_rule(study, _rule_of(row), language)) for row in in_force(study)],
    }
    return render(request, "annotations/detector/rules.html", context)


def _rule_of(row: object) -> Rule:
    return Rule(row.kind, row.info_type, row.word, row.shape)  # type: ignore[attr-defined]


def _asked(values: object) -> Rule:
    """The rule that a form or an address names, unchecked."""
    kind, info_type, word, shape = (
        str(values.get(name, ""))[:200]  # type: ignore[attr-defined]
        for name in ("kind", "type", "word", "shape")
    )
    return Rule(SILENCE if kind == SILENCE else FIND, info_type, word, shape)


@require_GET
@for_supervisor
def try_rule(request: StudyRequest) -> HttpResponse:
    """A rule to edit, and what it would do in this study, with the text around it."""
    study, language = request.study, get_language()
    asked = _asked(request.GET)
    context = {
        "nav": "study",
        "tab": "detector",
        "rule": asked,
        "types": type_choices(study, language),
        "new": not asked.word,
    }
    if asked.word:
        try:
            rule = check(study, asked)
        except BadInput as why:
            context["problem"] = str(why)
            return render(request, "annotations/detector/rule.html", context, status=400)
        trial = trials(study, [rule], study.detector_version)[rule]
        context |= {
            "trial": trial,
            "groups": [
                (name, len(places), _quotes(study, places, language))
                for name, places in (("right", trial.right), ("wrong", trial.wrong), ("new", trial.new))
            ],
        }
        shown = [
            miss.message_id for places in (trial.right, trial.wrong, trial.new) for miss in places[:QUOTED]
        ]
        Event.objects.record(
            "detector.quoted",
            actor_id=request.user.pk,
            study_id=study.pk,
            subject=study,
            after={"type": rule.info_type, "kind": "rule", "messages": sorted(set(shown))},
        )
    return render(request, "annotations/detector/rule.html", context)


def _quotes(study: Study, places: list[Miss], language: str) -> list[Quote]:
    return quoted(study, places[:QUOTED], study.detector_version, language)


@require_POST
@for_supervisor
def accept_rule(request: StudyRequest) -> HttpResponse:
    try:
        added = accept(request.study, [_asked(request.POST)], actor_id=request.user.pk)
    except BadInput as why:
        messages.error(request, str(why))
        return redirect("detector_rules", request.study.slug)
    if added:
        messages.success(
            request, _("The rule holds from now on; scan the study again to see what it finds in it.")
        )
    return redirect("detector_rules", request.study.slug)


@require_POST
@for_supervisor
def turn_down_rule(request: StudyRequest) -> HttpResponse:
    try:
        turn_down(request.study, _asked(request.POST), actor_id=request.user.pk)
    except BadInput as why:
        messages.error(request, str(why))
    return redirect("detector_rules", request.study.slug)


@require_POST
@for_supervisor
def withdraw_rule(request: StudyRequest, rule_id: int) -> HttpResponse:
    get_object_or_404(request.study.detector_rules, pk=rule_id)
    if withdraw(request.study, rule_id, actor_id=request.user.pk):
        messages.success(request, _("The rule is withdrawn; what it found before stays with its version."))
    return redirect("detector_rules", request.study.slug)


@require_GET
@for_supervisor
def rules_file(request: StudyRequest) -> HttpResponse:
    response = HttpResponse(
        as_file(as_rules(in_force(request.study)), version_now(request.study)),
        content_type="application/json",
    )
    name = f"{request.study.slug}_detector_rules.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@takes_files(LARGEST_FILE)
@require_POST
@takes_files(LARGEST_FILE)
@for_supervisor
def take_rules(request: StudyRequest) -> HttpResponse:
    """Accept the rules of a shared file: all of them, or none where one cannot be used."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise BadInput(_("Choose a file with rules first."))
        if (file.size or 0) > LARGEST_FILE:
            raise BadInput(_("This file is too large to hold rules."))
        added = accept(request.study, read_file(file.read()), actor_id=request.user.pk)
    except BadInput as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Rules taken from the file: %(n)s.") % {"n": len(added)})
    return redirect("detector_rules", request.study.slug)
