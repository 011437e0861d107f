"""How agreement develops: by round, in the course of a round, and of each coder with themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...agreement.wording import apa
from ...codebooks.language import in_language
from ...codebooks.lookup import lookup
from ..figures import course_figure
from ..over_time import Figure, by_part, by_round, parts_of, with_themselves
from ..shown import line
from ..stored import is_large
from .choice import chosen, filters


@require_safe
@for_supervisor
def reliability_time(request: StudyRequest) -> HttpResponse:
    round_, selection = chosen(request)
    context = filters(request, round_, selection)
    if round_ is None:
        return render(request, "annotations/reliability/time.html", context)
    language = get_language() or "nl"
    parts = parts_of(round_, selection)
    rounds, alphas = by_round(request.study)
    labels = {
        v.key: in_language(v.label, language) for v in lookup(round_.codebook_version_id).spec.variables
    }
    for each in rounds:
        for variable in lookup(each.codebook_version_id).spec.variables:
            labels.setdefault(variable.key, in_language(variable.label, language))
    module = context["module"]
    if not module and context["modules"] and is_large(round_):
        module = context["module"] = context["modules"][0][0]
    in_parts = list(by_part(round_, selection, parts, module)) if parts else []
    context |= {
        "parts": parts,
        "part_rows": [
            (variable.key, in_language(variable.label, language), *_shown(figures))
            for variable, figures in in_parts
        ],
        "part_course": course_figure(
            _("In the course of %(name)s") % {"name": round_.name},
            [_("Part %(n)s") % {"n": number} for number in range(1, len(parts) + 1)],
            [(in_language(variable.label, language), figures) for variable, figures in in_parts],
            language,
        ),
        "round_course": course_figure(
            _("By round"),
            [each.name for each in rounds],
            [(labels[key], figures) for key, figures in alphas.items()],
            language,
        ),
        "compared": rounds,
        "round_rows": [(key, labels[key], *_shown(figures)) for key, figures in alphas.items()],
        "themselves": [
            (each, in_language(each.variable.label, language), apa(each.result.alpha), _percent(each.result))
            for each in with_themselves(request.study)
        ],
    }
    return render(request, "annotations/reliability/time.html", context)


def _shown(figures: Sequence[Figure | None]) -> tuple[list[tuple[str, int | None]], str]:
    """Alphas with their units as written, and the points of their line."""
    written: list[tuple[str, int | None]] = [
        (apa(each.alpha), each.units) if each else ("", None) for each in figures
    ]
    return written, line([each.alpha if each else None for each in figures])


def _percent(result: Any) -> str:
    share = result.percent_agreement
    return "–" if share is None else f"{100 * share:.0f} %"
