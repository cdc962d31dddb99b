"""What the power of future studies means, one sentence each."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd

from zaitaku_demand.research.power.run import NOTES
from zaitaku_demand.text import Text

STUDIES: dict[str, Text] = {
    "two_groups": Text("2群の比較", "comparison of two groups"),
    "difference_in_differences": Text("前後の変化の差の比較", "difference in differences"),
    "slope": Text("関連の傾き", "slope of an association"),
}
ASSUMED = Text(
    "対象の地域は値のある地域から無作為に選ばれるものとし、値のばらつきは実データの分散成分による。対象が近くに集まる場合や、"
    "制度の変更が重なる場合は、検出できる確率はこれより低い。手元のデータより長い年数の研究では、離れた年の間の相関を外挿している。",
    "Places of the study are taken to be drawn at random from those with a figure, and to vary as the real ones do. Where they lie "
    "together or other reforms fall in the same years, the probability is lower. Where a study spans more years than the data, how "
    "years further apart go together is extrapolated.",
)


def power_sentence(row: Mapping[str, object], label: Text) -> Text:
    """One row of the table of power as a sentence; `label` names the outcome."""
    if row["statistic"] == "":
        note = NOTES[str(row["note"])]
        return Text(f"{label.ja}: {note.ja}。", f"{label.en}: {note.en}.")
    given = json.loads(str(row["parameters"]))
    level = str(row["level"])
    if row["statistic"] == "places_needed":
        return _needed(row, label, given)
    who = _who(given, level)
    if row["statistic"] == "detectable_ratio":
        return _detectable(row, label, who, given["target"])
    found = float(str(row["estimate"]))
    if row["statistic"] == "size":
        return Text(
            f"{label.ja}: {who.ja}研究で、真の差がないのに差があるとされる確率は{found:.1%}。",
            f"{label.en}: in a study of {who.en}, a difference would be claimed with probability {found:.1%} where there is none.",
        )
    ratio = float(given["ratio"])
    return Text(
        f"{label.ja}: {who.ja}研究で、真の差が{ratio - 1:.0%}のとき、差が見つかる確率は{found:.0%}。",
        f"{label.en}: in a study of {who.en}, a true difference of {ratio - 1:.0%} would be found with probability {found:.0%}.",
    )


def power_sentences(table: pd.DataFrame, labels: Mapping[str, Text]) -> list[Text]:
    """The smallest detectable difference of every outcome, for the middle number of places; then what was assumed."""
    out = []
    for outcome, rows in table.groupby("outcome", sort=False):
        chosen = rows[rows["statistic"] == "detectable_ratio"]
        if chosen.empty:
            chosen = rows[rows["statistic"] == ""].head(1)
        for row in chosen.iloc[[len(chosen) // 2]].to_dict("records") if len(chosen) else []:
            out.append(power_sentence({str(key): value for key, value in row.items()}, labels[str(outcome)]))
    return [*out, ASSUMED] if out else []


def _who(given: Mapping[str, object], level: str) -> Text:
    place = {"prefecture": Text("都道府県", "prefectures"), "area": Text("圏域", "areas")}[level]
    years = given["years"]
    if given["study"] == "slope":
        return Text(
            f"{place.ja}{given['places']}か所・{years}年間の",
            f"{given['places']} {place.en} over {years} years",
        )
    counts = Text(
        f"対象{given['places']}{place.ja}を他の{given['others']}{place.ja}と比べる",
        f"{given['places']} {place.en} beside {given['others']} others",
    )
    if given["study"] == "two_groups":
        return Text(f"{counts.ja}（{years}年間）", f"{counts.en} over {years} years")
    return Text(f"{counts.ja}（前後各{years}年）", f"{counts.en}, {years} years before and after")


def _detectable(row: Mapping[str, object], label: Text, who: Text, target: float) -> Text:
    ratio, low, high = (float(str(row[name])) for name in ("estimate", "lower", "upper"))
    if ratio == ratio:
        return Text(
            f"{label.ja}: {who.ja}研究では、{ratio - 1:.1%}以上の差を{target:.0%}の確率で見つけられる。",
            f"{label.en}: a study of {who.en} finds differences of {ratio - 1:.1%} or more with probability {target:.0%}.",
        )
    if low == low:
        return Text(
            f"{label.ja}: {who.ja}研究では、{low:.1f}倍の差でも{target:.0%}の確率では見つけられない。",
            f"{label.en}: a study of {who.en} does not reach probability {target:.0%} even for a ratio of {low:.1f}.",
        )
    return Text(
        f"{label.ja}: {who.ja}研究では、{high - 1:.1%}の差も{target:.0%}以上の確率で見つけられる。",
        f"{label.en}: a study of {who.en} finds even a difference of {high - 1:.1%} with probability {target:.0%} or more.",
    )


def _needed(row: Mapping[str, object], label: Text, given: Mapping[str, object]) -> Text:
    estimate, low, high = (float(str(row[name])) for name in ("estimate", "lower", "upper"))
    ratio = float(str(given["ratio"]))
    target = float(str(given["target"]))
    if estimate == estimate:
        number = Text(f"約{estimate:.0f}か所", f"about {estimate:.0f}")
    elif low == low:
        best = float(str(given["best_power"]))
        return Text(
            f"{label.ja}: {ratio - 1:.0%}の差を{target:.0%}の確率で見つけることは、対象を{low:.0f}か所まで増やしてもできない"
            f"（最大で{best:.0%}）。",
            f"{label.en}: with up to {low:.0f} designated places a difference of {ratio - 1:.0%} is not found with probability "
            f"{target:.0%} (at most {best:.0%}).",
        )
    else:
        number = Text(f"{high:.0f}か所以下", f"{high:.0f} or fewer")
    return Text(
        f"{label.ja}: {ratio - 1:.0%}の差を{target:.0%}の確率で見つけるために対象とする地域は{number.ja}。",
        f"{label.en}: to find a difference of {ratio - 1:.0%} with probability {target:.0%}, {number.en} designated places are needed.",
    )
