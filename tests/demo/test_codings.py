"""The demo coders' codes: complete, by the codebook, and such that the study's table comes out of them."""

from __future__ import annotations

from collections import Counter, defaultdict

import krippendorff
import numpy as np
import pytest

from annotations.codebooks.conditions import CodedUnit, Rules
from annotations.codebooks.conversion import parse_value
from annotations.codebooks.reading import read_codebook
from annotations.codebooks.values import Missing
from annotations.demo.making.corpus import LIBRARY
from tests.demo import corpus_files as files

CODERS = ("coder1", "coder2")
CODEBOOK = read_codebook((LIBRARY / "webcare_privacy_core.yaml").read_bytes())
RULES = Rules(CODEBOOK)
CAUSES = {"ambiguous_text", "codebook_gap", "mistake", "borderline", "different_views"}


def _given(rows: files.Rows) -> dict[tuple[str, str, str], list[str]]:
    """(conversation, message or "", variable) -> values as written, fragments as start-end-type."""
    given = defaultdict(list)
    for row in rows:
        value = "-".join((row["start"], row["end"], row["value"])) if row["start"] else row["value"]
        given[row["conversation_id"], row["message_id"], row["variable"]].append(value)
    return dict(given)


def _by_coder() -> dict[str, dict[tuple[str, str, str], list[str]]]:
    rows = files.table("codings.csv")
    return {coder: _given([row for row in rows if row["coder"] == coder]) for coder in CODERS}


def _states(state: str) -> set[tuple[str, str]]:
    rows = files.table("assignments.csv")
    return {(row["coder"], row["conversation_id"]) for row in rows if row["state"] == state}


def _sample() -> set[str]:
    return {row["conversation_id"] for row in files.table("assignments.csv") if row["shared"] == "1"}


def _roles() -> dict[str, str]:
    return {row["id"]: row["author_role"] for row in files.everything()}


def test_every_finished_coding_answers_what_the_codebook_asks_and_nothing_else():
    roles = _roles()
    for coder, given in _by_coder().items():
        for owner, conversation in _states("finished"):
            if owner != coder:
                continue
            for message in [*(row["id"] for row in files.conversations()[conversation]), ""]:
                level = "message" if message else "conversation"
                variables = [variable for variable in CODEBOOK.variables if variable.level == level]
                answers = {
                    variable.key: parse_value(variable, given[conversation, message, variable.key])
                    for variable in variables
                    if (conversation, message, variable.key) in given
                }
                unit = CodedUnit(level, answers, roles.get(message, ""))
                assert RULES.open(unit) == []
                assert RULES.stale(unit) == []
                hidden = {variable.key for variable in RULES.hidden(unit)}
                assert hidden == {key for key, value in answers.items() if value is Missing.NOT_APPLICABLE}


def test_fragments_lie_inside_their_message_and_go_with_the_types_that_were_chosen():
    texts = files.texts()
    for given in _by_coder().values():
        for (conversation, message, variable), values in given.items():
            if variable != "info_type":
                continue
            types = given[conversation, message, "info_types"]
            for value in values:
                start, end, info_type = value.split("-", 2)
                assert 0 <= int(start) < int(end) <= len(texts[message])
                assert info_type in types
            assert given[conversation, message, "contains_pii"] == ["yes"]


def test_a_sample_of_twenty_or_more_was_coded_by_both_and_the_rest_by_one():
    finished = Counter(conversation for _, conversation in _states("finished"))
    assert len(_sample()) >= 20
    assert {"R19", "R20", "Z08", "Z21", "Z25"} <= _sample()
    assert {conversation for conversation, coders in finished.items() if coders == 2} == _sample()


def test_both_coders_have_work_left_and_it_holds_none_of_the_hundred_messages():
    left = _states("open") | _states("unfinished")
    assert {coder for coder, _ in _states("open")} == set(CODERS)
    counted = {row["conversation_id"] for row in files.table("truth.csv") if row["counts"] == "1"}
    assert not counted & {conversation for _, conversation in left}
    coded = {(row["coder"], row["conversation_id"]) for row in files.table("codings.csv")}
    assert coded == _states("finished") | _states("unfinished")


def _final() -> dict[tuple[str, str, str], list[str]]:
    """Settled where it was settled, else what the coders agree on, else the only coder's."""
    settled = _given(files.table("settled.csv"))
    first, second = _by_coder().values()
    final = dict(settled)
    for key in {*first, *second} - set(settled):
        both = [given[key] for given in (first, second) if key in given]
        if all(sorted(values) == sorted(both[0]) for values in both):
            final[key] = both[0]
    return final


def test_the_published_table_comes_out_of_the_codes_and_what_was_settled():
    final, roles = _final(), _roles()
    study_types = {c.key for c in CODEBOOK.by_key["info_type"].categories if c.seed_definition}
    found = set()
    for (conversation, message, variable), values in final.items():
        if variable == "info_types" and roles[message] == "consumer" and study_types & set(values):
            found.add((conversation, message))
    assert Counter(conversation[0] for conversation, _ in found) == {"Z": 50, "R": 50}
    requests = {unit: final[(*unit, "removal_request")] for unit in found}
    explicit = Counter(unit[0][0] for unit, request in requests.items() if request == ["explicit"])
    assert explicit == {"Z": 10, "R": 16}


def test_what_touches_the_table_was_settled_and_about_half_of_the_rest_was_not():
    settled = set(_given(files.table("settled.csv")))
    first, second = _by_coder().values()
    different = {key for key in first if key in second and sorted(first[key]) != sorted(second[key])}
    different |= {key for key in {*first, *second} if key[2] == "info_type" and key[0] in _sample()
                  and sorted(first.get(key, [])) != sorted(second.get(key, []))}  # fmt: skip
    different = {key for key in different if key[2] != "note"}
    assert settled <= different
    assert 0.4 < len(settled) / len(different) < 0.7
    counted = {row["message_id"] for row in files.table("truth.csv") if row["counts"] == "1"}
    touching = {"contains_pii", "info_types", "response_present", "removal_request"}
    assert not {key for key in different - settled if key[1] in counted and key[2] in touching}


def test_every_settled_value_has_a_cause_and_a_reason():
    for row in files.table("settled.csv"):
        assert row["cause"] in CAUSES
        assert len(row["reason"]) > 20


@pytest.mark.parametrize(
    ("variable", "low", "high"),
    [
        ("contains_pii", 0.85, 0.97),
        ("sharing_trigger", 0.7, 0.85),
        ("removal_request", 0.7, 0.85),
        ("data_requested", 0.8, 0.95),
        ("too_much_first_contact", 0.7, 0.9),
        ("dm_misunderstanding", 0.55, 0.7),
        ("new_user", 0.5, 0.7),
    ],
)
def test_agreement_ranges_from_poor_to_good(variable: str, low: float, high: float):
    sample = _sample()
    keys = sorted({key for key in _by_coder()["coder1"] if key[2] == variable and key[0] in sample})
    codes: dict[str, int] = {"97": -1}
    data = [[codes.setdefault(given[key][0], len(codes)) for key in keys] for given in _by_coder().values()]
    units = np.where(np.array(data) < 0, np.nan, data)
    assert low < krippendorff.alpha(reliability_data=units, level_of_measurement="nominal") < high
