"""What a contradiction or a condition of a draft would hit in what was coded, before it is published."""

import pytest
from django.test import Client
from django.urls import reverse

from annotations.drafts import hits as module
from annotations.drafts.hits import hits
from annotations.drafts.publish import check

from .help import Drafting, coded_study

pytestmark = pytest.mark.django_db


def found(drafting, item):
    return hits(drafting.study, drafting.draft.base_id, check(drafting.draft), drafting.draft.document, item)


def with_rule(drafting, when, *, level="conversation"):
    rule = drafting.do(do="add_rule")
    drafting.set(rule, "level", level)
    drafting.set(rule, "when", when)
    for language in ("nl", "en"):
        drafting.set(rule, f"text.{language}", "Dat kan niet samen.")
    return rule


@pytest.fixture
def drafting():
    return Drafting(coded_study())


def test_a_rule_counts_the_units_that_hold_it_and_names_their_conversations(drafting):
    rule = with_rule(drafting, {"solved": ["partly"], "contains_pii": ["yes"]})
    told = found(drafting, rule)
    assert (told.kind, told.units, told.of_units, told.in_conversations) == ("rule", 2, 4, 2)
    assert [each.pk for each in told.conversations] == [talk.pk for talk in drafting.study.talks]
    drafting.set(rule, "when", {"solved": ["not"]})
    assert (found(drafting, rule).units, found(drafting, rule).conversations) == (0, ())


def test_answers_are_read_in_the_words_of_the_draft(drafting):
    rule = with_rule(drafting, {"solved": ["partly"]})
    drafting.set(drafting.id("solved", "partly"), "key", "half")
    drafting.set(drafting.id("solved"), "key", "helped")
    assert found(drafting, rule).units == 2
    drafting.split("helped", "half", "Bijna", "Amper")
    assert found(drafting, rule).units == 0  # nobody has answered either part


def test_a_condition_tells_of_what_it_is_asked_and_what_it_hides(drafting):
    place = drafting.id("removal_request")
    drafting.set(place, "show_if", {"contains_pii": ["no"]})
    told = found(drafting, place)
    assert (told.kind, told.units, told.hidden, len(told.conversations)) == ("question", 0, 4, 2)
    drafting.set(place, "show_if", {"contains_pii": ["yes"]})
    told = found(drafting, place)
    assert (told.units, told.of_units, told.hidden, told.conversations) == (4, 8, 0, ())
    assert found(drafting, drafting.id("solved")) is None


def test_while_there_are_mistakes_it_says_so_and_a_large_study_is_looked_at_in_part(drafting, monkeypatch):
    monkeypatch.setattr(module, "MOST_CODINGS", 3)
    rule = with_rule(drafting, {"solved": ["partly", "fully"]})
    told = found(drafting, rule)
    assert (told.codings, told.of_units, told.is_part) == (3, 3, True)
    drafting.set(rule, "when", {})
    assert not found(drafting, rule).can_count


def test_the_page_draws_it_and_coders_do_not_see_it(drafting):
    rule = with_rule(drafting, {"solved": ["partly"]})
    address = reverse("codebook_draft_hits", args=[drafting.study.slug])
    client = Client()
    client.force_login(drafting.study.boss)
    text = " ".join(client.get(address, {"item": rule}).text.split())
    assert '<strong class="num">2</strong> van de 4 gecodeerde eenheden bevatten deze tegenspraak' in text
    number = drafting.study.talks[0].number
    assert reverse("conversation", args=[drafting.study.slug, number]) in text
    assert client.get(address, {"item": "none"}).text.strip() == ""


@pytest.mark.parametrize("size", [1, 5])
def test_the_queries_do_not_grow(size, django_assert_max_num_queries):
    drafting = Drafting(coded_study(conversations=size))
    rule = with_rule(drafting, {"solved": ["partly"]})
    checked = check(drafting.draft)
    with django_assert_max_num_queries(9):
        hits(drafting.study, drafting.draft.base_id, checked, drafting.draft.document, rule)
