"""Why our projection and the ministry's differ: one switch at a time, for every area, nothing fitted.

The ministry states neither its age bands nor how local its rates are. What the program can do is turn one of its own
choices into the other and see how much of the gap goes. The gap is that of the growth from 2030 to a later year, at constant
rates on both sides. A gap that chance in small numbers could make needs no other reason. Otherwise the reason is the
switch that takes most of the gap away; one that takes less than a fifth of it is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.projection.compare import (
    OBSERVED_YEAR,
    PROJECTED_YEARS,
    RANKED_PAIRS,
    BesideMinistry,
    agreement,
    agreement_table,
    beside_ministry,
    compare_official,
    rank_correlations,
    relative_difference,
)
from zaitaku_demand.projection.compare_switches import (
    PUBLISHED_BAND,
    SPLIT_BAND,
    chance_error,
    gap_of_unions,
    switched_values,
)
from zaitaku_demand.projection.compare_words import (
    REASONS,
    SMALL_NUMBERS,
    UNEXPLAINED,
    chance_sentence,
    reason_sentence,
    summary,
)
from zaitaku_demand.projection.job import MainJob
from zaitaku_demand.projection.project import Projection, project

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

FIFTH = 0.2
TWO_ERRORS = 1.96
"""Standard errors up to which a gap may be chance."""
MEDIAN_ERROR = 0.6745
"""Median of the absolute value of a standard normal variable."""
LARGEST = 20


@dataclass(frozen=True)
class OfficialComparison:
    """The comparison with the ministry's projection.

    Attributes
    ----------
    pairs : DataFrame
        As `compare_official`.
    ranks : DataFrame
        As `rank_correlations`.
    classes, classes_with_observed : DataFrame
        Areas by class of our peak (rows) and theirs (columns), from 2030; and from their observed year 2024.
    variants : DataFrame
        variant, name_ja, name_en, from_year, to_year, correlation, median (of the differences), median_abs, p95_abs (per
        cent), helped (share of areas whose gap shrinks), reason_of (number of areas of which it is the reason).
        The first is ``as_is``.
    chance : DataFrame
        from_year, to_year, expected_median_abs (per cent: the median gap that chance alone would make), within (share of
        areas whose gap is within two standard errors), rank_correlation (Spearman, of the gap's size and the
        standard error).
    gaps : DataFrame
        One row an area, all of them: the columns of `largest`.
    largest : DataFrame
        area_code, area_name, prefecture_code, prefecture_name, our_peak, their_peak, from_year, to_year, our_index,
        their_index (value of to_year over that of from_year), difference (per cent),
        chance_error (one standard error, per cent), reason, left (difference that the reason leaves, per cent), removed (share of the gap), reason_ja, reason_en.
    summary : list of Text
    """

    pairs: pd.DataFrame
    ranks: pd.DataFrame
    classes: pd.DataFrame
    classes_with_observed: pd.DataFrame
    variants: pd.DataFrame
    chance: pd.DataFrame
    gaps: pd.DataFrame
    largest: pd.DataFrame
    summary: list[Text]


def official_comparison(
    job: MainJob,
    service: int = 0,
    local_profiles: Projection | None = None,
    pair: tuple[int, int] = RANKED_PAIRS[-1],
) -> OfficialComparison:
    """Compare a run with the ministry's projection and give reasons for the gaps.

    Both sides are at constant rates: a path of the run is left out.

    Parameters
    ----------
    job : MainJob
        By the 330 or 339 areas.
    service : int
    local_profiles : Projection, optional
        The same areas and years with age profiles of the areas' own, as one more switch.
    pair : tuple of int
        Years of the growth whose gaps get reasons.

    Raises
    ------
    InputError
        If the areas are not the 330 or 339.
    """
    import pandas as pd

    base = project(job.annual.population, job.annual.rates)
    both = beside_ministry(base, service)
    switched = switched_values(job, base, both, service, local_profiles)
    rows, chances, lefts = [], [], {}
    for first, last in RANKED_PAIRS:
        ours, theirs = both.indices(first, last)
        gap = relative_difference(ours, theirs)
        left = {
            name: relative_difference(values[:, both.at(last)] / values[:, both.at(first)], theirs)
            for name, values in switched.items()
        }
        left["split_area"] = gap_of_unions(base, both, gap, (first, last))
        error = chance_error(base, both, service, (first, last))
        rows += _variant_rows(gap, theirs, left, (first, last))
        chances.append(_chance_row(gap, error, (first, last)))
        lefts[first, last] = (gap, left, error)
    variants, chance = pd.DataFrame(rows), pd.DataFrame(chances)
    is_pair = (variants["from_year"] == pair[0]) & (variants["to_year"] == pair[1])
    helped = {str(row["variant"]): float(row["helped"]) for row in variants[is_pair].to_dict("records")}
    gaps = _gaps(job, both, pair, *lefts[pair], helped)
    counts = gaps["reason"].value_counts()
    variants["reason_of"] = np.where(is_pair, variants["variant"].map(counts).fillna(0), 0).astype(int)
    largest = gaps.loc[gaps["difference"].abs().sort_values(ascending=False, kind="stable").index[:LARGEST]]
    largest = largest.reset_index(drop=True)
    classes = agreement_table(*both.peaks(PROJECTED_YEARS), PROJECTED_YEARS)
    with_observed = (OBSERVED_YEAR, *PROJECTED_YEARS)
    classes_2024 = agreement_table(*both.peaks(with_observed), with_observed)
    ranks = rank_correlations(both)
    growth = {
        side: float(values[:, both.at(PROJECTED_YEARS[0])].sum() / values[:, both.at(OBSERVED_YEAR)].sum())
        for side, values in (("ours", both.ours), ("theirs", both.theirs))
    }
    return OfficialComparison(
        pairs=compare_official(base, service),
        ranks=ranks,
        classes=classes,
        classes_with_observed=classes_2024,
        variants=variants,
        chance=chance,
        gaps=gaps,
        largest=largest,
        summary=summary(
            agreement(classes), agreement(classes_2024), ranks, variants, chance, largest, growth, pair
        ),
    )


def removed_share(gap: npt.ArrayLike, left: npt.ArrayLike) -> FloatArray:
    """Share of a gap that a switch takes away; negative if it grows, 0 where there is none."""
    size = np.abs(np.asarray(gap, dtype=np.float64))
    rest = np.abs(np.asarray(left, dtype=np.float64))
    return np.where(size > 0, 1 - np.divide(rest, size, out=np.ones_like(rest), where=size > 0), 0.0)


def _variant_rows(
    gap: FloatArray,
    theirs: FloatArray,
    left: Mapping[str, FloatArray],
    pair: tuple[int, int],
) -> list[dict[str, object]]:
    rows = []
    for name, difference in {"as_is": gap, **left}.items():
        index = theirs * (1 + difference / 100)
        size = np.abs(difference)
        rows.append(
            {
                "variant": name,
                "name_ja": REASONS[name].ja,
                "name_en": REASONS[name].en,
                "from_year": pair[0],
                "to_year": pair[1],
                "correlation": float(np.corrcoef(index, theirs)[0, 1]),
                "median": float(np.median(difference)),
                "median_abs": float(np.median(size)),
                "p95_abs": float(np.quantile(size, 0.95)),
                "helped": float((size < np.abs(gap)).mean()) if name != "as_is" else float("nan"),
            }
        )
    return rows


def _chance_row(gap: FloatArray, error: FloatArray, pair: tuple[int, int]) -> dict[str, float]:
    from scipy.stats import spearmanr

    return {
        "from_year": pair[0],
        "to_year": pair[1],
        "expected_median_abs": float(np.median(MEDIAN_ERROR * error)),
        "within": float((np.abs(gap) <= TWO_ERRORS * error).mean()),
        "rank_correlation": float(spearmanr(np.abs(gap), error).statistic),
    }


def _gaps(
    job: MainJob,
    both: BesideMinistry,
    pair: tuple[int, int],
    gap: FloatArray,
    left: Mapping[str, FloatArray],
    error: FloatArray,
    helped: Mapping[str, float],
) -> pd.DataFrame:
    """One row an area with its gap and the reason for it."""
    import pandas as pd

    names = np.array(list(left), dtype=object)
    lefts = np.stack(list(left.values()))
    removed = removed_share(np.broadcast_to(gap, lefts.shape), lefts)
    best, row = removed.argmax(axis=0), np.arange(len(gap))
    explained = removed[best, row] >= FIFTH
    chance = np.abs(gap) <= TWO_ERRORS * error
    reason = np.where(chance, SMALL_NUMBERS, np.where(explained, names[best], UNEXPLAINED))
    rest = np.where(chance, 0.0, np.where(explained, lefts[best, row], gap))
    areas = job.annual.population.areas.iloc[both.places].reset_index(drop=True)
    ours, theirs = both.indices(*pair)
    our_peak, their_peak = both.peaks(PROJECTED_YEARS)
    frame = pd.DataFrame(
        {
            "area_code": areas["area_code"],
            "area_name": areas["area_name"],
            "prefecture_code": areas["prefecture_code"],
            "prefecture_name": areas["prefecture_name"],
            "our_peak": our_peak,
            "their_peak": their_peak,
            "from_year": pair[0],
            "to_year": pair[1],
            "our_index": ours,
            "their_index": theirs,
            "difference": gap,
            "chance_error": error,
            "reason": reason,
            "left": rest,
            "removed": removed_share(gap, rest),
        }
    )
    band = PUBLISHED_BAND if job.annual.population.ages.open_from == SPLIT_BAND else SPLIT_BAND
    sentences = [
        chance_sentence(each["difference"], each["chance_error"])
        if each["reason"] == SMALL_NUMBERS
        else reason_sentence(
            each["reason"], each["difference"], each["left"], band, helped.get(each["reason"], 1.0)
        )
        for each in frame.to_dict("records")
    ]
    return frame.assign(reason_ja=[each.ja for each in sentences], reason_en=[each.en for each in sentences])
