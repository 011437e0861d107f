"""What goes into a paper: the paragraph, the data, and programs that come to the same digits."""

import random
import re
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from annotations.codebooks.store import store_codebook
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, store_imported
from annotations.detector.rules import accept
from annotations.importing.store.study_rules import version_now
from annotations.models import Coding, Round
from annotations.pii import Rule
from annotations.reliability.data import ReportScope
from annotations.reliability.data_file import program, reliability_data
from annotations.reliability.methods import paragraphs
from annotations.reliability.report import agreement_of
from tests.conftest import made_once
from tests.exporting.reading import write_tables
from tests.factories import SMALL_CODEBOOK, assign, make_conversation, make_member, make_round, make_study
from tests.programs import needs

pytestmark = pytest.mark.django_db
MISSING_OR_NOT = [Decimal(97), Decimal("2.5"), Missing.UNDETERMINED, Missing.NOT_APPLICABLE]
CHANNELS = [frozenset(), frozenset({"dm"}), frozenset({"dm", "phone"}), Missing.NOT_APPLICABLE]


OTHER_SCALES = SMALL_CODEBOOK.replace("scale: ordinal", "scale: interval").replace(
    "scale: ratio", "scale: ordinal"
)
INTERVAL = SMALL_CODEBOOK.replace("scale: ratio", "scale: interval")


made = made_once(lambda: coded_round(SMALL_CODEBOOK))


@pytest.fixture
def round_(made):
    return Round.objects.select_related("study").get(pk=made.pk)


def coded_round(codebook, slug="coded"):
    """Forty conversations by three coders, with missing codes and a conditional question."""
    codebook = codebook.replace("key: small", f"key: {slug}", 1)
    study = make_study(slug, codebook_version=store_codebook(codebook), modules=["core", "extra"])
    coders = [make_member(study, name) for name in ("anna", "=bart", "carla")]
    chance = random.Random(5)
    items = []
    for _ in range(40):
        conversation = make_conversation(study, "Hoi")
        message = conversation.messages.get()
        for coder in coders:
            asked = chance.random() < 0.8
            answers = {
                CONVERSATION: {
                    "solved": chance.choice(["not", "partly", "fully", Missing.UNDETERMINED]),
                    "waiting_days": chance.choice([Decimal(chance.randint(0, 120)), *MISSING_OR_NOT]),
                },
                ("message", message.pk): {
                    "contains_pii": "yes" if asked else "no",
                    "channels": chance.choice(CHANNELS[:3]) if asked else Missing.NOT_APPLICABLE,
                    "removal_request": chance.choice(["yes", "no"]) if asked else Missing.NOT_APPLICABLE,
                },
            }
            items.append(ImportedCoding(assign(conversation, coder), answers=answers))
    round_ = make_round(study)
    store_imported(round_, items, actor_id=None)
    return round_


PROGRAMS = [
    pytest.param("python", [sys.executable, "-I"], id="python"),
    pytest.param("r", ["Rscript", "--vanilla"], id="r", marks=needs("Rscript")),
]


def run_program(language, command, round_, folder):
    """The program of the reliability page, run on the reliability.csv of the folder."""
    (folder / "alpha.txt").write_text(program(language, round_), "utf-8")
    return subprocess.run(
        [*command, "alpha.txt"], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )


def alphas_printed(done):
    """Variable -> (scale, alpha), as a program printed them."""
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return {key: (scale, None if alpha == "undefined" else float(alpha)) for _, key, scale, alpha in rows}


def alphas_reported(round_):
    return {
        item.variable.key: item.result.alpha
        for item in agreement_of(round_, bootstrap=0)
        if not item.variable.of_kind.is_free and item.variable.level != "span" and item.result.units
    }


@pytest.mark.parametrize(("language", "command"), PROGRAMS)
def test_a_program_gives_the_reports_digits_from_the_file(language, command, round_, tmp_path):
    (tmp_path / "reliability.csv").write_text("".join(reliability_data(round_, ReportScope())), "utf-8")
    printed = alphas_printed(run_program(language, command, round_, tmp_path))
    expected = alphas_reported(round_)
    assert set(printed) == set(expected)
    assert {"solved", "waiting_days", "channels", "removal_request"} <= set(expected)
    assert {scale for scale, _ in printed.values()} == {"nominal", "ordinal", "ratio", "masi"}
    for key, (_, alpha) in printed.items():
        assert alpha == pytest.approx(expected[key], abs=1e-12), key


@pytest.mark.parametrize(("language", "command"), PROGRAMS)
@pytest.mark.parametrize(
    ("codebook", "scales"),
    [
        (OTHER_SCALES, {"solved": "interval", "waiting_days": "ordinal"}),
        (INTERVAL, {"solved": "ordinal", "waiting_days": "interval"}),
    ],
)
def test_a_program_measures_by_the_scale_of_the_codebook(language, command, codebook, scales, tmp_path):
    round_ = coded_round(codebook, "other")
    (tmp_path / "reliability.csv").write_text("".join(reliability_data(round_, ReportScope())), "utf-8")
    printed = alphas_printed(run_program(language, command, round_, tmp_path))
    assert {key: printed[key][0] for key in scales} == scales
    expected = alphas_reported(round_)
    assert {key: alpha for key, (_, alpha) in printed.items()} == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("language", "command"), PROGRAMS)
def test_a_program_calls_an_alpha_without_variation_undefined(language, command, round_, tmp_path):
    leading = "round,variable,scale,level,conversation_id,message_id,anna,bart"
    row = "main,contains_pii,nominal,message,c,m,yes,yes"
    (tmp_path / "reliability.csv").write_text(f"{leading}\n{row}\n{row}\n", "utf-8")
    printed = alphas_printed(run_program(language, command, round_, tmp_path))
    assert printed == {"contains_pii": ("nominal", None)}


@pytest.mark.parametrize(("language", "command"), PROGRAMS)
@pytest.mark.parametrize("header", ["variable,scale,conversation_id,message_id,anna,bart", "", "round;x"])
def test_a_file_of_another_layout_stops_the_program_with_a_sentence(
    language, command, header, round_, tmp_path
):
    (tmp_path / "reliability.csv").write_text(f"{header}\nsolved,nominal,c,m,not,not\n", "utf-8")
    done = run_program(language, command, round_, tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    said = done.stderr.removeprefix("Error: ").removesuffix("Execution halted\n")
    assert said.startswith("reliability.csv does not begin with the columns round, variable, scale")
    assert said.count("\n") == 1


@pytest.mark.parametrize(("language", "command"), PROGRAMS)
def test_the_export_and_the_page_give_one_layout(language, command, round_, tmp_path):
    write_tables(round_.study, tmp_path)
    exported = (tmp_path / "reliability.csv").read_text("utf-8")
    assert sorted(exported.splitlines()) == sorted(
        "".join(reliability_data(round_, ReportScope())).splitlines()
    )
    write_tables(round_.study, tmp_path / "excel")
    printed = alphas_printed(run_program(language, command, round_, tmp_path / "excel"))
    assert {key: alpha for key, (_, alpha) in printed.items()} == pytest.approx(
        alphas_reported(round_), abs=1e-12
    )


def test_the_file_holds_the_units_as_the_report_compares_them(round_):
    lines = "".join(reliability_data(round_, ReportScope())).splitlines()
    assert lines[0] == "round,variable,scale,level,conversation_id,message_id,'=bart,anna,carla"
    of = {item.variable.key: item for item in agreement_of(round_, bootstrap=0)}
    rows = [line for line in lines if ",removal_request," in line]
    assert len(rows) == of["removal_request"].result.units < 40
    numbers = [line for line in lines if ",waiting_days," in line]
    assert any(",97" in line for line in numbers), "an honest number"
    assert not any(",97" in line for line in lines if line not in numbers)
    assert not any(",-97" in line for line in lines)


@pytest.mark.parametrize(("count", "words"), [(0, "without rules"), (1, "one rule "), (2, "two rules")])
def test_the_paragraph_names_the_detector_and_how_many_rules_were_accepted(round_, count, words):
    rules = [Rule("find", "phone", word, "A{2} 9{3} 9{2}") for word in ("schelp", "zeester")[:count]]
    study = round_.study
    assert "detector" not in paragraphs(round_, ReportScope(), [], "1.2.3")["en"]
    for rule in rules:
        accept(study, [rule], actor_id=None)
    study.detector_version = version_now(study)
    text = paragraphs(round_, ReportScope(), [], "1.2.3")
    assert f"(version {study.detector_version}), with" in text["en"]
    assert words in text["en"]
    assert f"(versie {study.detector_version})" in text["nl"]
    assert "Coders saw all candidates" in text["en"]
    study.least_confidence = study.LeastConfidence.HIGH
    text = paragraphs(round_, ReportScope(), [], "1.2.3")
    assert "Coders saw only the certain candidates" in text["en"]
    assert "alleen de zekere kandidaten" in text["nl"]


def test_the_paragraph_names_what_was_done_with_this_studys_numbers(round_):
    figures = [item.as_dict() for item in agreement_of(round_, bootstrap=0)]
    text = paragraphs(round_, ReportScope(), figures, "1.2.3")
    given = sum(each["missing_given"] for each in figures)
    skipped = sum(sum(each["missing"].values()) for each in figures) - given
    assert given
    assert skipped
    for language in ("nl", "en"):
        assert "40" in text[language]
        assert str(given) in text[language]
        assert str(skipped) in text[language]
        assert "10.000" in text[language] or "10,000" in text[language]
        sentences = re.split(r"(?<=[.!?]) (?=\S)", text[language].split("\n")[0])
        assert [each for each in sentences if each[0].isdigit()] == []
        lowest = min((f for f in figures if f["alpha"] is not None), key=lambda f: f["alpha"])
        assert f"“{lowest['label'][language]}”" in text[language]
        assert "bij 0" not in text[language]
        assert "Krippendorff, K. (2019)" in text[language].split("\n\n")[1]
        assert "github.com/pln-fing-udelar/fast-krippendorff" in text[language]
        assert "Webcare coding 1.2.3" in text[language]
        assert "{" not in text[language]
    assert "was not drawn in this program" in text["en"]
    round_.draw = [
        {"seed": 20190401, "design": "stratified", "pool": {"Zwaluwlijn": 90}, "drawn": {"Zwaluwlijn": 40}}
        | {"shared": 40}
    ]
    drawn = paragraphs(round_, ReportScope(), figures, "1.2.3")["en"]
    assert "From 90 conversations 40 were drawn at random within each organisation (seed 20190401)" in drawn


def finished(assignment, **fields):
    Coding.objects.create(assignment=assignment, state="finished", finished_at=timezone.now(), **fields)


def paragraph(round_):
    return paragraphs(
        round_, ReportScope(), [item.as_dict() for item in agreement_of(round_, bootstrap=0)], "1"
    )


@pytest.mark.parametrize(
    ("imported", "said"),
    [
        (("anna", "=bart", "carla"), "were imported; they were given by three coders"),
        ((), "were given in this program by three coders, independently of each other"),
        (("carla",), "by two coders in this program, without sight of the codes of others"),
        (("anna", "carla"), "whereas those of two coders were imported"),
    ],
)
def test_independence_is_claimed_only_of_coders_whose_codes_were_given_here(imported, said):
    study = make_study("study")
    conversation = make_conversation(study, "Hoi")
    for name in ("anna", "=bart", "carla"):
        assignment = assign(conversation, make_member(study, name))
        if name in imported:
            store_imported(
                assignment.round,
                [ImportedCoding(assignment, answers={CONVERSATION: {"solved": "not"}})],
                actor_id=None,
            )
        else:
            finished(assignment)
    text = paragraph(make_round(study))["en"]
    assert said in text
    assert ("is not recorded here" in text) == bool(imported)


def test_earlier_rounds_are_named_with_their_size_and_the_hours_of_training(round_):
    study = round_.study
    coder = study.memberships.first().user
    for name, kind, size, seconds in (("oefenen", "training", 2, 2700), ("proef", "pilot", 1, 7200)):
        earlier = make_round(study, name=name, kind=kind)
        Round.objects.filter(pk=earlier.pk).update(created_at=round_.created_at - timedelta(days=1))
        for _ in range(size):
            conversation = make_conversation(study, "Hoi")
            finished(assign(conversation, coder, name), active_seconds=seconds)
    unfinished = make_round(study, name="leeg", kind="training")
    Round.objects.filter(pk=unfinished.pk).update(created_at=round_.created_at - timedelta(days=1))
    text = paragraph(round_)
    assert (
        "preceded by two rounds: “oefenen” (training, two conversations) and “proef” (pilot, one "
        "conversation). Coding in training took 1.5 hours in all" in text["en"]
    )
    assert "gingen twee rondes vooraf: “oefenen” (training, twee gesprekken) en “proef”" in text["nl"]
    assert "In training is samen 1,5 uur gecodeerd" in text["nl"]
    assert "leeg" not in text["nl"]
