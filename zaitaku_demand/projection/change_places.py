"""The effect of people, place by place: those of the place, the shift between its areas, size and age-sex mix.

Steps 2 and 3 of `projection.change`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands, Band
from zaitaku_demand.decomposition import das_gupta

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Level = Literal["nation", "prefecture", "area"]

LEVELS: tuple[Level, ...] = ("nation", "prefecture", "area")
NATION = "00"
PREFECTURES = 47
GROUP_STARTS = (65, 75, 85, 90)
"""Where the age groups of a reader begin; those above the open band are left out."""


@dataclass(frozen=True)
class PlaceEffects:
    """Effects of people at one level.

    Attributes
    ----------
    codes, names : list of str
        One a place.
    label : array (areas,) of int
        The place that an area lies in.
    people, structure : arrays (areas, groups)
        What an area adds to the effect of the place's people of an age group, and to that of the shift between areas.
    size, mix : arrays (places, groups)
        The people effect of the place as size and mix.
    growth : array (places, groups)
        Change of the number of people.
    """

    codes: list[str]
    names: list[str]
    label: IntArray
    people: FloatArray
    structure: FloatArray
    size: FloatArray
    mix: FloatArray
    growth: FloatArray


def places_of(areas: pd.DataFrame) -> dict[Level, tuple[list[str], list[str], IntArray]]:
    """Codes, names and the place of every area, by level."""
    codes = areas["prefecture_code"].to_numpy()
    order = sorted(set(codes))
    names = dict(zip(codes, areas["prefecture_name"], strict=True))
    out: dict[Level, tuple[list[str], list[str], IntArray]] = {}
    if len(order) == PREFECTURES:
        out["nation"] = ([NATION], ["全国"], np.zeros(len(areas), dtype=np.int64))
    position = {code: place for place, code in enumerate(order)}
    label = np.array([position[code] for code in codes], dtype=np.int64)
    out["prefecture"] = (order, [names[code] for code in order], label)
    out["area"] = (list(areas["area_code"]), list(areas["area_name"]), np.arange(len(areas), dtype=np.int64))
    return out


def place_effects(
    codes: list[str],
    names: list[str],
    label: IntArray,
    people: list[FloatArray],
    weight: FloatArray,
    ages: AgeBands,
    groups: AgeBands,
) -> PlaceEffects:
    """Steps 2 and 3: the effect of the people of areas as those of the place, its structure, its size and mix."""
    totals = [sum_by(each, label, len(codes)) for each in people]
    inside = shares_of_both(people, [total[label] for total in totals])
    here = [{"total": total[label], "share": share} for total, share in zip(totals, inside, strict=True)]
    by_area = nested_effects(here[0], here[1], weight)
    # What one more inhabitant of the place brings, spread over its areas as its people of that age are.
    rate = sum_by(weight * (inside[0] + inside[1]) / 2, label, len(codes))
    sizes = [total.sum(axis=(1, 2), keepdims=True) for total in totals]
    mixes = shares_of_both(totals, sizes)
    whole = [{"size": size, "mix": mix} for size, mix in zip(sizes, mixes, strict=True)]
    of_place = nested_effects(whole[0], whole[1], rate)

    return PlaceEffects(
        codes=codes,
        names=names,
        label=label,
        people=by_group(by_area["total"], ages, groups),
        structure=by_group(by_area["share"], ages, groups),
        size=by_group(of_place["size"], ages, groups),
        mix=by_group(of_place["mix"], ages, groups),
        growth=by_group(totals[1] - totals[0], ages, groups),
    )


def nested_effects(
    before: Mapping[str, npt.ArrayLike], after: Mapping[str, npt.ArrayLike], weight: npt.ArrayLike
) -> dict[str, FloatArray]:
    """Effects of factors whose product is weighted by something that does not change.

    The weight is the mean, over both times, of what stands outside this step.
    """

    def product(factors: Mapping[str, FloatArray]) -> FloatArray:
        out = np.asarray(weight, dtype=np.float64)
        for factor in factors.values():
            out = out * factor
        return out

    return {name: effect.effect for name, effect in das_gupta(before, after, product).items()}


def shares_of_both(parts: Sequence[FloatArray], wholes: Sequence[FloatArray]) -> list[FloatArray]:
    """Parts of a whole before and after.

    Where there is nobody at one time, the share is that of the other, so people who appear or vanish count as people
    and not as a shift; where there is nobody at both, it is 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        known = [part / whole for part, whole in zip(parts, wholes, strict=True)]
    empty = [np.broadcast_to(whole == 0, part.shape) for part, whole in zip(parts, wholes, strict=True)]
    nobody = empty[0] & empty[1]
    return [
        np.where(nobody, 0.0, np.where(empty[0], known[1], known[0])),
        np.where(nobody, 0.0, np.where(empty[1], known[0], known[1])),
    ]


def age_groups(ages: AgeBands) -> AgeBands:
    """Groups of a reader: 0-64, 65-74, 75-84, 85-89, 90+, as far as the open band allows."""
    first = ages.bands[0][0]
    starts = [first, *(start for start in GROUP_STARTS if first < start <= ages.open_from)]
    bands: list[Band] = [(low, high) for low, high in zip(starts, [*starts[1:], None], strict=True)]
    return AgeBands(tuple(bands))


def group_ids(groups: AgeBands) -> list[str]:
    """``0_64`` … ``90plus``."""
    return [f"{low}plus" if high is None else f"{low}_{high - 1}" for low, high in groups.bands]


def per_cent(effect: FloatArray, base: FloatArray) -> FloatArray:
    """Effect in per cent of `base`; NaN where that is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(base == 0, np.nan, 100 * effect / base)


def by_group(values: FloatArray, ages: AgeBands, groups: AgeBands) -> FloatArray:
    """Sums over sexes and the ages of a group, array (places, groups) from (places, sexes, ages)."""
    starts = [ages.index_from(low) for low, _ in groups.bands]
    return np.asarray(np.add.reduceat(values.sum(axis=1), starts, axis=-1))


def sum_by(values: FloatArray, label: IntArray, count: int) -> FloatArray:
    """Sums of the first axis by label; what is missing stays missing in its own place only."""
    out = np.zeros((count, *values.shape[1:]))
    np.add.at(out, label, values)
    return out
