"""Settling: what is stored, what is refused, and that coders' codes stay as they were."""

import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from annotations.adjudication.imported import import_settled
from annotations.adjudication.resolve import settle, withdraw
from annotations.adjudication.units import Ruling, find_unit
from annotations.codebooks.values import Missing
from annotations.errors import BadInput, NotAllowed, StaleWrite
from annotations.finals.of_round import SETTLED, final_spans, final_values
from annotations.finals.settled import SpanValue
from annotations.models import Code, CodeCategory, Coding, Consensus, Decision, Event, Span
from tests.adjudication.help import TEXT, make_scene
from tests.factories import SMALL_CODEBOOK, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db

PHONE = SpanValue(20, 31, "phone")
MAIL = SpanValue(40, 62, "email")


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def message(scene):
    return scene.code(
        scene.conversation(),
        {"contains_pii": "yes", "channels": frozenset({"dm"}), "solved": "not"},
        {"contains_pii": "no", "channels": frozenset({"mail"}), "solved": "fully"},
        spans=((PHONE[:3],), (PHONE[:3], MAIL[:3])),
    )


def unit_of(scene, message, variable):
    level = scene.round.codebook_version.variables.get(key=variable).level
    return find_unit(
        scene.round, variable, message.conversation_id, None if level == "conversation" else message.pk
    )


def decide(scene, message, variable, settlement, revision=0, **words):
    return settle(
        unit_of(scene, message, variable),
        Ruling(settlement, **words),
        revision=revision,
        actor_id=scene.supervisor.pk,
    )


def final(scene, variable):
    found = [*final_values(scene.round), *final_spans(scene.round)]
    return next(value for value in found if value.variable == variable)


@pytest.mark.parametrize(
    ("variable", "settlement"),
    [
        ("contains_pii", "yes"),
        ("contains_pii", "cannot_tell"),
        ("channels", frozenset({"dm", "mail"})),
        ("channels", frozenset()),
        ("removal_request", Missing.NOT_APPLICABLE),
        ("removal_request", "no"),
        ("waiting_days", Decimal("2.5")),
        ("solved", "partly"),
        ("info_type", (PHONE, MAIL)),
        ("info_type", ()),
    ],
)
def test_what_is_settled_is_the_final_value(scene, message, variable, settlement):
    decide(scene, message, variable, settlement)
    found = final(scene, variable)
    assert (found.source, found.value) == (SETTLED, settlement)


def test_coders_codes_and_fragments_stay_as_they_were(scene, message):
    def everything():
        return [list(model.objects.order_by("id").values()) for model in (Coding, Code, CodeCategory, Span)]

    before = everything()
    decide(scene, message, "contains_pii", "yes")
    decide(scene, message, "channels", frozenset({"dm"}))
    decide(scene, message, "info_type", (PHONE,))
    decide(scene, message, "info_type", (), revision=1)
    withdraw(unit_of(scene, message, "contains_pii"), revision=1, actor_id=scene.supervisor.pk)
    assert everything() == before


def test_every_decision_is_kept_and_cannot_be_changed(scene, message):
    decide(scene, message, "channels", frozenset({"dm"}), cause="mistake", reason="Er staat dm.")
    decide(scene, message, "channels", frozenset({"dm", "mail"}), revision=1, cause="borderline")
    withdraw(unit_of(scene, message, "channels"), revision=2, actor_id=scene.supervisor.pk, reason="Te snel.")
    rows = list(Decision.objects.values_list("revision", "value", "is_withdrawal", "cause", "reason"))
    assert rows == [
        (1, ["dm"], False, "mistake", "Er staat dm."),
        (2, ["dm", "mail"], False, "borderline", ""),
        (3, ["dm", "mail"], True, "", "Te snel."),
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(reason="anders")


def test_a_decision_taken_back_settles_nothing_and_can_be_taken_anew(scene, message):
    decide(scene, message, "contains_pii", "yes", reason="Er staat een nummer.")
    withdraw(unit_of(scene, message, "contains_pii"), revision=1, actor_id=scene.supervisor.pk)
    assert final(scene, "contains_pii").source == "unresolved"
    assert not Consensus.objects.exists()
    assert Consensus.every.get().reason == "Er staat een nummer."
    again = decide(scene, message, "contains_pii", "yes", revision=2, reason="Er staat een nummer.")
    assert again.revision == 3
    assert final(scene, "contains_pii").value == "yes"


def test_a_stale_write_is_refused_and_tells_what_stands_there(scene, message):
    decide(scene, message, "contains_pii", "yes")
    with pytest.raises(StaleWrite) as refused:
        decide(scene, message, "contains_pii", "no")
    assert (refused.value.current, refused.value.revision) == ("yes", 1)
    with pytest.raises(StaleWrite):
        withdraw(unit_of(scene, message, "contains_pii"), revision=7, actor_id=scene.supervisor.pk)
    assert Consensus.objects.get().revision == 1


def test_sending_the_same_decision_again_changes_nothing(scene, message):
    first = decide(scene, message, "info_type", (PHONE, MAIL), cause="mistake")
    again = decide(scene, message, "info_type", (MAIL, PHONE), cause="mistake")
    assert (again.pk, again.revision) == (first.pk, 1)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("variable", "settlement"),
    [
        ("contains_pii", "perhaps"),
        ("contains_pii", (PHONE,)),
        ("channels", frozenset({"dm", "none"})),
        ("channels", "dm"),
        ("info_type", "phone"),
        ("info_type", (SpanValue(20, len(TEXT) + 1, "phone"),)),
        ("info_type", (SpanValue(31, 31, "phone"),)),
        ("info_type", (SpanValue(-1, 3, "phone"),)),
        ("info_type", (SpanValue(15, 16, "phone"),)),  # a space
        ("info_type", (SpanValue(20, 31, "passport"),)),
        ("info_type", (SpanValue(20, 31, "phone", (("contains_pii", "yes"),)),)),
    ],
)
def test_a_value_the_codebook_does_not_know_is_refused_and_nothing_is_stored(
    scene, message, variable, settlement
):
    with pytest.raises(BadInput):
        decide(scene, message, variable, settlement)
    assert not Consensus.every.exists()
    assert not Event.objects.filter(action__startswith="consensus").exists()


def test_units_that_do_not_belong_together_are_refused(scene, message):
    elsewhere = make_conversation(make_study(), "Elders")
    other = scene.conversation()
    empty = make_conversation(scene.study, "")
    for variable, conversation, place in [
        ("contains_pii", elsewhere.pk, elsewhere.messages.get().pk),
        ("contains_pii", message.conversation_id, other.messages.first().pk),
        ("contains_pii", message.conversation_id, None),
        ("contains_pii", empty.pk, empty.messages.get().pk),
        ("solved", message.conversation_id, message.pk),
        ("nonsense", message.conversation_id, message.pk),
    ]:
        with pytest.raises(BadInput):
            find_unit(scene.round, variable, conversation, place)
    unit = find_unit(scene.round, "solved", other.pk, None)
    with pytest.raises(BadInput):
        settle(unit, Ruling("not"), revision=0, actor_id=scene.supervisor.pk)


def test_only_a_supervisor_of_this_study_settles(scene, message):
    unit = unit_of(scene, message, "contains_pii")
    stranger = make_member(make_study(), "steven", "supervisor")
    for person in (scene.coders[0], stranger):
        with pytest.raises(NotAllowed):
            settle(unit, Ruling("yes"), revision=0, actor_id=person.pk)
        with pytest.raises(NotAllowed):
            withdraw(unit, revision=0, actor_id=person.pk)


def test_the_log_holds_keys_and_offsets_and_no_words(scene, message):
    decide(scene, message, "info_type", (PHONE,), reason="Bel 06-00000011 is een nummer", cause="mistake")
    decide(scene, message, "info_type", (MAIL,), revision=1)
    first, second = Event.objects.filter(action="consensus.settled").order_by("id")
    assert first.after["value"] == [{"start": 20, "end": 31, "category": "phone", "answers": {}}]
    assert second.before["value"] == first.after["value"]
    written = json.dumps([[event.before, event.after] for event in (first, second)])
    assert "06-" not in written
    assert "nummer" not in written


WITH_TEXTS = (
    SMALL_CODEBOOK
    + """
- key: fragment_note
  module: core
  level: span
  kind: text
  applies_to: any
  required: false
  reliability: false
  label: {nl: Toelichting, en: Note}
  definition: {nl: Vrije toelichting., en: Free note.}
"""
)


@pytest.mark.parametrize(
    ("variable", "settlements"),
    [
        ("note", ["Bel 06-00000011", "Mail kees"]),
        ("info_type", [(PHONE._replace(answers=(("fragment_note", "Bel 06-00000011"),)),), (PHONE,)]),
    ],
)
def test_a_text_that_was_settled_on_stays_out_of_the_log(variable, settlements):
    scene = make_scene(codebook=WITH_TEXTS)
    message = scene.code(scene.conversation(), {"contains_pii": "yes"}, {"contains_pii": "no"})
    for revision, settlement in enumerate(settlements):
        decide(scene, message, variable, settlement, revision)
    withdraw(unit_of(scene, message, variable), revision=2, actor_id=scene.supervisor.pk)
    logged = list(Event.objects.filter(action__startswith="consensus").values_list("before", "after"))
    assert len(logged) == 3
    assert "06-" not in json.dumps(logged)
    assert "kees" not in json.dumps(logged)


def row(message, variable, value, start="", end="", cause="", reason="", whole=False):
    return {
        "conversation_id": message.conversation.key,
        "message_id": "" if whole else message.external_id,
        "variable": variable,
        "value": value,
        "start": start,
        "end": end,
        "cause": cause,
        "reason": reason,
    }


def test_a_file_of_settled_values_is_loaded_and_loading_it_twice_adds_nothing(scene, message):
    rows = [
        row(message, "info_type", "phone", "20", "31", "mistake", "Beide."),
        row(message, "info_type", "email", "40", "62", "mistake", "Beide."),
        row(message, "channels", "dm"),
        row(message, "channels", "mail"),
        row(message, "removal_request", "97"),
        row(message, "solved", "partly", whole=True),
    ]
    assert import_settled(scene.study, rows, actor_id=scene.supervisor.pk) == (4, 0)
    assert import_settled(scene.study, rows, actor_id=scene.supervisor.pk) == (0, 4)
    assert Decision.objects.count() == 4
    assert final(scene, "info_type").value == (PHONE, MAIL)
    assert final(scene, "channels").value == frozenset({"dm", "mail"})
    assert final(scene, "removal_request").value is Missing.NOT_APPLICABLE
    assert final(scene, "solved").value == "partly"
    assert Consensus.objects.filter(cause="mistake", reason="Beide.").count() == 1


def test_a_faulty_row_is_named_and_nothing_of_the_file_is_stored(scene, message):
    rows = [row(message, "solved", "partly", whole=True), row(message, "contains_pii", "maybe")]
    with translation.override("en"), pytest.raises(BadInput, match=r"Row 3: .*maybe"):
        import_settled(scene.study, rows, actor_id=scene.supervisor.pk)
    assert not Consensus.every.exists()


def test_loading_a_file_overwrites_no_decision(scene, message):
    decide(scene, message, "contains_pii", "yes")
    with pytest.raises(BadInput):
        import_settled(scene.study, [row(message, "contains_pii", "no")], actor_id=scene.supervisor.pk)
    assert final(scene, "contains_pii").value == "yes"
