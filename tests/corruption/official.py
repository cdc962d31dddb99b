"""The official files as subjects, cut down to a prefecture or a few items where the loader allows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.corruption.corrupt import Rows, Subject
from tests.corruption.subjects import ndb_subject, result_subject, synthetic, table
from zaitaku_demand.sources import juki, membership, ndb
from zaitaku_demand.sources.reading import read_csv, read_workbook, tidy_text

OFFICIAL = (
    "official ndb01 FY2014 C pref claims, 全体",
    "official ndb03 FY2016 C sexage claims, 全体",
    "official ndb03 FY2016 C sexage claims, 全体（加算）",
    "official ndb06 FY2019 C month claims, 全体",
    "official ndb06 FY2019 C month claims, 全体（加算）",
    "official ndb08 FY2021 C sexage claims, 全体",
    "official ndb08 FY2021 C sexage claims, 全体（加算）",
    "official ndb09 FY2022 C iryoken2 claims, 全体",
    "official ndb09 FY2022 C iryoken2 claims, 全体（加算）",
    "official ndb09 FY2022 C sexage patients, 全体",
    "official ndb09 FY2022 C sexage patients, 全体（加算）",
    "official ndb07 FY2020 C pref claims, 全体",
    "official ndb07 FY2020 C pref claims, 全体（加算）",
    "official IPSS 2018, wide CSV",
    "official IPSS 2018, tidy CSV",
    "official IPSS 2023, areas",
    "official IPSS 2023, table 1",
    "official IPSS 2023, table 3_3",
    "official IPSS 2023, table 3_4",
    "official census 2020, areas",
    "official census 2020, prefectures",
    "official census 1980-2015, prefectures",
    "official register, ages",
    "official register, totals",
    "official membership",
    "official list of areas",
    "official crosswalk of codes",
    "official changes of municipalities",
    "official ministry, home visits",
    "official certified by age and level",
    "official certified women, estimate",
    "official certified by prefecture",
    "official certified in the nation",
    "official certification rates",
    "official certification rates by broad age",
)
"""Names of the subjects, known without reading a file."""

PREFECTURE = "31"
"""Tottori, the prefecture with the fewest municipalities."""

NDB_BOOKS = (
    "medical/ndb01_FY2014_C_pref_claims_0000140355.xlsx",
    "medical/ndb03_FY2016_C_sexage_claims_000347710.xlsx",
    "medical/ndb06_FY2019_C_month_claims_000821444.xlsx",
    "medical/ndb08_FY2021_C_sexage_claims_001122092.xlsx",
    "medical/ndb09_FY2022_C_iryoken2_claims_001258291.xlsx",
    "medical/ndb09_FY2022_C_sexage_patients_001258406.xlsx",
    "dental/ndb07_FY2020_C_pref_claims_001262259.xlsx",
)
ITEMS = 6


@cache
def official(raw: Path) -> dict[str, Subject]:
    """All subjects made of official files, by name."""
    subjects = [*_ndb(raw), *_ipss(raw), *_others(raw), *_care(raw)]
    return {subject.name: subject for subject in subjects}


def _ndb(raw: Path) -> list[Subject]:
    subjects = []
    for book in NDB_BOOKS:
        sheets: list[tuple[str, Rows]] = []
        for sheet in read_workbook(raw / "ndb" / book):
            if sheet.name not in (ndb.BASE_SHEET, ndb.ADDITION_SHEET):
                continue
            code = next(
                (row, column)
                for row, cells in enumerate(sheet.rows)
                for column, cell in enumerate(cells)
                if tidy_text(cell) == "診療行為コード"
            )
            start = next(row for row in range(code[0] + 1, len(sheet.rows)) if sheet.text(row, code[1]))
            sheets.append((sheet.name, sheet.rows[: start + ITEMS]))
        name = " ".join(book.split("/")[1].split("_")[:5])
        subjects += [
            ndb_subject(f"official {name}, {sheet}", sheets, target, exact="iryoken2" not in book)
            for target, (sheet, _) in enumerate(sheets)
        ]
    return subjects


def _cut(rows: Rows, head: int, column: int) -> Rows:
    """The rows of headings and those of one prefecture."""

    def mine(cell: Any) -> bool:
        return tidy_text(cell).zfill(5 if len(tidy_text(cell)) < 6 else 6).startswith(PREFECTURE)

    return [*rows[: head + 1], *(row for row in rows[head + 1 :] if mine(row[column]))]


def _as(name: str, title: str, rows: Rows, **changes: Any) -> Subject:
    """The synthetic subject `name` with official rows in its place."""
    pattern = synthetic()[name]
    start = changes.pop("start", pattern.data.start)
    return replace(pattern, name=f"official {title}", rows=rows, data=range(start, len(rows)), **changes)


def _ipss(raw: Path) -> list[Subject]:
    folder = raw / "ipss"
    wide = _cut(read_csv(folder / "2018" / "all_areas_sex_age5_wide.csv").rows, 0, 0)
    tidy = _cut(read_csv(folder / "2018" / "municipality_year_sex_age5.csv").rows, 0, 0)
    areas = read_csv(folder / "2023" / "area330_year_age5_bothsexes.csv").rows
    results = {}
    for name in ("1", "3_3", "3_4"):
        (sheet, *_) = read_workbook(folder / "2023" / f"kekkahyo{name}.xlsx")
        results[name] = _cut(sheet.rows, sheet.find_row(["コード"]) + 1, 0)
    return [
        _as("IPSS 2018, wide CSV", "IPSS 2018, wide CSV", wide, scale=0.6),
        _as("IPSS 2018, tidy CSV", "IPSS 2018, tidy CSV", tidy, scale=0.6),
        _as(
            "IPSS 2023, areas",
            "IPSS 2023, areas",
            areas,
            scale=0.1,
            blind=frozenset({"swap_keys", "key_of_another_row"}),
        ),
        *(
            replace(result_subject("official", results, name), name=f"official IPSS 2023, table {name}")
            for name in results
        ),
    ]


def _others(raw: Path) -> list[Subject]:
    areas = read_csv(raw / "census" / "census2020_area339_sex_age5.csv").rows
    prefectures = read_csv(raw / "census" / "census2020_prefecture_sex_age5.csv").rows
    history = read_csv(raw / "census" / "census_1980_2015_prefecture_age5_sex.csv").rows
    (ages, *_) = read_workbook(raw / "juki" / "juki_age_muni_2025.xlsx")
    (totals, *_) = read_workbook(raw / "juki" / "juki_pop_muni_2025.xlsx")
    members = _cut(read_csv(raw / "areas" / "membership" / "muni_to_area_all_editions.csv").rows, 0, 0)
    listed = read_csv(raw / "areas" / "membership" / "area_list_335.csv").rows
    crosswalk = read_csv(raw / "areas" / "changes" / "muni_code_crosswalk_2000-2024.csv").rows
    changes = read_csv(raw / "areas" / "changes" / "municipal_changes_structured_1970-2024.csv").rows
    counted = frozenset({"delete_row", "last_rows_missing"})
    subjects = [
        _as("census 2020, areas", "census 2020, areas", areas, scale=0.4),
        _as("census 2020, prefectures", "census 2020, prefectures", prefectures),
        _as("census 1980-2015, prefectures", "census 1980-2015, prefectures", history, scale=0.12),
        _as(
            "register, ages",
            "register, ages",
            _cut(ages.rows, 2, 0),
            load=table(juki.load_ages, nationwide=False),
        ),
        _as("register, totals", "register, totals", _cut(totals.rows, 5, 0)),
        _as("membership", "membership", members),
        _as("list of areas", "list of areas", listed, load=table(membership.load_area_list)),
        _as(
            "crosswalk of codes",
            "crosswalk of codes",
            crosswalk,
            load=table(membership.load_crosswalk),
            scale=0.08,
        ),
        _as(
            "changes of municipalities",
            "changes of municipalities",
            changes,
            load=table(membership.load_changes),
            scale=0.4,
        ),
    ]
    for position, subject in enumerate(subjects):
        # The whole country's files are counted.
        if subject.name.endswith(("list of areas", "crosswalk of codes", "changes of municipalities")):
            subjects[position] = replace(subject, blind=subject.blind - counted)
    (home, *_) = read_workbook(
        raw / "mhlw_projection" / "001728462.xlsx", only=["将来の在宅（訪問診療）需要推計"]
    )
    subjects.append(
        _as("ministry, 将来の在宅（訪問診療）需要推計", "ministry, home visits", home.rows, others=())
    )
    return subjects


def _care(raw: Path) -> list[Subject]:
    files = {
        "certified by age and level": "nintei_R4end_national_male_by_age_level.csv",
        "certified women, estimate": "nintei_R4end_national_FEMALE_by_age_ESTIMATE.csv",
        "certified by prefecture": "nintei_R5end_pref_by_level_from_care_projection.csv",
        "certified in the nation": "nintei_by_level_national_march_2020_2022.csv",
        "certification rates": "nintei_rate_by_age5_slides.csv",
        "certification rates by broad age": "nintei_rate_by_broad_age.csv",
    }
    return [_as(name, name, read_csv(raw / "long_term_care" / file).rows) for name, file in files.items()]
