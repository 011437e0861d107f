"""Reports computed in the background and kept until codes change."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _
from django_tasks import task

from ..codebooks.lookup import lookup
from ..coding.stamp import stamp_of
from ..common.jobs import Claim, Kind
from ..models import AgreementReport, Code, Round
from .data import ReportScope
from .report import IN_A_REPORT, agreement_of

MOST_IN_A_REQUEST = 6_000
"""With fewer codes the figures take less than a second and nobody has to wait for the worker."""
FORM = 3
"""Raised whenever reports of before must not be shown any more."""

State = AgreementReport.State


def fingerprint_of(round_: Round, selection: ReportScope) -> str:
    """Changes with anything the figures of the selection rest on (`coding.stamp`)."""
    facts = (FORM, stamp_of(round_), sorted(selection.coder_ids), selection.organisation_id)
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def figures_for(round_: Round, selection: ReportScope, variable: str) -> dict[str, Any] | None:
    """What the report says of one variable, so that every page says the same; None while it is computed."""
    report = report_for(round_, selection)
    return next((figures for figures in report.result if figures["key"] == variable), None)


def report_for(round_: Round, selection: ReportScope) -> AgreementReport:
    """The report of the codes as they are now: the one kept, or a new one that is being computed."""
    report, is_new = AgreementReport.objects.get_or_create(
        round=round_,
        fingerprint=fingerprint_of(round_, selection),
        defaults={
            "coder_ids": sorted(selection.coder_ids),
            "organisation_id": selection.organisation_id,
            "variables_total": _how_many(round_),
        },
    )
    if report.state == State.DONE:
        return report
    is_small = not is_large(round_)
    if is_new or is_small or report.state == State.FAILED or REPORTS.standing(report).is_stuck:
        if is_small:
            REPORTS.do_now(report)
        else:
            REPORTS.ask(report)
        report.refresh_from_db()
    return report


def is_large(round_: Round) -> bool:
    """Whether the figures of a round take so long that nobody should wait for all of them at once."""
    return (
        Code.objects.filter(coding__assignment__round=round_)[:MOST_IN_A_REQUEST].count() == MOST_IN_A_REQUEST
    )


@task()
def compute(pk: int) -> None:
    REPORTS.run(pk)


def _compute(report: AgreementReport, claim: Claim[AgreementReport]) -> None:
    """Fill a report, variable by variable; older reports of the same choice are thrown away."""
    selection = ReportScope(frozenset(report.coder_ids), report.organisation_id)
    result = []
    for item in agreement_of(report.round, selection=selection, bootstrap=IN_A_REPORT):
        result.append(item.as_dict())
        claim.tell(min(len(result) / report.variables_total, 1.0))
        claim.rows.update(variables_done=min(len(result), report.variables_total))
    claim.done(result=result, variables_done=report.variables_total)
    AgreementReport.objects.filter(
        round=report.round, coder_ids=report.coder_ids, organisation=report.organisation
    ).exclude(pk=report.pk).delete()


REPORTS = Kind(
    "agreement",
    AgreementReport,
    _compute,
    task=lambda: compute,
    failed=lambda: _("Computing the figures stopped by an error in the program."),
)


def _how_many(round_: Round) -> int:
    variables = lookup(round_.codebook_version_id).spec.variables
    return sum(v.reliability and v.module in round_.modules for v in variables)
