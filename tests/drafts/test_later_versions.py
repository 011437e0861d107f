"""Under a later version: what waits, what is hidden, and what a candidate proposes."""

import csv

import pytest

from annotations.adjudication.disagreements import Filter, count_open, disagreement_list
from annotations.codebooks.carrying import means_the_same
from annotations.codebooks.lookup import lookup
from annotations.codebooks.proposing import proposed_kinds
from annotations.coding.answers import CONVERSATION, load_state
from annotations.coding.marks import load_marks
from annotations.coding.save import accept_candidate, finish
from annotations.coding.wire import candidates_json
from annotations.drafts.recode import recode
from annotations.exporting.profile import PROFILES
from annotations.exporting.reading.codings import import_codings
from annotations.exporting.study_data import StudyData
from annotations.exporting.tables.codings_long import codings_long
from annotations.exporting.tables.codings_wide import codings_wide
from annotations.exporting.tables.consensus import consensus
from annotations.models import Code, Coding, Study
from annotations.reliability.over_time import with_themselves
from tests.factories import make_candidate, make_coding, make_conversation, make_round

from .help import Drafting, code, coded_study, give
from .test_recode import finals

pytestmark = pytest.mark.django_db


def test_while_one_coder_codes_again_nothing_is_decided_by_what_the_other_took_along():
    study = coded_study(conversations=1)
    talk, main = study.talks[0], study.rounds.get()
    first = talk.messages.order_by("position").first()
    theirs = Coding.objects.get(assignment__round=main, assignment__coder=study.two)
    Code.objects.filter(coding=theirs, variable__key="removal_request", missing=None).update(
        category=lookup(main.codebook_version_id).category_ids["removal_request", "yes"]
    )
    assert count_open([main]) == 2
    drafting = Drafting(study)
    drafting.split("solved", "partly", "Bijna", "Half")
    drafting.publish()
    [again] = recode(study.pk, shows_old=False, actor_id=study.boss.pk)
    waiting = finals(study)
    assert waiting["solved", talk.pk, None] == (None, "unresolved")
    assert waiting["removal_request", talk.pk, first.pk] == (None, "unresolved")
    assert waiting["contains_pii", talk.pk, first.pk] == ("yes", "unanimous")
    assert waiting["info_type", talk.pk, first.pk][1] == "unanimous"
    mine = Coding.objects.get(assignment__round=again, assignment__coder=study.one)
    give(mine, CONVERSATION, "solved", "bijna")
    finish(mine.pk, actor_id=study.one.pk)
    assert count_open([again]) == 2
    assert finals(study)["removal_request", talk.pk, first.pk] == (None, "unresolved")


def test_a_disagreement_on_a_variable_that_was_withdrawn_stays_open_where_it_was_coded():
    study = coded_study(conversations=1)
    main = study.rounds.get()
    first = study.talks[0].messages.order_by("position").first()
    theirs = Coding.objects.get(assignment__round=main, assignment__coder=study.two)
    Code.objects.filter(coding=theirs, variable__key="removal_request", missing=None).update(
        category=lookup(main.codebook_version_id).category_ids["removal_request", "yes"]
    )
    drafting = Drafting(study)
    drafting.split("solved", "partly", "Bijna", "Half")
    drafting.do(do="remove", item=drafting.id("removal_request"))
    drafting.publish()
    [again] = recode(study.pk, shows_old=False, actor_id=study.boss.pk)
    assert count_open([main, again]) == 1
    listed = disagreement_list(main, Filter())
    assert [row.key for row in listed.rows] == [("removal_request", study.talks[0].pk, first.pk)]


def rows_as_dicts(table):
    return [dict(zip(table.header, row, strict=True)) for row in table.rows()]


def test_a_hidden_answer_is_in_no_file_as_given_and_is_read_back_as_it_was(tmp_path):
    study = coded_study(conversations=1)
    drafting = Drafting(study)
    drafting.set(drafting.id("removal_request"), "show_if", {"contains_pii": ["no"]})
    drafting.set(drafting.id("channels"), "show_if", {"contains_pii": ["no"]})
    drafting.publish()
    data = StudyData(study, PROFILES["restricted"])
    long, decided = rows_as_dicts(codings_long(data)), rows_as_dicts(consensus(data))
    for name, given in (("removal_request", {"no"}), ("channels", {"dm", "mail"})):
        for rows in (long, decided):
            hidden = [row for row in rows if row["variable"] == name and row["hidden_value"]]
            assert {row["hidden_value"] for row in hidden} == given
            assert {(row["value"], row["code"]) for row in hidden} == {("97", "97")}
    untouched = [row for row in long if row["variable"] in ("contains_pii", "solved")]
    assert not any(row["hidden_value"] for row in untouched)
    wide = rows_as_dicts(codings_wide(data))
    assert {row.get("removal_request") for row in wide if row["level"] == "message"} <= {97, None}
    file = tmp_path / "codings_long.csv"
    with file.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(codings_long(data).header)
        writer.writerows(codings_long(data).rows())
    report = import_codings(study, file, actor_id=study.boss.pk)
    assert report["codings_known"] == 2  # the file says what is there: nothing differs, nothing is new
    assert report["codings_new"] == 0


def test_a_candidate_proposes_what_its_kind_is_called_by_now():
    study = coded_study(conversations=1)
    first = study.talks[0].messages.order_by("position").first()
    make_candidate(first, "06-00000011", "phone")
    old = study.codebook_version_id
    drafting = Drafting(study)
    drafting.set(drafting.id("info_type", "phone"), "key", "telephone")
    drafting.set(drafting.id("info_type", "bsn"), "_meaning", "new")
    drafting.publish()
    renamed = study.codebook_version_id
    drafting = Drafting(study)
    drafting.split("info_type", "telephone", "Mobiel", "Vast")
    drafting.do(do="remove", item=drafting.id("info_type", "email"))
    drafting.publish()
    split = study.codebook_version_id
    drafting = Drafting(study)
    drafting.do(do="merge", item=drafting.id("info_type", "bsn"), items=[drafting.id("info_type", "vast")])
    drafting.publish()
    kinds = {pk: proposed_kinds(pk, "phone") for pk in (old, renamed, split, study.codebook_version_id)}
    assert list(kinds.values()) == [("phone",), ("telephone",), ("mobiel", "vast"), ("mobiel", "bsn")]
    assert (proposed_kinds(renamed, "bsn"), proposed_kinds(split, "email")) == (("bsn",), ())
    assert proposed_kinds(old, "unheard_of") == ()


def test_a_candidate_of_a_split_kind_names_every_part_and_either_is_accepted():
    study = coded_study(conversations=1)
    drafting = Drafting(study)
    drafting.split("info_type", "phone", "Mobiel", "Vast")
    drafting.publish()
    talk = make_conversation(study, "Bel 06-00000012 of 020-0000013")
    first = talk.messages.get()
    Study.objects.update(detector_version="1")
    candidates = [make_candidate(first, quote, "phone") for quote in ("06-00000012", "020-0000013")]
    coding = make_coding(talk, study.one, "later")
    state = load_state(Coding.objects.select_related("assignment__round").get(pk=coding.pk))
    told = candidates_json(state, load_marks(coding.assignment, state), "nl")
    assert [(each["t"], each["label"], each["alt"]) for each in told] == [
        ("mobiel", "Mobiel / Vast", ["vast"])
    ] * 2
    spans = [
        accept_candidate(coding.pk, actor_id=study.one.pk, candidate_id=candidates[0].pk)[0],
        accept_candidate(coding.pk, actor_id=study.one.pk, candidate_id=candidates[1].pk, info_type="vast")[
            0
        ],
    ]
    assert {span.origin for span in spans} == {"accepted"}


def test_agreement_with_oneself_compares_no_two_meanings_and_nothing_carried_over():
    study = coded_study(conversations=1)
    talk = study.talks[0]
    drafting = Drafting(study)
    drafting.set(drafting.id("solved", "partly"), "_meaning", "new")
    drafting.publish()
    recode(study.pk, shows_old=False, actor_id=study.boss.pk)
    assert with_themselves(study) == []  # the other coder's finished coding holds what was carried over
    make_round(study, "later", kind="reliability")
    code(talk, study.one, solved="partly", round_name="later")
    code(talk, study.two, solved="fully", round_name="later")
    found = {each.variable.key for each in with_themselves(study)}
    assert "contains_pii" in found
    assert "solved" not in found
    first = study.rounds.get(name="main").codebook_version_id
    assert not means_the_same("solved", first, study.codebook_version_id)
    assert means_the_same("channels", first, study.codebook_version_id)
