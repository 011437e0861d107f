"""The thread beside a unit: whose fragments lie where, what is hidden; and values in words."""

from dataclasses import replace

import pytest
from django.utils import translation

from annotations.codebooks.lookup import lookup
from annotations.codebooks.values import Missing
from annotations.coding.save import add_span
from annotations.finals.given import Coder, groups, shown_coders
from annotations.finals.settled import SpanValue
from annotations.finals.thread import LANES, lanes_of, load_lines, masked_places
from annotations.finals.wording import category_label, settlement_label, value_label
from annotations.models import Consensus, ConsensusSpan
from tests.factories import (
    make_candidate,
    make_coding,
    make_conversation,
    make_member,
    make_round,
    make_study,
)

TEXT = "Bel &amp; 06-00000011\u200b nu"
PHONE = SpanValue(10, 21, "phone")


def coders(number: int) -> dict[int, Coder]:
    return {100 + place: Coder(place, f"C{place}", f"Name {place}") for place in range(1, number + 1)}


def test_as_many_coders_have_a_lane_as_can_be_told_apart():
    given = dict.fromkeys(coders(LANES + 1), (PHONE,)) | {101: ()}
    lanes = lanes_of(given, coders(LANES + 1))
    assert lanes == [(1, ()), (2, (PHONE,)), (3, (PHONE,)), (4, (PHONE,))]
    assert lanes_of({101: "yes", 102: frozenset({"dm"})}, coders(2)) == [], "only fragments lie on a lane"


@pytest.mark.django_db
class TestThread:
    @pytest.fixture
    def study(self):
        study = make_study(privacy="pseudonymised", detector_version="2")
        study.talk = make_conversation(study, TEXT, "Stuur een DM aan 06-00000011")
        study.first, study.second = study.talk.messages.order_by("position")
        return study

    def test_a_character_lies_on_the_lane_of_each_coder_whose_fragment_holds_it(self, study):
        study.privacy = "open"
        lanes = [(1, (SpanValue(4, 12, "phone"),)), (2, (PHONE, SpanValue(21, 22, "bsn")))]
        lines, is_masked = load_lines(study, study.talk, study.first, lanes)
        assert not is_masked
        assert [(piece.shown, piece.css, piece.stored) for piece in lines[0].pieces] == [
            ("Bel ", "", ""),
            ("&", "lanes on-1", "26.61.6d.70.3b"),
            (" ", "lanes on-1", ""),
            ("06", "lanes on-1 on-2", ""),
            ("-00000011", "lanes on-2", ""),
            ("U+200B", "lanes on-2 odd", "200b"),
            (" nu", "", ""),
        ]
        assert [line.is_current for line in lines] == [True, False]
        assert [(piece.shown, piece.css) for piece in lines[1].pieces] == [(study.second.text, "")]
        assert lines[0].quote(10, 21) == "06-00000011"
        assert [line.pk for line in lines] == [study.first.pk, study.second.pk]

    def test_a_conversation_as_a_unit_has_no_current_message(self, study):
        lines, _ = load_lines(study, study.talk, None, [(1, (PHONE,))])
        assert not any(line.is_current for line in lines)
        assert not any("lanes" in piece.css for line in lines for piece in line.pieces)

    def test_what_was_found_marked_or_settled_is_hidden_unless_it_is_revealed(self, study):
        coder = make_member(study, "noor")
        make_candidate(study.first, "06-00000011", "phone", version="2")
        make_candidate(study.first, "nu", "name", version="1")
        coding = make_coding(study.talk, coder)
        add_span(
            coding.pk,
            actor_id=coder.pk,
            message_id=study.second.pk,
            start=0,
            end=5,
            quote="Stuur",
            info_type="bsn",
        )
        book = lookup(study.codebook_version_id)
        consensus = Consensus.objects.create(
            round=make_round(study),
            conversation=study.talk,
            message=study.second,
            variable_id=book.variable_ids["info_type"],
            decided_by=coder,
        )
        ConsensusSpan.objects.create(
            consensus=consensus, start=17, end=28, category_id=book.category_ids["info_type", "phone"]
        )
        other = make_conversation(study, "06-00000012")
        make_candidate(other.messages.get(), "06-00000012", "phone", version="2")
        assert masked_places(study, [study.talk.pk]) == {
            study.first.pk: [(10, 21)],
            study.second.pk: [(0, 5), (17, 28)],
        }
        lines, is_masked = load_lines(study, study.talk, study.first, [(1, (PHONE,))])
        assert is_masked
        assert lines[0].quote(10, 21) == "•" * 11
        assert [(piece.shown, piece.css) for piece in lines[0].pieces][-3:-1] == [
            ("•" * 11, "lanes on-1 redacted"),
            ("U+200B", "odd"),
        ]
        assert [(piece.shown, piece.css) for piece in lines[1].pieces] == [
            ("•••••", "redacted"),
            (" een DM aan ", ""),
            ("•" * 11, "redacted"),
        ]
        lines, is_masked = load_lines(study, study.talk, study.first, [], revealed=True)
        assert is_masked, "something would be hidden; it is revealed for now"
        assert lines[1].quote(0, 5) == "Stuur"
        assert lines[1].pieces[0].shown == study.second.text
        study.privacy = "open"
        assert masked_places(study, [study.talk.pk]) == {}

    def test_a_coder_is_shown_by_number_name_and_pseudonym_and_one_who_left_by_number(self, study):
        noor = make_member(study, "noor", pseudonym="C7")
        noor.first_name, noor.last_name = "Noor", "Demo"
        noor.save()
        daan = make_member(study, "daan", pseudonym="C8")
        stranger = make_member(make_study(), "elsewhere")
        shown = shown_coders(study.pk, [daan.pk, stranger.pk, noor.pk])
        assert shown == {
            daan.pk: Coder(1, "C8", "daan"),
            stranger.pk: Coder(2, "–", "–"),
            noor.pk: Coder(3, "C7", "Noor Demo"),
        }
        with translation.override("en"):
            assert shown[noor.pk].alias == "coder 3"

    def test_values_in_words(self, study):
        book = lookup(study.codebook_version_id)
        variables = book.spec.by_key

        def label(variable, value, language="en"):
            return settlement_label(book, variables[variable], value, language)

        assert label("solved", "partly") == "Partly"
        assert label("solved", "partly", "nl") == "Deels"
        assert label("channels", frozenset({"mail", "dm"})) == "DM, Mail"
        assert label("solved", Missing.NOT_CODED) == "Not coded"
        assert label("solved", Missing.NOT_CODED, "nl") == "Niet gecodeerd"
        with translation.override("en"):
            assert label("info_type", ()) == "no fragments"
        assert label("info_type", (PHONE,)) == "Phone"
        several = (PHONE, SpanValue(0, 2, "bsn"), SpanValue(3, 4, "bsn"), SpanValue(3, 4, "gone"))
        assert label("info_type", several, "nl") == "Telefoon, BSN ×2, gone"
        assert category_label(variables["info_type"], "gone", "en") == "gone", (
            "of an earlier version: its key"
        )
        unnamed = replace(book, spec=replace(book.spec, missing_codes={}))
        assert value_label(unnamed, variables["solved"], Missing.UNDETERMINED, "en") == "98"


def test_coders_who_gave_the_same_stand_together_in_the_order_in_which_they_gave_it():
    given = {1: "yes", 2: "no", 3: "yes", 4: ()}
    assert groups(given) == [("yes", [1, 3]), ("no", [2]), ((), [4])]
