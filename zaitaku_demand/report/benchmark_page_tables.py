"""The tables of the benchmark page as text, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zaitaku_demand.benchmark.consistency_words import CHECK_NAMES, SEVERITY_NAMES
from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report import benchmark_labels_book as terms
from zaitaku_demand.report import labels
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_view import (
    WITHOUT_VALUE,
    figure_text,
    label_of,
    ordered_indicators,
    place_label,
    place_profile,
    place_text,
    rank_text,
    said,
    score_text,
    titled,
    value_text,
)
from zaitaku_demand.report.benchmark_workbook_places import checked, distinction
from zaitaku_demand.text import Language

NOTHING = "－"
MOST_FINDINGS = 40


@dataclass(frozen=True)
class WordTable:
    """Caption, headings and cells; the first cell of a row is its heading, `numbers` are columns aligned right, `whole` never wrapped."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numbers: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()


def profile_table(content: BenchmarkContent, code: str, name: str, language: Language) -> WordTable:
    """Every indicator with data of one place: value, Japan, peers, verdict, rank and trend."""
    frame = place_profile(content, code)
    frame = frame[frame["latest_year"].notna()]
    head = [
        terms.INDICATOR,
        terms.FUNCTION,
        terms.TYPE,
        labels.UNIT,
        labels.YEAR_HEADER,
        terms.INTERVAL,
        words.JAPAN,
        terms.PEER_MEDIAN,
        terms.PEER_BEST,
        terms.VERDICT,
        terms.RANK_INTERVAL,
        terms.TREND,
    ]
    rows = [_profile_row(row, language) for row in frame.to_dict("records")]
    caption = titled(terms.PROFILE_TABLE, place=place_text(code, name)).to(language)
    shown = [text.to(language) for text in head]
    return WordTable(caption, shown, rows, frozenset({6, 7, 8}), frozenset({5, 10}))


def _profile_row(row: dict[Any, Any], language: Language) -> list[str]:
    verdict = str(row["verdict"])
    hidden = row["state"] in WITHOUT_VALUE
    sign = words.TREND_SIGNS.get(str(row["trend"]), "")
    gap = "" if language == "ja" else " "
    return [
        said(row, "name", language),
        label_of(words.FUNCTIONS, row["function"], language),
        label_of(words.TYPES, row["type"], language),
        said(row, "unit", language),
        f"{row['year']:.0f}",
        value_text(row, language),
        *(figure_text(row[name]) for name in ("japan", "peer_median", "peer_best_fifth")),
        f"{words.SIGNS.get(verdict, '')}{gap}{label_of(words.VERDICTS, verdict, language)}",
        NOTHING if hidden else rank_text(row, language),
        f"{sign}{gap}{label_of(words.TRENDS, row['trend'], language)}" if sign else NOTHING,
    ]


def score_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """Scores of the focus places with what they rest on."""
    codes = [code for code, _ in content.focus]
    frame = content.functions[content.functions["area_code"].isin(codes)]
    if frame.empty:
        return None
    order = frame["area_code"].map({code: place for place, code in enumerate(codes)})
    frame = frame.assign(_order=order).sort_values("_order", kind="stable")
    head = [
        terms.PLACE_NAME,
        terms.FUNCTION,
        words.SCORE,
        terms.STRUCTURE_SCORE,
        terms.QUANTITY_SCORE,
        terms.RANK_INTERVAL,
        terms.DISTINGUISHABLE,
        terms.IN_WORDS,
    ]
    rows = []
    for row in frame.to_dict("records"):
        rows.append(
            [
                place_label(str(row["area_code"]), str(row["area_name"]), language),
                label_of(words.FUNCTIONS, row["function"], language),
                score_text(row, language),
                figure_text(row["structure_score"]),
                figure_text(row["quantity_score"]),
                rank_text(row, language),
                distinction(row, language),
                said(row, "sentence", language),
            ]
        )
    return WordTable(
        terms.SCORES_TABLE.to(language),
        [text.to(language) for text in head],
        rows,
        frozenset({3, 4}),
        frozenset({2, 5}),
    )


def pdca_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """Baseline, target and verdict of the plan."""
    if content.pdca.empty:
        return None
    known = {str(row["indicator_id"]): row for row in content.indicators.to_dict("records")}
    head = [
        terms.INDICATOR,
        terms.PLACE_NAME,
        terms.PERIOD,
        labels.UNIT,
        terms.BASELINE,
        terms.TARGET,
        terms.TARGET_BASIS,
        terms.ACTUAL,
        terms.GAP,
        terms.ATTAINMENT,
        terms.AT_TREND,
        terms.VERDICT_OF_PLAN,
    ]
    rows = []
    for row in content.pdca.to_dict("records"):
        declared = known.get(str(row["indicator_id"]), {})
        code = str(row["area_code"])
        attained = row["attainment"]
        rows.append(
            [
                said(declared, "name", language) or str(row["indicator_id"]),
                place_label(code, dict(content.focus).get(code, code), language),
                str(row["period"]),
                said(declared, "unit", language),
                _with_year(row["baseline"], row["baseline_year"], language),
                figure_text(row["target"]),
                said(row, "target_basis", language),
                _with_year(row["actual"], row["actual_year"], language),
                figure_text(row["gap"]),
                f"{100 * attained:.0f}%" if attained == attained else NOTHING,
                figure_text(row["expected_at_trend"]),
                said(row, "verdict", language),
            ]
        )
    shown = [text.to(language) for text in head]
    return WordTable(terms.PDCA_TITLE.to(language), shown, rows, frozenset({4, 5, 7, 8, 9, 10}))


def _with_year(value: float, year: float, language: Language) -> str:
    if value != value:
        return NOTHING
    shown = figure_text(value)
    if year != year:
        return shown
    return f"{shown}（{year:.0f}年）" if language == "ja" else f"{shown} ({year:.0f})"


def peer_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """The peers of the focus places."""
    if content.peers.empty:
        return None
    head = [terms.PLACE_NAME, terms.PEER, terms.DISTANCE, terms.REASON]
    rows = [
        [
            place_label(str(row["area_code"]), dict(content.focus).get(str(row["area_code"]), ""), language),
            place_label(str(row["peer_code"]), str(row["peer_name"]), language),
            figure_text(row["distance"]),
            said(row, "reason", language),
        ]
        for row in content.peers.to_dict("records")
    ]
    return WordTable(
        terms.PEERS_TITLE.to(language), [text.to(language) for text in head], rows, frozenset({2})
    )


def consistency_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """What the checks found on the focus places and Japan, the first in the order given; the workbook holds all."""
    codes = {code for code, _ in content.focus} | {"00"}
    findings = content.consistency[content.consistency["area_code"].isin(codes)]
    shown = findings.head(MOST_FINDINGS)
    if content.consistency.empty:
        return None
    known = {str(row["indicator_id"]): row for row in content.indicators.to_dict("records")}
    head = [terms.SEVERITY, terms.CHECK, terms.CHECKED, terms.PLACE_NAME, labels.YEAR_HEADER, terms.FINDING]
    rows = [
        [
            label_of(SEVERITY_NAMES, row["severity"], language),
            label_of(CHECK_NAMES, row["check"], language),
            checked(row, known, language),
            place_label(str(row["area_code"]), str(row["area_name"]), language),
            f"{row['year']:.0f}" if row["year"] == row["year"] else NOTHING,
            said(row, "finding", language),
        ]
        for row in shown.to_dict("records")
    ]
    caption = terms.CONSISTENCY_SHORT.format(
        n=len(findings), shown=len(shown), total=len(content.consistency)
    ).to(language)
    return WordTable(caption, [text.to(language) for text in head], rows)


def no_data_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """Indicators without data and what would fill them."""
    frame = ordered_indicators(content)
    frame = frame[frame["latest_year"].isna()]
    if frame.empty:
        return None
    head = [terms.INDICATOR_ID, terms.INDICATOR, terms.FUNCTION, terms.STATE, terms.DATA_NEED]
    rows = [
        [
            str(row["indicator_id"]),
            said(row, "name", language),
            label_of(words.FUNCTIONS, row["function"], language),
            words.STATES["no_data"].to(language),
            said(row, "data_need", language),
        ]
        for row in frame.to_dict("records")
    ]
    return WordTable(terms.NO_DATA_TITLE.to(language), [text.to(language) for text in head], rows)
