"""Leave one prefecture out: Belsley, Kuh & Welsch 1980 (deletion of observations, DFBETAS)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zaitaku_demand.research.association.design import Design
from zaitaku_demand.research.association.leave_out import leave_one_out
from zaitaku_demand.research.association.models import poisson

PREFECTURES = 20


def example(outlier: float = 0.0) -> Design:
    """Twenty prefectures of three areas and two years; the last prefecture may be an outlier."""
    random = np.random.default_rng(8)
    place = np.repeat(np.arange(3 * PREFECTURES), 2)
    prefecture = place // 3 + 1
    x = np.repeat(random.normal(size=3 * PREFECTURES), 2)
    x[prefecture == PREFECTURES] = 3.0
    size = np.full(len(place), 5000.0)
    rate = 0.05 * np.exp(0.1 * x + outlier * (prefecture == PREFECTURES))
    return Design(
        "outcome",
        "exposure",
        (),
        "area",
        random.poisson(size * rate).astype(float),
        size,
        "poisson",
        x,
        np.empty((len(place), 0)),
        place,
        prefecture,
        np.tile([2020, 2021], 3 * PREFECTURES),
        "unit",
    )


def test_each_refit_is_the_fit_without_that_prefecture() -> None:
    design = example()
    found = leave_one_out(design, poisson)
    assert list(found.prefectures) == list(range(1, PREFECTURES + 1))
    for position in (0, 7, 19):
        alone = poisson(design.without(int(found.prefectures[position])))
        assert found.estimates[position] == alone.estimate
        assert found.p_values[position] == alone.p_value


def test_prefecture_that_stands_alone_is_found() -> None:
    found = leave_one_out(example(outlier=-3.0), poisson)
    assert found.most == PREFECTURES
    assert not found.same_sign
    others = np.abs(found.influence[:-1]).max()
    assert np.abs(found.influence[-1]) > 3 * others


def test_influence_is_the_change_in_standard_errors() -> None:
    found = leave_one_out(example(), poisson)
    expected = (found.whole.estimate - found.estimates) / found.whole.standard_error
    assert found.influence == pytest.approx(expected)
    assert found.same_sign


def test_order_of_the_rows_does_not_matter() -> None:
    design = example()
    order = np.random.default_rng(1).permutation(design.n_rows)
    assert leave_one_out(design.subset(order), poisson).estimates == pytest.approx(
        leave_one_out(design, poisson).estimates, rel=1e-8
    )


def test_significance_that_hangs_on_one_prefecture_is_said() -> None:
    design = example()
    null = replace(design, events=np.round(design.size * 0.05))
    found = leave_one_out(design, poisson)
    assert found.same_significance(0.05) == bool(
        ((found.p_values < 0.05) == (found.whole.p_value < 0.05)).all()
    )
    flat = leave_one_out(null, poisson)
    assert not flat.same_significance(0.05) or flat.whole.p_value >= 0.05
