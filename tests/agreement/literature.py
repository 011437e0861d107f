"""Published data and the figures their authors printed, to compare with.

Each dataset is a list of units (rows) by coders (columns), as `reliability` takes it. `FIGURES` is the table:
where the figure was printed, the data, how it is asked for, and the figure with the digits of the source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from annotations.agreement import kappa, reliability, set_reliability, unitizing_reliability
from annotations.agreement.kappa import percent_agreements
from annotations.agreement.sample_size import krippendorff_units, lacy_riffe_units


def by_coder(*coders: str) -> list[tuple[str | None, ...]]:
    """Units from one text per coder, a code per character or word, "." or "*" for none."""
    rows = [coder.split() for coder in coders]
    return [tuple(None if code in ".*" else code for code in unit) for unit in zip(*rows, strict=True)]


def numbers(units: list[tuple[str | None, ...]]) -> list[tuple[int | None, ...]]:
    return [tuple(None if code is None else int(code) for code in unit) for unit in units]


def from_table(table: list[list[int]]) -> list[tuple[int, int]]:
    """Units of two coders from their confusion table."""
    return [
        (row, column) for row, cells in enumerate(table) for column, n in enumerate(cells) for _ in range(n)
    ]


def from_counts(counts: list[list[int]]) -> list[list[int]]:
    """Units from how many coders gave each category (which coder is not known, nor needed)."""
    return [[k for k, n in enumerate(unit) for _ in range(n)] for unit in counts]


# Krippendorff (2011), Computing Krippendorff's alpha-reliability: A, B, C and D.
TWO_OBSERVERS_BINARY = by_coder("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
TWO_OBSERVERS_NOMINAL = by_coder("a a b b d c c c e d d a", "b a b b b c c c e d d d")
FOUR_OBSERVERS = numbers(
    by_coder(
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    )
)
# Wikipedia, Krippendorff's alpha, "A computational example" (also the krippendorff package's documentation).
THREE_CODERS = numbers(
    by_coder(
        "* * * * * 3 4 1 2 1 1 3 3 * 3",
        "1 * 2 1 3 3 4 3 * * * * * * *",
        "* * 2 1 3 4 4 * 2 1 1 3 3 * 4",
    )
)
# Hayes & Krippendorff (2007), Communication Methods and Measures 1(1), table 1: 40 articles, 5 observers.
NEWS_TONE = numbers(
    by_coder(
        "1 1 2 . 0 0 1 1 2 2 . 0 1 3 1 1 2 1 1 0 0 0 2 0 1 0 0 1 1 1 1 2 2 3 2 2 2 2 2 1",
        "1 1 3 0 0 0 0 . 2 1 1 0 2 3 1 1 1 2 1 0 0 0 3 0 2 1 0 2 1 1 1 1 2 2 2 2 2 2 2 1",
        "2 0 3 0 0 0 2 2 2 1 0 0 2 2 1 1 2 3 0 0 1 . 3 0 . 1 0 1 2 2 0 2 . 2 2 3 2 . 2 1",
        ". 1 3 . . . . 0 . 1 0 0 2 2 . . . 3 1 . 1 0 3 0 2 1 1 2 2 . . 1 2 2 . . . 1 2 .",
        "2 . . 0 0 0 1 . 2 . . . . 3 1 1 2 . . 0 . 0 . . 2 . 0 . . 2 0 . 2 . 2 2 2 2 . 1",
    )
)
# Fleiss (1971), Psychological Bulletin 76(5): 30 patients, 6 psychiatrists; rows as R's irr orders them.
DIAGNOSES = numbers(
    by_coder(
        "4 2 2 5 2 1 3 1 1 5 1 1 2 1 2 3 1 1 2 1 5 2 2 1 1 2 1 2 1 5",
        "4 2 3 5 2 1 3 1 1 5 4 2 2 4 2 3 1 1 2 3 5 4 2 1 4 2 1 2 3 5",
        "4 2 3 5 2 3 3 3 4 5 4 4 2 4 4 3 1 1 4 3 5 4 4 4 4 2 1 4 3 5",
        "4 5 3 5 4 3 3 3 4 5 4 4 3 4 4 3 4 1 4 5 5 4 5 4 4 2 1 4 3 5",
        "4 5 3 5 4 3 5 3 4 5 4 4 3 4 4 3 5 1 4 5 5 4 5 4 4 2 5 4 3 5",
        "4 5 5 5 4 3 5 4 4 5 4 4 3 4 5 5 5 2 4 5 5 4 5 4 5 4 5 4 3 5",
    )
)
# Fleiss' kappa on Wikipedia: 10 subjects, 14 raters, 5 categories.
# fmt: off
FOURTEEN_RATERS = from_counts(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
# fmt: on
# Gwet (2014), Handbook of Inter-Rater Reliability; printed in the documentation of R's irrCAC.
# fmt: off
SIX_RATERS = from_counts(
    [
        [0, 0, 0, 6, 0],
        [0, 3, 0, 0, 3],
        [0, 1, 4, 0, 1],
        [0, 0, 0, 0, 6],
        [0, 3, 0, 3, 0],
        [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2],
        [2, 0, 3, 1, 0],
        [2, 0, 0, 4, 0],
        [0, 0, 0, 0, 6],
        [1, 0, 0, 5, 0],
        [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0],
        [1, 0, 0, 5, 0],
        [0, 2, 0, 3, 1],
    ]
)
# fmt: on
ABSTRACTORS = from_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
COHEN_1960 = from_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
GWET_2002 = from_table([[118, 5], [2, 0]])
ARTSTEIN_POESIO = from_table([[20, 20], [10, 50]])
# Feinstein & Cicchetti (1990), J. Clin. Epidemiol. 43(6): the two paradoxes.
BALANCED, SKEWED = from_table([[40, 9], [6, 45]]), from_table([[80, 10], [5, 5]])
SYMMETRIC, ASYMMETRIC = from_table([[45, 15], [25, 15]]), from_table([[25, 35], [5, 35]])
# Landis & Koch (1977), Biometrics 33: multiple sclerosis, patients from Winnipeg and New Orleans.
WINNIPEG = from_table([[38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10]])
NEW_ORLEANS = from_table([[5, 3, 0, 0], [3, 11, 4, 0], [2, 13, 3, 4], [1, 2, 4, 14]])
FLEISS_1981 = from_table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
SIM_WRIGHT = from_table([[22, 2], [4, 11]])
VIERA_GARRETT = from_table([[15, 5], [10, 70]])


def sets(*units: str) -> list[list[frozenset[str] | None]]:
    """Units of sets: one word per coder, its letters the categories; "." no code, "-" the empty set."""
    return [
        [None if word == "." else frozenset(word.replace("-", "")) for word in unit.split()] for unit in units
    ]


# Krippendorff & Craggs (2016), Communication Methods and Measures 10(4), tables 3, 8 and 9.
TABLE_3 = sets("bd d .", "abd b bd", "- a a", "a . .")
TABLE_8A, TABLE_8B, TABLE_8C = (
    sets("a a a", "abd abd abde", "d d d"),
    sets("a a a", "ab ab abd", "d d d"),
    sets("a a a", "b b bd", "d d d"),
)
TABLE_9A, TABLE_9B, TABLE_9C = (
    sets("a a a", "ab ad db", "d d d"),
    sets("a a a", "ab ed f", "d d d"),
    sets("a b ab", "ab ed f", "bd d be"),
)

# Krippendorff (2019), Content Analysis, figure 12.11: three observers, a continuum of 60.
THREE_UNITIZERS = [
    (
        60,
        {
            "Alex": [(0, 7, 1), (7, 13, 2), (30, 32, 5), (32, 37, 6), (37, 44, 6), (44, 60, 7)],
            "Paul": [(0, 7, 1), (7, 13, 3), (13, 21, 5), (32, 44, 6)],
            "Suzan": [(0, 7, 1), (7, 13, 4), (13, 21, 5), (32, 37, 6), (37, 41, 6), (41, 44, 6)],
        },
    )
]


@dataclass(frozen=True)
class Figure:
    """A published figure. within: how far off the last printed digit may be (0.5 where it is rounded)."""

    source: str
    what: str
    published: float
    places: int
    compute: Callable[[], Any]
    within: float = 0.5

    def __str__(self) -> str:
        return f"{self.source}: {self.what}"


def of(
    source: str, units: Any, places: int, *, q: Any = None, level: str = "nominal", **published: float
) -> list[Figure]:
    """Figures of one dataset by the name of the field."""

    def field(name: str) -> Callable[[], Any]:
        def compute() -> Any:
            result = reliability(units, bootstrap=0, level=level, categories=q)
            return result.cohen_kappa["1|2"] if name == "cohen" else getattr(result, name)

        return compute

    return [
        Figure(source, f"{name} ({level})", value, places, field(name)) for name, value in published.items()
    ]


# Shrout & Fleiss (1979), Psychological Bulletin 86, table 2: six targets, four judges.
SHROUT_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]

# Bland & Altman (1986), Lancet 327: first peak flow with the large and with the mini meter, 17 people.
PEAK_FLOW = list(zip(
    (494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427),
    (512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451),
    strict=True,
))  # fmt: skip

# Agresti (2002), Categorical Data Analysis, table 10.8: carcinoma by pathologists A (rows) and B.
CARCINOMA = [
    (a, b)
    for a, row in enumerate([(22, 2, 2, 0), (5, 7, 14, 0), (0, 2, 36, 0), (0, 1, 17, 10)])
    for b, times in enumerate(row)
    for _ in range(times)
]


def pair_figure(units: Any, name: str, level: str) -> Callable[[], Any]:
    return lambda: getattr(reliability(units, level=level, bootstrap=0).pairs[0], name)


def binary_fleiss(k: int) -> Callable[[], Any]:
    return lambda: reliability([[code == k for code in unit] for unit in DIAGNOSES], bootstrap=0).fleiss_kappa


def with_single(name: str) -> Callable[[], Any]:
    """Gwet's own figures rest on all units with a code, also those that one coder coded."""

    def compute() -> Any:
        data = reliability(FOUR_OBSERVERS, bootstrap=0).data
        shares = kappa.category_shares(data, with_single=True)
        return getattr(kappa, name)(kappa.percent_agreement(data), shares)

    return compute


def mv(units: Any) -> Callable[[], Any]:
    return lambda: set_reliability(units, bootstrap=0).extra["mv_alpha"]


def spans(name: str) -> Callable[[], Any]:
    return lambda: getattr(unitizing_reliability(THREE_UNITIZERS), name)


def span_type(k: int) -> Callable[[], Any]:
    return lambda: unitizing_reliability(THREE_UNITIZERS).categories[k - 1].ku_alpha


def kappa_of(a: int, b: int) -> Callable[[], Any]:
    return lambda: reliability(DIAGNOSES, bootstrap=0).cohen_kappa[f"{a}|{b}"]


def positive(units: Any, k: int) -> Callable[[], Any]:
    return lambda: reliability(units, bootstrap=0).categories[k].positive_agreement


# fmt: off
FIGURES: list[Figure] = [
    *of("Krippendorff 2011, A", TWO_OBSERVERS_BINARY, 3, alpha=0.095),
    *of("Krippendorff 2011, A", TWO_OBSERVERS_BINARY, 2, percent_agreement=0.60),
    *of("Krippendorff 2011, B", TWO_OBSERVERS_NOMINAL, 3, alpha=0.692),
    *of("Krippendorff 2011, C", FOUR_OBSERVERS, 3, alpha=0.743),
    *of("Krippendorff 2011, D", FOUR_OBSERVERS, 3, level="ordinal", alpha=0.815),
    *of("Krippendorff 2011, D", FOUR_OBSERVERS, 3, level="interval", alpha=0.849),
    *of("Krippendorff 2011, D", FOUR_OBSERVERS, 3, level="ratio", alpha=0.797),
    *of("Wikipedia, Krippendorff's alpha", THREE_CODERS, 3, alpha=0.691),
    *of("Wikipedia, Krippendorff's alpha", THREE_CODERS, 3, level="interval", alpha=0.811),
    *of("krippendorff package, docstring", THREE_CODERS, 6, alpha=0.691358),
    *of("krippendorff package, docstring", THREE_CODERS, 6, level="interval", alpha=0.810845),
    *of("Hayes & Krippendorff 2007", NEWS_TONE, 4, level="ordinal", alpha=0.7598),
    *of("Hayes & Krippendorff 2007", NEWS_TONE, 3, alpha=0.477),
    *of("Hayes & Krippendorff 2007", NEWS_TONE, 3, level="interval", alpha=0.757),
    *of("Shrout & Fleiss 1979, ICC(2,1)", SHROUT_FLEISS, 2, level="interval", icc=0.29),
    Figure("Bland & Altman 1986", "mean difference", -2.1, 1,
           pair_figure(PEAK_FLOW, "mean_difference", "interval")),
    *of("Bland & Altman 1986", PEAK_FLOW, 1, level="interval", sd_differences=38.8),
    *of("Agresti 2002, table 10.8", CARCINOMA, 3, cohen=0.493),
    *of("Agresti 2002, weights 1 - (a - b)²/9", CARCINOMA, 2, level="ordinal", weighted_kappa=0.78),
    *(Figure("Gwet 2014, irrCAC raw4raters, with the unit coded once", name, value, 5, with_single(name))
      for name, value in (("gwet_ac1", 0.77544), ("fleiss_kappa", 0.76117))),
    *of("Gwet 2014, irrCAC raw4raters", FOUR_OBSERVERS, 5, brennan_prediger=0.77273, alpha=0.74342),
    *of("Gwet 2014, irrCAC raw4raters", FOUR_OBSERVERS, 7, percent_agreement=0.8181818),
    *of("Four observers, mean over coder pairs", FOUR_OBSERVERS, 3, holsti=0.778),
    *(Figure("Four observers, five percent agreements", name, value, 3,
             lambda name=name: percent_agreements(reliability(FOUR_OBSERVERS, bootstrap=0).data)[name])
      for name, value in (("units", 0.818), ("values", 0.800), ("pairs", 0.782), ("coder_pairs", 0.778),
                          ("unanimous", 0.727))),
    *of("Gwet 2014, irrCAC distrib.6raters", SIX_RATERS, 7, gwet_ac1=0.4448007, fleiss_kappa=0.4139265),
    *of("Gwet 2014, irrCAC distrib.6raters", SIX_RATERS, 7, alpha=0.4204384, brennan_prediger=0.4388889),
    *of("Gwet 2014, irrCAC distrib.6raters", SIX_RATERS, 7, percent_agreement=0.5511111),
    *of("Gwet 2014, irrCAC abstractors", ABSTRACTORS, 7, cohen=0.7964094, fleiss_kappa=0.7962397),
    *of("Gwet 2014, irrCAC abstractors", ABSTRACTORS, 7, gwet_ac1=0.8493305, alpha=0.7972585),
    *of("Gwet 2014, irrCAC abstractors", ABSTRACTORS, 3, brennan_prediger=0.835, percent_agreement=0.890),
    *of("Gwet 2002, high agreement", GWET_2002, 4, gwet_ac1=0.9408, cohen=-0.0234),
    *of("Gwet 2002, high agreement", GWET_2002, 3, percent_agreement=0.944),
    *of("Cohen 1960, table 1", COHEN_1960, 3, cohen=0.492),
    *of("Cohen 1960, table 1", COHEN_1960, 2, percent_agreement=0.70),
    *of("Fleiss 1971", DIAGNOSES, 3, fleiss_kappa=0.430),
    *of("R irr, kappam.light(diagnoses)", DIAGNOSES, 3, light_kappa=0.459),
    *(Figure("R irr, kappam.fleiss(detail)", f"category {k}", value, 3, binary_fleiss(k))
      for k, value in enumerate((0.245, 0.245, 0.520, 0.471, 0.566), start=1)),
    *(Figure("R irr, kappa2(diagnoses)", f"Cohen, raters {a} and {b}", value, 3, kappa_of(a, b))
      for a, b, value in ((1, 2, 0.651), (1, 3, 0.384), (2, 3, 0.631))),
    *of("Wikipedia, Fleiss' kappa", FOURTEEN_RATERS, 3, fleiss_kappa=0.210, percent_agreement=0.378),
    *of("Randolph's online calculator", from_counts([[7, 1], [3, 5]]), 6, fleiss_kappa=0.161905),
    *of("Randolph's online calculator", from_counts([[7, 1], [3, 5]]), 6, brennan_prediger=0.214286),
    *of("Randolph's online calculator", from_counts([[7, 1], [3, 5]]), 6, percent_agreement=0.607143),
    *of("Feinstein & Cicchetti 1990, balanced", BALANCED, 2, cohen=0.70, percent_agreement=0.85),
    *of("Feinstein & Cicchetti 1990, skewed", SKEWED, 2, cohen=0.32, percent_agreement=0.85),
    *of("Feinstein & Cicchetti 1990, symmetric", SYMMETRIC, 2, cohen=0.13, percent_agreement=0.60),
    *of("Feinstein & Cicchetti 1990, asymmetric", ASYMMETRIC, 2, cohen=0.26, percent_agreement=0.60),
    *of("Byrt, Bishop & Carlin 1993, PABAK", SKEWED, 2, brennan_prediger=0.70),
    *of("Byrt, Bishop & Carlin 1993, PABAK", BALANCED, 2, brennan_prediger=0.70),
    Figure("Cicchetti & Feinstein 1990, p_pos", "skewed", 0.91, 2, positive(SKEWED, 0)),
    Figure("Cicchetti & Feinstein 1990, p_neg", "skewed", 0.40, 2, positive(SKEWED, 1)),
    *of("Wikipedia, Cohen's kappa", from_table([[20, 5], [10, 15]]), 1, cohen=0.4),
    *of("Wikipedia, Cohen's kappa", SYMMETRIC, 4, cohen=0.1304),
    *of("Wikipedia, Cohen's kappa", ASYMMETRIC, 4, cohen=0.2593),
    *of("Artstein & Poesio 2008", ARTSTEIN_POESIO, 3, fleiss_kappa=0.341, cohen=0.348),
    *of("Artstein & Poesio 2008", ARTSTEIN_POESIO, 2, percent_agreement=0.70, brennan_prediger=0.40),
    *of("Landis & Koch 1977, Winnipeg", WINNIPEG, 3, cohen=0.208),
    *of("Landis & Koch 1977, New Orleans", NEW_ORLEANS, 3, cohen=0.297),
    *of("Fleiss 1981, diagnoses on 100 subjects", FLEISS_1981, 3, cohen=0.676),
    *of("Sim & Wright 2005", SIM_WRIGHT, 2, cohen=0.67, brennan_prediger=0.69),
    *of("Viera & Garrett 2005", VIERA_GARRETT, 2, cohen=0.57, percent_agreement=0.85),
    *of("Brennan & Prediger 1981, 1/q by declared q", SKEWED, 3, q=[0, 1, 2], brennan_prediger=0.775),
    Figure("Krippendorff & Craggs 2016, table 3", "mv-alpha", 0.2866, 4, mv(TABLE_3)),
    Figure("Krippendorff & Craggs 2016, table 8", "mv-alpha, a", 0.947, 3, mv(TABLE_8A)),
    Figure("Krippendorff & Craggs 2016, table 8", "mv-alpha, b", 0.923, 3, mv(TABLE_8B)),
    Figure("Krippendorff & Craggs 2016, table 8", "mv-alpha, c", 0.895, 3, mv(TABLE_8C)),
    Figure("Krippendorff & Craggs 2016, table 9", "mv-alpha, a", 0.716, 3, mv(TABLE_9A)),
    Figure("Krippendorff & Craggs 2016, table 9", "mv-alpha, b", 0.554, 3, mv(TABLE_9B)),
    Figure("Krippendorff & Craggs 2016, table 9", "mv-alpha, c", -0.002, 3, mv(TABLE_9C)),
    Figure("Krippendorff 2019, figure 12.11", "uα", 0.510, 3, spans("alpha")),
    # Computed with coincidences rounded for print; the exact figure is .4136.
    Figure("Krippendorff 2019, figure 12.11", "|uα", 0.413, 3, spans("binary_alpha"), within=1),
    Figure("Krippendorff 2019, figure 12.11", "cuα", 0.724, 3, spans("cu_alpha")),
    *(Figure("Krippendorff 2019, figure 12.11", f"({k})uα", value, 3, span_type(k))
      for k, value in ((1, 1.0), (2, 0.0), (3, 0.0), (4, 0.0), (5, 1.0), (6, 1.0))),
    Figure("Krippendorff 2019 (Bloch & Kraemer)", "units, α ≥ .800, p = .25", 139, 0,
           lambda: krippendorff_units(0.8, 0.25)),
    Figure("Krippendorff 2019 (Bloch & Kraemer)", "units, α ≥ .667, p = .25", 81, 0,
           lambda: krippendorff_units(0.667, 0.25)),
    *(Figure("Lacy & Riffe 1996", f"units of {size}", units, 0, lambda n=size: lacy_riffe_units(n))
      for size, units in ((100, 60), (250, 92), (500, 112), (1000, 126), (10000, 141))),
]
# fmt: on
