"""From codes in the database to the figures of a paper."""

import csv
import io
import json

import pytest
from django.core.management import call_command

from annotations.agreement import reliability
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.models import Organisation
from annotations.reliability.data import ReportScope
from annotations.reliability.report import agreement_of
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db

SOLVED = [
    ("fully", "fully", "fully"),
    ("not", "partly", "not"),
    ("fully", "fully", None),
    ("not", "not", "not"),
    ("partly", "fully", "partly"),
    (Missing.UNDETERMINED, "not", "not"),
]
PII = [("yes", "yes", "yes"), ("yes", "no", "yes"), ("no", "no", "no")] * 2


@pytest.fixture
def round_():
    """Six conversations of one message, coded by three; in unit 1 one of them finds no personal data."""
    study = make_study("study")
    coders = [make_member(study, name) for name in ("anna", "bart", "carla")]
    for solved, pii in zip(SOLVED, PII, strict=True):
        conversation = make_conversation(study, "Bel 06-00000011")
        message = conversation.messages.get()
        items = []
        for coder, value, contains in zip(coders, solved, pii, strict=True):
            asked = contains == "yes"
            items.append(
                ImportedCoding(
                    assign(conversation, coder),
                    answers={
                        CONVERSATION: {} if value is None else {"solved": value},
                        ("message", message.pk): {
                            "contains_pii": contains,
                            "channels": frozenset({"dm"}) if asked else Missing.NOT_APPLICABLE,
                            "removal_request": "yes" if asked else Missing.NOT_APPLICABLE,
                        },
                    },
                    spans=[ImportedSpan(message.pk, 4, 15, {"info_type": "phone"})] if asked else [],
                )
            )
        store_imported(make_round(study), items, actor_id=None)
    return make_round(study)


def by_key(round_, **options):
    return {item.variable.key: item for item in agreement_of(round_, bootstrap=0, **options)}


def test_the_figures_are_the_engines_on_the_same_codes(round_):
    found = by_key(round_)["solved"].result
    plain = [[None if isinstance(value, Missing) else value for value in row] for row in SOLVED]
    expected = reliability(plain, categories=["not", "partly", "fully"], level="ordinal", bootstrap=0)
    assert found.alpha == pytest.approx(expected.alpha)
    assert found.percent_agreement == pytest.approx(expected.percent_agreement)
    assert (found.pairable_units, found.level) == (6, "ordinal")


def test_missing_codes_are_counted_and_not_compared(round_):
    item = by_key(round_)["solved"]
    assert item.missing == {97: 0, 98: 1, 99: 0}


def test_a_conditional_question_is_compared_only_where_every_coder_was_asked(round_):
    item = by_key(round_)["removal_request"]
    assert item.result.pairable_units == 2
    assert item.not_asked_units == 4
    assert item.result.undefined_key == "no_variation"


def test_fragments_are_compared_in_every_message_that_two_coders_read(round_):
    found = by_key(round_)["info_type"].result
    assert found.pairable_units == 6
    assert found.differing_units == [1, 4]
    assert 0 < found.alpha < 1


def test_a_report_can_be_narrowed_to_coders_and_to_an_organisation(round_):
    study = round_.study
    two = frozenset(study.memberships.values_list("user_id", flat=True)[:2])
    assert by_key(round_, selection=ReportScope(coder_ids=two))["solved"].result.coders == 2
    other = Organisation.objects.create(study=study, name="Rijksheffingen")
    nothing = by_key(round_, selection=ReportScope(organisation_id=other.pk))
    assert nothing["solved"].result.undefined_key == "nothing_coded"
    everything = by_key(
        round_, selection=ReportScope(organisation_id=study.organisations.exclude(pk=other.pk).get().pk)
    )
    assert everything["solved"].result.pairable_units == 6


def test_an_unfinished_coding_does_not_count(round_):
    coding = round_.assignments.first().coding
    coding.state, coding.finished_at = "open", None
    coding.save()
    assert by_key(round_)["contains_pii"].result.pairable_values == 17


def test_the_command_prints_what_the_contract_promises(round_, capsys):
    call_command("agreement", "study", "--json", "--bootstrap", "50")
    answer = json.loads(capsys.readouterr().out)
    solved = next(variable for variable in answer["variables"] if variable["key"] == "solved")
    assert {
        "key",
        "level",
        "kind",
        "coders",
        "units",
        "pairable_units",
        "percent_agreement",
        "holsti",
        "alpha",
        "alpha_ci",
        "p_alpha_below_667",
        "p_alpha_below_800",
        "gwet_ac1",
        "fleiss_kappa",
        "brennan_prediger",
        "cohen_kappa",
        "undefined",
        "warnings",
        "categories",
        "pairs",
    } <= set(solved)
    assert set(solved["cohen_kappa"]) == {"anna|bart", "anna|carla", "bart|carla"}
    removal = next(variable for variable in answer["variables"] if variable["key"] == "removal_request")
    assert removal["alpha"] is None
    assert removal["undefined"].startswith("no variation")


def test_the_command_prints_csv_and_text(round_, capsys):
    call_command("agreement", "study", "--csv", "--variable", "solved", "--bootstrap", "0")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["key"] for row in rows] == ["solved"]
    call_command("agreement", "study", "--bootstrap", "20")
    assert "undefined: no variation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--round", "zomer"], "has no round zomer. Rounds: main."),
        (["--variable", "colour"], "The codebook has no variable colour."),
        (["--bootstrap", "-1"], "take a whole number"),
    ],
)
def test_the_command_refuses_in_one_clear_line(round_, capsys, arguments, sentence):
    with pytest.raises(SystemExit) as stopped:
        call_command("agreement", "study", *arguments)
    assert stopped.value.code == 1
    assert sentence in capsys.readouterr().err


def test_a_study_without_rounds_says_what_to_do(db, capsys):
    make_study("empty")
    with pytest.raises(SystemExit):
        call_command("agreement", "empty")
    assert "assign conversations first" in capsys.readouterr().err
