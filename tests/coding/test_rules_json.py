"""What is asked and what is open: the table of cases on the server.

Chromium runs the same table on the page's own rules in tests/browser/test_coding_rules.py.
"""

from datetime import timedelta

import pytest

from annotations.codebooks.conditions import Rules
from annotations.codebooks.reading import read_codebook
from annotations.coding.replies import replied_messages
from annotations.coding.rules_json import proposals_json, rules_json
from annotations.studies.codebook_choice import LIBRARY
from tests.coding.conditions import CASES, rules, unit_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_server_decides_as_the_table_says(case):
    unit = unit_of(case["unit"])
    asked = rules()
    assert [variable.key for variable in asked.visible(unit)] == case["show"]
    assert [variable.key for variable in asked.open(unit)] == case["open"]


def test_rules_are_written_level_by_level_with_their_tests():
    written = rules_json(rules())
    assert [rule["key"] for rule in written["span"]] == ["kind", "whose"]
    found = next(rule for rule in written["message"] if rule["key"] == "found")
    assert found["show"] == {"here": [], "below": [["span", [["whose", ["other"]], ["kind", ["phone"]]]]]}
    assert found["required"] is True


def test_proposals_follow_from_fragments_and_replies():
    """The library's short codebook: what is marked, which kinds, and whether there was a reply."""
    source = (LIBRARY / "webcare_privacy_core.yaml").read_text(encoding="utf-8")
    book = read_codebook(source)
    found = proposals_json(book, Rules(book))
    assert found["contains_pii"] == {"rule": "marked", "yes": "yes", "no": "no"}
    assert found["info_types"]["rule"] == "union_of_spans"
    assert found["info_types"]["from"] == "info_type"
    assert "phone" in found["info_types"]["among"]
    assert found["response_present"] == {"rule": "reply_in_thread", "yes": "yes"}


@pytest.mark.django_db
def test_a_message_counts_as_replied_to_by_what_comes_next(scene):
    thread = list(scene.conversation.messages.select_related("account"))
    assert replied_messages(thread) == {scene.message.pk}
    thread[1].created_at += timedelta(days=8)
    assert replied_messages(thread) == set()
    assert replied_messages(thread[:1]) == set()
