"""Rows of the reliability table that rest on several years."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.benchmark.ranks import point_ranks
from zaitaku_demand.research.panel import Series
from zaitaku_demand.research.reliability.bootstrap import percentile_limits, resamples
from zaitaku_demand.research.reliability.likelihood import CountKind
from zaitaku_demand.research.reliability.one_year import on_scale, scales
from zaitaku_demand.research.reliability.settings import ReliabilitySettings
from zaitaku_demand.research.reliability.years import (
    Interval,
    YearComponents,
    concordance,
    correlation,
    icc_agreement,
    icc_consistency,
    lasting_reliability,
    year_components,
    years_needed,
)

Row = dict[str, object]
_SPLIT_STATISTICS = ("split_year_odd_even", "split_year_halves")
_COMPONENTS = ("variance_place", "variance_place_year", "variance_chance")


def rows_over_years(series: Series, settings: ReliabilitySettings) -> Iterator[Row]:
    """ICC, agreement of halves of the years, components of variance and years needed.

    Parameters
    ----------
    series : Series
        Of any kind; a characteristic without counts has no chance component.
    settings : ReliabilitySettings

    Yields
    ------
    dict
        statistic, method, estimate, lower, upper, n_places, note and `parameters_more`.
    """
    statistics = ["icc", *_SPLIT_STATISTICS, "lasting_reliability", *_COMPONENTS]
    statistics += [f"years_for_{target:g}" for target in settings.targets]
    if len(series.years) < 2:
        for statistic in statistics:
            yield {"statistic": statistic, "note": "one_year"}
        return
    values, variances, scale = _scaled(series)
    complete = np.asarray(~np.isnan(values).any(axis=-1))
    shown = int(complete.sum())
    if shown < settings.least_complete:
        for statistic in statistics[:3]:
            yield {"statistic": statistic, "n_places": shown, "note": "too_few_complete"}
    else:
        iccs: tuple[tuple[str, Callable[..., Interval]], ...] = (
            ("icc_agreement", icc_agreement),
            ("icc_consistency", icc_consistency),
        )
        for method, function in iccs:
            found = function(values[complete], settings.confidence)
            yield {"statistic": "icc", "method": method, **_of(found), "n_places": shown, "scale": scale}
        yield from _split_years(series, complete, settings)
    yield from _component_rows(values, variances, scale, settings)


def _scaled(series: Series) -> tuple[FloatArray, FloatArray, str]:
    """Figures (places, years) on the scale with constant chance variance, and that variance."""
    if series.kind == "normal":
        return series.value, np.where(np.isnan(series.value), np.nan, 0.0), "value"
    kind: CountKind = "binomial" if series.kind == "binomial" else "poisson"
    scale = scales(kind)[0]
    values, variances = on_scale(kind, scale, series.events.T, series.size.T)
    return values.T, variances.T, scale


def _split_years(
    series: Series, complete: npt.NDArray[np.bool_], settings: ReliabilitySettings
) -> Iterator[Row]:
    middle = (len(series.years) + 1) // 2
    splits = (
        ([year for year in series.years if year % 2], [year for year in series.years if not year % 2]),
        (series.years[:middle], series.years[middle:]),
    )
    for statistic, (first, second) in zip(_SPLIT_STATISTICS, splits, strict=True):
        if not first or not second:
            yield {"statistic": statistic, "note": "not_estimable"}
            continue
        x, y = (_mean_figure(series.in_years(years))[complete] for years in (first, second))
        ranked = point_ranks(x), point_ranks(y)
        for method, found in (
            ("pearson", correlation(x, y, settings.confidence)),
            ("spearman", correlation(*ranked, settings.confidence)),
            ("concordance", concordance(x, y, settings.confidence)),
        ):
            yield {
                "statistic": statistic,
                "method": method,
                **_of(found),
                "n_places": int(complete.sum()),
                "years": [list(first), list(second)],
            }


def _mean_figure(series: Series) -> FloatArray:
    """Figure of all years of a series together, array (places,)."""
    return divide(series.numerator.sum(axis=-1), series.exposure.sum(axis=-1)) * series.multiplier


def _component_rows(
    values: FloatArray, variances: FloatArray, scale: str, settings: ReliabilitySettings
) -> Iterator[Row]:
    known = (~np.isnan(values)).sum(axis=-1) >= 2
    places = int(known.sum())
    names = ["lasting_reliability", *_COMPONENTS, *(f"years_for_{target:g}" for target in settings.targets)]
    if places < settings.least_places:
        for name in names:
            yield {"statistic": name, "n_places": places, "note": "too_few_places"}
        return
    y, v = values[known], variances[known]
    again = resamples(places, settings.bootstrap, settings.seed)
    point = _quantities(year_components(y, v), settings.targets)
    replicates = _quantities(year_components(y[again], v[again]), settings.targets)
    for name, value, several in zip(names, point, replicates, strict=True):
        lower, upper = percentile_limits(several, settings.confidence)
        note = "nothing_lasts" if np.isinf(value) else "limit_open" if np.isinf(upper) else ""
        yield {
            "statistic": name,
            "method": "components",
            "estimate": float(value) if np.isfinite(value) else np.nan,
            "lower": lower if np.isfinite(lower) else np.nan,
            "upper": upper if np.isfinite(upper) else np.nan,
            "n_places": places,
            "note": note,
            "scale": scale,
        }


def _quantities(components: YearComponents, targets: Sequence[float]) -> list[FloatArray]:
    total = components.place + components.place_year + components.chance
    shares = [divide(part, total) for part in components]
    return [
        lasting_reliability(components),
        *shares,
        *(years_needed(components, target) for target in targets),
    ]


def _of(interval: Interval) -> Row:
    return {
        "estimate": float(interval.value),
        "lower": float(interval.lower),
        "upper": float(interval.upper),
    }
