"""The intervals that a user sees come from the draws: do they hold the errors of the past as the backtest's own do?

The spread of the draws of a prefecture (or area), h years ahead, is laid over the errors of all forecasts h years ahead
of the damped trend that carries the prefectures' changes. Only the future rates and the population are switched on, and
the chance in both counts is added, for that is what separates a forecast from what came.
"""

from __future__ import annotations

import numpy as np
import pytest

from zaitaku_demand.backtest.damping import best_damping, damping_scores
from zaitaku_demand.backtest.panel import Tables, area_panel, prefecture_panel
from zaitaku_demand.backtest.results import error_set
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.draws.engine import simulate
from zaitaku_demand.projection.draws.factors import Principal
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.projection.draws.sources import random_sources
from zaitaku_demand.projection.draws.table import draw_table
from zaitaku_demand.projection.job import main_job

SERVICE = "home_visit_patients"
Z_80, Z_95 = 1.2816, 1.96
TOLERANCE_80, TOLERANCE_95 = 0.05, 0.03
"""470 forecasts of 47 prefectures whose shocks are shared are worth far fewer: wider than the calibration itself."""


def test_prefectures_lie_inside_the_intervals_of_the_draws_as_often_as_they_should() -> None:
    tables = Tables.shipped()
    prefectures, areas = prefecture_panel(tables), area_panel(tables)
    phi = best_damping(damping_scores(prefectures), prefectures.services)
    errors = error_set(prefectures, areas, np.full(len(prefectures.services), phi), "edition").prefecture
    job = main_job(RunParameters(edition="2018", areas="335"))
    principal = Principal(job.annual)
    sources = random_sources(principal)
    drawn = draw_table(principal, sources, DrawSettings(runs=4000, sources=("future_rates", "population")))
    result = simulate(principal, sources, drawn).prefecture
    spread = np.log(result.quantiles[3] / result.quantiles[1]) / (2 * Z_80)
    order = [result.codes.index(code) for code in errors.codes]
    row = errors.services.index(SERVICE)
    log_error = errors.log_error[errors.place("damped_place"), row]
    base = result.years.index(2022)
    ahead = np.stack([spread[base + h, order] for h in errors.horizon])
    standardised = np.abs(log_error) / np.sqrt(ahead**2 + errors.counting[row])
    known = np.isfinite(log_error)
    assert known.sum() == 470
    assert (standardised[known] < Z_80).mean() == pytest.approx(0.80, abs=TOLERANCE_80)
    assert (standardised[known] < Z_95).mean() == pytest.approx(0.95, abs=TOLERANCE_95)
