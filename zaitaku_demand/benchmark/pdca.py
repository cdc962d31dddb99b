"""PDCA sheet of a plan period: baseline, target, actual, gap, attainment, where the present trend leads, verdict.

The figure followed is the indicator's value (rate or SCR); where the target comes from the growth of demand it is
the count behind it, since a demand of 1.2 times needs 1.2 times as many visits, not a rate 1.2 times as high.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.parameters import PdcaParameters, PlanPeriod
from zaitaku_demand.benchmark.pdca_words import TARGET_BASES, pdca_verdict

FloatArray = npt.NDArray[np.float64]

PDCA_COLUMNS = (
    "indicator_id",
    "area_code",
    "period",
    "figure",
    "baseline_year",
    "baseline",
    "target",
    "target_basis",
    "target_basis_ja",
    "target_basis_en",
    "actual_year",
    "actual",
    "gap",
    "attainment",
    "trend_points",
    "expected_at_trend",
    "expected_lower",
    "expected_upper",
    "verdict",
    "verdict_ja",
    "verdict_en",
)
_SHOWN = ("observed", "estimated")


@dataclass(frozen=True)
class Trend:
    """Points of weighted log-linear trends carried on to one year; arrays (series,).

    Attributes
    ----------
    points : array of int
        Years used; 0 where no trend can be had (fewer than three, a value of 0 among them, or the last too old).
    expected, lower, upper : arrays
        Expected figure and its prediction interval, on the scale of the figures.
    """

    points: npt.NDArray[np.int64]
    expected: FloatArray
    lower: FloatArray
    upper: FloatArray


def pdca_sheet(
    benchmark: pd.DataFrame,
    indicators: pd.DataFrame,
    period: PlanPeriod,
    parameters: PdcaParameters | None = None,
    *,
    areas: Iterable[str] | None = None,
    targets: pd.DataFrame | None = None,
    peers: pd.DataFrame | None = None,
    growth: pd.DataFrame | None = None,
    breaks: Mapping[str, Iterable[int]] | None = None,
) -> pd.DataFrame:
    """One row an indicator and place with figures.

    Parameters
    ----------
    benchmark : DataFrame
        Rows of one level, all years: indicator_id, area_code, year, state, numerator, value, lower, upper.
    indicators : DataFrame
        indicator_id, better.
    period : PlanPeriod
    parameters : PdcaParameters, optional
        `basis` says where targets come from that the user does not set.
    areas : iterable of str, optional
        Places wanted; all if None.
    targets : DataFrame, optional
        The user's: indicator_id, area_code, target (in the unit of the value). They come first.
    peers : DataFrame, optional
        area_code, peer_code; target = the peers' best fifth in the baseline year, or the baseline where the
        place is beyond it already.
    growth : DataFrame, optional
        area_code, year, value: projected demand; target = baseline count x demand of the period's last year /
        demand of the baseline year (interpolated between the years given, never beyond them). Used with basis
        ``demand`` and indicators of which more is better.
    breaks : mapping, optional
        First years of new series by indicator; the trend uses years after the latest break only.

    Returns
    -------
    DataFrame
        `PDCA_COLUMNS`. gap = target - latest figure (the actual, or the baseline while there is none);
        attainment = (actual - baseline) / (target - baseline), NaN without actual or where the target is the
        baseline.
    """
    settings = parameters or PdcaParameters()
    shown = benchmark[benchmark["state"].isin(_SHOWN) & benchmark["value"].notna()]
    wanted = sorted(set(shown["area_code"]) if areas is None else set(areas))
    better = indicators.set_index("indicator_id")["better"]
    mine = shown[shown["area_code"].isin(wanted) & shown["indicator_id"].isin(better.index)]
    keys = ["indicator_id", "area_code"]
    before = _last(mine[mine["year"] < period.first_year], "baseline")
    within = _last(mine[mine["year"].between(period.first_year, period.last_year)], "actual")
    sheet = mine[keys].drop_duplicates().sort_values(keys, ignore_index=True)
    sheet = sheet.merge(before, on=keys, how="left").merge(within, on=keys, how="left")
    sheet["period"] = period.name
    sheet["better"] = sheet["indicator_id"].map(better)
    if "fiscal_year" in indicators:
        sheet["fiscal_year"] = sheet["indicator_id"].map(indicators.set_index("indicator_id")["fiscal_year"])
    sheet = _with_targets(sheet, shown, period, settings, targets, peers, growth)
    by_count = (sheet["figure"] == "numerator").to_numpy()
    for name in ("baseline", "actual"):
        sheet[name] = np.where(by_count, sheet[f"{name}_numerator"], sheet[f"{name}_value"])
    trend = _trends(sheet, mine, period, settings, breaks or {}, by_count)
    sheet["trend_points"] = trend.points
    sheet["expected_at_trend"] = trend.expected
    sheet["expected_lower"], sheet["expected_upper"] = trend.lower, trend.upper
    latest = sheet["actual"].fillna(sheet["baseline"])
    sheet["gap"] = sheet["target"] - latest
    way = sheet["target"] - sheet["baseline"]
    sheet["attainment"] = (sheet["actual"] - sheet["baseline"]) / way.where(way != 0)
    sheet["target_basis_ja"] = [TARGET_BASES[basis].ja for basis in sheet["target_basis"]]
    sheet["target_basis_en"] = [TARGET_BASES[basis].en for basis in sheet["target_basis"]]
    words = [
        pdca_verdict({str(key): value for key, value in row.items()}, period)
        for row in sheet.to_dict("records")
    ]
    sheet["verdict"] = [verdict for verdict, _ in words]
    sheet["verdict_ja"] = [text.ja for _, text in words]
    sheet["verdict_en"] = [text.en for _, text in words]
    for column in ("baseline_year", "actual_year"):
        sheet[column] = sheet[column].astype("Int64")
    return sheet[list(PDCA_COLUMNS)]


def log_linear_trend(
    years: FloatArray, values: FloatArray, weights: FloatArray, year: float, confidence: float = 0.95
) -> Trend:
    """Weighted least squares of log value on year, carried on to `year`.

    Parameters
    ----------
    years : array (years,)
    values : array (series, years)
        Figures; NaN where not used.
    weights : array (series, years)
        1 / variance of the log value; NaN or 0: the mean weight of the series.
    year : float
    confidence : float

    Returns
    -------
    Trend
        ``exp(a + b year)`` with the prediction interval
        ``exp(a + b year +- t(n - 2) sqrt(phi (1/w + 1/W + (year - m)^2 / S)))``: w the mean weight, W the sum of
        the weights, m the weighted mean year, S the weighted sum of squares, phi = max(1, chi2 / (n - 2)), so that
        scatter beyond the intervals widens it (Draper and Smith 1998, sections 3.1 and 9.2).
    """
    from scipy.special import stdtrit

    used = ~np.isnan(values)
    positive = np.where(used & (values > 0), values, 1.0)
    usable = (used.sum(axis=1) >= 3) & ~(used & (values <= 0)).any(axis=1)
    good = used & np.isfinite(weights) & (weights > 0)
    mean_weight = np.divide(
        np.where(good, weights, 0.0).sum(axis=1),
        good.sum(axis=1),
        out=np.ones(len(values)),
        where=good.any(axis=1),
    )[:, None]
    w = np.where(good, weights, mean_weight) * used
    y = np.log(positive)
    total = np.where(usable, w.sum(axis=1), 1.0)[:, None]
    centre = (w * years).sum(axis=1, keepdims=True) / total
    mean = (w * y).sum(axis=1, keepdims=True) / total
    away = years - centre
    squares = (w * away**2).sum(axis=1, keepdims=True)
    squares = np.where(squares > 0, squares, 1.0)
    slope = (w * away * (y - mean)).sum(axis=1, keepdims=True) / squares
    count = used.sum(axis=1)
    freedom = np.maximum(count - 2, 1)
    chi2 = (w * (y - mean - slope * away) ** 2).sum(axis=1)
    phi = np.maximum(1.0, chi2 / freedom)
    expected = (mean + slope * (year - centre))[:, 0]
    variance = phi * (1 / mean_weight + 1 / total + (year - centre) ** 2 / squares)[:, 0]
    reach = stdtrit(freedom, 0.5 + confidence / 2) * np.sqrt(variance)
    with np.errstate(over="ignore"):
        bounds = [np.where(usable, np.exp(x), np.nan) for x in (expected, expected - reach, expected + reach)]
    return Trend(np.where(usable, count, 0), *bounds)


def demand_growth(
    growth: pd.DataFrame, codes: npt.NDArray[np.object_], from_year: FloatArray, to_year: int
) -> FloatArray:
    """Demand of `to_year` over demand of `from_year` by place; NaN outside the years given.

    Parameters
    ----------
    growth : DataFrame
        area_code, year, value.
    codes, from_year : arrays (rows,)
    to_year : int
    """
    factor = np.full(codes.shape, np.nan)
    for code, series in growth.sort_values("year").groupby("area_code"):
        at = codes == code
        if not at.any():
            continue
        years, values = series["year"].to_numpy(np.float64), series["value"].to_numpy(np.float64)
        then = np.interp(from_year[at], years, values, left=np.nan, right=np.nan)
        later = np.interp(float(to_year), years, values, left=np.nan, right=np.nan)
        factor[at] = np.divide(later, then, out=np.full(then.shape, np.nan), where=then > 0)
    return factor


def _last(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Latest row of each indicator and place."""
    latest = rows.sort_values("year").drop_duplicates(["indicator_id", "area_code"], keep="last")
    renamed = latest[["indicator_id", "area_code", "year", "numerator", "value", "lower", "upper"]]
    return renamed.rename(
        columns={c: f"{name}_{c}" for c in ("year", "numerator", "value", "lower", "upper")}
    )


def _with_targets(
    sheet: pd.DataFrame,
    shown: pd.DataFrame,
    period: PlanPeriod,
    settings: PdcaParameters,
    targets: pd.DataFrame | None,
    peers: pd.DataFrame | None,
    growth: pd.DataFrame | None,
) -> pd.DataFrame:
    """Target, its basis, and the figure it is set for."""
    target = np.full(len(sheet), np.nan)
    basis = np.full(len(sheet), "none", dtype=object)
    better = sheet["better"].to_numpy(object)
    baseline = sheet["baseline_value"].to_numpy(np.float64)
    if settings.basis == "peers" and peers is not None:
        best = _best_fifth(sheet, shown, peers, settings)
        reached = np.where(better == "less", baseline <= best, baseline >= best)
        target = np.where(reached, baseline, best)
        basis = np.where(np.isnan(target), "none", np.where(reached, "kept", "peers")).astype(object)
    if settings.basis == "demand" and growth is not None:
        codes, years = sheet["area_code"].to_numpy(object), sheet["baseline_year"].to_numpy(np.float64)
        factor = demand_growth(growth, codes, years, period.last_year)
        target = np.where(better == "more", sheet["baseline_numerator"].to_numpy(np.float64) * factor, np.nan)
        basis = np.where(np.isnan(target), "none", "demand").astype(object)
    basis[(better == "neutral") & (basis == "none")] = "neutral"
    if targets is not None:
        own = (
            sheet[["indicator_id", "area_code"]]
            .merge(
                targets[["indicator_id", "area_code", "target"]], on=["indicator_id", "area_code"], how="left"
            )["target"]
            .to_numpy(np.float64)
        )
        target = np.where(np.isnan(own), target, own)
        basis[~np.isnan(own)] = "user"
    figure = np.where(basis == "demand", "numerator", "value")
    return sheet.assign(target=target, target_basis=basis, figure=figure)


def _best_fifth(
    sheet: pd.DataFrame, shown: pd.DataFrame, peers: pd.DataFrame, settings: PdcaParameters
) -> FloatArray:
    """The peers' best fifth in each row's baseline year; NaN for neutral indicators and with too few peers."""
    from zaitaku_demand.benchmark.peers import peer_summary

    better = sheet.drop_duplicates("indicator_id").set_index("indicator_id")["better"].to_dict()
    summary = peer_summary(
        shown, peers, {str(key): str(way) for key, way in better.items()}, settings.best_share
    )
    summary = summary[summary["n_peers"] >= settings.least_peers]
    joined = sheet.merge(
        summary,
        left_on=["indicator_id", "area_code", "baseline_year"],
        right_on=["indicator_id", "area_code", "year"],
        how="left",
    )
    return joined["peer_best_fifth"].to_numpy(np.float64)


def _trends(
    sheet: pd.DataFrame,
    rows: pd.DataFrame,
    period: PlanPeriod,
    settings: PdcaParameters,
    breaks: Mapping[str, Iterable[int]],
    by_count: npt.NDArray[np.bool_],
) -> Trend:
    """Trend of each row's figure over its last points up to the period's last year, after the latest break."""
    from scipy.special import ndtri

    known = rows[rows["year"] <= period.last_year]
    years = np.sort(known["year"].unique())
    index = pd.MultiIndex.from_frame(sheet[["indicator_id", "area_code"]])

    def wide(column: str) -> FloatArray:
        table = known.pivot(index=["indicator_id", "area_code"], columns="year", values=column)
        return table.reindex(index=index, columns=years).to_numpy(np.float64)

    value, lower, upper = wide("value"), wide("lower"), wide("upper")
    figures = np.where(by_count[:, None], wide("numerator"), value)
    latest_break = [
        max((one for one in breaks.get(name, ()) if one <= period.last_year), default=-(10**6))
        for name in sheet["indicator_id"]
    ]
    figures[years[None, :] < np.array(latest_break)[:, None]] = np.nan
    from_end = np.cumsum(~np.isnan(figures[:, ::-1]), axis=1)[:, ::-1]
    figures[from_end > settings.trend_points] = np.nan
    last = np.where(~np.isnan(figures), years, -np.inf).max(axis=1, initial=-np.inf)
    figures[period.last_year - last > settings.longest_horizon] = np.nan
    z = float(ndtri(0.5 + settings.confidence / 2))
    bounded = (lower > 0) & (upper > lower)
    width = np.log(np.where(bounded, upper, 1.0) / np.where(bounded, lower, 1.0))
    weights = np.divide(4 * z**2, width**2, out=np.full(width.shape, np.nan), where=bounded)
    return log_linear_trend(years.astype(np.float64), figures, weights, period.last_year, settings.confidence)
