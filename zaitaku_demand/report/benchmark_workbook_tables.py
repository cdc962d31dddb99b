"""The tables of the benchmark workbook about indicators, as columns and rows."""

from __future__ import annotations

from typing import Any

from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report import benchmark_labels_book as terms
from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as book_words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_view import (
    FUNCTION_ORDER,
    is_within_type,
    label_of,
    ordered_indicators,
    place_label,
    place_profile,
    places_count,
    said,
    titled,
    year_cell,
)
from zaitaku_demand.report.sheet_table import SheetTable, number
from zaitaku_demand.report.sheets import Cell, Column
from zaitaku_demand.text import Language


def function_sheets(content: BenchmarkContent, language: Language) -> list[SheetTable]:
    """One sheet a function: the focus places one after the other, all declared indicators of the function."""
    known = set(content.indicators["function"])
    profiles = [(code, name, place_profile(content, code)) for code, name in content.focus]
    sheets = []
    for function in [name for name in FUNCTION_ORDER if name in known]:
        label = words.FUNCTIONS[function]
        rows = [
            _profile_cells(code, name, row, language)
            for code, name, frame in profiles
            for row in frame[frame["function"] == function].to_dict("records")
        ]
        sheets.append(
            SheetTable(
                name=label.to(language),
                title=titled(terms.FUNCTION_TITLE, function=label).to(language),
                unit=book_words.EACH_ROW.to(language),
                legend=terms.FUNCTION_LEGEND.to(language),
                columns=_profile_columns(language),
                rows=rows,
                frozen=3,
            )
        )
    return sheets


def _profile_columns(language: Language) -> list[Column]:
    return [
        Column(terms.PLACE_NAME.to(language), "text", 14),
        Column(terms.INDICATOR_ID.to(language), "centred", 9),
        Column(terms.INDICATOR.to(language), "long", 34),
        Column(terms.TYPE.to(language), "centred", 14),
        Column(labels.UNIT.to(language), "long", 20),
        Column(terms.DIRECTION.to(language), "centred", 18),
        Column(labels.YEAR_HEADER.to(language), "year", 9),
        Column(terms.STATE.to(language), "centred", 11),
        Column(terms.VALUE.to(language), "decimal", 10),
        Column(terms.LOWER.to(language), "decimal", 10),
        Column(terms.UPPER.to(language), "decimal", 10),
        Column(words.JAPAN.to(language), "decimal", 10),
        Column(terms.PEER_MEDIAN.to(language), "decimal", 10),
        Column(terms.PEER_BEST.to(language), "decimal", 10),
        Column(terms.RATIO.to(language), "decimal", 10),
        Column(terms.SIGN.to(language), "centred", 5),
        Column(terms.VERDICT.to(language), "centred", 21),
        Column(terms.RANK.to(language), "count", 7),
        Column(terms.RANK_LOWER.to(language), "count", 11),
        Column(terms.RANK_UPPER.to(language), "count", 11),
        Column(terms.PLACES_N.to(language), "count", 11),
        Column(terms.RANKED_AMONG.to(language), "centred", 22 if language == "en" else 14),
        Column(terms.TREND.to(language), "centred", 16),
        Column(terms.PLACE_HEAD.to(language), "long", 20),
        Column(terms.CAVEAT_HEAD.to(language), "long", 44),
    ]


def _profile_cells(code: str, name: str, row: dict[Any, Any], language: Language) -> list[Cell]:
    trend = str(row["trend"])
    sign = words.TREND_SIGNS.get(trend, "")
    verdict = str(row["verdict"])
    figures: list[Cell] = [
        number(row[column])
        for column in ("value", "lower", "upper", "japan", "peer_median", "peer_best_fifth", "ratio")
    ]
    ranks: list[Cell] = [number(row[column]) for column in ("rank", "rank_lower", "rank_upper", "n_places")]
    return [
        place_label(code, name, language),
        str(row["indicator_id"]),
        said(row, "name", language),
        label_of(words.TYPES, row["type"], language),
        said(row, "unit", language),
        label_of(words.BETTER, row["better"], language),
        year_cell(row, language),
        label_of(words.STATES, row["state"], language),
        *figures,
        words.SIGNS.get(verdict, ""),
        label_of(words.VERDICTS, verdict, language),
        *ranks,
        _ranked_among(row, language),
        f"{sign} {label_of(words.TRENDS, trend, language)}" if sign else "",
        label_of(words.PLACES, row["place"], language),
        said(row, "caveat", language),
    ]


def _ranked_among(row: dict[Any, Any], language: Language) -> str:
    """Among which places a place is ranked; empty without a rank."""
    if row["rank"] != row["rank"]:
        return ""
    return (terms.SAME_TYPE if is_within_type(row) else terms.ALL_OF_LEVEL).to(language)


def all_places(content: BenchmarkContent, language: Language) -> SheetTable:
    """Every place in the latest year of every indicator that has data."""
    declared = ordered_indicators(content).dropna(subset=["latest_year"])
    figures = content.benchmark[content.benchmark["level"] == content.level]
    keys = declared[["indicator_id", "latest_year"]].rename(columns={"latest_year": "year"})
    joined = keys.merge(figures.astype({"year": "float64"}), on=["indicator_id", "year"], how="left").dropna(
        subset=["area_code"]
    )
    known = {str(row["indicator_id"]): row for row in declared.to_dict("records")}
    names = {id: said(row, "name", language) for id, row in known.items()}
    units = {id: said(row, "unit", language) for id, row in known.items()}
    columns = [
        Column(terms.INDICATOR_ID.to(language), "centred", 9),
        Column(terms.INDICATOR.to(language), "text", 38),
        Column(terms.PLACE_CODE.to(language), "centred", 7),
        Column(terms.PLACE_NAME.to(language), "text", 16),
        Column(labels.UNIT.to(language), "text", 24),
        Column(labels.YEAR_HEADER.to(language), "year", 9),
        Column(terms.STATE.to(language), "centred", 11),
        Column(terms.VALUE.to(language), "decimal", 10),
        Column(terms.LOWER.to(language), "decimal", 10),
        Column(terms.UPPER.to(language), "decimal", 10),
        Column(terms.RATIO.to(language), "decimal", 10),
        Column(terms.SHRUNK.to(language), "decimal", 15),
        Column(terms.FUNNEL.to(language), "centred", 20),
        Column(terms.RANK.to(language), "count", 7),
        Column(terms.RANK_LOWER.to(language), "count", 11),
        Column(terms.RANK_UPPER.to(language), "count", 11),
        Column(terms.RANKED_AMONG.to(language), "centred", 22 if language == "en" else 14),
    ]
    rows: list[list[Cell]] = [
        [
            row["indicator_id"],
            names[row["indicator_id"]],
            row["area_code"],
            place_label(row["area_code"], row["area_name"], language),
            units[row["indicator_id"]],
            year_cell({**known[row["indicator_id"]], "year": row["year"]}, language),
            label_of(words.STATES, row["state"], language),
            row["value"],
            row["lower"],
            row["upper"],
            row["ratio"],
            row["shrunk"],
            label_of(words.FUNNEL_STATUS, row["funnel_status"], language),
            row["rank"],
            row["rank_lower"],
            row["rank_upper"],
            _ranked_among({**known[row["indicator_id"]], **row}, language),
        ]
        for row in joined.to_dict("records")
    ]
    count = figures["area_code"].nunique()
    return SheetTable(
        name=terms.ALL_SHEET.to(language),
        title=titled(terms.ALL_TITLE, places=places_count(content, count)).to(language),
        unit=book_words.EACH_ROW.to(language),
        legend=terms.ALL_LEGEND.to(language),
        columns=columns,
        rows=rows,
        frozen=4,
    )


def no_data(content: BenchmarkContent, language: Language) -> SheetTable:
    """Declared indicators without data and the file that would fill them."""
    frame = ordered_indicators(content)
    columns = [
        Column(terms.INDICATOR_ID.to(language), "centred", 9),
        Column(terms.INDICATOR.to(language), "long", 44),
        Column(terms.FUNCTION.to(language), "text", 22),
        Column(terms.TYPE.to(language), "text", 15),
        Column(terms.STATE.to(language), "centred", 11),
        Column(terms.DATA_NEED.to(language), "long", 70),
    ]
    rows: list[list[Cell]] = [
        [
            str(row["indicator_id"]),
            said(row, "name", language),
            label_of(words.FUNCTIONS, row["function"], language),
            label_of(words.TYPES, row["type"], language),
            words.STATES["no_data"].to(language),
            said(row, "data_need", language),
        ]
        for row in frame[frame["latest_year"].isna()].to_dict("records")
    ]
    return SheetTable(
        name=terms.NO_DATA_SHEET.to(language),
        title=terms.NO_DATA_TITLE.to(language),
        unit=terms.NO_FIGURES_NEEDED.to(language),
        legend=terms.NO_DATA_LEGEND.to(language),
        columns=columns,
        rows=rows,
        frozen=2,
    )
