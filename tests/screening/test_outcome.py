"""What comes of a screening: flow, prevalence, agreement, the coding round and the comparison sample."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from annotations.coding.answers import load_state
from annotations.coding.marks import load_marks
from annotations.coding.queue import own_assignment
from annotations.coding.save import start_coding
from annotations.coding.thread import load_thread
from annotations.errors import BadInput
from annotations.models import Candidate, ComparisonUnit, Message
from annotations.screening.coding_round import make_coding_round, meant_in_round
from annotations.screening.comparison import Member, draw, draw_comparison
from annotations.screening.decide import Given
from annotations.screening.double import agreement
from annotations.screening.frame import FRAMES, ask_elusion_sample
from annotations.screening.methods import paragraphs
from annotations.screening.outcome import as_dict, outcomes
from annotations.screening.page import load_screen
from annotations.screening.queue import hand_out
from tests.factories import make_candidate, make_conversation
from tests.screening.help import NO, YES, begin, finds, make_archive, people, screen, screen_all

pytestmark = pytest.mark.django_db


def every(step: int):
    """Says yes to every so many-th message of the order."""
    seen = []

    def says(message: Message) -> Given:
        seen.append(message)
        return YES if len(seen) % step == 0 else NO

    return says


def test_inverse_sampling_and_the_flow_add_up():
    study = make_archive(60)
    (anna,) = people(study, "anna")
    make_conversation(study, "", "wij helpen u")  # deleted, and one of the organisation
    track = begin(study, [anna], target=10)
    screen_all(track, anna, every(4))
    (row,) = outcomes(track.screening)
    assert (row.tally.found, row.tally.screened) == (10, 40)
    # (r - 1) / (N - 1); exact interval Beta(.025; 10, 31), Beta(.975; 10, 30)
    assert row.prevalence.value == pytest.approx(9 / 39)
    assert row.prevalence.interval == pytest.approx((0.1269, 0.3933), abs=5e-4)
    told = as_dict(track.screening)
    steps = {step["step"]: step["messages"] for step in told["flow"]}
    assert steps["archive"] == 62
    left = steps["others"] + steps["outside"] + steps["lost"]
    assert steps["window"] == steps["archive"] - left == 60
    assert steps["screened"] == steps["window"] - steps["not_screened"]
    assert steps["screened"] == steps["found"] + steps["no:nothing_visible"]
    assert told["organisations"][0]["excluded"] == {"nothing_visible": 30}


def test_the_command_prints_json_and_refuses_an_unknown_name(capsys):
    study = make_archive(12, slug="klein")
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=2)
    screen_all(track, anna, every(3))
    call_command("screening", "klein", "--json")
    (one,) = json.loads(capsys.readouterr().out)["screenings"]
    row = one["organisations"][0]
    assert (row["target"], row["found"], row["screened"], row["design"]) == (2, 2, 6, "strict")
    call_command("screening", "klein", "terugzoeken")
    assert "2 of 2 found, 6 screened" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("screening", "klein", "nergens")


def test_messages_without_a_candidate_are_sampled_and_join_the_estimate():
    study = make_archive(40)
    (anna,) = people(study, "anna")
    for message in study.messages.all()[::2]:
        make_candidate(message, "bericht", "phone")
    track = begin(study, [anna], target=5, design="detector", elusion_size=8)
    assert track.size == Candidate.objects.count() == 20
    with pytest.raises(BadInput):
        ask_elusion_sample(track.pk, actor_id=None)
    screen_all(track, anna, every(3))
    sample = ask_elusion_sample(track.pk, actor_id=None)
    FRAMES.run(sample.pk)
    sample.refresh_from_db()
    last = track.units.get(position=15).message.created_at
    drawn = Message.objects.filter(screening_units__track=sample)
    assert not drawn.filter(candidates__isnull=False).exists()
    assert drawn.count() == 8
    assert min(message.created_at for message in drawn) >= last
    screen_all(sample, anna, every(8))
    track.screening.refresh_from_db()
    assert track.screening.state == "done"
    (row,) = outcomes(track.screening)
    both = row.both_steps
    assert both.missed.value == pytest.approx(sample.counts["population"] / 8)
    assert "1" in paragraphs(track.screening, [row], None)["nl"]


def test_agreement_rests_on_what_was_said_before_settling():
    study = make_archive(30)
    pair = people(study, "anna", "bram")
    track = begin(study, pair, target=30, double=100)
    screen_all(track, pair[0], every(3))
    screen_all(track, pair[1], every(3))
    found = agreement(track.screening)
    assert (found.result.pairable_units, found.result.percent_agreement, found.result.alpha) == (30, 1.0, 1.0)


def test_finds_and_comparisons_go_to_coders_in_one_round():
    study = make_archive(30)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=5)
    with pytest.raises(BadInput):
        make_coding_round(track.screening_id, name="Codering", coder_ids=[anna.pk], actor_id=None)
    screen_all(track, anna, every(4))
    draw_comparison(track.screening_id, design="random", per_find=2, seed=3, actor_id=None)
    of_round = make_coding_round(track.screening_id, name="Codering", coder_ids=[anna.pk], actor_id=None)
    meant = meant_in_round(of_round.pk)
    assert [one.stratum for one in meant].count("find") == 5
    assert [one.stratum for one in meant].count("comparison") == 10
    assert of_round.assignments.count() == 15
    assignment = own_assignment(of_round.assignments.first().pk, study_id=study.pk, coder_id=anna.pk)
    coding = start_coding(assignment.pk, actor_id=anna.pk)
    coding.assignment = assignment
    state = load_state(coding)
    thread = load_thread(assignment, state, load_marks(assignment, state), "nl")
    assert [item.is_meant for item in thread] == [True]
    # What was coded from it can no longer change.
    with pytest.raises(BadInput):
        screen(track, anna, NO) if hand_out(track.pk, anna.pk) else draw_again(track)


def draw_again(track) -> None:
    draw_comparison(track.screening_id, design="random", per_find=2, seed=3, actor_id=None)


def test_two_finds_in_one_conversation_are_two_of_the_number():
    study = make_archive(0)
    (anna,) = people(study, "anna")
    make_conversation(study, "mijn nummer", "dank", "en mijn adres")
    track = begin(study, [anna], target=2)
    screen_all(track, anna, lambda message: YES)
    assert finds(track) == [1, 2]
    of_round = make_coding_round(track.screening_id, name="Codering", coder_ids=[anna.pk], actor_id=None)
    assert of_round.assignments.count() == 1
    assert len(meant_in_round(of_round.pk)) == 2


def test_matched_controls_share_month_and_first_contact():
    found = [Member(1, 1, ("2019-04", True)), Member(2, 2, ("2019-05", False))]
    pool = [Member(10 + n, 10 + n, ("2019-04", True)) for n in range(3)]
    pool += [Member(20, 20, ("2019-05", False)), Member(21, 20, ("2019-05", False))]
    pairs = draw(found, pool, design="matched", per_find=2, seed=1)
    assert pairs == draw(found, pool[::-1], design="matched", per_find=2, seed=1)
    assert all(find.stratum == control.stratum for find, control in pairs)
    assert sorted(find.unit for find, _control in pairs) == [1, 1, 2]
    assert len({control.conversation for _find, control in pairs}) == 3


def test_the_comparison_holds_no_conversation_with_a_find():
    study = make_archive(20)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=4)
    screen_all(track, anna, every(3))
    draw_comparison(track.screening_id, design="random", per_find=4, seed=3, actor_id=None)
    drawn = set(ComparisonUnit.objects.values_list("conversation_id", flat=True))
    found = set(track.units.filter(answer="yes").values_list("message__conversation_id", flat=True))
    assert len(drawn) == 8
    assert not drawn & found


@pytest.mark.parametrize("size", [8, 80])
def test_a_screen_takes_as_many_queries_in_any_archive(size, django_assert_max_num_queries):
    study = make_archive(size)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=50)
    for _ in range(6):
        screen(track, anna, YES)
    unit = hand_out(track.pk, anna.pk)
    load_screen(track.pk, anna.pk, unit, "nl")  # the codebook is read once per process
    with django_assert_max_num_queries(10):
        load_screen(track.pk, anna.pk, unit, "nl")


def test_a_masked_study_stays_masked_until_it_is_asked_for():
    study = make_archive(0)
    study.privacy = "masked"
    study.save()
    (anna,) = people(study, "anna")
    conversation = make_conversation(study, "bel 06-00000011")
    make_candidate(conversation.messages.get(), "06-00000011", "phone")
    track = begin(study, [anna])
    client = Client()
    client.force_login(anna)
    hidden = client.post(reverse("screen_next", args=[study.slug, track.pk])).json()
    assert "06-00000011" not in hidden["html"]
    shown = client.post(reverse("screen_reveal", args=[study.slug, track.pk])).json()
    assert "06-00000011" in shown["html"]
    assert study.events.filter(action="conversation.revealed").count() == 1
