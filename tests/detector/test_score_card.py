"""Candidates against what coders decided."""

import pytest

from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.common.masking import BULLET
from annotations.detector.influence import influence
from annotations.detector.rescan import needs_rescan
from annotations.detector.score_card import score_card, versions_of
from annotations.importing.store.commit import import_files
from annotations.models import Candidate, CandidateDecision, Event
from annotations.pii import DETECTOR_VERSION
from annotations.statistics import Proportion
from tests.factories import (
    assign,
    make_candidate,
    make_conversation,
    make_member,
    make_round,
    make_study,
    rescan,
)

pytestmark = pytest.mark.django_db
TEXT = "Bel 06-00000011 of mail jan@example.org, bsn 999993653"


@pytest.fixture
def study():
    return make_study("study", detector_version="1")


def code(study, username, spans, conversation=None, highlights=True):
    """One coder's finished coding: [("06-00000011", "phone"), …] marked in the first message."""
    conversation = conversation or make_conversation(study, TEXT)
    message = conversation.messages.first()
    coder = study.memberships.filter(user__username=username).first()
    user = coder.user if coder else make_member(study, username)
    marked = [
        ImportedSpan(message.pk, TEXT.index(quote), TEXT.index(quote) + len(quote), {"info_type": kind})
        for quote, kind in spans
    ]
    item = ImportedCoding(
        assign(conversation, user, highlights=highlights), answers={}, spans=marked, active_seconds=60
    )
    store_imported(make_round(study), [item], actor_id=None)
    return message


def by_type(card):
    return {score.info_type: score for score in card.types}


def test_a_candidate_is_right_where_it_overlaps_a_fragment_of_its_type(study):
    message = code(study, "noor", [("06-00000011", "phone"), ("jan@example.org", "email")])
    make_candidate(message, "6-00000011", "phone")
    make_candidate(message, "999993653", "bsn")
    card = score_card(study, "1")
    phone, email, bsn = (by_type(card)[key] for key in ("phone", "email", "bsn"))
    assert (phone.precision, phone.recall, phone.boundaries) == (
        Proportion(1, 1),
        Proportion(1, 1),
        Proportion(0, 1),
    )
    assert (email.recall, len(email.missed)) == (Proportion(0, 1), 1)
    assert (bsn.precision, bsn.recall, len(bsn.false)) == (Proportion(0, 1), Proportion(0, 0), 1)
    assert (card.together.right, card.messages) == (1, 1)


def test_each_level_has_its_own_precision(study):
    message = code(study, "noor", [("06-00000011", "phone"), ("jan@example.org", "email")])
    make_candidate(message, "06-00000011", "phone")
    make_candidate(message, "jan@example.org", "email", confidence="medium")
    make_candidate(message, "999993653", "bsn", confidence="medium")
    assert score_card(study, "1").levels == {"high": Proportion(1, 1), "medium": Proportion(1, 2)}


def test_a_wrong_type_is_missed_and_false_and_both_say_what_stood_there(study):
    message = code(study, "noor", [("999993653", "phone")])
    make_candidate(message, "999993653", "bsn")
    types = by_type(score_card(study, "1"))
    assert types["phone"].missed[0].other == "bsn"
    assert types["bsn"].false[0].other == "phone"


def test_messages_on_which_coders_differ_are_left_out_and_counted(study):
    conversation = make_conversation(study, TEXT)
    code(study, "noor", [("06-00000011", "phone")], conversation)
    message = code(study, "daan", [], conversation)
    make_candidate(message, "06-00000011", "phone")
    card = score_card(study, "1")
    assert (card.undecided, card.messages, card.types) == (1, 0, [])


def test_messages_that_nobody_coded_do_not_count(study):
    make_candidate(make_conversation(study, TEXT).messages.get(), "06-00000011", "phone")
    assert score_card(study, "1").types == []


@pytest.mark.parametrize("privacy", ["open", "strict"])
def test_after_an_import_with_a_newer_detector_the_earlier_messages_wait_for_a_scan(privacy, tmp_path):
    study = make_study("older", detector_version="1", privacy=privacy)
    text = f"bel {BULLET * 11} of bsn 111222333"
    message = make_conversation(study, text).messages.get()
    make_candidate(message, BULLET * 11, "phone")
    for number in (7, 8):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"id,text\n{number},@ZwaluwlijnHulp mijn bsn is 111222333\n", "utf-8")
        import_files(study, [path], actor_id=None)
        study.refresh_from_db()
        assert (study.detector_version, study.earlier_detector_version) == (DETECTOR_VERSION, "1")
        assert needs_rescan(study)
    rescan(study.pk, actor_id=None)
    study.refresh_from_db()
    assert not needs_rescan(study)
    found = message.candidates.filter(version=DETECTOR_VERSION).values_list("info_type", flat=True)
    assert sorted(found) == (["bsn", "phone"] if privacy == "strict" else ["bsn"])


def test_an_import_with_the_same_detector_asks_for_no_scan(tmp_path):
    study = make_study("first")
    for number in (7, 8):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"id,text\n{number},@ZwaluwlijnHulp mijn bsn is 111222333\n", "utf-8")
        import_files(study, [path], actor_id=None)
        study.refresh_from_db()
        assert not needs_rescan(study)


def test_a_rescan_adds_a_version_and_leaves_candidates_and_decisions_as_they_were(study):
    message = code(study, "noor", [("06-00000011", "phone")])
    old = make_candidate(message, "06-00000011", "phone")
    coding = message.spans.get().coding
    CandidateDecision.objects.create(coding=coding, candidate=old, decision="rejected")
    assert rescan(study.pk, actor_id=None) > 0
    study.refresh_from_db()
    assert study.detector_version == DETECTOR_VERSION
    assert set(versions_of(study)) == {"1", DETECTOR_VERSION}
    assert CandidateDecision.objects.get().candidate_id == old.pk
    count = Candidate.objects.count()
    assert rescan(study.pk, actor_id=None) == 0
    assert Candidate.objects.count() == count
    assert Event.objects.filter(action="study.rescanned").count() == 1


def test_a_study_without_withheld_highlights_has_nothing_to_compare(study):
    code(study, "noor", [("06-00000011", "phone")])
    found = influence(study)
    assert found.shown.fragments.value == 1
    assert found.withheld.fragments.value is None
    assert found.difference.value is None


def test_the_two_arms_are_compared_with_intervals(study):
    for _ in range(4):
        conversation = make_conversation(study, TEXT)
        both = [("06-00000011", "phone"), ("jan@example.org", "email")]
        code(study, "noor", both, conversation)
        code(study, "daan", both[:1], conversation, highlights=False)
    found = influence(study)
    assert (found.shown.fragments.value, found.withheld.fragments.value) == (2, 1)
    assert found.difference.value == 1
    low, high = found.difference.interval
    assert low <= 1 <= high
    assert found.shown.seconds.value == 60
    assert found.shown.agreement.n == 0  # the two coders of a conversation were in different arms


def test_agreement_within_an_arm_is_the_f1_of_its_pairs(study):
    conversation = make_conversation(study, TEXT)
    code(study, "noor", [("06-00000011", "phone"), ("jan@example.org", "email")], conversation)
    code(study, "daan", [("06-00000011", "phone")], conversation)
    assert influence(study).shown.agreement.value == pytest.approx(2 / 3)
