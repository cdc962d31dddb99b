"""How far the population projections were off, by age, area type and size, and what the model of it is worth.

Everything comes from the shipped table `population_errors` (see `store.build_population_error` for what is compared).
Errors are per cent of what came, above zero where the projection was too high. Comparisons with the resident
register hold its other definition too, and the interpolation within five years; ``edition_shift`` takes the newer
edition for the truth.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.store.build_facts_population import WHOLE_FUKUSHIMA
from zaitaku_demand.store.fit_population_error import error_model, error_size, factor_of
from zaitaku_demand.store.revision_rounds import COMPONENTS, GROUPS, HORIZONS, accumulated, horizon_weights
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

FloatArray = npt.NDArray[np.float64]

UNIONS: dict[str, tuple[str, ...]] = {
    "65+": GROUPS[2:],
    "75+": GROUPS[3:],
    "85+": GROUPS[5:],
}
AGES = (*GROUPS, *UNIONS)
TYPES = ("大都市型", "地方都市型", "人口の少ない地域")
SIZES: dict[str, tuple[float, float]] = {
    "under_10000": (0, 10_000),
    "10000_30000": (10_000, 30_000),
    "30000_100000": (30_000, 100_000),
    "100000_and_over": (100_000, np.inf),
}
"""Classes of the population of 75 and over as it came."""
AKITA = "05"
NORMAL_80, NORMAL_95 = 1.2815515655446004, 1.959963984540054

COMPARISONS: dict[str, Text] = {
    "census_2020": Text("平成30年推計と2020年国勢調査", "2018 edition and the census of 2020"),
    "register_2025_edition_2018": Text(
        "平成30年推計と2025年1月住民基本台帳", "2018 edition and the register of January 2025"
    ),
    "register_2025_edition_2023": Text(
        "令和5年推計と2025年1月住民基本台帳", "2023 edition and the register of January 2025"
    ),
    "edition_shift": Text("平成30年推計と令和5年推計", "2018 edition and the 2023 edition"),
    "register_2016": Text(
        "定義の差：2015年基準人口と2016年1月住民基本台帳（日本人）",
        "definitions: base population of 2015 and the register of January 2016 (Japanese)",
    ),
}
REPORTED = ("census_2020", "register_2025_edition_2018", "register_2025_edition_2023")
CLASS_WORDS: dict[str, Text] = {
    "nation": Text("全国", "nation"),
    "all": Text("全圏域", "all areas"),
    "大都市型": Text("大都市型", "metropolitan areas"),
    "地方都市型": Text("地方都市型", "provincial cities"),
    "人口の少ない地域": Text("人口の少ない地域", "thinly populated areas"),
    "under_10000": Text("75歳以上1万人未満", "75+ under 10,000"),
    "10000_30000": Text("75歳以上1万～3万人", "75+ of 10,000 to 30,000"),
    "30000_100000": Text("75歳以上3万～10万人", "75+ of 30,000 to 100,000"),
    "100000_and_over": Text("75歳以上10万人以上", "75+ of 100,000 and over"),
}


@cache
def population_backtest() -> pd.DataFrame:
    """Errors of the projections of the population.

    Returns
    -------
    DataFrame
        comparison, horizon (years since the census), level (nation or area), age_group (seven groups, 65+, 75+, 85+),
        area_type (all, or one of three), size_class (all, or one of four), n, mape, median_ape, bias (mean error),
        spread (standard deviation of the areas' logarithms around the nation); per cent. Fukushima counts in the
        nation only; the three areas of Akita, whose types are known for smaller areas, in ``all`` and the sizes only.
    """
    errors = _with_unions(read_table("population_errors"))
    types = read_table("area_features", columns=["level", "area_code", "type"])
    type_of = types[types["level"] == "area"].set_index("area_code")["type"]
    rows = []
    for (comparison, horizon, age), one in errors.groupby(["comparison", "horizon", "age"], sort=False):
        key = (comparison, horizon)
        total = one[["projected", "actual"]].sum()
        rows.append(
            (
                *key,
                "nation",
                age,
                "all",
                "all",
                *error_measures(total[["projected"]], total[["actual"]], None),
            )
        )
        areas = one[one["area_code"] != WHOLE_FUKUSHIMA]
        nation = float(np.log(total["actual"] / total["projected"]))
        kind = areas["area_code"].map(type_of)
        if (areas["area_edition"] == "330").all():
            kind = kind.where(areas["area_code"].str[:2] != AKITA)
        for name, size, inside in _classes(kind, areas["persons_75"]):
            if inside.any():
                chosen = areas[inside]
                measured = error_measures(chosen["projected"], chosen["actual"], nation)
                rows.append((*key, "area", age, name, size, *measured))
    columns = ["comparison", "horizon", "level", "age_group", "area_type", "size_class"]
    return pd.DataFrame(rows, columns=[*columns, "n", "mape", "median_ape", "bias", "spread"])


def error_measures(
    projected: pd.Series[float], actual: pd.Series[float], nation: float | None
) -> tuple[int, float, float, float, float]:
    """Number, mean and median absolute error, mean error, spread of the logarithm; per cent of what came.

    Parameters
    ----------
    projected, actual : Series
    nation : float or None
        Log of actual over projected of the nation, around which the spread is taken; without it the spread is NaN.
    """
    error = 100 * (projected.to_numpy(dtype=np.float64) / actual.to_numpy(dtype=np.float64) - 1)
    spread = np.nan
    if nation is not None:
        local = np.log(actual.to_numpy(dtype=np.float64) / projected.to_numpy(dtype=np.float64)) - nation
        spread = 100 * float(np.sqrt((local**2).mean()))
    size = np.abs(error)
    return len(error), float(size.mean()), float(np.median(size)), float(error.mean()), spread


@cache
def population_coverage() -> pd.DataFrame:
    """Coverage of the model's local intervals in areas that it has not seen.

    The areas are divided in two halves, every other one in the order of their codes; the model of one half is held
    against the other, and the reverse.

    Returns
    -------
    DataFrame
        comparison (``edition_shift`` at the six horizons of one revision, ``register_2025_edition_2018`` at 9.25 years
        of accumulated ones), horizon, age_group, n, coverage_80, coverage_95 (shares).
    """
    errors = read_table("population_errors")
    codes = np.array(sorted(set(errors["area_code"]) - {WHOLE_FUKUSHIMA}))
    parts = []
    for turn in (0, 1):
        seen = errors["area_code"].isin(codes[turn::2])
        parts.append(_scaled_errors(errors[~seen], errors[seen | (errors["comparison"] == "register_2016")]))
    every = pd.concat(parts, ignore_index=True)
    grouped = every.groupby(["comparison", "horizon", "age_group"], sort=False)["scaled"]
    return grouped.agg(
        n="size",
        coverage_80=lambda z: float((z.abs() <= NORMAL_80).mean()),
        coverage_95=lambda z: float((z.abs() <= NORMAL_95).mean()),
    ).reset_index()


def population_backtest_rows() -> tuple[tuple[Text, ...], list[tuple[Text, ...]]]:
    """Headings and rows for a terminal or a page: the errors by age, and of the 75+ by area type and size."""
    headings = (
        Text("比較", "comparison"),
        Text("経過年数", "years"),
        Text("対象", "of"),
        Text("年齢", "age"),
        Text("圏域数", "areas"),
        Text("平均絶対誤差（％）", "MAPE (%)"),
        Text("絶対誤差の中央値（％）", "median APE (%)"),
        Text("偏り（％、＋は過大）", "bias (%, + too high)"),
    )
    table = population_backtest()
    whole = (table["area_type"] == "all") & (table["size_class"] == "all")
    detail = (table["level"] == "area") & (table["age_group"] == "75+") & ~whole
    return headings, [_row(row) for row in table[whole | detail].to_dict("records")]


def population_backtest_content() -> pd.DataFrame:
    """Rows for the report: comparison and area_type in words (``_ja``, ``_en``), age_group, n, mape, bias.

    The comparisons with what came, all groups from 65 on for nation and areas, and the 75+ by area type.
    """
    table = population_backtest()
    came = table["comparison"].isin(REPORTED) & (table["size_class"] == "all")
    whole = (table["area_type"] == "all") & table["age_group"].isin((*GROUPS[2:], "75+"))
    chosen = table[came & (whole | (table["age_group"] == "75+"))].copy()
    kind = chosen["area_type"].where(chosen["level"] == "area", "nation")
    ahead = chosen["horizon"].map("{:g}".format)
    for language in LANGUAGES:
        chosen[f"area_type_{language}"] = kind.map(
            {name: words.to(language) for name, words in CLASS_WORDS.items()}
        )
        names = {name: words.to(language) for name, words in COMPARISONS.items()}
        opening, closing = Text("（", " (").to(language), Text("年）", " years)").to(language)
        chosen[f"comparison_{language}"] = chosen["comparison"].map(names) + opening + ahead + closing
    said = [f"{name}_{language}" for name in ("comparison", "area_type") for language in LANGUAGES]
    return chosen[[*said, "age_group", "n", "mape", "bias"]].reset_index(drop=True)


def population_backtest_json() -> list[dict[str, Any]]:
    """Rows of `population_backtest` with the coverage where the model has been tried; what is missing is None."""
    table = population_backtest().merge(
        population_coverage().drop(columns="n").assign(level="area", area_type="all", size_class="all"),
        on=["comparison", "horizon", "age_group", "level", "area_type", "size_class"],
        how="left",
    )
    return [
        {str(name): None if value != value else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _row(row: Mapping[Hashable, object]) -> tuple[Text, ...]:
    nation = row["level"] == "nation"
    name = str(row["area_type"]) if row["area_type"] != "all" else str(row["size_class"])
    same = (f"{row['horizon']:g}", str(row["age_group"]), f"{row['n']:,}" if not nation else "-")
    horizon, age, count = (Text(text, text) for text in same)
    measures = (
        f"{row[key]:{form}}" for key, form in (("mape", ".2f"), ("median_ape", ".2f"), ("bias", "+.2f"))
    )
    return (
        COMPARISONS[str(row["comparison"])],
        horizon,
        CLASS_WORDS["nation" if nation else name],
        age,
        count,
        *(Text(text, text) for text in measures),
    )


def _with_unions(errors: pd.DataFrame) -> pd.DataFrame:
    """Rows for 65+, 75+ and 85+ beside the groups, and the persons of 75+ of every area that came."""
    keys = ["comparison", "horizon", "area_edition", "area_code"]
    grouped = errors[errors["age"].isin(GROUPS)]
    more = [
        grouped[grouped["age"].isin(members)]
        .groupby(keys, sort=False)[["projected", "actual"]]
        .sum()
        .reset_index()
        .assign(age=name)
        for name, members in UNIONS.items()
    ]
    out = pd.concat([errors, *more], ignore_index=True)
    aged = more[1][[*keys, "actual"]].rename(columns={"actual": "persons_75"})
    return out.merge(aged, on=keys, how="left")


def _classes(kind: pd.Series[str], persons: pd.Series[float]) -> Iterable[tuple[str, str, pd.Series[bool]]]:
    yield "all", "all", kind.notna() | kind.isna()
    for name in TYPES:
        yield name, "all", kind == name
    for size, (lower, upper) in SIZES.items():
        yield "all", size, (persons >= lower) & (persons < upper)


def _scaled_errors(unseen: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Local errors of `unseen` areas over the standard deviations that the model of the `seen` ones gives them."""
    model, size = (
        error_model(seen),
        error_size(seen).pivot(index="persons_75", columns="age", values="factor"),
    )
    shape = (len(HORIZONS), len(GROUPS)) * 2
    local = sum(
        model.loc[model["component"] == name, "covariance"].to_numpy(dtype=np.float64).reshape(shape)
        for name in COMPONENTS[1:]
    )
    parts = []
    for comparison in ("edition_shift", "register_2025_edition_2018"):
        for horizon, one in unseen[unseen["comparison"] == comparison].groupby("horizon"):
            at = np.array([float(str(horizon))])
            if comparison == "edition_shift":
                weight = horizon_weights(at)[0]
                variance = np.einsum("h,hgkg,k->g", weight, local, weight)
            else:
                variance = np.einsum("ngng->g", accumulated(np.asarray(local), at))
            projected, actual = (
                one.pivot(index="area_code", columns="age", values=name)[list(GROUPS)].to_numpy(
                    dtype=np.float64
                )
                for name in ("projected", "actual")
            )
            inside = sorted(one["area_code"].unique()) != np.array(WHOLE_FUKUSHIMA)
            error = np.log(actual / projected) - np.log(actual.sum(axis=0) / projected.sum(axis=0))
            relative = factor_of(
                actual[:, 3:].sum(axis=1),
                size.index.to_numpy(dtype=np.float64),
                size[list(GROUPS)].to_numpy(dtype=np.float64),
            )
            scaled = (error / (relative * np.sqrt(variance)))[inside]
            frame = pd.DataFrame({"scaled": scaled.ravel(), "age_group": np.tile(GROUPS, len(scaled))})
            parts.append(frame.assign(comparison=comparison, horizon=horizon))
    return pd.concat(parts, ignore_index=True)
