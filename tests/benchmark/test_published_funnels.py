"""Funnel limits: PHEindicatormethods (proportions of 303 units) and FunnelPlotR (Poisson limits, overdispersion)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmark.published import PRINTED_6, SIX_DIGITS, published
from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.funnel import (
    funnel,
    inverted_ratio_limits,
    inverted_ratio_status,
    proportion_limits,
    ratio_limits,
)
from zaitaku_demand.benchmark.overdispersion import (
    RATIO_LOGARITHM,
    RATIO_SQUARE_ROOT,
    overdispersed_limits,
    overdispersion,
    scale_and_error,
    truncate,
    winsorise,
)

OBSERVED = np.array([100, 150, 180, 80, 120, 225.0])
EXPECTED = np.array([108, 112, 165, 95, 100, 220.0])
STATUS = {
    "High (0.001)": "high_998",
    "High (0.025)": "high_95",
    "Low (0.001)": "low_998",
    "Low (0.025)": "low_95",
    "Not significant": "inside",
}


def test_proportion_flags_of_303_units() -> None:
    units = published("phe_funnel_proportion_input")
    found = funnel(units, kind="proportion", numerator="numerator", denominator="denominator", treatment=None)
    # PHEindicatormethods, testdata_funnel_prop_flags
    assert found["funnel_status"].tolist() == units["significance"].map(STATUS).tolist()
    assert len(found) == 303


@pytest.mark.parametrize(
    ("confidence", "lower", "upper"),
    [(0.95, "Lower2s0025limit", "Upper2s0025limit"), (0.998, "Lower3s0001limit", "Upper3s0001limit")],
)
def test_proportion_limits(confidence: float, lower: str, upper: str) -> None:
    units = published("phe_funnel_proportion_input")
    printed = published("phe_funnel_proportion_expected")
    target = units["numerator"].sum() / units["denominator"].sum()
    found = proportion_limits(target, printed["Population"], confidence)
    assert 100 * target == pytest.approx(printed["Baseline"][0], abs=PRINTED_6)
    for ours, theirs in zip(found, (lower, upper), strict=True):
        # PHEindicatormethods, testdata_funnel_prop_limits, printed to six decimals
        np.testing.assert_allclose(100 * ours, printed[theirs], rtol=0, atol=2 * PRINTED_6)


def test_poisson_limits_against_expected() -> None:
    # FunnelPlotR, test of the Poisson limits: expected, 95 % and 99.8 % limits, seven digits.
    printed = np.array(
        [
            [15, 0.5596924, 1.649348, 0.386265, 2.082907],
            [20, 0.610826, 1.544419, 0.4479107, 1.902094],
            [30, 0.6746958, 1.427562, 0.5289724, 1.702771],
        ]
    )
    found = np.column_stack([*ratio_limits(printed[:, 0], 0.95), *ratio_limits(printed[:, 0], 0.998)])
    np.testing.assert_allclose(found, printed[:, 1:], rtol=SIX_DIGITS)


def test_shmi_overdispersion() -> None:
    deviation, error = scale_and_error(RATIO_LOGARITHM, OBSERVED, EXPECTED, np.array(1.0))
    table = published("funnelplotr_overdispersion")
    np.testing.assert_allclose(deviation / error, table["z_shmi_log"], rtol=FLOAT)
    kept = truncate(deviation / error)
    assert (~np.isnan(kept)).tolist() == table["kept_shmi_10pct_truncation"].tolist()
    found = overdispersion(deviation / error, error, treatment="truncated")
    assert found.phi == pytest.approx(2.948033, abs=PRINTED_6)  # FunnelPlotR, test of phi (SHMI)
    assert found.tau2 == pytest.approx(0.01947753057802157, rel=FLOAT)  # recomputed from the formula


def test_cqc_overdispersion() -> None:
    deviation, error = scale_and_error(RATIO_SQUARE_ROOT, OBSERVED, EXPECTED, np.array(1.0))
    table = published("funnelplotr_overdispersion")
    np.testing.assert_allclose(deviation / error, table["z_cqc_sqrt"], rtol=FLOAT)
    np.testing.assert_allclose(winsorise(deviation / error), table["z_cqc_winsorised_10pct"], rtol=FLOAT)
    found = overdispersion(deviation / error, error, treatment="winsorised")
    assert found.phi == pytest.approx(2.327178257594118, rel=FLOAT)  # recomputed (Spiegelhalter 2005)
    assert found.tau2 == pytest.approx(0.0034397801541862704, rel=FLOAT)  # recomputed (Spiegelhalter 2005)


def test_overdispersed_limits_are_transformed_back() -> None:
    expected, tau2 = np.array([20.0, 100.0, 1000.0]), 0.0034397801541862704
    lower, upper = overdispersed_limits(RATIO_SQUARE_ROOT, expected, 1.0, tau2)
    z = 1.959963984540054
    root = z * np.sqrt(1 / (4 * expected) + tau2)
    np.testing.assert_allclose(lower, (1 - root) ** 2, rtol=FLOAT)  # Spiegelhalter 2005, inverse of the root
    np.testing.assert_allclose(upper, (1 + root) ** 2, rtol=FLOAT)
    # 1 -+ root, without the square, is what an R package draws: half as wide.
    assert (upper - lower > 1.9 * (2 * root)).all()


def test_inverted_form() -> None:
    observed = np.arange(0.0, 200.0)
    expected_low, ratio_low, expected_high, ratio_high = inverted_ratio_limits(observed)
    # At the expected number of a limit the interval of the count just reaches it.
    from zaitaku_demand.benchmark.intervals import poisson_exact_limits

    lower, upper = poisson_exact_limits(observed)
    np.testing.assert_allclose(expected_low, upper, rtol=FLOAT)
    np.testing.assert_allclose(expected_high[1:], lower[1:], rtol=FLOAT)
    assert (ratio_low < 1).all() and (ratio_high[1:] > 1).all() and np.isnan(ratio_high[0])
    # The two forms are different curves; beyond 100 expected events they come together.
    large = expected_low > 100
    np.testing.assert_allclose(ratio_low[large], ratio_limits(expected_low[large])[0], rtol=0.02)
    status = inverted_ratio_status([3, 12, 20, 29, 60, np.nan, 5], [20, 21, 20, 19, 20, 20, 0.0])
    assert status.tolist() == ["low_998", "low_95", "inside", "high_95", "high_998", "", "high_998"]
