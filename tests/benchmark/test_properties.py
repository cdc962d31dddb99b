"""Zero, unknown, suppressed, one unit, all units equal: through every function without exception or warning."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.control_chart import control_chart
from zaitaku_demand.benchmark.funnel import STATUSES, funnel, funnel_limits
from zaitaku_demand.benchmark.inequality import cumulative_midpoints, inequality
from zaitaku_demand.benchmark.intervals import (
    byar_breslow_day_limits,
    poisson_exact_limits,
    poisson_limits,
    ratio_of_counts_limits,
)
from zaitaku_demand.benchmark.multiple_tests import benjamini_hochberg, normal_p_value, poisson_p_value
from zaitaku_demand.benchmark.overdispersion import consistency_factor, dersimonian_laird, overdispersion
from zaitaku_demand.benchmark.quantiles import quantile_groups
from zaitaku_demand.benchmark.ranks import cube_root_normal, point_ranks, rank_intervals
from zaitaku_demand.benchmark.rates import (
    compare_with_reference,
    crude_rate,
    mean,
    proportion,
    ratio_of_counts,
)
from zaitaku_demand.benchmark.shrinkage import (
    gamma_parameters,
    gamma_poisson,
    james_stein,
    marshall_local,
    marshall_prior,
    maximum_likelihood_prior,
    normal_normal,
)
from zaitaku_demand.benchmark.standard_population import model_population_2015, standard_weights
from zaitaku_demand.benchmark.standardise import (
    FAY_FEUER,
    directly_standardised_rate,
    fay_feuer_limits,
    indirectly_standardised_ratio,
    standardised_rate,
)
from zaitaku_demand.benchmark.trend import change_from_base, recent_trend
from zaitaku_demand.errors import InputError

pytestmark = pytest.mark.filterwarnings("error")

SETS = {
    "mixed": ([0, 5, np.nan, 40, 7, 12], [10, 100, 100, 0, np.nan, 100]),
    "nothing": ([0, 0, 0], [10, 10, 10]),
    "equal": ([10, 10, 10, 10], [100, 100, 100, 100]),
    "one": ([7], [50]),
    "one nothing": ([0], [50]),
    "suppressed": ([np.nan, np.nan], [50, 60]),
    "nobody": ([0, 0], [0, 0]),
    "fractions": ([0.4, 9.99, 10.01, 33.3], [50, 60, 70, 80]),
}
RESULTS = ["value", "lower", "upper", "confidence", "method", "numerator", "denominator", "expected"]


@pytest.mark.parametrize("name", list(SETS))
@pytest.mark.parametrize(
    "function",
    [crude_rate, proportion, ratio_of_counts, indirectly_standardised_ratio],
    ids=lambda f: f.__name__,
)
def test_tables(name: str, function) -> None:
    events, persons = (np.array(part, float) for part in SETS[name])
    roles = (
        ("observed", "expected")
        if function is indirectly_standardised_ratio
        else ("numerator", "denominator")
    )
    data = pd.DataFrame({"code": range(len(events)), "e": events, "p": persons})
    found = function(data, **dict(zip(roles, "ep", strict=True)))
    assert found.columns.tolist() == ["code", "e", "p", *RESULTS]
    assert data.columns.tolist() == ["code", "e", "p"]
    known = ~np.isnan(events) & (persons > 0)
    assert (found["value"].notna() == known).all()
    assert ((found["method"] == "") == ~known).all()
    inside = found[known & (events <= persons)]
    assert (inside["lower"] <= inside["value"] * (1 + FLOAT)).all()
    assert (inside["value"] <= inside["upper"] * (1 + FLOAT)).all()
    none = found[known & (events == 0)]
    assert (none["lower"] == 0).all()
    assert np.isfinite(none["upper"]).all() and (none["upper"] > 0).all()
    assert found.loc[~known, ["lower", "upper"]].isna().all(axis=None)
    from_arrays = function(**dict(zip(roles, (events, persons), strict=True)))
    pd.testing.assert_frame_equal(from_arrays[RESULTS], found[RESULTS])


@pytest.mark.parametrize("name", list(SETS))
@pytest.mark.parametrize("kind", ["proportion", "ratio", "rate"])
@pytest.mark.parametrize("treatment", [None, "none", "winsorised", "truncated"])
def test_funnels(name: str, kind: str, treatment: str | None) -> None:
    events, persons = (np.array(part, float) for part in SETS[name])
    found = funnel(kind=kind, numerator=events, denominator=persons, treatment=treatment)
    assert set(found["funnel_status"]) <= {*STATUSES, ""}
    unknown = np.isnan(events) | ~(persons > 0)
    assert (found["funnel_status"][unknown] == "").all()
    assert (found["tau2"] >= 0).all()
    drawn = found.dropna(subset=["lower", "upper"])
    assert (drawn["lower_998"] <= drawn["lower"]).all() and (drawn["upper"] <= drawn["upper_998"]).all()
    if name == "equal" and kind != "ratio":
        assert (found["funnel_status"] == "inside").all()


@pytest.mark.parametrize("name", list(SETS))
def test_shrinkage_ranks_and_trends(name: str) -> None:
    events, persons = (np.array(part, float) for part in SETS[name])
    known = ~np.isnan(events) & (persons > 0)
    shrunk = gamma_poisson(events, persons)
    assert (~np.isnan(shrunk.value) == known).all()
    assert (shrunk.lower[known] <= shrunk.value[known]).all()
    assert (shrunk.value[known] <= shrunk.upper[known]).all() and np.isfinite(shrunk.upper[known]).all()
    gamma_poisson(events, persons, maximum_likelihood_prior(events, persons))
    normal_normal(events, persons)
    james_stein(events, 1.0)
    neighbours = [[at for at in (unit - 1, unit + 1) if 0 <= at < len(events)] for unit in range(len(events))]
    marshall_local(events, persons, neighbours)
    centre, error = cube_root_normal(*gamma_parameters(shrunk, persons))
    ranks = rank_intervals(shrunk.value, centre, error, draws=50)
    ranked = ~np.isnan(ranks.rank)
    assert (ranks.lower[ranked] <= ranks.upper[ranked]).all()
    assert np.isnan(ranks.lower[~ranked]).all()
    quantile_groups(events, 2)
    benjamini_hochberg(poisson_p_value(events, persons))
    normal_p_value(events)
    control_chart(events)
    inequality(events, persons, persons)
    recent_trend(events, events - 1, events + 1)
    change_from_base(events, events - 1, events + 1)
    mean(values=events)


def test_nothing_anywhere_has_an_upper_limit() -> None:
    shrunk = gamma_poisson([0, 0, 0], [10, 20, 30])
    assert shrunk.value.tolist() == [0, 0, 0]
    # No event among 60 expected: the exact upper limit of 0 events over 60.
    assert shrunk.upper == pytest.approx(np.full(3, poisson_exact_limits(0)[1] / 60), rel=FLOAT)


@given(
    arrays(np.float64, 12, elements=st.floats(0, 500)), arrays(np.float64, 12, elements=st.floats(0.5, 500))
)
def test_shrunken_lies_between_raw_and_mean(events: np.ndarray, expected: np.ndarray) -> None:
    shrunk = gamma_poisson(events, expected)
    raw = events / expected
    assert (shrunk.value >= np.minimum(raw, shrunk.mean)).all()
    assert (shrunk.value <= np.maximum(raw, shrunk.mean)).all()
    assert marshall_prior(events, expected).variance >= 0
    values = normal_normal(raw, expected)
    assert (values.value >= np.minimum(raw, values.mean)).all()
    assert (values.value <= np.maximum(raw, values.mean)).all()
    for treatment in ("none", "winsorised", "truncated"):
        assert overdispersion(raw, expected, treatment=treatment).tau2 >= 0
    assert dersimonian_laird(raw, expected)[2] >= 0


@given(st.floats(0, 1e6), st.sampled_from([0.9, 0.95, 0.998]))
def test_exact_limits_turn_the_tail_probability_round(events: float, confidence: float) -> None:
    lower, upper = poisson_exact_limits(events, confidence)
    assert lower <= events <= upper
    # At its own limit a count is just at the edge.
    assert poisson_p_value(events, upper) == pytest.approx(1 - confidence, rel=1e-6)
    if events > 0 and lower > 0:
        assert poisson_p_value(events, lower) == pytest.approx(1 - confidence, rel=1e-6)
    if events >= 10:
        byar = byar_breslow_day_limits(events, confidence)
        np.testing.assert_allclose(byar, (lower, upper), rtol=0.01 if confidence < 0.99 else 0.03)


@given(st.integers(0, 300), st.integers(0, 300))
def test_ratio_of_counts_is_symmetric(above: int, below: int) -> None:
    if above + below == 0:
        return
    for method in ("exact", "score"):
        lower, upper = ratio_of_counts_limits(above, below, method=method)
        other_lower, other_upper = ratio_of_counts_limits(below, above, method=method)
        with np.errstate(divide="ignore"):
            assert 1 / np.float64(other_upper) == pytest.approx(float(lower), rel=1e-6, abs=1e-12)
            assert 1 / np.float64(other_lower) == pytest.approx(float(upper), rel=1e-6)


def test_events_that_come_together_widen_the_interval() -> None:
    single = crude_rate(numerator=[1200.0], denominator=[5000.0])
    monthly = crude_rate(numerator=[1200.0], denominator=[5000.0], event_size=12.0)
    assert monthly["value"][0] == single["value"][0]
    lower, upper = poisson_limits(100.0)
    assert monthly["lower"][0] == pytest.approx(12 * lower / 5000, rel=FLOAT)
    assert monthly["upper"][0] == pytest.approx(12 * upper / 5000, rel=FLOAT)


def test_fay_feuer_of_one_stratum_is_the_exact_poisson_interval() -> None:
    # Fay & Feuer 1997: with equal weights the limits are those of the Poisson count.
    events = np.array([[0.0], [3], [25]])
    parts = standardised_rate(events, np.full((3, 1), 100.0), np.ones((3, 1)))
    found = fay_feuer_limits(parts.rate, parts.variance, parts.largest_weight)
    np.testing.assert_allclose(np.array(found) * 100, poisson_exact_limits(events[:, 0]), rtol=FLOAT)


@pytest.mark.parametrize("method", ["dobson", FAY_FEUER])
def test_direct_standardisation_of_an_area_without_events(method: str) -> None:
    # A spatial library fails here.
    data = pd.DataFrame({"events": 0.0, "people": [100.0, 200, 300], "standard": [3.0, 2, 1]})
    arguments = {"events": "events", "population": "people", "standard": "standard", "method": method}
    shown = directly_standardised_rate(data, **arguments, fewest_events=0).iloc[0]
    assert (shown["value"], shown["lower"]) == (0, 0)
    assert 0 < shown["upper"] < np.inf
    hidden = directly_standardised_rate(data, **arguments).iloc[0]
    assert np.isnan(hidden["value"]) and hidden["method"] == "suppressed_below_10"


def test_the_reference_is_not_compared_with_itself() -> None:
    table = crude_rate(
        pd.DataFrame(
            {"area": ["00", "01", "02", "03"], "x": [300.0, 50, 200, 50], "n": [1000.0, 333, 333, 334]}
        ),
        numerator="x",
        denominator="n",
    )
    is_nation = table["area"] == "00"
    compared = compare_with_reference(table, reference=is_nation)
    assert compared["comparison"].tolist() == ["", "lower", "higher", "lower"]
    with pytest.raises(InputError) as error:
        compare_with_reference(table, reference=[False] * 4)
    assert "0 rows" in error.value.sentence("en")
    made = funnel(table, kind="rate", numerator="x", denominator="n", reference=is_nation, treatment=None)
    assert made["funnel_status"][0] == ""
    assert made["target"][0] == pytest.approx(300 / 1000, rel=FLOAT)
    # The nation's row has no weight, whatever it holds.
    other = funnel_limits("rate", [9e9, 50, 200, 50], [1.0, 333, 333, 334], reference=is_nation)
    assert other.target == pytest.approx(0.3, rel=FLOAT)


def test_consistent_overdispersion_of_normal_figures_is_one() -> None:
    z = np.random.default_rng(1).standard_normal(200_000)
    for treatment in ("none", "winsorised", "truncated"):
        plain = overdispersion(z, 1.0, treatment=treatment).phi
        assert plain == pytest.approx(consistency_factor(treatment), abs=0.01)
        assert overdispersion(z, 1.0, treatment=treatment, consistent=True).phi == pytest.approx(1, abs=0.02)


def test_maximum_likelihood_finds_the_prior() -> None:
    rng = np.random.default_rng(2)
    expected = rng.uniform(5, 200, 3000)
    events = rng.poisson(expected * rng.gamma(25, 1.1 / 25, 3000))
    found = maximum_likelihood_prior(events, expected)
    assert found.mean == pytest.approx(1.1, rel=0.02)
    assert found.variance == pytest.approx(1.1**2 / 25, rel=0.1)
    assert maximum_likelihood_prior(np.full(5, 10.0), np.full(5, 10.0)).variance < 1e-3


def test_credible_limits_hold_the_true_ratios() -> None:
    rng = np.random.default_rng(3)
    true = rng.gamma(25, 1 / 25, (200, 47))
    expected = rng.uniform(5, 100, (200, 47))
    shrunk = gamma_poisson(rng.poisson(true * expected), expected)
    share = ((shrunk.lower <= true) & (true <= shrunk.upper)).mean()
    assert 0.90 < share < 0.97


def test_local_shrinkage_of_one_neighbourhood_is_global() -> None:
    events, persons = np.array([3.0, 9, 30, 12]), np.array([100.0, 200, 300, 150])
    everyone = [[0, 1, 2, 3]] * 4
    value, around = marshall_local(events, persons, everyone)
    np.testing.assert_allclose(value, gamma_poisson(events, persons).value, rtol=FLOAT)
    np.testing.assert_allclose(around, 54 / 750, rtol=FLOAT)
    alone, _ = marshall_local(events, persons, [[], [], [], []])
    np.testing.assert_allclose(alone, events / persons, rtol=FLOAT)


def test_ranks() -> None:
    values = np.array([3.0, 1, np.nan, 3, 2])
    assert point_ranks(values)[[0, 1, 3, 4]].tolist() == [1, 4, 1, 3]
    assert point_ranks(values, better="less")[[0, 1, 3, 4]].tolist() == [3, 1, 3, 2]
    sure = rank_intervals(values, values + np.array([0.1, 0, 0, 0, 0]), np.zeros(5))
    assert sure.lower[[0, 1, 3, 4]].tolist() == sure.upper[[0, 1, 3, 4]].tolist() == [1, 4, 2, 3]
    assert (sure.best[0], sure.worst[1]) == (1, 1)
    rng = np.random.default_rng(1)
    same = rank_intervals(np.ones(40), np.ones(40), np.ones(40), draws=2000)
    assert (same.lower <= 3).all() and (same.upper >= 38).all()
    assert same.best.sum() == pytest.approx(8) and same.worst.sum() == pytest.approx(8)
    means = rng.normal(size=(3, 30))
    one, two = (rank_intervals(means, means, 0.3, seed=5) for _ in range(2))
    np.testing.assert_array_equal(one.lower, two.lower)
    # Drawn and ranked unit by unit, as a check of the packed sort.
    draws = means[0] + 0.3 * np.random.default_rng(9).standard_normal((4000, 30))
    plain = (-draws).argsort(axis=1).argsort(axis=1) + 1
    np.testing.assert_allclose((plain <= 6).mean(axis=0), one.best[0], atol=0.06)


def test_quantile_groups_keep_ties_together() -> None:
    assert quantile_groups(np.arange(10.0)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert quantile_groups(np.arange(10.0), lowest_is_one=False).tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    tied = quantile_groups([1, 1, 1, 2, 3, 4, 5, 6, 7, np.nan])
    assert len(set(tied[:3])) == 1 and np.isnan(tied[-1])
    assert np.isnan(quantile_groups([1, 2, 3])).all()


def test_benjamini_hochberg() -> None:
    # Benjamini & Hochberg 1995, section 3.2: 15 p-values, four are significant at q = 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    adjusted = benjamini_hochberg(p)
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4, rel=FLOAT)
    with_gap = benjamini_hochberg([*p[::-1], np.nan])
    np.testing.assert_allclose(with_gap[:-1], adjusted[::-1], rtol=FLOAT)


def test_inequality_of_a_straight_line() -> None:
    people = np.array([100.0, 300, 200, 400])
    gradient = np.array([1.0, 2, 3, 4])
    place = cumulative_midpoints(gradient, people)
    np.testing.assert_allclose(place, [0.05, 0.25, 0.5, 0.8], rtol=FLOAT)
    found = inequality(10 + 4 * place, gradient, people)
    assert found.slope_index == pytest.approx(4, rel=FLOAT)
    assert found.relative_index == pytest.approx(1.4, rel=FLOAT)
    tied = cumulative_midpoints([1.0, 1, 2], [100.0, 100, 200])
    np.testing.assert_allclose(tied, [0.25, 0.25, 0.75], rtol=FLOAT)
    flat = inequality(np.full(4, 3.0), gradient, people)
    assert flat.slope_index == pytest.approx(0, abs=FLOAT) and flat.relative_index == pytest.approx(
        1, rel=FLOAT
    )
    import statsmodels.api as sm

    values = np.array([11.0, 14, 9, 17])
    fit = sm.WLS(values, sm.add_constant(place), weights=people).fit()
    ours = inequality(values, gradient, people)
    np.testing.assert_allclose([ours.slope_lower, ours.slope_upper], fit.conf_int()[1], rtol=1e-9)
    a, b = fit.params
    step = np.array([1 / (a + b) - 1 / a, 1 / (a + b)])
    error = np.sqrt(step @ fit.cov_params() @ step)
    ratio = np.log(ours.relative_upper / ours.relative_index) / error
    assert ratio == pytest.approx(4.302652729911275, rel=1e-8)  # t of 2 degrees of freedom


def test_model_population() -> None:
    # 厚生労働省 平成27年モデル人口: 125,319,000
    assert model_population_2015().sum() == 125_319_000
    assert standard_weights([0, 65, 75, 85]).sum() == 125_319_000
    assert (
        standard_weights([65])[0]
        == 9_246_000 + 7_892_000 + 6_306_000 + 4_720_000 + 3_134_000 + 1_548_000 + 423_000
    )
    with pytest.raises(InputError) as error:
        standard_weights([0, 17])
    assert "17" in error.value.sentence("en")


def test_input_errors_name_the_column() -> None:
    data = pd.DataFrame({"x": ["-"], "n": [10.0]})
    with pytest.raises(InputError) as error:
        crude_rate(data, numerator="x", denominator="n")
    assert "'x' holds values that are not numbers" in error.value.sentence("en")
    with pytest.raises(InputError) as error:
        crude_rate(data, numerator="y", denominator="n")
    assert "no column 'y'" in error.value.sentence("en")
    with pytest.raises(InputError) as error:
        crude_rate(numerator=[1], denominator=[10], confidence=95)
    assert "confidence is 95" in error.value.sentence("en")


def test_a_million_rates_take_a_second() -> None:
    rng = np.random.default_rng(1)
    persons = rng.integers(100, 100_000, 1_000_000).astype(float)
    events = rng.poisson(persons * 5e-4).astype(float)
    crude_rate(numerator=events[:10], denominator=persons[:10])
    start = time.perf_counter()
    crude_rate(numerator=events, denominator=persons)
    assert time.perf_counter() - start < 3  # 1 s on a quiet machine; see benchmarks/
