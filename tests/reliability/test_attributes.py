"""What coders answered about the same fragments is measured too."""

import pytest

from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.finals.settled import SpanValue
from annotations.reliability.attributes import matched
from annotations.reliability.data import ReportScope
from annotations.reliability.report import agreement_of
from annotations.reliability.stored import report_for
from tests.factories import SMALL_CODEBOOK, assign, make_conversation, make_member, make_round, make_study

ATTRIBUTE = """\
- key: completeness
  module: core
  level: span
  kind: single
  label: {nl: Volledigheid, en: Completeness}
  definition: {nl: Staat het gegeven er helemaal?, en: Is the value complete?}
  categories:
  - {key: complete, code: 1, label: {nl: Volledig, en: Complete}}
  - {key: partial, code: 2, label: {nl: Gedeeltelijk, en: Partial}}
  - {key: cannot_tell, code: 98, label: {nl: Onbekend, en: Unknown}}
"""


def with_attribute():
    before, marker, after = SMALL_CODEBOOK.partition("variables:\n")
    return before + marker + ATTRIBUTE + after


@pytest.mark.django_db
def test_agreement_on_an_attribute_rests_on_the_fragments_that_coders_share():
    study = make_study("study", codebook=with_attribute())
    coders = [make_member(study, name) for name in ("anna", "bart")]
    given = [
        ("complete", "complete"),
        ("partial", "complete"),
        ("partial", "partial"),
        ("complete", "cannot_tell"),
    ]
    for pair in given:
        message = (conversation := make_conversation(study, "Bel 06-00000011")).messages.get()
        places = ((4, 15), (5, 15))
        store_imported(
            make_round(study),
            [
                ImportedCoding(
                    assign(conversation, coder),
                    answers={},
                    spans=[ImportedSpan(message.pk, *place, {"info_type": "phone", "completeness": value})],
                )
                for coder, place, value in zip(coders, places, pair, strict=True)
            ],
            actor_id=None,
        )
    round_ = make_round(study)
    found = {item.variable.key: item for item in agreement_of(round_, bootstrap=0)}
    result = found["completeness"].result
    assert (result.pairable_units, result.percent_agreement) == (3, pytest.approx(2 / 3))
    assert found["completeness"].missing[98] == 1
    keys = [figures["key"] for figures in report_for(round_, ReportScope()).result]
    assert keys[:2] == ["info_type", "completeness"]


def span(start, end, kind="phone"):
    return SpanValue(start, end, kind)


def test_fragments_belong_together_by_type_and_a_shared_character_each_used_once():
    whole, first, second, other = span(0, 10), span(0, 4), span(6, 10), span(2, 8, "bsn")
    assert matched({1: [whole], 2: [first, second]}) == [{2: first, 1: whole}]
    assert matched({1: [whole], 2: [other]}) == []
    assert matched({1: [span(0, 4)], 2: [span(4, 8)]}) == []
    assert matched({1: [whole], 2: [span(9, 12)], 3: [span(1, 2)]}) == [
        {1: whole, 3: span(1, 2), 2: span(9, 12)}
    ]
