"""A study is made whole or not at all."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from annotations.errors import BadInput
from annotations.models import Codebook, Event, Membership, Organisation, Study
from annotations.studies.codebook_choice import FaultyCodebook
from annotations.studies.create import create_study, may_create
from annotations.studies.organisations import OrganisationInput
from tests.factories import SMALL_CODEBOOK, add_member, make_study

pytestmark = pytest.mark.django_db


def create(**fields):
    return create_study(**({"slug": "privacy", "name": "Privacy", "codebook": SMALL_CODEBOOK} | fields))


def test_a_study_gets_its_codebook_organisations_and_handles():
    study = create(
        organisations=[
            OrganisationInput("Zwaluwlijn", ("ZwaluwlijnHulp", "Zwaluwlijn")),
            OrganisationInput("Dienst  Rijksheffingen ", ("RijksheffingHulp",)),
        ]
    )
    assert study.codebook_version.codebook.key == "small"
    assert study.modules == ["core"]
    assert {
        organisation.name: list(organisation.handles.values_list("handle", flat=True))
        for organisation in study.organisations.all()
    } == {"Zwaluwlijn": ["ZwaluwlijnHulp", "Zwaluwlijn"], "Dienst Rijksheffingen": ["RijksheffingHulp"]}


@pytest.mark.parametrize("key", ["webcare_privacy", "webcare_privacy_core"])
def test_a_built_in_codebook_is_named_by_its_key(key):
    assert create(codebook=key).codebook_version.codebook.key == key


def test_two_studies_share_a_stored_codebook_version():
    first, second = create(), create(slug="again")
    assert first.codebook_version == second.codebook_version


def test_modules_stand_in_the_order_of_the_codebook():
    assert create(modules=["extra", "core"]).modules == ["core", "extra"]


def test_who_makes_it_becomes_its_supervisor(make_user):
    anna = make_user("anna")
    study = create(actor_id=anna.pk, supervisor_id=anna.pk)
    membership = Membership.objects.get(study=study, user=anna)
    assert (membership.role, membership.is_active) == ("supervisor", True)
    assert study.created_by == anna


def test_the_making_is_in_the_log(make_user):
    anna = make_user("anna")
    study = create(actor_id=anna.pk)
    event = Event.objects.get(action="study.created")
    assert (event.study, event.actor, event.after["slug"]) == (study, anna, "privacy")


@pytest.mark.parametrize(
    "fields",
    [
        {"slug": "With Spaces"},
        {"slug": ""},
        {"slug": "x" * 61},
        {"name": " "},
        {"name": "x" * 201},
        {"language": "fr"},
        {"privacy": "closed"},
        {"new_user_days": 0},
        {"many_data_threshold": 101},
        {"withheld_share": 2},
        {"withheld_share": Decimal("0.1"), "privacy": "masked"},
        {"modules": ["nothing"]},
        {"organisations": [OrganisationInput("", ("a",))]},
        {"organisations": [OrganisationInput("A", ("with space",))]},
        {"organisations": [OrganisationInput("A"), OrganisationInput("a")]},
        {"organisations": [OrganisationInput("A", ("one",)), OrganisationInput("B", ("ONE",))]},
        {"codebook": "codebook: {key: x}"},
        {"codebook": b"\xff\xfe"},
        {"codebook": "x" * (2 * 1024 * 1024 + 1)},
    ],
)
def test_what_is_refused_leaves_nothing_behind(fields):
    with pytest.raises(BadInput) as refusal:
        create(**fields)
    assert all(problem.strip() for problem in refusal.value.problems)
    assert not Study.objects.exists()
    assert not Organisation.objects.exists()
    assert not Codebook.objects.exists()
    assert not Event.objects.exists()


def test_an_address_is_used_once():
    create()
    with pytest.raises(BadInput, match="privacy"):
        create()


def test_every_problem_is_named_at_once():
    with pytest.raises(BadInput) as refusal:
        create(slug="?", name="", privacy="x", organisations=[OrganisationInput("", ())])
    assert len(refusal.value.problems) == 4


def test_a_faulty_codebook_names_line_column_and_key_of_each_fault():
    faulty = SMALL_CODEBOOK.replace("kind: single", "kind: sinlge", 1).replace(
        "level: message", "level: mess", 1
    )
    with pytest.raises(FaultyCodebook) as refusal:
        create(codebook=faulty)
    problems = "\n".join(refusal.value.problems)
    assert len(refusal.value.problems) == 2
    assert "18" in problems
    assert "variables" in problems
    assert "sinlge" in problems


def test_hostile_names_are_stored_as_they_are():
    name = "<script>alert(1)</script> ' \" {{ x }}"
    study = create(name=name, organisations=[OrganisationInput(name, ("x",))])
    assert study.name == name
    assert study.organisations.get().name == name


def test_supervisors_and_staff_may_make_studies(make_user):
    anna, bram, cleo = make_user("anna"), make_user("bram"), make_user("cleo", is_staff=True)
    study = make_study()
    add_member(study, anna, "supervisor")
    add_member(study, bram, "coder")
    assert may_create(anna.pk)
    assert may_create(cleo.pk)
    assert not may_create(bram.pk)
    study.memberships.update(is_active=False)
    assert not may_create(anna.pk)


def run(*arguments):
    out = StringIO()
    call_command("create_study", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments):
    """What the command says on standard error; it ends with 1."""
    errors = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("create_study", *arguments, stderr=errors)
    assert end.value.code == 1
    return errors.getvalue()


def test_the_command_makes_a_study_and_prints_one_json_object(tmp_path):
    book = tmp_path / "book.yaml"
    book.write_text(SMALL_CODEBOOK, encoding="utf-8")
    printed = run(
        "privacy",
        "--name=Privacy 2019",
        f"--codebook={book}",
        "--organisation=Zwaluwlijn=ZwaluwlijnHulp,@Zwaluwlijn",
        "--organisation=Dienst Rijksheffingen=RijksheffingHulp",
        "--privacy=open",
        "--json",
    )
    assert json.loads(printed) == {
        "slug": "privacy",
        "name": "Privacy 2019",
        "language": "nl",
        "privacy": "open",
        "codebook": "small",
        "codebook_version": "1.0.0",
        "modules": ["core"],
        "organisations": {
            "Dienst Rijksheffingen": ["RijksheffingHulp"],
            "Zwaluwlijn": ["ZwaluwlijnHulp", "Zwaluwlijn"],
        },
    }


def test_the_command_takes_the_full_codebook_unless_told_otherwise():
    run("privacy", "--name=Privacy")
    assert Study.objects.get().codebook_version.codebook.key == "webcare_privacy_core"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--codebook=missing.yaml"], "missing.yaml"),
        (["--organisation=Zwaluwlijn"], "Zwaluwlijn"),
        (["--organisation==handle"], "handle"),
        (["--privacy=closed"], "strict"),
        (["--codebook=/"], "/"),
    ],
)
def test_the_command_says_what_is_wrong_and_stores_nothing(arguments, words):
    assert words in refused("privacy", "--name=Privacy", *arguments)
    assert not Study.objects.exists()


def test_the_command_names_the_file_and_line_of_a_faulty_codebook(tmp_path):
    book = tmp_path / "book.yaml"
    book.write_text(SMALL_CODEBOOK.replace("kind: single", "kind: sinlge", 1), encoding="utf-8")
    [line] = refused("privacy", "--name=Privacy", f"--codebook={book}").splitlines()
    assert line.startswith(f"{book}: line 18, column 9: variables.info_type.kind: ")
    assert not Codebook.objects.exists()
