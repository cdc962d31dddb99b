"""docs/scr_example.md, recomputed from the official workbooks without the package's formulas.

Sources: 厚生労働省 第9回NDBオープンデータ (C 在宅医療), 社人研 日本の地域別将来推計人口 (令和5年推計), 総務省 令和2年国勢調査,
総務省 住民基本台帳年齢階級別人口 (令和7年1月1日).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import openpyxl
import pandas as pd
import pytest

from tests.conftest import CHECKOUT
from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.table import benchmark_table
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.store.tables import read_table

DOCUMENTS = ("scr_example.md", "scr_example.ja.md")
SEXES = {"scr_example.md": ("men", "women"), "scr_example.ja.md": ("男", "女")}
INDICATOR, WITH_HIDDEN_CELL, SHIMANE, YEAR = "P-C-3", "P-A-1", "32", 2022
CLAIMS_BY_AGE = "ndb/medical/ndb09_FY2022_C_sexage_claims_001258288.xlsx"
CLAIMS_BY_PREFECTURE = "ndb/medical/ndb09_FY2022_C_pref_claims_001258289.xlsx"
PATIENTS_BY_AGE = "ndb/medical/ndb09_FY2022_C_sexage_patients_001258406.xlsx"
PROJECTION = "ipss/2023/area330_year_age5_bothsexes.csv"
CENSUS = "census/census2020_prefecture_sex_age5.csv"
REGISTER = "juki/juki_age_muni_2025.xlsx"
ORDER, HOUSE_CALL, SPECIAL_HOUSE_CALL = 114008010, 114000110, 114001610
FIRST_FIGURE = 6
"""Columns before the first age or prefecture of a base sheet."""
BANDS = 19
AGES = (*(f"{age}-{age + 4}" for age in range(0, 90, 5)), "90+")
PREFECTURES = [f"{number:02d}" for number in range(1, 48)]
QUOTED = {"1.959964", "4.25", "1,000"}
"""Figures that are no results: the normal quantile, years between two counts, a unit."""
REGISTER_WEIGHT = (YEAR - 2020) / (2024.25 - 2020)
"""Share of the way from the census (October 2020) to the register (January 2025)."""

Persons = dict[tuple[str, str], list[float]]


@dataclass(frozen=True)
class Document:
    """Tables (rows of cells) and labelled figures of a document."""

    tables: list[list[list[str]]]
    figures: dict[str, str]


@pytest.fixture(scope="module")
def files(request: pytest.FixtureRequest) -> Path:
    """Official raw files: those fetched into the checkout, or those beside it."""
    fetched = CHECKOUT / "data" / "raw"
    if (fetched / CLAIMS_BY_AGE).is_file():
        return fetched
    folder: Path = request.getfixturevalue("raw")
    return folder


@pytest.fixture(scope="module")
def persons(files: Path) -> Persons:
    return _population(files)


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    declared = {name: indicators()[name] for name in (INDICATOR, WITH_HIDDEN_CELL)}
    table = benchmark_table(indicator_values("prefecture", declared=declared), declared).table
    row = table[(table["area_code"] == SHIMANE) & (table["year"] == YEAR)]
    return row.set_index("indicator_id")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_cell_of_the_document_stands_in_the_workbook(name: str, files: Path) -> None:
    rows = _document(name).tables[0][1:]
    assert len(rows) >= 8
    books: dict[str, object] = {}
    for file, sheet, cell, figure, *_ in rows:
        path = next(files.rglob(file.strip("`")))
        if file not in books:
            books[file] = _sheet_rows(path, sheet)
        found = books[file][_row_number(cell)][_column_number(cell)]  # type: ignore[index]
        assert str(found) == figure.replace(",", ""), (file, cell)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_population_of_one_cell_by_hand(name: str, files: Path, persons: Persons) -> None:
    """Women of 85-89 in 島根県: seven areas, interpolated, times the share of women."""
    *areas, total = _document(name).tables[1][1:]
    published = _projection(files)
    sum_2022 = 0.0
    for code, _, *figures in areas:
        values = [published[code][year][AGES.index("85-89")] for year in (2020, 2025, 2030)]
        assert [_number(each) for each in figures[:3]] == values
        at_2022 = _hermite(values, 2)
        sum_2022 += at_2022
        assert _shows(figures[3], at_2022)
    assert len(areas) == sum(code.startswith(SHIMANE) for code in published)
    assert _shows(total[-1], sum_2022)
    census, register = _men_and_women(files)
    place = AGES.index("85-89")
    shares = []
    for men, women in (census[SHIMANE], register[SHIMANE]):
        shares.append(women[place] / (men[place] + women[place]))
    share = shares[0] + REGISTER_WEIGHT * (shares[1] - shares[0])
    figures_by_name = _document(name).figures
    assert _shows(figures_by_name["share 2020"], shares[0])
    assert _shows(figures_by_name["share 2025"], shares[1])
    assert _shows(figures_by_name["share 2022"], share)
    assert _shows(figures_by_name["women 85-89"], sum_2022 * share)
    first, second, third = (published["3201"][year][place] for year in (2020, 2025, 2030))
    assert _shows(figures_by_name["a"], (second - first) / 5)
    assert _shows(figures_by_name["b"], (third - second) / 5)
    assert _shows(figures_by_name["slope"], (3 * (second - first) - (third - second)) / 10)
    assert sum_2022 * share == pytest.approx(persons[(SHIMANE, "female")][place], rel=FLOAT)


def test_population_recomputed_is_that_of_the_package(persons: Persons) -> None:
    table = read_table("population_reference")
    table = table[(table["year"] == YEAR) & table["sex"].isin(["male", "female"]) & table["age"].isin(AGES)]
    wide = table.set_index(["prefecture_code", "sex", "age"])["persons"]
    assert len(wide) == len(persons) * BANDS
    for (code, sex), values in persons.items():
        for age, value in zip(AGES, values, strict=True):
            assert wide[(code, sex, age)] == pytest.approx(value, rel=FLOAT)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_age_of_the_document(name: str, files: Path, persons: Persons) -> None:
    *rows, total = _document(name).tables[2][1:]
    claims = _claims_by_age(files)
    assert [row[:2] for row in rows] == [[sex, age] for sex in SEXES[name] for age in AGES]
    claimed, inhabitants, own, expected = 0.0, 0.0, 0.0, 0.0
    for place, (_, _, *figures) in enumerate(rows):
        sex, age = ("male", "female")[place // BANDS], place % BANDS
        nation = sum(persons[(code, sex)][age] for code in PREFECTURES)
        here = persons[(SHIMANE, sex)][age]
        share = claims[place] / nation * here
        assert _number(figures[0]) == claims[place]
        for text, value in zip(
            figures[1:], (nation, claims[place] / nation * 1000, here, share), strict=True
        ):
            assert _shows(text, value), (sex, AGES[age], text, value)
        claimed, inhabitants = claimed + claims[place], inhabitants + nation
        own, expected = own + here, expected + share
    assert _number(total[2]) == claimed
    assert _shows(total[3], inhabitants)
    assert _shows(total[5], own)
    assert _shows(total[6], expected)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_ratio_and_interval_from_raw_cells(
    name: str, files: Path, persons: Persons, printed: pd.DataFrame
) -> None:
    claims = _claims_by_age(files)
    observed = float(_item(files / CLAIMS_BY_PREFECTURE, ORDER)[FIRST_FIGURE + int(SHIMANE) - 1])
    patients = float(_item(files / PATIENTS_BY_AGE, ORDER)[FIRST_FIGURE - 1])
    size = sum(claims) / patients
    expected = _expected(claims, persons)
    events = observed / size
    lower, upper = (limit * size / expected for limit in _byar(events))
    figures = _document(name).figures
    steps = {
        "observed": observed,
        "expected": expected,
        "ratio": observed / expected,
        "event size": size,
        "events": events,
        "lower events": _byar(events)[0],
        "upper events": _byar(events)[1],
        "lower claims": _byar(events)[0] * size,
        "upper claims": _byar(events)[1] * size,
        "SCR": 100 * observed / expected,
        "SCR lower": 100 * lower,
        "SCR upper": 100 * upper,
    }
    for key, value in steps.items():
        assert _shows(figures[key], value), (key, figures[key], value)
    row = printed.loc[INDICATOR]
    assert row["state"] == "observed"
    for column, value in (
        ("numerator", observed),
        ("expected", expected),
        ("value", steps["SCR"]),
        ("lower", steps["SCR lower"]),
        ("upper", steps["SCR upper"]),
        ("ratio", steps["ratio"]),
    ):
        assert float(row[column]) == pytest.approx(value, rel=FLOAT), column


@pytest.mark.parametrize("name", DOCUMENTS)
def test_hidden_cell_of_the_second_example(name: str, files: Path, printed: pd.DataFrame) -> None:
    """往診 in 島根県: one hidden cell of 特別往診料 takes an equal part of what the row lacks."""
    shown = _item(files / CLAIMS_BY_PREFECTURE, HOUSE_CALL)[FIRST_FIGURE + int(SHIMANE) - 1]
    special = _item(files / CLAIMS_BY_PREFECTURE, SPECIAL_HOUSE_CALL)
    cells = special[FIRST_FIGURE:][: len(PREFECTURES)]
    hidden = sum(cell == "-" for cell in cells)
    lacking = special[FIRST_FIGURE - 1] - sum(cell for cell in cells if cell != "-")
    assert cells[int(SHIMANE) - 1] == "-"
    figures = _document(name).figures
    assert _number(figures["shown"]) == shown
    assert _number(figures["special total"]) == special[FIRST_FIGURE - 1]
    assert _number(figures["lacking"]) == lacking
    assert _number(figures["hidden cells"]) == hidden
    assert _shows(figures["hidden part"], lacking / hidden)
    assert _shows(figures["house calls"], shown + lacking / hidden)
    row = printed.loc[WITH_HIDDEN_CELL]
    assert row["state"] == "estimated"
    assert float(row["numerator"]) == pytest.approx(shown + lacking / hidden, rel=FLOAT)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_figure_of_the_document_is_left_unchecked(name: str) -> None:
    """Every long figure of the text is a cell of a table or a figure checked above."""
    document = _document(name)
    checked = {cell.strip("*") for table in document.tables for row in table for cell in row}
    checked |= {figure.lstrip("−") for figure in document.figures.values()} | QUOTED
    text = (CHECKOUT / "docs" / name).read_text(encoding="utf-8")
    prose = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
    found = re.findall(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+", re.sub(r"`[^`]*`|<!--.*?-->", "", prose))
    assert len(found) > 20
    assert sorted(set(found) - checked) == []
    assert not any(line.startswith("<!--") for line in text.splitlines())  # would end the paragraph


def test_both_languages_hold_the_same_figures() -> None:
    english, japanese = (_document(name) for name in DOCUMENTS)
    assert english.figures == japanese.figures
    assert len(english.figures) >= 20
    assert [[row[2:] for row in table[1:]] for table in english.tables[2:3]] == [
        [row[2:] for row in table[1:]] for table in japanese.tables[2:3]
    ]


def _population(files: Path) -> Persons:
    """Persons of 1 October 2022 by prefecture and sex."""
    census, register = _men_and_women(files)
    both = {code: [0.0] * BANDS for code in PREFECTURES}
    for area, years in _projection(files).items():
        for age in range(BANDS):
            both[area[:2]][age] += _hermite([years[year][age] for year in (2020, 2025, 2030)], YEAR - 2020)
    found: Persons = {}
    for code in PREFECTURES:
        shares = []
        for men, women in (census[code], register[code]):
            shares.append([m / (m + w) for m, w in zip(men, women, strict=True)])
        men_share = [a + REGISTER_WEIGHT * (b - a) for a, b in zip(*shares, strict=True)]
        found[(code, "male")] = [n * s for n, s in zip(both[code], men_share, strict=True)]
        found[(code, "female")] = [n * (1 - s) for n, s in zip(both[code], men_share, strict=True)]
    return found


def _hermite(values: list[float], years: float) -> float:
    """Value `years` after the first of three figures five years apart (Fritsch & Carlson 1980; Fritsch & Butland 1984)."""
    first, second = (values[1] - values[0]) / 5, (values[2] - values[1]) / 5
    at_second = 2 * first * second / (first + second) if first * second > 0 else 0.0
    at_first = (3 * first - second) / 2
    if at_first * first <= 0:
        at_first = 0.0
    elif first * second < 0 and abs(at_first) > 3 * abs(first):
        at_first = 3 * first
    t = years / 5
    return (
        (2 * t**3 - 3 * t**2 + 1) * values[0]
        + (3 * t**2 - 2 * t**3) * values[1]
        + 5 * ((t**3 - 2 * t**2 + t) * at_first + (t**3 - t**2) * at_second)
    )


def _byar(events: float) -> tuple[float, float]:
    """Limits of a count of 10 and more (Breslow & Day 1987, p. 69)."""
    z = NormalDist().inv_cdf(0.975)
    low = events * (1 - 1 / (9 * events) - z / (3 * events**0.5)) ** 3
    more = events + 1
    return low, more * (1 - 1 / (9 * more) + z / (3 * more**0.5)) ** 3


def _expected(claims: list[float], persons: Persons) -> float:
    total = 0.0
    for place, claimed in enumerate(claims):
        sex, age = ("male", "female")[place // BANDS], place % BANDS
        nation = sum(persons[(code, sex)][age] for code in PREFECTURES)
        total += claimed / nation * persons[(SHIMANE, sex)][age]
    return total


def _projection(files: Path) -> dict[str, dict[int, list[float]]]:
    found: dict[str, dict[int, list[float]]] = {}
    with (files / PROJECTION).open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            ages = [float(text) for key, text in row.items() if key.startswith("age_")]
            assert len(ages) == BANDS
            found.setdefault(row["area_code"], {})[int(row["year"])] = ages
    return found


def _men_and_women(files: Path) -> tuple[dict[str, list[list[float]]], dict[str, list[list[float]]]]:
    """Men and women by prefecture in the census of 2020 and in the register of January 2025."""
    census: dict[str, list[list[float]]] = {}
    with (files / CENSUS).open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            ages = [float(text) for key, text in row.items() if re.fullmatch(r"pop_\d+_\d+|pop_100plus", key)]
            census.setdefault(row["pref_code"].zfill(2), [[], []])[row["sex"] != "male"] = _to_90(ages)
    register: dict[str, list[list[float]]] = {}
    for row in _rows(files / REGISTER, 0):
        if re.fullmatch(r"\d{2}000\d", str(row[0])) and row[2] == "-" and row[3] in ("男", "女"):
            code = str(row[0])[:2]
            register.setdefault(code, [[], []])[row[3] == "女"] = _to_90([float(cell) for cell in row[5:26]])
    assert sorted(census) == sorted(register) == PREFECTURES
    return census, register


def _to_90(ages: list[float]) -> list[float]:
    """21 bands to 100 and over made into 19 to 90 and over."""
    assert len(ages) == BANDS + 2
    return [*ages[: BANDS - 1], sum(ages[BANDS - 1 :])]


def _claims_by_age(files: Path) -> list[float]:
    return [float(cell) for cell in _item(files / CLAIMS_BY_AGE, ORDER)[FIRST_FIGURE:][: 2 * BANDS]]


def _item(path: Path, code: int) -> tuple[object, ...]:
    """The row of an item of the sheet 全体."""
    return next(row for row in _rows(path, "全体") if row[2] == code)


def _sheet_rows(path: Path, sheet: str) -> list[list[object]] | list[tuple[object, ...]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return [list(row) for row in csv.reader(lines)]
    return list(_rows(path, sheet))


def _rows(path: Path, sheet: str | int) -> Iterator[tuple[object, ...]]:
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        name = sheet if isinstance(sheet, str) else book.sheetnames[sheet]
        yield from book[name].iter_rows(values_only=True)
    finally:
        book.close()


def _document(name: str) -> Document:
    text = (CHECKOUT / "docs" / name).read_text(encoding="utf-8")
    tables: list[list[list[str]]] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if set("".join(cells)) <= set("-: "):
            continue
        if not inside:
            tables.append([])
            inside = True
        tables[-1].append(cells)
    figures = dict(re.findall(r"<!-- ([^>]+?) -->\s*\**(−?[0-9](?:[0-9,.]*[0-9])?)", text))
    return Document(tables, figures)


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("*", ""))


def _shows(text: str, value: float) -> bool:
    """Whether `text` is `value` to its last printed digit."""
    plain = text.replace(",", "").replace("*", "").replace("−", "-")
    digits = len(plain.partition(".")[2])
    return abs(float(plain) - value) <= 0.5 * 10**-digits * (1 + 1e-6)


def _row_number(cell: str) -> int:
    return int(re.sub(r"\D", "", cell)) - 1


def _column_number(cell: str) -> int:
    return int(openpyxl.utils.column_index_from_string(re.sub(r"\d", "", cell))) - 1
