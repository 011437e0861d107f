"""How long a whole report takes: conversations × coders × every variable of the full codebook.

    python -m bench.report [--conversations 1000] [--coders 3] [--bootstrap 1000] [--profile]

The codes are made up with a fixed seed and written to a database in memory; a coder differs from the truth in
one answer out of eight, and three in ten answers to a conditional question are 97.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import tempfile
import time
from typing import Any

MESSAGES = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--coders", type=int, default=3)
    parser.add_argument("--bootstrap", type=int, default=1000)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="webcare-bench-") as folder:
        os.environ |= {"WEBCARE_DEBUG": "1", "WEBCARE_DATA": folder, "DATABASE_URL": ""}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webcare_coding.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        run(options)


def run(options: argparse.Namespace) -> None:
    from django.conf import settings
    from django.db import connection, reset_queries

    from annotations.reliability.report import agreement_of

    settings.DEBUG = False
    of_round, codes = make_round(options.conversations, options.coders)
    print(f"{options.conversations} conversations × {options.coders} coders: {codes} codes")
    connection.force_debug_cursor = True
    reset_queries()
    profile = cProfile.Profile()
    start = time.perf_counter()
    if options.profile:
        profile.enable()
    found = list(agreement_of(of_round, bootstrap=options.bootstrap))
    profile.disable()
    seconds = time.perf_counter() - start
    print(f"{len(found)} variables: {seconds:.2f} s, {len(connection.queries)} queries")
    start = time.perf_counter()
    list(agreement_of(of_round, bootstrap=0))
    print(f"without intervals: {time.perf_counter() - start:.2f} s")
    if options.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


def make_round(conversations: int, coders: int) -> tuple[Any, int]:
    """A stored round, coded by everybody; and how many codes it holds."""
    from annotations.codebooks.lookup import lookup
    from annotations.codebooks.store import store_codebook
    from annotations.coding.save import store_imported
    from annotations.models import Code
    from tests import factories

    library = factories.FILES.parents[1] / "annotations/codebooks/library/webcare_privacy.yaml"
    version = store_codebook(library.read_text(encoding="utf-8"))
    spec = lookup(version.pk).spec
    modules = [module.key for module in spec.modules]
    study = factories.make_study("bench", codebook_version=version, modules=modules)
    people = [factories.make_member(study, f"coder{number}") for number in range(1, coders + 1)]
    random_ = random.Random(7)
    of_round = factories.make_round(study)
    for start in range(0, conversations, 100):
        batch = []
        for _ in range(start, min(start + 100, conversations)):
            conversation = factories.make_conversation(
                study, *["Bel mij op 06-00000011 over ZL-4471902"] * MESSAGES
            )
            batch += codings_of(spec, of_round, conversation, people, random_)
        store_imported(of_round, batch, actor_id=None)
    return of_round, Code.objects.count()


def codings_of(spec: Any, of_round: Any, conversation: Any, people: list[Any], random_: Any) -> list[Any]:
    from annotations.coding.answers import CONVERSATION
    from annotations.coding.save import ImportedCoding, ImportedSpan
    from tests.factories import assign

    messages = list(conversation.messages.all())
    units = [CONVERSATION, *(("message", message.pk) for message in messages)]
    truth = {unit: {v.key: some_value(v, random_) for v in variables(spec, unit)} for unit in units}
    found = []
    for coder in people:
        answers: dict[Any, dict[str, Any]] = {}
        for unit in units:
            answers[unit] = {}
            for variable in variables(spec, unit):
                value = truth[unit][variable.key]
                if random_.random() < 0.125:
                    value = some_value(variable, random_)
                answers[unit][variable.key] = value
        spans = [
            ImportedSpan(message.pk, 11, 22 - (random_.random() < 0.2), {"info_type": "phone"})
            for message in messages
            if random_.random() < 0.9
        ]
        found.append(ImportedCoding(assign(conversation, coder), answers=answers, spans=spans))
    return found


def variables(spec: Any, unit: Any) -> list[Any]:
    return [v for v in spec.variables if v.level == unit[0]]


def some_value(variable: Any, random_: random.Random) -> Any:
    from decimal import Decimal

    from annotations.codebooks.values import Missing

    if variable.show_if and random_.random() < 0.3:
        return Missing.NOT_APPLICABLE
    if variable.kind == "number":
        return Decimal(random_.randint(0, 240))
    if variable.kind == "text":
        return f"text {random_.randint(1, 5)}"
    if variable.kind == "multi":
        free = [category.key for category in variable.categories if not category.exclusive]
        return frozenset(random_.sample(free, min(len(free), random_.randint(1, 2))))
    return random_.choice(variable.values)


if __name__ == "__main__":
    main()
