"""The benchmark against national figures that official publications state, and against values recomputed from raw files.

The recomputation uses no formula of the package: cells from the workbooks, shares of hidden cells, expected counts
and intervals are worked out here once more with pandas and the distributions of scipy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy import stats

from tests.conftest import CHECKOUT
from tests.tolerances import EXACT, FLOAT
from zaitaku_demand.benchmark.table import benchmark_table
from zaitaku_demand.indicators.arrays import persons_of, places_of
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.indicators.facts import read_facts
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.population import load_population
from zaitaku_demand.rates.local import prefecture_ratio
from zaitaku_demand.rates.national import NDB_AGES, national_profile
from zaitaku_demand.rates.services import services
from zaitaku_demand.store.tables import read_table

PRINTED = 0.05
"""Points: shares printed to one decimal."""
ROUNDED_AGES = 1e-5
"""Relative: estimated national counts by age are rounded to 1/1024."""
BYAR_AGAINST_EXACT = 2e-3
"""Relative: Byar's limits from 10 events on against the exact ones."""
WITHOUT_ADDRESS = 0.002
"""Share of deaths whose residence is abroad or unknown, which counts by prefecture leave out."""
POPULATION_ESTIMATE = 5e-4
"""Relative: the projection's interpolated total against the official estimate."""

SHIMANE, TOKYO, MATSUE, TOKYO_CENTRE = "32", "13", "3201", "1301"
WORKBOOKS = {
    ("A", 2022, "pref"): "medical_a_b/ndb09_FY2022_A_kasan_pref_claims_001258278.xlsx",
    ("B", 2022, "pref"): "medical_a_b/ndb09_FY2022_B_pref_claims_001258286.xlsx",
    ("B", 2019, "pref"): "medical_a_b/ndb06_FY2019_B_pref_claims_000821432.xlsx",
    ("B", 2022, "iryoken2"): "medical_a_b/ndb09_FY2022_B_iryoken2_claims_001258287.xlsx",
    ("C", 2022, "pref"): "medical/ndb09_FY2022_C_pref_claims_001258289.xlsx",
    ("C", 2019, "pref"): "medical/ndb06_FY2019_C_pref_claims_000821446.xlsx",
    ("C", 2022, "iryoken2"): "medical/ndb09_FY2022_C_iryoken2_claims_001258291.xlsx",
    ("C", 2019, "iryoken2"): "medical/ndb06_FY2019_C_iryoken2_claims_000821447.xlsx",
    ("dental", 2022, "pref"): "dental/ndb09_FY2022_C_pref_claims_001258469.xlsx",
    ("A", 2022, "sexage"): "medical_a_b/ndb09_FY2022_A_kasan_sexage_claims_001258277.xlsx",
    ("B", 2022, "sexage"): "medical_a_b/ndb09_FY2022_B_sexage_claims_001258285.xlsx",
    ("B", 2019, "sexage"): "medical_a_b/ndb06_FY2019_B_sexage_claims_000821431.xlsx",
    ("C", 2022, "sexage"): "medical/ndb09_FY2022_C_sexage_claims_001258288.xlsx",
    ("C", 2019, "sexage"): "medical/ndb06_FY2019_C_sexage_claims_000821445.xlsx",
    ("dental", 2022, "sexage"): "dental/ndb09_FY2022_C_sexage_claims_001258468.xlsx",
    ("A", 2022, "patients"): "medical_a_b/ndb09_FY2022_A_kasan_sexage_patients_001258393.xlsx",
    ("B", 2022, "patients"): "medical_a_b/ndb09_FY2022_B_sexage_patients_001258402.xlsx",
    ("C", 2022, "patients"): "medical/ndb09_FY2022_C_sexage_patients_001258406.xlsx",
    ("dental", 2022, "patients"): "dental/ndb09_FY2022_C_sexage_patients_001258628.xlsx",
}
ADDITIONS_OF_DEATH = ("114018570", "114007270", "114018670", "114019970")


@pytest.fixture(scope="module")
def files(request: pytest.FixtureRequest) -> Path:
    """Official raw files: those fetched into the checkout, or those beside it."""
    fetched = CHECKOUT / "data" / "raw"
    if (fetched / "ndb" / WORKBOOKS["C", 2022, "pref"]).is_file():
        return fetched
    folder: Path = request.getfixturevalue("raw")
    return folder


@pytest.fixture(scope="module")
def values() -> dict[str, pd.DataFrame]:
    return {level: indicator_values(level) for level in ("prefecture", "area")}


@pytest.fixture(scope="module")
def benchmark(values: dict[str, pd.DataFrame]) -> pd.DataFrame:
    tables = [benchmark_table(table, indicators(), draws=10).table for table in values.values()]
    return (
        pd.concat(tables)
        .drop_duplicates(["indicator_id", "area_code", "year"])
        .set_index(["indicator_id", "area_code", "year"])
        .sort_index()
    )


@pytest.fixture(scope="module")
def nation() -> pd.Series:
    facts = read_facts()
    facts = facts[facts["level"] == "national"]
    return facts.set_index(["measure", "year"])["value"].sort_index()


@pytest.mark.parametrize(
    ("measure", "year", "published", "tolerance"),
    [
        # 厚生労働省 令和5年医療施設静態調査 第107表・第108表: 一般診療所, 在宅療養支援診療所
        ("survey_clinics", 2023, 104_894, EXACT),
        ("survey_support_clinics", 2023, 14_725, EXACT),
        # 同 第107表 + 第68表: 訪問診療 18,906 + 2,904; 往診 17,631 + 1,791; 在宅看取り 5,780 + 824 施設
        ("survey_home_visit_facilities", 2023, 18_906 + 2_904, EXACT),
        ("survey_house_call_facilities", 2023, 17_631 + 1_791, EXACT),
        ("survey_attendance_facilities", 2023, 5_780 + 824, EXACT),
        # 同 概況: 病院 8,122 (in 社会・人口統計体系)
        ("ssds_hospitals", 2023, 8_122, EXACT),
        # 厚生労働省 介護サービス施設・事業所調査: 訪問看護ステーション
        ("ssds_nurse_stations", 2022, 14_829, EXACT),
        ("ssds_nurse_stations", 2023, 16_423, EXACT),
        # 総務省消防庁 救急・救助の現況: 救急自動車の出動件数 2022, 2023; 搬送人員 2023
        ("ssds_ambulance_dispatches", 2022, 7_229_572, EXACT),
        ("ssds_ambulance_dispatches", 2023, 7_638_558, EXACT),
        ("emergency_transported", 2023, 6_641_420, EXACT),
        # 厚生労働省 人口動態統計 (確定数): 死亡数 2022, 2023
        ("ssds_deaths", 2022, 1_569_050, WITHOUT_ADDRESS),
        ("ssds_deaths", 2023, 1_576_016, WITHOUT_ADDRESS),
        # 総務省 令和2年国勢調査: 総人口; 人口推計 2022年10月1日: 1億2494万7千人
        ("population_total", 2020, 126_146_099, FLOAT),
        ("population_total", 2022, 124_947_000, POPULATION_ESTIMATE),
        # 厚生労働省 第9回NDBオープンデータ: 訪問看護指示料, 看取り加算
        ("ndb_nursing_orders", 2022, 5_127_600, EXACT),
        ("ndb_death_attendance", 2022, 198_175, EXACT),
    ],
)
def test_national_figures_as_published(
    nation: pd.Series, measure: str, year: int, published: float, tolerance: float
) -> None:
    assert nation[measure, year] == pytest.approx(published, rel=tolerance, abs=0)


def test_home_visit_patients_are_848_thousand_a_month(benchmark: pd.DataFrame) -> None:
    """第9回NDBオープンデータ: C002 + C002-2, 10,172,505 claims of FY2022."""
    row = benchmark.loc["P-C-1", "00", 2022]
    assert row["numerator"] == 10_172_505
    assert round(row["numerator"] / 12 / 1000) == 848
    assert row["value"] == pytest.approx(100, rel=FLOAT)


@pytest.mark.parametrize(("year", "share"), [(2014, 12.8), (2015, 12.7), (2016, 13.0), (2017, 13.2)])
def test_share_of_deaths_at_home(benchmark: pd.DataFrame, year: int, share: float) -> None:
    """人口動態統計 第5表 死亡の場所: 自宅, % of all deaths; ours are put together from the municipalities."""
    assert benchmark.loc["O-E-1", "00", year]["value"] == pytest.approx(share, abs=PRINTED + 0.01)


@pytest.mark.parametrize("level", ["prefecture", "area"])
def test_expected_counts_add_up_to_the_published_count(
    values: dict[str, pd.DataFrame], nation: pd.Series, level: str
) -> None:
    adjusted = {name: each for name, each in indicators().items() if each.adjustment == "indirect"}
    rows = values[level]
    rows = rows[rows["indicator_id"].isin(list(adjusted)) & (rows["level"] == level)]
    sums = rows.groupby(["indicator_id", "year"])["expected"].agg(["sum", "count", "size"])
    assert (sums["count"] == sums["size"]).all()
    assert len(sums) >= (200 if level == "prefecture" else 90)
    for (name, year), row in sums.iterrows():
        published = sum(nation[measure, year] for measure in adjusted[str(name)].numerator)
        assert row["sum"] == pytest.approx(published, rel=FLOAT)


def test_prefecture_ratios_are_those_of_the_projection(values: dict[str, pd.DataFrame]) -> None:
    """Same services, rates by sex and age to 90+: the projection's ratio is numerator / expected of the benchmark.

    Equal where no item's national total is hidden (below 10): the benchmark leaves such items out everywhere, the
    projection keeps what they may hold in the places.
    """
    population = load_population("2018", "335")
    place = population.areas["prefecture_code"].drop_duplicates()
    table = values["prefecture"].set_index(["indicator_id", "year", "area_code"]).sort_index()
    totals = _hidden_totals()
    compared = 0
    for name, each in indicators().items():
        service = each.numerator[0].removeprefix("ndb_")
        if each.adjustment != "indirect" or len(each.numerator) > 1 or service not in services():
            continue
        for year in (2019, 2022):
            profile = national_profile((service,), year, population.sexes, NDB_AGES.open_from)
            ratio = prefecture_ratio((service,), year, profile, population)[0][0]
            rows = table.loc[name, year].loc[place.to_list()]
            own = (rows["numerator"] / rows["expected"]).to_numpy()
            shown = np.isfinite(own)
            if totals[service, year] == 0:
                assert own[shown] == pytest.approx(ratio[place.index][shown], rel=ROUNDED_AGES), (name, year)
                compared += int(shown.sum())
            else:
                hidden = 9.0 * totals[service, year] / rows["expected"].to_numpy()
                assert (np.abs(own - ratio[place.index])[shown] <= hidden[shown]).all(), (name, year)
    assert compared > 800


@pytest.mark.parametrize(
    ("name", "column", "file_stems"),
    [
        ("S-C-1", "houmon_shinryo_fac", ("T107_clinics", "T68_hospitals")),
        ("S-A-1", "oushin_fac", ("T107_clinics", "T68_hospitals")),
        ("S-E-1", "mitori_fac", ("T107_clinics", "T68_hospitals")),
        ("S-C-8", "dental_visit_fac", ("T107_clinics", "T68_hospitals")),
        ("S-C-12", "kaigo_houmon_reha_fac", ("T107_clinics", "T68_hospitals")),
        ("P-E-3-S", "mitori_cases", ("T107_clinics", "T68_hospitals")),
        ("S-C-2", "zaishishin_notified", ("T108_zaishishin_pref",)),
    ],
)
@pytest.mark.parametrize(("code", "place"), [(SHIMANE, "島根"), (TOKYO, "東京")])
def test_facilities_recomputed(
    benchmark: pd.DataFrame,
    files: Path,
    name: str,
    column: str,
    file_stems: tuple[str, ...],
    code: str,
    place: str,
) -> None:
    """令和5年医療施設静態調査 第107, 68, 108表 per 100,000 of 75+ of 1 October 2023 (社人研 令和5年推計, interpolated)."""
    count = {}
    for area in (place, "全国"):
        count[area] = 0.0
        for stem in file_stems:
            table = pd.read_csv(next((files / "facility_survey").glob(f"{stem}*.csv")))
            count[area] += float(table.loc[table["area"] == area, column].iloc[0])
    aged = _aged_75(files, 2023)
    own, japan = float(aged[aged.index.str[:2] == code].sum()), float(aged.sum())
    row = benchmark.loc[name, code, 2023]
    assert row["numerator"] == count[place]
    assert row["denominator"] == pytest.approx(own, abs=0.5)
    assert row["value"] == pytest.approx(count[place] / own * 100_000, rel=ROUNDED_AGES)
    assert row["ratio"] == pytest.approx(count[place] / own / (count["全国"] / japan), rel=ROUNDED_AGES)
    for text, limit in zip(("lower", "upper"), _exact(count[place]), strict=True):
        assert row[text] == pytest.approx(limit / own * 100_000, rel=BYAR_AGAINST_EXACT)


@pytest.mark.parametrize("code", [MATSUE, TOKYO_CENTRE])
def test_support_clinics_of_areas_recomputed(benchmark: pd.DataFrame, files: Path, code: str) -> None:
    """令和5年医療施設静態調査 第24表 per 100,000 of 75+ in areas that are alike in the 7th and 8th plan."""
    table = pd.read_csv(files / "facility_survey/T24_zaishishin_iryoken2.csv", dtype={"area_code": str})
    count = float(table.loc[table["area_code"] == code, "zaishishin_notified"].iloc[0])
    row = benchmark.loc["S-C-2", code, 2023]
    assert row["value"] == pytest.approx(count / _aged_75(files, 2023)[code] * 100_000, rel=ROUNDED_AGES)


@pytest.mark.parametrize(
    ("name", "items", "year"),
    [
        ("S-C-5", ("I5601",), 2023),
        ("S-C-14", ("J230171", "I560701", "I560801"), 2022),
        ("S-C-14", ("J230171", "I560701", "I560801"), 2023),
        ("P-C-3-U", ("I5602",), 2022),
    ],
)
@pytest.mark.parametrize("code", [SHIMANE, TOKYO])
def test_statistics_recomputed(
    benchmark: pd.DataFrame, files: Path, name: str, items: tuple[str, ...], year: int, code: str
) -> None:
    """総務省統計局 社会・人口統計体系 per 100,000 of 75+."""
    table = _ssds(files)
    count = sum(table[item, year, int(code)] for item in items)
    aged = _aged_75(files, year)
    own = float(aged[aged.index.str[:2] == code].sum())
    row = benchmark.loc[name, code, year]
    assert row["numerator"] == count
    assert row["value"] == pytest.approx(count / own * 100_000, rel=ROUNDED_AGES)


Select = Callable[[str, str, str], bool]
NDB_CASES: list[tuple[str, str, int, str, str, Select]] = [
    ("P-D-1", "A", 2022, SHIMANE, "pref", lambda cl, item, text: item in _discharge_support()),
    ("P-D-1", "A", 2022, TOKYO, "pref", lambda cl, item, text: item in _discharge_support()),
    ("P-D-2", "B", 2022, SHIMANE, "pref", lambda cl, item, text: item == "113011710"),
    ("P-D-2", "B", 2019, TOKYO, "pref", lambda cl, item, text: item == "113011710"),
    ("P-D-2", "B", 2022, MATSUE, "iryoken2", lambda cl, item, text: item == "113011710"),
    ("P-D-2", "B", 2022, TOKYO_CENTRE, "iryoken2", lambda cl, item, text: item == "113011710"),
    ("P-C-3", "C", 2019, SHIMANE, "pref", lambda cl, item, text: cl == "C007"),
    ("P-C-3", "C", 2022, TOKYO, "pref", lambda cl, item, text: cl == "C007"),
    ("P-C-3", "C", 2022, MATSUE, "iryoken2", lambda cl, item, text: cl == "C007"),
    ("P-C-3", "C", 2019, TOKYO_CENTRE, "iryoken2", lambda cl, item, text: cl == "C007"),
    ("P-C-1-V", "C", 2022, SHIMANE, "pref", lambda cl, item, text: cl in ("C001", "C001-2")),
    ("P-C-1-V", "C", 2022, MATSUE, "iryoken2", lambda cl, item, text: cl in ("C001", "C001-2")),
    ("P-C-4", "dental", 2022, SHIMANE, "pref", lambda cl, item, text: cl == "C000"),
    ("P-E-3", "C", 2022, SHIMANE, "pref", lambda cl, item, text: item in ADDITIONS_OF_DEATH),
    ("P-E-3", "C", 2022, TOKYO_CENTRE, "iryoken2", lambda cl, item, text: item in ADDITIONS_OF_DEATH),
]


@pytest.mark.parametrize(
    ("name", "section", "year", "code", "breakdown", "chosen"),
    NDB_CASES,
    ids=[f"{case[0]}-{case[3]}-{case[2]}" for case in NDB_CASES],
)
def test_ratios_to_expected_recomputed(
    benchmark: pd.DataFrame,
    files: Path,
    name: str,
    section: str,
    year: int,
    code: str,
    breakdown: str,
    chosen: Select,
) -> None:
    """NDBオープンデータ: cells of the place, rates of Japan by sex and age, claims per patient, exact limits."""
    rows = _cells(files, section, year, breakdown)
    own = [row[3][code] for row in rows if chosen(*row[:3]) and row[4] is not None]
    assert own
    assert None not in own, "choose a place without a hidden cell"
    observed = float(sum(cell for cell in own if cell is not None))
    by_age = np.zeros(38)
    totals = 0.0
    for *labels, cells, total in _cells(files, section, year, "sexage"):
        if chosen(*labels) and total is not None:
            by_age += _filled(list(cells.values()), total)
            totals += total
    level = "prefecture" if breakdown == "pref" else "area"
    persons = _persons(level, year)
    expected = float((persons[code] * by_age / sum(persons.values())).sum())
    size = _claims_per_patient(files, section, chosen)
    row = benchmark.loc[name, code, year]
    assert row["state"] == "observed"
    assert row["numerator"] == observed
    assert row["expected"] == pytest.approx(expected, rel=ROUNDED_AGES)
    assert row["value"] == pytest.approx(100 * observed / expected, rel=ROUNDED_AGES)
    for text, limit in zip(("lower", "upper"), _exact(observed / size), strict=True):
        assert row[text] == pytest.approx(100 * limit * size / expected, rel=BYAR_AGAINST_EXACT)
    assert by_age.sum() == pytest.approx(totals, rel=FLOAT)


@pytest.mark.parametrize(("code", "year"), [(SHIMANE, 2022), (TOKYO, 2022), (TOKYO, 2019)])
def test_attended_deaths_per_death_recomputed(
    benchmark: pd.DataFrame, files: Path, code: str, year: int
) -> None:
    """O-E-3: 看取り加算 + 死亡診断加算 (NDB) per 100 deaths of 65+ (人口動態統計 in 社会・人口統計体系)."""
    observed = 0.0
    for _, item, _, cells, _ in _cells(files, "C", year, "pref"):
        if item in ADDITIONS_OF_DEATH:
            cell = cells[code]
            assert cell is not None
            observed += cell
    deaths = _ssds(files)["A4231", year, int(code)]
    row = benchmark.loc["O-E-3", code, year]
    assert row["numerator"] == observed
    assert row["denominator"] == deaths
    assert row["value"] == pytest.approx(100 * observed / deaths, rel=FLOAT)


@pytest.mark.parametrize("code", [SHIMANE, TOKYO])
@pytest.mark.parametrize("year", [2019, 2022])
@pytest.mark.parametrize(
    ("name", "multiplier", "over"), [("P-A-2", 100, ("C000",)), ("O-A-2", 100, ("C002", "C002-2"))]
)
def test_urgent_calls_recomputed(
    benchmark: pd.DataFrame,
    files: Path,
    name: str,
    multiplier: int,
    over: tuple[str, ...],
    code: str,
    year: int,
) -> None:
    """Additions to 往診料 over calls or patient-months; hidden cells take equal parts of what their row lacks."""
    declared = measures()[indicators()[name].numerator[0]].ndb
    assert declared is not None
    rows = _cells(files, "C", year, "pref")
    above = _of_place(rows, lambda cl, item, text: item in declared.item_codes, code)
    below = _of_place(rows, lambda cl, item, text: cl in over, code)
    row = benchmark.loc[name, code, year]
    assert row["state"] == "estimated"
    # Rows hidden whole follow the other items in the package and are left out here.
    assert row["value"] == pytest.approx(multiplier * above / below, rel=0.02)
    assert row["lower"] <= multiplier * above / below <= row["upper"]


@pytest.mark.parametrize(("code", "prefix"), [(SHIMANE, "32"), (TOKYO, "13")])
@pytest.mark.parametrize("year", [2014, 2017])
def test_share_of_deaths_at_home_lies_among_its_municipalities(
    benchmark: pd.DataFrame, files: Path, code: str, prefix: str, year: int
) -> None:
    """在宅医療にかかる地域別データ集: mean of the municipalities' shares, weighted with their population of 65+."""
    table = pd.read_csv(
        next((files / "home_care_by_municipality").glob("*.csv")), dtype={"city_code": str, "pref_code": str}
    )
    table = table[(table["pref_code"].str.zfill(2) == prefix) & (table["year"] == year)].copy()
    table["home_death_pct"] = pd.to_numeric(table["home_death_pct"], errors="coerce")
    table = table.dropna(subset=["home_death_pct"])
    mean = np.average(table["home_death_pct"], weights=table["population_over65"])
    assert benchmark.loc["O-E-1", code, year]["value"] == pytest.approx(mean, abs=0.5)


def _hidden_totals() -> dict[tuple[str, int], int]:
    """Number of items with a hidden national total by service and year."""
    table = read_table("ndb_totals")
    return {
        (str(service), int(year)): int(hidden)
        for service, year, hidden in zip(
            table["service"], table["fiscal_year"], table["hidden_items"], strict=True
        )
    }


def _discharge_support() -> tuple[str, ...]:
    declared = measures()["ndb_discharge_support"].ndb
    assert declared is not None
    return tuple(declared.item_codes)


def _exact(events: float) -> tuple[float, float]:
    """Exact limits of a Poisson count (Garwood 1936)."""
    return float(stats.chi2.ppf(0.025, 2 * events) / 2), float(stats.chi2.ppf(0.975, 2 * events + 2) / 2)


def _of_place(rows: list[Row], chosen: Select, code: str) -> float:
    found = 0.0
    for *labels, cells, total in rows:
        if chosen(*labels) and total is not None and any(cell is not None for cell in cells.values()):
            found += _filled(list(cells.values()), total)[list(cells).index(code)]
    return found


def _filled(cells: list[float | None], total: float) -> np.ndarray:
    """Cells with equal parts of what is missing to the total in the hidden ones."""
    hidden = [cell is None for cell in cells]
    shown = np.array([0.0 if cell is None else cell for cell in cells])
    if any(hidden):
        shown[hidden] = max(total - shown.sum(), 0.0) / sum(hidden)
    return shown


Row = tuple[str, str, str, dict[str, float | None], float | None]


def _cells(files: Path, section: str, year: int, breakdown: str) -> list[Row]:
    return _workbook(files / "ndb" / WORKBOOKS[section, year, breakdown])


@cache
def _workbook(path: Path) -> list[Row]:
    """Class code, item code, name, cells by place (or age) and total of every item of every sheet."""
    book = openpyxl.load_workbook(path, read_only=True)
    found: list[Row] = []
    for name in book.sheetnames:
        lines = list(book[name].iter_rows(values_only=True))
        head = next(
            place
            for place, line in enumerate(lines)
            if "診療行為コード" in [str(cell).replace("\n", "") for cell in line]
        )
        labels = [str(cell).replace("\n", "") for cell in lines[head]]
        item, total = (
            labels.index("診療行為コード"),
            next(i for i, text in enumerate(labels) if text.startswith("総計")),
        )
        keys = _keys(lines, head, total)
        current = ""
        for line in lines[head + 1 :]:
            if not str(line[item] or "").strip().isdigit():
                continue
            current = str(line[0]).strip() if line[0] and item == 2 else current
            cells = {
                key: _count(cell)
                for key, cell in zip(keys, line[total + 1 : total + 1 + len(keys)], strict=True)
            }
            found.append(
                (
                    current if item == 2 else "",
                    str(line[item]).strip(),
                    str(line[item + 1]),
                    cells,
                    _count(line[total]),
                )
            )
    book.close()
    return found


def _keys(lines: list[tuple[object, ...]], head: int, total: int) -> list[str]:
    """Codes of prefectures or areas, or numbers of the 38 groups of sex and age."""
    for line in (lines[head], lines[head + 1]):
        codes = [str(cell).strip() for cell in line[total + 1 :] if cell is not None]
        if codes and all(code.isdigit() and len(code) in (2, 4) for code in codes):
            return codes
    return [str(number) for number in range(38)]


def _count(cell: object) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def _claims_per_patient(files: Path, section: str, chosen: Select) -> float:
    claims = {row[1]: row[4] for row in _cells(files, section, 2022, "sexage") if chosen(*row[:3])}
    patients = {row[1]: row[4] for row in _cells(files, section, 2022, "patients") if chosen(*row[:3])}
    both = [item for item, count in patients.items() if count is not None and claims.get(item) is not None]
    return sum(claims[item] or 0.0 for item in both) / sum(patients[item] or 0.0 for item in both)


@cache
def _persons(level: str, year: int) -> dict[str, np.ndarray]:
    """Inhabitants by sex and age (38 groups); recomputed from raw files in `test_scr_example`."""
    places = places_of(level)
    array = persons_of(level, places, (year,))[0].reshape(len(places) - 1, 38)
    return dict(zip(places["area_code"][1:], array, strict=True))


@cache
def _aged_75(files: Path, year: int) -> pd.Series:
    """Persons of 75+ by the 330 areas, interpolated between the published years."""
    from scipy.interpolate import PchipInterpolator

    table = pd.read_csv(files / "ipss/2023/area330_year_age5_bothsexes.csv", dtype={"area_code": str})
    ages = ["age_75_79", "age_80_84", "age_85_89", "age_90plus"]
    wide = table.pivot(index="year", columns="area_code", values=ages)
    curve = PchipInterpolator(wide.index.to_numpy(dtype=float), wide.to_numpy(dtype=float), axis=0)
    return pd.Series(curve(float(year)), index=wide.columns).groupby(level="area_code").sum()


@cache
def _ssds(files: Path) -> dict[tuple[str, int, int], float]:
    """Chosen items of the System of Social and Demographic Statistics by year and prefecture."""
    table = pd.read_csv(files / "ssds/ssds_pref_IJ_and_related_all_years.csv.gz", dtype=str)
    table = table[table["code"].isin(["I5601", "I5602", "J230171", "I560701", "I560801", "A4231"])]
    return {
        (str(code), int(year), int(place)): float(value)
        for code, year, place, value in zip(
            table["code"], table["year"], table["pref_code"], table["value"], strict=True
        )
    }
