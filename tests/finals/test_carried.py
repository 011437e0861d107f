"""What was coded with an earlier version, in the words of the study's own: carried, left, hidden, told."""

from dataclasses import replace

import pytest
from django.utils import translation

from annotations.codebooks.carrying import carrier
from annotations.codebooks.lookup import lookup
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.finals.carried import asked_as, carried_span, carried_value, in_version
from annotations.finals.hidden import hidden_answers, is_hidden, newly_conditioned
from annotations.finals.of_round import EARLIER, SINGLE, UNRESOLVED, final_spans, final_values
from annotations.finals.rests_on import carried_notes
from annotations.finals.settled import SpanValue
from tests.drafts.help import Drafting
from tests.factories import SMALL_CODEBOOK, assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
OWNER = """
- key: owner
  module: core
  level: span
  kind: single
  applies_to: any
  required: false
  scale: nominal
  label: {nl: Van wie, en: Whose}
  definition: {nl: Van wie is het?, en: Whose is it?}
  categories:
  - {key: own, code: 1, label: {nl: Eigen, en: Own}, definition: {nl: Eigen., en: Own.}}
  - {key: other, code: 2, label: {nl: Ander, en: Other}, definition: {nl: Ander., en: Other.}}
  - {key: firm, code: 3, label: {nl: Bedrijf, en: Firm}, definition: {nl: Bedrijf., en: Firm.}}
"""
CODEBOOK = SMALL_CODEBOOK.replace("- key: contains_pii", f"{OWNER.strip()}\n- key: contains_pii", 1)
TEXT = "Bel 06-00000011 of 06-00000012"
WHOLE = {"contains_pii": "yes", "channels": frozenset({"dm", "mail"}), "removal_request": "no"}


@pytest.fixture
def study():
    study = make_study(codebook=CODEBOOK)
    study.boss = make_member(study, "boss", "supervisor")
    study.coders = [make_member(study, name) for name in ("noor", "daan")]
    study.talk = make_conversation(study, TEXT)
    study.message = study.talk.messages.get()
    return study


def code(study, *, coder=0, talk=None, round_name="main", solved="partly", spans=(), **answers):
    talk = talk or study.talk
    message = talk.messages.get()
    item = ImportedCoding(
        assign(talk, study.coders[coder], round_name),
        answers={("message", message.pk): WHOLE | answers, CONVERSATION: {"solved": solved}},
        spans=[
            ImportedSpan(message.pk, start, end, {"info_type": kind} | dict(given))
            for start, end, kind, given in spans
        ],
    )
    round_ = make_round(study, round_name)
    store_imported(round_, [item], actor_id=None)
    return round_


def in_now(study, round_):
    """The final values of the round in the study's version, by variable."""
    target = study.codebook_version_id
    return {
        final.variable: final
        for own in (*final_values(round_), *final_spans(round_))
        if (final := in_version(own, round_, target))
    }


def test_of_the_same_version_everything_stays_as_it_is(study):
    round_ = code(study)
    own = list(final_values(round_))
    assert [in_version(final, round_, study.codebook_version_id) for final in own] == own
    assert asked_as(round_, study.codebook_version_id, ["solved"]) == {"solved"}
    assert newly_conditioned(round_, study.codebook_version_id) == set()
    assert carried_notes(study, "en") == {}
    assert hidden_answers(study) == []


def test_renamed_and_merged_is_carried_split_and_withdrawn_is_not(study):
    round_ = code(study)
    draft = Drafting(study)
    draft.set(draft.id("contains_pii", "yes"), "key", "present")
    draft.set(draft.id("contains_pii"), "key", "holds_data")
    draft.split("solved", "partly")
    draft.do(do="remove", item=draft.id("removal_request"))
    draft.publish()
    found, now = in_now(study, round_), study.codebook_version_id
    held = found["holds_data"]
    assert (held.value, held.source, held.version_id) == ("present", SINGLE, now)
    split = found["solved"]
    assert (split.value, split.source, split.version_id, split.coders) == (None, EARLIER, now, 1)
    gone = found["removal_request"]
    assert (gone.value, gone.source, gone.version_id) == ("no", SINGLE, round_.codebook_version_id)
    assert found["channels"].value == frozenset({"dm", "mail"})
    assert asked_as(round_, now, ["holds_data", "solved"]) == {"contains_pii", "solved"}


def test_what_coders_differ_on_is_unresolved_in_the_later_words_too(study):
    code(study, solved="fully")
    round_ = code(study, coder=1, solved="not")
    draft = Drafting(study)
    draft.set(draft.id("solved"), "key", "outcome")
    draft.publish()
    found = in_now(study, round_)["outcome"]
    assert (found.value, found.source, found.coders) == (None, UNRESOLVED, 2)
    assert found.version_id == study.codebook_version_id


def test_a_missing_code_is_carried_and_a_value_that_the_later_version_refuses_is_not(study):
    round_ = code(study, channels=Missing.UNDETERMINED)
    draft = Drafting(study)
    draft.do(do="merge", item=draft.id("channels", "none"), items=[draft.id("channels", "mail")])
    draft.publish()
    assert in_now(study, round_)["channels"].value is Missing.UNDETERMINED
    carried, spec = (
        carrier(round_.codebook_version_id, study.codebook_version_id),
        lookup(study.codebook_version_id).spec,
    )
    assert carried_value(carried, spec, "channels", frozenset({"mail"})) == frozenset({"none"})
    # "none" is said alone: with another channel it is no answer.
    assert carried_value(carried, spec, "channels", frozenset({"mail", "dm"})) is None
    assert carried_value(carried, spec, "never_was", "yes") is None


def test_a_fragment_takes_its_type_and_answers_along(study):
    first = (4, 15, "phone", {"owner": "own"})
    second = (4, 15, "email", {"owner": "firm"})
    round_ = code(study, spans=[first, second])
    draft = Drafting(study)
    draft.set(draft.id("info_type", "email"), "key", "address")
    draft.set(draft.id("info_type", "phone"), "key", "zz_number")
    draft.set(draft.id("owner", "own"), "key", "mine")
    draft.split("owner", "firm")
    draft.set(draft.id("owner"), "key", "whose")
    draft.publish()
    found = in_now(study, round_)["info_type"]
    assert found.value == (
        SpanValue(4, 15, "address", ()),  # whose it is was split: to be asked again
        SpanValue(4, 15, "zz_number", (("whose", "mine"),)),
    )
    assert (found.source, found.version_id) == (SINGLE, study.codebook_version_id)
    carried = carrier(round_.codebook_version_id, study.codebook_version_id)
    spec = lookup(study.codebook_version_id).spec
    old = SpanValue(4, 15, "phone", (("gone", "x"), ("owner", "other")))
    assert carried_span(carried, spec, "info_type", old) == SpanValue(
        4, 15, "zz_number", (("whose", "other"),)
    )


def test_one_fragment_whose_type_was_split_leaves_its_message_to_be_coded_again(study):
    round_ = code(study, spans=[(4, 15, "phone", {}), (19, 30, "email", {})])
    draft = Drafting(study)
    draft.split("info_type", "phone", "Mobiel", "Vast")
    draft.publish()
    found = in_now(study, round_)["info_type"]
    assert (found.value, found.source) == (None, EARLIER)


def test_a_condition_counts_as_new_when_it_says_something_else(study):
    round_ = code(study)
    draft = Drafting(study)
    draft.set(draft.id("contains_pii", "yes"), "key", "present")
    draft.set(draft.id("contains_pii"), "key", "holds_data")
    draft.publish()
    assert newly_conditioned(round_, study.codebook_version_id) == set(), "renamed, not changed"
    draft = Drafting(study)
    draft.set(draft.id("removal_request"), "show_if", {"holds_data": ["no"]})
    draft.set(draft.id("note"), "show_if", {"solved": ["fully"]})
    draft.publish()
    assert newly_conditioned(round_, study.codebook_version_id) == {"removal_request", "note"}
    draft = Drafting(study)
    draft.set(draft.id("removal_request"), "show_if", {})
    draft.publish()
    assert newly_conditioned(round_, study.codebook_version_id) == {"note"}


def test_a_condition_on_the_unit_itself_hides_what_fails_it(study):
    spec = lookup(study.codebook_version_id).spec
    asked = spec.by_key["removal_request"]

    def hidden(show_if, **given):
        return is_hidden(spec, replace(asked, show_if=show_if), given.get)

    only_yes = {"contains_pii": ("yes",)}
    assert hidden(only_yes, contains_pii="no")
    assert not hidden(only_yes, contains_pii="yes")
    assert not hidden(only_yes), "nobody knows what the unit was given"
    assert not hidden(only_yes, contains_pii=Missing.NOT_CODED)
    assert not hidden({"contains_pii": ("*",)}, contains_pii="no")
    assert not hidden({"solved": ("fully",)}, solved="not"), "of another unit"
    dm = {"channels": ("dm", "mail")}
    assert hidden(dm, channels=frozenset({"none"}))
    assert not hidden(dm, channels=frozenset({"dm", "none"}))
    # Of several conditions each must hold.
    assert hidden({"solved": ("fully",), "contains_pii": ("*",)} | dm, channels=frozenset({"none"}))
    assert hidden(only_yes | dm, contains_pii="yes", channels=frozenset())
    assert not hidden({}, contains_pii="no")


def test_hidden_answers_are_counted_per_round_and_variable_with_their_conversations(study):
    later = make_conversation(study, TEXT)
    for talk in (study.talk, later):
        code(study, talk=talk)
    code(study, coder=1, contains_pii="no", channels=Missing.NOT_APPLICABLE, removal_request="yes")
    make_round(study, "practice", kind="training")
    code(study, round_name="practice")
    extra = code(study, talk=later, round_name="extra")
    draft = Drafting(study)
    draft.set(draft.id("removal_request"), "show_if", {"contains_pii": ["no"]})
    draft.set(draft.id("channels"), "show_if", {"contains_pii": ["no"]})
    draft.set(draft.id("note"), "show_if", {"solved": ["fully"]})
    draft.publish()
    main = study.rounds.get(name="main")
    found = [(row.round, row.variable.key, row.answers, row.conversations) for row in hidden_answers(study)]
    assert found == [
        (main, "channels", 2, (study.talk.pk, later.pk)),
        (main, "removal_request", 2, (study.talk.pk, later.pk)),
        (extra, "channels", 1, (later.pk,)),
        (extra, "removal_request", 1, (later.pk,)),
    ]


def test_a_round_under_the_same_condition_hides_nothing_and_the_next_one_does(study):
    code(study, contains_pii="no")
    for wanted in ("no", "yes"):
        draft = Drafting(study)
        draft.set(draft.id("removal_request"), "show_if", {"contains_pii": [wanted]})
        draft.publish()
        if wanted == "no":
            between = code(study, round_name="between", contains_pii="no")
    code(study, round_name="now", contains_pii="no")
    [hidden] = hidden_answers(study)
    assert (hidden.round, hidden.variable.key, hidden.answers) == (between, "removal_request", 1)


def test_a_note_names_what_counts_as_what_per_version(study):
    code(study)
    draft = Drafting(study)
    draft.set(draft.id("contains_pii", "yes"), "label.en", "Holds some")
    draft.do(do="merge", item=draft.id("channels", "dm"), items=[draft.id("channels", "none")])
    draft.publish()
    for name in ("second", "third"):
        code(study, round_name=name, channels=frozenset({"dm"}))
    draft = Drafting(study)
    draft.set(draft.id("channels", "dm"), "label.en", "Message")
    draft.set(draft.id("removal_request"), "label.en", "Wants it gone")
    draft.set(draft.id("info_type"), "key", "kind")
    draft.set(draft.id("kind", "bsn"), "label.en", "Citizen number")
    draft.publish()
    with translation.override("en"):
        notes = carried_notes(study, "en")
    first, second = dict.fromkeys(
        round_.codebook_version.version for round_ in study.rounds.order_by("created_at")
    )
    assert notes["channels"] == (
        f"“Channels named” counts what was coded with version {first} of the codebook: "
        "“DM” and “None” as “Message”. "
        f"“Channels named” counts what was coded with version {second} of the codebook: "
        "“DM” as “Message”."
    )
    assert notes["kind"].startswith("“Information type” counts what was coded with version")
    assert "“BSN” as “Citizen number”" in notes["kind"]
    assert "Holds some" in notes["contains_pii"]
    assert set(notes) == {"channels", "contains_pii", "kind"}
    with translation.override("nl"):
        assert "“BSN”" not in carried_notes(study, "nl").get("kind", ""), "in Dutch it is called what it was"
