"""The subjects: a clean table, what its cells mean, and the loader that reads it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd

from tests.builders import population
from tests.corruption import layouts
from tests.corruption.corrupt import READABLE, Cell, Rows, Subject, shows_number
from zaitaku_demand.areas import system as area_system
from zaitaku_demand.errors import InputError
from zaitaku_demand.rates.user import read_rates
from zaitaku_demand.sources import (
    census,
    certification,
    ipss2018,
    ipss2023,
    juki,
    membership,
    ministry_projection,
    ndb,
    tabular,
)
from zaitaku_demand.sources.reading import OFFICIAL_LAYOUT, Sheet
from zaitaku_demand.text import Text

# --- reading without the disk -----------------------------------------------------------------------------


@contextmanager
def workbook_in_memory(sheets: Sequence[tuple[str, Rows]]) -> Iterator[None]:
    """Every loader sees these worksheets whatever workbook it opens; CSV files are read from the disk."""

    def read(path: Path, *, only: Iterable[str] | None = None) -> list[Sheet]:
        have = {name: Sheet(path, name, [list(row) for row in rows]) for name, rows in sheets}
        wanted = list(have if only is None else only)
        for name in wanted:
            if name not in have:
                raise InputError(
                    Text(f"シート「{name}」がない", f"there is no sheet '{name}'"), OFFICIAL_LAYOUT, file=path
                )
        return [have[name] for name in wanted]

    with (
        patch("zaitaku_demand.sources.ndb.read_workbook", read),
        patch("zaitaku_demand.sources.tabular.read_workbook", read),
        patch("zaitaku_demand.sources.ministry_projection.read_workbook", read),
        patch("zaitaku_demand.sources.home_care_workbook.read_workbook", read),
    ):
        yield


def csv_bytes(rows: Rows, encoding: str = "utf-8") -> bytes:
    """The rows as a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(encoding)


def write(subject: Subject, rows: Rows, folder: Path) -> Path:
    """The rows as the subject's CSV file (a workbook is not written)."""
    path = folder / subject.file
    if subject.is_csv:
        content = csv_bytes(rows)
        path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)
    return path


def sheets_of(subject: Subject, rows: Rows) -> list[tuple[str, Rows]]:
    """All worksheets of the subject's workbook, with `rows` in place of the clean ones."""
    name = subject.sheet or ""
    mine = (name, _even(rows))
    if name == ndb.ADDITION_SHEET:
        return [*subject.others, mine]
    return [mine, *subject.others]


def _even(rows: Rows) -> Rows:
    """Rows of a worksheet are all as long as the longest."""
    width = max((len(row) for row in rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


# --- figures that compare ---------------------------------------------------------------------------------


def frame_figures(frame: pd.DataFrame) -> str:
    """A digest of the rows of a table in any order."""
    hashes = np.sort(pd.util.hash_pandas_object(pd.DataFrame(frame), index=False).to_numpy())
    return f"{len(frame)} {list(frame.columns)} {hashlib.sha256(hashes.tobytes()).hexdigest()}"


def table(load: Callable[..., Any], *args: Any, **options: Any) -> Callable[[Path], Any]:
    """Path → figures of a loader that returns one table (or a tuple of tables)."""

    def figures(path: Path) -> Any:
        result = load(path, *args, **options)
        return [frame_figures(frame) for frame in (result if isinstance(result, tuple) else (result,))]

    return figures


def ndb_figures(path: Path) -> Any:
    """Every cell, total and class code of every sheet of an NDB workbook."""
    return [
        (
            each.fiscal_year,
            each.kind,
            each.measure,
            each.breakdown,
            each.part,
            frame_figures(each.tidy()),
            frame_figures(each.items),
        )
        for each in ndb.load(path)
    ]


# --- NDB --------------------------------------------------------------------------------------------------

# No total counts the items of a table: a missing or relabelled item cannot be seen from inside the file.
NDB_BLIND = frozenset({"delete_row", "last_rows_missing", "swap_keys"})


def ndb_subject(name: str, sheets: Sequence[tuple[str, Rows]], target: int, *, exact: bool = True) -> Subject:
    """The subject of one sheet of a workbook; places are found by the headings."""
    sheet, rows = sheets[target]
    heading = next(r for r, cells in enumerate(rows) if any(str(c).startswith("総計") for c in cells))
    total = next(c for c, cell in enumerate(rows[heading]) if str(cell).startswith("総計"))
    code = next(c for c, cell in enumerate(rows[heading]) if str(cell).replace("\n", "") == "診療行為コード")
    start = next(r for r in range(heading + 1, len(rows)) if str(rows[r][code]).strip())
    top = str(rows[heading][total + 1])
    sex_age = top.startswith("男")
    width = max(c for c, cell in enumerate(rows[heading + sex_age]) if str(cell).strip()) + 1
    claims = "患者" not in str(rows[heading][total])
    # Patients add up over the ages only; areas leave out what is hidden, however large.
    summed = exact and (claims or sex_age)

    def sums(row: int, column: int) -> bool:
        cells = rows[row][total:width]
        return (
            summed
            and all(shows_number(cell) for cell in cells)
            and float(rows[row][column]) >= 30
            and sum(map(float, cells[1:])) == cells[0]
        )

    labels = (heading + 1, range(total + 1, width)) if sex_age else (heading, range(0))
    return Subject(
        name=name,
        file="ndb.xlsx",
        sheet=sheet,
        rows=rows,
        load=ndb_figures,
        heads=tuple(range(heading, start)),
        data=range(start, len(rows)),
        keys=(code,),
        values=tuple(range(total, width)),
        sums=sums,
        moved=tuple((total, column) for column in range(total + 1, width, 5)) if summed else (),
        renamed=tuple((column, column + 1) for column in range(total, width - 1, 7))
        if claims or sex_age
        else (),
        ages=tuple((labels[0], column) for column in labels[1]),
        blind=NDB_BLIND if summed else NDB_BLIND | {"row_cut_short"},
        marks=True,
        others=tuple(each for position, each in enumerate(sheets) if position != target),
    )


def _ndb(
    name: str, breakdown: str, year: int, *, kind: str = "medical", measure: str = "claims"
) -> list[Subject]:
    parts = ["base"] if year == 2014 else ["base", "addition"]
    sheets = [
        (
            ndb.BASE_SHEET if part == "base" else ndb.ADDITION_SHEET,
            layouts.ndb_sheet(
                breakdown, year, part, kind=kind, measure=measure, items=5 if breakdown == "area" else 7
            )[0],
        )
        for part in parts
    ]
    exact = breakdown != "area"
    return [ndb_subject(f"{name}, {part}", sheets, target, exact=exact) for target, part in enumerate(parts)]


# --- populations ------------------------------------------------------------------------------------------


def _wide(name: str, file: str, rows: Rows, load: Callable[[Path], Any], *, sheet: str | None) -> Subject:
    head = next(r for r, cells in enumerate(rows) if "コード" in cells)
    heads = tuple(range(max(0, head - 1), head + 1)) if sheet else (head,)
    return Subject(
        name=name,
        file=file,
        sheet=sheet,
        rows=rows,
        load=load,
        heads=heads,
        data=range(head + 1, len(rows)),
        keys=(0, 1, 2, 4),
        values=tuple(range(5, 63)),
        sums=lambda row, column: True,
        moved=((5, 6), (6, 7), (24, 43), (25, 26), (44, 45), (6, 25), (30, 50)),
        renamed=((5, 6), (6, 7), (25, 26), (44, 45), (30, 50)),
        ages=tuple((head, column) for column in range(6, 63)),
    )


@cache
def synthetic() -> dict[str, Subject]:
    """All subjects that need no official file, by name."""
    subjects = [
        *_ndb("NDB round 1, sex and age", "sex_age", 2014),
        *_ndb("NDB round 5, sex and age", "sex_age", 2018),
        *_ndb("NDB round 9, sex and age", "sex_age", 2022),
        *_ndb("NDB round 9, patients by sex and age", "sex_age", 2022, measure="patients"),
        *_ndb("NDB round 2, prefecture", "prefecture", 2015),
        *_ndb("NDB round 9, patients by prefecture", "prefecture", 2022, measure="patients"),
        *_ndb("NDB round 7, month", "month", 2020),
        *_ndb("NDB round 8, dental, month", "month", 2021, kind="dental"),
        *_ndb("NDB round 6, area", "area", 2019),
        *_ndb("NDB round 9, area", "area", 2022),
        *_populations(),
        *_censuses(),
        *_registers(),
        *_areas(),
        *_care(),
        *_users(),
    ]
    return {subject.name: subject for subject in subjects}


def _populations() -> list[Subject]:
    places_2018 = layouts.IPSS_PLACES + layouts.IPSS_FUKUSHIMA
    places_2023 = layouts.IPSS_HAMADORI + layouts.IPSS_PLACES
    load_2018 = table(ipss2018.load_municipalities, nationwide=False)
    load_2023 = table(ipss2023.load_municipality_ages, nationwide=False)
    tidy = layouts.ipss_tidy(places_2018, ipss2018.YEARS)
    areas = layouts.area_ages_2023()
    results = layouts.result_tables(places_2023, ipss2023.YEARS)
    return [
        _wide(
            "IPSS 2018, wide CSV",
            "wide.csv",
            layouts.ipss_wide(places_2018, ipss2018.YEARS, text=True),
            load_2018,
            sheet=None,
        ),
        _wide(
            "IPSS 2018, workbook",
            "wide.xlsx",
            layouts.ipss_official(places_2018, ipss2018.YEARS),
            load_2018,
            sheet="Sheet1",
        ),
        _wide(
            "IPSS 2023, wide CSV",
            "wide.csv",
            layouts.ipss_wide(places_2023, ipss2023.YEARS, text=True),
            load_2023,
            sheet=None,
        ),
        Subject(
            name="IPSS 2018, tidy CSV",
            file="tidy.csv",
            sheet=None,
            rows=tidy,
            load=load_2018,
            heads=(0,),
            data=range(1, len(tidy)),
            keys=(0, 1, 2, 4, 5),
            values=tuple(range(6, 26)),
            sums=lambda row, column: True,
            moved=((6, 7), (6, 15), (6, 25)),
            renamed=((6, 7), (6, 20)),
            ages=tuple((0, column) for column in range(7, 26)),
        ),
        Subject(
            name="IPSS 2023, areas",
            file="area.csv",
            sheet=None,
            rows=areas,
            load=table(ipss2023.load_area_ages),
            heads=(0,),
            data=range(1, len(areas)),
            keys=(0, 1),
            values=tuple(range(2, 21)),
            sums=lambda row, column: True,
            ages=tuple((0, column) for column in range(2, 21)),
            # Codes of areas are known by their prefecture only.
            blind=frozenset({"swap_keys"}),
        ),
        *(result_subject(name, results, name) for name in ("1", "3_3", "3_4")),
        Subject(
            name="IPSS 2018, result table",
            file="kekkahyo.xlsx",
            sheet="Sheet1",
            rows=layouts.result_tables(layouts.IPSS_PLACES, ipss2018.YEARS)["3_3"],
            load=_result_figures,
            heads=(2, 3),
            data=range(4, 4 + len(layouts.IPSS_PLACES)),
            keys=(0, 1, 2),
            values=tuple(range(4, 11)),
            renamed=((4, 5), (6, 9)),
            # A table of shares alone has no total.
            blind=frozenset({"delete_row", "last_rows_missing", "swap_keys", "key_of_another_row"}),
            whole=False,
        ),
    ]


def _result_figures(path: Path) -> Any:
    """Figures of a result table without its title, which any text above the headings may be."""
    return frame_figures(ipss2018.load_table(path).drop(columns="title"))


def result_subject(name: str, tables: dict[str, Rows], target: str, *, nationwide: bool = False) -> Subject:
    """結果表 1, 3-3 and 3-4 read together, one of them damaged."""
    clean = {f"kekkahyo{key}.xlsx": rows for key, rows in tables.items()}
    own = f"kekkahyo{target}.xlsx"
    rows = tables[target]
    head = next(r for r, cells in enumerate(rows) if "コード" in cells)
    years = len(ipss2023.YEARS)
    persons = range(4, 4 + years)

    def load(path: Path) -> Any:
        # What `workbook_in_memory` has put in place.
        damaged = vars(tabular)["read_workbook"]

        def read(path: Path, *, only: Iterable[str] | None = None) -> list[Sheet]:
            if path.name == own:
                return damaged(path, only=only)
            return [Sheet(path, "Sheet1", [list(row) for row in clean[path.name]])]

        with patch("zaitaku_demand.sources.tabular.read_workbook", read):
            try:
                return frame_figures(
                    ipss2023.load_totals(
                        *(path.with_name(f"kekkahyo{key}.xlsx") for key in ("1", "3_3", "3_4")),
                        nationwide=nationwide,
                    )
                )
            except InputError as error:
                # The contradiction between two tables may be found in either.
                if error.file in clean:
                    raise InputError(
                        error.found,
                        error.action,
                        file=own,
                        sheet=error.sheet,
                        row=error.row,
                        column=error.column,
                    ) from error
                raise

    return Subject(
        name=f"IPSS 2023, totals, table {target}" + (" (official)" if nationwide else ""),
        file=own,
        sheet="Sheet1",
        rows=rows,
        load=load,
        heads=(head, head + 1),
        data=range(head + 2, len(rows)),
        keys=(0, 1, 2),
        values=tuple(persons) if target != "1" else tuple(range(4, 4 + 2 * years)),
        sums=lambda row, column: target == "1",
        moved=((4, 5), (6, 9), (5, 13)) if target == "1" else ((4, 5), (6, 9)),
        renamed=((4, 5), (6, 9)),
        whole=target == "1",
    )


def _censuses() -> list[Subject]:
    areas, prefectures = layouts.census_2020("area"), layouts.census_2020("prefecture")
    history, few = layouts.census_history_rows(nationwide=True), layouts.census_history_rows(nationwide=False)
    return [
        Subject(
            name="census 2020, areas",
            file="areas.csv",
            sheet=None,
            rows=areas,
            load=table(census.load_areas_2020),
            heads=(0,),
            data=range(1, len(areas)),
            keys=(0, 2, 3, 4),
            values=tuple(range(5, 29)),
            sums=lambda row, column: True,
            moved=((26, 5), (26, 28), (27, 26), (18, 17), (28, 9)),
            renamed=((26, 5), (26, 28), (27, 26), (18, 17), (28, 9)),
            # Two areas of a prefecture could exchange their codes.
            blind=frozenset({"swap_keys", "key_of_another_row"}),
        ),
        Subject(
            name="census 2020, prefectures",
            file="prefectures.csv",
            sheet=None,
            rows=prefectures,
            load=table(census.load_prefectures_2020),
            heads=(0,),
            data=range(1, len(prefectures)),
            keys=(0, 1, 2),
            values=tuple(range(3, 27)),
            sums=lambda row, column: True,
            moved=((24, 3), (24, 26), (25, 24), (16, 15), (26, 7)),
            renamed=((24, 3), (24, 26), (25, 24), (16, 15), (26, 7)),
            blind=frozenset({"swap_keys"}),
        ),
        Subject(
            name="census 1980-2015, prefectures",
            file="history.csv",
            sheet=None,
            rows=history,
            load=table(census.load_history),
            heads=(0,),
            data=range(1, len(history)),
            keys=(0, 1, 2, 3),
            values=tuple(range(4, 12)),
            sums=lambda row, column: True,
            moved=((4, 5), (6, 7), (9, 11)),
            renamed=((4, 5), (6, 7), (9, 11)),
            ages=tuple((row, 3) for row in (2, 3, 20)),
            scale=0.2,
        ),
        Subject(
            name="census 1980-2015, municipalities",
            file="history.csv.gz",
            sheet=None,
            rows=few,
            load=table(census.load_history, nationwide=False),
            heads=(0,),
            data=range(1, len(few)),
            keys=(0, 2, 3),
            values=tuple(range(4, 12)),
            sums=lambda row, column: True,
            ages=tuple((row, 3) for row in (2, 3, 20)),
            block=63,
        ),
    ]


def _registers() -> list[Subject]:
    ages, head, data = layouts.register("ages")
    totals, head_totals, data_totals = layouts.register("totals")
    return [
        Subject(
            name="register, ages",
            file="juki_age.xlsx",
            sheet="年齢別人口",
            rows=ages,
            load=table(juki.load_ages, nationwide=False),
            heads=(head - 1, head),
            data=data,
            keys=(0, 1, 3),
            values=tuple(range(4, 26)),
            # A sum may fall short by what is withheld, so only the total of the ages is exact.
            sums=lambda row, column: column == 4,
            renamed=((4, 5), (7, 8), (10, 20)),
            ages=tuple((head - 1, column) for column in range(5, 26)),
            marks=True,
            blind=frozenset({"row_cut_short", "key_of_another_row"}),
        ),
        Subject(
            name="register, totals",
            file="juki_pop.xlsx",
            sheet="人口",
            rows=totals,
            load=table(juki.load_totals, nationwide=False),
            heads=(head_totals - 2, head_totals - 1, head_totals),
            data=data_totals,
            keys=(0, 1),
            values=(3, 4, 5),
            sums=lambda row, column: True,
            moved=((3, 5), (4, 5)),
            renamed=((3, 5), (4, 5)),
            # Wards could exchange their codes; a prefecture or a district could be missing from an extract.
            blind=frozenset({"swap_keys", "delete_row"}),
        ),
    ]


def _areas() -> list[Subject]:
    members, listed = layouts.membership(), layouts.area_list()
    crosswalk, changes = layouts.crosswalk(), layouts.changes()
    ministry = {
        title: layouts.ministry(title)
        for title in (ministry_projection.HOME_VISITS, ministry_projection.OUTPATIENTS)
    }
    return [
        Subject(
            name="membership",
            file="muni_to_area_all_editions.csv",
            sheet=None,
            rows=members,
            load=table(membership.load_membership, nationwide=False),
            heads=(0,),
            data=range(1, len(members)),
            keys=(0, 2, 3, 4, 6, 8, 10),
            values=(4, 6, 8, 10),
            lists_rows=True,
            # Codes are no counts: how many there are is known for the whole country only, and which is which
            # from the official list alone.
            blind=frozenset(
                {"delete_row", "last_rows_missing", "swap_keys", "key_of_another_row", "huge_number"}
                | {"text_in_number", "negative_number", "fraction", "one_more", "ten_times"}
                | {"number_as_text", "full_width_digits", "thousands_separator", "blanks_around", "date_cell"}
            ),
        ),
        Subject(
            name="list of areas",
            file="area_list_335.csv",
            sheet=None,
            rows=listed,
            load=table(membership.load_area_list, nationwide=False),
            heads=(0,),
            data=range(1, len(listed)),
            keys=(0, 2, 3),
            values=(4,),
            blind=frozenset({"delete_row", "last_rows_missing", "swap_keys"}),
        ),
        Subject(
            name="crosswalk of codes",
            file="crosswalk.csv",
            sheet=None,
            rows=crosswalk,
            load=table(membership.load_crosswalk, nationwide=False),
            heads=(0,),
            data=range(1, len(crosswalk)),
            keys=(0, 2, 3, 4, 6),
            values=(7,),
            sums=lambda row, column: True,
            blind=frozenset({"delete_row", "last_rows_missing", "swap_keys", "key_of_another_row"}),
        ),
        Subject(
            name="changes of municipalities",
            file="changes.csv",
            sheet=None,
            rows=changes,
            load=table(membership.load_changes, nationwide=False),
            heads=(0,),
            data=range(1, len(changes)),
            keys=(0, 1, 2, 4),
            values=(2, 4),
            blind=frozenset(
                {"delete_row", "last_rows_missing", "swap_keys", "key_of_another_row", "area_twice"}
                | {"number_as_text", "full_width_digits", "thousands_separator", "blanks_around", "date_cell"}
            ),
        ),
        *(
            Subject(
                name=f"ministry, {title}",
                file="001728462.xlsx",
                sheet=title,
                rows=rows,
                load=table(load),
                heads=(3, 4),
                data=range(5, 344),
                keys=(0, 1),
                values=tuple(range(5, 11)),
                renamed=((5, 6), (7, 10), (1, 2)),
                # Areas of one prefecture could exchange their codes.
                blind=frozenset({"swap_keys"}),
                whole=False,
                scale=0.7,
                others=tuple(each for each in ministry.items() if each[0] != title),
            )
            for (title, rows), load in zip(
                ministry.items(),
                (ministry_projection.load_home_visits, ministry_projection.load_outpatients),
                strict=True,
            )
        ),
    ]


def _care() -> list[Subject]:
    def subject(
        name: str,
        rows: Rows,
        load: Callable[..., Any],
        keys: tuple[int, ...],
        values: Iterable[int],
        sums: Callable[[int, int], bool] = lambda row, column: False,
        **options: Any,
    ) -> Subject:
        ages: tuple[Cell, ...] = options.pop("ages", ())
        return Subject(
            name=name,
            file="nintei.csv",
            sheet=None,
            rows=rows,
            load=table(load),
            heads=(0,),
            data=range(1, len(rows)),
            keys=keys,
            values=tuple(values),
            sums=sums,
            ages=ages,
            **options,
        )

    everywhere: Callable[[int, int], bool] = lambda row, column: True  # noqa: E731
    return [
        subject(
            "certified by age and level",
            layouts.certified_by_age(),
            certification.load_by_age_level,
            (0, 1),
            range(2, 10),
            everywhere,
            moved=((9, 2), (9, 5)),
            renamed=((9, 2), (9, 5)),
            # The men's and the women's 65-69 could change places: no total holds the women's ages.
            blind=frozenset({"swap_keys", "delete_row", "last_rows_missing"}),
        ),
        subject(
            "certified women, estimate",
            layouts.women_estimate(),
            certification.load_women_estimate,
            (0,),
            (1, 2),
            everywhere,
            ages=tuple((row, 0) for row in range(1, 7)),
        ),
        subject(
            "certified by prefecture",
            layouts.certified_by_prefecture(),
            certification.load_by_prefecture,
            (0, 1),
            range(2, 11),
            lambda row, column: column < 11,
            moved=((9, 2), (9, 5), (10, 3)),
            renamed=((9, 2), (9, 5), (10, 3)),
        ),
        subject(
            "certified in the nation",
            layouts.national_levels(),
            certification.load_national_levels,
            (0,),
            range(1, 9),
            everywhere,
            moved=((8, 2), (8, 5)),
            renamed=((8, 2), (8, 5)),
            # Dates are not counted: a date can be missing, or stand at another's figures.
            blind=frozenset({"swap_keys", "delete_row", "last_rows_missing", "foreign_code", "date_cell"}),
        ),
        subject(
            "certification rates",
            layouts.rates_by_age(),
            certification.load_rates_by_age,
            (0, 2),
            (3,),
            whole=False,
            ages=tuple((row, 2) for row in (1, 2, 6, 9)),
            blind=frozenset(
                {"swap_keys", "delete_row", "last_rows_missing", "foreign_code", "exchange_columns"}
            ),
        ),
        subject(
            "certification rates by broad age",
            layouts.broad_rates(),
            certification.load_broad_age_rates,
            (0, 2, 3),
            (4,),
            whole=False,
            blind=frozenset(
                {"swap_keys", "key_of_another_row", "delete_row", "last_rows_missing", "foreign_code"}
            ),
        ),
    ]


CODES = pd.DataFrame(
    [
        ("01100", "9999-12-31", "01100", "", "01101;01102", "0104"),
        ("01101", "9999-12-31", "01101", "01100", "", "0104"),
        ("01102", "9999-12-31", "01102", "01100", "", "0104"),
        ("01202", "9999-12-31", "01202", "", "", "0101"),
        ("01331", "9999-12-31", "01331", "", "", "0101"),
        ("01338", "2004-12-01", "01202", "", "", "0101"),
        ("05201", "9999-12-31", "05201", "", "", "0502"),
        ("05211", "9999-12-31", "05211", "", "", "0502"),
        ("05361", "2005-03-22", "05211", "", "", "0502"),
    ],
    columns=["code", "valid_to", "code_2024", "parent", "children", "area335"],
).assign(valid_from="1970-04-01")
UNITS = pd.DataFrame({"prefecture_code": ["01", "05"], "prefecture_name": ["北海道", "秋田県"]})


def _areas_of_the_user(path: Path) -> Any:
    with (
        patch("zaitaku_demand.areas.municipalities.municipal_codes", lambda: CODES),
        patch("zaitaku_demand.areas.system.read_table", lambda name: UNITS),
    ):
        system = area_system.user_system(path)
        try:
            area_system.require_members(system, set(CODES["code"]), {})
        except InputError as error:
            # This check follows when the population is added up, where the file is no longer at hand.
            raise InputError(error.found, error.action, file=path) from error
    return [frame_figures(system.areas), frame_figures(system.membership)]


def _rates_of_the_user(sexes: tuple[str, ...]) -> Callable[[Path], Any]:
    people = population(np.ones((6, 7, len(sexes), 19)), sexes)

    def load(path: Path) -> Any:
        rates = read_rates(path, people, 2022)
        notes = [note.en for note in rates.notes]
        return rates.services, rates.profile.tolist(), rates.group.tolist(), notes

    return load


def _users() -> list[Subject]:
    both, sexed = (
        layouts.user_rates(by_sex=False, japanese=True),
        layouts.user_rates(by_sex=True, japanese=False),
    )
    areas = layouts.user_areas()
    return [
        Subject(
            name="the user's rates, both sexes",
            file="rates.csv",
            sheet=None,
            rows=both,
            load=_rates_of_the_user(("both",)),
            heads=(0,),
            data=range(1, len(both)),
            keys=(0,),
            values=(1,),
            ages=tuple((row, 0) for row in range(1, len(both))),
            whole=False,
            # A first band that is missing is read as the rate 0 below, with a note: tested where rates are.
            blind=frozenset({"delete_row", "swap_keys", "area_twice"}),
        ),
        Subject(
            name="the user's rates by sex and prefecture",
            file="rates.csv",
            sheet=None,
            rows=sexed,
            load=_rates_of_the_user(("male", "female")),
            heads=(0,),
            data=range(1, len(sexed)),
            keys=(0, 2, 3),
            values=(1,),
            ages=tuple((row, 0) for row in range(2, 8)),
            whole=False,
            blind=frozenset({"delete_row", "swap_keys"}),
        ),
        Subject(
            name="the user's areas",
            file="areas.csv",
            sheet=None,
            rows=areas,
            load=_areas_of_the_user,
            heads=(0,),
            data=range(1, len(areas)),
            keys=(0,),
            values=(0,),
            lists_rows=True,
            # An old code stands for its successor, and which municipality lies where is the user's decision.
            blind=frozenset({"swap_keys", "key_of_another_row", "exchange_columns"}) | READABLE,
        ),
    ]
