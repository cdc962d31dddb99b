"""The tables of the workbook as columns and rows, before any cell is written."""

from __future__ import annotations

from collections.abc import Iterator

from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as words
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.sheet_table import YEAR_WIDTH, SheetTable, number, place_cells, place_columns
from zaitaku_demand.report.sheets import Cell, Column, Kind
from zaitaku_demand.report.view import (
    age_order,
    area_rows,
    both,
    by_class_label,
    class_counts,
    class_label,
    national_values,
    prefecture_rows,
    scope,
    sum_scope,
    year_label,
    years_shown,
)
from zaitaku_demand.report.workbook_care import certified, comparison, levels, overlap
from zaitaku_demand.text import Language, Text


def sheet_tables(content: ReportContent, language: Language) -> Iterator[SheetTable]:
    """All table sheets in order; areas get a sheet a service, so that no column mixes units."""
    yield _peak_summary(content, language)
    if len(content.band_counts):
        yield _bands(content, language)
    for service in content.services:
        yield _areas(content, service, language)
    yield _prefectures(content, language)
    yield _ages(content, language)
    if len(content.certified_summary):
        yield certified(content, language)
        yield levels(content, language)
    if len(content.double_need):
        yield overlap(content, language)
    if len(content.comparison):
        yield comparison(content, language)


def _areas(content: ReportContent, service: str, language: Language) -> SheetTable:
    frame = area_rows(content, service)
    years = years_shown(content)
    peak: list[tuple[str, Text, Kind, float]] = [
        ("peak_class", labels.PEAK_CLASS, "centred", 13),
        ("peak_year_annual", labels.PEAK_ANNUAL, "year", 9),
        ("plateau_start", labels.PLATEAU_START, "year", 9),
        ("plateau_end", labels.PLATEAU_END, "year", 9),
        ("censored", labels.CENSORED, "centred", 11),
        ("base_value", labels.BASE_VALUE, "count", 11),
        ("base_value_year", labels.BASE_VALUE_YEAR, "year", 10),
        ("peak_value", labels.PEAK_VALUE, "count", 12),
        ("growth", labels.GROWTH, "percent", 12),
    ]
    for band in (75, 85, 90, 95):
        peak.append((f"peak_year_grid_{band}", labels.PEAK_WITH_BAND.format(band=band), "year", 11))
    if "population_state" in frame:
        peak.append(("population_state", labels.POPULATION_STATE, "centred", 10))
    shown = [entry for entry in peak if entry[0] in frame]
    columns = place_columns(language)
    columns += [Column(year_label(content, year, language), "count", YEAR_WIDTH) for year in years]
    columns += [Column(label.to(language), kind, width) for _, label, kind, width in shown]
    rows: list[list[Cell]] = []
    for _, row in frame.iterrows():
        cells = [*place_cells(row, language), *(number(row[year]) for year in years)]
        for name, _, kind, _ in shown:
            cells.append(_peak_cell(name, kind, row[name], content, language))
        rows.append(cells)
    label = content.services[service]
    several = len(content.services) > 1
    name = words.AREA_SHEET.to(language)
    return SheetTable(
        name=f"{name}_{label.short.to(language)}" if several else name,
        title=both(words.AREA_TITLE, service=label.name).to(language),
        unit=label.unit.to(language),
        legend=words.AREA_LEGEND.to(language),
        columns=columns,
        rows=rows,
        frozen=4,
    )


def _peak_cell(name: str, kind: Kind, value: object, content: ReportContent, language: Language) -> Cell:
    if kind != "centred":
        return number(value)
    if value is None or value != value:
        return None
    if name == "peak_class":
        return class_label(str(value), content, language)
    if name == "censored":
        return labels.CENSORED_YES.to(language) if value else ""
    return (labels.STATE_ESTIMATED if value == "estimated" else labels.STATE_OFFICIAL).to(language)


def _prefectures(content: ReportContent, language: Language) -> SheetTable:
    years = years_shown(content)
    columns = [
        Column(labels.SERVICE.to(language), "text", 24),
        Column(labels.UNIT.to(language), "text", 14),
        Column(labels.PREFECTURE_CODE.to(language), "text", 9),
        Column(labels.PREFECTURE_NAME.to(language), "text", 30),
        *(Column(year_label(content, year, language), "count", YEAR_WIDTH) for year in years),
    ]
    rows: list[list[Cell]] = []
    for service, label in content.services.items():
        head: list[Cell] = [label.short.to(language), label.unit.to(language)]
        sums = national_values(content, service)
        rows.append([*head, "", sum_scope(content).to(language), *(sums.get(year) for year in years)])
        for _, row in prefecture_rows(content, service).iterrows():
            code = str(row["prefecture_code"])
            name = labels.prefecture_label(code, str(row["prefecture_name"]), language)
            rows.append([*head, code, name, *(number(row[year]) for year in years)])
    return SheetTable(
        name=words.PREFECTURE_SHEET.to(language),
        title=words.PREFECTURE_TITLE.to(language),
        unit=words.EACH_ROW.to(language),
        legend=words.PREFECTURE_LEGEND.to(language),
        columns=columns,
        rows=rows,
        frozen=4,
    )


def _ages(content: ReportContent, language: Language) -> SheetTable:
    groups = age_order([str(group) for group in content.national_by_age["age_group"].unique()])
    columns = [
        Column(labels.SERVICE.to(language), "text", 24),
        Column(labels.UNIT.to(language), "text", 14),
        Column(labels.YEAR_HEADER.to(language), "year", 8),
        Column(labels.TOTAL.to(language), "count", 13),
        *(Column(labels.age_label(group, language), "count", 13) for group in groups),
    ]
    rows: list[list[Cell]] = []
    for service, label in content.services.items():
        frame = content.national_by_age[content.national_by_age["service"] == service]
        wide = frame.pivot(index="year", columns="age_group", values="value")
        for year, row in wide.iterrows():
            parts = [number(row[group]) if group in wide else None for group in groups]
            head: list[Cell] = [label.short.to(language), label.unit.to(language), int(str(year))]
            rows.append([*head, float(row.sum()), *parts])
    return SheetTable(
        name=words.AGE_SHEET.to(language),
        title=both(words.AGE_TITLE, scope=sum_scope(content)).to(language),
        unit=words.EACH_ROW.to(language),
        legend=words.AGE_LEGEND.to(language),
        columns=columns,
        rows=rows,
        frozen=3,
    )


def _peak_summary(content: ReportContent, language: Language) -> SheetTable:
    columns = [Column(labels.PEAK_CLASS.to(language), "text", 20)]
    counted = {service: class_counts(content, service) for service in content.services}
    for label in content.services.values():
        name = label.short.to(language)
        columns.append(Column(f"{name}\n{labels.AREAS_COUNT.to(language)}", "count", 22))
        columns.append(Column(f"{name}\n{labels.SHARE_OF_AREAS.to(language)}", "share", 22))
    rows: list[list[Cell]] = []
    classes = [label for label, _ in counted[content.main_service]]
    totals = {service: sum(count for _, count in counts) for service, counts in counted.items()}
    for place, class_name in enumerate(classes):
        row: list[Cell] = [class_name.to(language)]
        for service, counts in counted.items():
            count = counts[place][1]
            row += [count, count / totals[service] if totals[service] else None]
        rows.append(row)
    last: list[Cell] = [labels.SUM_OF_AREAS.to(language)]
    for total in totals.values():
        last += [total, 1.0 if total else None]
    return SheetTable(
        name=words.PEAK_SUMMARY.to(language),
        title=both(words.PEAK_SUMMARY_TITLE, scope=scope(content)).to(language),
        unit=labels.AREAS_UNIT.to(language),
        legend=words.PEAK_LEGEND.to(language),
        columns=columns,
        rows=[*rows, last],
        frozen=1,
    )


def _bands(content: ReportContent, language: Language) -> SheetTable:
    columns = [
        Column(labels.OPEN_BAND.to(language), "text", 16),
        Column(labels.AREAS_COUNT.to(language), "count", 12),
        Column(labels.PEAK_2040.to(language), "count", 24),
        Column(labels.BY_CLASS.to(language), "long", 80),
    ]
    rows = [
        (
            labels.age_label(str(row["open_band"]), language),
            number(row["areas"]),
            number(row["peak_2040_or_later"]),
            by_class_label(str(row["by_class"]), content, language),
        )
        for _, row in content.band_counts.iterrows()
    ]
    return SheetTable(
        name=words.BAND_SHEET.to(language),
        title=both(words.BAND_TITLE, service=content.services[content.main_service].short).to(language),
        unit=labels.AREAS_UNIT.to(language),
        legend=words.BAND_LEGEND.to(language),
        columns=columns,
        rows=rows,
        frozen=1,
    )
