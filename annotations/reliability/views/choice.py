"""Which round, coders and organisation an address asks for, and the filters that a page shows."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from ...accounts.access import StudyRequest
from ...codebooks.language import in_language
from ...codebooks.lookup import lookup
from ...errors import BadInput
from ...models import Round, Study
from ..data import ReportScope
from ..rounds import round_for_report, rounds_with_agreement


def chosen(request: StudyRequest) -> tuple[Round | None, ReportScope]:
    """The round and the choice of coders and organisation that the address asks for."""
    sent = request.GET.get("round", "")
    try:
        if sent:
            round_ = get_object_or_404(
                rounds_with_agreement(request.study).select_related("study"), pk=_id(sent) or 0
            )
        else:
            round_ = round_for_report(request.study, None)
    except BadInput:
        return None, ReportScope()
    coders = frozenset(pk for sent in request.GET.getlist("coder") if (pk := _id(sent)) is not None)
    organisation = _id(request.GET.get("organisation", ""))
    if organisation is not None and not request.study.organisations.filter(pk=organisation).exists():
        raise Http404
    if coders - set(request.study.memberships.filter(user__in=coders).values_list("user_id", flat=True)):
        raise Http404
    return round_, ReportScope(coders, organisation)


def filters(request: StudyRequest, round_: Round | None, selection: ReportScope) -> dict[str, Any]:
    study: Study = request.study
    spec = lookup((round_ or study).codebook_version_id).spec
    language = get_language() or "nl"
    on = (round_ or study).modules
    kept = request.GET.copy()
    for name in ("cell", "one", "other", "row", "column", "side", "page", "sort", "module", "open"):
        kept.pop(name, None)
    return {
        "nav": "reliability",
        "codebook_version": spec.version,
        "round": round_,
        "rounds": list(rounds_with_agreement(study)),
        "organisations": list(study.organisations.all()),
        "people": list(study.memberships.filter(role="coder")),
        "selection": selection,
        "modules": [(m.key, in_language(m.label, language)) for m in spec.modules if m.key in on],
        "module": request.GET.get("module", ""),
        "kept": kept.urlencode(),
    }


def _id(written: str) -> int | None:
    """A number of an address, or None; one that no database could hold is none either."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None
