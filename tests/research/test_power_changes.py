"""Variance of changes between years: recovered from simulated places, and that of the real panel in simulated studies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.power.changes import change_variances
from zaitaku_demand.research.power.run import fitted_world
from zaitaku_demand.research.power.settings import PowerSettings
from zaitaku_demand.research.power.simulate import covariance_matrix

BIAS = 0.02
AS_SEEN = (0.7, 1.45)
"""Variance of real changes over that of the simulated world; sampling error of 47 places is about 0.2."""


def drawn(random, places, years, least, kind="poisson", drift=0.05):
    """Lasting spread 0.3, drift by place of sd 0.05 a year, passing variance 0.02 a year (all on the logarithm)."""
    size = np.exp(random.uniform(np.log(least), np.log(100 * least), (places, 1))) * np.ones((1, years)) / 0.1
    when = np.arange(years) - (years - 1) / 2
    level = random.normal(0, 0.3, (places, 1)) + random.normal(0, drift, (places, 1)) * when
    mean = 0.1 * size * np.exp(level + random.normal(0, 0.02**0.5, (places, years)))
    n = np.rint(size)
    cases = (
        random.poisson(mean) if kind == "poisson" else random.binomial(n.astype(int), np.minimum(mean / n, 1))
    )
    return cases.astype(float), n


@pytest.mark.parametrize("kind", ["poisson", "binomial"])
@pytest.mark.parametrize("least", [3, 100])
def test_drift_and_passing_changes_are_recovered(kind, least):
    random = np.random.default_rng(3)
    found = np.mean([change_variances(*drawn(random, 300, 5, least, kind), kind) for _ in range(200)], axis=0)
    truth = np.array([0.0] + [2 * 0.02 + (0.05 * k) ** 2 for k in range(1, 5)])
    # Few cases: a place's own mean is uncertain, which costs some per cent.
    np.testing.assert_allclose(found[1:], truth[1:], rtol=0.03 if least > 10 else 0.12)


@given(seed=st.integers(0, 500), factor=st.floats(0.2, 5))
def test_order_hidden_places_and_unit_do_not_matter(seed, factor):
    events, size = drawn(np.random.default_rng(seed), 25, 4, 20)
    first = change_variances(events, size)
    order = np.random.default_rng(seed + 1).permutation(25)
    np.testing.assert_allclose(first, change_variances(events[order], size[order]), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(first, change_variances(events, size * factor), rtol=1e-9, atol=1e-12)
    longer = np.vstack([events, np.full((3, 4), np.nan)]), np.vstack([size, np.ones((3, 4))])
    np.testing.assert_allclose(first, change_variances(*longer), rtol=1e-9, atol=1e-12)
    assert first[0] == 0.0
    assert (np.diff(first) >= 0).all()


@pytest.mark.parametrize(
    ("level", "outcome"),
    [("prefecture", name) for name in ("O-E-1", "O-E-3", "P-E-1-D", "O-A-1-D", "O-A-2", "O-A-2-N", "P-A-3")]
    + [("area", "O-E-1"), ("area", "O-E-3")],
)
def test_simulated_studies_change_as_much_as_real_places(level, outcome):
    """Mean of the later years less mean of the earlier: its variance between places, real and in the fitted world."""
    panel = build_panel(level)
    series = panel[outcome]
    whole = np.isfinite(series.events).all(axis=1)
    events, size = series.events[whole], series.size[whole]
    half = events.shape[1] // 2
    expected = size * (events.sum(axis=0) / size.sum(axis=0))
    change = np.log((events + 0.5) / expected)
    change = change[:, -half:].mean(axis=1) - change[:, -2 * half : -half].mean(axis=1)
    world = fitted_world(panel, series, PowerSettings())
    contrast = np.repeat([-1.0, 1.0], half) / half
    passing = contrast @ covariance_matrix(world.covariance, 2 * half) @ contrast
    share = (1 - events / size) if series.kind == "binomial" else 1.0
    chance = 2 / half * float(np.mean(share / np.maximum(events, 0.5)))
    ratio = change.var(ddof=1) / (passing + chance)
    assert AS_SEEN[0] < ratio < AS_SEEN[1], ratio
