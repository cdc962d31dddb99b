"""National utilisation rates by sex and age from the NDB Open Data.

A rate is the claims of a fiscal year, divided by 12, over the population of 1 October of that year:
persons (or visits) a month for one inhabitant. The claims are those of the whole country, so the place
of the institution does not matter at this level.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands, merge_ages
from zaitaku_demand.errors import InputError
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

MONTHS = 12
NDB_AGES = AgeBands.five_year(90)
SPLIT_AGES = AgeBands((*NDB_AGES.bands[:-1], (90, 95), (95, None)))
RATE_YEARS = tuple(range(2014, 2023))
LATEST_RATE_YEAR = RATE_YEARS[-1]
DEFAULT_OPEN_BAND = 95


def national_profile(
    services: tuple[str, ...],
    year: int,
    sexes: tuple[str, ...],
    open_band: int,
    ratio_95plus: float | None = None,
) -> FloatArray:
    """Rates by service, sex and age.

    Parameters
    ----------
    services : tuple of str
    year : int
        Fiscal year, 2014 to 2022.
    sexes : tuple of str
        ``("both",)`` or ``("male", "female")``.
    open_band : int
        75, 80, 85 or 90 (bands of the source merged), or 95 (90+ split, see `split_top_rate`).
    ratio_95plus : float, optional
        Rate of the 95+ over that of the 90-94; by default it follows from the age gradient of the rates.

    Returns
    -------
    array (services, sexes, ages)

    Raises
    ------
    InputError
        If a service was not published for that year.
    """
    counts = national_counts(services, year, sexes) / MONTHS
    if open_band <= NDB_AGES.open_from:
        people = reference_population(year, sexes, NDB_AGES).sum(axis=0)
        bands = NDB_AGES.with_open_band(open_band)
        return merge_ages(counts, NDB_AGES, bands) / merge_ages(people, NDB_AGES, bands)
    people = reference_population(year, sexes, SPLIT_AGES).sum(axis=0)
    closed = counts[..., :-1] / people[:, :-2]
    top = split_top_rate(closed, counts[..., -1], people[:, -2], people[:, -1], ratio_95plus)
    return np.concatenate([closed, top], axis=-1)


def split_top_rate(
    closed: FloatArray,
    top_count: FloatArray,
    people_90_94: FloatArray,
    people_95plus: FloatArray,
    ratio: float | None = None,
) -> FloatArray:
    """Rates of 90-94 and 95+ that together give the count of the 90+.

    By default the logarithm of the rate goes on with one constant second difference d after 85-89::

        ln r(90-94) - ln r(85-89) = g + d,   ln r(95+) - ln r(90-94) = g + 2 d

    where g = ln r(85-89) - ln r(80-84); d is solved for, so that
    ``r(90-94) N(90-94) + r(95+) N(95+)`` equals the count. Nothing but the rates' own age gradient enters.

    Parameters
    ----------
    closed : array (services, sexes, ages)
        Rates up to 85-89.
    top_count : array (services, sexes)
        Monthly count of the 90+.
    people_90_94, people_95plus : arrays (sexes,)
    ratio : float, optional
        r(95+) / r(90-94), if given instead.

    Returns
    -------
    array (services, sexes, 2)
    """
    if ratio is not None:
        base = top_count / (people_90_94 + ratio * people_95plus)
        return np.stack([base, ratio * base], axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        gradient = np.log(closed[..., -1]) - np.log(closed[..., -2])
        overall = np.log(top_count / (people_90_94 + people_95plus)) - np.log(closed[..., -1])
    share = people_95plus / (people_90_94 + people_95plus)
    usable = np.isfinite(gradient) & np.isfinite(overall)
    step = np.where(usable, gradient, 0.0)
    target = np.where(usable, overall, 0.0)
    curvature = _solve_curvature(step, target, np.broadcast_to(share, step.shape))
    # Without events just below the open band there is no gradient: both parts take the rate of the 90+.
    growth = np.where(usable, np.exp(step + 2 * curvature), 1.0)
    base = top_count / (people_90_94 + growth * people_95plus)
    return np.stack([base, growth * base], axis=-1)


def _solve_curvature(step: FloatArray, target: FloatArray, share: FloatArray) -> FloatArray:
    """d with (step + d) + ln(1 - share + share exp(step + 2 d)) = target, by bisection (it rises in d)."""
    low = np.full(step.shape, -20.0)
    high = np.full(step.shape, 20.0)
    for _ in range(80):
        middle = 0.5 * (low + high)
        value = step + middle + np.log1p(share * np.expm1(step + 2 * middle))
        above = value > target
        high = np.where(above, middle, high)
        low = np.where(above, low, middle)
    return np.asarray(0.5 * (low + high))


def national_counts(services: tuple[str, ...], year: int, sexes: tuple[str, ...]) -> FloatArray:
    """Claims of a fiscal year, array (services, sexes, 19 ages)."""
    table = read_table("ndb_sex_age")
    table = table[table["fiscal_year"] == year]
    published = set(table["service"].unique())
    for name in services:
        if name not in published:
            raise InputError(
                Text(f"{year}年度の「{name}」は公表されていない", f"'{name}' was not published for FY{year}"),
                Text(
                    "2014～2022年度のうち公表のある年度を --rate-year で指定してください",
                    "choose a fiscal year in which it was published with --rate-year",
                ),
            )
    wide = table.set_index(["service", "sex", "age"])["value"].unstack("age")[list(NDB_AGES.labels)]
    out = np.stack([wide.loc[name].loc[["male", "female"]].to_numpy(dtype=np.float64) for name in services])
    return out if len(sexes) == 2 else out.sum(axis=1, keepdims=True)


def reference_population(year: int, sexes: tuple[str, ...], ages: AgeBands) -> FloatArray:
    """Population of 1 October of a fiscal year by prefecture, array (47, sexes, ages).

    `ages` is `NDB_AGES` or `SPLIT_AGES`.
    """
    table = read_table("population_reference")
    table = table[(table["year"] == year) & table["sex"].isin(sexes) & table["age"].isin(ages.labels)]
    wide = table.set_index(["prefecture_code", "sex", "age"])["persons"].unstack("age")[list(ages.labels)]
    stacked = [wide.xs(sex, level="sex").sort_index().to_numpy(dtype=np.float64) for sex in sexes]
    return np.stack(stacked, axis=1)
