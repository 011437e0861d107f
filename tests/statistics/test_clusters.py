"""Units that hang together, against published figures."""

import numpy as np
import pytest

from annotations.statistics import (
    Estimate,
    Proportion,
    Undefined,
    cluster_bootstrap,
    clustered_share,
    design_effect,
    newcombe,
    rao_scott,
    wald,
    wilson,
)

# Weil (1970), in Rao & Scott (1992), Biometrics 48, table 1: rat pups alive after 21 days, by litter.
CONTROL = (
    [13, 12, 9, 9, 8, 8, 12, 11, 9, 9, 8, 11, 4, 5, 7, 7],
    [13, 12, 9, 9, 8, 8, 13, 12, 10, 10, 9, 13, 5, 7, 10, 10],
)
TREATED = (
    [12, 11, 10, 9, 10, 9, 9, 8, 8, 4, 7, 4, 5, 3, 3, 0],
    [12, 11, 10, 9, 11, 10, 10, 9, 9, 5, 9, 7, 10, 6, 10, 7],
)


def share_of(sums):
    return sums[:, 0] / sums[:, 1]


def test_litters_have_the_published_design_effect():
    control, treated = design_effect(*CONTROL), design_effect(*TREATED)
    assert (round(control.value, 6), round(treated.value, 6)) == (1.232495, 3.952861)
    assert (control.clusters, control.units, treated.units) == (16, 158, 145)
    assert treated.effective == pytest.approx(145 / 3.952861, rel=1e-6)


def test_a_share_over_litters_has_the_interval_of_its_effective_units():
    found = clustered_share(*TREATED)
    effective = 145 / design_effect(*TREATED).value
    assert found.value == pytest.approx(112 / 145)
    assert found.interval == pytest.approx(wilson(112 / 145 * effective, effective))
    assert found.interval[1] - found.interval[0] > 1.8 * (wilson(112, 145)[1] - wilson(112, 145)[0])


def test_clusters_of_one_are_loose_units():
    found = design_effect([1, 0, 1, 1], [1, 1, 1, 1])
    assert found.value == pytest.approx(4 / 3)
    # Spread more evenly than chance would: never narrower than loose units.
    even = design_effect([1, 1, 1], [2, 2, 2])
    assert (even.value, even.effective) == (0, 6)
    assert clustered_share([1, 1, 1], [2, 2, 2]).interval == wilson(3, 6)


def test_what_has_no_design_effect_says_why():
    assert design_effect([], []).undefined == design_effect([0], [0]).undefined == Undefined.NO_UNITS
    nothing = design_effect([], [])
    assert (nothing.clusters, nothing.units, nothing.value, nothing.effective) == (0, 0, None, None)
    one = design_effect([1, 0], [3, 0])
    assert (one.value, one.clusters, one.units, one.effective) == (None, 1, 3, None)
    assert one.undefined == Undefined.TOO_FEW
    assert design_effect([0, 0], [3, 2]).undefined == Undefined.ONE_VALUE
    assert design_effect([3, 2], [3, 2]).undefined == Undefined.ONE_VALUE
    assert clustered_share([0], [0]) == Estimate(None, undefined=Undefined.NO_UNITS)
    assert clustered_share([0, 0], [3, 2]).interval == wilson(0, 5)


def test_the_difference_of_2019_with_messages_that_hang_together():
    tax, telecom = Proportion(16, 50), Proportion(10, 50)

    def percent(interval):
        return [round(100 * bound, 1) for bound in interval]

    assert percent(wald(tax, telecom, design_effect=1.5)) == [-8.9, 32.9]
    assert percent(wald(tax, telecom, design_effect=2)) == [-12.1, 36.1]
    assert newcombe(tax, telecom, design_effect=2) == newcombe(Proportion(8, 25), Proportion(5, 25))
    assert wald(Proportion(0, 0), telecom) is wald(tax, Proportion(0, 0)) is None


def test_the_bootstrap_is_seeded_and_near_the_interval_of_effective_units():
    totals = np.array(TREATED).T
    found = cluster_bootstrap(totals, share_of)
    assert found == cluster_bootstrap(totals, share_of, seed=1)
    assert found.interval != cluster_bootstrap(totals, share_of, seed=2).interval
    assert found.value == pytest.approx(112 / 145)
    assert found.interval == pytest.approx(clustered_share(*TREATED).interval, abs=0.06)
    many = cluster_bootstrap(totals, share_of, draws=20_000)
    assert found.interval == pytest.approx(many.interval, abs=0.02)


def test_the_bootstrap_draws_whole_clusters_as_many_as_there_are():
    sizes = []

    def noting(sums):
        sizes.append(sums)
        return sums[:, 0]

    found = cluster_bootstrap([[1, 3], [1, 3], [0, 5]], noting, draws=50)
    assert found.value == 2
    drawn = sizes[1]
    assert drawn.shape == (50, 2)
    # One of the first two adds (1, 3), the last (0, 5): three clusters in every draw.
    assert {tuple(row) for row in drawn} <= {(3, 9), (2, 11), (1, 13), (0, 15)}
    assert len({tuple(row) for row in drawn}) > 2


def test_a_bootstrap_that_cannot_be_says_why():
    assert cluster_bootstrap([], share_of).undefined == Undefined.NO_UNITS
    assert cluster_bootstrap([[0, 0], [0, 0]], share_of).undefined == Undefined.ONE_VALUE
    assert cluster_bootstrap([[1, 2]], share_of) == Estimate(0.5, undefined=Undefined.TOO_FEW)
    # In more than a tenth of the draws only clusters without units come up.
    assert cluster_bootstrap([[1, 2], [0, 0]], share_of) == Estimate(0.5, undefined=Undefined.TOO_FEW)
    assert cluster_bootstrap([[1, 2]] * 9 + [[0, 0]], share_of).interval is not None


def test_chi_square_of_clustered_units_is_divided_by_the_design_effect() -> None:
    # R: pchisq(8.4 / 1.5, 2, lower.tail = FALSE)
    assert rao_scott(8.4, 2, 1.5) == (pytest.approx(5.6), pytest.approx(0.06081006))
    assert rao_scott(8.4, 2, 0.5) == rao_scott(8.4, 2, 1.0)
