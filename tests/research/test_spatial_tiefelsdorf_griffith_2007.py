"""Moran eigenvectors: Tiefelsdorf & Griffith 2007; selection on Columbus as printed by R spatialreg (SpatialFiltering)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.research.columbus import BORDERS, CRIME, X
from zaitaku_demand.research.association.design import make_design
from zaitaku_demand.research.association.models import MODELS
from zaitaku_demand.research.association.moran import adjacency, moran_residuals, weights
from zaitaku_demand.research.association.place_rows import place_rows
from zaitaku_demand.research.association.spatial import eigenvector_filter, moran_eigenvectors
from zaitaku_demand.research.association.spatial_run import filtered, log_rate_models, residual_moran
from zaitaku_demand.research.build import build_panel

PRINTED = 5e-9
"""Absolute: nine decimals printed."""
PRINTED_EIGENVALUE = 5e-8
"""Absolute: seven decimals printed."""

ROW = weights(BORDERS)
STEPS = [
    # Number of the eigenvector, its eigenvalue, Moran's I, z, two-sided p (spatialreg, SpatialFiltering, ExactEV).
    (0, 0.0, 0.212374153, 2.68100025, 0.007340246),
    (5, 0.7148326, 0.121528166, 1.89037770, 0.058707464),
    (3, 0.8408661, 0.065848648, 1.54064108, 0.123404165),
    (1, 1.0206316, -0.005424824, 1.08514557, 0.277857187),
    (10, 0.3658588, -0.039356232, 0.80357070, 0.421644951),
    (14, 0.1831325, -0.072949543, 0.47790213, 0.632719864),
    (11, 0.3144120, -0.108332631, 0.18566599, 0.852706701),
]


def test_selection_step_by_step() -> None:
    found = eigenvector_filter(CRIME, X, ROW, alpha=0.85)
    values = moran_eigenvectors(ROW, X)[0]
    assert found.numbers == tuple(step[0] for step in STEPS[1:])
    for number, eigenvalue, *_ in STEPS[1:]:
        assert values[number - 1] == pytest.approx(eigenvalue, abs=PRINTED_EIGENVALUE)
    for seen, (_, _, statistic, z, p) in zip(found.steps, STEPS, strict=True):
        assert seen.statistic == pytest.approx(statistic, abs=PRINTED)
        assert seen.z == pytest.approx(z, abs=1e-7)
        assert seen.p_value == pytest.approx(p, abs=PRINTED)


def test_stops_where_no_pattern_is_left() -> None:
    found = eigenvector_filter(CRIME, X, ROW, alpha=0.05)
    assert found.numbers == (5,)
    assert found.steps[-1].p_value > 0.05


def test_coefficients_of_a_linear_model_stay() -> None:
    # spatialreg: the filtered model has the coefficients of the linear one, 68.61896, -1.59731, -0.27393.
    found = eigenvector_filter(CRIME, X, ROW, alpha=0.85)
    b = np.linalg.lstsq(np.column_stack([X, found.vectors]), CRIME, rcond=None)[0]
    assert b[:3] == pytest.approx([68.61896, -1.59731, -0.27393], abs=5e-6)


def test_eigenvectors_are_orthonormal_and_free_of_the_regressors() -> None:
    values, vectors = moran_eigenvectors(ROW, X)
    assert vectors.T @ vectors == pytest.approx(np.eye(49), abs=1e-10)
    patterned = np.abs(values) > 1e-6
    assert X.T @ vectors[:, patterned] == pytest.approx(0, abs=1e-6)


def test_nothing_is_added_where_neighbours_differ_by_chance() -> None:
    y = np.random.default_rng(4).normal(size=49)
    e = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    assert moran_residuals(e, X, ROW).p_value > 0.05
    assert eigenvector_filter(y, X, ROW).numbers == ()


def test_real_residuals_lose_their_pattern() -> None:
    panel = build_panel("prefecture")
    design = make_design(panel, "O-E-1", "S-C-2-H", ["share_75", "log_density"])
    borders = adjacency("prefecture", panel.places["area_code"].to_numpy())
    before = residual_moran(design, borders, "row", 199, 1)
    assert before.p_value <= 0.01
    after = filtered(design, MODELS["poisson"], borders, 0.1, 0.2, 199, 1)
    assert after.vectors >= 1
    assert after.after.p_value > 0.05
    assert after.design.z.shape[1] == design.z.shape[1] + after.vectors
    assert after.estimate.n_places == 47


def test_place_rows_keep_every_case() -> None:
    panel = build_panel("prefecture")
    design = make_design(panel, "O-E-1", "S-C-2-H", ["share_75"])
    rows = place_rows(design)
    assert rows.events.sum() == pytest.approx(design.events.sum())
    # Years are fitted freely, so expected counts add up to the events.
    assert rows.expected.sum() == pytest.approx(design.events.sum())
    # Those of the negative binomial model do so only as ratios, in which large places weigh little more than others.
    assert (rows.events / rows.fitted).mean() == pytest.approx(1.0, abs=0.002)
    x, figure, error, lag = log_rate_models(design, np.zeros((47, 47)) + np.eye(47, k=1) + np.eye(47, k=-1))
    assert len(figure) == len(x) == error.places == lag.places == 47
