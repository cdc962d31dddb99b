"""TOPSIS. Hwang & Yoon 1981, Multiple Attribute Decision Making (Springer), the fighter aircraft problem."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zaitaku_demand.research.core_set.scores import topsis

PRINTED = 0.001
"""Three decimals, rounded on the way in the book."""

# Maximum speed (Mach), ferry range (NM), maximum payload (pounds), acquisition cost ($ x 10^6), reliability and
# manoeuvrability on the 1-9 scale.
AIRCRAFT = np.array(
    [
        [2.0, 1500, 20000, 5.5, 5, 9],
        [2.5, 2700, 18000, 6.5, 3, 5],
        [1.8, 2000, 21000, 4.5, 7, 7],
        [2.2, 1800, 20000, 5.0, 5, 5],
    ]
)
WEIGHTS = np.array([0.2, 0.1, 0.1, 0.1, 0.2, 0.3])
MORE_IS_BETTER = np.array([True, True, True, False, True, True])


def test_closeness_of_the_four_aircraft() -> None:
    """Relative closeness 0.643, 0.268, 0.613, 0.312, in the order A1, A3, A4, A2."""
    closeness = topsis(AIRCRAFT, WEIGHTS, MORE_IS_BETTER)
    assert closeness == pytest.approx([0.643, 0.268, 0.613, 0.312], abs=PRINTED)
    assert list(np.argsort(-closeness)) == [0, 2, 3, 1]


@given(st.floats(0.01, 100), st.permutations(range(4)))
def test_units_weights_and_order_do_not_matter(factor: float, order: list[int]) -> None:
    """A criterion in another unit, weights in another scale and another order of rows give the same closeness."""
    scaled = AIRCRAFT.copy()
    scaled[:, 1] *= factor
    expected = topsis(AIRCRAFT, WEIGHTS, MORE_IS_BETTER)[order]
    assert topsis(scaled[order], WEIGHTS * factor, MORE_IS_BETTER) == pytest.approx(expected, rel=1e-9)


@given(arrays(float, (5, 3), elements=st.floats(0.1, 1)))
def test_closeness_of_the_ideal_is_one(figures: np.ndarray) -> None:
    """A candidate that is best in all criteria is the ideal, one that is worst in all its opposite."""
    ends = np.vstack([figures, np.full(3, 2.0), np.full(3, 0.01)])
    closeness = topsis(ends, np.ones(3), np.ones(3, dtype=bool))
    assert closeness[-2:] == pytest.approx([1.0, 0.0])
    assert ((closeness >= 0) & (closeness <= 1)).all()
