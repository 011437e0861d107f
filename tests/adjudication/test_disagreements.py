"""Which units count as disagreements, and in which order they wait."""

import random
from decimal import Decimal

import pytest

from annotations.adjudication.disagreements import Filter, compare, count_open, disagreement_list
from annotations.adjudication.resolve import settle, withdraw
from annotations.adjudication.units import Ruling, find_unit
from annotations.codebooks.values import Missing
from annotations.coding.save import finish, reopen, save_answer
from annotations.finals.of_round import UNRESOLVED, final_spans, final_values
from annotations.reliability.alphas import alphas_of
from tests.adjudication.help import make_scene

pytestmark = pytest.mark.django_db

SAME = {"contains_pii": "yes"}


def keys(round_, **fields):
    return [row.key for row in disagreement_list(round_, Filter(**fields), alphas_of).rows]


@pytest.mark.parametrize(
    ("variable", "one", "other", "differs"),
    [
        ("contains_pii", "yes", "yes", False),
        ("contains_pii", "yes", "no", True),
        ("contains_pii", "yes", Missing.NOT_CODED, True),
        ("removal_request", Missing.NOT_APPLICABLE, Missing.NOT_APPLICABLE, False),
        ("removal_request", Missing.NOT_APPLICABLE, Missing.UNDETERMINED, True),
        ("channels", frozenset({"dm", "mail"}), frozenset({"mail", "dm"}), False),
        ("channels", frozenset({"dm"}), frozenset({"mail"}), True),
        ("channels", frozenset({"dm", "mail"}), frozenset({"mail"}), True),
        ("channels", frozenset(), frozenset({"mail"}), True),
        ("channels", frozenset(), frozenset(), False),
        ("channels", frozenset(), Missing.NOT_APPLICABLE, True),
        ("waiting_days", Decimal("2.5"), Decimal("2.50"), False),
        ("waiting_days", Decimal("2.5"), Decimal("2"), True),
        ("waiting_days", Decimal("2"), Missing.NOT_CODED, True),
        ("note", "een", "twee", False),
    ],
)
def test_two_values_differ_or_do_not(variable, one, other, differs):
    scene = make_scene()
    scene.code(scene.conversation(), {variable: one}, {variable: other})
    assert [row.variable for row in disagreement_list(scene.round, Filter()).rows] == (
        [variable] if differs else []
    )


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (((20, 31, "phone"),), ((20, 31, "phone"),), False),
        (((20, 31, "phone"),), ((20, 30, "phone"),), True),
        (((20, 31, "phone"),), ((20, 31, "bsn"),), True),
        (((20, 31, "phone"),), (), True),
        ((), (), False),
    ],
)
def test_sets_of_fragments_are_compared_per_message(one, other, differs):
    scene = make_scene()
    message = scene.code(scene.conversation(), SAME, SAME, spans=(one, other))
    expected = [("info_type", message.conversation_id, message.pk)] if differs else []
    assert keys(scene.round) == expected


def test_one_coder_is_no_disagreement_and_an_open_coding_does_not_count():
    scene = make_scene()
    scene.code(scene.conversation(), {"contains_pii": "yes"})
    open_one = scene.conversation()
    scene.code(open_one, {"contains_pii": "yes"}, {"contains_pii": "no"}, finished=False)
    assert keys(scene.round) == []


def test_it_finds_exactly_what_the_final_values_leave_unresolved():
    scene = make_scene(coders=3)
    dice = random.Random(7)
    for _ in range(12):
        answers = [
            {
                "contains_pii": dice.choice(["yes", "no"]),
                "channels": frozenset(dice.sample(["dm", "mail"], dice.randint(0, 2))),
                "removal_request": dice.choice(["yes", "no", Missing.NOT_APPLICABLE]),
                "solved": dice.choice(["not", "fully"]),
                "waiting_days": dice.choice([Decimal(1), Decimal("1.5"), Missing.NOT_CODED]),
            }
            for _ in range(dice.randint(1, 3))
        ]
        spans = tuple(
            tuple(dice.sample([(20, 31, "phone"), (20, 30, "phone"), (40, 62, "email")], dice.randint(0, 2)))
            for _ in answers
        )
        scene.code(scene.conversation(), *answers, spans=spans)
    everything = [*final_values(scene.round), *final_spans(scene.round)]
    unresolved = {
        (final.variable, final.conversation_id, final.message_id)
        for final in everything
        if final.source == UNRESOLVED
    }
    assert unresolved
    assert set(keys(scene.round)) == unresolved
    assert compare(scene.round).compared["contains_pii"] == len(
        [final for final in everything if final.variable == "contains_pii" and final.coders > 1]
    )


def test_the_least_agreed_variable_comes_first_and_then_the_conversations_in_order():
    scene = make_scene()
    first, second = scene.conversation(), scene.conversation()
    one = scene.code(
        first, {"contains_pii": "yes", "solved": "not"}, {"contains_pii": "no", "solved": "fully"}
    )
    scene.code(second, {"contains_pii": "yes", "solved": "not"}, {"contains_pii": "yes", "solved": "fully"})
    assert keys(scene.round) == [
        ("solved", first.pk, None),
        ("solved", second.pk, None),
        ("contains_pii", first.pk, one.pk),
    ]
    assert keys(scene.round, order="variable")[0][0] == "contains_pii"
    assert keys(scene.round, order="alpha")[0][0] == "solved"
    assert [key[0] for key in keys(scene.round, order="conversation")] == ["contains_pii", "solved", "solved"]


def test_the_queue_is_narrowed_by_variable_organisation_and_state():
    scene = make_scene()
    first, second = scene.conversation(), scene.conversation()
    second.organisation = scene.study.organisations.create(name="Dienst Rijksheffingen")
    second.save()
    for conversation in (first, second):
        message = scene.code(
            conversation, {"contains_pii": "yes", "solved": "not"}, {"contains_pii": "no", "solved": "fully"}
        )
    unit = find_unit(scene.round, "contains_pii", second.pk, message.pk)
    settle(unit, Ruling("yes"), revision=0, actor_id=scene.supervisor.pk)
    assert {key[0] for key in keys(scene.round, variable="solved")} == {"solved"}
    assert {key[1] for key in keys(scene.round, organisation_id=second.organisation_id)} == {second.pk}
    assert keys(scene.round, state="settled") == [("contains_pii", second.pk, message.pk)]
    assert len(keys(scene.round, state="all")) == 4
    assert count_open([scene.round]) == 3
    withdraw(unit, revision=1, actor_id=scene.supervisor.pk)
    assert count_open([scene.round]) == 4


def test_a_coding_that_is_reopened_and_changed_is_compared_again():
    scene = make_scene()
    conversation = scene.conversation()
    message = scene.code(
        conversation,
        {"contains_pii": "no", "solved": "not"},
        {"contains_pii": "cannot_tell", "solved": "not"},
    )
    assert keys(scene.round) == [("contains_pii", conversation.pk, message.pk)]
    coder = scene.coders[1]
    coding = coder.assignments.get().coding
    reopen(coding.pk, actor_id=coder.pk)
    assert keys(scene.round) == []  # one finished coding is left
    code = coding.codes.get(variable__key="contains_pii")
    save_answer(
        coding.pk,
        actor_id=coder.pk,
        key=("message", message.pk),
        variable="contains_pii",
        value="no",
        revision=code.revision,
    )
    for other in conversation.messages.exclude(pk=message.pk):
        save_answer(
            coding.pk,
            actor_id=coder.pk,
            key=("message", other.pk),
            variable="contains_pii",
            value="no",
            revision=0,
        )
    finish(coding.pk, actor_id=coder.pk)
    assert ("contains_pii", conversation.pk, message.pk) not in keys(scene.round)


@pytest.mark.parametrize("size", [1, 5])
def test_the_number_of_queries_does_not_grow_with_the_disagreements(size, django_assert_num_queries):
    scene = make_scene()
    for _ in range(size):
        scene.code(scene.conversation(), SAME, {"contains_pii": "no"}, spans=(((20, 31, "phone"),), ()))
    round_ = scene.round
    lookup_of = disagreement_list(scene.round, Filter(variable="none"))
    assert lookup_of.total == 2 * size
    with django_assert_num_queries(10):  # the study, seven of the stamp, what is settled, what is coded again
        assert len(disagreement_list(round_, Filter()).rows) == 2 * size
