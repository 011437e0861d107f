"""Each ready-made report, filled: every table says something of a study in which all of it is asked."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.results.collect import ready_table
from annotations.results.kept import figures_now
from annotations.results.reports import reports_of
from tests.factories import make_member
from tests.results.five_texts import make_five_texts

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEEDS_MORE = {"study_2019.bsn"}
"""Tables of what does not occur in so small a study."""


def test_every_table_of_every_report_is_filled(settings, tmp_path):
    settings.FIGURE_DIR = tmp_path
    study = make_five_texts()
    figures = figures_now(study)
    reports = reports_of(study, figures.frame)
    assert [report.key for report in reports] == ["study_2019", "proactive", "leak", "pressure", "escalation"]
    empty = {
        f"{report.key}.{ready.key}"
        for report in reports
        for ready in report.tables
        if ready_table(figures, study, report, ready, "nl").is_empty
    }
    assert empty <= NEEDS_MORE
    client = Client()
    client.force_login(make_member(study, "sofie", "supervisor"))
    for report in reports:
        page = client.get(reverse("results", args=["five"]), {"report": report.key, "part": "all"})
        said = page.content.decode()
        assert str(report.title) in said
        assert said.count("<table") >= len(report.tables) - len(NEEDS_MORE)
    leaks = client.get(reverse("results_cases", args=["five", "leak"])).content.decode()
    assert leaks.count('class="card case"') == 12
    outcries = client.get(reverse("results_cases", args=["five", "escalation"])).content.decode()
    assert outcries.count('class="card case"') == 12
