"""The tables of the benchmark workbook about places: plan, scores, peers, consistency."""

from __future__ import annotations

from typing import Any

from zaitaku_demand.benchmark.consistency_words import CHECK_NAMES, SEVERITY_NAMES
from zaitaku_demand.benchmark.pdca_words import is_too_wide, old_baseline
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report import benchmark_labels_book as terms
from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as book_words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_view import (
    is_distinct,
    is_fiscal,
    label_of,
    place_label,
    places_count,
    ranked_functions,
    said,
    titled,
    year_cell,
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
        Column(terms.BASELINE_YEAR.to(language), "year", 9),
        Column(terms.BASELINE_AGE.to(language), "centred", 9),
        Column(terms.BASELINE.to(language), "decimal", 10),
        Column(terms.TARGET.to(language), "decimal", 10),
        Column(terms.TARGET_BASIS.to(language), "long", 26),
        Column(terms.ACTUAL_YEAR.to(language), "year", 9),
        Column(terms.ACTUAL.to(language), "decimal", 10),
        Column(terms.GAP.to(language), "decimal", 10),
        Column(terms.ATTAINMENT.to(language), "share", 10),
        Column(terms.AT_TREND.to(language), "decimal", 15),
        Column(terms.TREND_LOWER.to(language), "decimal", 11),
        Column(terms.TREND_UPPER.to(language), "decimal", 11),
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
                plan_unit(row, declared, language),
                str(row["period"]),
                year_cell({**declared, "year": row["baseline_year"]}, language),
                terms.OLD.to(language) if is_old(row) else "",
                number(row["baseline"]),
                number(row["target"]),
                said(row, "target_basis", language),
                year_cell({**declared, "year": row["actual_year"]}, language),
                number(row["actual"]),
                number(row["gap"]),
                number(row["attainment"]),
                *trend_figures(row),
                said(row, "verdict", language),
            ]
        )
    return _sheet(terms.PDCA_SHEET, terms.PDCA_TITLE, terms.PDCA_LEGEND, columns, rows, language, frozen=3)


def plan_unit(row: dict[Any, Any], declared: dict[Any, Any], language: Language) -> str:
    """Unit of a row of the plan: counts where the target comes from the growth of demand."""
    if row.get("figure") == "numerator":
        return terms.COUNT_UNIT.to(language)
    return said(declared, "unit", language)


def is_old(row: dict[Any, Any]) -> bool:
    """Whether the baseline of a row of the plan is old."""
    year = number(row["baseline_year"])
    return isinstance(year, float) and old_baseline(year, int(str(row["period"])[:4]))


def trend_figures(row: dict[Any, Any]) -> tuple[float | None, float | None, float | None]:
    """Figure at the present trend with its interval; None where there is none or the interval says nothing."""
    value, low, high = (
        found if isinstance(found := number(row.get(f"expected_{name}")), float) else None
        for name in ("at_trend", "lower", "upper")
    )
    if low is not None and high is not None and is_too_wide(low, high):
        return None, None, None
    return value, low, high


def scores(content: BenchmarkContent, language: Language) -> SheetTable:
    """Scores of the functions of all places."""
    frame = ranked_functions(content)
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
        ("n_places", terms.PLACES_N, "count", 11),
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
        Column(terms.RESTS_ON.to(language), "long", 56),
    ]
    rows: list[list[Cell]] = [
        [
            label_of(words.FUNCTIONS, row["function"], language),
            str(row["area_code"]),
            place_label(str(row["area_code"]), str(row["area_name"]), language),
            *(number(row[name]) for name, _, _, _ in entries),
            distinction(row, language),
            said(row, "sentence", language),
            said(row, "rests_on", language),
        ]
        for row in frame.to_dict("records")
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
        Column(labels.YEAR_HEADER.to(language), "year", 10),
        Column(terms.FINDING.to(language), "long", 80),
    ]
    rows: list[list[Cell]] = [
        [
            label_of(SEVERITY_NAMES, row["severity"], language),
            label_of(CHECK_NAMES, row["check"], language),
            checked(row, known, language),
            place_label(str(row["area_code"]), str(row["area_name"]), language),
            year_cell({**row, "fiscal_year": is_of_fiscal_years(row, known)}, language),
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
    """What was checked, by name: an indicator, or measures; what is not declared keeps its id."""
    gap = "＋" if language == "ja" else " + "
    declared = measures()
    names = []
    for id in _checked_ids(row):
        if id in known:
            names.append(f"{id} {said(known[id], 'name', language)}")
        else:
            names.append(declared[id].name.to(language) if id in declared else id)
    return gap.join(names)


def is_of_fiscal_years(row: dict[Any, Any], known: dict[str, dict[Any, Any]]) -> bool:
    """Whether the year of a finding is a fiscal year: that of the first thing checked."""
    declared = measures()
    id = _checked_ids(row)[0]
    return is_fiscal(known[id]) if id in known else id in declared and declared[id].source == "ndb"


def _checked_ids(row: dict[Any, Any]) -> list[str]:
    id = row.get("indicator_id")
    return str(id if isinstance(id, str) else row.get("measure", "")).split(" + ")


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
