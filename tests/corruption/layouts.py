"""Small synthetic files in the official layouts, with figures that obey every rule the publishers keep."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.corruption.corrupt import Rows
from zaitaku_demand.sources import census_history
from zaitaku_demand.sources.census import NATIONAL_2020
from zaitaku_demand.sources.certification import TOTALS_R4
from zaitaku_demand.sources.ipss2023 import NATIONAL_TOTALS
from zaitaku_demand.sources.places import PREFECTURES, check_digit

BANDS_90 = [*(f"{age}～{age + 4}歳" for age in range(0, 90, 5)), "90歳以上"]
MONTHS = [f"{month}月" for month in (*range(4, 13), 1, 2, 3)]
AREAS_335 = [f"{1 + n % 47:02d}{1 + n // 47:02d}" for n in range(335)]
AREAS_335.sort()

NdbRules = Callable[[random.Random, list[int]], tuple[list[Any], float | str]]


def ndb_title(fiscal_year: int) -> str:
    """診療年月 of the title, as the rounds write it."""
    if fiscal_year < 2019:
        return f"診療年月：H{fiscal_year - 1988}年04月～H{fiscal_year - 1987}年03月"
    if fiscal_year == 2019:
        return "診療年月：H31年04月～R02年03月"
    return f"診療年月：{fiscal_year}年04月～{fiscal_year + 1}年03月"


def ndb_sheet(
    breakdown: str,
    fiscal_year: int,
    part: str,
    *,
    kind: str = "medical",
    measure: str = "claims",
    items: int = 7,
) -> tuple[Rows, int, range, tuple[int, ...], int]:
    """Rows of one sheet, first heading row, rows of items, columns of figures, code column."""
    rng = random.Random(f"{breakdown}{fiscal_year}{part}{kind}{measure}")
    lead = ["分類\nコード", "分類名称"] if part == "base" else ["加算", " ", "  "]
    tail = ["診療行為\nコード", "診療行為", "点数"] + ([] if part == "base" else ["%\n(加減算)"])
    mark = {"claims": "\n(算定回数)", "patients": "\n(患者数)"}[measure] if fiscal_year >= 2022 else ""
    place = [*lead, *tail, f"総計{mark}"]
    head: Rows
    if breakdown == "sex_age":
        top = [
            "男" if fiscal_year > 2014 else "男性",
            *[""] * 18,
            "女" if fiscal_year > 2014 else "女性",
            *[""] * 18,
        ]
        head = [[*place, *top], [*[""] * len(place), *BANDS_90, *BANDS_90]]
        size = 38
    elif breakdown == "prefecture":
        head = [
            [*place, *(f"{n:02d}" for n in range(1, 48))],
            [*[""] * len(place), *PREFECTURES],
        ]
        size = 47
    elif breakdown == "month":
        head = [[*place, *MONTHS], [""] * (len(place) + 12)]
        size = 12
    else:
        groups = [
            f"{code[:2]} {PREFECTURES[int(code[:2]) - 1]}"
            if n == 0 or AREAS_335[n - 1][:2] != code[:2]
            else ""
            for n, code in enumerate(AREAS_335)
        ]
        head = [
            [*place, *groups, "二次医療圏\n判別不可"],
            [*[""] * len(place), *AREAS_335, ""],
            [*[""] * len(place), *(f"圏域{code}" for code in AREAS_335), ""],
        ]
        size = 336
    width = len(place) + size
    above: Rows = [[ndb_title(fiscal_year), *[""] * (width - 1)]]
    if breakdown == "area" and fiscal_year >= 2022:
        above.append(["（※）一部のレセプトにおいて医療機関の所在地が不明", *[""] * (width - 1)])
    above.append([""] * width)
    body: Rows = []
    for item in range(items):
        cells, total = _ndb_row(rng, item, size, breakdown, fiscal_year, measure)
        code: Any = f"{'1' if kind == 'medical' else '3'}140{item:02d}{part == 'base':d}10"
        first = [f"C{item // 2:03d}" if item % 2 == 0 else "", f"分類{item // 2}" if item % 2 == 0 else ""]
        if part != "base":
            first = ["在宅療養指導管理材料加算" if item == 0 else "", *first]
        points = [float(100 + item)] + ([] if part == "base" else [""])
        body.append(
            [*first, float(code) if fiscal_year > 2018 else code, f"診療行為{item}", *points, total, *cells]
        )
    start = len(above) + len(head)
    columns = tuple(range(len(place) - 1, width))
    return [*above, *head, *body], len(above), range(start, start + items), columns, len(lead)


def _ndb_row(
    rng: random.Random, item: int, size: int, breakdown: str, fiscal_year: int, measure: str
) -> tuple[list[Any], Any]:
    """One item: all shown, some hidden by the rule of the round, or hidden whole, in turn."""
    counts = [rng.randrange(40, 9000) for _ in range(size)]
    hidden: set[int] = set()
    kind = item % 4
    if kind == 1 or (kind == 3 and breakdown == "area"):
        hidden = set(rng.sample(range(size), 3))
        for place in hidden:
            counts[place] = rng.randrange(1, 10)
    elif kind == 2 and fiscal_year >= 2022 and breakdown != "area":
        for place in rng.sample(range(size), 2):
            counts[place] = 0
    elif kind == 3:
        counts = [0] * size
        counts[0], counts[size // 2] = 30, 4
        hidden = set(range(size))
    total = (
        float(sum(counts))
        if measure == "claims" or breakdown == "sex_age"
        else float(max(counts) + sum(counts) // 2)
    )
    cells: list[Any] = ["-" if place in hidden else float(count) for place, count in enumerate(counts)]
    return cells, total


# --- populations ------------------------------------------------------------------------------------------

IPSS_PLACES = (
    ("04000", "a", "宮城県", ""),
    ("04100", "1", "宮城県", "仙台市"),
    ("04101", "0", "宮城県", "青葉区"),
    ("04102", "0", "宮城県", "宮城野区"),
    ("04202", "2", "宮城県", "石巻市"),
    ("04301", "3", "宮城県", "蔵王町"),
)
IPSS_FUKUSHIMA = (("07000", "a", "福島県", ""),)
IPSS_HAMADORI = (
    ("07000", "a", "福島県", ""),
    ("07201", "2", "福島県", "福島市"),
    ("07999", "9", "福島県", "浜通り地域"),
)


def ipss_persons(
    places: tuple[tuple[str, str, str, str], ...], years: tuple[int, ...]
) -> dict[tuple[str, int, str], list[int]]:
    """Persons by (code, year, sex) in 19 ages; parts add up to their city and prefecture."""
    rng = random.Random("ipss" + places[0][0] + str(years))
    out: dict[tuple[str, int, str], list[int]] = {}
    for year in years:
        for sex in ("male", "female"):
            for code, kind, _, _ in reversed(places):
                parts = [
                    c
                    for c, k, _, _ in places
                    if c[:2] == code[:2] and ((kind == "1" and k == "0") or (kind == "a" and k in "1239"))
                ]
                out[code, year, sex] = (
                    [sum(out[part, year, sex][age] for part in parts) for age in range(19)]
                    if parts
                    else [rng.randrange(100, 5000) for _ in range(19)]
                )
    return out


def ipss_wide(places: tuple[tuple[str, str, str, str], ...], years: tuple[int, ...], *, text: bool) -> Rows:
    """Headings in one row with /a, /m, /f (CSV copy), figures below."""
    persons = ipss_persons(places, years)
    cell: Callable[[Any], Any] = (lambda value: str(value)) if text else float
    rows: Rows = [
        [
            "コード",
            "市などの別",
            "都道府県",
            "市区町村",
            "年",
            "総数",
            *(f"{band}/{s}" for s in "amf" for band in BANDS_90),
        ]
    ]
    for code, kind, prefecture, name in places:
        for year in years:
            men, women = persons[code, year, "male"], persons[code, year, "female"]
            both = [m + w for m, w in zip(men, women, strict=True)]
            rows.append(
                [
                    str(int(code)),
                    kind,
                    prefecture,
                    name,
                    f"{year}年",
                    cell(sum(both)),
                    *map(cell, [*both, *men, *women]),
                ]
            )
    return rows


def ipss_official(places: tuple[tuple[str, str, str, str], ...], years: tuple[int, ...]) -> Rows:
    """The workbook: a title, the sexes above the ages, figures as numbers."""
    wide = ipss_wide(places, years, text=False)
    width = len(wide[0])
    sexes = ["", "", "", "", "", "", "総数（人）", *[""] * 18, "男（人）", *[""] * 18, "女（人）", *[""] * 18]
    labels = ["コード", "市などの別", "都道府県", "市区町村", "年", "総数", *BANDS_90, *BANDS_90, *BANDS_90]
    body = [[float(row[0]), *row[1:]] for row in wide[1:]]
    return [["将来の地域別男女5歳階級別人口", *[""] * (width - 1)], sexes, labels, *body]


def ipss_tidy(places: tuple[tuple[str, str, str, str], ...], years: tuple[int, ...]) -> Rows:
    """The tidy CSV copy: one row a sex."""
    persons = ipss_persons(places, years)
    ages = [*(f"age_{age}_{age + 4}" for age in range(0, 90, 5)), "age_90plus"]
    rows: Rows = [["code", "kind", "pref", "municipality", "year", "sex", "total", *ages]]
    for code, kind, prefecture, name in places:
        for year in years:
            for sex in ("male", "female"):
                values = persons[code, year, sex]
                rows.append(
                    [code, kind, prefecture, name, str(year), sex, str(sum(values)), *map(str, values)]
                )
    return rows


def result_tables(places: tuple[tuple[str, str, str, str], ...], years: tuple[int, ...]) -> dict[str, Rows]:
    """結果表 1 (total and index), 3-3 (65+) and 3-4 (75+)."""
    persons = ipss_persons(places, years)
    both = {
        (code, year): [
            m + w for m, w in zip(persons[code, year, "male"], persons[code, year, "female"], strict=True)
        ]
        for code, *_ in places
        for year in years
    }
    lead = ["コード", "市などの別", "都道府県", "市区町村"]
    when: list[Any] = [f"{year}年" for year in years]
    gap = [""] * (len(years) - 1)
    tables: dict[str, Rows] = {}
    for name, title, headings in (
        (
            "1",
            "結果表1　総人口および指数",
            ["総人口（人）", f"令和2（{years[0]}）年の総人口を100としたときの総人口の指数"],
        ),
        ("3_3", "結果表3-3　年齢別人口割合", ["総人口に占める65歳以上人口の割合（％）"]),
        ("3_4", "結果表3-4　年齢別人口割合", ["総人口に占める75歳以上人口の割合（％）"]),
    ):
        width = 4 + len(years) * len(headings)
        head: list[Any] = list(lead)
        for heading in headings:
            head += [heading, *gap]
        rows: Rows = [
            [title, *[""] * (width - 1)],
            [*[""] * 4, "市などの別：a＝都道府県", *[""] * (width - 5)],
            head,
            [*[""] * 4, *(when * len(headings))],
        ]
        for code, kind, prefecture, area in places:
            totals = [sum(both[code, year]) for year in years]
            if name == "1":
                values = [*map(float, totals), *(total / totals[0] * 100 for total in totals)]
            else:
                start = 13 if name == "3_3" else 15
                values = [
                    sum(both[code, year][start:]) / total * 100
                    for year, total in zip(years, totals, strict=True)
                ]
            rows.append([float(code), kind if kind == "a" else float(kind), prefecture, area, *values])
        tables[name] = rows
    return tables


def area_ages_2023() -> Rows:
    """Two areas a prefecture and seven years; every year adds up to the nation."""
    rng = random.Random("area ages")
    years = (2020, 2025, 2030, 2035, 2040, 2045, 2050)
    codes = [f"{prefecture:02d}01" for prefecture in range(1, 48)]
    cells = {
        (code, year): [rng.randrange(1000, 120_000) for _ in range(19)] for code in codes for year in years
    }
    for year, total in zip(years, NATIONAL_TOTALS, strict=True):
        rest = total - sum(sum(cells[code, year]) for code in codes[:-1])
        cells[codes[-1], year] = _parts(rng, rest, 19)
    ages = [*(f"age_{age}_{age + 4}" for age in range(0, 90, 5)), "age_90plus"]
    return [
        ["area_code", "year", *ages],
        *([code, str(year), *map(str, cells[code, year])] for code in codes for year in years),
    ]


def _parts(rng: random.Random, total: int, many: int) -> list[int]:
    parts = [total // many - rng.randrange(0, total // many // 5) for _ in range(many - 1)]
    return [*parts, total - sum(parts)]


def census_2020(by: str) -> Rows:
    """By prefecture, or by one area a prefecture; both sexes add up to the nation."""
    rng = random.Random("census")
    ages = [*(f"pop_{age}_{age + 4}" for age in range(0, 100, 5)), "pop_100plus"]
    lead = ["area_code", "area_name"] if by == "area" else []
    rows: Rows = [
        [*lead, "pref_code", "pref_name", "sex", *ages, "pop_65plus", "pop_age_unknown", "pop_total_census"]
    ]
    left = dict(NATIONAL_2020)
    for number, name in enumerate(PREFECTURES, 1):
        for sex in ("male", "female"):
            values = [rng.randrange(500, 90_000) for _ in range(22)]
            if number == 47:
                values = _parts(rng, left[sex], 22)
            left[sex] -= sum(values)
            place = [f"{number:02d}01", f"圏域{number}"] if by == "area" else []
            rows.append(
                [
                    *place,
                    f"{number:02d}",
                    name,
                    sex,
                    *map(str, values[:21]),
                    str(sum(values[13:21])),
                    str(values[21]),
                    str(sum(values)),
                ]
            )
    return rows


def census_history_rows(*, nationwide: bool) -> Rows:
    """By prefecture with the national totals of every census, or two municipalities."""
    rng = random.Random("history")
    labels = [
        "総数",
        *(f"{age}～{age + 4}歳" for age in range(0, 85, 5)),
        "85～89歳以上",
        "90歳以上",
        "年齢不詳",
    ]
    years = census_history.YEARS
    if nationwide:
        places = [(f"{n:02d}", name) for n, name in enumerate(PREFECTURES, 1)]
    else:
        places = [("04100", "仙台市"), ("04202", "石巻市"), ("13101", "千代田区")]
    left = dict(zip(years, census_history.NATIONAL, strict=True))
    rows: Rows = [["code", "name", "sex", "age_group", *map(str, years)]]
    for code, name in places:
        table: dict[str, list[list[int]]] = {"total": [], "male": [], "female": []}
        for year in years:
            men = [rng.randrange(100, 60_000) for _ in range(20)]
            women = [rng.randrange(100, 60_000) for _ in range(20)]
            if nationwide and code == "47":
                both_rest = left[year]
                men = _parts(rng, both_rest // 2, 20)
                women = _parts(rng, both_rest - both_rest // 2, 20)
            left[year] -= sum(men) + sum(women)
            both = [m + w for m, w in zip(men, women, strict=True)]
            for sex, values in (("total", both), ("male", men), ("female", women)):
                table[sex].append([sum(values), *values])
        for sex, of_years in table.items():
            for position, label in enumerate(labels):
                rows.append(
                    [code, name, sex, label, *(str(of_years[y][position]) for y in range(len(years)))]
                )
    return rows


REGISTER_PLACES = (
    ("04000", "宮城県", "-"),
    ("04100", "宮城県", "仙台市"),
    ("04101", "宮城県", "青葉区"),
    ("04102", "宮城県", "宮城野区"),
    ("04202", "宮城県", "石巻市"),
    ("04300", "宮城県", "刈田郡"),
    ("04301", "宮城県", "蔵王町"),
)


def register(kind: str) -> tuple[Rows, int, range]:
    """住民基本台帳, ages or totals: rows, last heading row, rows of figures."""
    rng = random.Random("register")
    ages = 21
    cells: dict[tuple[str, str], list[int]] = {}
    for sex in ("男", "女"):
        for code in ("04301", "04202", "04101", "04102"):
            cells[code, sex] = [rng.randrange(20, 4000) for _ in range(ages)]
        cells["04300", sex] = list(cells["04301", sex])
        cells["04100", sex] = [a + b for a, b in zip(cells["04101", sex], cells["04102", sex], strict=True)]
        cells["04000", sex] = [
            sum(each)
            for each in zip(*(cells[code, sex] for code in ("04100", "04202", "04301")), strict=True)
        ]
    for code, *_ in REGISTER_PLACES:
        cells[code, "計"] = [a + b for a, b in zip(cells[code, "男"], cells[code, "女"], strict=True)]
    title = "令和7年1月1日住民基本台帳年齢階級別人口（市区町村別）（総計）"
    if kind == "ages":
        labels = [*(f"{age}歳～{age + 4}歳" for age in range(0, 100, 5)), "100歳以上"]
        rows: Rows = [
            [title, *[""] * 25],
            [*[""] * 4, "総数", *labels],
            ["団体コード", "都道府県名", "市区町村名", "性別", *["人"] * 22],
        ]
        for code, prefecture, name in REGISTER_PLACES:
            for sex in ("計", "男", "女"):
                values = cells[code, sex]
                rows.append(
                    [code + check_digit(code), prefecture, name, sex, float(sum(values)), *map(float, values)]
                )
        last = len(rows)
        rows.append(["注1：外国人住民の年齢階級別人口は秘匿したものがある", *[""] * 25])
        return rows, 2, range(3, last)
    rows = [
        [title, *[""] * 6],
        [*[""] * 3, *["令和7年"] * 4],
        [*[""] * 3, *["2025年"] * 4],
        [*[""] * 3, "人口", "人口", "人口", "世帯数"],
        [*[""] * 3, "男", "女", "計", "世帯数"],
        ["団体コード", "都道府県名", "市区町村名", "人", "人", "人", "世帯"],
    ]
    for code, prefecture, name in REGISTER_PLACES:
        people = [float(sum(cells[code, sex])) for sex in ("男", "女", "計")]
        rows.append([code + check_digit(code), prefecture, name, *people, float(rng.randrange(100, 9000))])
    return rows, 5, range(6, len(rows))


# --- areas ------------------------------------------------------------------------------------------------

MEMBERS = (
    ("01101", "札幌市中央区", "北海道", "0104", "札幌"),
    ("01102", "札幌市北区", "北海道", "0104", "札幌"),
    ("01202", "函館市", "北海道", "0101", "南渡島"),
    ("01331", "松前町", "北海道", "0101", "南渡島"),
    ("05201", "秋田市", "秋田県", "0502", "秋田周辺"),
    ("05211", "潟上市", "秋田県", "0502", "秋田周辺"),
)


def membership() -> Rows:
    """muni_to_area_all_editions.csv."""
    stems = ("kosokuiki", "a344", "a335", "a330")
    rows: Rows = [
        [
            "muni_code",
            "muni_name",
            "pref_code",
            "pref_name",
            *(f"{stem}_{what}" for stem in stems for what in ("code", "name")),
            "mapping_source",
        ]
    ]
    for code, name, prefecture, area, area_name in MEMBERS:
        rows.append([code, name, code[:2], prefecture, *[area, area_name] * 4, "A38b_001"])
    return rows


def area_list() -> Rows:
    """area_list_335.csv with one area a prefecture."""
    return [
        ["area_code", "area_name", "pref_code", "pref_name", "n_muni_codes"],
        *(
            [f"{n:02d}01", f"圏域{n}", f"{n:02d}", name, str(3 + n % 7)]
            for n, name in enumerate(PREFECTURES, 1)
        ),
    ]


def crosswalk() -> Rows:
    """muni_code_crosswalk: two codes in force, one merged, one divided."""
    head = "code,name,kind,valid_from,valid_to,code_2020_10,code_2024_01,n_succ_2024"
    head += ",area344,area335,area330,kosokuiki339"
    lines = (
        "01202,函館市,city,1970-04-01,9999-12-31,01202,01202,1,0101,0101,0101,0101",
        "01331,松前町,town,1970-04-01,9999-12-31,01331,01331,1,0101,0101,0101,0101",
        "01338,戸井町,town,1970-04-01,2004-12-01,01202,01202,1,0101,0101,0101,0101",
        "05201,秋田市,city,1970-04-01,9999-12-31,05201,05201,1,0502,0502,0502,0502",
        "05211,潟上市,city,2005-03-22,9999-12-31,05211,05211,1,0502,0502,0502,0502",
        "05361,昭和町,town,1970-04-01,2005-03-22,05201;05211,05201;05211,2,0502,0502,0502,0502",
    )
    return [line.split(",") for line in (head, *lines)]


def changes() -> Rows:
    """municipal_changes_structured."""
    lines = (
        "date,reason,old_code,old_name,new_code,new_name",
        "1970-07-01,changesToCity,12304,我孫子町,12222,我孫子市",
        "1970-07-01,changesToCity,13301,福生町,13218,福生市",
        "2004-12-01,absorption,01338,戸井町,01202,函館市",
        "2005-03-22,establishmentOfNewMunicipalityByMerging,05361,昭和町,05211,潟上市",
    )
    return [line.split(",") for line in lines]


def ministry(title: str) -> Rows:
    """The ministry's workbook: 339 areas and six years."""
    rng = random.Random(title)
    years = (2024, 2030, 2035, 2040, 2045, 2050)
    rows: Rows = [
        [title, *[""] * 10],
        ["出典等については「構想区域の医療需要推計について」を参照", *[""] * 10],
        [*[""] * 5, "2024年度から2050年度", *[""] * 5],
        [*[""] * 5, *(f"{year}年度" + ("" if year == 2024 else "（現状投影）") for year in years)],
        [
            "都道府県",
            "構想区域コード",
            "構想区域名",
            "人口(2024年度)",
            "人口(2040年)",
            *["レセプト件数/月"] * 6,
        ],
    ]
    codes = sorted(f"{1 + n % 47:02d}{1 + n // 47:02d}" for n in range(339))
    for code in codes:
        people = float(rng.randrange(5000, 900_000))
        receipts = [rng.randrange(400, 90_000) / 12 for _ in years]
        rows.append([PREFECTURES[int(code[:2]) - 1], code, f"区域{code}", people, people * 0.9, *receipts])
    return rows


# --- certification ----------------------------------------------------------------------------------------

LEVELS = ["youshien1", "youshien2", *(f"youkaigo{level}" for level in range(1, 6))]
AGES_65 = ["65-69", "70-74", "75-79", "80-84", "85-89", "90+"]


def certified_by_age() -> Rows:
    """Men in full, women of 65 and over and of 65-69."""
    rng = random.Random("certified")
    rows: Rows = [["sex", "age", *LEVELS, "total"]]
    for sex in ("男", "女"):
        ages = {age: [rng.randrange(2000, 60_000) for _ in LEVELS] for age in [*AGES_65, "第2号"]}
        ages["第1号計"] = [sum(ages[age][level] for age in AGES_65) for level in range(7)]
        ages["合計"] = [a + b for a, b in zip(ages["第1号計"], ages["第2号"], strict=True)]
        order = ["第1号計", *AGES_65, "第2号", "合計"] if sex == "男" else ["第1号計", "65-69"]
        rows += [[sex, age, *map(str, ages[age]), str(sum(ages[age]))] for age in order]
    return rows


def women_estimate() -> Rows:
    """Estimated women by age."""
    rng = random.Random("women")
    people = [[rng.randrange(90_000, 400_000) for _ in range(2)] for _ in AGES_65]
    people[-1] = [total - sum(pair[n] for pair in people[:-1]) for n, total in enumerate(TOTALS_R4)]
    sums = list(TOTALS_R4)
    return [
        ["age", "men_official", "women_estimate", "women_kind", "women_rate_pct_est_of_all"],
        *(
            [age, *map(str, pair), "OFFICIAL" if age == "65-69" else "ESTIMATE (rate x population)", ""]
            for age, pair in zip(AGES_65, people, strict=True)
        ),
        ["65+", *map(str, sums), "OFFICIAL", ""],
    ]


def certified_by_prefecture() -> Rows:
    """47 prefectures and the nation."""
    rng = random.Random("by prefecture")
    levels = ["要支援1", "要支援2", *(f"要介護{level}" for level in range(1, 6))]
    body: list[list[int]] = []
    for _ in PREFECTURES:
        counts = [rng.randrange(2000, 90_000) for _ in levels]
        body.append(
            [*counts, sum(counts), sum(counts) + 1, rng.randrange(3, 21), rng.randrange(5, 40) * 100_000]
        )
    body.append([sum(column) for column in zip(*body, strict=True)])
    names = [*((f"{n:02d}", name) for n, name in enumerate(PREFECTURES, 1)), ("00", "全国")]
    return [
        [
            "pref_code",
            "pref",
            *levels,
            "total_sum_of_levels",
            "total_sum_of_area_totals",
            "n_areas",
            "pop65plus_2023-10-01_ssds_A1303",
            "crude_rate_pct_total_over_pop65",
        ],
        *(
            [code, name, *map(str, row), repr(round(row[7] / row[10] * 100, 2))]
            for (code, name), row in zip(names, body, strict=True)
        ),
    ]


def national_levels() -> Rows:
    """Levels at the end of March."""
    rng = random.Random("national levels")
    rows: Rows = [["as_of", *LEVELS, "total"]]
    for year in (2020, 2021, 2022):
        counts = [rng.randrange(500_000, 1_500_000) for _ in LEVELS]
        rows.append([f"{year}-03-31", *map(str, counts), str(sum(counts))])
    return rows


def rates_by_age() -> Rows:
    """Certification rates of two dates by five-year and open age."""
    rows: Rows = [["as_of", "denominator", "age", "rate_pct", "kind", "source"]]
    for date, step in (("2019-09", 0.0), ("2022-09", 0.1)):
        rates = dict(zip(AGES_65, (2.9, 5.5, 12.5, 27.2, 50.1, 74.3), strict=True)) | {
            "65+": 18.2,
            "75+": 31.5,
            "85+": 57.0,
        }
        for age, rate in rates.items():
            source = "介護保険部会 資料1" if age == "65-69" else "same"
            rows.append([date, "人口推計", age, repr(round(rate + step, 1)), "TRANSCRIBED", source])
    return rows


def broad_rates() -> Rows:
    """Certification rates by broad age and need."""
    rows: Rows = [["as_of", "denominator", "age", "need", "rate_pct", "kind", "source"]]
    for age, rates in (("65-74", (1.4, 3.1)), ("75-84", (6.2, 11.6)), ("85+", (13.9, 44.8))):
        for need, rate in zip(("要支援", "要介護"), rates, strict=True):
            source = "高齢社会白書" if len(rows) == 1 else "same"
            rows.append(["2023-03-31", "第1号被保険者", age, need, repr(rate), "TRANSCRIBED", source])
    return rows


# --- the user's own tables --------------------------------------------------------------------------------


def user_rates(*, by_sex: bool, japanese: bool) -> Rows:
    """A planner's own rates by coarse age, sex and prefecture."""
    bands = ["0-64", "65-69", "70-74", "75-79", "80-84", "85-89", "90+"]
    head = (
        ["年齢", "人口10万対", "性別", "都道府県コード"]
        if japanese
        else ["age", "rate_per_100000", "sex", "prefecture_code"]
    )
    if not by_sex:
        return [head[:2], *([band, str(20 + 130 * n * n)] for n, band in enumerate(bands))]
    words = ("男", "女") if japanese else ("male", "female")
    return [
        head,
        *(
            [band, str(20 + 137 * n * n + 11 * place), sex, f"{place:02d}"]
            for place in (1, 2)
            for sex in words
            for n, band in enumerate(bands)
        ),
    ]


def user_areas() -> Rows:
    """A planner's own areas."""
    return [
        ["municipality_code", "area_code", "area_name"],
        ["01101", "A1", "札幌中央"],
        ["01102", "A1", "札幌中央"],
        ["01202", "A2", "道南"],
        ["01331", "A2", "道南"],
        ["05201", "B1", "秋田"],
        ["05211", "B1", "秋田"],
    ]


def topojson() -> dict[str, Any]:
    """Three square areas."""
    codes = ("0101", "0102", "0201")
    squares = [
        [[140 + n, 40], [140.5 + n, 40], [140.5 + n, 40.5], [140 + n, 40.5], [140 + n, 40]] for n in range(3)
    ]
    return {
        "type": "Topology",
        "arcs": squares,
        "objects": {
            "areas": {
                "type": "GeometryCollection",
                "geometries": [
                    {
                        "type": "Polygon",
                        "arcs": [[n]],
                        "properties": {"area_code": code, "area_name": f"圏域{code}"},
                    }
                    for n, code in enumerate(codes)
                ],
            }
        },
    }
