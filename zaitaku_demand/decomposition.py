"""Decomposition of a change into the effects of its factors, without an order of steps.

A step-by-step waterfall depends on which factor is changed first. Das Gupta's effects average over all orders (they
are Shapley values): each is the same whatever the order, and together they are the whole change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from math import factorial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
Function = Callable[[Mapping[str, FloatArray]], npt.ArrayLike]


class Effect(NamedTuple):
    """What one factor does, all others averaged over both times.

    Attributes
    ----------
    before, after : array
        Result standardised for the other factors, with this factor as before and as after.
    effect : array
        ``after - before``.
    """

    before: FloatArray
    after: FloatArray
    effect: FloatArray


def das_gupta(
    before: Mapping[str, npt.ArrayLike], after: Mapping[str, npt.ArrayLike], function: Function | None = None
) -> dict[str, Effect]:
    """Effect of every factor on a result between two times or populations.

    ``effect_j = sum over subsets S of the other K - 1 factors of |S|! (K - 1 - |S|)! / K! x [f(j and S after) -
    f(S after)]``.

    Parameters
    ----------
    before, after : mapping of factor to array
        The same factors in both; arrays that fit together (areas, ages, ...).
    function : function of a mapping of factor to array, optional
        Result from factors, an array or a number. Without it the product of all factors. It is called
        2^K times.

    Returns
    -------
    dict of factor to Effect
        The effects add up to ``function(after) - function(before)``.

    Raises
    ------
    InputError
        If the factors of both sides are not the same.

    References
    ----------
    Das Gupta 1993, Standardization and Decomposition of Rates, US Bureau of the Census P23-186.
    """
    names = list(before)
    if set(names) != set(after) or not names:
        one_sided = ", ".join(sorted(set(names) ^ set(after))) or "-"
        raise InputError(
            Text(
                f"2時点の要因が一致しない（{one_sided}）",
                f"the factors of the two times differ ({one_sided})",
            ),
            Text("両時点に同じ要因を与えてください", "give the same factors for both times"),
        )
    old, new = ({name: np.asarray(side[name], np.float64) for name in names} for side in (before, after))
    result = function or _product

    def at(changed: frozenset[str]) -> FloatArray:
        return np.asarray(result({n: new[n] if n in changed else old[n] for n in names}), np.float64)

    sizes = range(len(names) + 1)
    results = {s: at(s) for size in sizes for s in map(frozenset, combinations(names, size))}
    return {name: _effect(name, names, results) for name in names}


def _effect(name: str, names: list[str], results: Mapping[frozenset[str], FloatArray]) -> Effect:
    others = [other for other in names if other != name]
    weighted = [
        (factorial(size) * factorial(len(others) - size) / factorial(len(names)), frozenset(changed))
        for size in range(len(names))
        for changed in combinations(others, size)
    ]
    before = np.sum([share * results[changed] for share, changed in weighted], axis=0)
    after = np.sum([share * results[changed | {name}] for share, changed in weighted], axis=0)
    return Effect(np.asarray(before), np.asarray(after), np.asarray(after - before))


def _product(factors: Mapping[str, FloatArray]) -> FloatArray:
    product = np.ones(())
    for factor in factors.values():
        product = product * factor
    return product
