"""Moran's I: are neighbouring places more alike than places taken at random?

Residuals of a model that are alike between neighbours say that the rows are not independent: intervals
are then too narrow, or something that lies on the map is missing from the model.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.benchmark.multiple_tests import normal_p_value
from zaitaku_demand.errors import InputError
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

Style = Literal["row", "binary"]


class Moran(NamedTuple):
    """Moran's I with its moments where there is no spatial pattern.

    Attributes
    ----------
    statistic, expected, variance, z, p_value : float
        p two-sided, from the normal distribution.
    places : int
        Places with a neighbour and a value.
    """

    statistic: float
    expected: float
    variance: float
    z: float
    p_value: float
    places: int


class MoranPermutation(NamedTuple):
    """Moran's I against its distribution when the values change places at random.

    Attributes
    ----------
    statistic, expected, p_value : float
        Expected is the mean of the permutations; p two-sided, (1 + as far from the mean) / (1 + permutations).
    places, permutations : int
    """

    statistic: float
    expected: float
    p_value: float
    places: int
    permutations: int


def adjacency(level: str, codes: npt.NDArray[np.object_]) -> FloatArray:
    """Which places share a border (table ``area_neighbours``), array (places, places) of 0 and 1, symmetric.

    Raises
    ------
    InputError
        If there is no neighbour table of that level.
    """
    table = read_table("area_neighbours")
    table = table[table["level"] == level]
    if table.empty:
        raise InputError(
            Text(f"「{level}」の隣接関係の表がない", f"there is no table of neighbours for '{level}'"),
            Text("prefecture か area を指定してください", "give prefecture or area"),
        )
    index = {str(code): position for position, code in enumerate(codes)}
    out = np.zeros((len(codes), len(codes)))
    for one, other in zip(table["area_code"], table["neighbour_code"], strict=True):
        if str(one) in index and str(other) in index:
            out[index[str(one)], index[str(other)]] = 1.0
    return np.asarray(np.maximum(out, out.T), np.float64)


def weights(borders: npt.ArrayLike, style: Style = "row") -> FloatArray:
    """Spatial weights from an adjacency, array (places, places): as it is, or each row adding up to 1.

    Rows of places without neighbours stay 0.
    """
    binary = np.asarray(borders, np.float64)
    if style == "binary":
        return binary
    total = binary.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(binary, total, out=np.zeros_like(binary), where=total > 0), np.float64)


def moran_i(values: npt.ArrayLike, weight: npt.ArrayLike) -> FloatArray:
    """``I = n / S0 * z'Wz / z'z`` with z the deviations from the mean; array (...) of values (..., places).

    References
    ----------
    Moran 1950, Biometrika 37:17; Cliff & Ord 1981, Spatial Processes, p. 17.
    """
    x, w = np.asarray(values, np.float64), np.asarray(weight, np.float64)
    z = x - x.mean(axis=-1, keepdims=True)
    return np.asarray(((z @ w) * z).sum(axis=-1) / (z * z).sum(axis=-1) * (x.shape[-1] / w.sum()), np.float64)


def moran_randomised(values: npt.ArrayLike, weight: npt.ArrayLike) -> Moran:
    """Moran's I with its moments when each order of the values is as likely (randomisation).

    Parameters
    ----------
    values : array (places,)
        NaN places are left out, and so are places that have no neighbour among the rest.
    weight : array (places, places)

    Returns
    -------
    Moran
        NaN with fewer than four places.

    References
    ----------
    Cliff & Ord 1981, Spatial Processes, p. 21 and 46.
    """
    x, w, _ = _usable(values, weight)
    n = float(len(x))
    if n < 4 or not np.ptp(x) > 0:
        return Moran(*(float("nan"),) * 5, len(x))
    s0, s1, s2 = _sums(w)
    z = x - x.mean()
    kurtosis = n * (z**4).sum() / (z**2).sum() ** 2
    first = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0)
    second = kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)
    expected = -1 / (n - 1)
    variance = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - expected**2
    return _standardised(float(moran_i(x, w)), expected, float(variance), len(x))


def moran_residuals(residuals: npt.ArrayLike, design: npt.ArrayLike, weight: npt.ArrayLike) -> Moran:
    """Moran's I of least-squares residuals, with the moments that allow for the fitted coefficients.

    ``M = I - X (X'X)^-1 X'``; ``E = n / S0 tr(MW) / (n - k)``.

    Parameters
    ----------
    residuals : array (places,)
        Residuals of a least-squares fit on `design`.
    design : array (places, k)
        Regressors, the constant among them.
    weight : array (places, places)

    References
    ----------
    Cliff & Ord 1981, Spatial Processes, p. 202; Tiefelsdorf 2000, Modelling Spatial Processes, ch. 7.
    """
    e, w, keep = _usable(residuals, weight)
    n = len(e)
    x = np.asarray(design, np.float64)[keep]
    k = int(np.linalg.matrix_rank(x)) if n else 0
    if n < k + 3 or not (e @ e) > 0:
        return Moran(*(float("nan"),) * 5, n)
    scale = n / w.sum()
    projected = w - x @ (np.linalg.pinv(x) @ w)
    symmetric = projected - (projected @ x) @ np.linalg.pinv(x)
    symmetric = (symmetric + symmetric.T) / 2
    trace, freedom = np.trace(symmetric), n - k
    expected = scale * trace / freedom
    second = (2 * (symmetric * symmetric).sum() + trace**2) / (freedom * (freedom + 2))
    variance = scale**2 * second - expected**2
    return _standardised(float(scale * (e @ w @ e) / (e @ e)), float(expected), float(variance), n)


def moran_permuted(
    values: npt.ArrayLike, weight: npt.ArrayLike, permutations: int, seed: int
) -> MoranPermutation:
    """Moran's I against values that change places at random (Monte Carlo).

    Residuals of a model are not quite exchangeable; with few coefficients among many places the difference is
    small, and residuals of counts have no exact moments that could be used instead.

    Parameters
    ----------
    values : array (places,)
    weight : array (places, places)
    permutations : int
    seed : int

    References
    ----------
    Cliff & Ord 1981, Spatial Processes, p. 63; for count models Lin & Zhang 2007, Geogr Anal 39:293.
    """
    x, w, _ = _usable(values, weight)
    if len(x) < 4 or not np.ptp(x) > 0:
        return MoranPermutation(float("nan"), float("nan"), float("nan"), len(x), permutations)
    random = np.random.default_rng(seed)
    shuffled = random.permuted(np.broadcast_to(x, (permutations, len(x))), axis=1)
    drawn = moran_i(shuffled, w)
    seen, middle = float(moran_i(x, w)), float(drawn.mean())
    far = int((np.abs(drawn - middle) >= abs(seen - middle) - 1e-12).sum())
    return MoranPermutation(seen, middle, (1 + far) / (1 + permutations), len(x), permutations)


def _usable(
    values: npt.ArrayLike, weight: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    x, w = np.asarray(values, np.float64), np.asarray(weight, np.float64)
    linked = (w > 0) | (w.T > 0)
    keep = np.isfinite(x)
    while True:
        still = keep & (linked & keep).any(axis=1)
        if (still == keep).all():
            break
        keep = still
    part = w[np.ix_(keep, keep)]
    rows = w.sum(axis=1)
    # Rows that added up to 1 do so again among the places that are left.
    if np.allclose(rows[rows > 0], 1.0):
        part = weights(part)
    return x[keep], part, keep


def _sums(w: FloatArray) -> tuple[float, float, float]:
    both = w + w.T
    return float(w.sum()), float((both * both).sum() / 2), float(((w.sum(0) + w.sum(1)) ** 2).sum())


def _standardised(statistic: float, expected: float, variance: float, places: int) -> Moran:
    if not variance > 0:
        return Moran(statistic, expected, variance, float("nan"), float("nan"), places)
    z = (statistic - expected) / variance**0.5
    return Moran(statistic, expected, variance, z, float(normal_p_value(z)), places)
