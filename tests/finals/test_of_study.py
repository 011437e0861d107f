"""Several rounds on the same units: results, detector pages and export give one answer."""

import csv

import pytest

from annotations.adjudication.resolve import settle, withdraw
from annotations.adjudication.units import Ruling, find_unit
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.detector.score_card import score_card
from annotations.finals.of_round import UNRESOLVED
from annotations.finals.of_study import counted_rounds, study_spans, study_values
from annotations.finals.settled import SpanValue
from annotations.results.population import Reason
from annotations.results.tables import study_tables
from annotations.statistics import Proportion
from tests.exporting.reading import write_tables
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
TEXT = "Bel 06-00000011 of 06-00000012"
FIRST, SECOND = SpanValue(4, 15, "phone"), SpanValue(19, 30, "phone")


@pytest.fixture
def scene():
    return Scene()


class Scene:
    def __init__(self):
        self.study = make_study(detector_version="1")
        self.coders = [make_member(self.study, name) for name in ("noor", "daan")]
        self.supervisor = make_member(self.study, "sara", "supervisor")
        self.conversation = make_conversation(self.study, TEXT)
        self.message = self.conversation.messages.get()

    def code(self, round_name, *values, spans=(), variable="contains_pii", **fields):
        """Coder 1, 2 give these values about the message and mark these fragments."""
        round_ = make_round(self.study, round_name, **fields)
        items = []
        for place in range(max(len(values), len(spans))):
            items.append(
                ImportedCoding(
                    assign(self.conversation, self.coders[place], round_name),
                    answers={("message", self.message.pk): {variable: values[place]} if values else {}},
                    spans=[
                        ImportedSpan(self.message.pk, start, end, {"info_type": kind})
                        for start, end, kind, _answers in (spans[place] if spans else ())
                    ],
                )
            )
        store_imported(round_, items, actor_id=None)
        return round_

    def settle(self, round_, value, variable="contains_pii"):
        unit = find_unit(round_, variable, self.conversation.pk, self.message.pk)
        settle(unit, Ruling(value, reason="zo"), revision=0, actor_id=self.supervisor.pk)
        return unit

    @property
    def value(self):
        found = [
            (final.value, final.source)
            for final in study_values(counted_rounds(self.study))
            if final.variable == "contains_pii"
        ]
        assert len(found) < 2, "a unit counts once"
        return found[0] if found else None

    @property
    def spans(self):
        found = [final.value for final in study_spans(counted_rounds(self.study))]
        assert len(found) < 2, "a message counts once"
        return found[0] if found else ()

    @property
    def table(self):
        return {table.key: table for table in study_tables(self.study, "en")}["variable_contains_pii"]


def test_the_last_round_decides(scene):
    scene.code("one", "yes", kind="reliability")
    scene.code("two", "no")
    assert scene.value == ("no", "single")
    assert scene.table.cells["no", ""].proportion == Proportion(1, 1)


def test_a_unit_unresolved_in_the_last_round_is_unresolved_and_not_counted_with_an_earlier_value(scene):
    scene.code("one", "yes")
    last = scene.code("two", "yes", "no")
    assert scene.value == (None, UNRESOLVED)
    assert scene.table.cells["yes", ""].proportion == Proportion(0, 0)
    assert scene.table.left_out == {Reason.UNRESOLVED: 1}
    scene.settle(last, "yes")
    assert scene.value == ("yes", "settled")
    assert scene.table.left_out == {}


def test_what_was_unresolved_first_and_unanimous_later_is_not_unresolved(scene):
    scene.code("one", "yes", "no")
    scene.code("two", "no", "no")
    assert scene.value == ("no", "unanimous")
    assert scene.table.left_out == {}


def test_training_and_pilot_decide_nothing(scene):
    scene.code("main", "yes")
    scene.code("later", "no", kind="training")
    scene.code("last", "no", kind="pilot")
    assert scene.value == ("yes", "single")


def test_not_coded_is_no_answer_and_leaves_the_earlier_one(scene):
    scene.code("one", "yes")
    scene.code("two", Missing.NOT_CODED)
    assert scene.value == ("yes", "single")


def test_settled_on_not_coded_is_a_decision(scene):
    scene.code("one", "yes")
    scene.settle(scene.code("two", "yes", "no"), Missing.NOT_CODED)
    assert scene.value == (Missing.NOT_CODED, "settled")


def test_not_coded_is_what_there_is_where_no_round_has_an_answer(scene):
    scene.code("one", Missing.NOT_CODED)
    scene.code("two", Missing.NOT_CODED)
    assert scene.value == (Missing.NOT_CODED, "single")
    assert scene.table.left_out == {Reason.NOT_CODED: 1}


def test_a_round_that_did_not_ask_leaves_the_earlier_answer(scene):
    scene.code("one", "yes")
    scene.code("two", "no", variable="removal_request")
    assert scene.value == ("yes", "single")


def test_a_decision_that_was_taken_back_decides_nothing(scene):
    round_ = scene.code("one", "yes", "no")
    unit = scene.settle(round_, "yes")
    assert scene.value == ("yes", "settled")
    withdraw(unit, revision=1, actor_id=scene.supervisor.pk)
    assert scene.value == (None, UNRESOLVED)


def test_fragments_come_from_the_last_round_also_when_it_found_none(scene):
    scene.code("one", "yes", spans=[[FIRST, SECOND]])
    assert scene.spans == (FIRST, SECOND)
    scene.code("two", "yes", spans=[[SECOND]])
    assert scene.spans == (SECOND,)
    scene.code("three", "no", spans=[[]])
    assert scene.spans == ()
    assert score_card(scene.study, "1").together.fragments == 0
    assert score_card(scene.study, "1").messages == 1


def test_fragments_on_which_the_last_round_differs_are_undecided_for_results_and_detector_alike(scene):
    scene.code("one", "yes", spans=[[FIRST]])
    scene.code("two", "yes", "yes", spans=[[FIRST], [SECOND]])
    card = score_card(scene.study, "1")
    assert (card.undecided, card.messages, card.together.fragments) == (1, 0, 0)
    types = {table.key: table for table in study_tables(scene.study, "en")}["info_types"]
    assert types.left_out == {Reason.UNRESOLVED: 1}
    assert types.cells["phone", ""].proportion == Proportion(0, 0)


def test_a_round_that_marks_no_fragments_leaves_those_of_the_earlier_one(scene):
    scene.code("one", "yes", spans=[[FIRST]])
    scene.code("two", "yes", modules=["extra"])
    assert scene.spans == (FIRST,)


def test_the_conversation_and_its_messages_may_come_from_different_rounds(scene):
    scene.code("one", "yes")
    item = ImportedCoding(
        assign(scene.conversation, scene.coders[0], "two"), answers={CONVERSATION: {"solved": "fully"}}
    )
    store_imported(make_round(scene.study, "two"), [item], actor_id=None)
    found = {final.variable: final.value for final in study_values(counted_rounds(scene.study))}
    assert (found["contains_pii"], found["solved"]) == ("yes", "fully")


def test_the_consensus_file_says_which_row_counts(scene, tmp_path):
    scene.code("one", "yes", spans=[[FIRST]])
    scene.code("two", "no", spans=[[]])
    scene.code("three", "yes", kind="training")
    write_tables(scene.study, tmp_path)
    with (tmp_path / "consensus.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(row["round"], row["variable"]): row["counts"] for row in rows}
    assert found["one", "contains_pii"] == "0"
    assert found["one", "info_type"] == "0"
    assert found["two", "contains_pii"] == "1"
    assert found["three", "contains_pii"] == "0"
