"""A made-up `BenchmarkContent` of 47 prefectures or 335 areas: SYNTHETIC figures, for tests only."""

from __future__ import annotations

from functools import cache
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from synthetic import make_content

from zaitaku_demand.benchmark.table import COLUMNS
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

YEARS = range(2014, 2023)
# id, name, unit, better, place, typical value, events a place; the last two without data.
INDICATORS = [
    ("S-D-2", "退院支援を実施している診療所・病院数", "Clinics and hospitals giving discharge support", "施設／65歳以上人口10万", "facilities per 100,000 people of 65+", "more", "institution", 8.0, 0),
    ("P-D-1", "退院支援（退院調整）を受けた患者数", "Patients given discharge support", "SCR（全国＝100）", "SCR (Japan = 100)", "more", "institution", 100.0, 3000),
    ("P-D-5", "退院後訪問指導を受けた患者数", "Patients visited after discharge", "SCR（全国＝100）", "SCR (Japan = 100)", "more", "institution", 100.0, 25),
    ("S-C-1", "訪問診療を実施している診療所・病院数", "Clinics and hospitals making home visits", "施設／75歳以上人口10万", "facilities per 100,000 people of 75+", "more", "institution", 120.0, 300),
    ("S-C-3", "在宅療養支援病院数", "Home-care support hospitals", "施設／75歳以上人口10万", "hospitals per 100,000 people of 75+", "more", "institution", 9.0, 30),
    ("P-C-1", "訪問診療を受けた患者数", "Patients given home visits", "SCR（全国＝100）", "SCR (Japan = 100)", "more", "institution", 100.0, 9000),
    ("P-C-8", "在宅人工呼吸・在宅酸素の患者数", "Home ventilator and home oxygen patients", "SCR（全国＝100）", "SCR (Japan = 100)", "neutral", "institution", 100.0, 2000),
    ("P-A-1", "往診を受けた患者数", "House calls", "SCR（全国＝100）", "SCR (Japan = 100)", "more", "institution", 100.0, 4000),
    ("O-A-1", "高齢者の救急搬送", "Ambulance transports of older people", "件／65歳以上人口千", "transports per 1,000 people of 65+", "less", "incident", 95.0, 20000),
    ("P-E-3", "看取り数（死亡診断のみの場合を含む）", "Deaths attended at home, certification only included", "SCR（全国＝100）", "SCR (Japan = 100)", "more", "institution", 100.0, 1500),
    ("O-E-1", "在宅死亡者数（自宅死の割合）", "Share of deaths at own home", "％", "%", "more", "residence", 13.0, 900),
    ("S-X-1", "在宅医療において積極的役割を担う医療機関数", "Designated active institutions", "施設", "facilities", "more", "institution", 5.0, 0),
    ("O-D-1", "退院後30日以内の再入院", "Readmission within 30 days", "％", "%", "less", "residence", 10.0, 0),
]  # fmt: skip
TYPES = {"S": "structure", "P": "process", "O": "outcome"}
FUNCTIONS = {"D": "discharge", "C": "everyday", "A": "acute", "E": "end_of_life", "X": "all"}
FOCUS = ("13", "32", "38")
FIGURES = ["numerator", "denominator", "expected", "value", "lower", "upper", "ratio", "ratio_lower"]
FIGURES += ["ratio_upper", "shrunk", "rank", "rank_lower", "rank_upper"]


def places(level: str) -> pd.DataFrame:
    """Real codes and names of prefectures or of the 335 areas."""
    units = read_table("area_units")
    name = "prefecture" if level == "prefecture" else "area335"
    return (
        units[[f"{name}_code", f"{name}_name"]]
        .drop_duplicates(f"{name}_code")
        .set_axis(["area_code", "area_name"], axis=1)
        .sort_values("area_code", ignore_index=True)
    )


def boundaries() -> gpd.GeoDataFrame:
    """Real boundaries of the 335 areas."""
    table = read_table("boundaries")
    table = table[table["area_edition"] == "335"]
    shapes = gpd.GeoSeries.from_wkb(table["geometry"].to_list(), crs="EPSG:4326")
    return gpd.GeoDataFrame({"area_code": table["area_code"].to_list()}, geometry=shapes)


@cache
def make_benchmark(
    level: Literal["prefecture", "area"] = "prefecture", focus: tuple[str, ...] = FOCUS
) -> BenchmarkContent:
    """Random figures on real places; every state and every verdict occurs. Made once: treat it as frozen."""
    shared = make_content()
    where = places(level)
    if level == "area":
        focus = tuple(
            where.loc[where["area_code"].str[:2].isin(focus), "area_code"]
            .groupby(where["area_code"].str[:2])
            .first()
        )
    names = dict(zip(where["area_code"], where["area_name"], strict=True))
    indicators = _indicators()
    benchmark = _benchmark(where, indicators, level)
    profile = _profile(benchmark, focus, len(where))
    return BenchmarkContent(
        title=Text(
            "在宅医療の共通指標と都道府県間比較（合成データによる見本）"
            if level == "prefecture"
            else "在宅医療の共通指標と二次医療圏間比較（合成データによる見本）",
            "Common indicators of home medical care compared (synthetic sample)",
        ),
        level=level,
        year_note=Text("指標ごとの最新年の値。NDBは2022年度。", "The latest year of each indicator; NDB: FY2022."),
        parameters=[
            (Text("比較の単位", "Level"), Text("都道府県", "prefectures")),
            (Text("比較する年", "Year"), Text("指標ごとの最新年", "latest of each indicator")),
        ],
        benchmark=benchmark,
        indicators=indicators,
        focus=[(code, names[code]) for code in focus],
        profile=profile,
        peers=_peers(where, focus),
        consistency=_consistency(where),
        functions=_functions(where),
        pdca=_pdca(focus),
        funnel=_funnel(benchmark),
        summary={
            code: [
                Text("全国との差が明確に良い方にあるのは「訪問診療を受けた患者数」です。", "Distinguishably better than Japan: patients given home visits."),
                Text("悪い方に明確な差があるのは「在宅療養支援病院数」です。ただし医療機関の所在地による集計です。", "Distinguishably worse: home-care support hospitals, counted by place of institution."),
                Text("「退院後訪問指導を受けた患者数」は区間が広く、差があるとはいえません。", "Nothing can be said on visits after discharge: the interval is too wide."),
            ]
            for code in focus
        },
        notes=[
            Text("NDBの件数は医療機関の所在地による集計であり、患者の住所地による集計ではない。", "NDB counts are by the place of the institution, not of the patient."),
            Text("秘匿された値は0ではない。", "A suppressed figure is not zero."),
        ],
        sources=shared.sources,
        issues=shared.issues,
        boundaries=boundaries(),
        generated_with={"zaitaku-demand": "0.1.0"},
    )  # fmt: skip


def _indicators() -> pd.DataFrame:
    rows = []
    for id, ja, en, unit_ja, unit_en, better, place, _, events in INDICATORS:
        kind, function, _ = id.split("-")
        caveat = events and place == "institution"
        rows.append(
            {
                "indicator_id": id,
                "name_ja": ja,
                "name_en": en,
                "type": TYPES[kind],
                "function": FUNCTIONS[function],
                "unit_ja": unit_ja,
                "unit_en": unit_en,
                "better": better,
                "comparison": "all",
                "key": id in {"P-C-1", "P-E-3", "P-A-1", "P-D-1", "S-C-1", "O-E-1"},
                "supplement_of": "",
                "place": place,
                "caveat_ja": "越境受診の分だけ住民の利用と異なる。" if caveat else "",
                "caveat_en": "Differs from use by residents by visits across borders." if caveat else "",
                "latest_year": 2022.0 if events else np.nan,
                "data_need_ja": "" if events else f"submission/{id}.csv（area_code, year, value の3列）",
                "data_need_en": "" if events else f"submission/{id}.csv (columns area_code, year, value)",
            }
        )
    return pd.DataFrame(rows)


def _benchmark(where: pd.DataFrame, indicators: pd.DataFrame, level: str) -> pd.DataFrame:
    random = np.random.default_rng(20)
    n = len(where)
    size = random.lognormal(0, 0.75 if level == "prefecture" else 1.0, n)
    parts = []
    for spec, row in zip(INDICATORS, indicators.itertuples(), strict=True):
        typical, events = spec[7], spec[8]
        level_of_place = np.exp(random.normal(0, 0.28, n))
        drift = random.normal(0.01, 0.03, n)
        for year in YEARS:
            expected = (
                size
                * max(events, 1)
                * (0.9 + 0.02 * (year - 2014))
                * (1.0 if level == "prefecture" else 0.15)
            )
            ratio = level_of_place * np.exp(drift * (year - 2018) + random.normal(0, 0.02, n))
            numerator = np.round(expected * ratio)
            ratio = numerator / expected
            spread = np.exp(1.96 / np.sqrt(np.maximum(numerator, 1)) + 0.015)
            growth = 1.0 if row.unit_en.startswith("SCR") else 1 + 0.015 * (year - 2014)
            value = typical * ratio * growth
            order = (-ratio if row.better != "less" else ratio).argsort().argsort() + 1
            noise = np.clip(3 * n / np.sqrt(np.maximum(numerator, 1)), 1, n).round()
            z = np.log(np.maximum(ratio, 1e-3)) / 0.3
            frame = where.assign(
                indicator_id=row.indicator_id, type=row.type, function=row.function, level=level,
                area_edition="335" if level == "area" else "", year=year, state="observed",
                numerator=numerator, denominator=size * 1e5, expected=expected, value=value,
                lower=value / spread, upper=value * spread, ratio=ratio, ratio_lower=ratio / spread,
                ratio_upper=ratio * spread, shrunk=1 + 0.9 * (ratio - 1),
                funnel_status=np.select([z > 2.2, z > 1.5, z < -2.2, z < -1.5], ["high_998", "high_95", "low_998", "low_95"], "inside"),
                rank=order, rank_lower=np.maximum(order - noise, 1), rank_upper=np.minimum(order + noise, n),
                trend=random.choice(["up", "down", "flat", "none"], n), method="byar", confidence=0.95,
            )  # fmt: skip
            frame[["rank", "rank_lower", "rank_upper"]] = frame[["rank", "rank_lower", "rank_upper"]].astype(
                float
            )
            state = np.where(expected < 6, "suppressed", "observed").astype(object)
            if row.indicator_id == "S-C-3":
                state[where.index % 4 == 1] = "no_data"
            if row.indicator_id in {"P-D-5", "O-E-1"}:
                state[(where.index % 7 == 0) & (state == "observed")] = "estimated"
            if not events:
                state[:] = "no_data"
            frame["state"] = state
            hidden = frame["state"].isin(["suppressed", "no_data"])
            frame.loc[hidden, FIGURES] = np.nan
            frame.loc[hidden, ["funnel_status", "trend"]] = ""
            parts.append(frame)
            if events:
                japan = {"level": "national", "area_edition": "", "area_code": "00", "area_name": "全国"}
                total = float(numerator.sum())
                value_japan = typical * growth
                parts.append(
                    frame.iloc[:1].assign(**japan, state="observed", numerator=total, denominator=1e6, expected=total, value=value_japan, lower=value_japan, upper=value_japan, ratio=1.0, ratio_lower=1.0, ratio_upper=1.0, shrunk=1.0, funnel_status="", rank=np.nan, rank_lower=np.nan, rank_upper=np.nan)
                )  # fmt: skip
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _profile(benchmark: pd.DataFrame, focus: tuple[str, ...], n: int) -> pd.DataFrame:
    own = benchmark[benchmark["area_code"].isin(focus)].copy()
    japan = benchmark[benchmark["level"] == "national"].set_index(["indicator_id", "year"])["value"]
    keys = pd.MultiIndex.from_frame(own[["indicator_id", "year"]])
    own["japan"] = japan.reindex(keys).to_numpy()
    own["peer_median"] = own["japan"] * 0.95
    own["peer_best_fifth"] = own["japan"] * 1.2
    better = own["indicator_id"].map({row[0]: row[5] for row in INDICATORS})
    above, below = own["ratio_lower"] > 1.03, own["ratio_upper"] < 0.97
    wide = own["ratio_upper"] / own["ratio_lower"] > 1.3
    own["verdict"] = np.select(
        [
            own["ratio"].isna(),
            above & (better == "neutral"),
            below & (better == "neutral"),
            (above & (better == "more")) | (below & (better == "less")),
            (below & (better == "more")) | (above & (better == "less")),
            wide,
        ],
        ["no_data", "higher", "lower", "better", "worse", "not_distinguishable"],
        "similar",
    )
    own["n_places"] = n
    return own[[
        "indicator_id", "area_code", "year", "state", "value", "lower", "upper", "japan", "peer_median",
        "peer_best_fifth", "ratio", "verdict", "rank", "rank_lower", "rank_upper", "n_places", "trend",
    ]]  # fmt: skip


def _peers(where: pd.DataFrame, focus: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for place, code in enumerate(focus):
        others = where[where["area_code"] != code].iloc[3 * place : 3 * place + 5]
        for k, other in enumerate(others.itertuples()):
            rows.append(
                (
                    code,
                    other.area_code,
                    other.area_name,
                    0.4 + 0.1 * k,
                    "75歳以上割合と人口密度が近い",
                    "close in the share of 75+ and density",
                )
            )
    return pd.DataFrame(rows, columns=["area_code", "peer_code", "peer_name", "distance", "reason_ja", "reason_en"])  # fmt: skip


def _consistency(where: pd.DataFrame) -> pd.DataFrame:
    columns = [
        "check",
        "indicator_id",
        "area_code",
        "area_name",
        "year",
        "finding_ja",
        "finding_en",
        "severity",
    ]
    first, second = where.iloc[0], where.iloc[25]
    rows = [
        ("jump", "P-C-1", first["area_code"], first["area_name"], 2016, "前年比＋38％で限度を超える。", "Up 38 % on the year before, beyond the limit.", "warning"),
        ("sources", "P-C-1", second["area_code"], second["area_name"], 2020, "医療施設調査とNDBの差が25％ある。", "Survey and NDB differ by 25 %.", "note"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _functions(where: pd.DataFrame) -> pd.DataFrame:
    random = np.random.default_rng(5)
    parts = []
    n = len(where)
    for function in ("discharge", "everyday", "acute", "end_of_life"):
        score = random.beta(3, 3, n)
        rank = (-score).argsort().argsort() + 1
        half = random.integers(2, int(0.35 * n), n)
        parts.append(
            where.assign(
                function=function,
                structure_score=score,
                quantity_score=random.beta(3, 3, n),
                coverage_score=1.0,
                quality_score=0.95,
                score=score,
                score_lower=score - 0.08,
                score_upper=score + 0.08,
                rank=rank,
                rank_lower=np.maximum(rank - half, 1),
                rank_upper=np.minimum(rank + half, n),
                sensitivity_rank_low=np.maximum(rank - half - 3, 1),
                sensitivity_rank_high=np.minimum(rank + half + 2, n),
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    frame["distinguishable"] = frame["rank_upper"] - frame["rank_lower"] < n / 2
    frame["sentence_ja"] = np.where(
        frame["distinguishable"],
        "順位の区間は全体の半分より狭い。",
        "順位の区間が全体の半分以上に及び、他と区別できない。",
    )
    frame["sentence_en"] = np.where(
        frame["distinguishable"],
        "The rank interval is narrower than half of all.",
        "Not distinguishable from most others.",
    )
    return frame


def _pdca(focus: tuple[str, ...]) -> pd.DataFrame:
    rows = [
        {
            "indicator_id": id, "area_code": code, "period": "2024-2026", "baseline_year": 2022, "baseline": 90.0,
            "target": 110.0, "target_basis_ja": "類似地域の上位2割", "target_basis_en": "best fifth of the peers",
            "actual_year": np.nan, "actual": np.nan, "gap": np.nan, "attainment": np.nan, "expected_at_trend": 98.5,
            "verdict_ja": "実績はまだない。今の傾向では目標に届かない見込み（区間に目標を含まない）。",
            "verdict_en": "No actual figure yet; at the present trend the target is not reached.",
        }
        for code in focus
        for id in ("P-C-1", "P-E-3")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _funnel(benchmark: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for (id, year), part in benchmark[benchmark["level"] != "national"].groupby(["indicator_id", "year"]):
        expected = part["expected"].dropna()
        if expected.empty:
            continue
        grid = np.geomspace(expected.min(), expected.max(), 60)
        spread = np.sqrt(1 / grid + 0.2**2)
        parts.append(
            pd.DataFrame(
                {
                    "indicator_id": id,
                    "year": year,
                    "expected": grid,
                    "lower_95": np.exp(-1.96 * spread),
                    "upper_95": np.exp(1.96 * spread),
                    "lower_998": np.exp(-3.09 * spread),
                    "upper_998": np.exp(3.09 * spread),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
