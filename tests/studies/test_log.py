"""The event log in words, cut into pages by id."""

import ast
import dataclasses
import re
from functools import partial
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import override

import annotations
from annotations.importing.report import Report
from annotations.models import Event, Study
from annotations.studies.log import PAGE, log_page, people
from annotations.studies.log_sentences import ACTIONS, CHANGED
from annotations.studies.log_teller import HERE, HIDDEN
from annotations.studies.log_words import FIELDS, KINDS
from tests.coding.contradicting import CONSISTENCY
from tests.conftest import made_once
from tests.factories import SMALL_CODEBOOK, add_member, make_conversation, make_round, make_study


def with_two():
    study = make_study("privacy")
    add_member(study, User.objects.create_user("sofie", first_name="Sofie", last_name="Bos"), "supervisor")
    add_member(study, User.objects.create_user("anna"))
    return study


made = made_once(with_two)


@pytest.fixture
def study(made, db):
    study = Study.objects.get(pk=made.pk)
    study.sofie, study.anna = (User.objects.get(username=name) for name in ("sofie", "anna"))
    return study


def record(study, action="round.opened", **fields):
    return Event.objects.record(action, **({"actor_id": study.sofie.pk, "study_id": study.pk} | fields))


def told(entry):
    return entry.sentence.replace(HERE, "HIER")


def test_the_latest_stands_first_with_who_and_what(study):
    of_round = make_round(study)
    record(study, "round.opened", subject=of_round)
    record(study, "round.closed", subject=of_round, actor_id=None)
    first, second = log_page(study).entries
    assert (second.who, told(second)) == ("Sofie Bos", f"Sofie Bos opende de ronde “{of_round.name}”.")
    assert told(first) == f"het programma sloot de ronde “{of_round.name}”."


def test_a_change_tells_what_stood_there(study):
    record(study, "study.changed", before={"privacy": "open"}, after={"privacy": "strict"})
    [entry] = log_page(study).entries
    assert re.fullmatch(
        r"Sofie Bos wijzigde de instellingen van de studie: privacy van “Open.*” naar “Str.*”\.", told(entry)
    )


def test_modules_and_rules_are_told_by_name(db):
    study = make_study(codebook=SMALL_CODEBOOK.replace("key: small", "key: other", 1) + CONSISTENCY)
    record = partial(Event.objects.record, actor_id=None, study_id=study.pk)
    record("study.changed", before={"modules": ["core"]}, after={"modules": ["core", "extra"]})
    record("contradiction.kept", after={"rule": "marked_but_no"})
    kept, changed = map(told, log_page(study).entries)
    assert changed.endswith("modules van “Basis” naar “Basis, Extra”.")
    assert "Gemarkeerd, en toch nee." in kept


def test_an_answer_is_told_with_the_words_of_the_codebook(study):
    message = make_conversation(study, "Bel mij").messages.get()
    after = {"message": message.pk, "variable": "contains_pii", "value": "yes", "revision": 2}
    record(study, "code.saved", after=after)
    record(study, "code.saved", before={"value": "no", "revision": 1}, after=after)
    changed, given = log_page(study).entries
    assert told(given) == "Sofie Bos beantwoordde “Bevat persoonsgegevens” met “Ja” in HIER."
    assert told(changed) == "Sofie Bos wijzigde “Bevat persoonsgegevens” van “Nee” in “Ja” in HIER."


@pytest.mark.parametrize(("value", "words"), [(["dm", "mail"], "DM, Mail"), ([], "geen ervan"), (97, "97 (")])
def test_answers_of_every_kind_have_words(study, value, words):
    record(study, "code.saved", after={"variable": "channels", "value": value, "revision": 1})
    [entry] = log_page(study).entries
    assert f"met “{words}" in told(entry)
    assert told(entry).endswith("in een gesprek.")


def test_coders_are_told_by_name(study):
    of_round = make_round(study)
    sofie, anna = study.sofie.pk, study.anna.pk
    record(
        study, "assignments.moved", subject=of_round, after={"from": sofie, "to": anna, "conversations": 3}
    )
    record(study, "conversations.assigned", subject=of_round, after={"coders": {str(anna): 12}})
    record(study, "member.changed", subject=study.memberships.get(user=anna), after={"role": "supervisor"})
    member, assigned, moved = log_page(study).entries
    name = of_round.name
    assert told(moved) == (
        f"Sofie Bos verplaatste toegewezen gesprekken van Sofie Bos naar anna "
        f"in de ronde “{name}”: gesprekken 3."
    )
    assert told(assigned) == f"Sofie Bos wees gesprekken toe in de ronde “{name}”: codeurs “anna: 12”."
    assert told(member) == "Sofie Bos wijzigde het lidmaatschap van anna: rol “supervisor”."


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("action", ACTIONS)
def test_every_sentence_names_who_and_has_words_for_every_slot(study, action, language):
    subject = {"round": make_round(study), "organisation": study.organisations.create(name="Bank")}.get(
        re.search(r"{(round|organisation)}|$", str(ACTIONS[action]))[1]
    )
    conversation = make_conversation(study, "Bel mij")
    answer = {"variable": "contains_pii", "value": "no"}
    if action.startswith("contradiction."):
        answer["rule"] = "marked_but_no"
    after = {"conversation": conversation.pk, "user": study.anna.pk, "role": "coder", "start": 0, "end": 3}
    after |= {"from": study.sofie.pk, "to": study.anna.pk, "coder": study.anna.pk, "decision": "accepted"}
    after |= {"name": "Eerste"} | ({} if action == "consensus.withdrawn" else answer | {"value": "yes"})
    with override(language):
        if action != "consensus.withdrawn":
            record(study, action, subject=subject, after=after)
        record(study, action, subject=subject, before=answer, after=after)
        for entry in log_page(study).entries:
            assert "–" not in told(entry)
            assert "Sofie Bos" in told(entry)
            assert entry.sentence.endswith(".")
            assert not re.search(r"[{}]|contains_pii", told(entry))


def test_a_changed_answer_has_a_sentence_only_where_there_is_one_for_the_first():
    assert set(CHANGED) < set(ACTIONS)
    assert all("{old}" in str(words) and "{new}" in str(words) for words in CHANGED.values())


@pytest.mark.parametrize(
    "after", [None, [], "text", 5, {}, {"new_thing": {"deep": [1, None, True]}}, {"x": "y" * 999}]
)
def test_any_event_can_be_told(study, after):
    record(study, "new_thing.done_here", after=after)
    [entry] = log_page(study).entries
    assert told(entry).startswith("Sofie Bos deed “new_thing.done_here”")
    assert len(told(entry)) < 260


def test_pages_are_cut_by_id_and_meet(study):
    ids = [record(study).pk for _ in range(PAGE * 2 + 5)]
    latest = log_page(study)
    middle = log_page(study, before=latest.earlier)
    last = log_page(study, before=middle.earlier)
    seen = [entry.id for page in (latest, middle, last) for entry in page.entries]
    assert seen == ids[::-1]
    assert (latest.later, last.earlier) == (None, None)
    assert [entry.id for entry in log_page(study, after=middle.later).entries] == [
        entry.id for entry in latest.entries
    ]
    assert [entry.id for entry in log_page(study, after=last.later).entries] == [
        entry.id for entry in middle.entries
    ]


def test_events_of_another_study_are_left_out(study):
    record(study, study_id=make_study("other").pk)
    assert log_page(study).entries == []


def test_the_log_is_filtered_by_person_and_kind(study):
    record(study, "round.opened")
    record(study, "code.saved", actor_id=study.anna.pk)
    record(study, "codebook.changed", actor_id=study.anna.pk)
    assert [entry.who for entry in log_page(study, user_id=study.sofie.pk).entries] == ["Sofie Bos"]
    assert len(log_page(study, kind="coding").entries) == 1
    assert len(log_page(study, kind="study").entries) == 1
    assert len(log_page(study, kind="no such kind").entries) == 3


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_that_has_words_belongs_to_one_kind(action):
    assert sum(action.startswith(starts) for _name, starts in KINDS.values()) == 1


def test_every_action_that_is_recorded_has_words():
    written = re.compile(
        r"""(?:objects\.|\b)record\(\s*(?:[a-z_(]+\)?, )?"([a-z_]+\.[a-z_]+)"|action="([a-z_]+\.[a-z_]+)"""
    )
    actions = {
        first or second
        for path in Path(annotations.__file__).parent.rglob("*.py")
        for first, second in written.findall(path.read_text(encoding="utf-8"))
    }
    # What people do outside a study stands in no study's log.
    assert {action for action in actions if not action.startswith("person.")} <= set(ACTIONS)
    assert len(actions) > 15


def test_people_who_left_can_still_be_filtered_by(study):
    study.memberships.update(is_active=False)
    assert [name for _pk, name in people(study.pk)] == ["anna", "Sofie Bos"]


@pytest.mark.parametrize(
    "query", ["?who=x", "?before=-1", "?before=99999999999999999999", "?after=²", "?kind=%00"]
)
def test_nonsense_in_the_address_is_not_minded(study, client_of, query):
    record(study)
    page = client_of(study.sofie).get(reverse("log", args=["privacy"]) + query)
    assert page.status_code == 200


def test_values_in_the_log_are_shown_inert(study, client_of):
    record(study, "study.changed", before={"name": "a"}, after={"name": "<script>alert(1)</script>"})
    page = client_of(study.sofie).get(reverse("log", args=["privacy"])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_pages_keep_the_filter(study, client_of):
    for _ in range(PAGE + 1):
        record(study)
    address = reverse("log", args=["privacy"])
    page = client_of(study.sofie).get(f"{address}?kind=rounds").content.decode()
    assert "kind=rounds&amp;before=" in page


RECORDERS = {"record", "record_all", "_log"}


def test_everything_that_is_recorded_has_words():
    """Every action, and every field of an event that a reader gets to see, is named in log_words."""
    actions, fields = set(), set()
    for path in Path(annotations.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(
                getattr(call, "func", None), "attr", getattr(getattr(call, "func", None), "id", "")
            )
            if not isinstance(call, ast.Call) or name not in {"record", "record_all", "_log"}:
                continue
            words = [
                node.value for node in ast.walk(ast.Module(call.args, [])) if isinstance(node, ast.Constant)
            ]
            actions |= {word for word in words if re.fullmatch(r"[a-z_]+\.[a-z_]+", str(word))}
            for keyword in call.keywords:
                if keyword.arg in {"before", "after", "afters"}:
                    dicts = [node for node in ast.walk(keyword.value) if isinstance(node, ast.Dict)]
                    fields |= {
                        key.value for node in dicts for key in node.keys if isinstance(key, ast.Constant)
                    }
    assert len(actions) > 40
    assert {action for action in actions if not action.startswith("person.")} - set(ACTIONS) == set()
    assert fields - set(FIELDS) - HIDDEN - {"start", "end"} == set()


def test_every_count_of_an_import_has_words():
    counts = {field.name for field in dataclasses.fields(Report) if field.type == "int"}
    assert counts
    assert counts <= set(FIELDS)


def test_numbers_stand_bare_and_what_is_empty_is_left_out(study):
    record(study, "import.done", after={"format": "csv", "rows": 12, "orphans": 2, "reason": ""})
    [entry] = log_page(study).entries
    assert told(entry) == (
        "Sofie Bos importeerde gesprekken: formaat “csv”; rijen 12; reacties op ontbrekende berichten 2."
    )


def test_a_fragment_is_told_by_its_characters_and_a_message_by_its_number(study):
    conversation = make_conversation(study, "Bel 06-00000011", "Dank ^MK")
    message = conversation.messages.last()
    record(
        study,
        "span.added",
        after={"span": 1, "message": message.pk, "start": 97, "end": 99, "origin": "added"},
    )
    record(study, "consensus.settled", after={"conversation": conversation.pk, "cause": "codebook_gap"})
    settled, added = log_page(study).entries
    assert (added.conversation, added.message) == (conversation.number, 2)
    assert told(added) == (
        "Sofie Bos markeerde tekens 98 tot en met 99 als fragment in HIER: "
        "ontstaan als “met de hand toegevoegd”."
    )
    assert (settled.conversation, settled.message) == (conversation.number, None)
    assert "codebook_gap" not in told(settled)


def test_the_number_of_queries_does_not_grow_with_the_log(study, django_assert_max_num_queries):
    for _ in range(2):
        for number in range(8):
            conversation = make_conversation(study, f"Bericht {number}")
            record(study, "code.saved", after={"message": conversation.messages.get().pk})
        with django_assert_max_num_queries(10):
            log_page(study)
