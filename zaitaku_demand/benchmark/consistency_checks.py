"""The checks of consistency, one function each: tables of facts by measure in, findings out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark import consistency_words as words
from zaitaku_demand.benchmark.consistency_rules import ActivityRule, PartRule, SourceRule
from zaitaku_demand.benchmark.control_chart import RANGE_SCREEN, control_chart
from zaitaku_demand.benchmark.parameters import ConsistencyParameters
from zaitaku_demand.indicators.facts import NATION
from zaitaku_demand.indicators.measures import Measure
from zaitaku_demand.text import Text

Tables = Mapping[str, pd.DataFrame]
"""Facts of each measure: level, area_code, year, value, lower, upper, state."""
Labels = Mapping[str, Text]

_MAD_TO_SD = 1.4826
_KEYS = ["level", "area_code", "year"]


@dataclass(frozen=True)
class Finding:
    """One finding: what was found where, against what was expected, in words."""

    check: str
    severity: str
    measure: str
    level: str
    area_code: str
    year: int
    found: float
    expected: float
    text: Text


def part_findings(
    tables: Tables, rule: PartRule, labels: Labels, settings: ConsistencyParameters
) -> list[Finding]:
    """Parts above the whole: for certain (by the bounds, an error) or by the best estimates (a note)."""
    if rule.whole not in tables or not all(part in tables for part in rule.parts):
        return []
    figures = ["value", "lower", "upper"]
    parts = tables[rule.parts[0]].set_index(_KEYS)[figures]
    for name in rule.parts[1:]:
        parts = parts.add(tables[name].set_index(_KEYS)[figures])
    both = parts.add_suffix("_part").join(tables[rule.whole].set_index(_KEYS)[figures], how="inner")
    limit = 1 + settings.part_tolerance
    certain = both["lower_part"] > both["upper"] * limit
    likely = ~certain & (both["value_part"] > both["value"] * (1 + settings.estimated_tolerance))
    found = []
    for flags, severity, part, whole, text in (
        (certain, "error", "lower_part", "upper", words.PARTS_CERTAIN),
        (likely, "note", "value_part", "value", words.PARTS_ESTIMATED),
    ):
        for row in _records(both[flags].reset_index()):
            filled = _filled(
                text,
                name=_joined(rule.parts, labels),
                of=_joined((rule.whole,), labels),
                part=f"{row[part]:,.0f}",
                total=f"{row[whole]:,.0f}",
                year=row["year"],
            )
            found.append(_finding("parts", severity, rule.parts, row, row[part], row[whole], filled))
    return found


def place_findings(facts: pd.DataFrame, labels: Labels, settings: ConsistencyParameters) -> list[Finding]:
    """Areas that add up to more than their prefecture, prefectures to more than the nation (by the bounds)."""
    keys = ["measure", "area_code", "year"]
    found = []
    for below, above in (("area", "prefecture"), ("prefecture", "national")):
        inside = facts.loc[facts["level"] == below, [*keys, "lower"]]
        outside = inside["area_code"].str[:2] if above == "prefecture" else NATION
        sums = inside.assign(area_code=outside).groupby(keys, as_index=False)["lower"].sum()
        both = sums.merge(facts.loc[facts["level"] == above, [*keys, "upper"]], on=keys)
        for row in _records(both[both["lower"] > both["upper"] * (1 + settings.part_tolerance)]):
            measure = str(row["measure"])
            filled = _filled(
                words.PLACES,
                name=_joined((measure,), labels),
                part=f"{row['lower']:,.0f}",
                total=f"{row['upper']:,.0f}",
                year=row["year"],
            )
            row["level"] = above
            found.append(_finding("places", "error", (measure,), row, row["lower"], row["upper"], filled))
    return found


def activity_findings(tables: Tables, rule: ActivityRule, labels: Labels) -> list[Finding]:
    """Institutions without activity and activity without institutions, in the nearest year of the other source."""
    if rule.facilities not in tables or rule.activity not in tables:
        return []
    activity = tables[rule.activity]
    found = []
    for year, counted in tables[rule.facilities].groupby("year"):
        near = nearest_year(activity["year"], int(str(year)))
        done = activity.loc[activity["year"] == near, ["level", "area_code", "lower", "upper"]]
        both = counted.merge(done, on=["level", "area_code"], suffixes=("", "_done"))
        none = (both["upper"] == 0) & (both["lower_done"] > 0)
        idle = (both["lower"] > 0) & (both["upper_done"] == 0)
        for flags, severity, amount, text in (
            (none, "warning", "lower_done", words.WITHOUT)
            if rule.complete
            else (none, "note", "lower_done", words.WITHOUT_ALLOWED),
            (idle, "warning", "lower", words.IDLE),
        ):
            for row in _records(both[flags]):
                filled = _filled(
                    text,
                    name=_joined((rule.facilities,), labels),
                    of=_joined((rule.activity,), labels),
                    part=f"{row[amount]:,.0f}",
                    near=near,
                    year=year,
                )
                ids = (rule.facilities, rule.activity)
                found.append(
                    _finding("activity", severity, ids, row, row["upper"], row["lower_done"], filled)
                )
    return found


def source_findings(tables: Tables, rule: SourceRule, settings: ConsistencyParameters) -> list[Finding]:
    """Two sources of one fact: the nation's ratio (a note), and prefectures far from the median ratio.

    Compared are the latest year of the first source and the nearest of the second. Far is a log ratio more than
    `source_z` x 1.4826 MAD, and `source_factor` or more, from the median over the prefectures. Suppressed figures and
    zeros are not compared.
    """
    if not all(name in tables for name in (*rule.first, *rule.second)):
        return []
    year = min(int(tables[name]["year"].max()) for name in rule.first)
    near = min(nearest_year(tables[name]["year"], year) for name in rule.second)
    first = _total(tables, rule.first, year).rename(columns={"value": "first"})
    second = _total(tables, rule.second, near).rename(columns={"value": "yearly"})
    both = first.merge(second, on=["level", "area_code"])
    both["second"] = both["yearly"] * rule.factor
    both = both[(both["first"] > 0) & (both["second"] > 0)]
    both["ratio"] = both["first"] / both["second"]
    prefectures = both[both["level"] == "prefecture"]
    if prefectures.empty:
        return []
    log_ratio = np.log(prefectures["ratio"].to_numpy(np.float64))
    centre = float(np.median(log_ratio))
    distance = np.abs(log_ratio - centre)
    spread = _MAD_TO_SD * float(np.median(distance))
    enough = prefectures["yearly"].to_numpy(np.float64) >= settings.least_count
    least = max(settings.source_z * spread, float(np.log(settings.source_factor)))
    far = prefectures[(distance > least) & (spread > 0) & enough]
    found = []
    for rows, severity, text in (
        (both[both["level"] == "national"], "note", words.SOURCES_NATION),
        (far, "warning", words.SOURCES_FAR),
    ):
        for row in _records(rows):
            filled = _filled(
                text,
                name=rule.first_name,
                of=rule.second_name,
                part=f"{row['first']:,.0f}",
                total=f"{row['second']:,.0f}",
                ratio=f"{row['ratio']:.2f}",
                median=f"{np.exp(centre):.2f}",
                year=year,
                near=near,
            )
            row["year"] = year
            ids = (*rule.first, *rule.second)
            found.append(_finding("sources", severity, ids, row, row["ratio"], float(np.exp(centre)), filled))
    return found


def jump_findings(
    rows: pd.DataFrame, name: str, measure: Measure | None, settings: ConsistencyParameters
) -> list[Finding]:
    """Moving ranges beyond the XmR limit: prefectures relative to Japan's own change, the nation by itself.

    The limit is 3.267 x the mean moving range of ``log(place / Japan)`` over the years of the series; ranges at or
    beyond it are left out of the mean once. Findings are changes by `jump_factor` or more with `least_count` in both
    years; in a year with a declared break they are notes.
    """
    shown = rows[(rows["value"] > 0) & (rows["level"] != "area")]
    wide = shown.pivot(index=["level", "area_code"], columns="year", values="value")
    if ("national", NATION) not in wide.index or wide.shape[1] <= settings.least_ranges:
        return []
    known = wide.columns.to_numpy(np.int64)
    years = np.arange(known[0], known[-1] + 1)
    counts = wide.reindex(columns=years).to_numpy(np.float64)
    is_nation = np.array([level == "national" for level, _ in wide.index])
    series = np.log(counts)
    series = np.where(is_nation[:, None], series, series - series[is_nation])
    change = np.diff(series, axis=1)
    limit = RANGE_SCREEN * control_chart(series).mean_range[:, None]
    usable = (~np.isnan(change)).sum(axis=1, keepdims=True) >= settings.least_ranges
    smaller = np.fmin(counts[:, 1:], counts[:, :-1])
    beyond = (np.abs(change) > np.maximum(limit, np.log(settings.jump_factor))) & usable
    beyond &= smaller >= settings.least_count
    breaks = {one.year for one in measure.breaks} if measure else set()
    label = measure.name if measure else Text(name, name)
    found = []
    for place, step in zip(*np.nonzero(beyond), strict=True):
        year = int(years[step + 1])
        factor, usual = float(np.exp(change[place, step])), float(np.exp(limit[place, 0]))
        text = _filled(
            words.JUMP if is_nation[place] else words.JUMP_RELATIVE,
            name=label,
            before=year - 1,
            year=year,
            factor=f"{factor:.2f}",
            usual=f"{usual:.2f}",
        )
        if year in breaks:
            text = Text(text.ja + words.AT_BREAK.ja, text.en + words.AT_BREAK.en)
        level, code = wide.index[place]
        row = {"level": level, "area_code": code, "year": year}
        severity = "note" if year in breaks else "warning"
        found.append(_finding("jump", severity, (name,), row, factor, usual, text))
    return found


def break_findings(rows: pd.DataFrame, measure: Measure) -> list[Finding]:
    """Declared breaks that lie inside the years of the facts."""
    first, last = int(rows["year"].min()), int(rows["year"].max())
    return [
        Finding(
            "break",
            "note",
            measure.id,
            "national",
            NATION,
            one.year,
            float("nan"),
            float("nan"),
            _filled(words.BREAK, name=measure.name, reason=one.reason, year=one.year),
        )
        for one in measure.breaks
        if first < one.year <= last
    ]


def proportion_findings(
    values: pd.DataFrame, proportions: Iterable[str], settings: ConsistencyParameters
) -> list[Finding]:
    """Numerators that exceed the denominator of a proportion for certain."""
    rows = values[values["indicator_id"].isin(list(proportions))]
    above = rows[rows["numerator_lower"] > rows["denominator"] * (1 + settings.part_tolerance)]
    found = []
    for row in _records(above):
        filled = _filled(
            words.PROPORTION,
            name=Text(str(row["indicator_id"]), str(row["indicator_id"])),
            part=f"{row['numerator_lower']:,.0f}",
            total=f"{row['denominator']:,.0f}",
            year=row["year"],
        )
        ids = (str(row["indicator_id"]),)
        found.append(
            _finding("proportion", "error", ids, row, row["numerator_lower"], row["denominator"], filled)
        )
    return found


def nearest_year(years: Iterable[int], year: int) -> int:
    """Year of a source nearest to `year` (the earlier of two equally near)."""
    return min(sorted({int(one) for one in years}), key=lambda one: abs(one - year))


def _total(tables: Tables, names: tuple[str, ...], year: int) -> pd.DataFrame:
    """Sum of measures by level and place in one year; places where one is missing or suppressed left out."""
    rows = pd.concat([tables[name] for name in names], ignore_index=True)
    shown = rows[(rows["year"] == year) & rows["value"].notna()]
    sums = shown.groupby(["level", "area_code"], as_index=False).agg(
        value=("value", "sum"), number=("value", "size")
    )
    return sums.loc[sums["number"] == len(names), ["level", "area_code", "value"]]


def _finding(
    check: str,
    severity: str,
    measures: tuple[str, ...],
    row: dict[str, object],
    found: object,
    expected: object,
    text: Text,
) -> Finding:
    return Finding(
        check,
        severity,
        " + ".join(measures),
        str(row["level"]),
        str(row["area_code"]),
        int(str(row["year"])),
        float(str(found)),
        float(str(expected)),
        text,
    )


def _filled(text: Text, **values: object) -> Text:
    """Fill a sentence; a value that is a Text enters each language with its own half."""
    ja = {name: value.ja if isinstance(value, Text) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    return Text(text.ja.format(**ja), text.en.format(**en))


def _joined(ids: tuple[str, ...], labels: Labels) -> Text:
    texts = [labels.get(one, Text(one, one)) for one in ids]
    return Text("＋".join(text.ja for text in texts), " + ".join(text.en for text in texts))


def _records(rows: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
