"""Finds beside their comparison sample: odds ratios worked out by hand, and refused without a sample."""

import csv
import io
import json
import re
from datetime import timedelta
from math import inf

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from annotations.codebooks.lookup import lookup
from annotations.codebooks.values import Missing
from annotations.coding.save import ImportedCoding, store_imported
from annotations.demo.making.corpus import LIBRARY
from annotations.models import (
    ComparisonSample,
    ComparisonUnit,
    Organisation,
    Screening,
    ScreeningTrack,
    ScreeningUnit,
)
from annotations.results.comparison.as_rows import as_csv, as_json
from annotations.results.comparison.exposures import exposures
from annotations.results.comparison.odds import sample_results
from annotations.results.comparison.shown import shown_sample
from annotations.statistics import Estimate, conditional_odds_ratio, fisher_p, mantel_haenszel
from tests.factories import START, assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
CODEBOOK = (LIBRARY / "webcare_privacy_core.yaml").read_text(encoding="utf-8")
TOO_MUCH = "too_much_first_contact"


class Compared:
    """A study whose screening has ended, with a comparison sample; conversations are coded as they come."""

    def __init__(self, design="random", per_find=1):
        self.study = make_study(codebook=CODEBOOK, modules=["core", "privacy", "response", "context"])
        self.coder = make_member(self.study, "coder")
        self.screening = Screening.objects.create(
            study=self.study,
            name="Terugzoeken",
            codebook_version=self.study.codebook_version,
            variable=self.study.codebook_version.variables.get(key="contains_pii"),
            starts_on=START.date(),
            state="done",
            started_at=START,
        )
        self.sample = ComparisonSample.objects.create(
            screening=self.screening, design=design, per_find=per_find, seed=1
        )
        self.tracks = {}

    def track(self, name):
        if name not in self.tracks:
            organisation, _ = Organisation.objects.get_or_create(study=self.study, name=name)
            self.tracks[name] = ScreeningTrack.objects.create(
                screening=self.screening,
                organisation=organisation,
                target=100,
                size=1000,
                ended_at=START + timedelta(days=1),
                state="done",
            )
        return self.tracks[name]

    def unit(self, conversation, answer, name, message=0):
        track = self.track(name)
        return ScreeningUnit.objects.create(
            track=track,
            position=track.units.count() + 1,
            message=conversation.messages.all()[message],
            state="done",
            answer=answer,
            is_find=answer == "yes",
            reason="" if answer == "yes" else "nothing_visible",
        )

    def coded(self, answers, texts=("Bel 06-00000011",)):
        conversation = make_conversation(self.study, *texts)
        if answers is not None:
            item = ImportedCoding(assign(conversation, self.coder), answers={("conversation", None): answers})
            store_imported(make_round(self.study), [item], actor_id=None)
        return conversation

    def find(self, answers, name="Zwaluwlijn"):
        conversation = self.coded(answers)
        return self.unit(conversation, "yes", name)

    def comparison(self, answers, name="Zwaluwlijn", find=None):
        conversation = self.coded(answers)
        unit = self.unit(conversation, "no", name)
        return ComparisonUnit.objects.create(
            sample=self.sample, unit=unit, conversation=conversation, find=find
        )

    def result(self, variable=TOO_MUCH):
        (found,) = sample_results(self.study)
        return found, next(each for each in found.compared if each.exposure.key == variable)


def too_much(value):
    return {TOO_MUCH: value}


def test_without_a_comparison_sample_there_is_nothing_to_say(client_of):
    study = make_study(codebook=CODEBOOK)
    assert sample_results(study) == []
    supervisor = make_member(study, "supervisor", role="supervisor")
    page = client_of(supervisor).get(f"/s/{study.slug}/results/comparison/").content.decode()
    assert "No comparison sample" in page or "Geen vergelijkingssteekproef" in page


def test_one_organisation_gets_the_exact_odds_ratio_of_its_table():
    made = Compared()
    for value, times in (("yes", 5), ("no", 2), ("no_request", 1)):
        for _ in range(times):
            made.find(too_much(value))
    for value, times in (("yes", 2), ("no", 4), ("no_org_reply", 2)):
        for _ in range(times):
            made.comparison(too_much(value))
    made.find(too_much(Missing.UNDETERMINED))
    made.comparison(None)
    result, found = made.result()
    table = ((5, 3), (2, 6))
    assert (result.finds, result.comparisons, result.is_matched, result.is_coded) == (9, 9, False, True)
    assert found.table == table
    exact = conditional_odds_ratio(table)
    assert found.odds_ratio.value == pytest.approx(exact.value)
    assert found.odds_ratio.interval == pytest.approx(exact.interval)
    assert found.test.p == pytest.approx(fisher_p(table))
    assert found.mantel_haenszel.value == pytest.approx(5 * 6 / (3 * 2))
    assert found.left_out == {"find": {"undetermined": 1}, "comparison": {"not_coded": 1}}
    assert found.p_holm == found.test.p


def test_organisations_are_compared_within_and_never_across():
    """Together the tables would show no difference at all; within each organisation there is one."""
    made = Compared()
    for name, finds, comparisons in (("A", (6, 2), (2, 2)), ("B", (1, 3), (1, 9))):
        for stratum, (exposed, unexposed) in ((made.find, finds), (made.comparison, comparisons)):
            for value in ["yes"] * exposed + ["no"] * unexposed:
                stratum(too_much(value), name)
    _result, found = made.result()
    tables = [((6, 2), (2, 2)), ((1, 3), (1, 9))]
    assert [(each.name, each.table) for each in found.organisations] == list(zip("AB", tables, strict=True))
    assert found.table == ((7, 5), (3, 11))
    assert found.mantel_haenszel == mantel_haenszel(tables).odds_ratio
    assert found.odds_ratio.value == pytest.approx(2.87, abs=0.2)
    assert found.odds_ratio.value < conditional_odds_ratio(found.table).value
    assert found.homogeneity.df == 1


def test_a_matched_sample_is_conditional_on_its_sets():
    made = Compared("matched", per_find=2)
    for of_find, of_comparisons, times in (
        ("yes", ["no"], 6),
        ("no", ["yes"], 2),
        ("yes", ["yes"], 3),
        ("no", ["no", "no"], 2),
    ):
        for _ in range(times):
            find = made.find(too_much(of_find))
            for value in of_comparisons:
                made.comparison(too_much(value), find=find)
    made.find(too_much("yes"))
    result, found = made.result()
    assert result.is_matched
    assert (found.sets, found.discordant) == (13, 8)
    assert found.odds_ratio.value == pytest.approx(3)
    assert found.test.p == pytest.approx(2 * (1 + 8 + 28) / 2**8)
    assert found.homogeneity.p is None
    shown = shown_sample(result)
    row = next(row for row in shown.rows if row.sets.startswith(("8", "8 ")))
    assert "13" in row.sets


def test_a_conversation_with_two_finds_is_one_case_with_the_comparisons_of_both():
    made = Compared("matched")
    conversation = made.coded(too_much("yes"), texts=("Bel 06-00000011", "Dank", "Of 06-00000012"))
    first, second = (made.unit(conversation, "yes", "Zwaluwlijn", message) for message in (0, 2))
    made.comparison(too_much("no"), find=first)
    made.comparison(too_much("no"), find=second)
    result, found = made.result()
    assert (result.finds, result.comparisons, found.sets) == (1, 2, 1)
    assert found.table == ((1, 0), (0, 2))


def test_finds_after_the_end_of_the_search_do_not_count():
    made = Compared()
    made.find(too_much("yes"))
    made.find(too_much("yes"))
    made.comparison(too_much("no"))
    ScreeningTrack.objects.update(stop_position=1)
    assert made.result()[0].finds == 1


def test_only_what_does_not_follow_from_sharing_is_an_exposure():
    study = make_study(codebook=(LIBRARY / "webcare_privacy.yaml").read_text(encoding="utf-8"))
    found = {each.key for each in exposures(lookup(study.codebook_version_id).spec)}
    assert {TOO_MUCH, "private_first", "dm_misunderstanding", "new_user", "question_scope"} <= found
    assert "channel_reason_phone_overloaded" in found
    assert "channel_reason_not_stated" not in found
    assert not {"preventable", "outcome", "satisfaction"} & found


def test_the_page_and_the_files_say_the_same_and_give_no_shares(client_of):
    made = Compared()
    for value in ["yes"] * 5:
        made.find(too_much(value) | {"channel_reason": frozenset({"phone_overloaded"})})
    for value in ["yes"] * 2 + ["no"] * 3:
        made.comparison(too_much(value) | {"channel_reason": frozenset({"no_reply_elsewhere"})})
    result, found = made.result()
    assert found.odds_ratio.value == inf
    rows = list(csv.DictReader(io.StringIO(as_csv([result]))))
    row = next(row for row in rows if row["exposure"] == TOO_MUCH and not row["organisation"])
    assert (row["finds_exposed"], row["finds"], row["comparisons_exposed"], row["comparisons"]) == tuple(
        "5525"
    )
    assert (row["odds_ratio"], row["odds_ratio_high"]) == ("", "")
    assert float(row["odds_ratio_low"]) == pytest.approx(found.odds_ratio.interval[0])
    written = as_json(result)["odds_ratios"]
    assert len(written) == len(rows)
    overloaded = next(each for each in written if each["exposure"] == "channel_reason_phone_overloaded")
    assert (overloaded["finds_exposed"], overloaded["comparisons_exposed"]) == (5, 0)
    supervisor = make_member(made.study, "supervisor", role="supervisor")
    client = client_of(supervisor)
    page = client.get(f"/s/{made.study.slug}/results/comparison/").content.decode()
    assert "5 / 5" in page
    assert "∞" in page
    assert "5,0 %" not in page
    address = reverse("comparison_results", args=[made.study.slug])
    screening = client.get(reverse("screening", args=[made.study.slug, made.screening.pk]))
    assert f'href="{address}"' in screening.content.decode()
    file = client.get(f"/s/{made.study.slug}/results/comparison/comparison.csv")
    assert file["Content-Type"].startswith("text/csv")
    assert TOO_MUCH in file.content.decode()


def test_an_odds_ratio_without_an_end_is_written_out_in_the_figure():
    made = Compared()
    for value in ["yes"] * 3 + ["no"]:
        made.find(too_much(value) | {"new_user": "yes"})
    for value in ["yes"] + ["no"] * 3:
        made.comparison(too_much(value) | {"new_user": "no"})
    with translation.override("en"):
        figure = shown_sample(made.result()[0]).figure
    points = dict(zip((row.split(":")[0] for row in figure.rows), figure.points, strict=True))
    assert any(point.value and point.count == "3 / 4 – 1 / 4" for point in points.values())
    assert any(point.value is None and "∞" in point.note for point in points.values())


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    made = Compared()
    for _ in range(3):
        made.find(too_much("yes"))
        made.comparison(too_much("no"))
    sample_results(made.study)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        sample_results(made.study)
    for _ in range(6):
        made.find(too_much("no"))
        made.comparison(too_much("yes"))
    with django_assert_num_queries(len(few)):
        sample_results(made.study)


def test_nothing_coded_says_so():
    made = Compared()
    made.find(None)
    made.comparison(None)
    result, found = made.result()
    assert not result.is_coded
    assert found.odds_ratio == Estimate(None, undefined=found.odds_ratio.undefined)
    assert shown_sample(result).figure is None


def test_no_table_counts_the_comparison_sample_beside_the_finds(client_of, capsys):
    made = Compared()
    for value in ["yes"] * 3:
        made.find(too_much(value))
    for value in ["no"] * 4:
        made.comparison(too_much(value))
    call_command("results", made.study.slug, "--cross", TOO_MUCH, "--json")
    (table,) = json.loads(capsys.readouterr().out)["tables"]
    assert [(row["row"], row["n"]) for row in table["rows"] if row["n"]] == [("yes", 3)]
    call_command("results", made.study.slug, "--table", f"variable_{TOO_MUCH}", "--json")
    (older,) = json.loads(capsys.readouterr().out)["tables"]
    assert {row["of"] for row in older["rows"]} == {3}
    supervisor = make_member(made.study, "supervisor", role="supervisor")
    page = client_of(supervisor).get(f"/s/{made.study.slug}/results/").content.decode()
    assert re.search(r"4 (gesprekken van de vergelijkingssteekproef|conversations of the comparison)", page)


def test_the_command_gives_odds_ratios(capsys):
    made = Compared()
    for value in ("yes", "yes", "no"):
        made.find(too_much(value))
        made.comparison(too_much("no"))
    made.comparison(too_much("yes"))
    call_command("results", made.study.slug, "--table", "comparison", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["tables"] == []
    (sample,) = told["comparisons"]
    row = next(row for row in sample["odds_ratios"] if row["exposure"] == TOO_MUCH)
    table = ((2, 1), (1, 3))
    assert row["odds_ratio"] == pytest.approx(conditional_odds_ratio(table).value)
    assert row["mantel_haenszel"] == pytest.approx(6)
    call_command("results", made.study.slug, "--table", "comparison", "--csv")
    assert next(csv.DictReader(io.StringIO(capsys.readouterr().out)))["finds"] == "3"
    call_command("results", made.study.slug, "--table", "comparison")
    assert "2 / 3 – 1 / 4" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command(
            "results", made.study.slug, "--table", "comparison", "--table", "removal_request", "--csv"
        )
