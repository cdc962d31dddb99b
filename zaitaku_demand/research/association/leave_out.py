"""Leave one prefecture out: does an association rest on one of them?"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from zaitaku_demand.research.association.design import Design, IntArray
from zaitaku_demand.research.association.estimate import Estimate
from zaitaku_demand.research.panel import FloatArray


class LeaveOut(NamedTuple):
    """An association estimated again without each prefecture in turn.

    Attributes
    ----------
    whole : Estimate
        With all prefectures.
    prefectures : array (prefectures,)
        Number of the prefecture left out.
    estimates, lower, upper, p_values : array (prefectures,)
        Logarithm of the rate ratio per unit of x, its limits and p without that prefecture; NaN where
        the model could not be estimated.
    influence : array (prefectures,)
        Change of the estimate by leaving it out, in standard errors of the whole (DFBETAS).
    """

    whole: Estimate
    prefectures: IntArray
    estimates: FloatArray
    lower: FloatArray
    upper: FloatArray
    p_values: FloatArray
    influence: FloatArray

    @property
    def most(self) -> int:
        """Number of the prefecture whose absence moves the estimate most; -1 where none can be estimated."""
        if not np.isfinite(self.influence).any():
            return -1
        return int(self.prefectures[np.nanargmax(np.abs(self.influence))])

    @property
    def same_sign(self) -> bool:
        """Whether the estimate has the sign of the whole without every one of them."""
        return bool((np.sign(self.estimates) == np.sign(self.whole.estimate)).all())

    def same_significance(self, alpha: float) -> bool:
        """Whether p stays on the side of `alpha` on which it is with all of them."""
        if not np.isfinite(self.p_values).all():
            return False
        return bool(((self.p_values < alpha) == (self.whole.p_value < alpha)).all())


def leave_one_out(design: Design, model: Callable[[Design], Estimate]) -> LeaveOut:
    """Fits the model without each prefecture in turn (exact refits; x and z keep their scale).

    Parameters
    ----------
    design : Design
    model : callable
        One of ``models.MODELS``.

    References
    ----------
    Belsley, Kuh & Welsch 1980, Regression Diagnostics, section 2.1 (DFBETAS, here by cluster).
    """
    whole = model(design)
    prefectures = np.unique(design.prefecture)
    fits = [model(design.without(int(each))) for each in prefectures]
    table = np.array([[f.estimate, f.lower, f.upper, f.p_value] for f in fits], np.float64)
    influence = (whole.estimate - table[:, 0]) / whole.standard_error
    estimates, lower, upper, p_values = table.T
    return LeaveOut(whole, prefectures, estimates, lower, upper, p_values, influence)
