"""How far off: a variance of the forecast error in an explicit form, and the widths that make intervals cover.

The error is ln(forecast / observed) of service k at a place, h years ahead::

    nation       c[k] ((1 - w) h + w D(h)^2)                  a random walk, and an error of the damped drift
    prefecture   nation + p1[k] h + p2[k] D(h)^2 + p3[k] h u + counting   the prefecture's own random walk and drift
    area         prefecture + a1[k] h + a2[k] D(h)^2 + a3[k] h u + counting

u = 10,000 / persons of 75 and over: in a small place one clinic that opens or closes moves the whole count.

::

w is common to all services (composite likelihood), c[k] is the service's own scale drawn towards the common one as far
as so few shocks cannot tell, p and a are moments of what places do besides the nation or their prefecture, counting
removed. The errors have longer tails than a normal distribution; so an interval is as many standard deviations wide
as held the share of the standardised errors of *other* places or years (conformal prediction, Vovk et al. 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zaitaku_demand.backtest.errors import Errors
from zaitaku_demand.backtest.panel import sum_by
from zaitaku_demand.rates.trend import damped_sum

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

COVERAGES = (0.80, 0.95)
PARTS = ("walk", "drift", "small")
"""Own path of a place: variance a year, times D(h)^2, and a year times 10,000 / persons of 75 and over."""

LEAST_SIZE = 5_000.0
LEAST_DEVIATIONS = 30
_DRIFT_SHARES = np.linspace(0.0, 1.0, 21)


@dataclass(frozen=True)
class ErrorModel:
    """Variance of the error of one method.

    Attributes
    ----------
    services : tuple of str
    damping : array (services,)
    walk, drift : arrays (services,)
        Nation: variance a year of the random walk, and of the drift (times D(h) squared).
    prefecture, area : arrays (services, 3)
        Variance of the own path, `PARTS`; NaN where there are too few errors.
    """

    services: tuple[str, ...]
    damping: FloatArray
    walk: FloatArray
    drift: FloatArray
    prefecture: FloatArray
    area: FloatArray

    def nation_variance(self, horizon: npt.NDArray[np.int64]) -> FloatArray:
        """Variance at the nation, array (services, horizons)."""
        return self.walk[:, None] * horizon + self.drift[:, None] * fades(horizon, self.damping) ** 2

    def variance(self, errors: Errors) -> FloatArray:
        """Variance of every error, array (services, pairs, places)."""
        nation = self.nation_variance(errors.horizon)[:, :, None]
        if errors.level == "nation":
            return np.asarray(nation + 0 * errors.counting)
        faded = fades(errors.horizon, self.damping)
        own = _own(self.prefecture, errors.horizon, faded, whole_prefectures(errors))
        if errors.level == "area":
            own = own + _own(self.area, errors.horizon, faded, errors.size)
        return np.asarray(nation + own + errors.counting)


def smallness(size: FloatArray) -> FloatArray:
    """10,000 over the persons of 75 and over; places under `LEAST_SIZE`, of which few could be judged, as those."""
    return np.asarray(10_000 / np.maximum(size, LEAST_SIZE))


def whole_prefectures(errors: Errors) -> FloatArray:
    """Persons of 75 and over in the prefecture of every place, array (pairs, places)."""
    number = int(errors.parent.max()) + 1
    sums = sum_by(errors.size, errors.parent, number)
    return np.asarray(sums[:, errors.parent])


def fades(horizon: npt.NDArray[np.int64], damping: FloatArray) -> FloatArray:
    """D(h) by service, array (services, horizons)."""
    return np.stack([damped_sum(horizon, phi) for phi in damping])


def fit_error_model(
    nation: Errors,
    prefectures: Errors,
    areas: Errors,
    method: str,
    damping: FloatArray,
    *,
    area_method: str | None = None,
    pairs_prefecture: BoolArray | None = None,
    pairs_area: BoolArray | None = None,
    places_prefecture: BoolArray | None = None,
    places_area: BoolArray | None = None,
) -> ErrorModel:
    """Variances from the errors of the pairs and places that are given (all by default).

    Parameters
    ----------
    nation, prefectures, areas : Errors
        The nation as the sum of the prefectures, so its pairs are those of `prefectures`.
    method : str
    damping : array (services,)
    area_method : str, optional
        Method of the areas, if it differs by the ratio it takes.
    pairs_prefecture, pairs_area : arrays (pairs,) of bool, optional
    places_prefecture, places_area : arrays (places,) of bool, optional
    """
    national = nation.log_error[nation.place(method), :, :, 0]
    use = _all(pairs_prefecture, national.shape[1])
    walk, drift = nation_scale(
        np.where(use, national, np.nan), nation.horizon, fades(nation.horizon, damping)
    )
    prefecture = prefectures.log_error[prefectures.place(method)]
    own = own_variance(
        (prefecture - national[:, :, None])[:, use][:, :, _all(places_prefecture, prefecture.shape[2])],
        prefectures.counting[:, use][:, :, _all(places_prefecture, prefecture.shape[2])],
        prefectures.horizon[use],
        fades(prefectures.horizon[use], damping),
        prefectures.size[use][:, _all(places_prefecture, prefecture.shape[2])],
    )
    area = areas.log_error[areas.place(area_method or method)]
    matching = _matching(areas, prefectures)
    deviation = area - prefecture[:, matching][:, :, areas.parent]
    use_area = _all(pairs_area, area.shape[1])
    inside = _all(places_area, area.shape[2])
    own_area = own_variance(
        deviation[:, use_area][:, :, inside],
        areas.counting[:, use_area][:, :, inside],
        areas.horizon[use_area],
        fades(areas.horizon[use_area], damping),
        areas.size[use_area][:, inside],
    )
    return ErrorModel(nation.services, damping, walk, drift, own, own_area)


def nation_scale(
    errors: FloatArray, horizon: npt.NDArray[np.int64], faded: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Variance a year of the random walk and of the drift by service.

    Errors of one series overlap, so a service tells as much about its scale as it has target years. The scale of a
    service is its own mean square drawn towards the common one in the logarithm (variance of ln of a mean of n squares
    2 / n; between services by moments).

    Parameters
    ----------
    errors : array (services, pairs)
        NaN where there is none.
    horizon : array (pairs,)
    faded : array (services, pairs)
        D(h).
    """
    seen = np.isfinite(errors)
    square = np.where(seen, errors**2, 0.0)
    best, chosen, scale = -np.inf, 0.0, np.zeros(len(errors))
    for share in _DRIFT_SHARES:
        form = (1 - share) * horizon + share * faded**2
        usable = seen & (form > 0)
        each = np.where(usable, square / np.where(form > 0, form, 1.0), 0.0)
        number = usable.sum(axis=1)
        mean = np.divide(each.sum(axis=1), number, out=np.full(len(errors), np.nan), where=number > 0)
        positive = mean > 0
        logs = np.where(usable, np.log(np.where(form > 0, form, 1.0)), 0.0).sum(axis=1)
        # Every service counts once, however many overlapping pairs it has.
        parts = -0.5 * (np.log(np.where(positive, mean, 1.0)) + logs / np.maximum(number, 1))
        likelihood = parts[positive].sum()
        if likelihood > best:
            best, chosen, scale = likelihood, share, mean
    shocks = np.array([len(np.unique(horizon[row])) for row in seen], dtype=np.float64)
    shrunk = _drawn_together(scale, shocks)
    return np.asarray((1 - chosen) * shrunk), np.asarray(chosen * shrunk)


def own_variance(
    deviation: FloatArray,
    counting: FloatArray,
    horizon: npt.NDArray[np.int64],
    faded: FloatArray,
    size: FloatArray,
) -> FloatArray:
    """Variance of what places do on their own, array (services, 3): `PARTS`.

    Non-negative least squares of the squared deviations, counting removed, on the three forms; squares scatter in
    proportion to their mean, so they are weighted by the fit before (three rounds).

    Parameters
    ----------
    deviation, counting : arrays (services, pairs, places)
    horizon : array (pairs,)
    faded : array (services, pairs)
        D(h).
    size : array (pairs, places)
        Persons of 75 and over.

    Returns
    -------
    array (services, 3)
        NaN for a service with fewer than `LEAST_DEVIATIONS`.
    """
    from scipy.optimize import nnls

    out = np.full((len(deviation), len(PARTS)), np.nan)
    forms = _forms(horizon, faded, size)
    for row in range(len(out)):
        there = np.isfinite(deviation[row])
        if there.sum() < LEAST_DEVIATIONS:
            continue
        design = np.stack([form[row][there] for form in forms], axis=1)
        square = deviation[row][there] ** 2 - counting[row][there]
        expected = design[:, 0]
        for _ in range(3):
            weight = 1 / (expected + counting[row][there])
            out[row] = nnls(design * weight[:, None], square * weight)[0]
            expected = np.maximum(design @ out[row], design[:, 0] * np.abs(square).mean() * 1e-3)
    return out


def widths(standardised: FloatArray) -> FloatArray:
    """Half-widths, in standard deviations, that hold 80 and 95 % of standardised errors; array (coverages,).

    The quantile of rank (n + 1) share, between two errors by interpolation, so that a new exchangeable error is held with
    that chance.
    """
    sizes = np.sort(np.abs(standardised[np.isfinite(standardised)]))
    if len(sizes) == 0:
        return np.full(len(COVERAGES), np.nan)
    ranks = (len(sizes) + 1) * np.array(COVERAGES)
    return np.asarray(np.interp(ranks, np.arange(1, len(sizes) + 1), sizes))


def normal_scale(half_widths: FloatArray) -> FloatArray:
    """Factor on the standard deviation that lets a normal distribution come closest to both half-widths.

    Least squares on the quantiles of 80 and 95 %; array (...,) from (..., coverages).
    """
    from scipy.stats import norm

    normal = norm.ppf(0.5 + np.array(COVERAGES) / 2)
    return np.asarray((half_widths * normal).sum(axis=-1) / (normal**2).sum())


def _drawn_together(scale: FloatArray, shocks: FloatArray) -> FloatArray:
    known = (scale > 0) & (shocks > 0)
    if not known.any():
        return np.zeros_like(scale)
    logs = np.log(np.where(known, scale, 1.0))
    noise = 2 / np.maximum(shocks, 1)
    centre = float(np.average(logs[known], weights=1 / noise[known]))
    between = max(float(((logs - centre) ** 2 - noise)[known].mean()), 0.0)
    kept = np.where(known, between / (between + noise), 0.0)
    return np.exp(centre + kept * (logs - centre))


def _own(
    parts: FloatArray, horizon: npt.NDArray[np.int64], faded: FloatArray, size: FloatArray
) -> FloatArray:
    forms = _forms(horizon, faded, size)
    return np.asarray(sum(parts[:, [place]][..., None] * form for place, form in enumerate(forms)))


def _forms(horizon: npt.NDArray[np.int64], faded: FloatArray, size: FloatArray) -> list[FloatArray]:
    """h, D(h)^2 and h / size, arrays (services, pairs, places)."""
    shape = (len(faded), *size.shape)
    return [
        np.broadcast_to(horizon[:, None].astype(np.float64), shape),
        np.broadcast_to(faded[:, :, None] ** 2, shape),
        np.broadcast_to(horizon[:, None] * smallness(size), shape),
    ]


def _all(given: BoolArray | None, size: int) -> BoolArray:
    return np.ones(size, dtype=bool) if given is None else given


def _matching(areas: Errors, prefectures: Errors) -> npt.NDArray[np.int64]:
    """Pair of the prefectures for each pair of the areas."""
    index = {pair: row for row, pair in enumerate(zip(prefectures.origin, prefectures.horizon, strict=True))}
    return np.array([index[pair] for pair in zip(areas.origin, areas.horizon, strict=True)])
