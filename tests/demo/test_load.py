"""The demo study comes in through the doors of any study and shows what the study of 2019 published."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from annotations.common.bulk import update_statistics
from annotations.demo.load import load_demo
from annotations.errors import BadInput
from annotations.models import (
    Assignment,
    Code,
    CodeCategory,
    Coding,
    Consensus,
    Conversation,
    Membership,
    Message,
    Round,
    Span,
    Study,
)
from annotations.reliability.report import agreement_of
from annotations.results.comparison.odds import sample_results
from tests.conftest import made_once
from tests.expectations import EXPECTED
from tests.exporting.reading import write_tables
from tests.test_figures import has_two_signs, is_right, numbers
from tests.world import WORDS, address_of, parameters

pytestmark = pytest.mark.django_db


def loaded() -> Study:
    """The demo, counted by the database as after storing: without numbers PostgreSQL plans badly."""
    study = load_demo(password="Welkom-demo-2019")
    update_statistics(Assignment, Code, CodeCategory, Coding, Consensus, Conversation, Message, Span)
    return study


demo = made_once(loaded)


def test_the_published_table_comes_out_of_the_apps_own_pipeline(demo, capsys):
    call_command("results", "demo", "--json")
    tables = {table["key"]: table for table in json.loads(capsys.readouterr().out)["tables"]}
    rows = {row["organisation"]: row for row in tables["removal_request"]["rows"]}
    tax, telecom = rows["Dienst Rijksheffingen"], rows["Zwaluwlijn"]
    assert (tax["n"], tax["of"], tax["percent"]) == (16, 50, 32.0)
    assert (telecom["n"], telecom["of"], telecom["percent"]) == (10, 50, 20.0)
    assert tax["wilson"] == [20.8, 45.8]
    assert tables["removal_request"]["comparison"]["newcombe"] == [-28.4, 5.2] or tables["removal_request"][
        "comparison"
    ]["newcombe"] == [-5.2, 28.4]


def test_every_page_has_something_to_show(demo):
    assert demo.conversations.count() == 153
    assert Message.objects.filter(study=demo, state="present").count() == 566
    assert Coding.objects.filter(state="finished").count() == 170
    assert Coding.objects.filter(state="open").count() == 2
    assert Consensus.objects.exists()
    alphas = [found.result.alpha for found in agreement_of(demo.rounds.get(), bootstrap=0)]
    assert min(alphas) < 0.667 < 0.8 < max(alphas)


def test_the_comparison_sample_gives_odds_ratios_that_one_can_read(demo):
    (result,) = sample_results(demo)
    assert (result.finds, result.comparisons) == (
        47,
        100,
    )  # conversations: some hold several of the hundred finds
    ratios = {each.exposure.key: each for each in result.compared}
    dm = ratios["dm_misunderstanding"]
    assert dm.odds_ratio.interval[0] > 1
    assert dm.mantel_haenszel.value == pytest.approx(dm.odds_ratio.value, rel=0.2)
    assert dm.homogeneity.p > 0.05
    assert all(len(each.organisations) == 2 for each in ratios.values())


def test_the_people_of_the_demo_can_sign_in_and_only_the_supervisor_makes_studies(demo, client):
    for name in ("supervisor", "coder1", "coder2"):
        assert client.login(username=name, password="Welkom-demo-2019")
    assert [user.username for user in User.objects.filter(is_staff=True)] == ["supervisor"]


def test_loading_it_twice_is_refused_and_changes_nothing(demo):
    with pytest.raises(BadInput, match="already"):
        load_demo(password="anders")
    assert Study.objects.count() == 1


def test_the_export_of_the_demo_for_research_holds_nothing_that_was_marked(demo, tmp_path):
    write_tables(demo, tmp_path, profile="research")
    texts = (tmp_path / "messages.csv").read_text(encoding="utf-8")
    for span in Coding.objects.first().assignment.round.study.messages.filter(spans__isnull=False)[:50]:
        for marked in span.spans.all():
            assert span.text[marked.start : marked.end] not in texts or marked.end - marked.start < 5


WITH_TEXTS = {"conversations", "conversation"}
IN_THE_STUDYS_LANGUAGE = {"report", "advice"}
WITH_RATIOS = {"results", "detector", "detector_misses", "comparison_results", "report", "advice"}


@pytest.mark.once
@pytest.mark.slow
def test_every_page_with_figures_keeps_the_rule_in_both_languages(demo):
    browser = Client()
    browser.force_login(Membership.objects.get(study=demo, role="supervisor").user)
    settled = Consensus.objects.filter(round__study=demo, message__isnull=False).first()
    objects = WORDS | {
        "slug": demo.slug,
        "variable": "removal_request",
        "round": Round.objects.get(study=demo).pk,
        "organisation": demo.organisations.first().pk,
        "conversation": settled.conversation_id,
        "number": settled.conversation.number,
    }
    seen, wrong = {"nl": 0, "en": 0}, []
    for name, line in EXPECTED.items():
        if not line.page or "slug" not in parameters(name) or name in WITH_TEXTS:
            continue
        try:
            path = address_of(name, objects)
        except KeyError:
            continue
        for language in [demo.language] if name in IN_THE_STUDYS_LANGUAGE else seen:
            browser.cookies["django_language"] = language
            answer = browser.get(path)
            if answer.status_code != 200:
                continue
            found = numbers(answer.content.decode())
            seen[language] += len(found)
            if language == "nl" and has_two_signs(found):
                wrong.append((language, path, "two decimal signs", found))
            wrong += [
                (language, path, number)
                for number in found
                if not is_right(number, language, may_exceed_one=name in WITH_RATIOS)
            ]
    assert not wrong, "\n".join(map(str, wrong))
    assert min(seen.values()) > 200
