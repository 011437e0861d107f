"""Tables come from final values, with the figures a paper would print."""

import json

import pytest
from django.core.management import call_command

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.results.population import Reason
from annotations.results.tables import study_tables
from annotations.statistics import Proportion
from tests.factories import assign, make_conversation, make_member, make_round, make_study


@pytest.fixture
def study(db):
    """Three conversations by one coder and one on which two coders differ."""
    study = make_study()
    coders = [make_member(study, name) for name in ("noor", "daan")]
    for number, asked in enumerate(["yes", "no", "no", "yes"]):
        conversation = make_conversation(study, "Bel 06-00000011")
        message = conversation.messages.get()
        for rank, coder in enumerate(coders[: 2 if number == 3 else 1]):
            store_imported(
                make_round(study),
                [
                    ImportedCoding(
                        assign(conversation, coder),
                        answers={
                            CONVERSATION: {"solved": "fully" if rank == 0 else "not"},
                            ("message", message.pk): {
                                "contains_pii": "yes",
                                "channels": frozenset({"dm"}),
                                "removal_request": asked,
                            },
                        },
                        spans=[ImportedSpan(message.pk, 4, 15, {"info_type": "phone"})],
                    )
                ],
                actor_id=None,
            )
    return study


def test_a_table_per_variable_counts_units_once_and_leaves_the_unsettled_out(study):
    tables = {table.key: table for table in study_tables(study, "en")}
    solved = tables["variable_solved"]
    assert solved.cells["fully", ""].proportion == Proportion(3, 3)
    assert solved.left_out == {Reason.UNRESOLVED: 1}
    assert tables["variable_channels"].cells["dm", "Zwaluwlijn"].proportion == Proportion(4, 4)


def test_kinds_of_information_come_from_the_fragments_where_no_list_was_coded(study):
    tables = {table.key: table for table in study_tables(study, "en")}
    assert tables["info_types"].cells["phone", ""].proportion == Proportion(4, 4)
    assert tables["info_types"].cells["email", ""].proportion == Proportion(0, 4)


def test_training_rounds_do_not_count(study):
    study.rounds.update(kind="training")
    assert study_tables(study, "en") == []


def test_the_command_prints_the_tables_as_json_csv_and_text(study, capsys):
    call_command("results", study.slug, "--json")
    assert "variable_solved" in {table["key"] for table in json.loads(capsys.readouterr().out)["tables"]}
    call_command("results", study.slug, "--csv")
    assert capsys.readouterr().out.startswith("table,title,row,")
    call_command("results", study.slug)
    printed = capsys.readouterr().out
    assert "together: 3 of 3 = 100.0 %" in printed
    assert "left out: 1 not settled" in printed


def test_only_supervisors_see_the_page(study, client_of, make_user):
    address = f"/s/{study.slug}/results/"
    supervisor = make_member(study, "chief", role="supervisor")
    assert "Vraagt de organisatie om verwijderen?" in client_of(supervisor).get(address).content.decode()
    assert client_of(supervisor).get(address + "results.csv").status_code == 200
    assert client_of(make_member(study, "coder9")).get(address).status_code == 403
    assert client_of(make_user("stranger")).get(address).status_code == 404


@pytest.mark.parametrize("size", [1, 6])
def test_the_page_takes_the_same_number_of_queries_however_much_was_coded(
    size, client_of, django_assert_num_queries, db
):
    study = make_study()
    coder = make_member(study, "noor")
    for _ in range(size):
        assignment = assign(make_conversation(study, "Hallo"), coder)
        item = ImportedCoding(assignment, answers={CONVERSATION: {"solved": "fully"}})
        store_imported(make_round(study), [item], actor_id=None)
    client = client_of(make_member(study, "chief", role="supervisor"))
    client.get(f"/s/{study.slug}/results/")
    with django_assert_num_queries(24):
        client.get(f"/s/{study.slug}/results/")
