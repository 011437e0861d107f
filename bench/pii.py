"""How many messages a second the detector reads, with every recogniser on, on one core.

    python bench/pii.py [--messages 100000]

The messages have the shape of real webcare (make_corpus.py: some 4 % of the consumers' messages hold
personal data, most have a handle, many an emoji). A second kind of text is full of data: the marked-up
messages of the tests. The yardstick of the same run is a plain scan for four kinds (BSN, IBAN, postcode,
telephone) with python-stdnum and `re`. Exits 1 where the detector takes more than 13 times as long on
messages, or more than 36 times on full texts.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from stdnum import iban
from stdnum.nl import bsn

from annotations.pii import DETECTOR_VERSION, find_candidates
from bench.make_corpus import FOLLOW_UPS, OPENINGS, ORGANISATIONS, PERSONAL, REPLIES
from tests.pii.markup import read

TESTS = Path(__file__).resolve().parent.parent / "tests" / "pii"
FULL = [TESTS / "development.txt", TESTS / "evaluation" / "positives.txt"]
PLAIN = [
    re.compile(r"\b\d{8,9}\b|\b\d{4}\.\d{2}\.\d{3}\b"),
    re.compile(r"\b[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){3,7}[A-Z0-9]{0,4}\b"),
    re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b"),
    re.compile(r"(?:\+31|0031|\b0)[ -]?[1-9](?:[ -]?\d){8}\b"),
]
MORE = [
    "@{org} sinds 12 maart {n} keer gebeld, 45 minuten in de wacht en € 35 kwijt",
    "@{org} in 2019 was het 12:30 en nu 14:45, zie https://t.co/aB{n}",
    "@{org} can you please call me back? Been waiting for {n} days now... #fail",
    "RT @{who}: Storing in 3 provincies, 100.000 klanten zonder tv",
    "@{who} Bel ons gratis op 0800-0543 of kijk op https://www.example.org/hulp ^{sign}",
    "@{org} mijn bestelling van €{n},95 is nog niet binnen 😤 ik wil mijn geld terug",
]


def corpus(count: int, seed: int = 2019) -> list[str]:
    """Texts as in an archive: openings, questions of the organisation, follow-ups, some with data."""
    chance = random.Random(seed)
    texts = []
    for number in range(count):
        kind = chance.random()
        pool = PERSONAL if kind < 0.02 else MORE if kind < 0.25 else OPENINGS if kind < 0.5 else FOLLOW_UPS
        pool = pool if kind < 0.65 else REPLIES
        text = chance.choice(pool)
        org, who = chance.choice(ORGANISATIONS), f"klant{number}"
        texts.append(text.format(org=org, who=who, sign="MK", n=chance.randrange(100, 999)))
    return texts


def plain_scan(text: str) -> int:
    """What a first version looks like: four patterns, two of them checked."""
    found = sum(bsn.is_valid(match.group()) for match in PLAIN[0].finditer(text))
    found += sum(iban.is_valid(match.group()) for match in PLAIN[1].finditer(text))
    return found + sum(1 for pattern in PLAIN[2:] for _ in pattern.finditer(text))


def rate(call: Callable[[str], object], texts: Iterable[str], runs: int = 3) -> float:
    """Texts a second of processor time, the best of some runs."""
    listed = list(texts)
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        for text in listed:
            call(text)
        best = min(best, time.process_time() - start)
    return len(listed) / best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--messages", type=int, default=100_000)
    options = parser.parse_args()
    texts = corpus(options.messages)
    detector, plain = rate(find_candidates, texts), rate(plain_scan, texts)
    found = sum(len(find_candidates(text)) for text in texts)
    print(f"detector {DETECTOR_VERSION}: {detector:,.0f} messages a second")
    print(f"candidates: {found} in {len(texts):,} messages")
    print(f"python-stdnum and re, four kinds: {plain:,.0f} messages a second")
    print(f"the detector takes {plain / detector:.1f} times as long")
    full = [text for path in FULL for text, spans in read(path) if spans] * 10
    detector_full, plain_full = rate(find_candidates, full), rate(plain_scan, full)
    print(f"texts full of data: {detector_full:,.0f} a second, the plain scan {plain_full:,.0f}")
    print(f"the detector takes {plain_full / detector_full:.1f} times as long")
    return 0 if plain / detector <= 13 and plain_full / detector_full <= 36 else 1


if __name__ == "__main__":
    raise SystemExit(main())
