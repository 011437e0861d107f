"""Worked examples of numbers with a check (numbers.txt): what each recogniser says of a text, to the letter.

A line at the margin is a text, the lines under it what is found there:

    value = kind, completeness | weight of its form + weight of the words | what the reason is made of

A text with nothing under it holds nothing. "# name" begins the texts of that recogniser.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from annotations.pii.candidate import FULL, Finding
from annotations.pii.message import Message

LINES = (Path(__file__).parent / "numbers.txt").read_text(encoding="utf-8").splitlines()


def examples() -> Iterator[tuple[str, str, list[str]]]:
    name, at = "", 0
    while at < len(LINES):
        line, at = LINES[at], at + 1
        if line.startswith("# "):
            name = line.removeprefix("# ")
            continue
        found = []
        while at < len(LINES) and LINES[at].startswith("    "):
            found.append(LINES[at].strip())
            at += 1
        yield name, line, found


def written(text: str, finding: Finding) -> str:
    completeness = "" if finding.completeness == FULL else f", {finding.completeness}"
    said = "; ".join(" ".join(map(str, clause)) for clause in finding.clauses)
    return (
        f"{text[finding.start : finding.end]} = {finding.kind}{completeness}"
        f" | {finding.check:g} + {finding.context:g} | {said}"
    )


@pytest.mark.parametrize(("recogniser", "text", "expected"), list(examples()))
def test_a_recogniser_finds_what_the_worked_example_says(
    recogniser: str, text: str, expected: list[str]
) -> None:
    found = import_module(f"annotations.pii.recognisers.{recogniser}").find(Message(text))
    assert [written(text, each) for each in found] == expected
