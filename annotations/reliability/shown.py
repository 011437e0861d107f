"""A report as it is shown: words, APA figures and places on the axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy

from ..agreement import Notice, Reliability, drilldown, reason
from ..agreement.wording import apa, percent
from ..codebooks.language import in_language
from ..codebooks.schema import VariableSpec
from .drill import Cell, units_in
from .report import VariableAgreement

AXIS_LOW, AXIS_HIGH = -0.2, 1.0
MOST_IN_A_MATRIX = 25
VERDICTS = {
    "reliable": gettext_lazy("reliable"),
    "tentative": gettext_lazy("tentative"),
    "unreliable": gettext_lazy("not reliable"),
    "undefined": gettext_lazy("not defined"),
}
WARNINGS = {
    "constant": gettext_lazy("constant"),
    "rare_category": gettext_lazy("rare category"),
    "prevalence_paradox": gettext_lazy("prevalence paradox"),
    "few_units": gettext_lazy("few units"),
    "undefined_resamples": gettext_lazy("resamples without variation"),
    "idle_coder": gettext_lazy("idle coder"),
}
NOTES = {
    "constant": gettext_lazy("constant: every code is the same, and agreement cannot be told from chance."),
    "rare_category": gettext_lazy(
        "rare category: one holds less than 5 % of the codes; a few disagreements decide its alpha."
    ),
    "prevalence_paradox": gettext_lazy(
        "prevalence paradox: high agreement with a low alpha, because one category holds most codes."
    ),
    "few_units": gettext_lazy(
        "few units: fewer than it takes to rule out an alpha below .667 at the share of the rarest category."
    ),
    "undefined_resamples": gettext_lazy(
        "resamples without variation: they are left out of the interval, which is then too narrow."
    ),
    "idle_coder": gettext_lazy("idle coder: a coder of this round coded no unit of this variable."),
}
"""What each warning means, said once below the table."""
CHIPS = {"reliable": "good", "tentative": "warn", "unreliable": "bad"}


def place(value: float) -> str:
    """Where a coefficient stands on the common axis, in percent of its width."""
    inside = min(max(value, AXIS_LOW), AXIS_HIGH)
    return f"{100 * (inside - AXIS_LOW) / (AXIS_HIGH - AXIS_LOW):.2f}%"


def line(values: Sequence[float | None]) -> str:
    """Points of a polyline through the values, 24 wide apart, 1 at the top (y 4) and -.2 at y 40."""
    steps = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(steps) < 2:
        return ""
    drawn = ((i, min(max(value, AXIS_LOW), AXIS_HIGH)) for i, value in steps)
    return " ".join(f"{6 + 24 * i},{4 + 30 * (AXIS_HIGH - value):.1f}" for i, value in drawn)


@dataclass(frozen=True)
class Row:
    """A variable in the table."""

    key: str
    label: str
    module: str
    figures: dict[str, Any]
    language: str
    variable: VariableSpec
    footnotes: Mapping[str, int]
    """Kind of warning -> the number of its footnote."""

    def _named(self, key: str) -> str:
        """A category, or a set of them as the engine writes it, by its label."""
        inside = key[1:-1].split(", ") if key.startswith("{") else [key]
        labels = [category_label(self.variable, each, self.language) for each in inside if each]
        return " + ".join(labels) or "∅"

    @property
    def alpha(self) -> float | None:
        return self.figures["alpha"]

    @property
    def chip(self) -> str:
        return CHIPS.get(self.figures["verdict"], "")

    @property
    def verdict(self) -> str:
        return str(VERDICTS[self.figures["verdict"]])

    @property
    def undefined(self) -> str:
        key = self.figures["undefined_key"]
        return reason(key, self.language) if key else ""

    @property
    def warnings(self) -> list[str]:
        notices = []
        for each in self.figures["warnings"]:
            values = {name: value for name, value in each.items() if name not in ("key", "text")}
            if "categories" in values:
                shares = values["categories"].items()
                values["categories"] = {self._named(key): share for key, share in shares}
            if "category" in values:
                values["category"] = self._named(values["category"])
            notices.append(Notice(each["key"], values).text(self.language))
        return notices

    @property
    def short_warnings(self) -> list[tuple[int, str]]:
        """Number of the footnote and a word or two; the figures stand in the opened row."""
        keys = dict.fromkeys(each["key"] for each in self.figures["warnings"])
        return sorted((self.footnotes[key], str(WARNINGS[key])) for key in keys)

    @property
    def percent(self) -> str:
        return percent(self.figures["percent_agreement"])

    @property
    def apa(self) -> dict[str, str]:
        names = ("alpha", "holsti", "p_alpha_below_667", "p_alpha_below_800", "binary_alpha")
        return {name: apa(self.figures.get(name)) for name in names}

    @property
    def beside(self) -> tuple[str, str]:
        """The coefficient beside alpha that fits the scale, and its name."""
        for key, name in BESIDE:
            if self.figures.get(key) is not None:
                return apa(self.figures[key]), str(name)
        return "–", ""

    @property
    def interval(self) -> str:
        ends = self.figures["alpha_ci"]
        return f"[{apa(ends[0])}, {apa(ends[1])}]" if ends else "–"

    @property
    def drawn(self) -> dict[str, str] | None:
        if self.alpha is None:
            return None
        low, high = self.figures["alpha_ci"] or (self.alpha, self.alpha)
        return {"dot": place(self.alpha), "low": place(low), "high": place(high)}


def footnotes_of(rows: Sequence[Row]) -> list[tuple[int, str]]:
    """Number and sentence of each kind of warning that a row of the table has."""
    found = {number: key for row in rows for key, number in row.footnotes.items()}
    used = {number for row in rows for number, _words in row.short_warnings}
    return [(number, str(NOTES[found[number]])) for number in sorted(used)]


def rows_of(result: Sequence[dict[str, Any]], variables: dict[str, VariableSpec], language: str) -> list[Row]:
    warned = {each["key"] for figures in result for each in figures["warnings"]}
    footnotes = {key: number for number, key in enumerate((key for key in NOTES if key in warned), 1)}
    rows = []
    for figures in result:
        variable = variables[figures["key"]]
        label = in_language(variable.label, language)
        rows.append(Row(variable.key, label, variable.module, figures, language, variable, footnotes))
    return rows


def sorted_rows(rows: list[Row], order: str) -> list[Row]:
    """By alpha from low to high or high to low (undefined last), or as in the codebook."""
    if order not in ("low", "high"):
        return rows
    sign = 1 if order == "low" else -1
    return sorted(rows, key=lambda row: (row.alpha is None, sign * (row.alpha or 0)))


BESIDE = (("gwet_ac1", "AC1"), ("weighted_kappa", gettext_lazy("weighted κ")), ("icc", "ICC(2,1)"))
FIGURES = (
    ("holsti", "Holsti", gettext_lazy("mean over coder pairs of the share of shared units they agree on")),
    (
        "gwet_ac1",
        "Gwet's AC1",
        gettext_lazy("chance from the declared categories; beside alpha, not instead"),
    ),
    ("fleiss_kappa", "Fleiss' κ", gettext_lazy("chance from how often each category was given")),
    ("brennan_prediger", "Brennan–Prediger", gettext_lazy("chance is one over the declared categories")),
    ("light_kappa", "Light's κ", gettext_lazy("mean of Cohen's kappa over coder pairs")),
    (
        "weighted_kappa",
        gettext_lazy("weighted κ"),
        gettext_lazy("mean over coder pairs of Cohen's kappa with quadratic weights"),
    ),
    ("icc", "ICC(2,1)", gettext_lazy("absolute agreement of single coders, two-way random effects")),
    ("p_alpha_below_667", "P(α < .667)", gettext_lazy("share of the resamples with an alpha below .667")),
    ("jaccard_alpha", "α (Jaccard)", gettext_lazy("alpha with the Jaccard distance between sets")),
    ("mv_alpha", "mv-α", gettext_lazy("alpha for sets of Krippendorff and Craggs")),
    ("cu_alpha", "cu-α", gettext_lazy("the types only, where two coders both marked something")),
    ("f1_exact", "F1", gettext_lazy("fragments with the same boundaries and type, mean over coder pairs")),
    ("f1_overlap", "F1", gettext_lazy("fragments of the same type that overlap, mean over coder pairs")),
)


def figures_of(row: Row) -> list[tuple[str, str, str]]:
    """The other coefficients that are defined for this variable: name, figure, definition."""
    found = [(str(name), _with_interval(row.figures, key), str(about)) for key, name, about in FIGURES]
    if (spread := row.figures.get("sd_differences")) is not None:
        about = gettext("standard deviation of the differences between two coders, pairs taken together")
        found.append((gettext("SD of differences"), number_format(spread, 2), about))
    missing = row.figures["missing"] or {}
    if missing:
        counts = " · ".join(f"{code}: {count}" for code, count in missing.items())
        about = gettext("codes left out: not applicable, cannot be determined, not coded")
        found.append((gettext("Missing codes"), counts, about))
    return [each for each in found if each[1] != "–"]


def _with_interval(figures: dict[str, Any], key: str) -> str:
    written = apa(figures.get(key))
    ends = figures.get(f"{key}_ci")
    return f"{written} [{apa(ends[0])}, {apa(ends[1])}]" if ends else written


MatrixCell = tuple[str, str, bool, int]
"""What is written, the query that opens its units, whether it lies on the diagonal, how many units."""


@dataclass(frozen=True)
class Matrix:
    """Category by category."""

    coders: tuple[str, ...]
    heads: list[str]
    rows: list[tuple[str, list[MatrixCell]]]


def matrices(item: VariableAgreement, language: str) -> list[Matrix]:
    """Coincidences first, then confusion per coder pair.

    Nothing for sets, numbers and texts, nor for more than 25 categories.
    """
    data = item.result.data if isinstance(item.result, Reliability) else None
    small = data is not None and data.n_categories <= MOST_IN_A_MATRIX
    if data is None or not small or item.variable.of_kind.column != "category":
        return []
    found = [_matrix(item, drilldown.coincidence_matrix(data), Cell("coincidence"), language)]
    for pair in item.result.pairs:
        one, other = pair.coders
        counts = drilldown.confusion_matrix(data, one, other)
        found.append(_matrix(item, counts, Cell("confusion", one, other), language))
    return found


def _matrix(item: VariableAgreement, counts: Any, cell: Cell, language: str) -> Matrix:
    assert isinstance(item.result, Reliability)
    assert item.result.data is not None
    domain = item.result.data.domain
    labels = [category_label(item.variable, key, language) for key in domain]
    rows = []
    for i, row in enumerate(domain):
        cells = []
        for j, column in enumerate(domain):
            value = float(counts[i, j])
            own = replace(cell, row=row, column=column)
            query = own.query() if value else ""
            units = len(units_in(item, own)) if value else 0
            cells.append((_count(value) if value else "", query, i == j, units))
        rows.append((labels[i], cells))
    return Matrix((cell.one, cell.other) if cell.one else (), labels, rows)


def _count(value: float) -> str:
    """Coincidences may be fractions; they are counts, so they follow the language."""
    return number_format(round(value, 1), 0 if round(value, 1).is_integer() else 1)


def category_label(variable: VariableSpec, key: Any, language: str) -> str:
    category = variable.by_key.get(key)
    return in_language(category.label, language) if category else str(key)
