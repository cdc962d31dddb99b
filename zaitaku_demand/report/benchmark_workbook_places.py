"""The tables of the benchmark workbook about places: plan, scores, peers, consistency."""

from __future__ import annotations

from typing import Any

from zaitaku_demand.benchmark.consistency_words import CHECK_NAMES, SEVERITY_NAMES
from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report import benchmark_labels_book as terms
from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as book_words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_view import (
    is_distinct,
    label_of,
    place_label,
    places_count,
    said,
    titled,
)
from zaitaku_demand.report.sheet_table import SheetTable, number
from zaitaku_demand.report.sheets import Cell, Column, Kind
from zaitaku_demand.text import Language, Text


def pdca(content: BenchmarkContent, language: Language) -> SheetTable:
    """Baseline, target, actual, gap and verdict of the plan period."""
    known = _indicators(content)
    columns = [
        Column(terms.PLACE_NAME.to(language), "text", 14),
        Column(terms.INDICATOR_ID.to(language), "centred", 9),
        Column(terms.INDICATOR.to(language), "long", 32),
        Column(labels.UNIT.to(language), "long", 20),
        Column(terms.PERIOD.to(language), "centred", 12),
        Column(terms.BASELINE_YEAR.to(language), "year", 8),
        Column(terms.BASELINE.to(language), "decimal", 10),
        Column(terms.TARGET.to(language), "decimal", 10),
        Column(terms.TARGET_BASIS.to(language), "long", 26),
        Column(terms.ACTUAL_YEAR.to(language), "year", 8),
        Column(terms.ACTUAL.to(language), "decimal", 10),
        Column(terms.GAP.to(language), "tenth", 10),
        Column(terms.ATTAINMENT.to(language), "share", 10),
        Column(terms.AT_TREND.to(language), "decimal", 15),
        Column(terms.VERDICT_OF_PLAN.to(language), "long", 48),
    ]
    rows: list[list[Cell]] = []
    for row in content.pdca.to_dict("records"):
        declared = known.get(str(row["indicator_id"]), {})
        rows.append(
            [
                _place(content, row, language),
                str(row["indicator_id"]),
                said(declared, "name", language),
                said(declared, "unit", language),
                str(row["period"]),
                number(row["baseline_year"]),
                number(row["baseline"]),
                number(row["target"]),
                said(row, "target_basis", language),
                number(row["actual_year"]),
                number(row["actual"]),
                number(row["gap"]),
                number(row["attainment"]),
                number(row["expected_at_trend"]),
                said(row, "verdict", language),
            ]
        )
    return _sheet(terms.PDCA_SHEET, terms.PDCA_TITLE, terms.PDCA_LEGEND, columns, rows, language, frozen=3)


def scores(content: BenchmarkContent, language: Language) -> SheetTable:
    """Scores of the functions of all places."""
    entries: list[tuple[str, Text, Kind, float]] = [
        ("structure_score", terms.STRUCTURE_SCORE, "decimal", 10),
        ("quantity_score", terms.QUANTITY_SCORE, "decimal", 10),
        ("coverage_score", terms.COVERAGE_SCORE, "decimal", 10),
        ("quality_score", terms.QUALITY_SCORE, "decimal", 10),
        ("score", words.SCORE, "decimal", 9),
        ("score_lower", terms.SCORE_LOWER, "decimal", 10),
        ("score_upper", terms.SCORE_UPPER, "decimal", 10),
        ("rank", terms.RANK, "count", 7),
        ("rank_lower", terms.RANK_LOWER, "count", 11),
        ("rank_upper", terms.RANK_UPPER, "count", 11),
        ("sensitivity_rank_low", terms.SENSITIVITY_LOW, "count", 12),
        ("sensitivity_rank_high", terms.SENSITIVITY_HIGH, "count", 12),
    ]
    columns = [
        Column(terms.FUNCTION.to(language), "text", 22),
        Column(terms.PLACE_CODE.to(language), "centred", 7),
        Column(terms.PLACE_NAME.to(language), "text", 16),
        *(Column(label.to(language), kind, width) for _, label, kind, width in entries),
        Column(terms.DISTINGUISHABLE.to(language), "centred", 18),
        Column(terms.IN_WORDS.to(language), "long", 56),
    ]
    rows: list[list[Cell]] = [
        [
            label_of(words.FUNCTIONS, row["function"], language),
            str(row["area_code"]),
            place_label(str(row["area_code"]), str(row["area_name"]), language),
            *(number(row[name]) for name, _, _, _ in entries),
            distinction(row, language),
            said(row, "sentence", language),
        ]
        for row in content.functions.to_dict("records")
    ]
    count = content.functions["area_code"].nunique()
    title = titled(terms.SCORES_SHEET_TITLE, places=places_count(content, count))
    return _sheet(terms.SCORES_SHEET, title, terms.SCORES_LEGEND, columns, rows, language, frozen=3)


def distinction(row: Any, language: Language) -> str:
    """Whether a rank can be told from the others; empty without a rank."""
    if row["rank"] != row["rank"]:
        return words.STATES["no_data"].to(language)
    return (terms.DISTINCT if is_distinct(row) else words.INDISTINCT).to(language)


def peers(content: BenchmarkContent, language: Language) -> SheetTable:
    """The peers of every focus place and why they are."""
    columns = [
        Column(terms.PLACE_NAME.to(language), "text", 16),
        Column(terms.PLACE_CODE.to(language), "centred", 8),
        Column(terms.PEER.to(language), "text", 18),
        Column(terms.DISTANCE.to(language), "decimal", 10),
        Column(terms.REASON.to(language), "long", 80),
    ]
    rows: list[list[Cell]] = [
        [
            _place(content, row, language),
            str(row["peer_code"]),
            place_label(str(row["peer_code"]), str(row["peer_name"]), language),
            number(row["distance"]),
            said(row, "reason", language),
        ]
        for row in content.peers.to_dict("records")
    ]
    return _sheet(terms.PEERS_SHEET, terms.PEERS_TITLE, terms.PEERS_LEGEND, columns, rows, language, frozen=1)


def consistency(content: BenchmarkContent, language: Language) -> SheetTable:
    """What the checks between indicators and sources found."""
    known = _indicators(content)
    columns = [
        Column(terms.SEVERITY.to(language), "centred", 12),
        Column(terms.CHECK.to(language), "text", 28),
        Column(terms.CHECKED.to(language), "long", 36),
        Column(terms.PLACE_NAME.to(language), "text", 16),
        Column(labels.YEAR_HEADER.to(language), "year", 8),
        Column(terms.FINDING.to(language), "long", 80),
    ]
    rows: list[list[Cell]] = [
        [
            label_of(SEVERITY_NAMES, row["severity"], language),
            label_of(CHECK_NAMES, row["check"], language),
            checked(row, known, language),
            place_label(str(row["area_code"]), str(row["area_name"]), language),
            number(row["year"]),
            said(row, "finding", language),
        ]
        for row in content.consistency.to_dict("records")
    ]
    return _sheet(
        terms.CONSISTENCY_SHEET,
        terms.CONSISTENCY_TITLE,
        terms.CONSISTENCY_LEGEND,
        columns,
        rows,
        language,
        frozen=0,
    )


def checked(row: dict[Any, Any], known: dict[str, dict[Any, Any]], language: Language) -> str:
    """What was checked: an indicator by name, a measure by its id."""
    id = row.get("indicator_id", row.get("measure", ""))
    id = id if isinstance(id, str) else str(row.get("measure", ""))
    return f"{id} {said(known[id], 'name', language)}" if id in known else id


def _indicators(content: BenchmarkContent) -> dict[str, dict[Any, Any]]:
    return {str(row["indicator_id"]): row for row in content.indicators.to_dict("records")}


def _place(content: BenchmarkContent, row: dict[Any, Any], language: Language) -> str:
    code = str(row["area_code"])
    return place_label(code, dict(content.focus).get(code, code), language)


def _sheet(
    name: Text,
    title: Text,
    legend: Text,
    columns: list[Column],
    rows: list[list[Cell]],
    language: Language,
    frozen: int,
) -> SheetTable:
    return SheetTable(
        name=name.to(language),
        title=title.to(language),
        unit=book_words.EACH_ROW.to(language),
        legend=legend.to(language),
        columns=columns,
        rows=rows,
        frozen=frozen,
    )
