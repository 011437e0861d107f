"""Settled cases to be looked at again after a definition changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.language import in_language
from ...codebooks.lookup import lookup
from ...errors import BadInput
from ...finals.wording import settlement_label
from ..cases import check_case, open_cases


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def cases_page(request: StudyRequest) -> HttpResponse:
    study = request.study
    if request.method == "POST":
        try:
            check_case(
                study.pk,
                int(request.POST.get("case", "")),
                study.codebook_version_id,
                holds=request.POST.get("holds") == "yes",
                actor_id=request.user.pk or 0,
            )
        except ValueError:
            messages.error(request, _("This request was not understood; reload the page."))
        except BadInput as refusal:
            messages.error(request, str(refusal))
        return redirect("codebook_cases", study.slug)
    language = (get_language() or "nl")[:2]
    rows = []
    for case in open_cases(study):
        book = lookup(case.consensus.round.codebook_version_id)
        variable = book.spec.by_key[case.variable]
        rows.append(
            {
                "case": case.consensus,
                "variable": in_language(variable.label),
                "value": settlement_label(book, variable, case.settlement, language),
                "url": reverse("conversation", args=[study.slug, case.consensus.conversation.number]),
            }
        )
    context = {"nav": "study", "tab": "codebook", "study": study, "rows": rows}
    return render(request, "annotations/drafts/cases.html", context)
