"""Words in a row that are the message's: with other capitals, accents and punctuation as well."""

from __future__ import annotations

import pytest

from annotations.quotations.likeness import runs, words_of
from annotations.quotations.traces import DATUM, HANDLE, NAME, WORDS, Source, is_fit, traces

MESSAGE = "Ik wacht al acht weken op één belletje van jullie, m'n e-mail is kees@voorbeeld.nl!"


def marked(paraphrase: str) -> list[str]:
    return [paraphrase[start:end] for start, end in runs(MESSAGE, paraphrase)]


@pytest.mark.parametrize(
    ("paraphrase", "found"),
    [
        ("Een klant wacht acht weken en hoort niets.", []),
        ("wacht al acht weken op", []),
        ("wacht al acht weken op een", ["wacht al acht weken op een"]),
        ("WACHT — al «ácht» weken... op\nÉÉN, zegt zij", ["WACHT — al «ácht» weken... op\nÉÉN"]),
        ("op een bel\u200bletje van jullie, mn email", ["op een bel\u200bletje van jullie, mn email"]),
        ("weken acht al wacht ik op een", []),
        (
            "Ik wacht al acht weken op niets; een belletje van jullie, m’n e‑mail",
            ["Ik wacht al acht weken op", "een belletje van jullie, m’n e‑mail"],
        ),
    ],
)
def test_six_words_in_a_row(paraphrase, found):
    assert marked(paraphrase) == found


def test_runs_that_meet_are_one():
    assert marked(MESSAGE) == [MESSAGE[:-1]]
    assert runs("", MESSAGE) == runs(MESSAGE, "") == []


def test_words_keep_their_place():
    text = "  Café’s: 06-12."
    assert [(word.plain, text[word.start : word.end]) for word in words_of(text)] == [
        ("cafes", "Café’s"),
        ("0612", "06-12"),
    ]


SOURCE = Source(
    "Bel mij op 06-00000011, groet Kees",
    data=("06-00000011", "Kees"),
    names=("Kees van der Berg", "Zon"),
    handles=("keesje_b",),
    public=frozenset({"zwaluwlijn"}),
)


def kinds(paraphrase: str, source: Source = SOURCE) -> set[str]:
    return {trace.kind for trace in traces(source, paraphrase)}


@pytest.mark.parametrize(
    ("paraphrase", "found"),
    [
        ("Een klant geeft @zwaluwlijn een nummer.", set()),
        ("Een klant geeft 06 0000 0011.", {DATUM}),
        ("kees geeft een nummer", {DATUM}),
        ("Volgens Berg is het een nummer", {NAME}),
        ("Op de berg van der Zee schijnt de zon", set()),
        ("kees van der berg", {NAME, DATUM}),
        ("Van Zon hoorden wij niets", {NAME}),
        ("vraag het keesje_b", {HANDLE}),
        ("vraag het @iemand_anders", {HANDLE}),
        ("zie https://voorbeeld.nl/a", {HANDLE}),
        ("mijn bsn is 111222333", {DATUM}),
    ],
)
def test_a_name_an_account_or_personal_data(paraphrase, found):
    assert kinds(paraphrase) == found


def test_with_consent_only_words_may_stand():
    assert is_fit([], may_quote=False)
    assert not is_fit([WORDS], may_quote=False)
    assert is_fit([WORDS], may_quote=True)
    assert not is_fit([WORDS, NAME], may_quote=True)
