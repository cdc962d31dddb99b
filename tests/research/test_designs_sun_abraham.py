"""Sun & Abraham 2021, J Econometrics 225:175: event study without contamination between groups."""

from __future__ import annotations

import numpy as np
import pytest

from tests.research.designs_data import (
    BIAS,
    COVERAGE,
    REPLICATIONS,
    TEEN_YEARS,
    covered,
    staggered,
    teen_employment,
)
from zaitaku_demand.research.designs.event_study import event_study

CLOSE = 1e-9


def test_same_as_the_saturated_regression() -> None:
    """Dummies of group × years since the event, averaged by group size (their steps 1 to 3)."""
    outcome, first = teen_employment()
    study = event_study(outcome, first, TEEN_YEARS, control="never", draws=99)
    years = np.array(TEEN_YEARS)
    columns, names = [], []
    for group in (2004.0, 2006.0, 2007.0):
        for year in years:
            if year != group - 1:
                columns.append(((first == group)[:, None] & (years == year)).ravel())
                names.append((group, year - group))
    dummies = np.column_stack(columns).astype(float)

    def both_removed(values: np.ndarray) -> np.ndarray:
        table = values.reshape(len(first), len(years), -1)
        table = (
            table
            - table.mean(axis=1, keepdims=True)
            - table.mean(axis=0, keepdims=True)
            + table.mean(axis=(0, 1))
        )
        return table.reshape(len(first) * len(years), -1)

    coefficient = np.linalg.lstsq(both_removed(dummies), both_removed(outcome.ravel())[:, 0], rcond=None)[0]
    for at, time in enumerate(study.time):
        chosen = [position for position, (_, since) in enumerate(names) if since == time]
        size = np.array([(first == names[position][0]).sum() for position in chosen], float)
        expected = coefficient[chosen] @ size / size.sum()
        assert float(study.estimate[at]) == pytest.approx(expected, abs=CLOSE)
        assert study.places[at] == size.sum()


def test_year_before_the_event_is_the_reference() -> None:
    outcome, first = teen_employment()
    study = event_study(outcome, first, TEEN_YEARS, draws=99)
    assert list(study.time) == [-4, -3, -2, 0, 1, 2, 3]
    assert list(study.before) == [True, True, True, False, False, False, False]
    assert study.band > 1.96


@pytest.mark.long
def test_simulated_event_times() -> None:
    panel = staggered(
        {4.0: 60, 6.0: 60, np.inf: 80},
        7,
        {4.0: [1, 2, 3, 4], 6.0: [1, 2]},
        replications=REPLICATIONS,
        seed=31,
    )
    study = event_study(panel.outcome, panel.first, panel.years)
    error = study.standard_error
    for at, time in enumerate(study.time):
        truth = max(time + 1, 0.0)
        estimate = study.estimate[:, at]
        assert estimate.mean() == pytest.approx(truth, abs=max(BIAS * truth, 0.03))
        half = 1.995 * error[:, at]
        assert COVERAGE[0] <= covered(estimate - half, estimate + half, truth) <= COVERAGE[1]
