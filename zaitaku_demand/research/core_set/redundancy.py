"""Which indicators say nearly the same: by rank correlation across places, and by what they count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.indicators.measures import Measure

IntArray = npt.NDArray[np.intp]


def rank_correlations(values: npt.ArrayLike, least_places: int) -> FloatArray:
    """Spearman correlations of candidates over the places that both have, array (candidates, candidates).

    Parameters
    ----------
    values : array (candidates, places)
        NaN where not shown.
    least_places : int
        Fewer common places give NaN.
    """
    table = pd.DataFrame(np.asarray(values, np.float64).T)
    found = table.corr(method="spearman", min_periods=least_places).to_numpy()
    np.fill_diagonal(found := found.copy(), 1.0)
    return np.asarray(found, np.float64)


def correlation_clusters(correlation: npt.ArrayLike, threshold: float) -> IntArray:
    """Cluster of each candidate (from 0, in the order of first members), array (candidates,).

    Average linkage on ``1 - |rho|`` (UPGMA), cut where the mean correlation falls below the threshold. An unknown
    correlation counts as none.

    Parameters
    ----------
    correlation : array (candidates, candidates)
    threshold : float

    References
    ----------
    Sokal & Michener 1958, Univ Kansas Sci Bull 38:1409.
    """
    rho = np.asarray(correlation, np.float64)
    if len(rho) < 2:
        return np.zeros(len(rho), dtype=np.intp)
    distance = 1 - np.abs(np.nan_to_num(rho))
    np.fill_diagonal(distance, 0.0)
    tree = hierarchy.linkage(squareform(distance, checks=False), method="average")
    found = hierarchy.fcluster(tree, t=1 - threshold + 1e-12, criterion="distance")
    _, first, number = np.unique(found, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[number], dtype=np.intp)


def shared_counts(numerators: Sequence[Sequence[str]], declared: Mapping[str, Measure]) -> list[IntArray]:
    """Groups of candidates whose numerators hold the same cells of a source (claims by code, column, layer …).

    Such indicators are no independent evidence, whatever their denominators. A candidate may be in several groups.

    Parameters
    ----------
    numerators : for each candidate the ids of its measures
    declared : mapping of measures; an unknown measure stands for itself
    """
    holders: dict[tuple[str, str], list[int]] = {}
    for number, names in enumerate(numerators):
        for cell in {cell for name in names for cell in _cells(name, declared)}:
            holders.setdefault(cell, []).append(number)
    return _largest(holders.values())


def families(parents: Sequence[str]) -> list[IntArray]:
    """Groups of candidates that are one indicator and its supplements.

    Parameters
    ----------
    parents : for each candidate the id of its family (its own id, or the one it supplements)
    """
    holders: dict[str, list[int]] = {}
    for number, parent in enumerate(parents):
        holders.setdefault(parent, []).append(number)
    return _largest(holders.values())


def at_most_one(clusters: IntArray, beside: npt.NDArray[np.bool_]) -> list[IntArray]:
    """Groups of which one may be chosen, so that only candidates of `beside` stand together in a cluster.

    Parameters
    ----------
    clusters : array (candidates,)
    beside : array (candidates,) of bool
        May stand beside others of this kind (importance demands it).
    """
    groups = []
    for cluster in np.unique(clusters):
        members = clusters == cluster
        plain, special = np.flatnonzero(members & ~beside), np.flatnonzero(members & beside)
        groups += [np.append(plain, one) for one in special] or [plain]
    return [np.sort(group) for group in groups if len(group) > 1]


def _cells(name: str, declared: Mapping[str, Measure]) -> Iterator[tuple[str, str]]:
    measure = declared.get(name)
    if measure is None:
        yield ("measure", name)
    elif measure.ndb is not None:
        items = measure.ndb
        yield from ((f"{items.kind} item", code) for code in items.item_codes | items.only)
        if not items.only:
            yield from ((f"{items.kind} class", code) for code in items.class_codes)
    elif measure.columns:
        yield from ((measure.source, column) for column in measure.columns)
    else:
        yield ("measure", name)


def _largest(holders: Iterable[list[int]]) -> list[IntArray]:
    groups = {tuple(sorted(group)) for group in holders if len(group) > 1}
    kept = [group for group in groups if not any(set(group) < set(other) for other in groups)]
    return [np.array(group, dtype=np.intp) for group in sorted(kept)]
