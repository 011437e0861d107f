"""Grouping and reading order: laws that hold for any forest in any order of the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.importing.group.grouping import ThreadIndex, fingerprint
from annotations.importing.group.threads import arrange

NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)


@dataclass
class Said:
    external_id: str
    parent_id: str | None = None
    conversation_id: str | None = None
    minute: int | None = 0
    text: str = ""
    author_handle: str | None = None
    author_id: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def created_at(self) -> datetime | None:
        return None if self.minute is None else NOON + timedelta(minutes=self.minute)


def build(messages: list[Said], choose=min):
    index = ThreadIndex()
    for message in messages:
        seconds = int(message.created_at.timestamp()) if message.created_at else 0
        index.add(
            message.external_id, message.parent_id, message.conversation_id, seconds, aliases=message.aliases
        )
    grouping = index.group(choose)
    threads = [
        arrange([messages[i] for i in rows], lambda name, key=key: fingerprint(name) == key)
        for key, rows in grouping
    ]
    return grouping, threads


def order(thread) -> list[str]:
    return [node.external_id for node in thread.nodes]


def summary(thread) -> tuple:
    return thread.key, order(thread), thread.cut, thread.placeholders, thread.branches


@st.composite
def files(draw, rings: bool = True):
    """Messages whose parents may be missing, later, themselves or in a ring; some with conversation ids."""
    count = draw(st.integers(1, 25))
    names = draw(st.sampled_from(["{}", "m{}", "at://x/{}"]))
    known = [names.format(i + 1) for i in range(count)]
    messages = []
    for i, name in enumerate(known):
        before = known[:i] if not rings else known
        parent = draw(st.one_of(st.none(), st.sampled_from([*before, "900", "901"])))
        minute = draw(st.one_of(st.none(), st.integers(0, 30)))
        conversation = draw(st.sampled_from([None, None, "A", "B", known[0]]))
        author = draw(st.sampled_from(["org", "klant", None]))
        messages.append(Said(name, parent, conversation, minute, "(1/2)", author))
    return messages


@given(files(), st.randoms(use_true_random=False))
def test_any_order_of_the_file_gives_the_same_conversations(messages, random):
    shuffled = random.sample(messages, len(messages))
    _, threads = build(messages)
    _, again = build(shuffled)
    assert list(map(summary, threads)) == list(map(summary, again))


@given(files())
def test_every_message_stands_once_in_one_conversation_and_after_what_it_answers(messages):
    _, threads = build(messages)
    seen = [node.message.external_id for thread in threads for node in thread.nodes if node.message]
    assert sorted(seen) == sorted(message.external_id for message in messages)
    for thread in threads:
        place = {node.external_id: i for i, node in enumerate(thread.nodes)}
        assert len(place) == len(thread.nodes)
        for node in thread.nodes:
            if node.parent is None:
                assert node.depth == 0
            else:
                assert place[node.parent.external_id] < place[node.external_id]
                assert node.depth == node.parent.depth + 1


@given(files(rings=False))
def test_answer_and_answered_are_in_one_conversation_and_nothing_is_cut(messages):
    _, threads = build(messages)
    home = {node.external_id: i for i, thread in enumerate(threads) for node in thread.nodes}
    assert all(
        home[message.external_id] == home[message.parent_id] for message in messages if message.parent_id
    )
    assert not any(thread.cut for thread in threads)
    assert len({thread.key for thread in threads}) == len(threads)


def test_children_of_a_missing_message_share_one_placeholder():
    _, (thread,) = build([Said("2", "1", minute=5), Said("3", "1", minute=4)])
    assert order(thread) == ["1", "3", "2"]
    assert (thread.placeholders, thread.orphans, thread.branches) == (1, 2, 1)
    assert thread.key == "1"


def test_a_ring_is_opened_at_its_oldest_message():
    _, (thread,) = build([Said("1", "3", minute=7), Said("2", "1", minute=3), Said("3", "2", minute=9)])
    assert thread.cut == ["2"]
    assert order(thread) == ["2", "3", "1"]


def test_a_message_that_answers_itself_opens_its_conversation():
    _, (thread,) = build([Said("1", "1")])
    assert (thread.cut, order(thread)) == (["1"], ["1"])


def test_an_answer_decides_over_a_conversation_id_and_the_contradiction_is_reported():
    messages = [Said("1", None, "A"), Said("2", "1", "B", 1), Said("3", None, "B", 2)]
    grouping, threads = build(messages)
    assert [(thread.key, order(thread)) for thread in threads] == [("A", ["1", "2"]), ("B", ["3"])]
    assert grouping.contradictions == [1]


def test_trees_with_the_same_conversation_id_are_one_conversation_by_time():
    _, (thread,) = build([Said("9", "8", "A", 5), Said("1", None, "A", 9), Said("2", None, "A", 1)])
    assert thread.key == "A"
    assert order(thread) == ["2", "8", "9", "1"]


def test_siblings_without_times_go_by_number_and_then_by_nature():
    _, (thread,) = build([Said(name, "1", minute=None) for name in ("m10", "m2", "10", "9")])
    assert order(thread) == ["1", "9", "10", "m2", "m10"]


def test_parts_of_one_reply_stand_together_though_someone_answered_between():
    messages = [
        Said("1"),
        Said("2", "1", minute=1, text="Stuur een DM (1/2)", author_handle="org"),
        Said("3", "1", minute=2, text="ik ook!", author_handle="ander"),
        Said("4", "1", minute=3, text="met je postcode 2/2", author_handle="org"),
        Said("5", "2", minute=4, author_handle="klant"),
    ]
    _, (thread,) = build(messages)
    assert order(thread) == ["1", "2", "4", "5", "3"]
    assert [node.depth for node in thread.nodes] == [0, 1, 1, 2, 1]


def test_an_old_id_of_an_edited_message_is_the_message():
    messages = [Said("12", aliases=("11",)), Said("13", "11", minute=1)]
    _, (thread,) = build(messages)
    assert order(thread) == ["12", "13"]
    assert thread.placeholders == 0


def test_of_rows_with_one_id_the_chosen_one_is_kept_and_counted():
    grouping, threads = build([Said("1", text="kort"), Said("1", text="lang")], choose=max)
    assert grouping.duplicates == 1
    assert threads[0].nodes[0].message.text == "lang"


def test_a_thread_of_thousands_deep_is_walked_without_recursion():
    messages = [Said(str(i), str(i - 1) if i > 1 else None, minute=i) for i in range(1, 5001)]
    _, (thread,) = build(messages[::-1])
    assert order(thread) == [str(i) for i in range(1, 5001)]


@pytest.mark.parametrize("identifier", ["0", "007", "9223372036854775808", "١٢", "o0ss4", "1" * 40])
def test_an_id_that_is_no_plain_number_keeps_apart_from_numbers(identifier):
    assert fingerprint(identifier) >= 1 << 63


def test_supporting_rows_stay_only_where_a_collected_row_is():
    index = ThreadIndex()
    index.add("1", supporting=True)
    index.add("2", "1")
    index.add("3", supporting=True)
    grouping = index.group(min)
    assert [rows for _key, rows in grouping] == [[0, 1]]
    assert grouping.left_out == 1


def test_without_its_root_a_tree_has_the_conversation_id_of_its_earliest_message():
    grouping, (thread,) = build([Said("2", "1", "A", 9), Said("3", "1", "B", 1)])
    assert thread.key == "B"
    assert grouping.contradictions == [0]
