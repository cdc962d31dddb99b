"""What every association model returns, and the codes of what could not be estimated."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from zaitaku_demand.benchmark.intervals import tail
from zaitaku_demand.text import Text

NOTES: dict[str, Text] = {
    "no_overlap": Text(
        "アウトカムと説明変数がともに得られる年・地域がない",
        "outcome and exposure are not known together for any place and year",
    ),
    "few_places": Text(
        "都道府県（クラスター）の数が、推定する係数に対して少なすぎる",
        "too few prefectures (clusters) for the number of coefficients",
    ),
    "collinear": Text(
        "説明変数が交絡因子または年と区別できない（共線）",
        "the exposure cannot be told apart from the confounders or the years (collinear)",
    ),
    "no_within_variation": Text(
        "説明変数が地域内で年により変わらないため、固定効果では推定できない",
        "the exposure does not change over the years within places, so fixed effects cannot estimate it",
    ),
    "no_between_variation": Text(
        "説明変数の地域平均に差がない",
        "the places do not differ in their average exposure",
    ),
    "no_events": Text("ある年の件数がすべて0である", "a year has no events at all"),
    "few_values": Text(
        "説明変数の値が少なく、曲線の節点を置けない",
        "the exposure has too few distinct values for the knots of a curve",
    ),
    "zeros": Text(
        "説明変数に0の値があり、倍になるという尺度を使えない",
        "the exposure has values of 0, so the scale of doublings cannot be used",
    ),
    "not_converged": Text("計算が収束しなかった", "the calculation did not converge"),
    "shared_measure": Text(
        "アウトカムと説明変数が同じ件数から作られているため、関連を推定しない",
        "outcome and exposure are made of the same count, so no association is estimated",
    ),
}
"""Code in the column ``note`` → what it means."""


class Estimate(NamedTuple):
    """Association of one exposure with one outcome by one model.

    Attributes
    ----------
    method : str
        Key of the model.
    estimate : float
        Logarithm of the rate ratio per unit of the design's x; NaN where it cannot be had (see `note`).
    standard_error : float
    lower, upper : float
        Limits of the logarithm, by Student's t with `degrees`.
    p_value : float
        Two-sided, of no association.
    degrees : float
        Degrees of freedom of the t distribution.
    n_rows, n_places : int
        Place-years and places the estimate rests on.
    dispersion : float
        Pearson chi-square over its degrees of freedom, with Poisson variance at the mean of the fixed part; 1 where
        the rows differ from the model by chance alone.
    converged : bool
    note : str
        Empty, or a code of :data:`NOTES`.
    """

    method: str
    estimate: float
    standard_error: float
    lower: float
    upper: float
    p_value: float
    degrees: float
    n_rows: int
    n_places: int
    dispersion: float
    converged: bool
    note: str


def made(
    method: str,
    estimate: float,
    standard_error: float,
    degrees: float,
    *,
    n_rows: int,
    n_places: int,
    dispersion: float,
    converged: bool = True,
    confidence: float = 0.95,
) -> Estimate:
    """An estimate with its limits and p-value by Student's t; one that did not converge has no figures."""
    if not (converged and np.isfinite(estimate) and standard_error > 0 and degrees > 0):
        return none(method, n_rows, n_places, "not_converged")
    half = float(-special.stdtrit(degrees, tail(confidence))) * standard_error
    p_value = float(2 * special.stdtr(degrees, -abs(estimate) / standard_error))
    return Estimate(
        method,
        float(estimate),
        float(standard_error),
        float(estimate - half),
        float(estimate + half),
        p_value,
        float(degrees),
        n_rows,
        n_places,
        float(dispersion),
        True,
        "",
    )


def none(method: str, n_rows: int, n_places: int, note: str) -> Estimate:
    """An estimate that cannot be had, with the code of the reason."""
    nan = float("nan")
    return Estimate(method, nan, nan, nan, nan, nan, nan, n_rows, n_places, nan, False, note)
