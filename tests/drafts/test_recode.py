"""From a change to figures: what is published, what carries over, what is coded again."""

import pytest

from annotations.adjudication.cases import settled_cases
from annotations.adjudication.disagreements import Filter, count_open, disagreement_list
from annotations.adjudication.resolve import settle
from annotations.adjudication.units import Ruling, find_unit
from annotations.codebooks.lookup import lookup
from annotations.coding.answers import CONVERSATION, load_state
from annotations.coding.coded import coded_values
from annotations.coding.save import finish
from annotations.drafts.cases import check_case, open_cases
from annotations.drafts.publish import check
from annotations.drafts.recode import plan_recoding, recode
from annotations.drafts.touched import touched_by
from annotations.errors import BadInput
from annotations.exporting.profile import PROFILES
from annotations.exporting.study_data import StudyData
from annotations.exporting.tables.codebook_changes import codebook_changes
from annotations.exporting.tables.codings_wide import codings_wide
from annotations.exporting.tables.spans import span_codes
from annotations.finals.hidden import hidden_answers
from annotations.finals.of_round import EARLIER
from annotations.finals.of_study import counted_rounds, study_spans, study_values
from annotations.models import Code, Coding, Event, Proposal, Round, Span
from annotations.results.building import Definition
from annotations.results.collect import table_of
from annotations.results.kept import figures_now
from annotations.results.units.frame import CODE_OF
from tests.factories import make_conversation

from .help import Drafting, code, coded_study, give

pytestmark = pytest.mark.django_db


def finals(study):
    study.refresh_from_db()
    return {
        (final.variable, final.conversation_id, final.message_id): (final.value, final.source)
        for final in (*study_values(counted_rounds(study)), *study_spans(counted_rounds(study)))
    }


def rows_of(study):
    """Everything that was ever given, as it stands in the database."""
    codes = Code.objects.filter(coding__assignment__round__study=study).order_by("pk")
    spans = Span.objects.filter(coding__assignment__round__study=study).order_by("pk")
    return list(codes.values()), list(spans.values())


def test_a_split_names_what_it_touches_and_leaves_the_old_codes_uncounted_until_coded_again():
    study = coded_study()
    before = rows_of(study)
    drafting = Drafting(study)
    drafting.split("solved", "partly")
    checked = check(drafting.draft)
    assert checked.faults == []
    [touched] = touched_by(study, study.codebook_version_id, checked.changes)
    assert (touched.codes, touched.coders, touched.conversations) == (2, 1, 2)
    old = study.codebook_version
    version = drafting.publish()
    assert (version.based_on, version.version, study.codebook_version) == (old, "1.0.1", version)
    assert rows_of(study) == before
    found = finals(study)
    talk = study.talks[0]
    assert found["solved", talk.pk, None] == (None, "unresolved")
    assert found["contains_pii", talk.pk, talk.messages.first().pk] == ("yes", "unanimous")


def test_a_recode_round_opens_what_was_touched_and_carries_the_rest_for_all_coders():
    study = coded_study()
    drafting = Drafting(study)
    drafting.split("solved", "partly", "Bijna", "Half")
    drafting.publish()
    before = rows_of(study)
    [plan] = plan_recoding(study)
    assert (plan.codes, len(plan.conversations), plan.coders) == (2, 2, {study.one.pk})
    [again] = recode(study.pk, shows_old=False, actor_id=study.boss.pk)
    assert (again.kind, again.recodes.name, again.codebook_version) == (
        Round.Kind.RECODE,
        "main",
        study.codebook_version,
    )
    codes, spans = rows_of(study)
    assert (codes[: len(before[0])], spans[: len(before[1])]) == before
    states = set(again.assignments.values_list("coder", "coding__state"))
    assert states == {(study.one.pk, "open"), (study.two.pk, "finished")}
    mine = Coding.objects.get(assignment__round=again, assignment__coder=study.one, assignment__position=1)
    state = load_state(mine)
    assert [(key, [v.key for v in open_]) for key, open_ in state.open_variables().items()] == [
        (CONVERSATION, ["solved"])
    ]
    assert set(Code.objects.filter(coding=mine).values_list("origin", flat=True)) == {"carried"}
    give(mine, CONVERSATION, "solved", "bijna")
    finish(mine.pk, actor_id=study.one.pk)
    talk = mine.assignment.conversation_id
    assert finals(study)["solved", talk, None] == (None, "unresolved")  # the other coder said: fully
    answers = {
        row.coder_id: row.value
        for row in coded_values(again, variables=["solved"])
        if row.conversation_id == talk
    }
    assert answers == {study.one.pk: "bijna", study.two.pk: "fully"}
    with pytest.raises(BadInput):
        recode(study.pk, shows_old=False, actor_id=study.boss.pk)


def test_a_disagreement_that_a_recode_round_replaces_is_open_there_alone():
    study = coded_study()
    main = study.rounds.get()
    settle(
        find_unit(main, "solved", study.talks[1].pk, None),
        Ruling("fully"),
        revision=0,
        actor_id=study.boss.pk,
    )
    assert count_open([main]) == 1
    drafting = Drafting(study)
    drafting.split("solved", "partly", "Bijna", "Half")
    drafting.publish()
    [again] = recode(study.pk, shows_old=False, actor_id=study.boss.pk)
    assert count_open([main, again]) == 0  # the other coder has nothing to do again, this one has
    mine = Coding.objects.get(
        assignment__round=again, assignment__coder=study.one, assignment__conversation=study.talks[0]
    )
    give(mine, CONVERSATION, "solved", "bijna")
    finish(mine.pk, actor_id=study.one.pk)
    assert (count_open([main]), count_open([main, again])) == (0, 1)
    settled, everything = (disagreement_list(main, Filter(state=state)) for state in ("settled", "all"))
    assert (len(settled.rows), len(everything.rows), everything.total) == (1, 2, 1)
    assert everything.after(None, only_open=True) is None


def test_a_coder_at_work_goes_on_with_the_old_version_and_what_is_finished_later_joins():
    study = coded_study(conversations=1)
    drafting = Drafting(study)
    drafting.split("solved", "partly")
    drafting.publish()
    recode(study.pk, shows_old=True, actor_id=study.boss.pk)
    talk = make_conversation(study, "Bel 06-00000011", "Stuur een DM")
    coding = code(talk, study.two)  # in the round with the old version
    assert coding.assignment.round.codebook_version != study.codebook_version
    [plan] = plan_recoding(study)
    assert plan.open == {(study.two.pk, talk.pk)}
    [again] = recode(study.pk, shows_old=True, actor_id=study.boss.pk)
    assert again.assignments.count() == 3
    assert Round.objects.filter(study=study).count() == 2


def test_a_single_coders_old_value_is_left_out_by_name_and_a_merge_carries_it():
    study = coded_study(conversations=1)
    talk = study.talks[0]
    study.rounds.get().assignments.filter(coder=study.two).update(coder=study.boss)
    Coding.objects.filter(assignment__coder=study.boss).update(state="open", finished_at=None)
    drafting = Drafting(study)
    drafting.do(do="merge", item=drafting.id("solved", "fully"), items=[drafting.id("solved", "partly")])
    drafting.publish()
    assert finals(study)["solved", talk.pk, None] == ("fully", "single")
    assert plan_recoding(study) == []
    drafting = Drafting(study)
    drafting.split("solved", "fully")
    drafting.publish()
    assert finals(study)["solved", talk.pk, None] == (None, EARLIER)
    [plan] = plan_recoding(study)
    assert plan.codes == 1


def test_a_fragment_whose_kind_was_split_is_there_and_asks_for_its_kind():
    study = coded_study(conversations=1)
    drafting = Drafting(study)
    drafting.split("info_type", "phone", "Mobiel", "Vast")
    drafting.publish()
    first = study.talks[0].messages.order_by("position").first()
    assert finals(study)["info_type", study.talks[0].pk, first.pk] == (None, EARLIER)
    [again] = recode(study.pk, shows_old=True, actor_id=study.boss.pk)
    for coding in Coding.objects.filter(assignment__round=again).select_related("assignment__round"):
        [span] = coding.spans.all()
        state = load_state(coding)
        assert list(state.open_variables()) == [("span", span.pk)]
        give(coding, ("span", span.pk), "info_type", "mobiel")
        finish(coding.pk, actor_id=coding.assignment.coder_id)
    value, source = finals(study)["info_type", study.talks[0].pk, first.pk]
    assert ([span.category for span in value], source) == (["mobiel"], "unanimous")


def test_renaming_a_variable_and_its_categories_loses_nothing():
    study = coded_study(conversations=1)
    drafting = Drafting(study)
    drafting.set(drafting.id("contains_pii", "yes"), "key", "present")
    drafting.set(drafting.id("contains_pii"), "key", "holds_data")
    drafting.publish()
    first = study.talks[0].messages.order_by("position").first()
    found = finals(study)
    assert found["holds_data", study.talks[0].pk, first.pk] == ("present", "unanimous")
    assert not any(key == "contains_pii" for key, _c, _m in found)
    assert lookup(study.codebook_version_id).spec.by_key["channels"].show_if == {"holds_data": ("present",)}


def test_what_is_done_is_logged_without_words():
    study = coded_study(conversations=1)
    drafting = Drafting(study)
    drafting.split("solved", "partly")
    drafting.publish()
    recode(study.pk, shows_old=False, actor_id=study.boss.pk)
    actions = set(Event.objects.filter(study=study).values_list("action", flat=True))
    assert {"codebook.draft_started", "codebook.published", "round.recoding", "codings.carried"} <= actions


@pytest.mark.parametrize("size", [1, 3])
def test_the_queries_of_what_is_touched_do_not_grow(size, django_assert_num_queries):
    study = coded_study(conversations=size)
    drafting = Drafting(study)
    for key in ("not", "partly", "fully")[:size]:
        drafting.split("solved", key)
    changes = check(drafting.draft).changes
    touched_by(study, study.codebook_version_id, changes)  # versions are looked up once per process
    with django_assert_num_queries(10):
        touched_by(study, study.codebook_version_id, changes)


def test_what_is_carried_over_is_named_in_the_note_of_a_table_and_in_the_export(tmp_path):
    study = coded_study(conversations=1)
    drafting = Drafting(study)
    drafting.do(do="merge", item=drafting.id("solved", "fully"), items=[drafting.id("solved", "partly")])
    drafting.publish()
    asked = Definition("solved", unit="conversation")
    table = table_of(figures_now(study), study, asked, "en")
    assert table.note == (
        "“Solved” counts what was coded with version 1.0.0 of the codebook: “Partly” and “Fully” as “Fully”."
    )
    assert table_of(figures_now(study), study, Definition("contains_pii"), "en").note == ""
    changes = list(codebook_changes(StudyData(study, PROFILES["research"])).rows())
    assert [(row[2], row[5], row[6], row[7]) for row in changes] == [
        ("merge", "fully", "fully", 1),
        ("merge", "partly", "fully", 1),
    ]


def test_a_settled_case_holds_in_the_next_version_unless_its_definition_changed():
    study = coded_study(conversations=2)
    talk = study.talks[0]
    unit = find_unit(study.rounds.get(), "solved", talk.pk, None)
    settle(unit, Ruling("partly", reason="so", is_settled_case=True), revision=0, actor_id=study.boss.pk)
    drafting = Drafting(study)
    drafting.set(drafting.id("solved", "partly"), "label.nl", "Half")
    drafting.publish()
    assert [case.category for case in settled_cases(study, study.codebook_version_id, "solved")["partly"]]
    assert open_cases(study) == []
    drafting = Drafting(study)
    drafting.set(drafting.id("solved", "partly"), "definition.nl", "Een deel, of bijna.")
    drafting.set(drafting.id("solved", "partly"), "_meaning", "same")
    drafting.publish()
    assert settled_cases(study, study.codebook_version_id, "solved") == {}
    [case] = open_cases(study)
    check_case(study.pk, case.consensus.pk, study.codebook_version_id, holds=True, actor_id=study.boss.pk)
    assert open_cases(study) == []
    assert settled_cases(study, study.codebook_version_id, "solved")["partly"]


def test_a_ruling_that_asks_for_another_codebook_puts_its_case_beside_the_draft():
    study = coded_study(conversations=1)
    unit = find_unit(study.rounds.get(), "solved", study.talks[0].pk, None)
    ruling = Ruling("partly", reason="Half is te vaag.", needs_codebook_change=True)
    consensus = settle(unit, ruling, revision=0, actor_id=study.boss.pk)
    proposal = Proposal.objects.get()
    assert (proposal.consensus, proposal.text, proposal.category) == (consensus, "Half is te vaag.", "partly")


def test_the_files_for_statistics_hold_each_round_in_its_own_words():
    study = coded_study(conversations=1)
    drafting = Drafting(study)
    drafting.split("info_type", "phone", "Mobiel", "Vast")
    drafting.split("channels", "dm", "Openbaar", "Besloten")
    drafting.publish()
    data = StudyData(study, PROFILES["research"])
    types = next(variable for variable in data.variables if variable.key == "info_type")
    assert [category.key for category in types.options] == ["mobiel", "vast", "email", "bsn", "phone"]
    assert len({category.code for category in types.options}) == 5
    wide, spans = codings_wide(data), span_codes(data)
    at = wide.header.index("channels__dm__" + study.memberships.get(user=study.one).pseudonym)
    assert 1 in [row[at] for row in wide.rows()]
    assert {row[spans.header.index("info_type")] for row in spans.rows()} == {types.by_key["phone"].code}


def test_an_answer_that_a_new_condition_hides_is_kept_and_counts_as_not_applicable():
    study = coded_study(conversations=1)
    before = rows_of(study)
    drafting = Drafting(study)
    drafting.set(drafting.id("removal_request"), "show_if", {"contains_pii": ["no"]})
    drafting.publish()
    [hidden] = hidden_answers(study)
    assert (hidden.variable.key, hidden.answers) == ("removal_request", 2)
    assert rows_of(study) == before
    frame = figures_now(study).frame
    assert set(frame.columns["removal_request"]["reasons"].tolist()) == {CODE_OF["not_applicable"]}
