"""Bernal, Cummins & Gasparrini 2017, Int J Epidemiol 46:348: acute coronary events in Sicily around the smoking ban."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.research.designs_data import BIAS, COVERAGE, REPLICATIONS, SIX_DIGITS, covered
from zaitaku_demand.research.designs.interrupted_time_series import (
    SegmentedFit,
    contrast,
    counterfactual,
    rate_line,
    segmented_poisson,
)
from zaitaku_demand.research.designs.segmented import Design, segmented_design

# sicily.csv of the paper's own repository (2017_lopezbernal_IJE_codedata): admissions by month, January 2002 to November 2006 …
EVENTS = np.array(
    [
        "728",
        "659",
        "791",
        "734",
        "757",
        "726",
        "760",
        "740",
        "720",
        "814",
        "795",
        "858",
        "887",
        "766",
        "851",
        "769",
        "781",
        "756",
        "766",
        "752",
        "765",
        "831",
        "879",
        "928",
        "914",
        "808",
        "937",
        "840",
        "916",
        "828",
        "845",
        "818",
        "860",
        "839",
        "887",
        "886",
        "831",
        "796",
        "833",
        "820",
        "877",
        "758",
        "767",
        "738",
        "781",
        "843",
        "850",
        "908",
        "1021",
        "859",
        "976",
        "888",
        "962",
        "838",
        "810",
        "876",
        "843",
        "936",
        "912",
    ],
    dtype=float,
)
# … and the age-standardised population.
POPULATION = np.array(
    [
        "379875.3",
        "376495.5",
        "377040.8",
        "377116.4",
        "377383.4",
        "374113.1",
        "379513.3",
        "376295.5",
        "374653.2",
        "378485.6",
        "375955.5",
        "378349.7",
        "376762.4",
        "379032.3",
        "379360.4",
        "376162",
        "377972.4",
        "381830.7",
        "379888.6",
        "380872.2",
        "380966.9",
        "381240.4",
        "382104.9",
        "381802.7",
        "381656.3",
        "383680",
        "383504.2",
        "386462.9",
        "383783.1",
        "380836.8",
        "383483",
        "380906.2",
        "382926.8",
        "384052.4",
        "384449.6",
        "383428.4",
        "388153.2",
        "388373.2",
        "386470.1",
        "386033.2",
        "383686.4",
        "385509.3",
        "385901.9",
        "386516.6",
        "388436.5",
        "383255.2",
        "390148.7",
        "385874.9",
        "391613.6",
        "391750.4",
        "394005.6",
        "391364.9",
        "391664.6",
        "389022.3",
        "391878.5",
        "388575.3",
        "392989",
        "390018.8",
        "390712.3",
    ],
    dtype=float,
)
TIME = np.arange(1, 60)
BAN = ("ban", 37.0)
THREE_DECIMALS = 0.0011
SEVEN_DIGITS = 5e-7


def ratio(fit: SegmentedFit, design: Design, name: str = "level:ban") -> list[float]:
    weight = np.eye(len(design.names))[design.names.index(name)]
    found = contrast(fit, weight, normal=True)
    return [float(np.exp(part)) for part in found[:3]]


def test_published_step_without_season() -> None:
    design = segmented_design(TIME, [BAN], slope_changes=False)
    found = ratio(segmented_poisson(EVENTS, POPULATION, design, overdispersion=False), design)
    assert found == pytest.approx([0.894, 0.864, 0.925], abs=THREE_DECIMALS)  # paper, step 4


def test_published_step_with_season() -> None:
    design = segmented_design(TIME, [BAN], slope_changes=False, season=(TIME - 1) % 12 + 1, harmonics=2)
    fit = segmented_poisson(EVENTS, POPULATION, design)
    assert ratio(fit, design) == pytest.approx([0.885, 0.839, 0.933], abs=THREE_DECIMALS)  # paper, step 5
    # Summary of model 3 of the paper's R code, as printed in public copies of it: sin 1, sin 2 follow cos in another order.
    season = {
        "season:sin1": (0.0370967, 0.0100241),
        "season:sin2": (-0.0182122, 0.0096435),
        "season:cos1": (0.0381608, 0.0096848),
        "season:cos2": (0.0147634, 0.0097221),
    }
    for name, (estimate, error) in season.items():
        at = design.names.index(name)
        assert float(fit.coefficient[at]) == pytest.approx(estimate, abs=SEVEN_DIGITS), name
        assert float(np.sqrt(fit.covariance[at, at])) == pytest.approx(error, abs=SEVEN_DIGITS), name


def test_slope_change_adds_nothing() -> None:
    """Additional material of the paper: the change in slope is not significant."""
    design = segmented_design(TIME, [BAN], season=(TIME - 1) % 12 + 1, harmonics=2)
    fit = segmented_poisson(EVENTS, POPULATION, design)
    weight = np.eye(len(design.names))[design.names.index("slope:ban")]
    assert float(contrast(fit, weight).p_value) > 0.3


def test_counterfactual_is_the_trend_without_the_step() -> None:
    design = segmented_design(TIME, [BAN], slope_changes=False)
    fit = segmented_poisson(EVENTS, POPULATION, design)
    fitted, lower, upper = rate_line(fit, design.matrix)
    without, _, _ = rate_line(fit, counterfactual(design))
    assert without[:36] == pytest.approx(fitted[:36])
    assert fitted[36:] / without[36:] == pytest.approx(np.full(23, ratio(fit, design)[0]))
    assert ((lower < fitted) & (fitted < upper)).all()
    # Poisson likelihood with a constant: fitted and observed counts add up to the same.
    assert (fitted * POPULATION).sum() == pytest.approx(EVENTS.sum())


def test_same_as_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    design = segmented_design(TIME, [BAN], season=(TIME - 1) % 12 + 1, harmonics=2, phase_in=3)
    fit = segmented_poisson(EVENTS, POPULATION, design)
    kept = design.used
    model = sm.GLM(
        EVENTS[kept], design.matrix[kept], family=sm.families.Poisson(), offset=np.log(POPULATION[kept])
    ).fit(scale="X2")
    assert fit.coefficient == pytest.approx(model.params, rel=SIX_DIGITS)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(model.bse, rel=SIX_DIGITS)
    assert float(fit.dispersion) == pytest.approx(model.scale, rel=SIX_DIGITS)
    assert np.isnan(fit.residual[36:39]).all()
    assert np.isfinite(fit.residual[kept]).all()


def test_months_left_out_do_not_matter() -> None:
    design = segmented_design(TIME, [BAN], phase_in=2)
    other = EVENTS.copy()
    other[36:38] = 5000.0
    fits = [segmented_poisson(each, POPULATION, design).coefficient for each in (EVENTS, other)]
    assert fits[0] == pytest.approx(fits[1], rel=1e-12)


@settings(max_examples=20)
@given(st.floats(0.01, 100), st.floats(0.5, 4))
def test_contract(exposure: float, factor: float) -> None:
    """Another unit of exposure moves the constant only; several series at once are fitted as each alone."""
    design = segmented_design(TIME, [BAN], harmonics=1)
    plain = segmented_poisson(EVENTS, POPULATION, design)
    scaled = segmented_poisson(EVENTS, POPULATION * exposure, design)
    assert scaled.coefficient[1:] == pytest.approx(plain.coefficient[1:], abs=1e-7)
    both = segmented_poisson(np.stack([EVENTS, EVENTS * factor]), POPULATION, design)
    assert both.coefficient[0] == pytest.approx(plain.coefficient, abs=1e-7)
    assert both.coefficient[1, 1:] == pytest.approx(plain.coefficient[1:], abs=1e-7)
    assert both.covariance[1] == pytest.approx(plain.covariance, rel=1e-5, abs=1e-12)


@pytest.mark.long
@pytest.mark.parametrize("spread", [1.0, 8.0])
def test_simulated_level_and_slope(spread: float) -> None:
    """Counts with variance `spread` × mean (gamma-Poisson)."""
    generator = np.random.default_rng(77)
    design = segmented_design(TIME, [BAN], season=(TIME - 1) % 12 + 1, harmonics=1)
    names = design.names
    true = np.zeros(len(names))
    for name, value in {
        "constant": np.log(600.0),
        "trend": 0.004,
        "level:ban": -0.2,
        "slope:ban": 0.01,
    }.items():
        true[names.index(name)] = value
    true[names.index("season:sin1")] = 0.05
    mean = np.exp(design.matrix @ true)
    shape = (REPLICATIONS, len(TIME))
    rate = mean if spread == 1 else generator.gamma(mean / (spread - 1), spread - 1, shape)
    fit = segmented_poisson(generator.poisson(rate, shape), 1.0, design)
    for name in ("level:ban", "slope:ban"):
        at = names.index(name)
        found = contrast(fit, np.eye(len(names))[at])
        assert abs(found.estimate.mean() / true[at] - 1) < BIAS * (1 if spread == 1 else 2)
        assert COVERAGE[0] <= covered(found.lower, found.upper, true[at]) <= COVERAGE[1]
