"""The report, and from every figure to exactly the units behind it."""

import re

import pytest
from django.urls import reverse

from annotations.agreement import reliability
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.models import AgreementReport, Study
from annotations.reliability.drill import Cell, units_in
from annotations.reliability.report import agreement_of
from annotations.reliability.shown import apa, matrices, place
from tests.conftest import made_once
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db

SOLVED = [("fully", "fully"), ("not", "partly"), ("fully", "not"), ("not", "not"), ("partly", "fully")]


def build(size, slug="study"):
    study = make_study(slug)
    coders = [make_member(study, name) for name in ("anna", "bart")]
    items = []
    for index in range(size):
        conversation = make_conversation(study, "<script>alert(1)</script> Bel 06-00000011")
        message = conversation.messages.get()
        for coder, solved in zip(coders, SOLVED[index % len(SOLVED)], strict=True):
            asked = solved != "partly"
            answers = {
                CONVERSATION: {"solved": solved},
                ("message", message.pk): {
                    "contains_pii": "yes" if asked else "no",
                    "removal_request": "yes" if asked else Missing.NOT_APPLICABLE,
                },
            }
            spans = [ImportedSpan(message.pk, 30, 41, {"info_type": "phone"})] if asked else []
            items.append(ImportedCoding(assign(conversation, coder), answers=answers, spans=spans))
    store_imported(make_round(study), items, actor_id=None)
    make_member(study, "chief", role="supervisor")
    return study


made = made_once(lambda: build(10))


@pytest.fixture
def study(made):
    return Study.objects.get(pk=made.pk)


@pytest.fixture
def chief(study, client_of):
    return client_of(study.memberships.get(role="supervisor").user)


def measured(study, key="solved"):
    return next(agreement_of(study.rounds.get(), variables=[key], bootstrap=0))


def test_the_figures_on_the_page_are_the_engines(chief):
    page = chief.get("/s/study/reliability/")
    row = next(row for row in page.context["rows"] if row.key == "solved")
    expected = reliability(
        SOLVED * 2, categories=["not", "partly", "fully"], level="ordinal", bootstrap=10_000
    )
    assert row.alpha == pytest.approx(expected.alpha)
    assert row.interval == f"[{apa(expected.alpha_ci[0])}, {apa(expected.alpha_ci[1])}]"
    assert f"<b>{apa(expected.alpha)}</b>" in page.content.decode()


def test_a_share_of_agreement_is_written_in_one_way_on_a_page(study, chief):
    share = measured(study).result.percent_agreement
    page = chief.get(f"/s/{study.slug}/reliability/solved/").content.decode()
    assert page.count(f"{100 * share:.0f} %") == 4, "the page, its pair, and each of two coders"


def test_an_undefined_alpha_is_shown_with_its_reason_and_stands_last(chief):
    page = chief.get("/s/study/reliability/?sort=high", headers={"accept-language": "en"})
    assert page.context["rows"][-1].alpha is None
    assert "no variation" in page.content.decode()


def test_every_cell_of_every_matrix_opens_as_many_units_as_it_says(study, chief):
    found = [
        cell for matrix in matrices(measured(study), "en")[1:] for _, cells in matrix.rows for cell in cells
    ]
    opened = 0
    for value, query, _, _ in found:
        if query:
            page = chief.get(f"/s/study/reliability/solved/units/?{query}")
            assert page.context["page_obj"].paginator.count == int(value)
            opened += int(value)
    assert opened == 10


@pytest.mark.parametrize("variable", ["solved", "contains_pii", "removal_request"])
def test_the_number_in_every_link_of_a_variable_page_is_the_length_of_its_list(study, chief, variable):
    text = chief.get(f"/s/study/reliability/{variable}/").content.decode().replace("&amp;", "&")
    links = re.findall(rf'href="(/s/study/reliability/{variable}/units/\?[^"]+)">\s*(\d+)', text)
    assert len(links) > 6
    for link, written in links:
        assert chief.get(link).context["page_obj"].paginator.count == int(written), link


def test_a_cell_opens_exactly_its_units(study):
    item = measured(study)
    numbers = dict(study.conversations.values_list("pk", "number"))
    found = units_in(item, Cell("confusion", "anna", "bart", "not", "partly"))
    assert [numbers[pk] for pk, _ in found] == [2, 7]
    assert len(units_in(item, Cell("differ"))) + len(units_in(item, Cell("agree"))) == 10


def test_a_unit_shows_the_text_inert_and_what_each_coder_gave(chief):
    page = chief.get("/s/study/reliability/contains_pii/units/1/?cell=differ")
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    assert {name for name, _ in page.context["unit"].given} == {"anna", "bart"}
    assert 'data-key="j"' in text
    assert "/disagreements/" in text


def test_fragments_on_which_coders_differ_are_drawn_in_the_text(study, chief):
    page = chief.get("/s/study/reliability/info_type/units/1/?cell=differ")
    assert page.status_code == 200
    assert re.search(r'class="lanes on-\d"', page.content.decode())
    count = chief.get("/s/study/reliability/info_type/units/?cell=differ").context["page_obj"].paginator.count
    assert count == len(measured(study, "info_type").result.differing_units) == 4


def test_a_report_is_kept_until_codes_change(study, chief):
    chief.get("/s/study/reliability/")
    kept = AgreementReport.objects.get()
    chief.get("/s/study/reliability/")
    assert AgreementReport.objects.get() == kept
    coding = study.rounds.get().assignments.first().coding
    coding.state, coding.finished_at = "open", None
    coding.save()
    chief.get("/s/study/reliability/")
    assert AgreementReport.objects.get() != kept


@pytest.mark.parametrize(
    "address",
    [
        "",
        "csv/",
        "methods/",
        "methods/reliability.csv",
        "time/",
        "solved/",
        "solved/units/?cell=differ",
        "solved/units/1/?cell=differ",
    ],
)
def test_only_supervisors_see_agreement(study, chief, client_of, make_user, address):
    coder = study.memberships.get(pseudonym="anna").user
    assert chief.get(f"/s/study/reliability/{address}").status_code == 200
    assert client_of(coder).get(f"/s/study/reliability/{address}").status_code == 403
    assert client_of(make_user("stranger")).get(f"/s/study/reliability/{address}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "colour/",
        "solved/units/?cell=nothing",
        "solved/units/?cell=confusion&one=eve&other=bart&row=not&column=not",
        "solved/units/?cell=category&row=colour",
        "?round=999999",
    ],
)
def test_what_is_not_in_the_report_is_not_found(chief, address):
    assert chief.get(f"/s/study/reliability/{address}").status_code == 404


def test_a_unit_that_is_no_longer_behind_the_figure_leads_back_to_the_list(chief):
    answer = chief.get("/s/study/reliability/solved/units/999/?cell=differ")
    assert answer["Location"] == "/s/study/reliability/solved/units/?cell=differ"


@pytest.mark.parametrize(
    ("value", "written"), [(0.864, ".86"), (-0.021, "-.02"), (1.0, "1.00"), (-0.001, ".00"), (None, "–")]
)
def test_figures_are_written_as_apa_wants_them(value, written):
    assert apa(value) == written


def test_the_axis_keeps_what_lies_outside_it_at_its_edge():
    assert (place(-3), place(1), place(0.8)) == ("0.00%", "100.00%", "83.33%")


@pytest.mark.parametrize("parameter", ["organisation", "coder", "round"])
@pytest.mark.parametrize("written", ["9" * 30, "9" * 5000, "\u00b2", "\x00"])
def test_a_number_no_database_can_hold_in_an_address_breaks_no_page(client, study, parameter, written):
    client.force_login(study.memberships.get(role="supervisor").user)
    for name in ("reliability", "reliability_csv", "reliability_data", "reliability_time"):
        answer = client.get(reverse(name, args=[study.slug]), {parameter: written})
        assert answer.status_code in {200, 404}


@pytest.mark.parametrize(
    "query", ["organisation=0", "organisation=999999", "coder=0", "coder=1&coder=999999"]
)
def test_an_address_of_nobody_of_the_study_is_not_found_and_stores_nothing(chief, query):
    assert chief.get(f"/s/study/reliability/?{query}").status_code == 404
    assert not AgreementReport.objects.exists()
