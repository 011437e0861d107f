"""One rule for figures on every page.

What cannot exceed one (a coefficient, a p value, a share in a sentence) is written as the field writes it, in
Dutch and in English: .86. Every other number follows the language: 32,0 % in Dutch, 32.0 % in English.
On a page with both, all of them follow the language: one page has one decimal sign. It is asked of every page
in tests/demo/test_load.py, where the demo is.
"""

import html
import re

import pytest
from django.utils.translation import override

from annotations.agreement.wording import VERDICTS, Notice, apa
from annotations.common.figures import below_one, p_value

NUMBER = re.compile(r"(?<![\w.,/:-])-?\d*[.,]\d+(?![\w/:-])(?![.,]\d)")
BOUNDED = re.compile(r"-?\.\d{2,3}|-?1\.00|-?1\.000")
GROUPED = {"nl": re.compile(r"-?\d{1,3}\.\d{3}"), "en": re.compile(r"-?\d{1,3},\d{3}")}
LOCAL = {"nl": re.compile(r"-?\d+,\d+"), "en": re.compile(r"-?\d+\.\d+")}
NOT_OURS = (
    "pre",
    "code",
    "script",
    "style",
    "svg",
    "figure",
    "time",
    "blockquote",
    "mark",
    "kbd",
    "footer",
    "textarea",
)
OF_PEOPLE = re.compile(r'<(\w+)[^>]*class="[^"]*(?:msg|quote|definition|prose)[^"]*"[^>]*>.*?</\1>', re.S)
VERSION = re.compile(r"(?:versie|version)\s+[\d.]+|ICC\(2,1\)|\{\d,\d\}", re.I)
POINT = re.compile(r"-?\d*\.\d{1,2}|-?\.\d+")  # what cannot be a thousand


def has_two_signs(found):
    """Whether decimal commas and decimal points stand among these numbers of one page."""
    return any("," in number for number in found) and any(POINT.fullmatch(number) for number in found)


def numbers(page):
    """Decimal numbers in what a page says itself; messages, code and drawings are left out."""
    for tag in NOT_OURS:
        page = re.sub(rf"<{tag}\b.*?</{tag}>", " ", page, flags=re.S)
    page = OF_PEOPLE.sub(" ", page)
    text = html.unescape(re.sub(r"<[^>]*>", " ", page))
    return [found[0] for found in NUMBER.finditer(VERSION.sub(" ", text))]


def is_right(number, language, *, may_exceed_one=False):
    """`may_exceed_one`: odds ratios and means stand on the page too, and those keep their zero."""
    if re.fullmatch(r"-?0[.,]\d{2,3}", number) and not may_exceed_one:
        return False
    return any(rule.fullmatch(number) for rule in (BOUNDED, GROUPED[language], LOCAL[language]))


@pytest.mark.parametrize(
    ("number", "nl", "en"),
    [
        (".86", True, True),
        ("-.02", True, True),
        ("1.00", True, True),
        ("0,86", False, False),
        ("0.86", False, False),
        (",80", False, False),
        ("32,0", True, False),
        ("32.0", False, True),
        ("1.88", False, True),
        ("9.223", True, True),
    ],
)
@pytest.mark.once
def test_the_rule_itself(number, nl, en):
    assert (is_right(number, "nl"), is_right(number, "en")) == (nl, en)


@pytest.mark.once
def test_a_figure_below_one_loses_its_zero_and_never_its_point():
    assert [apa(value) for value in (0.86, -0.02, 1.0, -0.001, None)] == [".86", "-.02", "1.00", ".00", "–"]
    notice = Notice("prevalence_paradox", {"agreement": 0.9521, "alpha": -0.02, "share": 0.98})
    for language in ("nl", "en"):
        assert numbers(notice.text(language)) == [".952", "-.02", ".98"]
        for words in VERDICTS.values():
            assert all(BOUNDED.fullmatch(number) for number in numbers(words[language]))


@pytest.mark.parametrize(
    ("found", "two"),
    [
        ([".25", "1,88"], True),
        (["0.25", "1,88"], True),
        (["0,254", "1,88"], False),
        ([".25", ".80"], False),
        (["9.223", "1,88"], False),
    ],
)
@pytest.mark.once
def test_two_decimal_signs_on_a_page_are_seen(found, two):
    assert has_two_signs(found) is two


@pytest.mark.parametrize(
    ("p", "nl", "en"),
    [
        (0.2541, "p = 0,254", "p = .254"),
        (0.00004, "p < 0,001", "p < .001"),
        (1.0, "p = 1,000", "p = 1.000"),
        (None, "p = –", "p = –"),
    ],
)
@pytest.mark.once
def test_a_p_value_follows_its_page(p, nl, en):
    for language, written in (("nl", nl), ("en", en)):
        with override(language):
            assert p_value(p) == written
    with override("en"):
        assert [below_one(value) for value in (-0.021, -0.001, 0.86)] == ["-.02", ".00", ".86"]
