"""Picking rows of the tidy tables and saying them: names, numbers, intervals, years, parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report import research_terms as terms
from zaitaku_demand.report.benchmark_view import figure_text
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.text import Language, Text

Row = Mapping[str, Any]
NOTHING = "－"
LEVELS = ("prefecture", "area")
_NEARLY_ONE, _ALMOST_ONE = 0.99, 0.9985
_NAMES = (
    terms.CRITERIA,
    terms.INTERRUPTIONS,
    terms.SERVICES,
    terms.STUDIES,
    terms.ADJUSTMENTS,
    words.LEVELS,
    words.FLOWS,
)


@dataclass(frozen=True)
class Curve:
    """One specification curve.

    Attributes
    ----------
    level, outcome, term : str
        Main measures of the question.
    verdict : str
        robust, fragile or null.
    rows : DataFrame
        Specifications that compare places and gave an estimate, the smallest first.
    figures : mapping
        Statistic of the whole curve → its row.
    """

    level: str
    outcome: str
    term: str
    verdict: str
    rows: pd.DataFrame
    figures: Mapping[str, Mapping[str, Any]]


def records(frame: pd.DataFrame) -> list[Row]:
    """Rows of a table as mappings."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def named(content: ResearchContent, name: object, language: Language) -> str:
    """Name of a variable with its id; criteria, events and the like by their own names, anything else by its id."""
    key = str(name)
    if key in _labels(content):
        label = _labels(content)[key].to(language)
        return f"{label}（{key}）" if language == "ja" else f"{label} ({key})"
    for known in _NAMES:
        if key in known:
            return known[key].to(language)
    return key


def label_of(content: ResearchContent, name: object) -> Text:
    """Name of a variable without its id; one that is not known is shown by its id."""
    return _labels(content).get(str(name), Text(str(name), str(name)))


@lru_cache(maxsize=2)
def _labels(content: ResearchContent) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for frame, column in ((content.codebook, "name"), (content.candidates, "outcome")):
        for row in records(frame):
            found.setdefault(str(row[column]), Text(str(row["label_ja"]), str(row["label_en"])))
    return found


def unit_of(content: ResearchContent, name: object, language: Language) -> str:
    """Unit of a variable; a dash where the codebook does not know it."""
    rows = content.codebook[content.codebook["name"].astype(str) == str(name)]
    return str(rows[f"unit_{language}"].iloc[0]) if len(rows) else NOTHING


def method_name(method: object, language: Language) -> str:
    """Name of a method; one without a name is shown by its id."""
    return terms.method_text(str(method)).to(language)


def statistic_name(statistic: object, language: Language) -> str:
    """Name of a statistic; one without a name is shown by its id."""
    return terms.statistic_text(str(statistic)).to(language)


def parameters_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a tidy row; empty where there are none."""
    text = row.get("parameters")
    found = json.loads(text) if isinstance(text, str) and text else {}
    return found if isinstance(found, dict) else {}


def number(value: object) -> str:
    """A number with about three digits; a dash where there is none."""
    return NOTHING if value is None or pd.isna(value) else figure_text(value)  # type: ignore[call-overload]


def p_text(value: object) -> str:
    """A p-value with three decimals, a very small one as such."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return NOTHING
    p = float(value)  # type: ignore[arg-type]
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def percent(value: object) -> str:
    """A share in percent."""
    return NOTHING if value is None or pd.isna(value) else f"{100 * float(value):.0f}%"  # type: ignore[arg-type,call-overload]


def estimate_text(row: Mapping[str, Any]) -> str:
    """Estimate with its interval; what cannot be had is a dash, an estimate without interval stands alone."""
    shown = number(row["estimate"])
    low, high = row["lower"], row["upper"]
    if shown == NOTHING:
        # Outside what was tried only one limit is known.
        if pd.notna(low) and pd.isna(high):
            return f">{number(low)}"
        return f"<{number(high)}" if pd.notna(high) and pd.isna(low) else NOTHING
    if pd.isna(low) and pd.isna(high):
        return shown
    return f"{shown} [{number(low)}, {number(high) if pd.notna(high) else '∞'}]"


def reliability_text(row: Mapping[str, Any]) -> str:
    """A reliability with its interval, above 0.99 with three decimals; none is said to be perfect."""
    middle, low, high = (_reliability(row[name]) for name in ("estimate", "lower", "upper"))
    return middle if NOTHING in (middle, low, high) else f"{middle} [{low}, {high}]"


def _reliability(value: Any) -> str:
    if pd.isna(value):
        return NOTHING
    return ">0.999" if value > _ALMOST_ONE else f"{value:.3f}" if value > _NEARLY_ONE else number(value)


def years_text(row: Mapping[str, Any]) -> str:
    """First and last year of a row."""
    first, last = row["first_year"], row["last_year"]
    if pd.isna(first) or pd.isna(last):
        return NOTHING
    return str(int(first)) if first == last else f"{int(first)}–{int(last)}"


def place_years(row: Mapping[str, Any], language: Language) -> str:
    """What a row rests on: places and years."""
    places = NOTHING if pd.isna(row["n_places"]) else f"{int(row['n_places']):,}"
    return f"{places}、{years_text(row)}" if language == "ja" else f"{places}, {years_text(row)}"


def notes_text(row: Mapping[str, Any]) -> str:
    """Codes of a row's note as they are explained below the tables."""
    note = row["note"]
    return str(note) if isinstance(note, str) else ""


def clear_of(row: Mapping[str, Any], neutral: float) -> bool:
    """Whether the interval leaves out the neutral value."""
    return bool(row["lower"] > neutral or row["upper"] < neutral)


def main_reliability(content: ResearchContent) -> pd.DataFrame:
    """Of every level and outcome the one-year reliability by the first estimator that gave one (the core one)."""
    rows = content.reliability[content.reliability["statistic"] == "reliability"]
    rows = rows.assign(_none=rows["estimate"].isna()).sort_values("_none", kind="stable")
    return rows.drop_duplicates(["level", "outcome"]).drop(columns="_none").sort_index()


@lru_cache(maxsize=2)
def main_associations(content: ResearchContent) -> pd.DataFrame:
    """The declared main result of every pair; of a table that declares none, the first row of each pair."""
    frame = content.association[content.association["statistic"] == "rate_ratio"]
    if "primary" in frame:
        return frame[frame["primary"].astype(bool)]
    return frame.drop_duplicates(["level", "outcome", "term"])


@lru_cache(maxsize=2)
def curves(content: ResearchContent) -> tuple[Curve, ...]:
    """The specification curves: each block of the table ends with the row of its verdict."""
    made: list[Curve] = []
    block: list[Row] = []
    for row in records(content.specification):
        block.append(row)
        if row["statistic"] == "verdict":
            made.append(_curve(block, row))
            block = []
    return tuple(made)


def _curve(block: list[Row], verdict: Row) -> Curve:
    tried = [row for row in block if row["statistic"] == "rate_ratio" and pd.notna(row["estimate"])]
    # Changes within places are another question; they stand in the table.
    shown = [row for row in tried if parameters_of(row).get("curve", "between") == "between"]
    rows = pd.DataFrame([{**row, "_choices": _choices(row)} for row in shown])
    if len(rows):
        rows = rows.sort_values("estimate", kind="stable").reset_index(drop=True)
    figures = {str(row["statistic"]): row for row in block if row["statistic"] != "rate_ratio"}
    keys = (str(verdict["level"]), str(verdict["outcome"]), str(verdict["term"]))
    return Curve(*keys, str(verdict["note"]), rows, figures)


def examples(content: ResearchContent) -> dict[str, Curve]:
    """A null and a fragile result: those named, or the first curve with that verdict; a named one with another verdict is not shown."""
    found: dict[str, Curve] = {}
    for kind in words.EXAMPLES:
        named_pair = content.examples.get(kind)
        for curve in curves(content):
            pair = (curve.level, curve.outcome, curve.term)
            if curve.verdict == kind and named_pair in (None, pair):
                found.setdefault(kind, curve)
    return {kind: curve for kind, curve in found.items() if len(curve.rows) > 1}


def verdict_of(content: ResearchContent, level: object, outcome: object, term: object) -> str:
    """``null``, ``fragile`` or ``robust`` where a pair was put to a specification curve; empty otherwise."""
    pair = (str(level), str(outcome), str(term))
    for curve in curves(content):
        if (curve.level, curve.outcome, curve.term) == pair:
            return curve.verdict
    return ""


def power_curves(content: ResearchContent) -> pd.DataFrame:
    """Power by size: study, level, outcome, difference (true ratio), n (designated places), power, lower, upper."""
    columns = ["study", "level", "outcome", "difference", "n", "power", "lower", "upper"]
    rows: list[list[object]] = []
    for row in records(content.power[content.power["statistic"] == "power"]):
        given = parameters_of(row)
        if pd.notna(row["estimate"]) and {"ratio", "places"} <= set(given):
            keys = [row["term"], row["level"], row["outcome"], given["ratio"], given["places"]]
            rows.append([*keys, row["estimate"], row["lower"], row["upper"]])
    return pd.DataFrame(rows, columns=columns)


def _choices(row: Row) -> dict[str, str]:
    """What was chosen in a specification."""
    shown = {"model": row["method"], "outcome": row["outcome"], "exposure": row["term"], **parameters_of(row)}
    return {
        name: "+".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
        for name, value in shown.items()
        if name in terms.CHOICES
    }
