"""The file a user fills in where an indicator has no data in hand."""

from __future__ import annotations

import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.arrays import places_of
from zaitaku_demand.indicators.coverage import years_in_hand
from zaitaku_demand.indicators.declaration import LEVEL_NAMES, Indicator
from zaitaku_demand.indicators.measures import Measure, measures
from zaitaku_demand.indicators.user_data import DENOMINATOR, HEADINGS, YEARS
from zaitaku_demand.text import Text

_PREFECTURES_ONLY = frozenset({"ssds", "emergency"})
"""Sources without figures by secondary area."""


def template(declared: Indicator, level: str, year: int | None = None, *, denominator: bool) -> pd.DataFrame:
    """The file of one indicator with every place named and the figures blank.

    Parameters
    ----------
    declared : Indicator
    level : str
        ``prefecture`` or ``area``; the nation stands in the first row.
    year : int, optional
        Year of all rows; blank by default.
    denominator : bool
        Whether the file has a column for the denominator.

    Returns
    -------
    DataFrame
        level, area_code, area_name, year, numerator and, if asked for, denominator; all text.

    Raises
    ------
    InputError
        If the indicator is adjusted for age, or the level or the year is none.
    """
    if declared.adjustment == "indirect":
        raise InputError(
            Text(
                f"「{declared.id}」は性・年齢別の全国値で調整する指標で、利用者の値を入れられない",
                f"'{declared.id}' is adjusted with national counts by sex and age, so values of a user do not fit",
            ),
            Text(
                "調整しない指標（zaitaku indicators list）を選んでください",
                "choose an indicator without adjustment (see `zaitaku indicators list`)",
            ),
        )
    if level not in LEVEL_NAMES:
        raise InputError(
            Text(f"地域の単位「{level}」はない", f"there is no level '{level}'"),
            Text("prefecture または area を指定してください", "choose prefecture or area"),
        )
    if year is not None and not YEARS[0] <= year <= YEARS[1]:
        raise InputError(
            Text(f"年「{year}」を西暦として読み取れない", f"'{year}' is not a year"),
            Text("西暦4桁を指定してください", "give four digits"),
        )
    places = places_of(level)
    table = pd.DataFrame({"level": ["national"] + [level] * (len(places) - 1)})
    table[["area_code", "area_name"]] = places[["area_code", "area_name"]]
    table["year"] = "" if year is None else str(year)
    table["numerator"] = ""
    if denominator:
        table[DENOMINATOR[0]] = ""
    return table.astype("str")


def needs_denominator(declared: Indicator, level: str, facts: pd.DataFrame | None = None) -> bool:
    """Whether the user has to give the denominator because no source in hand holds it at this level.

    Parameters
    ----------
    declared : Indicator
    level : str
    facts : DataFrame, optional
        Table of facts; by default all that are built.
    """
    alone = declared.model_copy(update={"numerator": (declared.denominator_at(level),)})
    return level not in years_in_hand(facts, {declared.id: alone})[declared.id]


def data_need(declared: Indicator) -> Text:
    """What file would fill the indicator, in which layout, and how to get it."""
    if declared.adjustment == "indirect":
        return Text(
            "NDBオープンデータから計算する。利用者のファイルは要らない。",
            "Computed from the NDB Open Data; no file of the user is needed.",
        )
    known = measures()
    above = _counted([known[name] for name in declared.numerator])
    below = _counted([known[declared.denominator_at("prefecture")]])
    own = any(known[name].source == "user" for name in declared.measures if name not in declared.numerator)
    headings = ",".join([*HEADINGS, *([DENOMINATOR[0]] if own else [])])
    if own:
        given = Text("", "")
    elif "area" in declared.levels and known[declared.denominator_at("area")].source in _PREFECTURES_ONLY:
        given = Text(
            f"（都道府県は手元の統計を使う。圏域では列 {DENOMINATOR[0]} に入れる）",
            f" (prefectures: from the statistics in hand; areas: give it in a column {DENOMINATOR[0]})",
        )
    else:
        given = Text("（手元の統計を使う）", " (from the statistics in hand)")
    by_area = "area" in declared.levels
    return Text(
        f"CSVファイル「{declared.id}.csv」（見出し {headings}）。分子＝{above.ja}、分母＝{below.ja}{given.ja}。"
        f"空欄は欠測、「-」または「秘匿」は秘匿で、どちらも0ではない。様式は「zaitaku indicators template {declared.id}」"
        + ("（圏域は --level area を付ける）" if by_area else "")
        + f"で書き出し、値を入れて「zaitaku benchmark --values {declared.id}.csv」で用いる。",
        f"A CSV '{declared.id}.csv' (headings {headings}). Numerator: {above.en}; denominator: {below.en}{given.en}. "
        f"Blank is missing, '-' is suppressed, neither is zero. `zaitaku indicators template {declared.id}`"
        + (" (with --level area for areas)" if by_area else "")
        + f" writes the file; `zaitaku benchmark --values {declared.id}.csv` uses it.",
    )


def _counted(named: list[Measure]) -> Text:
    return Text(
        "＋".join(f"{each.name.ja}（{each.unit.ja}）" for each in named),
        " + ".join(f"{each.name.en} ({each.unit.en})" for each in named),
    )
