"""Codings from a file: strict about units and values, never over what a coder did."""

import pytest

from annotations.codebooks.values import Missing
from annotations.coding.coded import coded_values
from annotations.errors import BadInput
from annotations.exporting.reading.codings import import_codings
from annotations.models import Coding, Event, Membership, Round
from tests.factories import make_conversation, make_member, make_study

HEADER = "coder,conversation_id,message_id,variable,value,start,end\n"


@pytest.fixture
def study(db):
    study = make_study("study")
    make_member(study, "noor")
    make_conversation(study, "Bel 06-00000011", "Stuur een DM ^MK")
    return study


@pytest.fixture
def load(study, tmp_path):
    """load("noor,{c},{m0},contains_pii,yes,,"): {c} is the conversation, {m0} and {m1} its messages."""

    def load(*lines, header=HEADER, **options):
        conversation = study.conversations.get()
        names = {f"m{m.position}": m.external_id for m in conversation.messages.all()}
        file = tmp_path / "codings.csv"
        body = "".join(line.format(c=conversation.key, **names) + "\n" for line in lines)
        file.write_text(header + body, encoding="utf-8")
        return import_codings(study, file, **options)

    return load


def values():
    return {row.variable: row.value for row in coded_values(Round.objects.get())}


def test_part_of_a_codebook_is_enough_and_what_is_missing_is_a_warning(load):
    report = load("noor,{c},{m0},contains_pii,yes,,", "noor,{c},,solved,98,,")
    assert values() == {"contains_pii": "yes", "solved": Missing.UNDETERMINED}
    assert [warning["code"] for warning in report["warnings"]] == ["required"]
    assert report["codings_new"] == 1


def test_a_multiple_choice_has_a_row_per_value_and_an_empty_one_is_nothing_chosen(load):
    load("noor,{c},{m0},channels,dm,,", "noor,{c},{m0},channels,mail,,", "noor,{c},{m1},contains_pii,no,,")
    assert values()["channels"] == frozenset({"dm", "mail"})


def test_fragments_are_given_by_code_points_and_may_overlap(load):
    report = load("noor,{c},{m0},info_type,phone,4,15", "noor,{c},{m0},info_type,bsn,4,15")
    assert report["spans"] == 2


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("noor,elders,{m0},contains_pii,yes,,", "line 2: conversation elders is not in this study"),
        ("noor,{c},elders,contains_pii,yes,,", "line 2: message elders is not in this conversation"),
        ("noor,{c},{m0},colour,yes,,", "line 2: the codebook has no variable colour"),
        ("noor,{c},{m0},contains_pii,perhaps,,", "line 2: contains_pii has no category perhaps"),
        ("noor,{c},,contains_pii,yes,,", "line 2: contains_pii is about a message"),
        ("noor,{c},{m0},solved,fully,,", "line 2: solved is about the conversation"),
        ("noor,{c},{m0},info_type,phone,4,99", "line 2: 4–99 is outside the text of 15 code points"),
        ("noor,{c},{m0},info_type,phone,,", "line 2: info_type is about a fragment"),
        ("noor,{c},{m0},info_type,phone,4," + "9" * 5000, "line 2: info_type is about a fragment"),
        ("daan,{c},{m0},contains_pii,yes,,", "line 2: daan is no member of this study"),
        ("noor,{c},{m0}", "line 2: not as many cells as columns"),
    ],
)
def test_a_fault_names_the_line_and_nothing_is_stored(load, line, sentence):
    with pytest.raises(BadInput) as refused:
        load(line)
    assert sentence in str(refused.value)
    assert not Coding.objects.exists()


def test_an_unknown_origin_of_an_answer_is_refused(load):
    header = HEADER.replace("end", "end,answer_origin")
    sentence = "line 2: answer_origin is “guessed”; write free, confirmed or changed"
    for line in ("noor,{c},{m0},contains_pii,yes,,,guessed", "noor,{c},{m0},info_type,phone,4,15,guessed"):
        with pytest.raises(BadInput, match=sentence):
            load(line, header=header)


def test_two_values_for_one_choice_are_refused(load):
    with pytest.raises(BadInput, match="takes one value; found 2"):
        load("noor,{c},,solved,fully,,", "noor,{c},,solved,not,,")


def test_what_a_coder_gave_is_never_overwritten(load):
    load("noor,{c},,solved,fully,,")
    with pytest.raises(BadInput, match="already coded"):
        load("noor,{c},,solved,not,,")
    assert values() == {"solved": "fully"}
    load("noor,{c},,solved,not,,", round_name="second")
    assert Coding.objects.count() == 2


def test_coders_are_made_on_request_with_a_pseudonym_that_hides_who_they_are(load):
    report = load("Anna.de.Vries,{c},,solved,fully,,", create_coders=True)
    assert report["coders_created"] == ["Anna.de.Vries"]
    assert Membership.objects.get(user__username="Anna.de.Vries").pseudonym == "C2"


def test_a_semicolon_file_of_excel_with_a_byte_order_mark_is_understood(load):
    header = "\ufeff" + HEADER.replace(",", ";")
    assert load("noor;{c};;solved;fully;;", header=header)["codings_new"] == 1


def test_a_missing_column_is_named(load):
    with pytest.raises(BadInput, match="there is no column variable, value"):
        load(header="coder,conversation_id,message_id\n")


def test_the_log_says_how_much_came_in_and_holds_no_text(load):
    load("noor,{c},,solved,fully,,")
    event = Event.objects.get(action="codings.imported")
    assert event.after["answers"] == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('coder,"conversation_id,message_id,variable,value\nnoor,1,,solved,98\n', "codings.csv, line 1: "),
        ('"' + "x" * 200_000, "codings.csv, line 1: "),
        ("x" * 200_000 + ",coder\n", "codings.csv, line 1: "),
        (HEADER + "n" * 200_000 + ",1,,solved,98,,\n", "codings.csv, line 2: "),
        (HEADER + "n" * 100_000 + ",1,,solved,98,,\n", "coder has 100000 characters; at most 150"),
        (
            HEADER.replace("coder", "round,coder") + "r" * 100 + ",noor,1,,solved,98,,\n",
            "round has 100 characters",
        ),
        (HEADER + "noor,1,,solved," + "9" * 200_000 + ",,\n", "codings.csv, line 2: "),
        (HEADER + "noor,1,,solved," + "9" * 100_000 + ",,\n", "codings.csv, line 2: "),
        (HEADER + "noor,1,," + "v" * 300 + ",98,,\n", "variable has 300 characters"),
        ("", "there is no column coder"),
        (HEADER + 'noor,"1,,solved,98,,\n', "look for a quote that is not closed"),
    ],
)
@pytest.mark.parametrize("create_coders", [False, True])
def test_a_broken_file_is_one_short_sentence(study, tmp_path, content, told, create_coders):
    file = tmp_path / "codings.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=told) as problem:
        import_codings(study, file, create_coders=create_coders)
    assert len(str(problem.value)) < 300
    assert not Coding.objects.exists()
    assert study.memberships.count() == 1
