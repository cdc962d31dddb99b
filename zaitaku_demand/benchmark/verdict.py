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

from zaitaku_demand.benchmark.parameters import VerdictParameters
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
Verdict = Literal["better", "similar", "worse", "higher", "lower", "not_distinguishable", "no_data"]

VERDICT_NAMES: dict[Verdict, Text] = {
    "better": Text("全国より望ましい水準", "better than Japan"),
    "similar": Text("全国と同程度", "similar to Japan"),
    "worse": Text("全国より望ましくない水準", "worse than Japan"),
    "higher": Text("全国より高い（良否の判断なし）", "higher than Japan (no judgement)"),
    "lower": Text("全国より低い（良否の判断なし）", "lower than Japan (no judgement)"),
    "not_distinguishable": Text("全国との差を区別できない", "not distinguishable from Japan"),
    "no_data": Text("データなし・秘匿", "no data or suppressed"),
}

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


def summary_sentences(profile: pd.DataFrame, indicators: pd.DataFrame, n: int = 3) -> list[Text]:
    """What one place is distinguishably better and worse in, and where nothing can be said.

    Parameters
    ----------
    profile : DataFrame
        Rows of one place, one an indicator: indicator_id, year, ratio, verdict, rank, rank_lower, rank_upper,
        n_places and, where limits were computed, funnel_status: differences beyond them are said to be so.
    indicators : DataFrame
        indicator_id, name_ja, name_en, place, supplement_of, key. Supplements repeat an indicator and are left out.
    n : int
        Indicators named in each sentence, key indicators and those farthest from Japan first; the others are counted.

    Returns
    -------
    list of Text
        A count, then better, worse, higher / lower without judgement, not distinguishable, no data, and how to
        read them. Empty kinds are said where their absence is news (better, worse), else left out.
    """
    joined = profile.merge(indicators.drop(columns=["year"], errors="ignore"), on="indicator_id", how="inner")
    joined = joined[joined["supplement_of"].fillna("") == ""]
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.abs(np.log(joined["ratio"].to_numpy(np.float64)))
    joined = joined.assign(_size=np.nan_to_num(size, nan=-1.0, posinf=np.inf))
    joined = joined.sort_values(_ORDER, ascending=_DESCENDING)
    of = {verdict: joined[joined["verdict"] == verdict] for verdict in VERDICT_NAMES}
    sentences = [_counted(of, len(joined))]
    if len(joined) > len(of["no_data"]):
        sentences += [
            _listed(
                of["better"],
                n,
                Text("区別できる形で全国より望ましい方向にあるのは", "Distinguishably better than Japan: "),
                Text(
                    "区別できる形で全国より望ましい方向にある指標はない。",
                    "In no indicator is it distinguishably better than Japan.",
                ),
            ),
            _listed(
                of["worse"],
                n,
                Text(
                    "区別できる形で全国より望ましくない方向にあるのは", "Distinguishably worse than Japan: "
                ),
                Text(
                    "区別できる形で全国より望ましくない方向にある指標はない。",
                    "In no indicator is it distinguishably worse than Japan.",
                ),
            ),
        ]
    neutral = pd.concat([of["higher"], of["lower"]]).sort_values(_ORDER, ascending=_DESCENDING)
    if len(neutral):
        sentences.append(
            _listed(
                neutral,
                n,
                Text(
                    "良し悪しの判断をしない指標で全国と差があるのは",
                    "Different from Japan, without judgement of good or bad: ",
                ),
                Text("", ""),
            )
        )
    if len(of["not_distinguishable"]):
        sentences.append(
            _named(
                of["not_distinguishable"],
                n,
                Text(
                    "次の指標は件数が少ないか区間が広く、全国より高いとも低いとも言えない：",
                    "Nothing can be said, because counts are small or intervals wide, about: ",
                ),
            )
        )
    if len(of["no_data"]):
        sentences.append(
            _named(
                of["no_data"],
                n,
                Text("データがないか秘匿されている指標：", "No data, or suppressed: "),
            )
        )
    return [*sentences, *_cautions(joined[joined["verdict"] != "no_data"])]


def _counted(of: dict[Verdict, pd.DataFrame], total: int) -> Text:
    counts = {verdict: len(rows) for verdict, rows in of.items()}
    judged = total - counts["no_data"]
    neutral = counts["higher"] + counts["lower"]
    return Text(
        f"{total}指標のうち数値があるのは{judged}指標。全国より望ましい{counts['better']}、同程度{counts['similar']}、"
        f"望ましくない{counts['worse']}、良否を判断せず高い・低い{neutral}、区別できない{counts['not_distinguishable']}。",
        f"Of {total} indicators {judged} have figures: {counts['better']} better than Japan, {counts['similar']} "
        f"similar, {counts['worse']} worse, {neutral} higher or lower without judgement, "
        f"{counts['not_distinguishable']} not distinguishable.",
    )


def _listed(rows: pd.DataFrame, n: int, lead: Text, absent: Text) -> Text:
    """Names with year, ratio to Japan and rank interval of the first `n` indicators."""
    if rows.empty:
        return absent
    parts = [_item(row) for _, row in rows.head(n).iterrows()]
    rest = len(rows) - len(parts)
    more = Text(f"、ほか{rest}指標", f"; and {rest} more") if rest > 0 else Text("", "")
    return Text(
        f"{lead.ja}、{'、'.join(part.ja for part in parts)}{more.ja}。",
        f"{lead.en}{'; '.join(part.en for part in parts)}{more.en}.",
    )


def _named(rows: pd.DataFrame, n: int, lead: Text) -> Text:
    shown = rows.head(n)
    rest = len(rows) - len(shown)
    return Text(
        f"{lead.ja}{'、'.join(shown['name_ja'])}{f'、ほか{rest}指標' if rest else ''}。",
        f"{lead.en}{'; '.join(shown['name_en'])}{f'; and {rest} more' if rest else ''}.",
    )


def _item(row: pd.Series) -> Text:
    ratio, year = float(row["ratio"]), int(row["year"])
    year_ja = "年度" if row.get("fiscal_year", False) else "年"
    ja, en = [f"{year}{year_ja}", f"全国の{ratio:.2f}倍"], [f"{year}", f"{ratio:.2f} times Japan"]
    if not np.isnan(float(row["rank"])):
        rank, low, high = (int(row[column]) for column in ("rank", "rank_lower", "rank_upper"))
        places = int(row["n_places"])
        ja.append(f"{places}地域中{rank}位、順位の区間{low}～{high}位")
        en.append(f"rank {rank} of {places}, interval {low}-{high}")
    if _exceeds_spread(row.get("funnel_status", "")):
        ja.append("地域間の通常のばらつきも超える")
        en.append("beyond the usual spread between places")
    return Text(f"{row['name_ja']}（{'、'.join(ja)}）", f"{row['name_en']} ({', '.join(en)})")


def _exceeds_spread(status: object) -> bool:
    return str(status).startswith(("low_", "high_"))


def _cautions(rows: pd.DataFrame) -> list[Text]:
    """How the sentences above must be read; by institution only where an indicator is."""
    cautions = []
    if (rows["place"] == "institution").any():
        number = int((rows["place"] == "institution").sum())
        cautions.append(
            Text(
                f"うち{number}指標は医療機関の所在地で数えており、住民が圏域の外で受けた医療は含まず、圏域の外から来た"
                "住民に提供した医療を含む。",
                f"{number} of them count by the place of the institution: care that residents receive elsewhere is "
                "not in them, care given to people from elsewhere is.",
            )
        )
    named = rows[rows["verdict"].isin(["better", "worse", "higher", "lower"])]
    if "funnel_status" in named and not named["funnel_status"].map(_exceeds_spread).all():
        cautions.append(
            Text(
                "「地域間の通常のばらつきも超える」と記していない差は、全国値とは区別できるが、地域どうしに普通に見られる差の"
                "範囲内にある。",
                "Differences not marked as beyond the usual spread are distinguishable from Japan, but lie within what is "
                "usual between places.",
            )
        )
    if len(rows):
        cautions.append(
            Text(
                "差があることを示すもので、その原因を示すものではない。「望ましい」は各指標の定義で決めた向きをいう。",
                "These sentences show where places differ, not why; 'better' is the direction declared with the indicator.",
            )
        )
    return cautions
