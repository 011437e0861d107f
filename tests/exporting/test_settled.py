"""What was settled comes back from consensus.csv as it went out, beside the codings."""

import random
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from annotations.adjudication.resolve import settle, withdraw
from annotations.adjudication.units import Ruling, find_unit
from annotations.codebooks.conversion import check_value
from annotations.codebooks.lookup import lookup
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.errors import BadInput
from annotations.exporting.reading.codings import import_codings
from annotations.finals.settled import SpanValue
from annotations.models import Consensus, Decision, Event
from tests.conftest import made_once
from tests.exporting.reading import write_tables
from tests.exporting.test_export import CODED, empty_copy, rows
from tests.factories import (
    SMALL_CODEBOOK,
    add_member,
    assign,
    make_conversation,
    make_member,
    make_round,
    make_study,
)
from tests.world import undone

pytestmark = pytest.mark.django_db
TEXT = "@ZwaluwlijnHulp bel 06-00000011 of mail a@voorbeeld.example 👨‍👩‍👧 dank"
FURTHER = """\
- key: complete
  module: core
  level: span
  kind: single
  applies_to: any
  required: false
  scale: nominal
  label: {nl: Volledig, en: Complete}
  definition: {nl: Staat het er helemaal?, en: Is it all there?}
  categories:
  - {key: whole, code: 1, shortcut: w, label: {nl: Heel, en: Whole}, definition: {nl: Heel., en: Whole.}}
  - {key: part, code: 2, shortcut: p, label: {nl: Deel, en: Part}, definition: {nl: Deel., en: Part.}}
- key: contains_pii
"""
CODEBOOK = SMALL_CODEBOOK.replace("- key: contains_pii\n", FURTHER, 1)
REASONS = ("", "=1+1", "'t is zo", 'Zij schreef "nee";\nhij, ja.', "-", "@kees_demo")
CAUSES = ("", "mistake", "borderline")


def some_value(variable, chance):
    if chance.random() < 0.2:
        return check_value(variable, chance.choice(list(Missing)))
    match variable.kind:
        case "multi":
            return frozenset(chance.sample(["dm", "mail"], chance.randint(0, 2)))
        case "number":
            return Decimal(chance.choice(["0", "97", "2.5", "240", "0.000001"]))
        case "text":
            return chance.choice(["=1+1", "- zie boven", "'t is zo", "twee\nregels, en «meer»"])
        case _:
            return chance.choice(variable.values)


def some_spans(chance):
    places = chance.sample([(20, 31), (40, 59), (0, 15), (60, 65)], chance.randint(0, 3))
    kinds = chance.sample(["phone", "email", "bsn"], chance.randint(1, 2))
    return [(start, end, kind) for start, end in places for kind in kinds]


def answers_of(level, codebook, chance):
    variables = [v for v in codebook.spec.variables if v.level == level]
    return {v.key: some_value(v, chance) for v in variables if chance.random() < 0.9}


def coded_study(seed, slug="source"):
    """Codings of two coders in two rounds, drawn by lot, and what the supervisor made of them."""
    chance = random.Random(seed)
    study = make_study(slug, codebook=CODEBOOK, modules=["core", "extra"])
    chief = make_member(study, "chief", role="supervisor")
    coders = [make_member(study, "noor", pseudonym="C1"), make_member(study, "daan", pseudonym="C2")]
    for name in ("pilot", "main"):
        round_ = make_round(study, name)
        codebook = lookup(round_.codebook_version_id)
        for _ in range(2):
            conversation = make_conversation(study, TEXT, "Stuur een DM ^MK", TEXT)
            messages = list(conversation.messages.all())
            for coder in coders:
                store_imported(round_, [coding_of(messages, coder, name, codebook, chance)], actor_id=None)
            for message in [None, *messages]:
                decide(round_, conversation, message, codebook, chance, chief)
    return study


def coding_of(messages, coder, round_name, codebook, chance):
    conversation = messages[0].conversation
    answers = {CONVERSATION: {"solved": "fully"} | answers_of("conversation", codebook, chance)}
    spans = []
    for message in messages:
        answers["message", message.pk] = answers_of("message", codebook, chance)
        for start, end, kind in some_spans(chance) if message.text == TEXT else ():
            further = {"complete": "part"} if chance.random() < 0.5 else {}
            spans.append(ImportedSpan(message.pk, start, end, {"info_type": kind} | further))
    return ImportedCoding(assign(conversation, coder, round_name), answers=answers, spans=spans)


def decide(round_, conversation, message, codebook, chance, chief):
    level = "message" if message else "conversation"
    for variable in codebook.spec.variables:
        if variable.level != level and not (message and variable.key == "info_type"):
            continue
        if chance.random() < 0.5:
            continue
        unit = find_unit(round_, variable.key, conversation.pk, message.pk if message else None)
        settlement = some_value(variable, chance)
        if variable.level == "span":
            further = ((), (("complete", "whole"),), (("complete", 98),))
            settlement = tuple(
                SpanValue(*place, answers=chance.choice(further))
                for place in (some_spans(chance) if message.text == TEXT else ())
            )
        ruling = Ruling(settlement, chance.choice(CAUSES), chance.choice(REASONS))
        row = settle(unit, ruling, revision=0, actor_id=chief.pk)
        if chance.random() < 0.2:
            withdraw(unit, revision=row.revision, actor_id=chief.pk)
    # Not all at this moment, so that a time that got lost shows.
    for row in Consensus.objects.filter(round=round_):
        when = datetime(2024, 5, 1, 9, chance.randrange(60), chance.randrange(60), tzinfo=UTC)
        Consensus.objects.filter(pk=row.pk).update(decided_at=when)


ALL_OF_IT = pytest.mark.long(
    *(f"annotations/{name}" for name in ("adjudication", "codebooks", "coding", "common", "exporting")),
    *(f"annotations/{name}" for name in ("finals", "importing", "migrations", "models", "results")),
)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=ALL_OF_IT) for seed in (2, 3))])
def test_what_was_coded_and_settled_reads_back_to_the_byte(seed, tmp_path):
    study = coded_study(seed)
    for profile in ("research", "restricted"):
        with undone():
            reads_back(study, profile, tmp_path / profile, seed)


def reads_back(study, profile, folder, seed):
    first, second = folder / "first", folder / "second"
    write_tables(study, first, profile=profile, raw=bool(seed % 2))
    copy = empty_copy(study, "copy")
    chief = User.objects.get(username="chief")
    add_member(copy, chief, role="supervisor", pseudonym="chief")
    import_codings(copy, first / "codings_long.csv", create_coders=True)
    report = import_codings(copy, first / "consensus.csv")
    write_tables(copy, second, profile=profile, raw=bool(seed % 2))
    for name in (*CODED, "consensus.csv", "messages.csv"):
        assert (second / name).read_bytes() == (first / name).read_bytes(), name
    settled = Consensus.objects.filter(round__study=study)
    if profile == "research":
        settled = settled.exclude(variable__kind="text")
    assert report["settled_new"] == settled.count() > 0
    log = Decision.objects.filter(consensus__round__study=copy)
    assert {row.decided_by for row in log} == {chief}
    assert sorted(log.values_list("decided_at", "cause")) == sorted(
        settled.values_list("decided_at", "cause")
    )
    if profile == "restricted":
        assert sorted(log.values_list("reason", flat=True)) == sorted(
            settled.values_list("reason", flat=True)
        )


settled_study = made_once(lambda: coded_study(1, "settled"))


@pytest.mark.parametrize("profile", ["research", "restricted"])
def test_reading_the_same_file_again_settles_nothing_anew(settled_study, tmp_path, profile):
    study = settled_study
    write_tables(study, tmp_path, profile=profile)
    before = Decision.objects.count()
    report = import_codings(study, tmp_path / "consensus.csv")
    assert (report["settled_new"], Decision.objects.count()) == (0, before)
    assert report["settled_known"] > 0


def settled_file(tmp_path, study, change):
    """The consensus.csv of a study with its settled rows changed."""
    write_tables(study, tmp_path)
    path = tmp_path / "consensus.csv"
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([header, *map(change, lines), ""]))
    return path


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda line: line.replace(",settled,", ",sorted,"), "source must be one of"),
        (lambda line: line.replace("main,", "later,"), "no round later; import its codings first"),
        (lambda line: line.replace("main,", "main,x"), "is not in this study"),
        (lambda line: line.replace("T09:30", "T29:30"), "decided_at must be a date and time"),
        (lambda line: line.replace(",not,1,", ",fully,3,"), "decided otherwise before"),
        (lambda line: line.replace(",20,31,", ",20,31x,"), "must be whole numbers"),
        (lambda line: line.replace(",20,31,info_type,phone", ",20,31,complete,part"), "has no type above"),
    ],
)
def test_a_faulty_row_is_named_by_file_and_line_and_nothing_is_stored(tmp_path, change, sentence, capsys):
    study = make_study("study", codebook=CODEBOOK)
    chief = make_member(study, "chief", role="supervisor")
    conversation = make_conversation(study, TEXT)
    message = conversation.messages.get()
    item = ImportedCoding(assign(conversation, make_member(study, "noor")), answers={CONVERSATION: {}})
    store_imported(make_round(study), [item], actor_id=None)
    settle(
        find_unit(make_round(study), "solved", conversation.pk, None),
        Ruling("not"),
        revision=0,
        actor_id=chief.pk,
    )
    spans = (SpanValue(20, 31, "phone"),)
    settle(
        find_unit(make_round(study), "info_type", conversation.pk, message.pk),
        Ruling(spans),
        revision=0,
        actor_id=chief.pk,
    )
    Consensus.objects.update(decided_at=datetime(2024, 5, 1, 9, 30, tzinfo=UTC))
    before = Decision.objects.count()
    path = settled_file(tmp_path, study, change)
    with pytest.raises(SystemExit):
        call_command("import_codings", "study", str(path))
    told = capsys.readouterr().err
    assert sentence in told
    assert "consensus.csv, line " in told
    assert Decision.objects.count() == before


def test_somebody_must_stand_for_the_decisions(settled_study, tmp_path, capsys):
    study = settled_study
    write_tables(study, tmp_path)
    copy = empty_copy(study, "copy")
    import_codings(copy, tmp_path / "codings_long.csv", create_coders=True)
    file = tmp_path / "consensus.csv"
    with pytest.raises(BadInput, match="no supervisor; say with --settled-by"):
        import_codings(copy, file)
    make_member(copy, "boss", role="supervisor")
    other = make_member(copy, "other", role="supervisor")
    with pytest.raises(BadInput, match="several supervisors"):
        import_codings(copy, file)
    call_command("import_codings", "copy", str(file), "--settled-by", "other", "--json")
    assert set(
        Decision.objects.filter(consensus__round__study=copy).values_list("decided_by", flat=True)
    ) == {other.pk}
    event = Event.objects.filter(study=copy, action="consensus.imported").first()
    assert event.actor == other
    assert "reason" not in str(event.after)
    with pytest.raises(SystemExit):
        call_command("import_codings", "copy", str(file), "--settled-by", "C1")
    assert "C1 is no supervisor" in capsys.readouterr().err


def test_a_study_without_decisions_asks_for_no_supervisor(settled_study, tmp_path):
    study = settled_study
    write_tables(study, tmp_path)
    lines = (tmp_path / "consensus.csv").read_text().splitlines()
    file = tmp_path / "unsettled.csv"
    file.write_text("\n".join([lines[0], *(line for line in lines if ",unanimous," in line), ""]))
    assert rows(file)
    assert import_codings(empty_copy(study, "copy"), file)["settled_new"] == 0
