"""Answers as plain rows."""

import pytest

from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.coded import coded_values
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def coded():
    """coded(3): a round with 3 conversations, each coded by two; gives the round."""

    def build(size):
        study = make_study()
        coders = [make_member(study, name) for name in ("noor", "daan")]
        for _ in range(size):
            conversation = make_conversation(study, "Bel 06-00000011")
            message = conversation.messages.get()
            for coder in coders:
                item = ImportedCoding(
                    assign(conversation, coder),
                    answers={
                        CONVERSATION: {"solved": "fully"},
                        ("message", message.pk): {
                            "contains_pii": "yes",
                            "channels": frozenset({"dm", "mail"}),
                            "removal_request": Missing.UNDETERMINED,
                        },
                    },
                    spans=[ImportedSpan(message.pk, 4, 15, {"info_type": "phone"})],
                )
                store_imported(make_round(study), [item], actor_id=None)
        return make_round(study)

    return build


def test_every_answer_of_every_coder_is_a_row(coded):
    rows = list(coded_values(coded(2)))
    assert len(rows) == 2 * 2 * 5
    assert {row.value for row in rows if row.variable == "channels"} == {frozenset({"dm", "mail"})}
    assert {row.value for row in rows if row.variable == "removal_request"} == {Missing.UNDETERMINED}
    assert all(row.span_id for row in rows if row.variable == "info_type")


def test_rows_can_be_narrowed_to_a_variable(coded):
    assert {row.variable for row in coded_values(coded(1), variables=["solved"])} == {"solved"}


@pytest.mark.parametrize("size", [1, 4])
def test_reading_takes_two_queries_however_much_there_is(coded, size, django_assert_num_queries):
    round_ = coded(size)
    list(coded_values(round_))  # the codebook is read once per process
    with django_assert_num_queries(2):
        list(coded_values(round_))
