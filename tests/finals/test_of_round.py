"""The final values of one round: its own, of finished work, of the conversations that are asked for."""

import pytest

from annotations.adjudication.resolve import settle
from annotations.adjudication.units import Ruling, find_unit
from annotations.codebooks.lookup import lookup
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, reopen, store_imported
from annotations.finals.given import coders_of, given_for, groups
from annotations.finals.of_round import coders_spans, final_spans, final_values, finished_by
from annotations.finals.of_study import counted_rounds, deciding_rounds, study_spans, study_values
from annotations.finals.settled import SpanValue, as_json, settlements
from annotations.models import Coding, Consensus
from tests.factories import SMALL_CODEBOOK, assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
OWNER = """
- key: owner
  module: core
  level: span
  kind: boolean
  applies_to: any
  required: false
  scale: nominal
  label: {nl: Eigen, en: Own}
  definition: {nl: Van de schrijver zelf?, en: The writer's own?}
"""
# A further question about fragments, which stands before the one that gives their type.
CODEBOOK = SMALL_CODEBOOK.replace("variables:\n", f"variables:{OWNER}")
TEXT = "Bel 06-00000011 of 06-00000012"
FIRST = SpanValue(4, 15, "phone", (("owner", "yes"),))
SECOND = SpanValue(19, 30, "phone", (("owner", "no"),))


class Scene:
    """Two conversations, each coded in both rounds; a message of the second one is settled in each round."""

    def __init__(self):
        self.study = make_study(codebook=CODEBOOK, detector_version="1")
        self.noor, self.daan = (make_member(self.study, name) for name in ("noor", "daan"))
        self.chief = make_member(self.study, "chief", "supervisor")
        self.conversations = [make_conversation(self.study, TEXT) for _ in range(2)]
        self.messages = [conversation.messages.get() for conversation in self.conversations]
        self.early, self.late = (make_round(self.study, name) for name in ("early", "late"))
        self.code(self.early, "yes", [FIRST])
        self.code(self.late, "no", [SECOND, FIRST])

    def code(self, round_, value, spans, coder=None):
        coder = coder or self.noor
        items = [
            ImportedCoding(
                assign(conversation, coder, round_.name),
                answers={("message", message.pk): {"contains_pii": value}, CONVERSATION: {"solved": "not"}},
                spans=[
                    ImportedSpan(message.pk, start, end, {"info_type": kind} | dict(answers))
                    for start, end, kind, answers in spans
                ],
            )
            for conversation, message in zip(self.conversations, self.messages, strict=True)
        ]
        store_imported(round_, items, actor_id=None)

    def settle(self, round_, variable, value, place=1):
        message = None if variable == "solved" else self.messages[place].pk
        unit = find_unit(round_, variable, self.conversations[place].pk, message)
        settle(unit, Ruling(value, reason="zo"), revision=0, actor_id=self.chief.pk)


@pytest.fixture
def scene():
    return Scene()


def values_of(finals):
    return {(final.variable, final.message_id): (final.value, final.source, final.coders) for final in finals}


def test_a_round_knows_its_own_values_and_decisions_only(scene):
    scene.settle(scene.early, "contains_pii", "no")
    scene.settle(scene.late, "contains_pii", "yes")
    scene.settle(scene.early, "info_type", (SECOND,))
    scene.settle(scene.late, "info_type", ())
    first, second = (message.pk for message in scene.messages)
    early, late = (values_of([*final_values(row), *final_spans(row)]) for row in (scene.early, scene.late))
    assert early["contains_pii", first] == ("yes", "single", 1)
    assert late["contains_pii", first] == ("no", "single", 1)
    assert early["contains_pii", second] == ("no", "settled", 1)
    assert late["contains_pii", second] == ("yes", "settled", 1)
    assert early["info_type", first] == ((FIRST,), "single", 1)
    assert late["info_type", first] == ((FIRST, SECOND), "single", 1), "in the order of the text"
    assert early["info_type", second] == ((SECOND,), "settled", 1)
    assert late["info_type", second] == ((), "settled", 1)


def test_only_the_conversations_that_are_asked_for(scene):
    for round_ in (scene.early, scene.late):
        for place in (0, 1):
            scene.settle(round_, "removal_request", "no", place)
    (wanted, other), (message, _) = scene.conversations, scene.messages
    only = {"conversation_ids": [wanted.pk]}
    rounds = counted_rounds(scene.study)
    for finals in (
        final_values(scene.early, **only),
        final_spans(scene.early, **only),
        study_values(rounds, **only),
        study_spans(rounds, **only),
    ):
        assert {final.conversation_id for final in finals} == {wanted.pk}
    assert set(coders_spans(scene.late, **only)) == {(wanted.pk, message.pk)}
    assert set(finished_by(scene.late, **only)) == {wanted.pk}
    assert set(finished_by(scene.late)) == {wanted.pk, other.pk}
    assert {key[1] for key in deciding_rounds(rounds, [wanted.pk])} == {wanted.pk}
    asked = {final.variable for final in final_values(scene.early, variables=["solved"])}
    assert asked == {"solved"}
    assert {final.variable for final in study_values(rounds, variables=["solved"])} == {"solved"}


def test_work_that_is_not_finished_does_not_count(scene):
    coding = Coding.objects.get(assignment__round=scene.late, assignment__conversation=scene.conversations[0])
    Coding.objects.filter(pk=coding.pk).update(state=Coding.State.OPEN, finished_at=None)
    conversation, message = scene.conversations[1], scene.messages[1]
    assert {final.conversation_id for final in final_values(scene.late)} == {conversation.pk}
    assert coders_spans(scene.late) == {(conversation.pk, message.pk): {scene.noor.pk: (FIRST, SECOND)}}
    assert finished_by(scene.late) == {conversation.pk: [scene.noor.pk]}


def test_a_coder_who_marked_nothing_read_the_message_all_the_same(scene):
    scene.code(scene.early, "yes", [], coder=scene.daan)
    unit = (scene.conversations[0].pk, scene.messages[0].pk)
    assert coders_spans(scene.early)[unit] == {scene.noor.pk: (FIRST,), scene.daan.pk: ()}
    assert values_of(final_spans(scene.early))["info_type", unit[1]] == (None, "unresolved", 2)
    assert finished_by(scene.early)[unit[0]] == sorted([scene.noor.pk, scene.daan.pk])


def test_a_decision_counts_without_coders_and_comes_in_the_order_of_the_codebook(scene):
    scene.settle(scene.early, "solved", "fully")
    scene.settle(scene.early, "contains_pii", "no", place=1)
    scene.settle(scene.early, "contains_pii", "yes", place=0)
    scene.settle(scene.early, "info_type", (FIRST,))
    Coding.objects.update(state=Coding.State.OPEN, finished_at=None)
    first, second = (message.pk for message in scene.messages)
    found = list(values_of(final_values(scene.early)).items())
    assert found == [
        (("contains_pii", first), ("yes", "settled", 0)),
        (("contains_pii", second), ("no", "settled", 0)),
        (("solved", None), ("fully", "settled", 0)),
    ]
    assert values_of(final_spans(scene.early)) == {("info_type", second): ((FIRST,), "settled", 0)}
    assert {final.round_id for final in final_values(scene.early)} == {scene.early.pk}


def test_decisions_are_read_in_as_many_queries_whatever_their_number(scene, django_assert_num_queries):
    scene.settle(scene.early, "contains_pii", "no")
    scene.settle(scene.early, "channels", frozenset({"dm", "mail"}))
    scene.settle(scene.early, "info_type", (SECOND, FIRST))
    codebook = lookup(scene.early.codebook_version_id)
    rows = list(Consensus.objects.filter(round=scene.early).order_by("variable__position"))
    with django_assert_num_queries(2):
        found = settlements(rows, codebook)
    values = [found[row.pk] for row in rows]
    assert values == [(FIRST, SECOND), "no", frozenset({"dm", "mail"})]
    assert as_json(found[rows[0].pk]) == [
        {"start": 4, "end": 15, "category": "phone", "answers": {"owner": "yes"}},
        {"start": 19, "end": 30, "category": "phone", "answers": {"owner": "no"}},
    ]


def test_what_coders_gave_for_units_of_any_level(scene):
    scene.code(scene.early, "no", [], coder=scene.daan)
    conversation, message = scene.conversations[0].pk, scene.messages[0].pk
    keys = [
        ("contains_pii", conversation, message),
        ("solved", conversation, None),
        ("info_type", conversation, message),
        ("channels", conversation, message),
    ]
    given = given_for(scene.early, keys)
    assert list(given) == keys
    noor, daan = scene.noor.pk, scene.daan.pk
    assert given[keys[0]] == {noor: "yes", daan: "no"}
    assert given[keys[1]] == {noor: "not", daan: "not"}
    assert given[keys[2]] == {noor: (FIRST,), daan: ()}
    assert groups(given[keys[1]]) == [("not", [noor, daan])]
    assert sorted(groups(given[keys[0]])) == [("no", [daan]), ("yes", [noor])]
    coders = coders_of(scene.early, keys[0], given[keys[0]])
    assert {coder.number for coder in coders.values()} == {1, 2}
    assert {(coder.pseudonym, coder.name) for coder in coders.values()} == {
        ("noor", "noor"),
        ("daan", "daan"),
    }


def test_the_order_of_coders_differs_per_unit_and_stays_the_same(scene):
    given = dict.fromkeys([scene.noor.pk, scene.daan.pk], "x")

    def order(number):
        return [coder.pseudonym for coder in coders_of(scene.early, ("x", number, None), given).values()]

    orders = [order(number) for number in range(30)]
    assert orders == [order(number) for number in range(30)]
    assert {tuple(names) for names in orders} == {("noor", "daan"), ("daan", "noor")}


def test_a_reopened_coding_counts_no_more_except_for_agreement(scene):
    scene.settle(scene.early, "contains_pii", "no")
    unit = (scene.conversations[1].pk, scene.messages[1].pk)
    coding = Coding.objects.get(assignment__round=scene.early, assignment__conversation_id=unit[0])
    reopen(coding.pk, actor_id=scene.noor.pk)
    assert unit not in coders_spans(scene.early)
    assert coders_spans(scene.early, counted=True)[unit] == {scene.noor.pk: (FIRST,)}
    assert unit not in coders_spans(scene.late, counted=True, conversation_ids=[scene.conversations[0].pk])
