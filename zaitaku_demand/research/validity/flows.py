"""How far could patients who cross borders explain that places differ?

A count by the place of the institution takes a patient of place j who is treated in place i as one of i. Nothing in
the open data says how many there are. What can be said is how many there would *have* to be, and how much of the
differences would be left if there were no more than a given share. Only flows between adjacent places are
considered, and a flow is one of *counted cases to the place where the patient lives*.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.benchmark.overdispersion import pooled

Edges = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


class SmallestFlow(NamedTuple):
    """What would have to cross borders for all places (of a group) to have the same rate.

    Attributes
    ----------
    share : float
        Border crossings as a share of all cases; a case that is passed on over two borders counts twice.
    unexplained : float
        Share of the places' differences (sum of absolute surplus) that no flow between neighbours removes.
    displaced : float
        Share of all cases counted in excess of the common rate; the least that would have to move if any two
        places could exchange cases (Hoover's index).
    """

    share: float
    unexplained: float
    displaced: float


def edges_of(adjacency: npt.ArrayLike, groups: npt.ArrayLike | None = None) -> Edges:
    """Directed pairs of adjacent places from an array (places, places), within the same group if given."""
    near = np.asarray(adjacency) > 0
    if groups is not None:
        label = np.asarray(groups)
        near = near & (label[:, None] == label[None, :])
    here, there = np.nonzero(near & ~np.eye(len(near), dtype=bool))
    return here, there


def smallest_flow(
    cases: npt.ArrayLike, exposure: npt.ArrayLike, edges: Edges, groups: npt.ArrayLike | None = None
) -> SmallestFlow:
    """Smallest flow between adjacent places after which all places have the common rate.

    Linear programme: flows f_ij >= 0 from the place that counts the case (i) to the adjacent place of residence (j),
    ``sum_j f_ij <= cases_i``, ``cases_i - sum_j f_ij + sum_j f_ji = rate * exposure_i + rest_i``. First the sum of the
    absolute rests is made as small as can be, then the sum of the flows.

    Parameters
    ----------
    cases, exposure : arrays (places,)
        Places with NaN in either take no part and pass nothing on.
    edges : pair of arrays
        See :func:`edges_of`.
    groups : array (places,), optional
        The common rate is that of the group (prefecture) instead of all places.

    Returns
    -------
    SmallestFlow
        NaN without two places or without cases.

    References
    ----------
    Minimum-cost flow: Ahuja, Magnanti & Orlin 1993, Network Flows, ch. 9. Hoover 1936, Rev Econ Stat 18:162.
    """
    o, e, start, end, keep = _network(cases, exposure, edges)
    total = float(o.sum())
    if len(o) < 2 or not total > 0:
        return SmallestFlow(float("nan"), float("nan"), float("nan"))
    surplus = o - _common_rate(o, e, None if groups is None else np.asarray(groups)[keep]) * e
    size = float(np.abs(surplus).sum())
    if size <= 1e-12 * total:
        return SmallestFlow(0.0, 0.0, 0.0)
    places, arcs = len(o), len(start)
    unit = float(o.mean())
    penalty = np.full(2 * places, float(places + 1))
    out = _incidence(start, places, arcs)
    balance = sparse.hstack([out - _incidence(end, places, arcs), sparse.eye(places), -sparse.eye(places)])
    capacity = sparse.hstack([out, sparse.csr_matrix((places, 2 * places))])
    found = optimize.linprog(
        np.concatenate([np.ones(arcs), penalty]),
        A_ub=capacity.tocsr(),
        b_ub=o / unit,
        A_eq=balance.tocsr(),
        b_eq=surplus / unit,
        method="highs",
    )
    moved, rest = unit * float(found.x[:arcs].sum()), unit * float(found.x[arcs:].sum())
    return SmallestFlow(moved / total, min(rest / size, 1.0), size / 2 / total)


def removable_variance(
    cases: npt.ArrayLike, exposure: npt.ArrayLike, edges: Edges, largest_share: float, segments: int = 12
) -> float:
    """Largest share of the variance between places that flows of limited size could account for.

    Of the cases counted at each place at most `largest_share` may belong to residents of adjacent places
    (``sum_j f_ij <= largest_share * cases_i``). Among all such flows those are taken that leave the smallest variance
    ``sum_i exposure_i (rate_i - rate)^2``; the answer is 1 - variance left / variance counted. It is an upper bound: all
    flows are chosen so as to even out the rates.

    Parameters
    ----------
    cases, exposure : arrays (places,)
    edges : pair of arrays
    largest_share : float
    segments : int
        Pieces of the piecewise linear square on either side; the variance is that of the flows found, so a coarse
        square can only understate the answer.

    Returns
    -------
    float
        0 to 1; NaN where there is no variance.
    """
    o, e, start, end, _ = _network(cases, exposure, edges)
    if len(o) < 2 or not o.sum() > 0:
        return float("nan")
    rate = float(pooled(o, e))
    surplus = o - rate * e
    before = float((surplus**2 / e).sum())
    if before <= 1e-12 * rate * float(o.sum()):
        return float("nan")
    places, arcs = len(o), len(start)
    unit = float(o.mean())
    # Finer where the deviations are small, as most are.
    widest = float(np.abs(surplus / e).max()) / rate
    knots = widest * (np.arange(segments + 1) / segments) ** 1.5
    slopes = np.tile(knots[1:] + knots[:-1], places)
    room = (rate * e[:, None] * np.diff(knots)).ravel() / unit
    room[segments - 1 :: segments] = np.inf
    pieces = sparse.kron(sparse.eye(places), np.ones((1, segments)))
    out = _incidence(start, places, arcs)
    balance = sparse.hstack([out - _incidence(end, places, arcs), pieces, -pieces])
    capacity = sparse.hstack([out, sparse.csr_matrix((places, 2 * places * segments))])
    found = optimize.linprog(
        np.concatenate([np.full(arcs, 1e-9), slopes, slopes]),
        A_ub=capacity.tocsr(),
        b_ub=largest_share * o / unit,
        A_eq=balance.tocsr(),
        b_eq=surplus / unit,
        bounds=np.column_stack(
            [np.zeros(arcs + 2 * len(room)), np.concatenate([np.full(arcs, np.inf), room, room])]
        ),
        method="highs",
    )
    flow = unit * found.x[:arcs]
    left = surplus - np.bincount(start, flow, places) + np.bincount(end, flow, places)
    return float(np.clip(1 - (left**2 / e).sum() / before, 0.0, 1.0))


def _network(
    cases: npt.ArrayLike, exposure: npt.ArrayLike, edges: Edges
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The places with figures, renumbered, and the edges between them."""
    o, e = np.asarray(cases, np.float64), np.asarray(exposure, np.float64)
    keep = np.isfinite(o) & (o >= 0) & (e > 0)
    number = np.cumsum(keep) - 1
    both = keep[edges[0]] & keep[edges[1]]
    return o[keep], e[keep], number[edges[0][both]], number[edges[1][both]], keep


def _common_rate(o: FloatArray, e: FloatArray, groups: npt.NDArray[np.generic] | None) -> FloatArray:
    if groups is None:
        return np.full(len(o), float(pooled(o, e)))
    _, member = np.unique(groups, return_inverse=True)
    return np.asarray((np.bincount(member, o) / np.bincount(member, e))[member])


def _incidence(at: npt.NDArray[np.intp], places: int, arcs: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(arcs), (at, np.arange(arcs))), shape=(places, arcs))
