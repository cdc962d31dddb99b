"""Rounds of revision: how the errors of the coming editions add up to the error of a projection.

A projection for the year y, made from the census of year c, is revised after 5, 10, … years. The revision of round j
moves the figure by what one revision moves figures that lie y - c - 5 (j - 1) years after its old census; rounds
are independent.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

GROUPS = ("0-14", "15-64", "65-74", "75-79", "80-84", "85-89", "90+")
HORIZONS = (5, 10, 15, 20, 25, 30)
"""Years from the census of the older edition at which a revision has been seen."""
ROUND = 5
COMPONENTS = ("nation", "prefecture", "area")


def horizon_weights(horizons: FloatArray) -> FloatArray:
    """Weights of the seen horizons in the revision at any horizon, array (n, 6).

    Straight lines between the horizons seen, from 0 at horizon 0 and before; the last one holds beyond.
    """
    known = np.array((0, *HORIZONS), dtype=np.float64)
    unit = np.eye(len(known))
    at = np.clip(horizons, 0, known[-1])
    return np.stack([np.interp(at, known, unit[k]) for k in range(1, len(known))], axis=1)


def rounds(horizons: FloatArray) -> FloatArray:
    """Weights of the seen horizons in each round, array (rounds, n, 6)."""
    count = max(1, int(np.ceil(np.max(horizons, initial=0.0) / ROUND)))
    return np.stack([horizon_weights(horizons - ROUND * j) for j in range(count)])


def accumulated(covariance: FloatArray, horizons: FloatArray) -> FloatArray:
    """Covariance of the error at any horizons, all rounds together.

    Parameters
    ----------
    covariance : array (6, groups, 6, groups)
        Of one revision.
    horizons : array (n,)
        Years since the census.

    Returns
    -------
    array (n, groups, n, groups)
    """
    weights = rounds(horizons)
    half = np.einsum("jnh,hgkf->jngkf", weights, covariance, optimize=True)
    return np.asarray(np.einsum("jngkf,jmk->ngmf", half, weights, optimize=True))
