"""Why a projection changes: exact effects of people, places and rates between two years or scenarios.

One service of an area is the sum over sex and age c of people × rate, plus the patients a scenario adds, less what its
ceiling cuts off. For areas a of one place (an area, a prefecture, the nation)::

    value = sum over a, c of  people[c] × share[a, c] × rate[a, c]  +  added  -  cut,     people[c] = size × mix[c]

with people[c] those of the place and share[a, c] the part of them who live in area a. The change is split in nested steps,
each of them Das Gupta's (an average over all orders, so that no factor is "changed first"):

1. people × rate, by area, sex and age: people living there, and rates;
2. the people living there into the people of the place and *structure*, the shift between its areas;
3. the people of the place into size and age-sex mix.

Every step divides what the step before gave (an Owen value), so all views agree with one another: size + mix is the sum
of the people effects of all ages. What is added and what is cut are terms of a sum, whose effect is their own change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.decomposition import das_gupta
from zaitaku_demand.projection.change_moment import Moment, cells_of, require_alike
from zaitaku_demand.projection.change_places import (
    LEVELS,
    Level,
    PlaceEffects,
    age_groups,
    by_group,
    group_ids,
    per_cent,
    place_effects,
    places_of,
    sum_by,
)
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.services import services as declared_services
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
View = Literal["ages", "factors", "rates_by_age"]

VIEWS: tuple[View, ...] = ("ages", "factors", "rates_by_age")


@dataclass(frozen=True)
class Change:
    """A change of one service, or of a sum of services, and its effects.

    Attributes
    ----------
    before, after : Moment
    services : tuple of str
    service_names : tuple of Text
    areas : DataFrame
        As in the population.
    groups : AgeBands
        Age groups of the effects.
    value_before, value_after : arrays (areas,)
    rates : array (areas, services, groups)
        Effect of the rates.
    added, ceiling : arrays (areas, services)
        Change of the added patients; change of what the ceiling cuts off, with its sign.
    levels : dict of level to PlaceEffects
        Without the nation if not all prefectures are there.
    """

    before: Moment
    after: Moment
    services: tuple[str, ...]
    service_names: tuple[Text, ...]
    areas: pd.DataFrame
    groups: AgeBands
    value_before: FloatArray
    value_after: FloatArray
    rates: FloatArray
    added: FloatArray
    ceiling: FloatArray
    levels: dict[Level, PlaceEffects]

    def effects(self, level: Level, view: View = "ages") -> dict[str, FloatArray]:
        """Effects by factor, arrays (places,); together they are the change.

        ``ages``: people by age group, rates by service. ``factors``: size, mix, rates by service.
        ``rates_by_age``: people and rates by age group. All: the shift between areas (not of a single area), and added
        patients and the ceiling where a projection has any.
        """
        place = self.levels[level]
        count = len(place.codes)
        out: dict[str, FloatArray] = {}
        if view == "factors":
            out |= {"size": place.size.sum(axis=1), "mix": place.mix.sum(axis=1)}
        else:
            people = sum_by(place.people, place.label, count)
            out |= {f"people_{name}": people[:, k] for k, name in enumerate(group_ids(self.groups))}
        if level != "area":
            out["structure"] = sum_by(place.structure.sum(axis=1), place.label, count)
        rates = sum_by(self.rates, place.label, count)
        if view == "rates_by_age":
            by_age = rates.sum(axis=1)
            out |= {f"rates_{name}": by_age[:, k] for k, name in enumerate(group_ids(self.groups))}
        elif len(self.services) == 1:
            out["rates"] = rates[:, 0].sum(axis=1)
        else:
            out |= {f"rates_{name}": rates[:, k].sum(axis=1) for k, name in enumerate(self.services)}
        for name, effect in (("added", self.added), ("ceiling", self.ceiling)):
            if (effect != 0).any():
                out[name] = sum_by(effect.sum(axis=1), place.label, count)
        return out

    def totals(self, level: Level) -> tuple[FloatArray, FloatArray]:
        """Values before and after, arrays (places,)."""
        place = self.levels[level]
        count = len(place.codes)
        return sum_by(self.value_before, place.label, count), sum_by(self.value_after, place.label, count)

    def frame(self, view: View = "ages") -> pd.DataFrame:
        """One row a place and factor: level, code, name, from_year, to_year, factor, effect, per_cent, before, after.

        `per_cent` is of the value before (NaN where that is 0); `before` and `after` are the place's values.
        """
        import pandas as pd

        tables = []
        for level, place in self.levels.items():
            before, after = self.totals(level)
            for factor, effect in self.effects(level, view).items():
                columns = {
                    "level": level,
                    "code": place.codes,
                    "name": place.names,
                    "from_year": self.before.year,
                    "to_year": self.after.year,
                    "factor": factor,
                    "effect": effect,
                    "per_cent": per_cent(effect, before),
                    "before": before,
                    "after": after,
                }
                tables.append(pd.DataFrame(columns).assign(_place=range(len(before))))
        out = pd.concat(tables, ignore_index=True)
        order = out["level"].map({level: k for k, level in enumerate(LEVELS)})
        out = out.assign(_level=order).sort_values(["_level", "_place"], kind="stable")
        return out.drop(columns=["_level", "_place"]).reset_index(drop=True)

    def by_place(self, level: Level, part: Level = "area") -> pd.DataFrame:
        """The change of every place of `level` as the sum of those of its parts.

        Parameters
        ----------
        level : str
            ``nation`` or ``prefecture``.
        part : str
            ``prefecture`` or ``area``.

        Returns
        -------
        DataFrame
            level, code, name, from_year, to_year, place_code, place_name, effect, per_cent (of the whole place's value
            before), and of the effect: people (its part of the place's people, at an unchanged share), structure (its gain or
            loss of share), rates, added, ceiling.
        """
        import pandas as pd

        whole, inner = self.levels[level], self.levels[part]
        count = len(inner.codes)
        outer = np.empty(count, dtype=np.int64)
        outer[inner.label] = whole.label
        pieces = {
            "people": whole.people.sum(axis=1),
            "structure": whole.structure.sum(axis=1),
            "rates": self.rates.sum(axis=(1, 2)),
            "added": self.added.sum(axis=1),
            "ceiling": self.ceiling.sum(axis=1),
        }
        change = sum_by(self.value_after - self.value_before, inner.label, count)
        frame = pd.DataFrame(
            {
                "level": level,
                "code": np.array(whole.codes, dtype=object)[outer],
                "name": np.array(whole.names, dtype=object)[outer],
                "from_year": self.before.year,
                "to_year": self.after.year,
                "place_code": inner.codes,
                "place_name": inner.names,
                "effect": change,
                "per_cent": per_cent(change, self.totals(level)[0][outer]),
                **{name: sum_by(piece, inner.label, count) for name, piece in pieces.items()},
            }
        )
        return frame.iloc[np.argsort(outer, kind="stable")].reset_index(drop=True)


def explain_change(before: Moment, after: Moment, services: tuple[str, ...] | None = None) -> Change:
    """Effects of a change between two years, two scenarios, or both.

    Parameters
    ----------
    before, after : Moment
        Of the same areas, sexes and ages.
    services : tuple of str, optional
        Ids; their sum is explained, with the rates of each apart. The first service by default.

    Raises
    ------
    InputError
        If areas, sexes or ages differ, a service or year is missing, or the services have different units.

    References
    ----------
    Das Gupta 1993, Standardization and Decomposition of Rates, US Bureau of the Census P23-186. Owen 1977, Values of games
    with a priori unions (nested Shapley values).
    """
    chosen = services or before.projection.rates.services[:1]
    require_alike(before, after, chosen)
    population = before.projection.population
    groups = age_groups(population.ages)
    cells = [cells_of(moment, chosen) for moment in (before, after)]
    mean_rate, rates = [], []
    for k in range(len(chosen)):
        sides = [{"people": cell["people"], "rate": cell["rate"][k]} for cell in cells]
        effects = das_gupta(sides[0], sides[1])
        rates.append(by_group(effects["rate"].effect, population.ages, groups))
        mean_rate.append((sides[0]["rate"] + sides[1]["rate"]) / 2)
    people = [cell["people"] for cell in cells]
    weight = np.sum(mean_rate, axis=0)
    values = [cell["value"].sum(axis=0) for cell in cells]
    return Change(
        before=before,
        after=after,
        services=chosen,
        service_names=tuple(_short_name(before.projection.rates, each) for each in chosen),
        areas=population.areas,
        groups=groups,
        value_before=values[0],
        value_after=values[1],
        rates=np.stack(rates, axis=1),
        added=(cells[1]["added"] - cells[0]["added"]).T,
        ceiling=(cells[0]["cut"] - cells[1]["cut"]).T,
        levels={
            level: place_effects(codes, labels, label, people, weight, population.ages, groups)
            for level, (codes, labels, label) in places_of(population.areas).items()
        },
    )


def _short_name(rates: Rates, identifier: str) -> Text:
    """Short name of a declared service, the given name of a user's own."""
    known = declared_services().get(identifier)
    return known.short if known is not None else rates.names[rates.services.index(identifier)]
