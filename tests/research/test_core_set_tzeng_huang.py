"""TOPSIS. Tzeng & Huang 2011, Multiple Attribute Decision Making: Methods and Applications (CRC Press)."""

from __future__ import annotations

import numpy as np
import pytest

from zaitaku_demand.research.core_set.scores import topsis

PRINTED = 0.0001
"""Four decimals, the last one as rounded on the way in the book."""


def test_closeness_of_the_example() -> None:
    """Four candidates, three criteria (more is better), weights 0.3, 0.4, 0.3."""
    figures = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], dtype=float)
    closeness = topsis(figures, np.array([0.3, 0.4, 0.3]), np.ones(3, dtype=bool))
    assert closeness == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=PRINTED)
