"""Scores against marked-up texts, and the reader of such texts."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from statsmodels.stats.proportion import proportion_confint

from annotations.pii import Candidate
from annotations.pii.evaluation import BadRecord, Record, evaluate, match, read_jsonl, wilson


def _detector(*places: tuple[int, int, str]):
    def detect(text: str) -> list[Candidate]:
        return [Candidate(a, b, kind, "", "medium", "x", "1", ()) for a, b, kind in places if b <= len(text)]

    return detect


def test_a_hit_needs_the_type_and_an_overlap() -> None:
    record = Record("a" * 20, ((0, 5, "bsn"), (10, 15, "phone")))
    result = evaluate([record], _detector((3, 8, "bsn"), (10, 15, "iban")))
    assert (result.types["bsn"].hits, result.types["bsn"].exact) == (1, 0)
    assert (result.types["phone"].hits, result.types["iban"].candidates) == (0, 1)
    assert [kind for _, kind, _ in result.errors] == ["missed", "false"]


def test_two_candidates_on_one_span_are_one_hit_and_one_false() -> None:
    result = evaluate([Record("a" * 9, ((0, 9, "bsn"),))], _detector((0, 4, "bsn"), (4, 9, "bsn")))
    score = result.types["bsn"]
    assert (score.hits, score.precision, score.recall, score.f1) == (1, 0.5, 1.0, 2 / 3)


def test_the_largest_overlap_is_paired_first() -> None:
    assert match([(0, 4, "x"), (4, 10, "x")], [(3, 10, "x")]) == [(1, 0)]


def test_candidates_on_texts_without_spans_are_counted_apart() -> None:
    figures = evaluate([Record("abc", ()), Record("", ())], _detector((0, 1, "bsn"))).as_dict()
    assert figures["texts_without_spans"] == 2
    assert figures["false_positives_on_texts_without_spans"] == 1
    assert figures["false_positives_per_text_without_spans"] == 0.5


@pytest.mark.parametrize(("successes", "trials"), [(0, 4), (4, 4), (8, 10), (123, 456)])
def test_wilson_agrees_with_statsmodels(successes: int, trials: int) -> None:
    assert wilson(successes, trials) == pytest.approx(
        proportion_confint(successes, trials, method="wilson"), abs=1e-6
    )


def test_wilson_is_undefined_without_trials() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2, column 2: this is no JSON"),
        ("[]", 'line 2: expected an object with a string "text"'),
        ('{"text": 3}', 'line 2: expected an object with a string "text"'),
        ('{"text": "abc", "spans": {}}', 'line 2: "spans" should be a list'),
        ('{"text": "abc", "spans": [4]}', "line 2, span 1: expected an object"),
        (
            '{"text": "abc", "spans": [{"start": 1, "end": 9, "type": "bsn"}]}',
            "end <= 3, not 1 and 9",
        ),
        ('{"text": "abc", "spans": [{"start": true, "end": 2, "type": "bsn"}]}', "not True and 2"),
        ('{"text": "abc", "spans": [{"start": 0, "end": 2}]}', 'line 2, span 1: "type" should be'),
    ],
)
def test_a_bad_line_is_named_with_what_was_expected(line: str, complaint: str) -> None:
    with pytest.raises(BadRecord, match=complaint.replace("[", r"\[").replace("(", r"\(")):
        read_jsonl(['{"text": "fine"}', line])


def _file(tmp_path: Path, *records: dict[str, object]) -> Path:
    path = tmp_path / "marked.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def test_the_command_prints_one_json_object(tmp_path: Path) -> None:
    spans = [{"start": 4, "end": 13, "type": "bsn"}]
    path = _file(tmp_path, {"text": "bsn 111222333", "spans": spans}, {"text": "hoi", "spans": []})
    out = StringIO()
    call_command("evaluate_candidates", str(path), "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert figures["types"]["bsn"]["f1"] == 1
    assert figures["overall"]["exact_boundaries"] == 1
    assert figures["false_positives_on_texts_without_spans"] == 0
    assert figures["texts_per_second"] > 0


def test_the_command_prints_a_table_for_people(tmp_path: Path) -> None:
    path = _file(tmp_path, {"text": "bsn 111222333", "spans": [{"start": 4, "end": 13, "type": "bsn"}]})
    out = StringIO()
    call_command("evaluate_candidates", str(path), stdout=out)
    assert "bsn" in out.getvalue()
    assert "1.000" in out.getvalue()


def test_the_command_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    errors = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("evaluate_candidates", str(tmp_path / "none.jsonl"), stderr=errors)
    assert left.value.code == 1
    assert "cannot be read" in errors.getvalue()


def test_the_command_names_the_bad_line(tmp_path: Path) -> None:
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("evaluate_candidates", str(_file(tmp_path, {"text": 3})), stderr=errors)
    assert "line 1" in errors.getvalue()
