"""Scanning on several cores: the same as on one, also where processes cannot be had."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor

import pytest

from annotations.importing.store.detection import Detection, is_same_text, scan
from annotations.importing.store.scanning import Scanner

TEXTS = [("mijn bsn is 111222333", "consumer"), ("", "consumer"), ("bel 06-00000080 😀", "organisation")]


def test_other_processes_find_the_same_in_the_same_order() -> None:
    how = Detection(("zwaluwlijnhulp",))
    with Scanner(how, 0, processes=2) as scanner:
        fetched = [scanner.submit(part) for part in (TEXTS, TEXTS[::-1])]
        assert [fetch() for fetch in fetched] == [scan(TEXTS, how), scan(TEXTS[::-1], how)]


def test_a_process_that_dies_costs_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    how = Detection()

    def broken(*args: object) -> object:
        raise BrokenExecutor

    with Scanner(how, 0, processes=2) as scanner:
        assert scanner._pool is not None
        monkeypatch.setattr(scanner._pool, "submit", broken)
        assert scanner.submit(TEXTS)() == scan(TEXTS, how)
        assert scanner.submit(TEXTS)() == scan(TEXTS, how)


def test_masking_keeps_the_length_and_cannot_be_undone() -> None:
    text, found, _asked = scan([("😀 mijn bsn is 111222333", "")], Detection(strict=True))[0]
    assert text == "😀 mijn bsn is •••••••••"
    assert text[found[0][0] : found[0][1]] == "•" * 9


@pytest.mark.parametrize(
    ("stored", "other", "same"),
    [
        ("bsn •••", "bsn 123", True),
        ("bsn •••", "bsn 1234", False),
        ("bsn •••", "nr. 123", False),
        ("a", "a", True),
    ],
)
def test_a_masked_text_is_the_same_as_the_text_it_was_made_from(stored: str, other: str, same: bool) -> None:
    assert is_same_text(stored, other) is same


def test_only_a_text_that_is_masked_is_given_back() -> None:
    texts = [("mijn bsn is 111222333", "consumer"), ("dag", "consumer"), ("hallo", "organisation")]
    assert [found[0] for found in scan(texts, Detection())] == [None, None, None]
    assert [found[0] for found in scan(texts, Detection(strict=True))] == [
        "mijn bsn is •••••••••",
        None,
        None,
    ]
