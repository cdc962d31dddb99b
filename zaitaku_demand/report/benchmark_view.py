"""What figures, workbook and page of the benchmark share: rows to show, numbers as text, captions."""

from __future__ import annotations

from functools import lru_cache
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any

import numpy as np

from zaitaku_demand.benchmark.description import named_year
from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report import labels
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.figure_style import width_of, wrap
from zaitaku_demand.report.view import both, source_line
from zaitaku_demand.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd

NATIONAL = "national"
AREA_CODE = 4
WITHOUT_VALUE = ("suppressed", "no_data")
DEFAULT_FIGURES = 2
FUNCTION_ORDER = ("discharge", "everyday", "acute", "end_of_life", "all")
FIGURE_FUNCTIONS = ("everyday", "end_of_life", "acute", "discharge")
TYPE_ORDER = ("structure", "process", "outcome")


def place_label(code: str, name: str, language: Language) -> str:
    """Name of a prefecture or area; areas have no official English names, so their prefecture is added."""
    if len(code) == 2:
        return labels.prefecture_label(code, name, language)
    return name if language == "ja" else f"{name} ({labels.prefecture_label(code[:2], name, 'en')})"


def place_text(code: str, name: str) -> Text:
    """`place_label` in both languages."""
    return Text(place_label(code, name, "ja"), place_label(code, name, "en"))


def said(row: Any, name: str, language: Language) -> str:
    """The half of a pair of columns ``<name>_ja`` and ``<name>_en``; empty where it is missing."""
    value = row.get(f"{name}_{language}", "")
    return value if isinstance(value, str) else ""


def ordered_indicators(content: BenchmarkContent) -> pd.DataFrame:
    """The declared indicators by function and type, in the order of declaration inside."""
    frame = content.indicators
    place = frame["function"].map({name: k for k, name in enumerate(FUNCTION_ORDER)}).fillna(9)
    kind = frame["type"].map({name: k for k, name in enumerate(TYPE_ORDER)}).fillna(9)
    return frame.assign(_place=place, _kind=kind).sort_values(["_place", "_kind"], kind="stable")


def indicator(content: BenchmarkContent, id: str) -> pd.Series[Any]:
    """The declaration of one indicator."""
    frame = content.indicators
    return frame[frame["indicator_id"] == id].iloc[0]


def year_of(row: Any) -> int | None:
    """The latest year of an indicator; None without data."""
    year = row["latest_year"]
    return int(year) if year == year and year is not None else None


def figure_indicators(content: BenchmarkContent) -> list[str]:
    """Indicators that get figures of their own; those without any data are left out."""
    known = content.indicators
    if content.figure_indicators:
        asked = [id for id in content.figure_indicators if id in set(known["indicator_id"])]
    else:
        chosen = known[known["key"].astype(bool) & (known["type"] == "process")]
        place = chosen["function"].map({name: k for k, name in enumerate(FIGURE_FUNCTIONS)}).fillna(9)
        asked = list(chosen.assign(_place=place).sort_values("_place", kind="stable")["indicator_id"])
    present = [id for id in asked if len(latest(content, id).dropna(subset=["value"]))]
    return present if content.figure_indicators else present[:DEFAULT_FIGURES]


def latest(content: BenchmarkContent, id: str) -> pd.DataFrame:
    """All places of the level in the latest year of an indicator."""
    frame = content.benchmark
    year = year_of(indicator(content, id))
    mine = (frame["indicator_id"] == id) & (frame["level"] == content.level) & (frame["year"] == year)
    return frame[mine]


def japan_value(content: BenchmarkContent, id: str) -> float:
    """Japan in the latest year of an indicator; NaN where it has none."""
    frame = content.benchmark
    year = year_of(indicator(content, id))
    mine = frame[(frame["indicator_id"] == id) & (frame["level"] == NATIONAL) & (frame["year"] == year)]
    return float(mine["value"].iloc[0]) if len(mine) else float("nan")


def place_profile(content: BenchmarkContent, code: str) -> pd.DataFrame:
    """One row a declared indicator with its latest figures of one place; state no_data where it has none.

    The interval of the ratio is joined from the benchmark table.
    """
    declared = ordered_indicators(content)
    own = content.profile[content.profile["area_code"] == code]
    figures = content.benchmark
    mine = figures[(figures["area_code"] == code) & (figures["level"] == content.level)]
    bounds = mine[["indicator_id", "year", "ratio_lower", "ratio_upper"]]
    joined = (
        declared.assign(year=declared["latest_year"].astype("float64"))
        .merge(own.astype({"year": "float64"}), on=["indicator_id", "year"], how="left")
        .merge(bounds.astype({"year": "float64"}), on=["indicator_id", "year"], how="left")
    )
    joined["state"] = joined["state"].fillna("no_data")
    joined.loc[joined["state"].isin(WITHOUT_VALUE), "verdict"] = "no_data"
    joined["verdict"] = joined["verdict"].fillna("no_data")
    joined["trend"] = joined["trend"].fillna("")
    return joined


@lru_cache(maxsize=4096)
def _digits(value: float) -> str:
    # Rounded first: 99.96 is shown as 100, not as 100.0.
    size = abs(float(f"{value:.3g}"))
    if size >= 100 or value == 0:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.{min(max(1 - floor(log10(size)), 2), 6)}f}"


def figure_text(value: object) -> str:
    """A number with about three digits; a dash where there is none."""
    number = float(value) if value is not None else float("nan")  # type: ignore[arg-type]
    return _digits(number) if isfinite(number) else "－"


def value_text(row: Any, language: Language) -> str:
    """Own value with its interval, estimates marked, or why there is none."""
    if row["state"] in WITHOUT_VALUE or row["value"] != row["value"]:
        return words.STATES["suppressed" if row["state"] == "suppressed" else "no_data"].to(language)
    mark = f" [{words.ESTIMATED_SHORT.to(language)}]" if row["state"] == "estimated" else ""
    if row["lower"] != row["lower"]:
        return figure_text(row["value"]) + mark
    values = {name: figure_text(row[name]) for name in ("value", "lower", "upper")}
    return words.INTERVAL_TEXT.format(**values).to(language) + mark


def year_text(row: Any, language: Language, name: str = "year") -> str:
    """Year of a row as it is said: fiscal years apart from the others; a dash where there is none."""
    year = row[name]
    # pandas' NA is neither equal nor unequal to itself.
    if not isinstance(year, int | float | np.number) or year != year:
        return "－"
    return named_year(int(year), is_fiscal(row)).to(language)


def year_cell(row: Any, language: Language) -> str | float | None:
    """Year of a row for a cell: words where they say more than the number, else the number; None without one."""
    text = year_text(row, language)
    if text == "－":
        return None
    return float(text) if text.isdigit() else text


def is_fiscal(row: Any) -> bool:
    """Whether the years of an indicator are fiscal years."""
    value = row.get("fiscal_year", False)
    return value is not None and value == value and bool(value)


def is_within_type(row: Any) -> bool:
    """Whether a place is ranked among areas of its type; prefectures never are."""
    return row.get("comparison", "all") == "peers" and len(str(row.get("area_code", ""))) == AREA_CODE


def rank_text(row: Any, language: Language) -> str:
    """Rank of how many, with its interval, those among areas of the same type marked; a dash where there is none."""
    if row["rank"] != row["rank"]:
        return "－"
    mark = words.WITHIN_TYPE if is_within_type(row) else ""
    shown = {"rank": f"{row['rank']:.0f}", "n": f"{row['n_places']:.0f}{mark}"}
    if row["rank_lower"] != row["rank_lower"]:
        return words.RANK_ALONE.format(**shown).to(language)
    shown |= {"lower": f"{row['rank_lower']:.0f}", "upper": f"{row['rank_upper']:.0f}"}
    return words.RANK_TEXT.format(**shown).to(language)


def ranked_functions(content: BenchmarkContent) -> pd.DataFrame:
    """The scores with ``n_places``, the number of places that have one in the function."""
    frame = content.functions
    return frame.assign(n_places=frame.groupby("function")["rank"].transform("count"))


def is_distinct(row: Any) -> bool:
    """Whether a rank can be told from the others; what is not known cannot."""
    value = row["distinguishable"]
    return value is not None and value == value and bool(value)


def score_text(row: Any, language: Language) -> str:
    """Score with its interval; a dash where there is none."""
    if row["score"] != row["score"]:
        return "－"
    if row["score_lower"] != row["score_lower"]:
        return f"{row['score']:.2f}"
    values = {
        "value": f"{row['score']:.2f}",
        "lower": f"{row['score_lower']:.2f}",
        "upper": f"{row['score_upper']:.2f}",
    }
    return words.INTERVAL_TEXT.format(**values).to(language)


def label_of(known: dict[str, Text], key: object, language: Language) -> str:
    """A label; keys that are not known stay as they are."""
    return known[str(key)].to(language) if str(key) in known else str(key)


def places_count(content: BenchmarkContent, count: int) -> Text:
    """How many places of which kind, with their edition."""
    return words.PLACES_COUNT[content.level].format(n=count)


def state_counts(frame: pd.DataFrame, language: Language) -> str:
    """How many places are observed, estimated, suppressed and without data."""
    counts = frame["state"].value_counts()
    parts = [f"{label.to(language)} {int(counts.get(state, 0))}" for state, label in words.STATES.items()]
    return words.STATE_COUNTS.format(listed=words.LIST_GAP.to(language).join(parts)).to(language)


def edition_of(content: BenchmarkContent) -> Text | None:
    """The edition of the areas; None for prefectures."""
    frame = content.benchmark
    editions = frame.loc[frame["level"] == content.level, "area_edition"].dropna().unique()
    named = [str(edition) for edition in editions if str(edition)]
    return words.EDITION.format(edition="・".join(named)) if named else None


def sources_line(content: BenchmarkContent, language: Language) -> str:
    """The sources of the benchmark in one line."""
    return source_line(content, language)


def caption(
    content: BenchmarkContent,
    language: Language,
    columns: int,
    unit: str,
    *lines: str,
    year: str | None = None,
    states: pd.DataFrame | None = None,
) -> str:
    """Lines below a figure: unit, year, edition, state, further lines, source."""
    colon = "：" if language == "ja" else ": "
    gap = "　" if language == "ja" else ". "
    edition = edition_of(content)
    first = [
        labels.UNIT.to(language) + colon + unit,
        words.FOR_YEAR.format(year=year).to(language)
        if year
        else content.year_note.to(language).rstrip("。."),
        *([edition.to(language)] if edition else []),
        *([state_counts(states, language)] if states is not None else []),
    ]
    hidden = [] if states is None else _focus_hidden(content, states, language)
    whole = [gap.join(first), *lines, *hidden, sources_line(content, language)]
    # Latin letters are narrower than half a Japanese one.
    return "\n".join(
        wrap(line, int(1.15 * columns) if width_of(line) == len(line) else columns) for line in whole if line
    )


def _focus_hidden(content: BenchmarkContent, states: pd.DataFrame, language: Language) -> list[str]:
    """A line naming the places of the report that have no figure, and why."""
    state = dict(zip(states["area_code"], states["state"], strict=True))
    left, right = ("（", "）") if language == "ja" else (" (", ")")
    listed = [
        f"{place_label(code, name, language)}{left}{words.STATES[reason].to(language)}{right}"
        for code, name in content.focus
        if (reason := str(state.get(code, "no_data"))) in WITHOUT_VALUE
    ]
    if not listed:
        return []
    return [words.FOCUS_HIDDEN.format(listed=words.LIST_GAP.to(language).join(listed)).to(language)]


def indicator_lines(row: Any, language: Language) -> list[str]:
    """Whose place an indicator counts by, and what else to know about it."""
    basis = words.PLACE_BASIS.format(place=label_of(words.PLACES, row["place"], language)).to(language)
    caveat = said(row, "caveat", language)
    gap = "　" if language == "ja" else ". "
    first = basis + (gap + words.CAVEAT.format(caveat=caveat).to(language) if caveat else "")
    return [first]


def titled(template: Text, **values: object) -> Text:
    """Fill both halves of a title."""
    return both(template, **values)


def name_of(row: Any) -> Text:
    """Name of an indicator."""
    return Text(said(row, "name", "ja"), said(row, "name", "en"))
