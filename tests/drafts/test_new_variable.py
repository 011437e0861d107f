"""A new question of a study that was coded: asked from now on, or of everything that was finished too."""

import pytest
from django.test import Client
from django.urls import reverse

from annotations.codebooks.lookup import lookup
from annotations.coding.answers import CONVERSATION, load_state
from annotations.coding.save import finish
from annotations.drafts.recode import plan_recoding, recode
from annotations.errors import BadInput
from annotations.exporting.profile import PROFILES
from annotations.exporting.study_data import StudyData
from annotations.exporting.tables.codebook_changes import COLUMNS, codebook_changes
from annotations.finals.of_study import counted_rounds, study_values
from annotations.models import Code, Coding, Event, VersionChange
from annotations.reliability.data import ReportScope
from annotations.reliability.methods import _Paragraph

from .help import Drafting, coded_study, give

pytestmark = pytest.mark.django_db


def with_question(study, *, level="conversation", required=True, show_if=None):
    drafting = Drafting(study)
    new = drafting.do(do="add_variable", after=drafting.id("solved"))
    drafting.set(new, "level", level)
    drafting.set(new, "required", required)
    for language, words in (("nl", "Toon"), ("en", "Tone")):
        drafting.set(new, f"label.{language}", words)
        drafting.set(new, f"definition.{language}", f"{words}?")
        for number, each in enumerate(categories(drafting, new)):
            drafting.set(each, f"label.{language}", f"{words} {number}")
    if show_if:
        drafting.set(new, "show_if", show_if)
    return drafting, new


def categories(drafting, wanted):
    found = next(each for each in drafting.draft.document["variables"] if each["_id"] == wanted)
    return [each["_id"] for each in found["categories"]]


def post(study, draft, **choices):
    client = Client()
    client.force_login(study.boss)
    address = reverse("codebook_publish", args=[study.slug])
    return client.post(address, {"revision": draft.revision, **choices})


def test_asked_of_everything_it_is_all_that_is_open_in_a_round_with_every_coder():
    study = coded_study()
    drafting, new = with_question(study)
    drafting.publish([new])
    before = Code.objects.count()
    [plan] = plan_recoding(study)
    assert (plan.codes, plan.questions, len(plan.conversations), len(plan.coders)) == (0, 4, 2, 2)
    [again] = recode(study.pk, shows_old=False, actor_id=study.boss.pk)
    assert plan_recoding(study) == []
    codings = Coding.objects.filter(assignment__round=again).select_related("assignment__round")
    assert set(codings.values_list("state", flat=True)) == {"open"}
    for coding in codings:
        open_ = {
            key: [each.key for each in some] for key, some in load_state(coding).open_variables().items()
        }
        assert open_ == {CONVERSATION: ["toon"]}
        give(coding, CONVERSATION, "toon", "toon_0")
        finish(coding.pk, actor_id=coding.assignment.coder_id)
    assert Code.objects.filter(coding__assignment__round=study.rounds.first()).count() == before
    found = {final.value for final in study_values(counted_rounds(study), variables=["toon"])}
    assert found == {"toon_0"}


def test_asked_from_now_on_nothing_waits_and_a_later_version_asks_no_more_than_it_says():
    study = coded_study()
    drafting, _new = with_question(study)
    drafting.publish()
    assert plan_recoding(study) == []
    with pytest.raises(BadInput):
        recode(study.pk, shows_old=False, actor_id=study.boss.pk)


def test_it_is_asked_only_where_its_condition_holds_and_by_whom_it_concerns():
    study = coded_study()
    drafting, new = with_question(study, show_if={"solved": ["partly"]})
    drafting.publish([new])
    [plan] = plan_recoding(study)
    assert (plan.questions, plan.coders) == (2, {study.one.pk})  # the other coder said: fully
    [again] = recode(study.pk, shows_old=False, actor_id=study.boss.pk)
    states = set(again.assignments.values_list("coder", "coding__state"))
    assert states == {(study.one.pk, "open"), (study.two.pk, "finished")}


def test_a_question_of_messages_is_asked_of_each_and_a_renamed_one_in_a_version_after_that():
    study = coded_study(conversations=1)
    drafting, new = with_question(study, level="message")
    drafting.set(new, "applies_to", "consumer")
    drafting.publish([new])
    later = Drafting(study)
    later.set(later.id("toon"), "key", "mood")
    later.publish()
    [plan] = plan_recoding(study)
    consumers = sum(message.author_role == "consumer" for message in study.talks[0].messages.all())
    assert plan.questions == 2 * consumers > 0


def test_who_publishes_must_choose_and_the_choice_is_kept_in_log_methods_and_file():
    study = coded_study()
    drafting, new = with_question(study)
    answer = post(study, drafting.draft)
    assert answer.status_code == 422
    assert "“Toon” is een nieuwe variabele: kies van wat het wordt gevraagd." in answer.text
    assert post(study, drafting.draft, **{f"ask-{new}": "finished"}).status_code == 302
    study.refresh_from_db()
    change = VersionChange.objects.get(version=study.codebook_version, kind="new_variable")
    assert change.asks_finished
    log = Event.objects.get(action="codebook.published")
    assert log.after["asked_of_finished"] == ["toon"]
    [again] = recode(study.pk, shows_old=False, actor_id=study.boss.pk)
    text = _Paragraph("nl", again, ReportScope(), [], lookup(study.codebook_version_id).spec, "1")._added()
    assert "“Toon” kwam er met versie 1.0.1" in text
    assert "ook gesteld van wat al af was" in text
    names = [column.name for column in COLUMNS]
    [row] = codebook_changes(StudyData(study, PROFILES["restricted"])).rows()
    assert dict(zip(names, row, strict=True))["asked_of"] == "finished"


def test_a_question_that_may_stay_empty_is_asked_from_now_on_unless_somebody_says_otherwise():
    study = coded_study(conversations=1)
    drafting, _new = with_question(study, required=False)
    assert post(study, drafting.draft).status_code == 302
    study.refresh_from_db()
    assert plan_recoding(study) == []
    assert Event.objects.get(action="codebook.published").after["asked_from_now_on"] == ["toon"]


@pytest.mark.parametrize("size", [1, 6])
def test_the_queries_of_the_plan_do_not_grow(size, django_assert_max_num_queries):
    study = coded_study(conversations=size)
    drafting, new = with_question(study)
    drafting.publish([new])
    with django_assert_max_num_queries(25):
        plan_recoding(study)
