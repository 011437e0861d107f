"""How long publishing a next codebook version takes in a study of 100,000 codes, with all around it.

    python -m bench.publishing [--codings 7400]

A category of a question is split and a question is added that is asked of everything finished too. Each
figure is the median of three, of the server, on a database in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

TIMES = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--codings", type=int, default=7_400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="webcare-bench-") as folder:
        os.environ |= {"WEBCARE_DEBUG": "1", "WEBCARE_DATA": folder, "DATABASE_URL": ""}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webcare_coding.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        run(options.codings)


def run(codings: int) -> None:
    from django.conf import settings

    from annotations.codebooks.document import items_of
    from annotations.drafts.hits import hits
    from annotations.drafts.publish import check, publish
    from annotations.drafts.recode import plan_recoding, recode
    from annotations.drafts.store import edit, start
    from annotations.drafts.touched import code_counts
    from annotations.drafts.words import told_changes
    from tests import factories

    from .results import code, make_study

    settings.DEBUG = False
    study = make_study(codings // 2, 2)
    codes = code(study, codings // 2)
    boss = factories.make_member(study, "bench-boss", "supervisor").pk
    draft = start(study.pk, actor_id=boss)

    def do(**what: Any) -> str:
        nonlocal draft
        draft, item = edit(draft.pk, what, revision=draft.revision, actor_id=boss)
        return item

    def label(item: str, words: str) -> None:
        for language in ("nl", "en"):
            do(do="set", item=item, field=["label", language], value=words)

    variable = next(each for each in draft.document["variables"] if each["key"] == "removal_request")
    do(do="split", item=variable["categories"][0]["_id"])
    for number, each in enumerate(items_of(draft.document)):
        if each.get("_auto"):
            label(each["_id"], f"Deel {number}")
    new = do(do="add_variable", after=draft.document["variables"][-1]["_id"])
    label(new, "Toon")
    for language in ("nl", "en"):
        do(do="set", item=new, field=["definition", language], value="Welke toon?")
    do(do="set", item=new, field=["level"], value="conversation")
    do(do="set", item=new, field=["required"], value=True)
    added = next(each for each in draft.document["variables"] if each["_id"] == new)
    for number, each in enumerate(added["categories"]):
        label(each["_id"], f"Toon {number}")
    conditioned = next(each for each in draft.document["variables"] if each.get("show_if"))
    checked = check(draft)
    print(f"{codings} codings, {codes} codes, {len(checked.changes)} changes; seconds:")
    assert not checked.faults, [fault.sentence for fault in checked.faults]
    measured("an edit of the draft", lambda: do(do="move", item=new, by=-1))
    measured("codes per category, in the editor", lambda: code_counts(study, draft.base_id))
    measured("what the changes touch", lambda: told_changes(study, draft.base_id, checked.changes, "nl"))
    item = conditioned["_id"]
    measured("what a condition hits", lambda: hits(study, draft.base_id, checked, draft.document, item))
    once("publishing", lambda: publish(draft.pk, revision=draft.revision, actor_id=boss, asks_finished=[new]))
    study.refresh_from_db()
    measured("what is to be coded again", lambda: plan_recoding(study))
    once("making the recode round", lambda: recode(study.pk, shows_old=False, actor_id=boss))


def measured(name: str, work: Callable[[], object]) -> None:
    print(f"  {name:40} {statistics.median(seconds(work) for _time in range(TIMES)):7.2f}")


def once(name: str, work: Callable[[], object]) -> None:
    print(f"  {name:40} {seconds(work):7.2f}")


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
