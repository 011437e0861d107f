"""The settling desk and its addresses."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Consensus, Event
from tests.adjudication.help import make_scene
from tests.factories import make_member, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def desk(client_of, scene):
    return client_of(scene.supervisor)


def url(scene, message, variable="contains_pii", whole=False, name="settle"):
    level, pk = ("conversation", message.conversation_id) if whole else ("message", message.pk)
    return reverse(name, args=[scene.study.slug, scene.round.pk, variable, level, pk])


def differ(scene, **fields):
    return scene.code(
        scene.conversation(),
        {"contains_pii": "yes", "solved": "not"},
        {"contains_pii": "no", "solved": "not"},
        **fields,
    )


def form(settlement, revision=0, **fields):
    return {"settlement": json.dumps(settlement), "revision": revision, **fields}


def test_the_desk_opens_on_the_first_that_waits(scene, desk):
    differ(scene)
    page = desk.get(reverse("disagreements", args=[scene.study.slug]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Bevat persoonsgegevens" in text
    assert "codeur 1" in text
    assert "codeur 2" in text


def test_names_are_hidden_until_the_decision(scene, desk):
    message = differ(scene)
    page = desk.get(url(scene, message)).content.decode()
    assert "noor" not in page
    assert "C1" not in re.sub(
        r"csrf\S+|\S*Token\S*|value=\S+", "", page
    )  # by chance in the token of the form
    assert "C1" in desk.get(url(scene, message), {"names": "1"}).content.decode()
    desk.post(url(scene, message), form("yes", reason="Er staat een nummer."))
    page = desk.get(url(scene, message)).content.decode()
    assert "noor" in page
    assert "Er staat een nummer." in page


def test_the_order_of_the_coders_differs_per_unit_and_is_the_same_at_every_look(scene, desk):
    both, orders = {("C1", "C2"), ("C2", "C1")}, set()
    # Under a key of the server, by the unit's number: 64 units with one order are no chance.
    for _ in range(64):
        message = differ(scene)
        page = desk.get(url(scene, message)).context["page"]
        again = desk.get(url(scene, message)).context["page"]
        assert [c.pseudonym for c in page.coders] == [c.pseudonym for c in again.coders]
        orders.add(tuple(c.pseudonym for c in page.coders))
        if orders == both:
            return
    raise AssertionError(f"always {orders}")


def test_settling_goes_on_to_the_next_that_waits(scene, desk):
    first, second = differ(scene), differ(scene)
    answer = desk.post(
        url(scene, first),
        form("yes", cause="mistake", reason="Een nummer.", settled_case="on", codebook_change="on"),
    )
    assert answer.status_code == 302
    assert answer.url == url(scene, second)
    consensus = Consensus.objects.get()
    assert (consensus.cause, consensus.reason) == ("mistake", "Een nummer.")
    assert consensus.is_settled_case
    assert consensus.needs_codebook_change
    answer = desk.post(url(scene, second), form("no"), follow=True)
    assert "Alles is beslist" in answer.content.decode()


@pytest.mark.parametrize(
    ("variable", "sent", "whole", "expected"),
    [
        ("contains_pii", {"other": '"cannot_tell"'}, False, ("cannot_tell", None, None)),
        ("contains_pii", {"other": "97"}, False, (None, None, 97)),
        ("waiting_days", {"other_written": "2,5"}, True, (None, "2.5", None)),
        ("waiting_days", {"other": "98"}, True, (None, None, 98)),
    ],
)
def test_another_value_than_the_coders_gave(scene, desk, variable, sent, whole, expected):
    message = differ(scene)
    answer = desk.post(
        url(scene, message, variable, whole),
        {"settlement": "other", "revision": 0, "other_written": "", **sent},
    )
    assert answer.status_code == 302
    row = Consensus.objects.get()
    number = None if row.number is None else f"{row.number.normalize()}"
    assert (row.category.key if row.category else None, number, row.missing) == expected


def test_other_categories_of_a_multi_variable(scene, desk):
    message = differ(scene)
    answer = desk.post(
        url(scene, message, "channels"), {"settlement": "other", "revision": 0, "other": ["dm", "mail"]}
    )
    assert answer.status_code == 302
    assert set(Consensus.objects.get().categories.values_list("key", flat=True)) == {"dm", "mail"}


def test_fragments_are_picked_one_by_one(scene, desk):
    message = differ(scene, spans=(((20, 31, "phone"),), ((20, 31, "phone"), (40, 62, "email"))))
    page = desk.get(url(scene, message, "info_type")).context["page"]
    assert len(page.options.fragments) == 2
    assert [len(v.fragments) for v in page.options.given_values] in ([1, 2], [2, 1])
    wanted = page.options.fragments[1].sent
    answer = desk.post(
        url(scene, message, "info_type"), {"settlement": "other", "revision": 0, "fragment": [wanted]}
    )
    assert answer.status_code == 302
    span = Consensus.objects.get().spans.get()
    assert (span.start, span.end, span.category.key) == (40, 62, "email")
    again = desk.get(url(scene, message, "info_type")).context["page"]
    assert again.is_settled
    assert [f.checked for f in again.options.fragments] == [False, True]


def test_a_stale_write_gets_409_and_shows_both_versions(scene, desk):
    message = differ(scene)
    desk.post(url(scene, message), form("yes", reason="Van de een"))
    answer = desk.post(url(scene, message), form("no", reason="Van de ander"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Van de een" in text
    assert "Van de ander" in text
    assert Consensus.objects.get().category.key == "yes"
    # The page now holds the revision it shows: recording again is a decision, not an accident.
    assert 'name="revision" value="1"' in text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"settlement": "other"},
        {"settlement": "not json"},
        {"settlement": '"perhaps"'},
        {"settlement": "[1, {}]"},
        {"settlement": "{}"},
        {"settlement": "null"},
        {"settlement": '"yes"', "cause": "boredom"},
        {"settlement": '"yes"', "reason": "x" * 5001},
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_changes_nothing(scene, desk, sent):
    message = differ(scene)
    answer = desk.post(url(scene, message), {"revision": 0, **sent})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Consensus.every.exists()


def test_a_reason_without_a_value_is_still_there(scene, desk):
    message = differ(scene)
    answer = desk.post(url(scene, message), {"revision": 0, "reason": "Nog niet af", "cause": "borderline"})
    assert answer.status_code == 422
    draft = answer.context["draft"]
    assert (draft.reason, draft.cause) == ("Nog niet af", "borderline")


def test_a_decision_can_be_taken_back(scene, desk):
    message = differ(scene)
    desk.post(url(scene, message), form("yes"))
    answer = desk.post(url(scene, message), {"act": "withdraw", "revision": 1}, follow=True)
    assert "Teruggenomen" in answer.content.decode() or "teruggenomen" in answer.content.decode()
    assert not Consensus.objects.exists()


def test_open_codings_never_appear(scene, desk):
    scene = make_scene(coders=3)
    conversation = scene.conversation()
    message = scene.code(conversation, {"contains_pii": "yes"}, {"contains_pii": "no"})
    open_one = {"contains_pii": "cannot_tell"}
    scene.coders = scene.coders[2:]
    scene.code(conversation, open_one, finished=False)
    page = desk.__class__()
    page.force_login(scene.supervisor)
    shown = page.get(url(scene, message)).context["page"]
    assert [value.sent for value in shown.options.given_values] == ['"yes"', '"no"']
    assert len(shown.coders) == 2


def addresses(scene, message):
    slug = scene.study.slug
    return [
        reverse("disagreements", args=[slug]),
        reverse("disagreements_count", args=[slug]),
        reverse("decision_log", args=[slug]),
        reverse("decision_log_csv", args=[slug]),
        url(scene, message),
    ]


def test_coders_and_strangers_reach_none_of_it(scene, client_of, client):
    message = differ(scene)
    stranger = make_member(make_study(), "steven", "supervisor")
    for address in addresses(scene, message):
        assert client_of(scene.coders[0]).get(address).status_code == 403, address
        assert client_of(stranger).get(address).status_code == 404, address
        assert client.get(address).status_code in (302, 401), address
    for name in ("settle", "settle_reveal"):
        assert client_of(scene.coders[0]).post(url(scene, message, name=name), form("yes")).status_code == 403
    assert not Consensus.every.exists()


def test_units_of_another_study_do_not_exist(scene, desk):
    elsewhere = make_scene()
    other = differ(elsewhere)
    mine = differ(scene)
    for address in (
        reverse("settle", args=[scene.study.slug, scene.round.pk, "contains_pii", "message", other.pk]),
        reverse("settle", args=[scene.study.slug, elsewhere.round.pk, "contains_pii", "message", mine.pk]),
        reverse("settle", args=[scene.study.slug, scene.round.pk, "nonsense", "message", mine.pk]),
        reverse("settle", args=[scene.study.slug, scene.round.pk, "solved", "message", mine.pk]),
        reverse("settle", args=[scene.study.slug, scene.round.pk, "contains_pii", "span", mine.pk]),
    ):
        assert desk.get(address).status_code == 404


def test_hostile_texts_are_inert(scene, desk):
    bad = "<script>alert(1)</script>"
    conversation = scene.conversation(f"{bad} 06-00000011 &lt;b&gt; \u202e", bad)
    message = scene.code(
        conversation,
        {"contains_pii": "yes"},
        {"contains_pii": "no"},
        spans=(((0, len(bad), "phone"),), ()),
    )
    for variable in ("contains_pii", "info_type"):
        desk.post(url(scene, message, variable), form([] if variable == "info_type" else "yes", reason=bad))
        text = desk.get(url(scene, message, variable)).content.decode()
        assert bad not in text
        assert "&lt;script&gt;" in text
    log = desk.get(reverse("decision_log", args=[scene.study.slug])).content.decode()
    assert bad not in log


def test_in_a_masked_study_the_text_is_shown_on_request_and_on_the_record(client_of):
    scene = make_scene(privacy="masked")
    desk = client_of(scene.supervisor)
    message = differ(scene, spans=(((20, 31, "phone"),), ()))
    for variable in ("contains_pii", "info_type"):
        page = desk.get(url(scene, message, variable)).content.decode()
        assert "06-00000011" not in page
    page = desk.post(url(scene, message, name="settle_reveal"))
    assert "06-00000011" in page.content.decode()
    event = Event.objects.get(action="conversation.revealed")
    assert event.actor == scene.supervisor
    assert desk.get(url(scene, message, name="settle_reveal")).status_code == 405


def test_the_navigation_counts_what_is_open(scene, desk):
    address = reverse("disagreements_count", args=[scene.study.slug])
    assert desk.get(address).status_code == 204
    message = differ(scene)
    differ(scene)
    assert ">2<" in desk.get(address).content.decode()
    desk.post(url(scene, message), form("yes"))
    assert ">1<" in desk.get(address).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_disagreements(client_of):
    counts = []
    for size in (10, 60):
        scene = make_scene()
        desk = client_of(scene.supervisor)
        for _ in range(size):
            message = differ(scene, spans=(((20, 31, "phone"),), ()))
        by_conversation = {"order": "conversation"}  # so that every page of the queue holds both variables
        desk.get(url(scene, message), by_conversation)  # the session, the codebook, what differs
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(url(scene, message), by_conversation).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
    assert counts[0] <= 42
