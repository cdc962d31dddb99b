"""Which members stay when weights and importances are varied, or a criterion is left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from zlib import crc32

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.research.core_set.criteria import CRITERIA, Criteria
from zaitaku_demand.research.core_set.scores import grade_score, weighted_value
from zaitaku_demand.research.core_set.select import BoolArray, Demands, best_sets
from zaitaku_demand.research.core_set.settings import CoreSetSettings

_IMPORTANCE = CRITERIA.index("importance")


def varied_values(
    scores: FloatArray,
    grades: FloatArray,
    weights: FloatArray,
    weight_factors: FloatArray,
    grade_factors: FloatArray,
) -> FloatArray:
    """Values under varied weights and importances, array (draws, candidates).

    Parameters
    ----------
    scores : array (candidates, criteria)
    grades : array (candidates,)
        Importance, 1 to 5.
    weights : array (criteria,)
    weight_factors : array (draws, criteria)
    grade_factors : array (draws, candidates)
        Multiply the grades, which stay within 1 to 5.
    """
    varied = np.repeat(scores[None], len(grade_factors), axis=0)
    varied[:, :, _IMPORTANCE] = grade_score(grades * grade_factors)
    return weighted_value(varied, weights * weight_factors)


def random_factors(
    ids: Sequence[str], criteria: int, share: float, draws: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Factors between ``1 - share`` and ``1 + share`` for weights (draws, criteria) and grades (draws, candidates).

    Each candidate has a stream of its own, named by its id, so that further candidates change no other's.
    """
    low, high = 1 - share, 1 + share
    of_weights = np.random.default_rng(seed).uniform(low, high, (draws, criteria))
    of_grades = [
        np.random.default_rng([seed, crc32(name.encode())]).uniform(low, high, draws) for name in ids
    ]
    return of_weights, np.array(of_grades, np.float64).reshape(len(ids), draws).T


def corner_factors(criteria: int, share: float) -> FloatArray:
    """All combinations of ``1 - share`` and ``1 + share``, array (2 ** criteria, criteria)."""
    return np.array(list(product((1 - share, 1 + share), repeat=criteria)), np.float64)


def stability_table(
    criteria: Criteria, eligible: BoolArray, demands: Demands, chosen: BoolArray, settings: CoreSetSettings
) -> pd.DataFrame:
    """How often each candidate is chosen when weights and importances are varied.

    Returns
    -------
    DataFrame
        id, member, share (of the draws), verdict (see :func:`verdict`), corner_share (of all combinations of
        weights at either end), importance_low and importance_high (chosen with the weight of importance at that
        end), changes_without (criteria, joined by ``+``, without which it would change sides).
    """
    weights = np.array([dict(settings.weights)[name] for name in CRITERIA], np.float64)
    grades = criteria.candidates["grade"].to_numpy(np.float64)

    def sets(weight_factors: FloatArray, grade_factors: FloatArray) -> BoolArray:
        values = varied_values(criteria.scores, grades, weights, weight_factors, grade_factors)
        return best_sets(np.where(eligible, values, np.nan), demands)

    count, share = len(criteria.ids), settings.perturbation
    drawn = sets(*random_factors(criteria.ids, len(CRITERIA), share, settings.draws, settings.seed))
    corners = corner_factors(len(CRITERIA), share)
    at_corners = sets(corners, np.ones((len(corners), count)))
    ends = np.ones((2, len(CRITERIA)))
    ends[:, _IMPORTANCE] = (1 - share, 1 + share)
    low, high = sets(ends, np.ones((2, count)))
    # Leaving out the only weighted criterion would leave nothing to choose by.
    without = [number for number in range(len(CRITERIA)) if np.delete(weights, number).sum() > 0]
    left_out = np.ones((len(without), len(CRITERIA)))
    left_out[np.arange(len(without)), without] = 0.0
    changed = sets(left_out, np.ones((len(without), count))) != chosen
    frequency = drawn.mean(axis=0)
    return pd.DataFrame(
        {
            "id": criteria.ids,
            "member": chosen,
            "share": frequency,
            "verdict": [verdict(each, settings.usually_share) for each in frequency],
            "corner_share": at_corners.mean(axis=0),
            "importance_low": low,
            "importance_high": high,
            "changes_without": [
                "+".join(CRITERIA[criterion] for criterion, yes in zip(without, column, strict=True) if yes)
                for column in changed.T
            ],
        }
    )


def verdict(share: float, usually_share: float) -> str:
    """``always`` (every draw), ``usually`` (from `usually_share`), ``borderline``, ``rarely`` (below the mirror of
    `usually_share`) or ``never``.
    """
    if share >= 1:
        return "always"
    if share >= usually_share:
        return "usually"
    if 1 - share < usually_share:
        return "borderline"
    return "rarely" if share > 0 else "never"
