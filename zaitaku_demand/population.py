"""Population by area, year, sex and age: one array with its edition, area system and age bands.

Sources: 国立社会保障・人口問題研究所「日本の地域別将来推計人口」, 2018 edition (平成30年推計, from 2015 to 2045, by sex,
without the municipalities of Fukushima) and 2023 edition (令和5年推計, from 2020 to 2050, here both
sexes together by the 330 areas).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands, merge_ages
from zaitaku_demand.areas.system import AreaSystem, require_members, resolve_system
from zaitaku_demand.errors import InputError
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
EDITIONS = ("2023", "2018")


@dataclass(frozen=True)
class Population:
    """Persons by area, year, sex and age.

    Attributes
    ----------
    values : array (areas, years, sexes, ages)
        Persons on 1 October.
    areas : DataFrame
        area_code, area_name, prefecture_code, prefecture_name, population_state; one row an area.
    years : tuple of int
    sexes : tuple of str
        ``("both",)`` or ``("male", "female")``.
    ages : AgeBands
    edition : str
        Edition of the projection (``2018``, ``2023`` or the user's label).
    system : AreaSystem
    open_band_state : str
        ``official``, or ``estimated`` once the published open band has been split.
    """

    values: FloatArray
    areas: pd.DataFrame
    years: tuple[int, ...]
    sexes: tuple[str, ...]
    ages: AgeBands
    edition: str
    system: AreaSystem
    open_band_state: str = "official"

    def __post_init__(self) -> None:
        shape = (len(self.areas), len(self.years), len(self.sexes), len(self.ages))
        if self.values.shape != shape:
            raise ValueError(f"values have shape {self.values.shape}, not {shape}")

    @property
    def open_band(self) -> str:
        """Label of the open band, such as ``90+``."""
        return self.ages.labels[-1]

    def merge_open_band(self, age: int) -> Population:
        """The same population with everybody from `age` up in one band."""
        coarse = self.ages.with_open_band(age)
        return replace(self, values=merge_ages(self.values, self.ages, coarse), ages=coarse)

    def aged(self, age: int) -> FloatArray:
        """Persons of `age` and over, array (areas, years)."""
        start = self.ages.index_from(age)
        return np.asarray(self.values[..., start:].sum(axis=(2, 3)))

    def at_years(self, years: tuple[int, ...]) -> Population:
        """Population in other years, by shape-preserving interpolation of every age group.

        Piecewise cubic Hermite interpolation (Fritsch & Carlson 1980, SIAM J. Numer. Anal. 17:238) through
        the published years; it never leaves the range of the two neighbouring published values, so it
        makes no peak of its own inside an age group. Published years come back unchanged.

        Raises
        ------
        InputError
            If a year lies outside the published ones.
        """
        first, last = self.years[0], self.years[-1]
        outside = [year for year in years if not first <= year <= last]
        if outside:
            raise InputError(
                Text(
                    f"{outside[0]}年は推計人口の範囲（{first}～{last}年）にない",
                    f"{outside[0]} lies outside the projection ({first}-{last})",
                ),
                Text("この範囲の年を指定してください", "choose a year inside that range"),
            )
        known = {year: position for position, year in enumerate(self.years)}
        if all(year in known for year in years):
            values = self.values[:, [known[year] for year in years]]
        else:
            from scipy.interpolate import PchipInterpolator

            curve = PchipInterpolator(np.array(self.years, dtype=np.float64), self.values, axis=1)
            values = np.asarray(curve(np.array(years, dtype=np.float64)))
            for position, year in enumerate(years):
                if year in known:
                    values[:, position] = self.values[:, known[year]]
        return replace(self, values=values, years=tuple(years))

    def select(self, keep: npt.NDArray[np.bool_]) -> Population:
        """The areas where `keep` is true."""
        return replace(self, values=self.values[keep], areas=self.areas[keep].reset_index(drop=True))

    def tidy(self) -> pd.DataFrame:
        """One row a figure: area_code, year, sex, age, persons."""
        import pandas as pd

        index = pd.MultiIndex.from_product(
            [self.areas["area_code"], self.years, self.sexes, self.ages.labels],
            names=["area_code", "year", "sex", "age"],
        )
        return pd.Series(self.values.ravel(), index=index, name="persons").reset_index()


def load_population(edition: str = "2023", areas: str | Path | AreaSystem | None = None) -> Population:
    """Population of an edition of the projection by an area system.

    Parameters
    ----------
    edition : str
        ``2023`` or ``2018``.
    areas : str, Path or AreaSystem, optional
        ``330``, ``335``, ``339``, ``344``, or the path of a CSV (municipality → area). Default: 330 for
        the 2023 edition, 335 for the 2018 edition.

    Raises
    ------
    InputError
        If the edition is unknown, or the 2023 edition is asked for by areas other than the 330 without
        the municipal age tables.
    """
    if edition not in EDITIONS:
        raise InputError(
            Text(f"推計人口の版「{edition}」はない", f"there is no edition '{edition}' of the projection"),
            Text("2023 または 2018 を指定してください", "choose 2023 or 2018"),
        )
    system = resolve_system(areas if areas is not None else {"2023": "330", "2018": "335"}[edition])
    if edition == "2023":
        if system.edition != "330":
            raise InputError(
                Text(
                    "令和5年推計の5歳階級人口は330圏域別にしか備えていない",
                    "the ages of the 2023 edition are at hand by the 330 areas only",
                ),
                Text(
                    "--edition 2018 を使うか、社人研の市区町村別男女5歳階級別人口のファイルを --population で渡してください",
                    "use --edition 2018, or pass the municipal age tables of the IPSS with --population",
                ),
            )
        return from_table(read_table("population_2023_area330"), system, edition, by_area=True)
    if system.by == "unit":
        return from_table(read_table("population_2018_units"), system, edition)
    from zaitaku_demand.areas.municipalities import require_no_fukushima

    require_no_fukushima(system)
    return from_table(read_table("municipal_population_2018"), system, edition)


def read_population(path: Path, edition: str, areas: str | Path | AreaSystem) -> Population:
    """Population from the municipal age tables that a user downloaded from the IPSS.

    Parameters
    ----------
    path : Path
        The published layout (municipality × year, ages by sex), CSV or workbook.
    edition : str
        ``2018`` or ``2023``.
    areas : str, Path or AreaSystem
    """
    from zaitaku_demand.areas.municipalities import finest_municipalities, municipal_system
    from zaitaku_demand.sources import ipss2018, ipss2023

    load = ipss2018.load_municipalities if edition == "2018" else ipss2023.load_municipality_ages
    # A planner may hold the file of one prefecture only.
    table = finest_municipalities(load(path, nationwide=False))
    return from_table(table, municipal_system(resolve_system(areas)), edition)


def from_table(table: pd.DataFrame, system: AreaSystem, edition: str, *, by_area: bool = False) -> Population:
    """Add a tidy table up to the areas of `system`.

    Parameters
    ----------
    table : DataFrame
        code (or area_code if `by_area`), year, sex, age, persons; optionally state.
    system : AreaSystem
    edition : str
    by_area : bool
        Whether the table is by the areas of `system` already.

    Raises
    ------
    InputError
        If a code has no area, or a cell of area × year × sex × age is missing or stands twice.
    """
    import pandas as pd

    key = "area_code" if by_area else "code"
    codes = table[key].unique()
    if by_area:
        area_of = pd.Series(codes, index=codes)
    else:
        first = table.drop_duplicates(key)
        names = dict(zip(first[key], first["name"], strict=True)) if "name" in table else {}
        if system.edition == "user":
            # A planner's table may cover whole prefectures only; the others are not asked for.
            table = table[table["code"].str[:2].isin(set(system.areas["prefecture_code"]))]
            codes = table["code"].unique()
        require_members(system, set(codes), names)
        area_of = system.membership.set_index("code")["area_code"]
    years = tuple(int(year) for year in sorted(table["year"].unique()))
    sexes = ("both",) if set(table["sex"].unique()) == {"both"} else ("male", "female")
    ages, order = _ordered_ages(table["age"])
    used = area_of.loc[codes]
    frame = system.areas[system.areas["area_code"].isin(used)].reset_index(drop=True)
    position = {code: row for row, code in enumerate(frame["area_code"])}
    shape = (len(frame), len(years), len(sexes), len(ages))
    flat = _positions(
        table, key, dict(zip(area_of.index, area_of.map(position), strict=True)), years, sexes, order
    )
    counts = np.bincount(flat, minlength=int(np.prod(shape)))
    members = used.map(position).value_counts().sort_index().to_numpy()
    expected = np.repeat(members, int(np.prod(shape[1:])))
    if not np.array_equal(counts, expected):
        wrong = int(np.flatnonzero(counts != expected)[0])
        area, year, sex, age = np.unravel_index(wrong, shape)
        place = f"{frame['area_code'][area]} {frame['area_name'][area]}, {years[year]}, {sexes[sex]}, {ages.labels[age]}"
        raise InputError(
            Text(
                f"人口の欠けまたは重複がある（{place}）",
                f"population figures are missing or stand twice ({place})",
            ),
            Text("元の表を確かめてください", "check the source table"),
        )
    persons = table["persons"].to_numpy(dtype=np.float64)
    values = np.asarray(np.bincount(flat, weights=persons, minlength=counts.size), dtype=np.float64)
    state = "official"
    if "state" in table:
        worst = table.assign(area=table[key].map(area_of)).groupby("area")["state"].max()
        frame["population_state"] = frame["area_code"].map(worst)
    else:
        frame["population_state"] = state
    return Population(values.reshape(shape), frame, years, sexes, ages, edition, system)


def _ordered_ages(column: pd.Series[str]) -> tuple[AgeBands, dict[str, int]]:
    from zaitaku_demand.ages import ordered_bands

    labels = list(column.unique())
    bands, order = ordered_bands(labels)
    return bands, {labels[source]: target for target, source in enumerate(order)}


def _positions(
    table: pd.DataFrame,
    key: str,
    area_position: dict[str, int],
    years: tuple[int, ...],
    sexes: tuple[str, ...],
    ages: dict[str, int],
) -> npt.NDArray[np.int64]:
    area = table[key].map(area_position).to_numpy(dtype=np.int64)
    year = table["year"].map({value: place for place, value in enumerate(years)}).to_numpy(dtype=np.int64)
    sex = table["sex"].map({value: place for place, value in enumerate(sexes)}).to_numpy(dtype=np.int64)
    age = table["age"].map(ages).to_numpy(dtype=np.int64)
    return ((area * len(years) + year) * len(sexes) + sex) * len(ages) + age
