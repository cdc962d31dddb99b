"""Card & Krueger 1994, Am Econ Rev 84:772, table 3: two groups and two times."""

from __future__ import annotations

import numpy as np
import pytest

from zaitaku_demand.research.designs.aggregate import overall
from zaitaku_demand.research.designs.difference_in_differences import two_by_two
from zaitaku_demand.research.designs.group_time import group_time

TWO_DECIMALS = 0.0075
"""Differences of figures printed to two decimals."""


def test_published_table() -> None:
    # Full-time equivalents: New Jersey (minimum wage raised) 20.44 and 21.03, Pennsylvania 23.33 and 21.17.
    means = np.array([[20.44, 21.03], [23.33, 21.17]])
    # Errors of the changes 0.54 and 1.25 (row 3), which allow for stores seen twice.
    found = two_by_two(means, [[0.0, 0.54], [0.0, 1.25]])
    assert float(found.change_with) == pytest.approx(0.59, abs=TWO_DECIMALS)  # row 3
    assert float(found.change_without) == pytest.approx(-2.16, abs=TWO_DECIMALS)  # row 3
    assert float(found.estimate) == pytest.approx(2.76, abs=0.01 + TWO_DECIMALS)  # row 3, column 3
    assert float(found.standard_error) == pytest.approx(1.36, abs=TWO_DECIMALS)  # row 3, column 3


def test_group_time_with_two_times_is_the_same() -> None:
    outcome = np.array([[20.0, 21.0], [20.88, 21.06], [23.0, 21.0], [23.66, 21.34]])
    found = overall(group_time(outcome, [2.0, 2.0, np.inf, np.inf], [1, 2]))
    means = [[20.44, 21.03], [23.33, 21.17]]
    assert float(found.estimate[0]) == pytest.approx(float(two_by_two(means, np.zeros((2, 2))).estimate))
