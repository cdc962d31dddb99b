"""Other projections on the scale of ours, as dots beside a curve: the ministry's, and that of the 2018 edition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.areas.municipalities import WHOLE_FUKUSHIMA
from zaitaku_demand.population import Population, load_population
from zaitaku_demand.projection.change_places import NATION, places_of, sum_by
from zaitaku_demand.projection.compare import COMPARABLE_EDITIONS, OBSERVED_YEAR, ministry_by_areas
from zaitaku_demand.projection.job import shape_ages
from zaitaku_demand.projection.project import Projection, project
from zaitaku_demand.rates.path import RatePath
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

EARLIER_EDITION = "2018"
DOT_NAMES: dict[str, Text] = {
    "ministry": Text(
        "厚生労働省の令和7年推計（2024年の比による）", "the ministry's R7 projection (relative to 2024)"
    ),
    "edition_2018": Text(
        "平成30年推計人口による推計（同じ率）", "with the 2018 edition of the population (same rates)"
    ),
}


def ministry_dots(principal: Projection, service: int = 0) -> pd.DataFrame:
    """The ministry's projection on the scale of ours: its value over that of 2024, times ours of 2024.

    Parameters
    ----------
    principal : Projection
        On annual steps, so that it has the year 2024.
    service : int

    Returns
    -------
    DataFrame
        level, code, series (``ministry``), year, value. Areas only for the 330 and 339; the nation only if all prefectures are
        there.
    """
    import pandas as pd

    base = principal.values[service][:, principal.years.index(OBSERVED_YEAR)]
    edition = principal.population.system.edition
    tables = []
    for level, (codes, _, label) in places_of(principal.population.areas).items():
        if level == "area" and edition not in COMPARABLE_EDITIONS:
            continue
        theirs = _ministry(level, edition)
        ours = pd.Series(sum_by(base, label, len(codes)), index=codes)
        common = ours.index.intersection(theirs.index)
        index = theirs.loc[common].div(theirs.loc[common, OBSERVED_YEAR], axis=0)
        tables.append(_tidy_dots(index.mul(ours[common], axis=0), level, "ministry"))
    return pd.concat(tables, ignore_index=True)


def edition_dots(principal: Projection, service: int = 0) -> pd.DataFrame:
    """What the rates of a projection give with the population of the 2018 edition.

    The rates, their ratios and their path are those of the principal projection, area by area. The 2018 edition
    knows Fukushima as a whole only: its prefecture takes the mean of its areas, weighted by their values in the base year
    of the rates, and its areas have no dots. Sexes are added up where the principal projection has both together.

    Parameters
    ----------
    principal : Projection
        On annual steps, with the 2023 edition and official areas.
    service : int

    Returns
    -------
    DataFrame
        level, code, series (``edition_2018``), year, value, in the years of that edition that the principal projection
        has too. Empty if the principal projection rests on the 2018 edition itself or on a planner's own areas.
    """
    import pandas as pd

    columns = ["level", "code", "series", "year", "value"]
    population, rates = principal.population, principal.rates
    if population.edition == EARLIER_EDITION or population.system.edition == "user":
        return pd.DataFrame(columns=columns)
    other = load_population(EARLIER_EDITION, population.system.edition)
    other = other.select(_covered(other, population))
    if len(population.sexes) == 1:
        other = replace(other, values=other.values.sum(axis=2, keepdims=True), sexes=population.sexes)
    years = tuple(year for year in other.years if year in principal.years)
    shaped = shape_ages(other, population.ages.open_from, years)
    weights = _members(principal, service, shaped)
    at = [principal.years.index(year) for year in years]
    same = replace(
        rates,
        ratio=rates.ratio @ weights.T,
        estimated_share=rates.estimated_share @ weights.T,
        group=rates.group[weights.argmax(axis=1)],
    )
    found = project(shaped, same, _path_of(principal.path.at(at), weights))
    tables = []
    for level, (codes, _, label) in places_of(shaped.areas).items():
        values = sum_by(found.values[service], label, len(codes))
        wide = pd.DataFrame(values, index=codes, columns=list(years))
        tables.append(_tidy_dots(wide.drop(index=WHOLE_FUKUSHIMA[0], errors="ignore"), level, "edition_2018"))
    return pd.concat(tables, ignore_index=True)[columns]


def _ministry(level: str, edition: str) -> pd.DataFrame:
    if level == "area":
        return ministry_by_areas(edition)
    table = ministry_by_areas("339")
    return table.groupby(table.index.str[:2] if level == "prefecture" else np.full(len(table), NATION)).sum()


def _covered(other: Population, population: Population) -> npt.NDArray[np.bool_]:
    """Areas of the other edition that the projection has, and Fukushima if it has all of its areas."""
    codes = set(population.areas["area_code"])
    if (population.areas["prefecture_code"] == WHOLE_FUKUSHIMA[0][:2]).any():
        codes.add(WHOLE_FUKUSHIMA[0])
    return other.areas["area_code"].isin(codes).to_numpy()


def _members(principal: Projection, service: int, other: Population) -> FloatArray:
    """Weight of every area of the projection in those of the other edition; rows add up to 1."""
    ours = principal.population.areas
    years = principal.years
    base = principal.values[service][:, years.index(min(max(principal.rates.base_year, years[0]), years[-1]))]
    same = other.areas["area_code"].to_numpy()[:, None] == ours["area_code"].to_numpy()
    whole = (other.areas["area_code"] == WHOLE_FUKUSHIMA[0]).to_numpy()[:, None] & (
        ours["prefecture_code"] == WHOLE_FUKUSHIMA[0][:2]
    ).to_numpy()
    weights = np.where(whole, base, same.astype(np.float64))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _path_of(path: RatePath, weights: FloatArray) -> RatePath:
    """The path of unions of areas: mean factors, sums of added patients and of ceilings."""
    member = weights > 0

    def mean(factor: FloatArray) -> FloatArray:
        return factor if factor.shape[1] == 1 else np.einsum("ua,kaysg->kuysg", weights, factor)

    def total(values: FloatArray) -> FloatArray:
        full = np.broadcast_to(values, (values.shape[0], weights.shape[1], values.shape[2]))
        return np.stack([full[:, inside].sum(axis=1) for inside in member], axis=1)

    return RatePath(mean(path.factor), total(path.added), total(path.ceiling), path.trend)


def _tidy_dots(wide: pd.DataFrame, level: str, series: str) -> pd.DataFrame:
    """One row a place and year from a table of places × years."""
    import pandas as pd

    stacked = wide.rename_axis(index="code", columns="year").stack()
    out = pd.Series(stacked, name="value").reset_index()
    out.insert(0, "level", level)
    out.insert(2, "series", series)
    return out
