"""The report of a study: how its data came about, how far coders agree, what was found, what limits that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webcare_coding import __version__

from ..agreement.wording import apa
from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..errors import BadInput
from ..finals.of_study import counted_rounds
from ..models import AgreementReport, Coding, ComparisonSample, Round, Screening, Study
from ..questions.seen import counted
from ..reliability.data import ReportScope
from ..reliability.figures import alphas_figure, disagreement_figure
from ..reliability.methods import paragraphs
from ..reliability.rounds import round_for_report
from ..reliability.shown import rows_of
from ..reliability.stored import report_for
from ..results.collect import report_tables
from ..results.figures import Figures
from ..results.kept import figures_of
from ..results.methods import tables_in_words
from ..results.table import Table
from .document import Bullets, Document, Grid, Paragraph, Part, Picture, Section, with_one_sign
from .flow import flow_of
from .in_tables import has_withheld, section_of
from .limitations import Design, alphas_of, limitations


@dataclass(frozen=True)
class _Agreement:
    """The round that agreement is reported of, with its figures; `is_done`: they are worked out."""

    round: Round | None
    result: list[dict[str, Any]]
    is_done: bool


def study_report(study: Study, language: str) -> Document:
    """The whole report in Dutch or English, from figures that are kept."""
    with translation.override(language):
        agreement = _agreement_of(study)
        figures = figures_of(study)
        tables = report_tables(figures, study, language) if figures.pk else []
        tables = [table for table in tables if not table.is_empty]
        sections = [
            Section(_("Flow"), (Picture(flow_of(study, language), has_table=False),)),
            Section(_("Method"), (*_methods(agreement, language), *_tables(study, figures, language))),
            Section(_("Reliability"), _reliability(agreement, language)),
            Section(_("Results"), _results_note(tables, is_old=figures.is_old or not figures.pk)),
            *(section_of(table, language) for table in tables),
            Section(
                _("Limitations"), (Bullets(tuple(limitations(_design(study, agreement, tables, language)))),)
            ),
        ]
        day = date_format(timezone.localdate(), "DATE_FORMAT")
        return Document(
            study.name,
            _("Report of %(day)s · codebook %(version)s")
            % {"day": day, "version": study.codebook_version.version},
            language,
            tuple(with_one_sign(section, language) for section in sections),
            is_waiting=not figures.pk or not agreement.is_done,
        )


def _agreement_of(study: Study) -> _Agreement:
    try:
        round_ = round_for_report(study, None)
    except BadInput:
        return _Agreement(None, [], True)
    report = report_for(round_, ReportScope())
    done = report.state == AgreementReport.State.DONE
    return _Agreement(round_, list(report.result) if done else [], done)


def _methods(agreement: _Agreement, language: str) -> tuple[Part, ...]:
    if agreement.round is None:
        return (Paragraph(_("Nothing was coded yet.")),)
    if not agreement.is_done:
        return (
            Paragraph(_("The figures of agreement are being worked out. Open this page again in a minute.")),
        )
    said = paragraphs(agreement.round, ReportScope(), agreement.result, __version__)[language]
    parts = [Paragraph(text) for text in said.split("\n") if text.strip()]
    asked = counted(agreement.round.study_id)
    if asked.all:
        words = ngettext(
            "While coding, coders asked %(n)d question; %(rules)d became a rule for everybody, %(open)d "
            "still wait for an answer.",
            "While coding, coders asked %(n)d questions; %(rules)d became a rule for everybody, %(open)d "
            "still wait for an answer.",
            asked.all,
        )
        numbers = {"n": asked.all, "rules": asked.rules, "open": asked.open}
        parts.insert(1, Paragraph(words % numbers))
    return tuple(parts)


def _tables(study: Study, figures: Figures, language: str) -> tuple[Part, ...]:
    said = tables_in_words(study, figures.frame.fields, language) if figures.pk else ""
    return (Paragraph(said),) if said else ()


def _reliability(agreement: _Agreement, language: str) -> tuple[Part, ...]:
    if agreement.round is None or not agreement.result:
        return (Paragraph(_("There are no conversations yet that two coders have finished.")),)
    variables = lookup(agreement.round.codebook_version_id).spec.by_key
    rows = rows_of(agreement.result, variables, language)
    header = (
        _("Variable"),
        _("Units with two or more codes"),
        _("Percent agreement"),
        "α",
        _("95 percent interval"),
        _("Verdict"),
    )
    grid = Grid(
        _("Agreement per variable"),
        header,
        tuple(
            (
                row.label,
                number_format(row.figures["pairable_units"], 0, force_grouping=True),
                row.percent,
                apa(row.alpha),
                row.interval,
                row.verdict,
            )
            for row in rows
        ),
    )
    parts: list[Part] = [grid, Picture(alphas_figure(agreement.result, variables, language))]
    differ = disagreement_figure(agreement.result, variables, language)
    if differ is not None:
        parts.append(Picture(differ, has_table=False))
    return tuple(parts)


def _results_note(tables: list[Table], *, is_old: bool) -> tuple[Part, ...]:
    if not tables and not is_old:
        return (Paragraph(_("The tables appear as soon as a coder has finished a conversation.")),)
    parts: list[Part] = [
        Paragraph(
            _(
                "From final values: settled, or the same from every coder, or from the one coder. "
                "Intervals are of "
                "95 percent."
            )
        )
    ]
    if is_old:
        parts.append(Paragraph(_("The tables are being worked out anew. Open this page again in a minute.")))
    return tuple(parts)


def _design(study: Study, agreement: _Agreement, tables: list[Table], language: str) -> Design:
    counted = counted_rounds(study)
    codings = Coding.objects.filter(assignment__round__in=counted)
    finished = codings.filter(state=Coding.State.FINISHED)
    by_conversation = (
        finished.order_by()
        .values("assignment__conversation_id")
        .annotate(coders=Count("assignment__coder_id", distinct=True))
    )
    coders = list(by_conversation.values_list("coders", flat=True))
    screenings = Screening.objects.filter(study=study, round__isnull=False)
    labels = {}
    if agreement.round is not None:
        spec = lookup(agreement.round.codebook_version_id).spec
        labels = {variable.key: in_language(variable.label, language) for variable in spec.variables}
    return Design(
        selects_on_sharing=screenings.exists(),
        has_comparison=ComparisonSample.objects.filter(screening__study=study).exists(),
        organisations=list(study.organisations.values_list("name", flat=True)),
        conversations=len(coders),
        single=sum(1 for count in coders if count == 1),
        unresolved=max((table.left_out.get("unresolved", 0) for table in tables), default=0),
        unfinished=codings.filter(state=Coding.State.OPEN, assignment__released_at=None).count(),
        withheld=has_withheld(tables),
        design_effect=max((table.design_effect or 1.0 for table in tables), default=1.0),
        agreement=alphas_of(agreement.result, labels),
    )
