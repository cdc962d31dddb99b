"""Sheets of the workbook on long-term care and on the ministry's projection."""

from __future__ import annotations

from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as words
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.sheet_table import YEAR_WIDTH, SheetTable, number, place_cells, place_columns
from zaitaku_demand.report.sheets import Cell, Column, Kind
from zaitaku_demand.text import Language, Text

LEVEL_YEAR = 2040


def certified(content: ReportContent, language: Language) -> SheetTable:
    """Certified persons of all levels by area and year."""
    frame = content.certified_summary
    keys = ["prefecture_code", "prefecture_name", "area_code", "area_name"]
    wide = frame.pivot_table(
        index=keys, columns="year", values="value", aggfunc="sum", sort=False
    ).reset_index()
    years = sorted(int(year) for year in frame["year"].unique())
    columns = place_columns(language)
    columns += [Column(labels.YEAR.format(year=year).to(language), "count", YEAR_WIDTH) for year in years]
    rows = [
        [*place_cells(row, language), *(number(row[year]) for year in years)] for _, row in wide.iterrows()
    ]
    return SheetTable(
        name=words.CERTIFIED_SHEET.to(language),
        title=words.CERTIFIED_TITLE.to(language),
        unit=labels.PERSONS.to(language),
        legend=words.CERTIFIED_LEGEND.to(language),
        columns=columns,
        rows=rows,
        frozen=4,
    )


def levels(content: ReportContent, language: Language) -> SheetTable:
    """Certified persons by level in the base year, 2040 and the last year."""
    frame = content.certified_summary
    everything = sorted(int(year) for year in frame["year"].unique())
    first = content.base_year if content.base_year in everything else everything[0]
    years = [year for year in everything if year in {first, LEVEL_YEAR, everything[-1]}]
    known = list(dict.fromkeys(frame["level"]))
    keys = ["prefecture_code", "prefecture_name", "area_code", "area_name"]
    chosen = frame[frame["year"].isin(years)]
    wide = chosen.pivot(index=keys, columns=["year", "level"], values="value")
    order = frame.drop_duplicates("area_code").set_index(keys).index
    pairs = [(year, level) for year in years for level in known]
    columns = place_columns(language)
    for year, level in pairs:
        said = labels.YEAR.format(year=year).to(language)
        columns.append(Column(f"{said}\n{labels.level_label(str(level), language)}", "count", 10))
    rows: list[list[Cell]] = []
    for _, row in wide.loc[order].reset_index().iterrows():
        place = [str(row[(name, "")]) for name in keys]
        place[1] = labels.prefecture_label(place[0], place[1], language)
        rows.append([*place, *(number(row[pair]) for pair in pairs)])
    return SheetTable(
        name=words.LEVEL_SHEET.to(language),
        title=words.LEVEL_TITLE.to(language),
        unit=labels.PERSONS.to(language),
        legend=words.CERTIFIED_LEGEND.to(language),
        columns=columns,
        rows=rows,
        frozen=4,
    )


def overlap(content: ReportContent, language: Language) -> SheetTable:
    """Bounds of the patients who are also certified."""
    columns = [
        *place_columns(language),
        Column(labels.YEAR_HEADER.to(language), "year", 8),
        Column(labels.LOWER.to(language), "count", 14),
        Column(labels.INDEPENDENT.to(language), "count", 18),
        Column(labels.UPPER.to(language), "count", 14),
    ]
    rows = [
        [
            *place_cells(row, language),
            int(row["year"]),
            *(number(row[name]) for name in ("lower", "independent", "upper")),
        ]
        for _, row in content.double_need.iterrows()
    ]
    return SheetTable(
        name=words.NEED_SHEET.to(language),
        title=words.NEED_TITLE.to(language),
        unit=labels.PERSONS_MONTH.to(language),
        legend=words.NEED_LEGEND.to(language),
        columns=columns,
        rows=rows,
        frozen=4,
    )


def comparison(content: ReportContent, language: Language) -> SheetTable:
    """Agreement with the ministry's projection."""
    names: list[tuple[str, Text, Kind]] = [
        ("from_year", labels.FROM_YEAR, "year"),
        ("to_year", labels.TO_YEAR, "year"),
        ("n", labels.AREAS_COUNT, "count"),
        ("correlation", labels.CORRELATION, "decimal"),
        ("median_abs", labels.MEDIAN_ABS, "tenth"),
        ("p95_abs", labels.P95_ABS, "tenth"),
    ]
    rows = [[number(row[name]) for name, _, _ in names] for _, row in content.comparison.iterrows()]
    return SheetTable(
        name=words.COMPARISON_SHEET.to(language),
        title=words.COMPARISON_TITLE.to(language),
        unit=words.EACH_COLUMN.to(language),
        legend=words.COMPARISON_LEGEND.to(language),
        columns=[Column(label.to(language), kind, 20) for _, label, kind in names],
        rows=rows,
        frozen=0,
    )
