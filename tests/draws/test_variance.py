"""Shares of the sources in the variance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.draws import worlds
from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.draws.engine import draw_values
from zaitaku_demand.projection.draws.factors import PlaceFactors, RandomSource
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.projection.draws.table import draw_table
from zaitaku_demand.projection.draws.variance import shapley_shares, source_shares

ONE = 1e-9
"""Shares add up to 1 within this."""
SAMPLING = 0.02
"""Shares of independent factors from 10,000 runs: four standard errors."""
SUMS = 1e-9
"""Relative: sums of doubles in another order."""

PRINCIPAL = worlds.principal()
ALL = worlds.sources(PRINCIPAL)
TABLE = draw_table(PRINCIPAL, ALL, DrawSettings(runs=300))
SHARES = source_shares(PRINCIPAL, ALL, TABLE)


def place_source(name: str, deviation: float) -> RandomSource:
    loadings = np.zeros((1, 7, 31))
    loadings[:, :, worlds.YEARS.index(2022) + 1 :] = deviation
    return RandomSource(name, place=(PlaceFactors(("one",), "area", loadings),))  # type: ignore[arg-type]


def test_shares_of_independent_log_factors_are_their_variances() -> None:
    """ln value = sum of s_k z_k with independent z: the share of k is s_k² / sum s², whatever the order."""
    deviations = {"future_rates": 0.3, "population": 0.2, "open_band": 0.1}
    sources = [place_source(name, size) for name, size in deviations.items()]
    table = draw_table(PRINCIPAL, sources, DrawSettings(runs=10_000))
    frame = source_shares(PRINCIPAL, sources, table, years=(2040,), runs=10_000)
    areas = frame.query("level == 'area' and quantity == 'value_2040'")
    total = sum(size**2 for size in deviations.values())
    for name, size in deviations.items():
        alone = areas[areas["source"] == name]
        assert np.abs(alone["share"] - size**2 / total).max() < SAMPLING
        # 10th and 90th percentile of exp(s z - s²/2), whose mean is 1: ± 1.2816 s on the log scale
        upper, lower = np.log(alone["high"] / alone["principal"]), np.log(alone["low"] / alone["principal"])
        np.testing.assert_allclose(upper + size**2 / 2, 1.2816 * size, rtol=0.06)
        np.testing.assert_allclose(lower + size**2 / 2, -1.2816 * size, rtol=0.06)


def test_sums_over_places_stay_where_the_projection_has_them() -> None:
    """Factors that areas have each for themselves have mean 1: the mean of every area, and of their sum, is kept."""
    sources = [place_source("population", 0.4)]
    table = draw_table(PRINCIPAL, sources, DrawSettings(runs=20_000))
    values = draw_values(PRINCIPAL, sources, table)[:, -1]
    mean, principal = values[:, 1:].mean(axis=1), values[:, 0]
    # The mean of 20,000 log-normal runs of this spread has a standard error of 0.3 %.
    np.testing.assert_allclose(mean, principal, rtol=0.012)
    assert np.median(values[:, 1:], axis=1) == pytest.approx(principal * np.exp(-(0.4**2) / 2), rel=0.015)


def test_shares_add_up_to_1() -> None:
    total = SHARES.groupby(["level", "code", "quantity"])["share"].sum(min_count=4)
    assert len(total) == (3 + 7) * 4
    known = total.dropna()
    assert len(known) > 30
    np.testing.assert_allclose(known, 1, rtol=0, atol=ONE)


def test_full_and_single_variances_are_those_of_the_runs() -> None:
    """Three ways to the same: each subset drawn on its own by the engine, then Shapley's formula for two sources."""
    pair = ("future_rates", "population")
    two = TABLE.only(pair)
    frame = source_shares(PRINCIPAL, ALL, two, years=(2045,))
    place = worlds.YEARS.index(2045)

    def variance(*names: str) -> np.ndarray:
        runs = draw_values(PRINCIPAL, ALL, TABLE.only(names))[:, :, 1:]
        chosen = [one for one in ALL if one.id in names]
        own = worlds.own_variance(PRINCIPAL, chosen, ("prefecture", "area"))
        years = np.array(worlds.YEARS)[(runs * np.exp(own / 2)[:, :, None]).argmax(axis=1)]
        return np.stack([np.log(runs[:, place]).var(axis=1), years.var(axis=1)])

    first, second, both = variance(pair[0]), variance(pair[1]), variance(*pair)
    with np.errstate(invalid="ignore"):  # the peak of some areas never moves: 0 / 0, no share
        expected = (first + both - second) / 2 / both
    for row, quantity in enumerate(("value_2045", "peak_year")):
        inside = (frame["level"] == "area") & (frame["quantity"] == quantity)
        found = frame[inside & (frame["source"] == "future_rates")]
        np.testing.assert_allclose(found["share"], expected[row], rtol=SUMS)


def test_ranges_and_principal_are_those_of_one_source_alone() -> None:
    runs = draw_values(PRINCIPAL, ALL, TABLE.only(("population",)))[:, worlds.YEARS.index(2040), 1:]
    found = SHARES.query("level == 'area' and quantity == 'value_2040' and source == 'population'")
    np.testing.assert_allclose(found["low"], np.quantile(runs, 0.1, axis=1), rtol=SUMS)
    np.testing.assert_allclose(found["high"], np.quantile(runs, 0.9, axis=1), rtol=SUMS)
    assert (found["principal"].to_numpy() == PRINCIPAL.projection.values[0, :, 20]).all()
    totals = SHARES.query("level == 'prefecture' and quantity == 'value_2040' and source == 'population'")
    np.testing.assert_allclose(totals["high"].iloc[0], np.quantile(runs[:3].sum(axis=0), 0.9), rtol=SUMS)


def test_order_of_areas_and_threads_do_not_matter() -> None:
    places = np.array([6, 2, 0, 5, 1, 4, 3])
    part, sources = worlds.reordered(PRINCIPAL, places), worlds.sources_at(ALL, places)
    other = source_shares(part, sources, draw_table(part, sources, DrawSettings(runs=300)), workers=1)
    keys = ["level", "code", "quantity", "source"]
    both = SHARES.merge(other, on=keys, suffixes=("", "_other"))
    assert len(both) == len(SHARES)
    np.testing.assert_allclose(both["share"], both["share_other"], rtol=1e-4, atol=1e-5)


def test_what_does_not_vary_has_no_share() -> None:
    ratio = np.array([[1.0, 0.0, 1.0, np.nan, 1.0, 1.0, 1.0]])
    principal = worlds.principal(ratio=ratio)
    frame = source_shares(principal, ALL, draw_table(principal, ALL, DrawSettings(runs=100)))
    for code in ("0102", "0201"):
        assert frame[frame["code"] == code]["share"].isna().all()
    assert frame.query("code == '0102' and quantity == 'value_2040'")["high"].eq(0).all()
    assert frame.query("code == '0201'")[["low", "high", "principal"]].isna().all(axis=None)
    assert frame.query("code == '0101' and quantity == 'value_2040'")["share"].notna().all()


def test_nothing_asked_is_said() -> None:
    with pytest.raises(InputError):
        source_shares(PRINCIPAL, ALL, TABLE, years=(2060,))
    with pytest.raises(InputError):
        source_shares(PRINCIPAL, ALL, TABLE.only(()))


def test_columns_are_those_of_the_report() -> None:
    columns = ["level", "code", "name", "quantity", "source", "share", "low", "high", "principal"]
    assert SHARES.columns.tolist() == columns
    assert set(SHARES["quantity"]) == {"value_2030", "value_2040", "value_2050", "peak_year"}
    assert isinstance(SHARES, pd.DataFrame)


@given(st.lists(st.floats(0.01, 1), min_size=7, max_size=7))
def test_shapley_shares_of_three_sources_add_up(variances: list[float]) -> None:
    """With any variances at all, also where sources take variance from each other."""
    names = ("a", "b", "c")
    subsets = [frozenset(s) for s in ("a", "b", "c", "ab", "ac", "bc", "abc")]
    given_variances = {subset: np.array(value) for subset, value in zip(subsets, variances, strict=True)}
    shares = shapley_shares(names, {frozenset(): np.array(0.0), **given_variances})
    assert abs(sum(shares.values()) - 1) < ONE
