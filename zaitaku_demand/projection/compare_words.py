"""The comparison with the ministry's projection in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

UNEXPLAINED = "unexplained"
SMALL_NUMBERS = "small_numbers"
REASONS: dict[str, Text] = {
    "as_is": Text("このツールの推計", "this toolkit's projection"),
    "open_band": Text("最高年齢階級", "open age band"),
    "base_year": Text("率の基準年（2024年度へ延長）", "base year of the rates (carried to FY2024)"),
    "facility": Text("自宅・施設別の圏域比", "own home and facilities apart, at the area's ratios"),
    "local_profile": Text("圏域固有の年齢別の率", "age profile of the area"),
    "split_area": Text("推計値で分割した圏域", "area split by estimate"),
    SMALL_NUMBERS: Text("患者数が少ないことによる偶然", "chance in small numbers"),
    UNEXPLAINED: Text("説明できない", "not explained"),
}
_SWITCH: dict[str, Text] = {
    "open_band": Text("最高年齢階級を{band}歳以上にすると", "with the open age band {band}+"),
    "base_year": Text(
        "率を直近2年の動きで2024年度まで延ばすと", "with rates carried to FY2024 as they moved over two years"
    ),
    "facility": Text(
        "自宅等と施設を圏域の比で別々に推計すると",
        "with own home and facilities projected apart at the area's ratios",
    ),
    "local_profile": Text("圏域の年齢別の率を用いると", "with the age profile of the area"),
    "split_area": Text(
        "推計で分割する前の公表範囲で比べると", "for the published block that the area was split from"
    ),
}


def reason_sentence(reason: str, gap: float, left: float, band: int, helped: float) -> Text:
    """What takes most of a gap away, and how much of it.

    Where the same switch widens the gaps of most areas (`helped` is the share of those it narrows), the sentence says so.
    """
    if reason == UNEXPLAINED:
        return Text(
            "どの要因でも差の5分の1以上は縮まない（説明できない）",
            "no switch takes a fifth of the gap away (not explained)",
        )
    switch = _SWITCH[reason].format(band=band)
    share = 100 * (1 - abs(left) / abs(gap))
    found = Text(
        f"{switch.ja}差は{_signed(gap)}％から{_signed(left)}％になる（{share:.0f}％縮小）",
        f"{switch.en} the gap goes from {_signed(gap)} % to {_signed(left)} % ({share:.0f} % less)",
    )
    if helped >= 0.5 or reason == "split_area":
        return found
    return Text(
        f"{found.ja}。ただし差が縮む圏域は全体の{100 * helped:.0f}％にとどまる",
        f"{found.en}, though it narrows the gap of {100 * helped:.0f} % of all areas only",
    )


def chance_sentence(gap: float, error: float) -> Text:
    """That a gap is within what small numbers can make."""
    times = abs(gap) / error
    return Text(
        f"患者数が少なく、差は偶然の範囲内である（標準誤差{error:.1f}％の{times:.1f}倍）",
        f"few patients: the gap is within chance ({times:.1f} times the standard error of {error:.1f} %)",
    )


def summary(
    classes: Mapping[str, float],
    with_observed: Mapping[str, float],
    ranks: pd.DataFrame,
    variants: pd.DataFrame,
    chance: pd.DataFrame,
    largest: pd.DataFrame,
    growth: Mapping[str, float],
    pair: tuple[int, int],
) -> list[Text]:
    """Peak class agreement, rank correlation, base year, what the gap splits into, reasons of the largest gaps."""
    order = {int(row["to_year"]): row for row in ranks.to_dict("records")}
    chosen = variants[(variants["from_year"] == pair[0]) & (variants["to_year"] == pair[1])]
    rows = {str(row["variant"]): row for row in chosen.to_dict("records")}
    parts = [row for name, row in rows.items() if name != "as_is"]
    luck = chance[(chance["from_year"] == pair[0]) & (chance["to_year"] == pair[1])].iloc[0]
    counts = largest["reason"].value_counts()
    listed = [(REASONS[str(name)], int(count)) for name, count in counts.items()]
    return [
        Text(
            f"ピーク年の階級（2030～2050年の5年ごと）は{classes['n']}圏域中{classes['exact'] * classes['n']:.0f}圏域"
            f"（{100 * classes['exact']:.0f}％）で厚生労働省と一致し、1階級以内は{100 * classes['within_one']:.0f}％、"
            f"重み付きκは{classes['kappa']:.2f}である（2024年の実績を含めるとκ {with_observed['kappa']:.2f}）。"
            f"一致しない圏域では、このツールの方が早いものが{classes['earlier']}、遅いものが{classes['later']}である。",
            f"The class of the peak year (2030-2050, every five years) is the ministry's in {classes['exact'] * classes['n']:.0f} of "
            f"{classes['n']} areas ({100 * classes['exact']:.0f} %), within one class in {100 * classes['within_one']:.0f} %; "
            f"weighted kappa {classes['kappa']:.2f} ({with_observed['kappa']:.2f} with their observed 2024). "
            f"Where they differ, ours is earlier in {classes['earlier']} areas and later in {classes['later']}.",
        ),
        Text(
            "増加率の順位相関は"
            + "、".join(
                f"{year}/2030年でSpearman {row['spearman']:.3f}・Kendall {row['kendall']:.3f}"
                for year, row in order.items()
            )
            + "である。",
            "Rank correlation of growth: "
            + "; ".join(
                f"{year}/2030 Spearman {row['spearman']:.3f}, Kendall {row['kendall']:.3f}"
                for year, row in order.items()
            )
            + ".",
        ),
        Text(
            f"厚生労働省の2024年は実績、以後は推計である。2030年/2024年の全体の比は厚生労働省{growth['theirs']:.3f}、"
            f"このツール{growth['ours']:.3f}で、実績を起点とすることによる差は2030年を起点とする比較には入らない。",
            f"The ministry's 2024 is observed, later years are projected. From 2024 to 2030 the total grows {growth['theirs']:.3f} "
            f"times there and {growth['ours']:.3f} times here; what comes from starting at an observed year is not in "
            "comparisons from 2030 on.",
        ),
        Text(
            f"{pair[1]}年/{pair[0]}年の差（絶対値）の中央値は{rows['as_is']['median_abs']:.2f}％。要因を1つずつ切り替えると、"
            + "、".join(
                f"{row['name_ja']} {row['median_abs']:.2f}％（差が縮む圏域{100 * row['helped']:.0f}％）"
                for row in parts
            )
            + "となる。",
            f"The median absolute gap of {pair[1]}/{pair[0]} is {rows['as_is']['median_abs']:.2f} %. With one switch at a time: "
            + ", ".join(
                f"{row['name_en']} {row['median_abs']:.2f} % (smaller in {100 * row['helped']:.0f} % of areas)"
                for row in parts
            )
            + ".",
        ),
        Text(
            f"圏域ごとの率を少ない患者数から求めることによる偶然だけで生じる差の中央値は{luck['expected_median_abs']:.2f}％であり、"
            f"差が偶然の範囲（標準誤差の1.96倍）に入る圏域は{100 * luck['within']:.0f}％である"
            f"（差の大きさと標準誤差の順位相関{luck['rank_correlation']:.2f}）。",
            f"Chance alone, if rates come from an area's few patients, would make a median gap of {luck['expected_median_abs']:.2f} %; "
            f"{100 * luck['within']:.0f} % of the areas are within it (1.96 standard errors; rank correlation of the gap's size and "
            f"the error {luck['rank_correlation']:.2f}).",
        ),
        Text(
            f"差の大きい{len(largest)}圏域の主な理由："
            + "、".join(f"{name.ja} {count}" for name, count in listed)
            + "。",
            f"Main reason in the {len(largest)} areas of the largest gaps: "
            + ", ".join(f"{name.en} {count}" for name, count in listed)
            + ".",
        ),
        Text(
            "厚生労働省の年齢階級と率の地域区分は公表されておらず、このツールの推計を厚生労働省の値に合わせることはしていない。",
            "The ministry publishes neither its age bands nor how local its rates are; nothing here is fitted to its figures.",
        ),
    ]


def _signed(value: float) -> str:
    return f"{value + 0.0:+.1f}".replace("-", "−")
