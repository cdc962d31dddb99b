"""A made-up `ReportContent` of any size, with every trap the report room must survive."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from zaitaku_demand.projection.peak import peak_class
from zaitaku_demand.report.content import ReportContent, ServiceLabel
from zaitaku_demand.sources.issues import KnownIssue
from zaitaku_demand.sources.registry import SourceFile
from zaitaku_demand.text import Text

GRID_YEARS = (2020, 2025, 2030, 2035, 2040, 2045, 2050)
BASE_YEAR = 2022
YEARS = np.arange(2020, 2051)
AGE_GROUPS = ("0-64", "65-74", "75-84", "85-89", "90-94", "95+")
CARE_AGES = ("65-69", "70-74", "75-79", "80-84", "85-89", "90-94", "95+")
LEVELS = ("要支援1", "要支援2", "要介護1", "要介護2", "要介護3", "要介護4", "要介護5")
SHAPE = ["area_code", "area_name", "prefecture_code", "prefecture_name"]

SERVICES = {
    "home_visit_patients": ServiceLabel(
        "home_visit_patients",
        Text(
            "訪問診療を受ける患者（在宅時・施設入居時等医学総合管理料）",
            "Home-visit patients (C002 + C002-2)",
        ),
        Text("訪問診療患者", "Home-visit patients"),
        Text("人／月", "patients a month"),
    ),
    "house_calls": ServiceLabel(
        "house_calls",
        Text("往診（往診料 C000）", "House calls (C000)"),
        Text("往診", "House calls"),
        Text("回／月", "calls a month"),
    ),
}


@dataclass(frozen=True)
class Places:
    """Areas with their names and, optionally, boundaries."""

    areas: pd.DataFrame
    boundaries: gpd.GeoDataFrame | None


def small_places() -> Places:
    """Three prefectures of two areas; squares for boundaries, the last area without one."""
    rows = [
        ("0101", "南渡島", "01", "北海道"),
        ("0102", "南檜山", "01", "北海道"),
        ("1301", "区中央部", "13", "東京都"),
        ("1302", "区南部", "13", "東京都"),
        ("4701", "北部", "47", "沖縄県"),
        ("4702", "中部", "47", "沖縄県"),
    ]
    areas = pd.DataFrame(rows, columns=SHAPE)
    corners = [(140, 42), (141, 42), (139, 35), (140, 35), (127, 26)]
    squares = [box(x, y, x + 1, y + 1) for x, y in corners]
    boundaries = gpd.GeoDataFrame(
        {"area_code": areas["area_code"].iloc[:5].to_numpy()}, geometry=squares, crs="EPSG:4326"
    )
    return Places(areas, boundaries)


def make_content(
    places: Places | None = None,
    services: tuple[str, ...] = ("home_visit_patients",),
    prefecture_name: str | None = None,
) -> ReportContent:
    """Content in which every total is the sum of its parts and the curves peak at different years."""
    places = places or small_places()
    areas = places.areas
    annual = _annual(areas, services)
    shown = sorted({*GRID_YEARS, BASE_YEAR})
    keys = {"area_edition": "330", "population_edition": "2023", "base_year": BASE_YEAR}
    keys |= {"rate_level": "prefecture", "open_band": "95+"}
    unit = {name: label.unit.ja for name, label in SERVICES.items()}

    projection = annual[annual["year"].isin(shown)].merge(areas, on="area_code").assign(**keys)
    projection["unit"] = projection["service"].map(unit)
    projection["state"] = "estimated"
    projection["estimated_share"] = 0.01
    prefecture = projection.groupby(
        ["service", "prefecture_code", "prefecture_name", "unit", "year"], as_index=False, sort=False
    )["value"].sum()
    national = projection.groupby(["service", "unit", "year"], as_index=False, sort=False)["value"].sum()
    peaks = _peaks(annual, areas).assign(**keys)
    peaks["unit"] = peaks["service"].map(unit)
    certified = _certified(areas, shown).assign(**keys)
    summary = certified.groupby([*SHAPE, "year", "level"], as_index=False, sort=False)["value"].sum()
    return ReportContent(
        title=Text(
            "訪問診療を受ける患者の将来推計とピーク年", "Projection and peak year: home-visit patients"
        ),
        parameters=[
            (Text("将来推計人口の版", "Edition"), Text("令和5年推計（2023年）", "2023 edition")),
            (Text("圏域", "Areas"), Text("二次医療圏（330圏域）", "330 secondary medical areas")),
            (Text("最高年齢階級", "Open age band"), Text("95歳以上（推計）", "95+ (estimated)")),
        ],
        main_service=services[0],
        services={name: SERVICES[name] for name in services},
        grid_years=GRID_YEARS,
        base_year=BASE_YEAR,
        projection=projection,
        annual=annual,
        prefecture=prefecture,
        national=national,
        national_by_age=_by_age(annual),
        peaks=peaks,
        certified=certified,
        certified_summary=summary,
        double_need=_double_need(projection, services[0]),
        band_counts=_band_counts(peaks, services[0]),
        comparison=pd.DataFrame(
            {
                "from_year": [2025, 2025],
                "to_year": [2040, 2050],
                "n": [330, 330],
                "correlation": [0.987, 0.981],
                "median_abs": [1.8, 2.6],
                "p95_abs": [6.1, 9.4],
            }
        ),
        explanation=[
            Text(
                "ピーク年は、最高年齢階級をどこで切るかに最も強く左右される。",
                "The peak depends on the open band.",
            ),
            Text("厚生労働省の資料には異なる数がある。", "The ministry's papers give different numbers."),
        ],
        notes=[
            Text("将来の値はすべて推計値である。", "All future figures are estimates."),
            Text("地域比は医療機関の所在地による。", "Ratios are by the place of the institution."),
        ],
        sources=[
            SourceFile(
                path="ndb/x.xlsx",
                group="ndb",
                sha256="ab" * 32,
                bytes=10,
                form="official_workbook",
                publisher="厚生労働省",
                title="第9回NDBオープンデータ C在宅医療 都道府県別算定回数",
                edition="FY2022",
                url="https://www.mhlw.go.jp/x.html",
                direct=False,
                licence="PDL1.0",
            ),
            SourceFile(
                path="ipss/y.xlsx",
                group="ipss",
                sha256="cd" * 32,
                bytes=10,
                form="official_workbook",
                publisher="国立社会保障・人口問題研究所",
                title="日本の地域別将来推計人口",
                edition="令和5（2023）年推計",
                url="https://www.ipss.go.jp/y.html",
                direct=False,
                licence="出典の明示により利用可",
            ),
        ],
        issues=[
            KnownIssue(
                id="ndb-place-of-institution",
                scope=("ndb_prefecture",),
                title=Text("NDBの件数は医療機関の所在地による", "Counts are by place of institution"),
                evidence=Text(
                    "医療機関の所在地で集計されている。", "They are counted by place of institution."
                ),
                action=Text("所在地ベースと明記する。", "Labelled as such."),
            )
        ],
        boundaries=places.boundaries,
        prefecture_name=prefecture_name,
    )


def _annual(areas: pd.DataFrame, services: tuple[str, ...]) -> pd.DataFrame:
    random = np.random.default_rng(7)
    parts = []
    for service in services:
        for code in areas["area_code"]:
            top = random.choice([2016, 2031, 2034, 2038, 2041, 2043, 2047, 2062])
            width = random.uniform(18, 40)
            size = random.lognormal(7, 1)
            value = size * np.exp(-(((YEARS - top) / width) ** 2))
            parts.append(pd.DataFrame({"area_code": code, "service": service, "year": YEARS, "value": value}))
    return pd.concat(parts, ignore_index=True)


def _peaks(annual: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for (service, code), part in annual.groupby(["service", "area_code"], sort=False):
        value = part.set_index("year")["value"]
        grid = value.loc[list(GRID_YEARS)]
        year, top = int(grid.idxmax()), float(value.max())
        near = value.index[value >= 0.99 * top]
        band = {age: max(GRID_YEARS[0], year - back) for age, back in ((75, 10), (85, 5), (90, 5), (95, 0))}
        rows.append(
            {
                "area_code": code,
                "service": service,
                "peak_year_grid": year,
                "peak_class": peak_class(year, GRID_YEARS).ja,
                "peak_year_annual": int(value.idxmax()),
                "censored": int(value.idxmax()) == int(YEARS[-1]),
                "plateau_start": int(near.min()),
                "plateau_end": int(near.max()),
                "base_value": float(value[BASE_YEAR]),
                "base_value_year": BASE_YEAR,
                "peak_value": float(grid.max()),
                "growth": float(grid.max() / value[BASE_YEAR] - 1),
                **{f"peak_year_grid_{age}": year for age, year in band.items()},
                "population_state": "estimated" if str(code).endswith("02") else "official",
            }
        )
    frame = pd.DataFrame(rows).merge(areas, on="area_code")
    for age in (75, 85, 90, 95):
        frame[f"peak_year_grid_{age}"] = frame[f"peak_year_grid_{age}"].astype("Int64")
    return frame


def _by_age(annual: pd.DataFrame) -> pd.DataFrame:
    total = annual.groupby(["service", "year"], as_index=False)["value"].sum()
    oldest = (total["year"] - 2020) / 30
    shares = np.array([[0.05, 0.1, 0.3, 0.25, 0.2, 0.1]]) + np.outer(
        oldest, [-0.02, -0.04, -0.1, -0.03, 0.08, 0.11]
    )
    parts = [
        total.assign(age_group=group, value=total["value"] * shares[:, k])
        for k, group in enumerate(AGE_GROUPS)
    ]
    return pd.concat(parts, ignore_index=True)[["service", "year", "age_group", "value"]]


def _certified(areas: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([areas["area_code"], years, CARE_AGES, LEVELS])
    frame = index.to_frame(index=False, name=["area_code", "year", "age", "level"])
    frame["value"] = np.random.default_rng(3).uniform(20, 900, len(frame))
    frame["unit"] = "人"
    frame["state"] = "estimated"
    return frame.merge(areas, on="area_code")


def _double_need(projection: pd.DataFrame, service: str) -> pd.DataFrame:
    frame = projection[projection["service"] == service][[*SHAPE, "year", "value"]].copy()
    frame["unit"] = "人／月"
    frame["lower"], frame["independent"], frame["upper"] = (
        frame["value"] * 0.1,
        frame["value"] * 0.6,
        frame["value"] * 0.9,
    )
    frame["state"] = "estimated"
    return frame.drop(columns="value").reset_index(drop=True)


def _band_counts(peaks: pd.DataFrame, service: str) -> pd.DataFrame:
    main = peaks[peaks["service"] == service]
    rows = []
    for age in (75, 85, 90, 95):
        years = main[f"peak_year_grid_{age}"]
        listed = "・".join(
            f"{peak_class(year, GRID_YEARS).ja} {int((years == year).sum())}" for year in GRID_YEARS
        )
        rows.append((f"{age}+", len(years), int((years >= 2040).sum()), listed))
    return pd.DataFrame(rows, columns=["open_band", "areas", "peak_2040_or_later", "by_class"])
