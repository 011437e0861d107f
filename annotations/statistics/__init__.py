"""PURE: the figures of a content analysis, a module per family, each with its source.

Everything takes counts or numbers and gives plain records. What is undefined is None with a reason
(`Undefined`), never an exception. Intervals are of 95 percent. docs/statistics.md lists every function.
"""

from .clusters import DesignEffect, cluster_bootstrap, clustered_share, design_effect, rao_scott
from .conditional import conditional_odds_ratio, exact_odds_ratio
from .differences import Comparison, cohens_h, newcombe, wald
from .estimates import Estimate, Interval, Significance, Undefined
from .families import holm
from .matched import MatchedOddsRatio, MatchedSet, matched_odds_ratio
from .power import (
    cases_for_odds_ratio,
    power_two_shares,
    screens_until_found,
    units_for_precision,
    units_for_two_shares,
)
from .proportions import Proportion, clopper_pearson, wilson
from .ranks import kruskal_wallis, mann_whitney, spearman
from .ratios import odds_ratio, odds_ratio_interval, risk_ratio
from .searching import Elusion, TwoStep, elusion, inverse_sampling, share_found, two_step
from .stratified import MantelHaenszel, breslow_day, mantel_haenszel
from .summaries import Summary, summary
from .survival import SurvivalCurve, kaplan_meier, log_rank
from .tables import (
    Association,
    MonteCarlo,
    adjusted_residuals,
    association,
    boschloo_p,
    chi_square,
    cramers_v,
    expected_counts,
    fisher_p,
    freeman_halton,
    likelihood_ratio,
)
from .trend import cochran_armitage

__all__ = [
    "Association",
    "Comparison",
    "DesignEffect",
    "Elusion",
    "Estimate",
    "Interval",
    "MantelHaenszel",
    "MatchedOddsRatio",
    "MatchedSet",
    "MonteCarlo",
    "Proportion",
    "Significance",
    "Summary",
    "SurvivalCurve",
    "TwoStep",
    "Undefined",
    "adjusted_residuals",
    "association",
    "boschloo_p",
    "breslow_day",
    "cases_for_odds_ratio",
    "chi_square",
    "clopper_pearson",
    "cluster_bootstrap",
    "clustered_share",
    "cochran_armitage",
    "cohens_h",
    "conditional_odds_ratio",
    "cramers_v",
    "design_effect",
    "elusion",
    "exact_odds_ratio",
    "expected_counts",
    "fisher_p",
    "freeman_halton",
    "holm",
    "inverse_sampling",
    "kaplan_meier",
    "kruskal_wallis",
    "likelihood_ratio",
    "log_rank",
    "mann_whitney",
    "mantel_haenszel",
    "matched_odds_ratio",
    "newcombe",
    "odds_ratio",
    "odds_ratio_interval",
    "power_two_shares",
    "rao_scott",
    "risk_ratio",
    "screens_until_found",
    "share_found",
    "spearman",
    "summary",
    "two_step",
    "units_for_precision",
    "units_for_two_shares",
    "wald",
    "wilson",
]
