"""Weighing findings that overlap: the best explained one stays, the others become its alternatives.

A finding is worth what its own form and the words around it say (``check`` + ``context``). Equal worth
goes to the
more specific kind: assessment number > VAT > IBAN > EAN, ICCID, IMEI, card > payment reference > BSN >
phone > customer
number; then to the longer stretch.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from annotations.pii.candidate import Finding
from annotations.pii.lexicon import words

_SPECIFIC = {
    kind: rank
    for rank, kind in enumerate(
        words(
            "assessment_number vat_number iban meter_ean iccid imei credit_card id_document "
            "licence_plate payment_reference bsn phone email address birth_date income debt "
            "kvk_number iban_last_digits credentials order_number invoice_number case_number "
            "customer_number postcode_only name"
        )
    )
}


def _worth(finding: Finding) -> tuple[float, int, int]:
    return (
        round(finding.check + finding.context, 3),
        -_SPECIFIC.get(finding.kind, 99),
        finding.end - finding.start,
    )


def settle(findings: Iterable[Finding]) -> list[tuple[Finding, tuple[str, ...]]]:
    """The findings that stay, in order of place, each with the other kinds that were seen there."""
    listed = sorted(findings, key=lambda finding: finding.start)
    if all(before.end <= after.start for before, after in pairwise(listed)):
        return [(finding, ()) for finding in listed]  # nothing to weigh: most messages
    found = dict.fromkeys(listed)  # no set: of equals the first stays, whatever the hash
    ranked = sorted(found, key=lambda finding: (*_worth(finding), -finding.start), reverse=True)
    by_place: dict[int, int] = {}  # code point -> index of the winner that covers it
    winners: list[tuple[Finding, list[str]]] = []
    for finding in ranked:
        covered = {by_place[place] for place in range(finding.start, finding.end) if place in by_place}
        if not covered:
            for place in range(finding.start, finding.end):
                by_place[place] = len(winners)
            winners.append((finding, []))
            continue
        for index in covered:
            winner, others = winners[index]
            if finding.kind != winner.kind and finding.kind not in others:
                others.append(finding.kind)
    winners.sort(key=lambda pair: pair[0].start)
    return [(winner, tuple(others)) for winner, others in winners]
