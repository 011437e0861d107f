"""A stored text on screen: every code point accounted for, nothing that can do harm."""

import html
import re

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotations.coding.text import Leaf, Mark, Marked, leaves_of, segments
from annotations.common.masking import mask

pytestmark = pytest.mark.once

# A busy machine is no fault of the code.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = (
    ["&amp;", "&amp", "&lt;", "&#x202e;", "&#0;", "&amp;lt;", "<script>", "@a", "#b"],
    ["https://x.nl/?a=1&amp;b=2", "\u202e", "\u200b", "👨\u200d👩\u200d👧", "e\u0301", "\ufeff"],
    ["\n", "\t", "\r", " ", "x", "06", "\u05d0"],
)
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([piece for row in PIECES for piece in row]), max_size=14).map("".join),
)
RANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


def marks_from(text: str, ranges: list[tuple[int, int]]) -> list[Mark]:
    return [Mark(f"s{n}", min(r), max(r)) for n, r in enumerate(ranges) if min(r) < max(r) <= len(text)]


def drawn(text: str, marks: list[Mark] | None = None, masked: list[tuple[int, int]] | None = None) -> str:
    return render_to_string(
        "annotations/coding/text.html", {"text": text, "marks": marks or [], "masked": masked or []}
    )


@UNHURRIED
@given(HOSTILE, RANGES, RANGES)
@example("a &amp; b", [(3, 5)], [])
@example("a &amp; b", [], [(3, 5)])
def test_the_stored_pieces_give_back_the_text(text, marked, masked):
    leaves = leaves_of(segments(text, marks_from(text, marked), masked))
    assert "".join(leaf.stored for leaf in leaves) == text
    place = 0
    for leaf in leaves:
        assert leaf.start == place
        place += len(leaf.stored)
        if not leaf.is_atom:
            assert len(leaf.shown) == len(leaf.stored)
        if leaf.kind == "":
            assert leaf.shown == leaf.stored


@UNHURRIED
@given(HOSTILE, RANGES)
def test_every_mark_is_drawn_around_all_it_covers(text, ranges):
    marks = marks_from(text, ranges)
    nodes = segments(text, marks)
    for mark in marks:
        inside = list(covered(nodes, mark.key))
        stored = "".join(leaf.stored for leaf in inside)
        assert text[mark.start : mark.end] in stored
        # More than the mark itself only where it ends in the middle of an entity.
        assert len(stored) <= mark.end - mark.start + 2 * 32


def covered(nodes, key, within=False):
    for node in nodes:
        if isinstance(node, Leaf):
            if within:
                yield node
        else:
            yield from covered(node.children, key, within or node.mark.key == key)


@UNHURRIED
@given(HOSTILE, RANGES)
def test_what_is_drawn_reads_as_text_and_holds_no_foreign_element(text, ranges):
    page = drawn(text, marks_from(text, ranges))
    assert set(re.findall(r"<(/?\w+)", page)) <= {"span", "/span", "mark", "/mark"}
    shown = "".join(leaf.shown for leaf in leaves_of(segments(text)))
    assert html.unescape(re.sub(r"<[^>]+>", "", page)) == html.unescape(html.escape(shown))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "&lt;img src=x onerror=alert(1)&gt;",
        '" onmouseover="alert(1)',
        "{{ settings }}",
    ],
)
def test_mark_up_in_a_message_is_text(text):
    page = drawn(text, [Mark("s1", 0, len(text), tag='"><script>')])
    assert "<script" not in page
    assert "<img" not in page
    assert re.findall(r"<[^>]*\son\w+=", page) == []


def test_an_entity_is_shown_resolved_once_and_stands_for_its_stored_characters():
    leaves = leaves_of(segments("Tom &amp;amp; Jip"))
    assert [(leaf.stored, leaf.shown) for leaf in leaves] == [
        ("Tom ", "Tom "),
        ("&amp;", "&"),
        ("amp; Jip", "amp; Jip"),
    ]
    assert 'data-stored="26.61.6d.70.3b"' in drawn("Tom &amp; Jip")


def test_what_cannot_be_seen_is_shown_by_its_number_and_turns_nothing_round():
    page = drawn("abc\u202eexe.txt\u200b")
    assert "\u202e" not in page
    assert "U+202E" in page
    assert "U+200B" in page


@pytest.mark.parametrize("word", ["می\u200cخواهم", "क्\u200dष"])
def test_a_joiner_that_a_script_needs_is_part_of_its_word(word):
    assert word in drawn(word)
    assert "U+200" not in drawn(word)
    assert "U+200C" in drawn("a\u200cb")


def test_the_names_before_a_reply_are_folded_if_there_are_several():
    assert drawn("@a @b dank @c").count("inert--leading") == 2
    assert "inert--leading" not in drawn("@a dank @b")


def test_an_emoji_of_several_code_points_stays_whole():
    for emoji in ("👨‍👩‍👧", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "👩🏽‍🚀", "❤️‍🔥"):
        assert [leaf.shown for leaf in leaves_of(segments(f"a {emoji} b"))] == [f"a {emoji} b"]


def test_five_thousand_emoji_are_one_piece():
    text = "😀" * 5000
    assert segments(text) == [Leaf(0, text, text)]


def test_handles_hashtags_and_addresses_are_styled_but_lead_nowhere():
    page = drawn("@kees #storing https://example.org/a info@example.org")
    assert "<a" not in page
    assert "href" not in page
    assert re.findall(r"inert--(\w+)", page) == ["mention", "hashtag", "url"]


def test_spans_that_overlap_are_cut_in_pieces_and_only_the_last_carries_the_tag():
    nodes = segments("abcdef", [Mark("s1", 0, 4, tag="een"), Mark("s2", 2, 6, tag="twee")])
    first, second = nodes
    assert isinstance(first, Marked)
    assert isinstance(second, Marked)
    inner = first.children[1]
    assert isinstance(inner, Marked)
    assert (inner.mark.key, inner.first, inner.last) == ("s2", True, False)
    assert (second.mark.key, second.first, second.last) == ("s2", False, True)
    page = drawn("abcdef", [Mark("s1", 0, 4, tag="een"), Mark("s2", 2, 6, tag="twee")])
    assert page.count('data-tag="twee"') == 1
    assert "span--from" in page
    assert "span--to" in page


def test_masked_stretches_show_bullets_of_the_same_length_and_nothing_else():
    page = drawn("bel 06-00000011 nu", [Mark("c1", 4, 15)], [(4, 15)])
    assert "06-00000011" not in page
    assert "•" * 11 in page
    assert mask("bel 06-00000011 nu", [(4, 15)]) == "bel ••••••••••• nu"
