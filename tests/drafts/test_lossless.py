"""Edit, publish, code again and export at random: nothing is lost, nothing is read as something else."""

import random
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.codebooks.document import items_of
from annotations.codebooks.lookup import lookup
from annotations.coding.coded import coded_values
from annotations.drafts.publish import check
from annotations.drafts.recode import plan_recoding, recode
from annotations.errors import BadInput
from annotations.exporting.profile import PROFILES
from annotations.exporting.study_data import StudyData
from annotations.exporting.tables.codings_long import codings_long
from annotations.finals.of_round import EARLIER
from annotations.finals.of_study import counted_rounds, study_spans, study_values
from annotations.models import Code, CodebookVersion, Span

from .help import Drafting, coded_study
from .test_recode import rows_of

pytestmark = pytest.mark.django_db
FEW = max(3, settings().max_examples // 30)
"""Each example is a study that is coded, changed twice and coded again."""


def random_edit(drafting, chance):
    """One of the edits that a supervisor makes, on whatever item; some make no sense and are refused."""
    document = drafting.draft.document
    item = chance.choice(list(items_of(document)))
    siblings = next(
        (v["categories"] for v in document["variables"] if item in v.get("categories", [])), [item]
    )
    what = chance.choice(
        [
            {"do": "split", "item": item["_id"]},
            {"do": "merge", "item": item["_id"], "items": [chance.choice(siblings)["_id"]]},
            {"do": "remove", "item": item["_id"]},
            {"do": "restore", "item": item["_id"]},
            {"do": "move", "item": item["_id"], "by": chance.choice([-1, 1])},
            {"do": "add_category", "item": item["_id"]},
            {"do": "set", "item": item["_id"], "field": ["label", "nl"], "value": f"Naam {chance.random()}"},
            {"do": "set", "item": item["_id"], "field": ["key"], "value": f"k{chance.randrange(10**6)}"},
            {"do": "set", "item": item["_id"], "field": ["_meaning"], "value": "new"},
            {"do": "set", "item": item["_id"], "field": ["required"], "value": chance.random() < 0.5},
            {
                "do": "set",
                "item": item["_id"],
                "field": ["show_if"],
                "value": random_condition(document, chance),
            },
            {"do": "add_variable", "after": item["_id"]},
        ]
    )
    try:
        drafting.do(**what)
    except BadInput:
        return


def random_condition(document, chance):
    """On one of the answers to one of the questions; often one that hides what was given."""
    asked = chance.choice([each for each in document["variables"] if each.get("categories")])
    return {asked["key"]: [chance.choice(asked["categories"])["key"]]}


def mend(drafting):
    """Names and languages that a new item lacks, so that what came of the edits can be published."""
    for _again in range(4):
        for item in list(items_of(drafting.draft.document)):
            names = ("label", "definition") if "level" in item else ("label",)
            for name, language in product(names, ("nl", "en")):
                if not item.get("_withdrawn") and not item.get(name, {}).get(language):
                    drafting.set(item["_id"], f"{name}.{language}", f"Naam {item['_id']}")
        if not check(drafting.draft).faults:
            return True
    return False


def exported(study):
    """What was given, row by row: of a hidden answer that is the hidden value."""
    table = codings_long(StudyData(study, PROFILES["restricted"]))
    rows = []
    for row in table.rows():
        cells = dict(zip(table.header, row, strict=True))
        if cells["hidden_value"]:
            assert (cells["value"], cells["code"]) in {("97", "97"), ("-97", "-97")}
            cells["value"] = cells["hidden_value"]
        rows.append(tuple(cells[name] for name in cells if name not in ("code", "row_check", "hidden_value")))
    return rows


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_whatever_is_edited_published_and_coded_again_nothing_is_lost(seed):
    chance = random.Random(seed)
    study = coded_study(conversations=1)
    first = rows_of(study)
    before = exported(study)
    main = study.rounds.get()
    original = main.codebook_version
    source = original.source
    for _version in range(2):
        drafting = Drafting(study)
        for _edit in range(chance.randrange(1, 6)):
            random_edit(drafting, chance)
        if not mend(drafting) or not check(drafting.draft).changes:
            continue
        new = [each["_id"] for each in drafting.draft.document["variables"] if not each.get("_was")]
        drafting.publish(asks_finished=[each for each in new if chance.random() < 0.5])
        again = plan_recoding(study)
        if again:
            recode(study.pk, shows_old=chance.random() < 0.5, actor_id=study.boss.pk)
            assert plan_recoding(study) == []
    codes, spans = rows_of(study)
    kept = {row["id"]: row for row in codes}
    assert all(kept[row["id"]] == row for row in first[0])
    assert all(row in spans for row in first[1])
    assert CodebookVersion.objects.get(pk=original.pk).source == source
    assert set(before) <= set(exported(study))
    _means_what_it_says(study, main)


def _means_what_it_says(study, main):
    """A value in the figures is a category of the version it is read in, or is left out by name."""
    study.refresh_from_db()
    given_then = {
        (row.variable, row.message_id): row.value for row in coded_values(main) if row.span_id is None
    }
    for final in study_values(counted_rounds(study)):
        spec = lookup(final.version_id).spec
        variable = spec.by_key[final.variable]
        if isinstance(final.value, str) and variable.options:
            assert final.value in variable.by_key
        elif isinstance(final.value, frozenset):
            assert final.value <= set(variable.by_key)
        elif final.value is None:
            assert final.source in (EARLIER, "unresolved")
    for final in study_spans(counted_rounds(study)):
        types = lookup(final.version_id).type_variable
        for span in final.value or ():
            assert span.category in types.by_key
    assert given_then
    carried = Code.objects.filter(coding__assignment__round__recodes__isnull=False)
    assert not carried.exclude(origin="carried").exclude(missing=97).exists()
    assert Span.objects.filter(coding__assignment__round=main).exists()
