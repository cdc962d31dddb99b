"""A made-up `ForecastContent` on the places of a made-up `ReportContent`; every quantile comes from made-up runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from synthetic import Places, make_content

from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

SHIMANE = ("松江", "雲南", "出雲", "大田", "浜田", "益田", "隠岐")
SOURCES = {
    "level": Text("件数の偶然変動と圏域の率の偏り", "Counting noise and area-level deviation of rates"),
    "future_rates": Text("将来の受療率（年齢別の趨勢の誤差）", "Future rates (error of the trend by age)"),
    "population": Text("将来推計人口の誤差", "Error of the population projection"),
    "open_band": Text("90歳以上の内訳", "Split of the open age band"),
}
# Standard deviation of a log a year, shared by all places and of each alone; `level` has no time in it.
_SPREAD = {
    "future_rates": (0.006, 0.002),
    "population": (0.002, 0.003),
    "open_band": (0.0008, 0.0003),
    "level": (0.0, 0.06),
}
METHODS = {
    "constant": Text("率一定（現状投影）", "Constant rates"),
    "damped_trend": Text("減衰する趨勢", "Damped trend"),
    "damped_prefecture_ratio": Text("減衰する趨勢と都道府県比", "Damped trend, ratio of the prefecture"),
    "last_value": Text("直近の値を据え置き", "Last value"),
    "total_growth": Text("総数の伸びを延長", "Growth of the total"),
}
SCENARIOS = {
    "base": Text("現状投影", "Constant rates (base)"),
    "rate_trend": Text("受療率の趨勢", "Trend of the rates"),
    "convergence": Text("地域差縮小", "Convergence of the areas"),
    "beds_to_home": Text("病床からの移行", "From hospital beds to home"),
    "to_facilities": Text("施設への移行", "From own home to facilities"),
}
FACTORS = {
    "population_size": Text("人口の総数", "Population size"),
    "age_90": Text("90歳以上の増加", "More people of 90+"),
    "age_75_89": Text("75～89歳の構成", "Share of ages 75-89"),
    "age_0_74": Text("75歳未満の構成", "Share of ages under 75"),
    "rates": Text("年齢別の受療率", "Rates by age"),
}


def shimane_places() -> Places:
    """The seven areas of one prefecture, without boundaries."""
    rows = [(f"32{place:02d}", name, "32", "島根県") for place, name in enumerate(SHIMANE, start=1)]
    return Places(
        pd.DataFrame(rows, columns=["area_code", "area_name", "prefecture_code", "prefecture_name"]), None
    )


def shimane_content() -> ReportContent:
    """A run of one prefecture."""
    return make_content(shimane_places(), prefecture_name="島根県")


def make_forecast(content: ReportContent, runs: int = 400) -> ForecastContent:
    """Synthetic forecast of `content`: nation (only if the run has no prefecture name), prefectures, areas."""
    places, constant = _places(content)
    years = constant.columns.to_numpy()
    horizon = years - content.base_year
    principal = constant.to_numpy() * np.exp(0.004 * np.minimum(horizon, 15))
    random = np.random.default_rng(20)
    noise = {
        name: _noise(random, *spread, len(places), horizon, runs, name == "level")
        for name, spread in _SPREAD.items()
    }
    draws = principal * np.exp(sum(noise.values()))
    changes = _changes(places, principal, years)
    names = {str(row["code"]): str(row["name"]) for _, row in places.iterrows()}
    return ForecastContent(
        service=content.main_service,
        unit=content.services[content.main_service].unit,
        runs=runs,
        seed=20,
        years=tuple(int(year) for year in years),
        base_year=content.base_year,
        method=Text(
            "過去検証で誤差が最も小さかった「減衰する趨勢」で延長した（3年先の平均絶対誤差率 4.4％、率一定は 6.4％）。",
            "The rates go on along the damped trend, which had the smallest error in the backtest (three years ahead "
            "4.4 % against 6.4 % at constant rates).",
        ),
        method_id="damped_trend",
        level_methods={
            "nation": "damped_trend",
            "prefecture": "damped_trend",
            "area": "damped_prefecture_ratio",
        },
        course=Text(
            "率の先行きは、過去の実績で試して選んだ方法によります。試せたのは3年先までです。",
            "The rates go on by the method chosen in a test on past data, up to 3 years ahead only.",
        ),
        intervals=_intervals(places, principal, draws, years),
        peak_years=_peak_years(places, draws, years),
        peaks=_peaks(places, principal, draws, years),
        growth=_growth(places, principal, sum(one for name, one in noise.items() if name != "level"), years),
        shares=_shares(places, principal, noise, years),
        sources=SOURCES,
        constant=_long(places, constant.to_numpy(), years),
        scenarios=_scenarios(places, constant.to_numpy(), years),
        scenario_names=SCENARIOS,
        scenario_notes={
            name: Text(f"{label.ja}の仮定（合成データ）。", f"Assumption: {label.en} (synthetic).")
            for name, label in SCENARIOS.items()
        },
        scenario_peaks=_scenario_peaks(_scenarios(places, constant.to_numpy(), years)),
        splits=_splits(places, constant.to_numpy(), years),
        splitting=("to_facilities",),
        changes=changes,
        change_names=FACTORS,
        change_sentences={code: _sentence(changes[changes["code"] == code]) for code in names},
        backtest=_backtest(content.main_service),
        method_names=METHODS,
        population_backtest=pd.DataFrame(
            {
                "comparison_ja": "平成30年推計と令和2年国勢調査",
                "comparison_en": "2018 edition and census of 2020",
                "age_group": ["75-84", "85-89", "90+"],
                "area_type_ja": ["大都市型", "地方都市型", "人口の少ない地域"],
                "area_type_en": ["metropolitan", "regional cities", "sparsely populated"],
                "n": [52, 160, 123],
                "mape": [1.2, 2.1, 3.9],
                "bias": [0.3, -0.8, -1.9],
            }
        ),
        official=_official(content),
        official_summary=[
            Text(
                "ピークの区分は330圏域中265圏域で一致した（順位相関 0.93）。",
                "The class of the peak agrees in 265 of 330 areas (rank correlation 0.93).",
            )
        ],
        dots=_dots(places, principal, years),
        dot_names={
            "edition_2018": Text("平成30年推計の人口による値", "With the 2018 edition"),
            "ministry": Text("厚生労働省の推計（令和7年）", "Ministry's projection (R7)"),
        },
        notes=[Text("区間は合成データによる。", "Intervals are of synthetic data.")],
    )


def _places(content: ReportContent) -> tuple[pd.DataFrame, pd.DataFrame]:
    annual = content.annual[content.annual["service"] == content.main_service]
    wide = annual.pivot(index="area_code", columns="year", values="value")
    wide = wide.loc[:, wide.columns >= content.base_year]
    areas = content.projection.drop_duplicates("area_code")
    rows: list[tuple[str, str, str, str]] = []
    values: list[Any] = []
    if content.prefecture_name is None:
        rows.append(("nation", "00", "全国", "00"))
        values.append(wide.sum())
    for code, inside in areas.groupby("prefecture_code", sort=True):
        rows.append(("prefecture", str(code), str(inside["prefecture_name"].iloc[0]), str(code)))
        values.append(wide.loc[list(inside["area_code"])].sum())
    for area in areas.itertuples():
        rows.append(("area", str(area.area_code), str(area.area_name), str(area.prefecture_code)))
        values.append(wide.loc[area.area_code])
    return pd.DataFrame(rows, columns=["level", "code", "name", "prefecture_code"]), pd.DataFrame(values)


def _noise(
    random: np.random.Generator,
    common: float,
    own: float,
    places: int,
    horizon: npt.NDArray[Any],
    runs: int,
    flat: bool,
) -> FloatArray:
    z = random.standard_normal((runs, 1, 1)) * common + random.standard_normal((runs, places, 1)) * own
    grown = (horizon >= 0) * 1.0 if flat else np.maximum(horizon, 0) ** 1.15
    return np.asarray(z * grown)


def _long(places: pd.DataFrame, values: FloatArray, years: npt.NDArray[Any]) -> pd.DataFrame:
    frame = places.loc[places.index.repeat(len(years))].reset_index(drop=True)
    return frame.assign(year=np.tile(years, len(places)), value=values.ravel())


def _intervals(
    places: pd.DataFrame, principal: FloatArray, draws: FloatArray, years: npt.NDArray[Any]
) -> pd.DataFrame:
    frame = _long(places, principal, years).rename(columns={"value": "principal"})
    for name, level in (
        ("median", 0.5),
        ("lower_80", 0.1),
        ("upper_80", 0.9),
        ("lower_95", 0.025),
        ("upper_95", 0.975),
    ):
        frame[name] = np.quantile(draws, level, axis=0).ravel()
    return frame


def _peak_years(places: pd.DataFrame, draws: FloatArray, years: npt.NDArray[Any]) -> pd.DataFrame:
    peak = draws.argmax(axis=-1)
    probability = (peak[..., None] == np.arange(len(years))).mean(axis=0)
    frame = _long(places, probability, years).rename(columns={"value": "probability"})
    frame["by_year"] = np.cumsum(probability, axis=1).ravel()
    frame["plateau"] = (draws >= 0.99 * draws.max(axis=-1, keepdims=True)).mean(axis=0).ravel()
    return frame


def _peaks(
    places: pd.DataFrame, principal: FloatArray, draws: FloatArray, years: npt.NDArray[Any]
) -> pd.DataFrame:
    peak = years[draws.argmax(axis=-1)]
    median, low, high = np.quantile(peak, [0.5, 0.1, 0.9], axis=0, method="inverted_cdf")
    return places.assign(
        principal=years[principal.argmax(axis=-1)],
        median=median,
        lower_80=low,
        upper_80=high,
        censored=(peak == years[-1]).mean(axis=0),
    )


def _shares(
    places: pd.DataFrame, principal: FloatArray, noise: dict[str, FloatArray], years: npt.NDArray[Any]
) -> pd.DataFrame:
    parts = []
    for quantity in ("value_2040", "peak_year"):
        single = {}
        for name, one in noise.items():
            run = principal * np.exp(one)
            at = list(years).index(2040)
            single[name] = run[:, :, at] if quantity == "value_2040" else years[run.argmax(axis=-1)] * 1.0
        total = sum(one.var(axis=0) for one in single.values())
        centre = (
            principal[:, list(years).index(2040)]
            if quantity == "value_2040"
            else years[principal.argmax(axis=-1)]
        )
        for name, one in single.items():
            with np.errstate(invalid="ignore"):
                share = one.var(axis=0) / total
            low, high = np.quantile(one, [0.1, 0.9], axis=0)
            parts.append(
                places.assign(
                    quantity=quantity, source=name, share=share, low=low, high=high, principal=centre
                )
            )
    return pd.concat(parts, ignore_index=True).drop(columns="prefecture_code")


def _scenarios(places: pd.DataFrame, constant: FloatArray, years: npt.NDArray[Any]) -> pd.DataFrame:
    slope = dict(zip(SCENARIOS, (0.0, 0.006, -0.001, 0.0025, 0.0), strict=True))
    parts = []
    for name, rate in slope.items():
        value = constant * np.exp(rate * np.maximum(years - years[0], 0))
        frame = _long(places, value, years).drop(columns="prefecture_code")
        parts.append(frame.assign(scenario=name, against_base=(value - constant).ravel()))
    return pd.concat(parts, ignore_index=True)


def _growth(places: pd.DataFrame, principal: FloatArray, noise: Any, years: npt.NDArray[Any]) -> pd.DataFrame:
    base = principal[:, :1]
    return _intervals(places, principal / base, principal / base * np.exp(noise), years)


def _splits(places: pd.DataFrame, constant: FloatArray, years: npt.NDArray[Any]) -> pd.DataFrame:
    moved = 0.04 * constant * np.clip((years - years[0]) / 18, 0, 1)
    parts = []
    for service, name, part, sign in (("home", "自宅等", 0.4, -1), ("facility", "施設", 0.6, 1)):
        frame = _long(places, part * constant + sign * moved, years).drop(columns="prefecture_code")
        parts.append(
            frame.assign(
                scenario="to_facilities",
                service=f"patients_{service}",
                service_ja=f"患者（{name}）",
                service_en=f"patients ({service})",
                against_base=(sign * moved).ravel(),
            )
        )
    return pd.concat(parts, ignore_index=True)


def _scenario_peaks(scenarios: pd.DataFrame) -> pd.DataFrame:
    top = scenarios.loc[scenarios.groupby(["scenario", "code"], sort=False)["value"].idxmax()]
    last = scenarios["year"].max()
    return (
        top.rename(columns={"year": "peak_year", "value": "peak_value"})
        .assign(censored=lambda frame: frame["peak_year"] == last)
        .drop(columns="against_base")
        .reset_index(drop=True)
    )


def _changes(places: pd.DataFrame, principal: FloatArray, years: npt.NDArray[Any]) -> pd.DataFrame:
    parts = []
    weights = dict(zip(FACTORS, (-0.55, 1.25, 0.35, -0.25, 0.2), strict=True))
    to = list(years).index(2040)
    before, after = principal[:, 0], principal[:, to]
    for name, weight in weights.items():
        effect = weight * (after - before)
        parts.append(
            places.assign(
                from_year=years[0],
                to_year=2040,
                factor=name,
                effect=effect,
                per_cent=100 * effect / before,
                before=before,
                after=after,
            )
        )
    return pd.concat(parts, ignore_index=True).drop(columns="prefecture_code")


def _sentence(rows: pd.DataFrame) -> Text:
    total = 100 * (rows["after"].iloc[0] / rows["before"].iloc[0] - 1)
    listed = [(FACTORS[row.factor], row.per_cent) for row in rows.itertuples()]
    return Text(
        f"{total:+.0f}％：" + "、".join(f"{name.ja} {value:+.0f}" for name, value in listed),
        f"{total:+.0f} %: " + ", ".join(f"{name.en} {value:+.0f}" for name, value in listed),
    )


def _backtest(service: str) -> pd.DataFrame:
    base = {"constant": 2.2, "damped_trend": 1.5, "last_value": 3.4, "total_growth": 1.9}
    base["damped_prefecture_ratio"] = 9.0
    rows = []
    for level, most in (("prefecture", 8), ("area", 3)):
        for method, error in base.items():
            if method.endswith("ratio") and level != "area":
                continue
            for horizon in range(1, most + 1):
                with_interval = method in ("constant", "damped_trend", "damped_prefecture_ratio")
                mape = error * horizon**0.85 * (1.6 if level == "area" else 1.0)
                rows.append(
                    {
                        "method": method,
                        "level": level,
                        "horizon": horizon,
                        "service": service,
                        "n": 47 * (9 - horizon) if level == "prefecture" else 335 * (4 - horizon),
                        "mape": mape,
                        "median_ape": 0.8 * mape,
                        "bias": -0.6 * mape,
                        "coverage_80": 0.80 + 0.01 * (horizon % 3) if with_interval else np.nan,
                        "coverage_95": 0.95 - 0.005 * (horizon % 4) if with_interval else np.nan,
                    }
                )
    return pd.DataFrame(rows)


def _official(content: ReportContent) -> pd.DataFrame:
    areas = content.projection.drop_duplicates("area_code").head(20)
    count = len(areas)
    ours = np.linspace(1.3, 1.6, count)
    theirs = ours * np.linspace(0.7, 1.25, count)
    return pd.DataFrame(
        {
            "area_code": areas["area_code"].to_numpy(),
            "area_name": areas["area_name"].to_numpy(),
            "prefecture_code": areas["prefecture_code"].to_numpy(),
            "prefecture_name": areas["prefecture_name"].to_numpy(),
            "from_year": 2030,
            "to_year": 2050,
            "our_peak": np.full(count, 2045),
            "their_peak": np.full(count, 2040),
            "our_index": ours,
            "their_index": theirs,
            "difference": 100 * (ours / theirs - 1),
            "reason_ja": "施設入居者の割合が高く、圏域の年齢構成が全国と異なる",
            "reason_en": "a high share of residents of facilities and a local age profile",
        }
    )


def _dots(places: pd.DataFrame, principal: FloatArray, years: npt.NDArray[Any]) -> pd.DataFrame:
    rows = []
    for place, row in enumerate(places.itertuples()):
        for series, factor, shown in (
            ("edition_2018", 0.97, (2025, 2030, 2035, 2040, 2045)),
            ("ministry", 1.03, (2024, 2030, 2040, 2050)),
        ):
            for year in shown:
                value = principal[place, list(years).index(year)] * factor
                rows.append((row.level, row.code, series, year, value))
    return pd.DataFrame(rows, columns=["level", "code", "series", "year", "value"])
