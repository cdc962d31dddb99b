"""Results of the draws as arrays by level, and as the tables that the report shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.draws.draw_peaks import by_year, peak_quantile
from zaitaku_demand.projection.draws.factors import Principal, SourceId
from zaitaku_demand.projection.draws.table import NATION, PREFECTURES
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)
COLUMNS = {0.5: "median", 0.1: "lower_80", 0.9: "upper_80", 0.025: "lower_95", 0.975: "upper_95"}
NATION_NAME = "全国"


@dataclass(frozen=True)
class LevelResult:
    """Results of all places of one level; NaN where the projection itself has none.

    Attributes
    ----------
    level : str
        area, prefecture or nation.
    codes, names, prefecture_codes : tuple of str
    years : tuple of int
    principal : array (years, places)
        Row 0 of the draws, which is the projection itself.
    quantiles : array (quantiles, years, places)
        Over the random runs.
    principal_peak : array (places,)
        Year of the peak of the projection on annual steps.
    peak_probability, plateau : array (years, places)
        Share of the runs that peak in the year; that are within 1 % of their own peak in it.
    growth_principal : array (places,)
        Value at the peak over the value in the base year of the same run; NaN where that is 0.
    growth : array (quantiles, places)
    """

    level: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    prefecture_codes: tuple[str, ...]
    years: tuple[int, ...]
    principal: FloatArray
    quantiles: FloatArray
    principal_peak: FloatArray
    peak_probability: FloatArray
    plateau: FloatArray
    growth_principal: FloatArray
    growth: FloatArray

    def keys(self, each: int = 1) -> dict[str, npt.NDArray[np.object_]]:
        """Keys of every row, `each` rows a place."""
        columns = {"code": self.codes, "name": self.names, "prefecture_code": self.prefecture_codes}
        rows = {name: np.repeat(np.array(of, dtype=object), each) for name, of in columns.items()}
        return {"level": np.full(len(self.codes) * each, self.level, dtype=object), **rows}


@dataclass(frozen=True)
class DrawResult:
    """Results of the draws for one service.

    Attributes
    ----------
    years : tuple of int
    base_year : int
        Of the rates, or the nearest year of the projection.
    runs, seed : int
    sources : tuple of str
        Sources that were switched on.
    quantiles : tuple of float
    area, prefecture, nation : LevelResult
        `nation` is the sum of the areas at hand; the tables show it only if they are the whole country.
    """

    years: tuple[int, ...]
    base_year: int
    runs: int
    seed: int
    sources: tuple[SourceId, ...]
    quantiles: tuple[float, ...]
    area: LevelResult
    prefecture: LevelResult
    nation: LevelResult

    @property
    def levels(self) -> tuple[LevelResult, ...]:
        """Levels that the tables show, the largest first."""
        whole = len(self.prefecture.codes) == PREFECTURES
        return (self.nation, self.prefecture, self.area) if whole else (self.prefecture, self.area)

    def intervals(self) -> pd.DataFrame:
        """level, code, name, prefecture_code, year, principal, median and the limits of the 80 and 95 % intervals."""
        import pandas as pd

        places = self._interval_places()
        frames = []
        for one in self.levels:
            columns: dict[str, object] = {**one.keys(len(self.years)), "year": self._years(one)}
            columns["principal"] = one.principal.T.ravel()
            for name, place in places.items():
                columns[name] = one.quantiles[place].T.ravel()
            frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True)

    def peak_years(self) -> pd.DataFrame:
        """level, code, name, prefecture_code, year, probability of the peak in it, by_year, plateau."""
        import pandas as pd

        frames = []
        for one in self.levels:
            columns: dict[str, object] = {**one.keys(len(self.years)), "year": self._years(one)}
            columns["probability"] = one.peak_probability.T.ravel()
            columns["by_year"] = by_year(one.peak_probability.T).ravel()
            columns["plateau"] = one.plateau.T.ravel()
            frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True)

    def peaks(self) -> pd.DataFrame:
        """level, code, name, prefecture_code, principal, median, lower_80, upper_80 (years), censored.

        Years are missing where the projection has no value.
        """
        import pandas as pd

        frames = []
        for one in self.levels:
            years = {"principal": one.principal_peak}
            for name, share in (("median", 0.5), ("lower_80", 0.1), ("upper_80", 0.9)):
                years[name] = peak_quantile(one.peak_probability.T, self.years, share)
            columns: dict[str, object] = {**one.keys()}
            for name, year in years.items():
                columns[name] = pd.Series(year).astype("Int64")
            columns["censored"] = one.peak_probability[-1]
            frames.append(pd.DataFrame(columns))
        return _whole_years(
            pd.concat(frames, ignore_index=True), ("principal", "median", "lower_80", "upper_80")
        )

    def growth(self) -> pd.DataFrame:
        """level, code, name, prefecture_code, principal, median, lower_80, upper_80, lower_95, upper_95.

        Value at the peak over that of the base year, both of the same run: what is uncertain about the present level
        is in both and cancels.
        """
        import pandas as pd

        places = self._interval_places()
        frames = []
        for one in self.levels:
            columns: dict[str, object] = {**one.keys(), "principal": one.growth_principal}
            for name, place in places.items():
                columns[name] = one.growth[place]
            frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True)

    def _years(self, one: LevelResult) -> npt.NDArray[np.int64]:
        return np.tile(np.array(self.years), len(one.codes))

    def _interval_places(self) -> dict[str, int]:
        absent = [share for share in COLUMNS if share not in self.quantiles]
        if absent:
            raise InputError(
                Text(
                    f"分位点 {absent[0]} が計算されていない",
                    f"the quantile {absent[0]} has not been computed",
                ),
                Text("既定の分位点で計算し直してください", "compute again with the default quantiles"),
            )
        return {name: self.quantiles.index(share) for share, name in COLUMNS.items()}


def empty_levels(
    principal: Principal, quantiles: tuple[float, ...]
) -> tuple[LevelResult, LevelResult, LevelResult]:
    """Areas, prefectures and the nation of a projection, all figures still unknown."""
    areas = principal.projection.population.areas
    prefectures = areas.drop_duplicates("prefecture_code").sort_values("prefecture_code")
    years = principal.projection.years

    def level(name: str, codes: list[str], names: list[str], parents: list[str]) -> LevelResult:
        count = len(codes)
        return LevelResult(
            name,
            tuple(codes),
            tuple(names),
            tuple(parents),
            years,
            principal=np.full((len(years), count), np.nan),
            quantiles=np.full((len(quantiles), len(years), count), np.nan),
            principal_peak=np.full(count, np.nan),
            peak_probability=np.full((len(years), count), np.nan),
            plateau=np.full((len(years), count), np.nan),
            growth_principal=np.full(count, np.nan),
            growth=np.full((len(quantiles), count), np.nan),
        )

    own = prefectures["prefecture_code"].tolist()
    return (
        level(
            "area",
            areas["area_code"].tolist(),
            areas["area_name"].tolist(),
            areas["prefecture_code"].tolist(),
        ),
        level("prefecture", own, prefectures["prefecture_name"].tolist(), own),
        level("nation", [NATION], [NATION_NAME], [NATION]),
    )


def _whole_years(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Plain integers where no year is missing."""
    known = [name for name in columns if not frame[name].isna().any()]
    return frame.astype(dict.fromkeys(known, "int64"))
