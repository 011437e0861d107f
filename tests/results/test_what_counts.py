"""One rule for what counts: what is unresolved or missing is in no figure, and counted beside every table."""

import csv
import io
from collections import Counter

import pytest

from annotations.codebooks.values import Missing
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.demo.making.corpus import LIBRARY
from annotations.results.csv_file import as_csv
from annotations.results.population import Reason
from annotations.results.tables import study_tables
from annotations.statistics import Proportion
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
CODEBOOK = (LIBRARY / "webcare_privacy_core.yaml").read_text(encoding="utf-8")
PHONE = {"contains_pii": "yes", "info_types": frozenset({"phone"}), "response_present": "yes"}


@pytest.fixture
def study():
    return make_study(codebook=CODEBOOK, modules=["core", "privacy", "response"])


def code(study, *coders, spans=(), role="consumer"):
    """A message on which coder 1, 2, … give these answers."""
    conversation = make_conversation(study, "Bel 06-00000011", organisation_first=role == "organisation")
    message = conversation.messages.get()
    round_ = make_round(study)
    for place, answers in enumerate(coders):
        username = f"coder{place}"
        member = study.memberships.filter(user__username=username).first()
        user = member.user if member else make_member(study, username)
        marked = [
            ImportedSpan(message.pk, *span[:2], {"info_type": span[2]}) for span in spans[place : place + 1]
        ]
        item = ImportedCoding(
            assign(conversation, user), answers={("message", message.pk): answers}, spans=marked
        )
        store_imported(round_, [item], actor_id=None)


def tables(study):
    return {table.key: table for table in study_tables(study, "en")}


def test_an_unsettled_or_undetermined_request_is_no_request_in_no_table(study):
    for asked in ["explicit"] * 4 + ["none"] * 2:
        code(study, PHONE | {"removal_request": asked})
    for _ in range(3):
        code(study, PHONE | {"removal_request": "explicit"}, PHONE | {"removal_request": "none"})
    code(study, PHONE | {"removal_request": Missing.UNDETERMINED})
    found = tables(study)
    left_out = {Reason.UNRESOLVED: 3, Reason.UNDETERMINED: 1}
    for key, row in (
        ("removal_request", "explicit"),
        ("removal_request_answered", "explicit"),
        ("removal_request_by_type", "phone"),
        ("variable_removal_request", "explicit"),
    ):
        assert found[key].cells[row, ""].proportion == Proportion(4, 6), key
        assert found[key].left_out == left_out, key
    assert found["info_types"].cells["phone", ""].proportion == Proportion(10, 10)


def test_no_answer_counts_as_no_request_for_that_reason_alone(study):
    code(study, PHONE | {"removal_request": "explicit"})
    code(study, PHONE | {"response_present": "no", "removal_request": Missing.NOT_APPLICABLE})
    code(study, PHONE | {"removal_request": Missing.NOT_APPLICABLE})
    code(
        study,
        PHONE | {"response_present": "no", "removal_request": Missing.NOT_APPLICABLE},
        PHONE | {"removal_request": "explicit"},
    )
    found = tables(study)
    assert "no answer counts as no request" in found["removal_request"].note
    assert "no answer counts as no request" in found["removal_request_by_type"].note
    assert found["removal_request"].cells["explicit", ""].proportion == Proportion(1, 2)
    assert found["removal_request"].left_out == {Reason.NOT_APPLICABLE: 1, Reason.UNRESOLVED: 1}
    assert found["removal_request_answered"].cells["explicit", ""].proportion == Proportion(1, 1)
    assert found["removal_request_answered"].left_out == {Reason.NOT_APPLICABLE: 1, Reason.UNRESOLVED: 1}


def test_messages_whose_kinds_are_unsettled_do_not_vanish_without_a_word(study):
    answers = {"contains_pii": "yes", "response_present": "yes", "removal_request": "none"}
    phone, name = frozenset({"phone"}), frozenset({"name"})
    code(study, answers | {"info_types": phone})
    for _ in range(3):
        code(study, answers | {"info_types": phone}, answers | {"info_types": name})
    code(study, answers, answers, spans=[(4, 15, "phone"), (4, 15, "email")])
    code(study, answers)
    code(study, {"contains_pii": "yes"}, {"contains_pii": "no"})
    code(study, {"contains_pii": "no"})
    found = tables(study)
    left_out = {Reason.UNRESOLVED: 5, Reason.NO_KIND: 1}
    for key in ("info_types", "removal_request", "removal_request_by_type", "removal_request_answered"):
        assert found[key].left_out == left_out, key
    assert found["info_types"].cells["phone", ""].proportion == Proportion(1, 1)


def test_a_category_whose_code_is_missing_is_no_value(study):
    variable = next(
        variable
        for variable in study.codebook_version.variables.filter(level="message", kind="single")
        if variable.categories.filter(code=98).exists()
    )
    own = variable.categories.get(code=98).key
    code(study, {variable.key: own})
    code(study, {variable.key: variable.categories.exclude(code__in=(97, 98)).first().key})
    table = tables(study)[f"variable_{variable.key}"]
    assert table.left_out == {Reason.UNDETERMINED: 1}
    assert own not in dict(table.rows)
    assert {cell.proportion.of for cell in table.cells.values()} == {1}


def test_what_is_left_out_stands_in_json_and_csv_beside_every_table(study):
    code(study, PHONE | {"removal_request": "explicit"})
    code(study, PHONE | {"removal_request": "explicit"}, PHONE | {"removal_request": "none"})
    found = study_tables(study, "en")
    told = {table.key: table.as_dict()["left_out"] for table in found}
    assert told["removal_request"] == {"unresolved": 1}
    assert told["info_types"] == {}
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    by_table = Counter((row["table"], row["left_out_unresolved"]) for row in rows)
    assert ("removal_request", "1") in by_table
    assert ("info_types", "0") in by_table


def test_the_page_says_what_is_left_out(study, client_of):
    code(study, PHONE | {"removal_request": "explicit"}, PHONE | {"removal_request": "none"})
    page = client_of(make_member(study, "chief", role="supervisor")).get(f"/s/{study.slug}/results/")
    assert ">1 nog niet beslist</a>" in page.content.decode()
