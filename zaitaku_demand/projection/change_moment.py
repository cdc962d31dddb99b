"""One end of a change: a projection in a year, as people and rates by area, sex and age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.project import Projection
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Moment:
    """One end of a comparison: a projection (of a scenario) in a year.

    Attributes
    ----------
    projection : Projection
    year : int
    scenario : Text, optional
        Name of the scenario, for the sentences.
    """

    projection: Projection
    year: int
    scenario: Text | None = None


def cells_of(moment: Moment, services: tuple[str, ...]) -> dict[str, FloatArray]:
    """People (areas, sexes, ages), rate (services, areas, sexes, ages), and value, added, cut (services, areas)."""
    projection, rates = moment.projection, moment.projection.rates
    year = projection.years.index(moment.year)
    path = projection.path.at([year])
    places = [rates.services.index(each) for each in services]
    shape = (*projection.values.shape[:2], 1)
    people = projection.population.values[:, year]
    rate = np.stack(
        [
            rates.profile[k][rates.group] * path.factor_of(k)[:, 0] * rates.ratio[k][:, None, None]
            for k in places
        ]
    )
    added = np.broadcast_to(path.added, shape)[places, :, 0]
    ceiling = np.broadcast_to(path.ceiling, shape)[places, :, 0]
    wanted = (people * rate).sum(axis=(2, 3)) + added
    return {
        "people": people,
        "rate": rate,
        "value": projection.values[places, :, year],
        "added": added,
        "cut": np.maximum(wanted - ceiling, 0),
    }


def require_alike(before: Moment, after: Moment, services: tuple[str, ...]) -> None:
    both = (before.projection, after.projection)
    old, new = (each.population for each in both)
    if list(old.areas["area_code"]) != list(new.areas["area_code"]) or (old.sexes, old.ages) != (
        new.sexes,
        new.ages,
    ):
        raise InputError(
            Text(
                "比べる2つの推計の圏域・性別または年齢階級が異なる",
                "the two projections differ in areas, sexes or age bands",
            ),
            Text("同じ圏域・年齢階級で推計してください", "project both with the same areas and age bands"),
        )
    for moment in (before, after):
        years = moment.projection.years
        if moment.year not in years:
            raise InputError(
                Text(f"{moment.year}年の推計がない", f"there is no projection of {moment.year}"),
                Text(
                    f"{years[0]}～{years[-1]}年から選んでください",
                    f"choose a year from {years[0]} to {years[-1]}",
                ),
            )
    for each in services:
        if any(each not in projection.rates.services for projection in both):
            raise InputError(
                Text(
                    f"サービス「{each}」は推計に含まれていない",
                    f"the service '{each}' is not in the projection",
                ),
                Text("このサービスを含めて推計してください", "include it in the projection"),
            )
    rates = both[0].rates
    if len({rates.units[rates.services.index(each)] for each in services}) > 1:
        raise InputError(
            Text("単位の異なるサービスは合計できない", "services of different units cannot be added up"),
            Text("単位の同じサービスを指定してください", "choose services of one unit"),
        )
