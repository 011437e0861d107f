"""Answers that confirm a proposal beside answers given freely."""

import pytest

from annotations.adjudication.resolve import settle
from annotations.adjudication.units import Ruling, find_unit
from annotations.coding.save import ImportedCoding, reopen, store_imported
from annotations.detector.proposed_answers import proposed_answers
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    study = make_study("study")
    for name in ("noor", "daan"):
        make_member(study, name)
    return study


def code(study, *given):
    """A message, coded by noor and daan: ("yes", "confirmed"), …"""
    message = make_conversation(study, "Bel 06-00000011").messages.get()
    for username, (value, origin) in zip(("noor", "daan"), given, strict=True):
        coder = study.memberships.get(user__username=username).user
        unit = ("message", message.pk)
        item = ImportedCoding(
            assign(message.conversation, coder),
            answers={unit: {"contains_pii": value}},
            origins={unit: {"contains_pii": origin}},
        )
        store_imported(make_round(study), [item], actor_id=None)
    return message


def test_without_proposals_there_is_nothing_to_compare(study):
    code(study, ("yes", ""), ("yes", ""))
    assert proposed_answers(study) == []


def test_confirmed_answers_are_compared_with_free_ones(study):
    code(study, ("yes", "confirmed"), ("yes", "confirmed"))
    code(study, ("yes", "confirmed"), ("no", ""))
    code(study, ("no", "changed"), ("no", ""))
    code(study, ("no", ""), ("no", ""))
    (row,) = proposed_answers(study)
    assert (row.variable, row.free) == ("contains_pii", 4)
    assert (row.confirmed.value, row.confirmed.n) == (3 / 4, 4)
    # A pair in which one changed what was proposed is neither free nor confirmed.
    assert (row.agreement_free.value, row.agreement_free.n) == (1, 1)
    assert (row.agreement_confirmed.value, row.agreement_confirmed.n) == (1 / 2, 2)
    assert row.settled_free.n == row.settled_confirmed.n == 0


def test_answers_are_compared_with_the_decision_but_not_once_their_coder_has_seen_it(study):
    message = code(study, ("yes", "confirmed"), ("no", ""))
    chief = make_member(study, "anna", "supervisor")
    unit = find_unit(make_round(study), "contains_pii", message.conversation_id, message.pk)
    settle(unit, Ruling("no"), revision=0, actor_id=chief.pk)
    (row,) = proposed_answers(study)
    assert (row.settled_confirmed.value, row.settled_free.value) == (0, 1)
    noor = study.memberships.get(user__username="noor").user
    reopen(message.conversation.assignments.get(coder=noor).coding.pk, actor_id=noor.pk)
    assert proposed_answers(study)[0].confirmed.n == 0
