"""Several scenarios side by side: values, peaks and unmet demand of the nation, prefectures and areas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.areas.municipalities import WHOLE_FUKUSHIMA
from zaitaku_demand.errors import InputError
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.job import JobInputs, job_inputs, project_scenario
from zaitaku_demand.projection.project import Projection, project
from zaitaku_demand.scenarios.apply import without_limits
from zaitaku_demand.scenarios.changes import unmet
from zaitaku_demand.scenarios.resolve import resolve, shipped_scenarios
from zaitaku_demand.scenarios.schema import BASE, Scenario
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

NATION = ("00", "全国")
ALL_PREFECTURES = 47


@dataclass(frozen=True)
class ScenarioComparison:
    """Scenarios of one service beside 現状投影.

    Attributes
    ----------
    service : str
    unit : Text
    years, grid_years : tuple of int
    base_year : int
    scenarios : DataFrame
        scenario, level (nation, prefecture, area), code, name, year (annual steps), value, against_base (difference from
        現状投影 of the edition's own population).
    peaks : DataFrame
        scenario, level, code, name, peak_year (annual steps), censored, peak_value, peak_year_grid.
    unmet : DataFrame
        scenario, level, code, name, year, demand, served, unmet: only where a limit of supply binds.
    names, notes : dict of str to Text
        By scenario id, 現状投影 first.
    skipped : dict of str to Text
        Scenarios that could not be computed for these rates or tables, and why.
    """

    service: str
    unit: Text
    years: tuple[int, ...]
    grid_years: tuple[int, ...]
    base_year: int
    scenarios: pd.DataFrame
    peaks: pd.DataFrame
    unmet: pd.DataFrame
    names: dict[str, Text]
    notes: dict[str, Text]
    skipped: dict[str, Text]


@dataclass(frozen=True)
class _Places:
    """Nation, prefectures and areas, and what adds areas up to them."""

    table: pd.DataFrame
    sums: FloatArray


def compare_scenarios(
    parameters: RunParameters,
    scenarios: Iterable[str | Scenario] | None = None,
    *,
    skip_unusable: bool = False,
) -> ScenarioComparison:
    """Compute scenarios of the first service of a run.

    Population and rates are read once; only a scenario with its own population reads another.

    Parameters
    ----------
    parameters : RunParameters
        Its own `scenarios` are not used.
    scenarios : iterable of str or Scenario, optional
        Names, files or differences (see `resolve`), or scenarios; the shipped ones if None. 現状投影 is always the first.
    skip_unusable : bool
        Whether a scenario that does not fit these rates or tables is named in `skipped`; by default it is an error.

    Raises
    ------
    InputError
        If a parameter or scenario cannot be used.
    """
    wanted = shipped_scenarios().values() if scenarios is None else scenarios
    chosen = _chosen(wanted)
    parameters = parameters.model_copy(update={"services": parameters.services[:1]})
    inputs = job_inputs(parameters)
    places = _places(inputs)
    base: FloatArray | None = None
    values, peaks, lacking = [], [], []
    skipped: dict[str, Text] = {}
    for scenario in chosen:
        try:
            own = inputs if scenario.population is None else job_inputs(parameters, scenario.population)
            grid, annual = project_scenario(own, scenario)
            _require_same_places(inputs, own, scenario)
        except InputError as error:
            if not skip_unusable:
                raise
            skipped[scenario.id] = error.found
            continue
        found = places.sums @ annual.values[0]
        base = found if base is None else base
        values.append(_value_table(scenario, places, annual.years, found, base))
        peaks.append(_peak_table(scenario, places, annual, grid))
        if scenario.supply:
            lacking.append(_unmet_table(scenario, places, annual))
    rates = inputs.rates
    done = [each for each in chosen if each.id not in skipped]
    empty = pd.DataFrame(columns=["scenario", "level", "code", "name", "year", "demand", "served", "unmet"])
    return ScenarioComparison(
        service=rates.services[0],
        unit=rates.units[0],
        years=inputs.annual.years,
        grid_years=inputs.grid.years,
        base_year=rates.base_year,
        scenarios=pd.concat(values, ignore_index=True),
        peaks=pd.concat(peaks, ignore_index=True),
        unmet=pd.concat(lacking, ignore_index=True) if lacking else empty,
        names={each.id: each.name for each in done},
        notes={each.id: each.note for each in done},
        skipped=skipped,
    )


def _chosen(wanted: Iterable[str | Scenario]) -> list[Scenario]:
    out = [shipped_scenarios()[BASE]]
    for each in wanted:
        scenario = resolve(each) if isinstance(each, str) else each
        if scenario.id in {other.id for other in out}:
            if scenario in out:
                continue
            raise InputError(
                Text(f"シナリオのID「{scenario.id}」が重なる", f"two scenarios have the id '{scenario.id}'"),
                Text("id を変えてください", "give them different ids"),
            )
        out.append(scenario)
    return out


def _require_same_places(inputs: JobInputs, own: JobInputs, scenario: Scenario) -> None:
    same = own.annual.years == inputs.annual.years and (
        own.annual.areas["area_code"].tolist() == inputs.annual.areas["area_code"].tolist()
    )
    if not same:
        raise InputError(
            Text(
                f"シナリオ「{scenario.name.ja}」の人口は圏域または年が異なる",
                f"the population of the scenario '{scenario.name.en}' has other areas or years",
            ),
            Text("同じ圏域・期間の人口を指定してください", "give a population of the same areas and years"),
        )


def _places(inputs: JobInputs) -> _Places:
    """The nation only where the run covers it; Fukushima as a whole is a prefecture but no area."""
    areas = inputs.annual.areas
    columns = ["level", "code", "name"]
    prefectures = areas.drop_duplicates("prefecture_code").sort_values("prefecture_code")
    single = (areas["area_code"] != WHOLE_FUKUSHIMA[0]).to_numpy()
    parts = []
    sums = []
    if len(prefectures) == ALL_PREFECTURES:
        parts.append(pd.DataFrame([("nation", *NATION)], columns=columns))
        sums.append(np.ones((1, len(areas))))
    named = prefectures[["prefecture_code", "prefecture_name"]].set_axis(columns[1:], axis=1)
    parts.append(named.assign(level="prefecture")[columns])
    codes = areas["prefecture_code"].to_numpy()
    sums.append((prefectures["prefecture_code"].to_numpy()[:, None] == codes).astype(float))
    own = areas[single][["area_code", "area_name"]].set_axis(columns[1:], axis=1)
    parts.append(own.assign(level="area")[columns])
    sums.append(np.eye(len(areas))[single])
    return _Places(pd.concat(parts, ignore_index=True), np.concatenate(sums))


def _keyed(scenario: Scenario, places: _Places, years: tuple[int, ...]) -> pd.DataFrame:
    table = places.table.loc[places.table.index.repeat(len(years))].reset_index(drop=True)
    table.insert(0, "scenario", scenario.id)
    table["year"] = np.tile(np.array(years), len(places.table))
    return table


def _value_table(
    scenario: Scenario, places: _Places, years: tuple[int, ...], found: FloatArray, base: FloatArray
) -> pd.DataFrame:
    table = _keyed(scenario, places, years)
    table["value"] = found.ravel()
    table["against_base"] = (found - base).ravel()
    return table


def _peak_table(scenario: Scenario, places: _Places, annual: Projection, grid: Projection) -> pd.DataFrame:
    found = places.sums @ annual.values[0]
    table = places.table.copy()
    table.insert(0, "scenario", scenario.id)
    table["peak_year"] = np.array(annual.years)[found.argmax(axis=1)]
    table["censored"] = table["peak_year"] == annual.years[-1]
    table["peak_value"] = found.max(axis=1)
    on_grid = places.sums @ grid.values[0]
    table["peak_year_grid"] = np.array(grid.years)[on_grid.argmax(axis=1)]
    return table


def _unmet_table(scenario: Scenario, places: _Places, annual: Projection) -> pd.DataFrame:
    """Demand, what is served and what is left, in the places and years in which a limit binds."""
    free = project(annual.population, annual.rates, without_limits(annual.path)).values[0]
    table = _keyed(scenario, places, annual.years)
    table["demand"] = (places.sums @ free).ravel()
    table["served"] = (places.sums @ annual.values[0]).ravel()
    table["unmet"] = (places.sums @ unmet(free, annual.values[0])).ravel()
    return table[table["unmet"] > 0].reset_index(drop=True)
