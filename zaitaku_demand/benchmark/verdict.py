"""From figures to words: better, similar or worse than Japan, and where nothing can be said.

A place is called different where the whole interval of its ratio lies on one side of 1 and reaches beyond what counts
as similar. The funnel limits, widened by the spread usual between places, say whether the difference exceeds that
spread as well. Whether *higher* is *better* is declared with the indicator; neutral indicators are higher or lower
without judgement. No sentence names a cause.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.description import item_text, reading_cautions
from zaitaku_demand.benchmark.parameters import VerdictParameters
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
Verdict = Literal["better", "similar", "worse", "higher", "lower", "not_distinguishable", "no_data"]

VERDICT_NAMES: dict[Verdict, Text] = {
    "better": Text("望ましい水準", "better"),
    "similar": Text("同程度", "similar"),
    "worse": Text("望ましくない水準", "worse"),
    "higher": Text("高い", "higher"),
    "lower": Text("低い", "lower"),
    "not_distinguishable": Text("区別できない", "not distinguishable"),
    "no_data": Text("比較できない", "cannot be compared"),
}
"""Short, as they stand under a heading that names Japan."""

VERDICT_SIGNS: dict[Verdict, str] = {
    "better": "▲",
    "similar": "＝",
    "worse": "▼",
    "higher": "△",
    "lower": "▽",
    "not_distinguishable": "≈",
    "no_data": "－",
}
"""Signs that differ in shape, so that no colour is needed to tell them apart."""

_WITH_FIGURES = ("observed", "estimated")
_ORDER, _DESCENDING = ["key", "_size", "indicator_id"], [False, False, True]


def verdicts(
    ratio_lower: FloatArray,
    ratio_upper: FloatArray,
    funnel_status: npt.NDArray[np.object_],
    better: npt.NDArray[np.object_],
    parameters: VerdictParameters | None = None,
    enough: npt.NDArray[np.bool_] | None = None,
    significant: npt.NDArray[np.bool_] | None = None,
) -> npt.NDArray[np.object_]:
    """Verdict of each row.

    Parameters
    ----------
    ratio_lower, ratio_upper : arrays (rows,)
        Interval of the ratio to Japan (1 = Japan); NaN where there is none.
    funnel_status : array (rows,)
        ``low_998``, ``low_95``, ``inside``, ``high_95``, ``high_998`` or "" (no limits).
    better : array (rows,)
        ``more``, ``less`` or ``neutral``.
    parameters : VerdictParameters, optional
    enough : array (rows,) of bool, optional
        False where the minimum count is not reached: such a row is never called different or similar.
    significant : array (rows,) of bool, optional
        Benjamini-Hochberg flag; where False no difference is named.

    Returns
    -------
    array (rows,) of str
        In this order: without interval *no_data*; interval on one side of 1 and beyond the funnel limits on that side:
        a difference; interval within 1/factor to factor: *similar*; interval on one side of 1: a difference, unless
        only those beyond the spread are wanted; the rest is *not_distinguishable*.
    """
    settings = parameters or VerdictParameters()
    usable = np.ones(ratio_lower.shape, dtype=np.bool_) if enough is None else enough
    named = usable if significant is None else usable & significant
    above, below = ratio_lower > 1, ratio_upper < 1
    beyond = np.where(
        above, beyond_spread(funnel_status, "high", settings), beyond_spread(funnel_status, "low", settings)
    )
    near = (ratio_lower >= 1 / settings.similar_factor) & (ratio_upper <= settings.similar_factor)
    apart = named & (above | below) & (beyond | (~near & (not settings.beyond_spread_only)))
    good = (above & (better == "more")) | (below & (better == "less"))
    neutral = better == "neutral"
    return np.asarray(
        np.select(
            [
                np.isnan(ratio_lower) | np.isnan(ratio_upper),
                apart & neutral & above,
                apart & neutral,
                apart & good,
                apart,
                usable & near,
            ],
            ["no_data", "higher", "lower", "better", "worse", "similar"],
            default="not_distinguishable",
        ),
        dtype=object,
    )


def beyond_spread(
    funnel_status: npt.NDArray[np.object_],
    side: Literal["low", "high"],
    parameters: VerdictParameters | None = None,
) -> npt.NDArray[np.bool_]:
    """Whether the funnel limits on one side are passed: the difference then exceeds the usual spread between places."""
    wide = (parameters or VerdictParameters()).limits == "95"
    return np.isin(funnel_status, [f"{side}_998", *([f"{side}_95"] if wide else [])])


def add_verdicts(
    benchmark: pd.DataFrame,
    indicators: pd.DataFrame,
    parameters: VerdictParameters | None = None,
    significant: npt.NDArray[np.bool_] | None = None,
    enough: npt.NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """The benchmark table with a column ``verdict``.

    Parameters
    ----------
    benchmark : DataFrame
        indicator_id, level, state, numerator, ratio_lower, ratio_upper, funnel_status (benchmark table).
    indicators : DataFrame
        indicator_id, better and, where declared, minimum_count (events a year).
    parameters : VerdictParameters, optional
    significant : array (rows,) of bool, optional
        Benjamini-Hochberg flag of each row.
    enough : array (rows,) of bool, optional
        Whether the row has events enough to be judged; without it, whether the numerator reaches the declared
        minimum. Expected events are the better basis: choosing by the count itself favours high counts.

    Returns
    -------
    DataFrame
        The rows as given; the national row, which is not compared with itself, has "".
    """
    declared = indicators.set_index("indicator_id")
    better = benchmark["indicator_id"].map(declared["better"]).fillna("neutral").to_numpy(object)
    if enough is None and "minimum_count" in declared:
        least = benchmark["indicator_id"].map(declared["minimum_count"]).to_numpy(np.float64)
        enough = ~(benchmark["numerator"].to_numpy(np.float64) < least)
    shown = benchmark["state"].isin(_WITH_FIGURES).to_numpy()
    found = verdicts(
        np.where(shown, benchmark["ratio_lower"].to_numpy(np.float64), np.nan),
        np.where(shown, benchmark["ratio_upper"].to_numpy(np.float64), np.nan),
        benchmark["funnel_status"].fillna("").to_numpy(object),
        better,
        parameters,
        enough,
        significant,
    )
    return benchmark.assign(verdict=np.where(benchmark["level"] == "national", "", found))


def by_verdict(rows: pd.DataFrame) -> dict[Verdict, pd.DataFrame]:
    """Rows of one place by verdict: key indicators first, then those farthest from Japan; no supplements.

    Parameters
    ----------
    rows : DataFrame
        One row an indicator: indicator_id, ratio, verdict, key, supplement_of. Supplements repeat an indicator.
    """
    own = rows[rows["supplement_of"].fillna("") == ""]
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.abs(np.log(own["ratio"].to_numpy(np.float64)))
    own = own.assign(_size=np.nan_to_num(size, nan=-1.0, posinf=np.inf))
    own = own.sort_values(_ORDER, ascending=_DESCENDING)
    return {verdict: own[own["verdict"] == verdict] for verdict in VERDICT_NAMES}


def summary_sentences(profile: pd.DataFrame, indicators: pd.DataFrame, n: int = 3) -> list[Text]:
    """What one place is distinguishably better and worse in, and where nothing can be said.

    Parameters
    ----------
    profile : DataFrame
        Rows of one place, one an indicator: indicator_id, year, ratio, verdict, rank, rank_lower, rank_upper,
        n_places and, where known, area_code, state, funnel_status: differences beyond the limits are said to be so.
    indicators : DataFrame
        indicator_id, name_ja, name_en, better, place, supplement_of, key and, where known, comparison, fiscal_year.
    n : int
        Indicators named in each sentence, in the order of `by_verdict`; the others are counted.

    Returns
    -------
    list of Text
        A count, then better, worse, higher / lower without judgement, not distinguishable, suppressed, no data, and
        how to read them. Empty kinds are said where their absence is news (better, worse), else left out.
    """
    joined = profile.merge(indicators.drop(columns=["year"], errors="ignore"), on="indicator_id", how="inner")
    of = by_verdict(joined)
    every = pd.concat(list(of.values()))
    sentences = [_counted(of, len(every))]
    if len(every) > len(of["no_data"]):
        sentences += [
            _listed(of["better"], n, _BETTER, _NOT_BETTER),
            _listed(of["worse"], n, _WORSE, _NOT_WORSE),
        ]
    neutral = pd.concat([of["higher"], of["lower"]]).sort_values(_ORDER, ascending=_DESCENDING)
    if len(neutral):
        sentences.append(_listed(neutral, n, _DIFFERENT, Text("", "")))
    if len(of["not_distinguishable"]):
        sentences.append(_named(of["not_distinguishable"], n, _NOTHING))
    without = of["no_data"]
    hidden = without["state"] == "suppressed" if "state" in without else without["verdict"] == ""
    sentences += [
        _named(rows, n, lead)
        for rows, lead in ((without[hidden], _HIDDEN), (without[~hidden], _MISSING))
        if len(rows)
    ]
    return [*sentences, *reading_cautions(every[every["verdict"] != "no_data"])]


_BETTER = Text("全国と統計的に区別でき、望ましい方向にある指標：", "Distinguishable from Japan and better: ")
_NOT_BETTER = Text(
    "全国と統計的に区別でき、望ましい方向にあると言える指標はない。",
    "In no indicator is it distinguishably better than Japan.",
)
_WORSE = Text(
    "全国と統計的に区別でき、望ましくない方向にある指標：", "Distinguishable from Japan and worse: "
)
_NOT_WORSE = Text(
    "全国と統計的に区別でき、望ましくない方向にあると言える指標はない。",
    "In no indicator is it distinguishably worse than Japan.",
)
_DIFFERENT = Text(
    "良し悪しを判断しない指標で、全国と統計的に区別できるもの：",
    "Distinguishable from Japan, without judgement of good or bad: ",
)
_NOTHING = Text(
    "件数が少ない、区間が広い、または差が小さいため、全国より高いとも低いとも言えない指標：",
    "Neither higher nor lower than Japan can be claimed, because counts are small, intervals wide or differences slight: ",
)
_HIDDEN = Text(
    "秘匿された値があり、比べられない指標（値が0という意味ではない）：",
    "Suppressed, so that nothing can be compared (which does not mean zero): ",
)
_MISSING = Text("データがなく、比べられない指標：", "No data, so that nothing can be compared: ")


def _counted(of: dict[Verdict, pd.DataFrame], total: int) -> Text:
    counts = {verdict: len(rows) for verdict, rows in of.items()}
    judged = total - counts["no_data"]
    neutral = counts["higher"] + counts["lower"]
    return Text(
        f"{total}指標のうち比べられるのは{judged}指標。全国より望ましい{counts['better']}、同程度{counts['similar']}、"
        f"望ましくない{counts['worse']}、良し悪しを判断せず高い・低い{neutral}、区別できない{counts['not_distinguishable']}。"
        f"残る{counts['no_data']}指標は秘匿またはデータなし。",
        f"Of {total} indicators {judged} can be compared: {counts['better']} better than Japan, {counts['similar']} "
        f"similar, {counts['worse']} worse, {neutral} higher or lower without judgement, "
        f"{counts['not_distinguishable']} not distinguishable. The other {counts['no_data']} are suppressed or without data.",
    )


def _listed(rows: pd.DataFrame, n: int, lead: Text, absent: Text) -> Text:
    """Names with year, ratio to Japan and rank interval of the first `n` indicators."""
    if rows.empty:
        return absent
    return _enumerated([item_text(row) for _, row in rows.head(n).iterrows()], len(rows), lead)


def _named(rows: pd.DataFrame, n: int, lead: Text) -> Text:
    shown = rows.head(n)
    names = [Text(ja, en) for ja, en in zip(shown["name_ja"], shown["name_en"], strict=True)]
    return _enumerated(names, len(rows), lead)


def _enumerated(parts: list[Text], total: int, lead: Text) -> Text:
    rest = total - len(parts)
    more = Text(f"、ほか{rest}指標", f"; and {rest} more") if rest > 0 else Text("", "")
    return Text(
        f"{lead.ja}{'、'.join(part.ja for part in parts)}{more.ja}。",
        f"{lead.en}{'; '.join(part.en for part in parts)}{more.en}.",
    )
