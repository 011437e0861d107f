"""Reasons, warnings and verdicts: complete in both languages, with their figures filled in."""

import string
import subprocess
import sys

import pytest

from annotations.agreement import lacy_riffe_units, reliability, verdict, verdict_words, wording
from annotations.agreement.sample_size import krippendorff_units


@pytest.mark.parametrize("words", [wording.REASONS, wording.WARNINGS, wording.VERDICTS])
def test_every_sentence_exists_in_both_languages_with_the_same_figures(words):
    def fields(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, texts in words.items():
        assert set(texts) == set(wording.LANGUAGES), key
        assert fields(texts["en"]) == fields(texts["nl"]), key


@pytest.mark.parametrize(
    ("alpha", "key"),
    [(None, "undefined"), (1, "reliable"), (0.8, "reliable"), (0.7999, "tentative"), (0.667, "tentative")],
)
def test_verdicts_follow_krippendorffs_thresholds(alpha, key):
    assert verdict(alpha) == key
    assert verdict(-0.2) == "unreliable"
    assert verdict_words(key, "nl") != verdict_words(key, "en")


def keys(units, **options):
    return [notice.key for notice in reliability(units, bootstrap=0, **options).warnings]


def test_a_constant_variable_is_named_with_its_category():
    result = reliability([["yes", "yes"]] * 20, bootstrap=0)
    assert [notice.key for notice in result.warnings] == ["constant"]
    assert "yes" in result.warnings[0].text("nl")


def test_the_prevalence_paradox_is_pointed_out_and_only_there():
    skewed = [[0, 0]] * 160 + [[0, 1]] * 20 + [[1, 0]] * 10 + [[1, 1]] * 10
    balanced = [[0, 0]] * 80 + [[0, 1]] * 18 + [[1, 0]] * 12 + [[1, 1]] * 90
    assert "prevalence_paradox" in keys(skewed)
    assert "prevalence_paradox" not in keys(balanced)


def test_a_rare_category_is_named():
    units = [["a", "a"]] * 150 + [["b", "b"]] * 150 + [["rare", "rare"]] * 3
    notice = next(n for n in reliability(units, bootstrap=0).warnings if n.key == "rare_category")
    assert "rare (.01)" in notice.text("nl")
    assert "rare (.01)" in str(notice)


def test_fewer_units_than_the_size_rule_asks_are_pointed_out():
    assert "few_units" in keys([["a", "a"], ["b", "b"]] * 20)
    assert "few_units" not in keys([["a", "a"], ["b", "b"]] * 200)


def test_numbers_and_texts_get_no_warnings_about_categories():
    assert keys([[1, 1], [2, 3], [9, 9]], level="interval") == []
    assert keys([["x y", "x y"], ["p", "q"]], kind="text") == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: krippendorff_units(1, 0.5), "smallest_alpha"),
        (lambda: krippendorff_units(0.8, 0), "rarest_share"),
        (lambda: krippendorff_units(0.8, 0.5, coders=1), "coders"),
        (lambda: lacy_riffe_units(0), "population"),
        (lambda: lacy_riffe_units(10, 1), "expected_agreement"),
        (lambda: lacy_riffe_units(10, standard_error=0), "standard_error"),
    ],
)
def test_impossible_sample_sizes_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_sample_is_never_larger_than_its_population():
    assert all(lacy_riffe_units(size) <= size for size in range(1, 400))


def test_the_package_works_without_django():
    code = "import sys, annotations.agreement; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
