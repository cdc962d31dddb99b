"""The official files of the indicators as subjects, cut down where the loader allows an extract.

Files with a row for the nation, or whose areas add up to published prefectures, hold their figures to the very
number; notices, locations and the System of Social and Demographic Statistics do not.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.corruption.corrupt import READABLE, Rows, Subject
from tests.corruption.subjects import frame_figures, ndb_subject, table
from zaitaku_demand.errors import InputError
from zaitaku_demand.sources import (
    area_types,
    emergency,
    facility_notices,
    facility_survey,
    home_care,
    home_care_workbook,
    ndb,
    points,
    ssds,
    support_clinics,
)
from zaitaku_demand.sources.ndb_headings import Section, sheet_names
from zaitaku_demand.sources.places import PREFECTURES
from zaitaku_demand.sources.reading import column_letters, read_csv, read_workbook, tidy_text

BENCHMARK_OFFICIAL = (
    "official survey, clinics' services",
    "official survey, hospitals' services",
    "official support clinics, prefectures",
    "official support clinics, areas",
    "official support clinics, patients",
    "official notices, prefectures",
    "official notices, municipalities",
    "official notices, list",
    "official home care, counts",
    "official home care, shares",
    "official SSDS, nurse stations",
    "official SSDS, deaths",
    "official SSDS, catalogue",
    "official points, nurse stations",
    "official points, support centres",
    "official ambulances, prefectures",
    "official ambulances, ages",
    "official ambulances, older ages",
    "official ambulances, places",
    "official area types",
    "official ndb05 FY2018 A pref, 入院",
    "official ndb06 FY2019 A sexage, 入院",
    "official ndb09 FY2022 A month, 入院（加算）",
    "official ndb09 FY2022 A iryoken2, 入院",
    "official ndb04 FY2017 B sexage, 入院",
    "official ndb08 FY2021 B pref, 外来",
    "official ndb09 FY2022 B sexage, 外来（加算）",
    "official ndb09 FY2022 B iryoken2, 入院",
)
"""Names of the subjects, known without reading a file."""

PREFECTURE, PREFECTURE_NAME = "31", "鳥取県"
ITEMS = 6

UNCOUNTED = frozenset({"delete_row", "last_rows_missing"})
"""Nothing tells how many rows an extract should have."""

_NDB_BOOKS: tuple[tuple[str, Section, str], ...] = (
    ("ndb05_FY2018_A_kasan_pref_claims_000539663.xlsx", "A", "入院"),
    ("ndb06_FY2019_A_kasan_sexage_claims_000821427.xlsx", "A", "入院"),
    ("ndb09_FY2022_A_kasan_month_claims_001258279.xlsx", "A", "入院（加算）"),
    ("ndb09_FY2022_A_kasan_iryoken2_claims_001258281.xlsx", "A", "入院"),
    ("ndb04_FY2017_B_sexage_claims_000711827.xlsx", "B", "入院"),
    ("ndb08_FY2021_B_pref_claims_001122089.xlsx", "B", "外来"),
    ("ndb09_FY2022_B_sexage_claims_001258285.xlsx", "B", "外来（加算）"),
    ("ndb09_FY2022_B_iryoken2_claims_001258287.xlsx", "B", "入院"),
)


@cache
def benchmark_official(raw: Path) -> dict[str, Subject]:
    """All subjects made of official files, by name."""
    subjects = [
        *_survey(raw / "facility_survey"),
        *_notices(raw / "facility_notices"),
        *_home_care(raw / "home_care_by_municipality"),
        *_ssds(raw / "ssds"),
        *_points(raw / "points"),
        *_ambulances(raw / "emergency"),
        _area_types(raw / "areas" / "stats" / "area_type_335.csv"),
        *_ndb(raw / "ndb" / "medical_a_b"),
    ]
    return {subject.name: subject for subject in subjects}


def home_care_workbook_subject() -> Subject:
    """The present workbook of the ministry, which is not in hand: two municipalities of every prefecture."""
    items = (*range(1, 15), 19, 20, 26, 32, 37, 38, 43, 44, 58)
    first, top = 7, 8
    blank: list[Any] = [""] * (first + len(items))
    rows: Rows = [list(blank) for _ in range(top)]
    rows[0][first:] = [float(item) for item in items]
    for number, name in enumerate(PREFECTURES):
        for part in range(2):
            place = ["", name, f"圏域{number}", f"市{number}-{part}", *blank[4:first]]
            rows.append([*place, *(float(1000 * item + 37 * number + part) for item in items)])
    rows[6][1] = "全国"
    rows[6][first:] = [sum(row[first + at] for row in rows[top:]) for at in range(len(items))]
    wanted = {item for parts in home_care_workbook.ITEMS.values() for item in parts}
    read = tuple(first + at for at, item in enumerate(items) if item in wanted)
    return Subject(
        name="home care, the ministry's workbook",
        file="001681907.xlsx",
        sheet="2022年",
        rows=rows,
        load=table(home_care_workbook.load_home_care_workbook),
        heads=(0,),
        data=range(top, len(rows)),
        keys=(1,),
        values=read,
        sums=lambda row, column: True,
        # A mark for what is not published leaves room in the nation's row, and municipalities of two
        # prefectures could exchange them.
        blind=frozenset({"hidden_mark", "blank_number", "row_cut_short", "swap_keys", "key_of_another_row"}),
    )


def _subject(
    name: str,
    path: Path,
    load: Callable[..., Any],
    keys: Sequence[int],
    values: Sequence[int],
    *,
    rows: Rows | None = None,
    **options: Any,
) -> Subject:
    cells = read_csv(path).rows if rows is None else rows
    return Subject(
        name=f"official {name}",
        file=path.name,
        sheet=None,
        rows=cells,
        load=load,
        heads=(0,),
        data=range(1, len(cells)),
        keys=tuple(keys),
        values=tuple(values),
        **options,
    )


def _survey(folder: Path) -> list[Subject]:
    services = table(facility_survey.load_services)
    subjects = []
    for file, whose in (
        ("T107_clinics_homecare_services_pref_city.csv", "clinics"),
        ("T68_hospitals_homecare_services_pref_city.csv", "hospitals"),
    ):
        rows = read_csv(folder / file).rows
        cities = {row for row, cells in enumerate(rows) if tidy_text(cells[0]) in facility_survey.CITIES}
        subjects.append(
            _subject(
                f"survey, {whose}' services",
                folder / file,
                services,
                (0,),
                range(1, len(rows[0])),
                rows=rows,
                # Cities only have to fit into their prefecture.
                sums=lambda row, column, cities=cities: row not in cities,
                moved=((1, 2), (3, 4), (5, 6)),
                renamed=((1, 2), (3, 4), (5, 6)),
                blind=frozenset({"swap_keys"}),
            )
        )
    prefectures = support_clinics.load_support_clinics(folder / "T108_zaishishin_pref.csv")
    areas = read_csv(folder / "T24_zaishishin_iryoken2.csv").rows
    names = {row[0]: row[1] for row in areas[1:]}
    everywhere: dict[str, Any] = {"sums": lambda row, column: True}
    return [
        *subjects,
        _subject(
            "support clinics, prefectures",
            folder / "T108_zaishishin_pref.csv",
            table(support_clinics.load_support_clinics),
            (0,),
            range(1, 5),
            moved=((1, 2),),
            renamed=((1, 2),),
            blind=frozenset({"swap_keys"}),
            **everywhere,
        ),
        _subject(
            "support clinics, areas",
            folder / "T24_zaishishin_iryoken2.csv",
            table(support_clinics.load_support_clinics_by_area, names=names, prefectures=prefectures),
            (0, 1),
            range(2, 6),
            moved=((2, 3), (4, 5)),
            renamed=((2, 3), (4, 5)),
            **everywhere,
        ),
        _subject(
            "support clinics, patients",
            folder / "T168_zaishishin_by_patient_class.csv",
            table(support_clinics.load_patient_classes),
            (0, 1),
            range(2, 9),
            moved=((2, 3), (2, 8)),
            renamed=((2, 3), (2, 8)),
            # Two classes of patients could exchange their figures.
            blind=frozenset({"swap_keys"}),
            **everywhere,
        ),
    ]


def _notices(folder: Path) -> list[Subject]:
    by_municipality = folder / "todokede_counts_by_municipality_34pref_2025-10.csv"
    names = folder / "todokede_homecare_facilities_34pref_2025-10.csv.gz"
    standards = len(facility_notices.STANDARDS)
    free = frozenset({"swap_keys"})
    return [
        _subject(
            "notices, prefectures",
            folder / "todokede_counts_by_pref_34_2025-10.csv",
            table(facility_notices.load_by_prefecture),
            (0,),
            range(1, 1 + standards),
            blind=free,
        ),
        _subject(
            "notices, municipalities",
            by_municipality,
            table(facility_notices.load_by_municipality, complete=False),
            (0,),
            range(2, 2 + standards),
            rows=_of_prefecture(read_csv(by_municipality).rows, 0),
            # What prefecture a municipality lies in is not known to this file.
            blind=free | UNCOUNTED | {"key_of_another_row"},
        ),
        _subject(
            "notices, list",
            names,
            table(facility_notices.load_notices, complete=False),
            (0, 1),
            (1,),
            rows=_of_prefecture(read_csv(names).rows, 0)[:200],
            whole=False,
            # Codes are no counts, and one is as good as another.
            blind=free | UNCOUNTED | READABLE | {"area_twice", "foreign_code"},
        ),
    ]


def _home_care(folder: Path) -> list[Subject]:
    path = folder / "home_death_pct_by_municipality_2014_2017.csv"
    rows = [cells for row, cells in enumerate(read_csv(path).rows) if not row or cells[2] == PREFECTURE]
    load = table(home_care.load_home_care, nationwide=False)
    blind = UNCOUNTED | {"swap_keys"}
    return [
        _subject("home care, counts", path, load, (0, 1, 2), range(4, 9), rows=rows, blind=blind),
        _subject(
            "home care, shares",
            path,
            load,
            (0, 1, 2),
            (3,),
            rows=rows,
            marks=True,
            whole=False,
            # A blank share is one that is not published.
            blind=blind | {"row_cut_short"},
            scale=0.5,
        ),
    ]


def _ssds(folder: Path) -> list[Subject]:
    path = folder / "ssds_pref_IJ_and_related_all_years.csv.gz"
    deaths = {*ssds.DEATHS_TOTAL, *ssds.DEATHS_65}
    deaths |= {f"A42{n:02d}{end}" for n in range(1, len(ssds.DEATH_AGES) + 1) for end in ("", "01", "02")}
    codes = {"I5601": ("2019", "2020"), **dict.fromkeys(deaths, ("2005",))}
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        head, *kept = [
            cells
            for row, cells in enumerate(csv.reader(lines))
            if not row or cells[4] in codes.get(cells[0], ())
        ]
    stations = [head, *(cells for cells in kept if cells[0] == "I5601")]
    dead = [head, *(cells for cells in kept if cells[0] in deaths)]
    catalogue = ssds.load_catalogue(folder / "ssds_item_catalogue.csv")
    items = read_csv(folder / "ssds_item_catalogue.csv").rows[:80]

    # A mark for what does not exist stands where a figure could; figures of this copy are plain or refused.
    blind = frozenset({"swap_keys", "hidden_mark"})
    blind |= {"full_width_digits", "thousands_separator", "blanks_around"}
    return [
        _subject(
            "SSDS, nurse stations",
            path,
            _lettered(table(partial(ssds.load_items, codes=["I5601"], catalogue=catalogue)), head),
            (0, 4, 5, 6),
            (7,),
            rows=stations,
            whole=False,
            # A year can be missing as a whole.
            block=47,
            blind=blind,
        ),
        _subject(
            "SSDS, deaths",
            path,
            _lettered(table(partial(ssds.load_deaths, catalogue=catalogue)), head),
            (0, 4, 5, 6),
            (7,),
            rows=dead,
            sums=lambda row, column: True,
            whole=False,
            blind=blind,
            scale=0.5,
        ),
        _subject(
            "SSDS, catalogue",
            folder / "ssds_item_catalogue.csv",
            table(ssds.load_catalogue),
            (0,),
            (6,),
            rows=items,
            # Its years and numbers of years are not read.
            blind=UNCOUNTED
            | READABLE
            | {"swap_keys", "text_in_number", "negative_number", "fraction", "bool_cell", "not_a_number"},
            scale=0.5,
        ),
    ]


def _lettered(load: Callable[[Path], Any], head: Sequence[str]) -> Callable[[Path], Any]:
    """The loader with the column of its sentence as a letter: this one names the heading instead."""

    def figures(path: Path) -> Any:
        try:
            return load(path)
        except InputError as error:
            if error.column not in head:
                raise
            raise InputError(
                error.found,
                error.action,
                file=error.file,
                row=error.row,
                column=column_letters(list(head).index(error.column)),
            ) from error

    return figures


def _points(folder: Path) -> list[Subject]:
    def places(path: Path) -> Any:
        frame = points.load_points(path)
        return frame_figures(frame[~frame["duplicate"]])

    return [
        _subject(
            f"points, {title}",
            folder / file,
            places,
            (),
            (0, 1),
            rows=read_csv(folder / file).rows[:80],
            whole=False,
            # Any place in Japan is as good as another, and nothing counts the rows.
            blind=UNCOUNTED | {"swap_keys", "area_twice", "row_cut_short"},
            moved=((0, 1),),
            renamed=((0, 1),),
        )
        for title, file in (
            ("nurse stations", "houkan_st_points.csv"),
            ("support centres", "houkatsu_center_points.csv"),
        )
    ]


def _ambulances(folder: Path) -> list[Subject]:
    everywhere: dict[str, Any] = {"sums": lambda row, column: True}
    # Years are not counted, and two of them could exchange their figures.
    years = UNCOUNTED | {"swap_keys"}
    return [
        _subject(
            "ambulances, prefectures",
            folder / "transported_total_by_pref_2023.csv",
            table(emergency.load_transported),
            (0, 1),
            (2,),
            **everywhere,
        ),
        _subject(
            "ambulances, ages",
            folder / "national_transported_by_age.csv",
            table(emergency.load_transported_by_age),
            (0,),
            (1, 2, 3, 4, 5, 9),
            moved=((9, 5), (9, 4)),
            renamed=((9, 5), (9, 4)),
            blind=years,
            **everywhere,
        ),
        _subject(
            "ambulances, older ages",
            folder / "national_by_age_extra.csv",
            table(emergency.load_transported_by_age),
            (0,),
            (3, 4, 5),
            blind=years | {"blank_number"},
            **everywhere,
        ),
        _subject(
            "ambulances, places",
            folder / "transported_by_place_2022.csv",
            table(emergency.load_places),
            (0, 1),
            (2,),
            **everywhere,
        ),
    ]


def _area_types(path: Path) -> Subject:
    return _subject(
        "area types",
        path,
        table(area_types.load_area_types),
        (0, 2, 3, 7),
        (4, 5, 6),
        whole=False,
        moved=((4, 5), (5, 6), (4, 6)),
        renamed=((4, 5), (5, 6), (4, 6)),
        # Two areas of a prefecture could exchange their codes or types.
        blind=frozenset({"swap_keys", "key_of_another_row"}),
    )


def _ndb(folder: Path) -> list[Subject]:
    subjects = []
    for file, section, target in _NDB_BOOKS:
        wanted = sheet_names(section)
        sheets: list[tuple[str, Rows]] = []
        for sheet in read_workbook(folder / file):
            if sheet.name not in wanted:
                continue
            code = next(
                (row, column)
                for row, cells in enumerate(sheet.rows)
                for column, cell in enumerate(cells)
                if tidy_text(cell) == "診療行為コード"
            )
            start = next(row for row in range(code[0] + 1, len(sheet.rows)) if sheet.text(row, code[1]))
            sheets.append((sheet.name, sheet.rows[: start + ITEMS]))
        at = [name for name, _ in sheets].index(target)
        title = " ".join(part for part in file.split("_")[:5] if part not in ("kasan", "claims"))
        subject = ndb_subject(f"official {title}, {target}", sheets, at, exact="iryoken2" not in file)
        subjects.append(replace(subject, load=partial(_ndb_figures, section=section), scale=0.5))
    return subjects


def _ndb_figures(path: Path, section: Section) -> Any:
    return [
        (each.fiscal_year, each.breakdown, each.part, each.setting, frame_figures(each.tidy()))
        for each in ndb.load(path, section)
    ]


def _of_prefecture(rows: Rows, column: int) -> Rows:
    """The headings and the rows of one prefecture."""
    return [rows[0], *(cells for cells in rows[1:] if tidy_text(cells[column]) == PREFECTURE_NAME)]
