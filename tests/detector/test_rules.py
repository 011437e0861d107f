"""The study's own rules: what coders' work proposes, what a rule does, and that it changes no decision."""

import json

import pytest

from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.detector.proposals import proposals
from annotations.detector.rescan import needs_rescan
from annotations.detector.rules import accept, as_file, read_file, turn_down, withdraw
from annotations.detector.score_card import score_card
from annotations.detector.trial import trials
from annotations.errors import BadInput
from annotations.exporting.export import write_export
from annotations.importing.store.study_rules import as_rules, in_force, version_now
from annotations.models import Candidate, CandidateDecision, DetectorRule, Event
from annotations.pii import DETECTOR_VERSION, Rule, find_candidates
from annotations.pii.rules import BadRule, checked, is_silenced, shape_of
from tests.factories import (
    assign,
    make_candidate,
    make_conversation,
    make_member,
    make_round,
    make_study,
    rescan,
)

pytestmark = pytest.mark.django_db
KIND = "customer_order_invoice"
SHELL = Rule("find", "phone", "schelp", "A{2} 9{3} 9{2}")
HIDDEN = Rule("silence", "phone", "lijn")


@pytest.fixture
def study():
    return make_study("study", detector_version=DETECTOR_VERSION)


@pytest.fixture
def chief(study):
    return make_member(study, "chief", role="supervisor")


@pytest.fixture
def client(client_of, chief):
    return client_of(chief)


def coded(study, text, *marked):
    """A message that a coder finished with these fragments: (quote, kind)."""
    conversation = make_conversation(study, text)
    message = conversation.messages.get()
    coder = study.memberships.filter(user__username="noor").first()
    user = coder.user if coder else make_member(study, "noor")
    spans = [
        ImportedSpan(message.pk, text.index(quote), text.index(quote) + len(quote), {"info_type": kind})
        for quote, kind in marked
    ]
    item = ImportedCoding(assign(conversation, user), answers={}, spans=spans, active_seconds=60)
    store_imported(make_round(study), [item], actor_id=None)
    return message


def two_misses(study):
    coded(study, "mijn schelp is AB 123 45 en verder niks", ("AB 123 45", "phone"))
    coded(study, "Schelp: XY 987 65, dank", ("XY 987 65", "phone"))


def proposed(study):
    return proposals(study, score_card(study, DETECTOR_VERSION), DETECTOR_VERSION)


def test_two_misses_behind_one_word_propose_that_word_and_their_shape(study):
    two_misses(study)
    (found,) = proposed(study)
    assert found.rule == SHELL
    assert (found.support, len(found.trial.right), len(found.trial.wrong)) == (2, 2, 0)


def test_what_an_edited_rule_in_force_finds_is_not_proposed_again(study, chief):
    two_misses(study)
    accept(study, [Rule("find", "phone", "schelp", "A{2} 9{2,4} 9{2}")], actor_id=chief.pk)
    assert proposed(study) == []


def test_one_miss_proposes_nothing(study):
    coded(study, "mijn schelp is AB 123 45", ("AB 123 45", "phone"))
    assert proposed(study) == []


def test_a_value_without_digits_proposes_nothing(study):
    coded(study, "mijn schelp is Jan", ("Jan", "phone"))
    coded(study, "uw schelp is Piet", ("Piet", "phone"))
    assert proposed(study) == []


def test_the_trial_tells_right_wrong_and_new_apart(study):
    two_misses(study)
    coded(study, "schelp QQ 111 22 uit de folder")
    make_conversation(study, "schelp ZZ 333 44 nog door niemand gelezen")
    (found,) = proposed(study)
    assert (len(found.trial.right), len(found.trial.wrong), len(found.trial.new)) == (2, 1, 1)


def test_what_the_detector_has_already_is_counted_apart(study):
    message = make_conversation(study, "schelp ZZ 333 44").messages.get()
    make_candidate(message, "ZZ 333 44", "phone", version=DETECTOR_VERSION)
    trial = trials(study, [SHELL], DETECTOR_VERSION)[SHELL]
    assert (trial.already, trial.new) == (1, [])


def three_turned_down(study):
    for number in range(3):
        text = f"lijn 06-0000000{number} van de folder"
        make_candidate(coded(study, text), f"06-0000000{number}", "phone", version=DETECTOR_VERSION)


def test_three_candidates_turned_down_behind_one_word_propose_silence(study):
    three_turned_down(study)
    (found,) = proposed(study)
    assert found.rule == HIDDEN
    assert (len(found.trial.right), len(found.trial.wrong)) == (3, 0)


def test_one_accepted_candidate_behind_the_word_proposes_no_silence(study):
    three_turned_down(study)
    text = "lijn 06-00000009 is van mij"
    message = coded(study, text, ("06-00000009", "phone"))
    make_candidate(message, "06-00000009", "phone", version=DETECTOR_VERSION)
    assert proposed(study) == []


def test_what_holds_or_was_turned_down_is_not_proposed_again(study, chief):
    two_misses(study)
    turn_down(study, SHELL, actor_id=chief.pk)
    assert proposed(study) == []
    assert in_force(study) == []
    accept(study, [SHELL], actor_id=chief.pk)
    assert proposed(study) == []
    assert [str(row.shape) for row in in_force(study)] == [SHELL.shape]


def test_every_change_of_the_rules_is_a_version_and_a_withdrawn_rule_holds_for_the_older(study, chief):
    assert version_now(study) == DETECTOR_VERSION
    (first,) = accept(study, [SHELL], actor_id=chief.pk)
    accept(study, [HIDDEN], actor_id=chief.pk)
    assert version_now(study) == f"{DETECTOR_VERSION}+2"
    assert withdraw(study, first.pk, actor_id=chief.pk)
    assert not withdraw(study, first.pk, actor_id=chief.pk)
    assert version_now(study) == f"{DETECTOR_VERSION}+3"
    assert {row.word for row in in_force(study, 1)} == {"schelp"}
    assert {row.word for row in in_force(study, 2)} == {"schelp", "lijn"}
    assert {row.word for row in in_force(study)} == {"lijn"}
    assert accept(study, [HIDDEN], actor_id=chief.pk) == []
    assert version_now(study) == f"{DETECTOR_VERSION}+3"


def test_scanning_with_a_rule_adds_candidates_and_changes_no_decision(study, chief):
    message = coded(study, "mijn schelp is AB 123 45, lijn 06-12345678", ("AB 123 45", "phone"))
    old = make_candidate(message, "06-12345678", "phone", version=DETECTOR_VERSION)
    decision = CandidateDecision.objects.create(
        coding=message.spans.get().coding, candidate=old, decision="rejected"
    )
    accept(study, [SHELL, HIDDEN], actor_id=chief.pk)
    assert needs_rescan(study)
    rescan(study.pk, actor_id=chief.pk)
    study.refresh_from_db()
    assert study.detector_version == f"{DETECTOR_VERSION}+1"
    assert not needs_rescan(study)
    (found,) = Candidate.objects.filter(message=message, version=study.detector_version)
    assert (message.text[found.start : found.end], found.detector) == ("AB 123 45", "rule")
    assert "schelp" in found.reason["nl"]
    decision.refresh_from_db()
    assert (decision.candidate_id, decision.decision) == (old.pk, "rejected")
    assert Candidate.objects.filter(pk=old.pk).exists()


def test_rules_travel_as_a_file(study, chief):
    accept(study, [SHELL, HIDDEN], actor_id=chief.pk)
    other = make_study("other")
    accept(
        other, read_file(as_file(as_rules(in_force(study)), version_now(study)).encode()), actor_id=chief.pk
    )
    assert {str(row) for row in in_force(other)} == {str(row) for row in in_force(study)}
    assert version_now(other) == f"{DETECTOR_VERSION}+1"


def test_the_export_says_with_which_rules_the_candidates_were_found(study, chief, tmp_path):
    make_conversation(study, "schelp AB 123 45")
    accept(study, [SHELL], actor_id=chief.pk)
    manifest = write_export(study, tmp_path / "before")
    assert manifest["detector"] == {"version": DETECTOR_VERSION, "rules": 0, "shown_from": "medium"}
    assert not (tmp_path / "before" / "detector_rules.json").exists()
    rescan(study.pk, actor_id=None)
    study.refresh_from_db()
    manifest = write_export(study, tmp_path / "after")
    assert manifest["detector"] == {"version": f"{DETECTOR_VERSION}+1", "rules": 1, "shown_from": "medium"}
    assert read_file((tmp_path / "after" / "detector_rules.json").read_bytes()) == [SHELL]


def test_the_public_export_holds_no_word_of_a_rule(study, chief, tmp_path):
    make_conversation(study, "schelp AB 123 45")
    accept(study, [SHELL], actor_id=chief.pk)
    rescan(study.pk, actor_id=None)
    study.refresh_from_db()
    manifest = write_export(study, tmp_path, profile="public")
    assert manifest["detector"]["rules"] == 1
    assert any("rules for the detector" in reason for reason in manifest["left_out"])
    assert [path.name for path in tmp_path.iterdir() if b"schelp" in path.read_bytes()] == []


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b"[" * 100_000, b"\xff", b'{"format": "other", "rules": []}',
     json.dumps({"format": "webcare_coding detector rules", "rules": [5]}).encode(),
     json.dumps({"format": "webcare_coding detector rules", "rules": [{"kind": 5}]}).encode()],
)  # fmt: skip
def test_a_file_that_holds_no_rules_is_refused_with_a_sentence(data):
    with pytest.raises(BadInput):
        read_file(data)


def test_of_a_file_with_one_bad_rule_nothing_is_taken(study, chief):
    with pytest.raises(BadInput):
        accept(study, [SHELL, Rule("find", "phone", "x", "A")], actor_id=chief.pk)
    with pytest.raises(BadInput, match="colour"):
        accept(study, [SHELL, Rule("find", "colour", "kleur", "A9{3}")], actor_id=chief.pk)
    assert not DetectorRule.objects.exists()


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule("drop", "phone", "lijn", "9{4}"), "kind"),
        (Rule("find", "", "lijn", "9{4}"), "type"),
        (Rule("find", "phone", "x", "9{4}"), "word"),
        (Rule("find", "phone", "12", "9{4}"), "word"),
        (Rule("find", "phone", "lijn", ""), "shape"),
        (Rule("find", "phone", "lijn", "99"), "shape"),
        (Rule("find", "phone", "lijn", "AAA"), "shape"),
        (Rule("find", "phone", "lijn", "9{6,4}"), "shape"),
        (Rule("find", "phone", "lijn", "9{99}"), "shape"),
        (Rule("find", "phone", "lijn", "9{4}{5}"), "shape"),
        (Rule("find", "phone", "lijn", "9{0}"), "shape"),
        (Rule("find", "phone", "lijn", " 9999"), "shape"),
    ],
)
def test_a_rule_that_cannot_be_used_says_what_is_wrong(rule, field):
    with pytest.raises(BadRule) as why:
        checked(rule)
    assert why.value.args == (field,)


def test_a_shape_is_taken_to_the_letter_and_costs_little():
    found = find_candidates("schelp 1.2-345", rules=[Rule("find", "phone", "schelp", "9.9-9{3}")])
    assert [(each.start, each.end) for each in found if each.detector == "rule"] == [(7, 14)]
    assert not [
        each
        for each in find_candidates("schelp 1x2-345", rules=[Rule("find", "phone", "schelp", "9.9-9{3}")])
        if each.detector == "rule"
    ]
    hostile = checked(Rule("find", "phone", "schelp", "a{1,40}a{1,40}9"))
    find_candidates("schelp " + "a" * 20_000, rules=[hostile])


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("lijn 06-12345678", True),
        ("de lijn (06-12345678)", True),
        ("deadlijn 06-12345678", False),
        ("lijnen 06-12345678", False),
        ("lijn\n06-12345678", False),
        ("lijn en dan nog heel veel andere woorden 06-12345678", False),
    ],
)
def test_the_word_stands_whole_and_near_before_the_value(text, silent):
    start = text.index("06")
    assert is_silenced(text, start, start + 11, "phone", [HIDDEN]) == silent
    assert not is_silenced(text, start, start + 11, "bsn", [HIDDEN])


def test_shapes_are_as_narrow_as_their_values():
    assert shape_of(["AB1234", "XY12"]) == "A{2}9{2,4}"
    assert shape_of(["AB1234", "AB-1234"]) is None
    assert shape_of(["12", "34"]) is None


# pages


def test_the_page_proposes_and_a_click_accepts(study, client):
    two_misses(study)
    page = client.get("/s/study/detector/rules/").content.decode()
    assert "schelp" in page
    assert "A{2} 9{3} 9{2}" in page
    values = {"kind": "find", "type": "phone", "word": "schelp", "shape": SHELL.shape}
    assert client.post("/s/study/detector/rules/accept/", values).status_code == 302
    assert [row.word for row in in_force(study)] == ["schelp"]
    assert Event.objects.filter(action="detector.rules_added").exists()
    page = client.get("/s/study/detector/rules/").content.decode()
    assert f"{DETECTOR_VERSION}+1" in page


def test_trying_a_rule_quotes_what_it_finds_inertly_and_is_logged(study, client):
    coded(study, "<script>alert(1)</script> schelp AB 123 45", ("AB 123 45", "phone"))
    values = {"kind": "find", "type": "phone", "word": "schelp", "shape": SHELL.shape}
    page = client.get("/s/study/detector/rules/try/", values).content.decode()
    assert "schelp <mark>AB 123 45</mark>" in page
    assert "<script>alert" not in page
    assert Event.objects.filter(action="detector.quoted", after__kind="rule").exists()


def test_in_a_masked_study_the_quote_is_hidden(study, client):
    study.privacy = "masked"
    study.save()
    coded(study, "schelp AB 123 45", ("AB 123 45", "phone"))
    values = {"kind": "find", "type": "phone", "word": "schelp", "shape": SHELL.shape}
    page = client.get("/s/study/detector/rules/try/", values).content.decode()
    assert "AB 123 45" not in page
    assert "•••" in page


def test_a_rule_that_cannot_be_used_is_refused_with_a_sentence(study, client):
    values = {"kind": "find", "type": "phone", "word": "schelp", "shape": "?"}
    assert client.get("/s/study/detector/rules/try/", values).status_code == 400
    client.post("/s/study/detector/rules/accept/", values)
    client.post("/s/study/detector/rules/turn-down/", values)
    assert not DetectorRule.objects.exists()


def test_turning_down_and_withdrawing_by_click(study, client, chief):
    values = {"kind": "silence", "type": "phone", "word": "lijn", "shape": ""}
    client.post("/s/study/detector/rules/turn-down/", values)
    assert DetectorRule.objects.get().added_in is None
    (row,) = accept(study, [SHELL], actor_id=chief.pk)
    client.post(f"/s/study/detector/rules/{row.pk}/withdraw/")
    assert in_force(study) == []


def test_the_file_goes_out_and_comes_in_by_click(study, client, chief, settings, tmp_path):
    accept(study, [SHELL], actor_id=chief.pk)
    answer = client.get("/s/study/detector/rules/file/")
    assert answer["Content-Disposition"].startswith("attachment")
    other = make_study("other")
    make_member_of(other, chief)
    path = tmp_path / "rules.json"
    path.write_bytes(answer.content)
    with path.open("rb") as file:
        client.post("/s/other/detector/rules/take/", {"file": file})
    assert [row.word for row in in_force(other)] == ["schelp"]
    assert client.post("/s/other/detector/rules/take/").status_code == 302


def make_member_of(study, user):
    return make_member(study, user.username, role="supervisor")


def test_the_number_of_queries_does_not_grow_with_the_proposals(study, client, django_assert_max_num_queries):
    two_misses(study)
    for number in range(8):
        word = f"schaal{chr(97 + number)}"
        coded(study, f"{word} AB 123 4{number}", (f"AB 123 4{number}", "phone"))
        coded(study, f"{word} XY 123 4{number}", (f"XY 123 4{number}", "phone"))
    with django_assert_max_num_queries(45):
        assert client.get("/s/study/detector/rules/").status_code == 200


def test_the_page_names_the_version_of_the_rules_that_the_study_is_not_scanned_with(study, chief, client):
    two_misses(study)
    accept(study, [SHELL], actor_id=chief.pk)
    page = client.get("/s/study/detector/").content.decode()
    assert f"is er versie {DETECTOR_VERSION}+1." in page
