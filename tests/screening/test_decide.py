"""Deciding, undoing, doubting and settling: what counts, and where the search ends."""

import pytest
from django.urls import reverse
from django.utils import timezone

from annotations.errors import BadInput, NotAllowed, StaleWrite
from annotations.models import Event, ScreeningDecision, ScreeningLease
from annotations.screening.coding_round import make_coding_round
from annotations.screening.decide import Given, decide, settle, undo
from annotations.screening.queue import hand_out, lease_of, let_go
from tests.factories import make_conversation, make_member
from tests.screening.help import DOUBT, NO, YES, begin, finds, make_archive, people, screen, screen_all

pytestmark = pytest.mark.django_db


def test_messages_come_newest_first_and_the_search_ends_by_itself():
    study = make_archive(9)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=2)
    wanted = {"bericht 8", "bericht 5", "bericht 2"}
    number = screen_all(track, anna, lambda message: YES if message.text in wanted else NO)
    track.refresh_from_db()
    assert (number, track.found, track.screened, track.stop_position) == (5, 2, 5, 5)
    assert track.ended_at
    assert track.screening.state == "done"
    assert track.reached_at == track.units.get(position=5).message.created_at
    assert hand_out(track.pk, anna.pk) is None
    assert track.units.filter(state="new").count() == 4


def test_an_archive_that_holds_too_few_ends_where_it_ends():
    study = make_archive(3)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=50)
    assert screen_all(track, anna, lambda message: NO) == 3
    track.refresh_from_db()
    assert track.ended_at
    assert track.stop_position is None


@pytest.mark.parametrize(
    ("rule", "target", "says", "number"),
    [("screened", 4, YES, 4), ("without", 3, NO, 3)],
)
def test_the_other_rules_end_as_they_say(rule, target, says, number):
    study = make_archive(8)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], rule=rule, target=target)
    assert screen_all(track, anna, lambda message: says) == number
    track.refresh_from_db()
    assert track.ended_at


def test_a_find_starts_the_row_without_finds_anew():
    study = make_archive(9)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], rule="without", target=3)
    screen_all(track, anna, lambda message: YES if message.text == "bericht 7" else NO)
    track.refresh_from_db()
    assert track.stop_position == 6  # the find is at 3


def test_a_date_ends_the_frame_and_counts_what_is_older():
    study = make_archive(40)
    (anna,) = people(study, "anna")
    until = timezone.localdate(study.messages.order_by("-created_at")[0].created_at)
    track = begin(study, [anna], rule="date", until=until)
    inside = sum(timezone.localdate(message.created_at) == until for message in study.messages.all())
    assert (track.size, track.counts["older"]) == (inside, 40 - inside)


def test_who_leaves_gives_the_message_back_but_a_late_farewell_takes_it_from_no_page():
    study = make_archive(4)
    anna, bram = people(study, "anna", "bram")
    track = begin(study, [anna, bram], target=2)
    first = hand_out(track.pk, anna.pk)
    earlier = lease_of(track.pk, anna.pk)
    assert hand_out(track.pk, anna.pk) == first  # the page is loaded again
    let_go(track.pk, anna.pk, earlier)
    assert hand_out(track.pk, bram.pk) != first
    let_go(track.pk, anna.pk, "")
    assert ScreeningLease.objects.filter(coder=anna).exists()
    let_go(track.pk, anna.pk, lease_of(track.pk, anna.pk))
    assert lease_of(track.pk, anna.pk) == ""
    assert hand_out(track.pk, anna.pk) == first


def test_nobody_skips_and_nobody_gets_the_message_of_another():
    study = make_archive(5)
    anna, bram = people(study, "anna", "bram")
    track = begin(study, [anna, bram])
    first = hand_out(track.pk, anna.pk)
    assert hand_out(track.pk, anna.pk) == first
    second = hand_out(track.pk, bram.pk)
    assert (first.position, second.position) == (1, 2)


def test_what_is_abandoned_passes_to_the_next():
    study = make_archive(5)
    anna, bram = people(study, "anna", "bram")
    track = begin(study, [anna, bram])
    first = hand_out(track.pk, anna.pk)
    ScreeningLease.objects.update(until=timezone.now() - timezone.timedelta(seconds=1))
    assert hand_out(track.pk, bram.pk) == first
    decide(first.pk, NO, coder_id=bram.pk, revision=0)
    with pytest.raises(BadInput, match="collega"):
        decide(first.pk, YES, coder_id=anna.pk, revision=0)
    assert hand_out(track.pk, anna.pk).position == 2


def test_the_fiftieth_found_at_the_same_moment_is_the_one_that_comes_first_in_time():
    """Both have a message on screen when one is missing; whoever is quick, the same message counts."""
    for quick in (0, 1):
        study = make_archive(5)
        pair = people(study, f"anna{quick}", f"bram{quick}")
        track = begin(study, pair, target=1)
        units = [hand_out(track.pk, user.pk) for user in pair]
        for turn in (quick, 1 - quick):
            decide(units[turn].pk, YES, coder_id=pair[turn].pk, revision=0)
        assert finds(track) == [1]
        assert track.ended_at
        assert track.stop_position == 1
        assert track.units.get(position=2).answer == "yes"  # kept
        assert [hand_out(track.pk, user.pk) for user in pair] == [None, None]


def test_a_later_message_counts_when_the_earlier_one_is_none():
    study = make_archive(5)
    anna, bram = people(study, "anna", "bram")
    track = begin(study, [anna, bram], target=1)
    one, two = hand_out(track.pk, anna.pk), hand_out(track.pk, bram.pk)
    decide(two.pk, YES, coder_id=bram.pk, revision=0)
    track.refresh_from_db()
    assert track.ended_at is None, "the first is still on screen"
    assert hand_out(track.pk, bram.pk) is None, "no further message is handed out"
    decide(one.pk, NO, coder_id=anna.pk, revision=0)
    assert finds(track) == [2]
    assert track.ended_at


def test_undo_puts_the_message_back_and_the_log_keeps_what_was():
    study = make_archive(5)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=1)
    unit = screen(track, anna, YES)
    track.refresh_from_db()
    assert track.ended_at
    assert undo(track.pk, coder_id=anna.pk) == unit
    track.refresh_from_db()
    assert (track.found, track.screened, track.stop_position, track.ended_at) == (0, 0, None, None)
    assert hand_out(track.pk, anna.pk) == unit
    row = ScreeningDecision.objects.get()
    assert (row.answer, row.revision) == ("", 2)
    undone = Event.objects.get(action="screening.undone")
    assert (undone.before["answer"], undone.after["answer"]) == ("yes", "")
    decide(unit.pk, NO, coder_id=anna.pk, revision=2)
    with pytest.raises(BadInput):
        [undo(track.pk, coder_id=anna.pk) for _ in range(2)]


def test_a_doubt_goes_to_the_supervisor_and_keeps_the_end_open():
    study = make_archive(5)
    (anna,) = people(study, "anna")
    supervisor = make_member(study, "chef", "supervisor")
    track = begin(study, [anna], target=1)
    doubted = screen(track, anna, Given(is_doubt=True, note="een foto?"))
    found = screen(track, anna, YES)
    track.refresh_from_db()
    assert (track.with_supervisor, track.found, track.ended_at) == (1, 1, None)
    settle(doubted.pk, YES, actor_id=supervisor.pk, revision=0)
    assert finds(track) == [1]
    assert track.ended_at
    assert track.units.get(pk=found.pk).answer == "yes"
    # Settled again the other way, the later one counts after all.
    settle(doubted.pk, NO, actor_id=supervisor.pk, revision=1)
    assert finds(track) == [2]
    assert track.ended_at
    with pytest.raises(StaleWrite):
        settle(doubted.pk, YES, actor_id=supervisor.pk, revision=1)


def test_two_who_differ_are_settled_and_the_search_goes_on_if_it_must():
    study = make_archive(5)
    anna, bram = people(study, "anna", "bram")
    supervisor = make_member(study, "chef", "supervisor")
    track = begin(study, [anna, bram], target=1, double=100)
    one = screen(track, anna, YES)
    track.refresh_from_db()
    assert (track.found, track.ended_at) == (1, None), "the second is still to come"
    assert hand_out(track.pk, anna.pk) is None
    assert screen(track, bram, NO) == one
    assert hand_out(track.pk, bram.pk) is None
    settle(one.pk, NO, actor_id=supervisor.pk, revision=0)
    track.refresh_from_db()
    assert (track.found, track.stop_position) == (0, None)
    assert hand_out(track.pk, anna.pk).position == 2


def test_the_second_screener_gets_what_the_first_decided_and_no_other():
    study = make_archive(40)
    anna, bram = people(study, "anna", "bram")
    track = begin(study, [anna, bram], target=40, double=25)
    assert screen_all(track, anna, lambda message: NO) == 40
    doubles = track.units.filter(is_double=True).count()
    assert 0 < doubles < 40
    assert screen_all(track, bram, lambda message: NO) == doubles
    track.refresh_from_db()
    assert track.ended_at


def test_bad_decisions_change_nothing():
    study = make_archive(3)
    (anna,) = people(study, "anna")
    stranger = make_member(study, "zoe")
    track = begin(study, [anna])
    unit = hand_out(track.pk, anna.pk)
    for given in (
        Given("no"),
        Given("no", "because"),
        Given("maybe"),
        Given(),
        Given("yes", note="x" * 2001),
    ):
        with pytest.raises(BadInput):
            decide(unit.pk, given, coder_id=anna.pk, revision=0)
    with pytest.raises(NotAllowed):
        decide(unit.pk, YES, coder_id=stranger.pk, revision=0)
    with pytest.raises(StaleWrite):
        decide(unit.pk, YES, coder_id=anna.pk, revision=3)
    with pytest.raises(BadInput):
        settle(unit.pk, YES, actor_id=stranger.pk, revision=0)
    assert not ScreeningDecision.objects.exists()


def test_a_reply_that_got_lost_may_be_sent_again():
    study = make_archive(3)
    (anna,) = people(study, "anna")
    track = begin(study, [anna])
    unit = hand_out(track.pk, anna.pk)
    for _again in range(2):
        decide(unit.pk, DOUBT, coder_id=anna.pk, revision=0)
    assert ScreeningDecision.objects.get().revision == 1


def test_what_is_imported_later_is_not_in_the_frame():
    study = make_archive(4)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=9)
    make_conversation(study, "later gekomen")
    assert screen_all(track, anna, lambda message: NO) == 4


def test_taken_back_after_the_end_a_find_after_it_counts_after_all():
    study = make_archive(5)
    anna, bram = people(study, "anna", "bram")
    track = begin(study, [anna, bram], target=1)
    one, two = hand_out(track.pk, anna.pk), hand_out(track.pk, bram.pk)
    decide(one.pk, YES, coder_id=anna.pk, revision=0)
    decide(two.pk, YES, coder_id=bram.pk, revision=0)
    assert finds(track) == [1]
    assert track.ended_at
    undo(track.pk, coder_id=anna.pk)
    track.refresh_from_db()
    assert (track.ended_at, track.stop_position) == (None, 2)
    assert track.screening.state == "open"
    assert hand_out(track.pk, bram.pk) is None, "what is missing is with anna"
    decide(one.pk, NO, coder_id=anna.pk, revision=2)
    assert finds(track) == [2]
    assert track.ended_at


def test_nothing_is_taken_back_once_the_finds_went_to_coders():
    study = make_archive(5)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=1)
    screen(track, anna, YES)
    make_coding_round(track.screening_id, name="Codering", coder_ids=[anna.pk], actor_id=None)
    with pytest.raises(BadInput):
        undo(track.pk, coder_id=anna.pk)
    assert finds(track) == [1]


def test_a_message_of_which_nothing_was_heard_is_still_ones_own_if_nobody_took_it():
    study = make_archive(5)
    anna, bram = people(study, "anna", "bram")
    track = begin(study, [anna, bram])
    unit = hand_out(track.pk, anna.pk)
    ScreeningLease.objects.update(until=timezone.now() - timezone.timedelta(hours=1))
    decide(unit.pk, YES, coder_id=anna.pk, revision=0)
    assert finds(track) == [1]
    assert not ScreeningLease.objects.exists()


def test_back_to_a_page_that_was_left_and_its_message_with_a_colleague():
    """The page gives its message back when it is left; with the back button it shows it still."""
    study = make_archive(5)
    anna, bram = people(study, "anna", "bram")
    track = begin(study, [anna, bram])
    left = hand_out(track.pk, anna.pk)
    let_go(track.pk, anna.pk, lease_of(track.pk, anna.pk))
    assert hand_out(track.pk, bram.pk) == left
    with pytest.raises(BadInput, match="collega"):
        decide(left.pk, YES, coder_id=anna.pk, revision=0)
    decide(left.pk, NO, coder_id=bram.pk, revision=0)
    assert [row.coder_id for row in ScreeningDecision.objects.all()] == [bram.pk]


def test_in_two_tabs_one_answers_once(client_of):
    study = make_archive(5)
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=3)
    client = client_of(anna)

    def post(name, **values):
        return client.post(reverse(name, args=[study.slug, track.pk]), values)

    one, other = post("screen_next").json(), post("screen_next").json()
    assert one["unit"] == other["unit"]
    sent = {"unit": one["unit"], "revision": one["revision"]}
    following = post("screen_decide", **sent, answer="yes").json()["unit"]
    # The other tab says the same: nothing changes, and it gets the same next message.
    assert post("screen_decide", **sent, answer="yes").json()["unit"] == following
    # It says something else: refused, as that message was answered.
    assert post("screen_decide", **sent, answer="cannot_tell").status_code == 409
    assert ScreeningDecision.objects.get().answer == "yes"
    # One tab takes it back while the next message is on screen in the other, which then answers that one.
    assert post("screen_undo").json()["unit"] == one["unit"]
    assert post("screen_decide", unit=following, revision=0, answer="yes").json()["unit"] == one["unit"]
    post("screen_decide", unit=one["unit"], revision=2, answer="yes")
    assert finds(track) == [1, 2]
    assert track.screened == 2
    assert post("screen_decide", unit=10**9, revision=0, answer="yes").status_code == 404
