"""What was settled before, shown to coders beside a question."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ...accounts.access import StudyRequest, for_member
from ...codebooks.lookup import lookup
from ..cases import settled_cases


@require_safe
@for_member
def cases(request: StudyRequest, round_id: int, variable: str) -> HttpResponse:
    """Per category of a question; never of a conversation that this person still has to code."""
    round_ = request.study.rounds.filter(pk=round_id).first()
    spec = lookup(round_.codebook_version_id).spec.by_key.get(variable) if round_ else None
    if round_ is None or spec is None:
        raise Http404
    language = (get_language() or "nl")[:2]
    found = settled_cases(request.study, round_.codebook_version_id, variable, coder_id=request.user.pk)
    labels = {category.key: category.label.get(language, category.key) for category in spec.categories}
    per_category = [(labels.get(key, key), found[key]) for key in [*labels, "yes", "no"] if key in found]
    return render(request, "annotations/adjudication/cases.html", {"per_category": per_category})
