"""Write a corpus of any size in the shape of TWCS, streaming: python bench/make_corpus.py 100000 corpus.csv

The shape was measured on 5,000 rows of "Customer Support on Twitter": 3.8 messages a conversation (the
longest 130), almost half of the answers before the message they answer, branches, 0.1 % of the parents
missing, personal data in some 4 % of the consumers' messages. Names and numbers are invented; texts repeat,
ids do not.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TextIO

HEADER = [
    "tweet_id", "author_id", "inbound", "created_at", "text", "response_tweet_id", "in_response_to_tweet_id",
]  # fmt: skip
ORGANISATIONS = ["waterwolk", "stroomhuis_nl", "belasting_demo", "reisgoed_demo", "kabelkoe"]
OPENINGS = [
    "@{org} al drie dagen geen internet, wanneer wordt dit opgelost? 😡",
    "@{org} ik sta al een half uur in de wacht &amp; niemand neemt op",
    "Waarom krijg ik een aanmaning terwijl ik heb betaald @{org}??",
    "@{org} bedankt voor de snelle hulp gisteren 👍🏽",
    "@{org} pakket nog steeds niet bezorgd\n\nwat nu?",
]
REPLIES = [
    "@{who} Wat vervelend! Stuur ons een DM met je klantnummer en postcode, dan kijken we mee. ^{sign}",
    "@{who} Daar gaan we naar kijken. Sinds wanneer speelt dit? ^{sign}",
    "@{who} Kun je ons je telefoonnummer en geboortedatum sturen in een privébericht? ^{sign}",
    "@{who} De storing is rond 14.00 uur verholpen. ^{sign}",
]
FOLLOW_UPS = [
    "@{org} sinds maandag, en het is nu de derde keer",
    "@{org} heb ik al twee keer gedaan 🙄",
    "@{org} oké, dank je",
    "@{org} dat is geen antwoord op mijn vraag",
]
PERSONAL = [
    "@{org} mijn nummer is 06-12345678",
    "@{org} klantnummer 0000{n}, postcode 1234 AB",
    "@{org} IBAN NL00 DEMO 0123 4567 89, graag vandaag nog",
    "@{org} mail maar naar klant{n}@voorbeeld.example",
]


def conversation(rng: random.Random, first_id: int, number: int) -> list[list[str]]:
    """The rows of one conversation, answered ones first."""
    size = 1 + min(int(rng.expovariate(1 / 3.25)), 129)
    size = max(size, 2) if rng.random() < 0.9 else size
    org, consumer = rng.choice(ORGANISATIONS), str(100_000 + number)
    moment = datetime(2017, 10, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(60 * 86_400))
    parents = [-1] + [i - 1 if rng.random() < 0.95 else rng.randrange(i) for i in range(1, size)]
    answers: list[list[str]] = [[] for _ in range(size)]
    for i, parent in enumerate(parents[1:], 1):
        answers[parent].append(str(first_id + i))
    rows = []
    for i, parent in enumerate(parents):
        by_org = i % 2 == 1
        pool = OPENINGS if i == 0 else REPLIES if by_org else PERSONAL if rng.random() < 0.08 else FOLLOW_UPS
        text = rng.choice(pool).format(org=org, who=consumer, sign=rng.choice(["AB", "CD", "EF"]), n=number)
        moment += timedelta(seconds=rng.randrange(30, 3600))
        missing = i == 0 and rng.random() < 0.005
        answered = f"{first_id - 1}.0" if missing else f"{first_id + parent}.0" if i else ""
        rows.append([
            str(first_id + i), org if by_org else consumer, str(not by_org),
            f"{moment:%a %b %d %H:%M:%S +0000 %Y}", text, ",".join(answers[i]), answered,
        ])  # fmt: skip
    return rows


def rows_of_corpus(conversations: int, seed: int = 0) -> Iterator[list[str]]:
    """Rows in the order of the real file: every second conversation is written from its end."""
    rng, next_id = random.Random(seed), 10**15 + 1
    for number in range(conversations):
        rows = conversation(rng, next_id, number)
        next_id += len(rows) + 1
        yield from reversed(rows) if number % 2 else rows


def write_corpus(conversations: int, file: TextIO, seed: int = 0) -> int:
    """Write the corpus as CSV; the number of messages."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    messages = 0
    for row in rows_of_corpus(conversations, seed):
        writer.writerow(row)
        messages += 1
    return messages


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("conversations", type=int)
    parser.add_argument("file")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    with open(given.file, "w", encoding="utf-8", newline="") as file:
        print(f"{write_corpus(given.conversations, file, given.seed):,} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
