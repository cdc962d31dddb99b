"""From the main job to everything its report shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from zaitaku_demand.areas.municipalities import WHOLE_FUKUSHIMA
from zaitaku_demand.areas.outlines import outlines
from zaitaku_demand.areas.system import OFFICIAL_EDITIONS
from zaitaku_demand.explanation import describe, explain, run_notes, run_title
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.certified import (
    CARE_REFERENCE_YEARS,
    Certified,
    double_need,
    project_certified,
)
from zaitaku_demand.projection.compare import COMPARABLE_EDITIONS, compare_official
from zaitaku_demand.projection.job import BAND_VARIANTS, MainJob, main_job, peak_years_with_band, shape_ages
from zaitaku_demand.projection.national_ages import national_by_age
from zaitaku_demand.projection.peak import LATE_PEAK, find_peaks, peak_class, tidy_peaks
from zaitaku_demand.projection.project import Projection, project
from zaitaku_demand.rates.certification import read_certified
from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS, services
from zaitaku_demand.report.content import ReportContent, ServiceLabel
from zaitaku_demand.sources.issues import issues_touching
from zaitaku_demand.sources.registry import SourceFile, registry
from zaitaku_demand.store.tables import read_provenance

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

ALL_PREFECTURES = 47


def compute(parameters: RunParameters) -> ReportContent:
    """Run the main job and put together what its report shows.

    Parameters
    ----------
    parameters : RunParameters

    Returns
    -------
    ReportContent

    Raises
    ------
    InputError
        If a parameter, file or table cannot be used; nothing has been written then.
    """
    return report_content(main_job(parameters))


def report_content(job: MainJob) -> ReportContent:
    """What the report of a computed job shows.

    Raises
    ------
    InputError
        If a table or the user's own table of certified persons cannot be used.
    """
    grid, annual = job.grid, job.annual
    shown = _years(annual, _shown_years(grid))
    peaks = _peaks(job)
    bands = _band_counts(peaks, grid)
    certified = _certified(job, shown.years)
    certified_table = certified.tidy()
    comparison = _comparison(job)
    tables = _tables_used(job)
    return ReportContent(
        title=run_title(job),
        parameters=describe(job),
        main_service=grid.rates.services[0],
        services=_labels(job),
        grid_years=grid.years,
        base_year=grid.rates.base_year,
        projection=shown.tidy(),
        annual=annual.tidy()[["area_code", "service", "year", "value"]],
        prefecture=_prefectures(shown),
        national=_national(shown),
        national_by_age=national_by_age(annual),
        peaks=peaks,
        certified=certified_table,
        certified_summary=_certified_summary(certified_table),
        double_need=_double_need(job, certified, shown),
        band_counts=bands,
        comparison=comparison,
        explanation=explain(job, bands, comparison),
        notes=run_notes(job),
        sources=_sources(tables, grid.rates.base_year),
        issues=issues_touching(tables),
        boundaries=_outlines(job),
        prefecture_name=_covered(job),
    )


def _shown_years(grid: Projection) -> tuple[int, ...]:
    years = set(grid.years)
    if grid.years[0] <= grid.rates.base_year <= grid.years[-1]:
        years.add(grid.rates.base_year)
    return tuple(sorted(years))


def _years(annual: Projection, years: tuple[int, ...]) -> Projection:
    places = [annual.years.index(year) for year in years]
    population = replace(annual.population, values=annual.population.values[:, places], years=years)
    return Projection(annual.values[:, :, places], population, annual.rates, annual.path.at(places))


def _peaks(job: MainJob) -> pd.DataFrame:
    import pandas as pd

    frame = tidy_peaks(find_peaks(job.grid, job.annual), job.grid)
    for band in BAND_VARIANTS:
        frame[f"peak_year_grid_{band}"] = peak_years_with_band(job, band)
    for band in BAND_VARIANTS:
        frame[f"peak_year_grid_{band}"] = frame[f"peak_year_grid_{band}"].astype(pd.Int64Dtype())
    return frame[frame["area_code"] != WHOLE_FUKUSHIMA[0]].reset_index(drop=True)


def _band_counts(peaks: pd.DataFrame, grid: Projection) -> pd.DataFrame:
    import pandas as pd

    main = peaks[peaks["service"] == grid.rates.services[0]]
    rows = []
    for band in BAND_VARIANTS:
        years = main[f"peak_year_grid_{band}"].dropna()
        if years.empty:
            continue
        counts = years.value_counts()
        listed = "・".join(
            f"{peak_class(year, grid.years).ja} {int(counts.get(year, 0))}" for year in grid.years
        )
        rows.append((f"{band}+", len(years), int((years >= LATE_PEAK).sum()), listed))
    return pd.DataFrame(rows, columns=["open_band", "areas", "peak_2040_or_later", "by_class"])


def _certified(job: MainJob, years: tuple[int, ...]) -> Certified:
    """Certified persons on the years shown; open bands below 90 are of no use there, so 90 is taken."""
    age = max(job.parameters.open_band, 90)
    shaped = shape_ages(job.population, age, years)
    reference = shape_ages(job.population, age, CARE_REFERENCE_YEARS)
    given = job.parameters.certified_file
    return project_certified(shaped, reference, counts=None if given is None else read_certified(given))


def _double_need(job: MainJob, certified: Certified, shown: Projection) -> pd.DataFrame:
    import pandas as pd

    empty = pd.DataFrame(
        columns=[
            "area_code",
            "area_name",
            "prefecture_code",
            "prefecture_name",
            "year",
            "lower",
            "independent",
            "upper",
        ]
    )
    if HOME_VISIT_PATIENTS not in shown.rates.services or shown.population.ages.open_from < 90:
        return empty
    need = double_need(shown, certified, shown.rates.services.index(HOME_VISIT_PATIENTS))
    areas = job.population.areas[["area_code", "area_name", "prefecture_code", "prefecture_name"]]
    frame = areas.loc[areas.index.repeat(len(shown.years))].reset_index(drop=True)
    frame["year"] = list(shown.years) * len(areas)
    frame["unit"] = "人／月"
    for name in ("lower", "independent", "upper"):
        frame[name] = getattr(need, name).ravel()
    frame["state"] = "estimated"
    return frame


def _certified_summary(certified: pd.DataFrame) -> pd.DataFrame:
    keys = ["area_code", "area_name", "prefecture_code", "prefecture_name", "year", "level"]
    return certified.groupby(keys, sort=False)["value"].sum().reset_index()


def _prefectures(shown: Projection) -> pd.DataFrame:
    import pandas as pd

    codes, values = shown.by_prefecture()
    names = shown.population.areas.drop_duplicates("prefecture_code").set_index("prefecture_code")[
        "prefecture_name"
    ]
    index = pd.MultiIndex.from_product(
        [shown.rates.services, codes, shown.years], names=["service", "prefecture_code", "year"]
    )
    frame = pd.Series(values.ravel(), index=index, name="value").reset_index()
    frame.insert(2, "prefecture_name", frame["prefecture_code"].map(names))
    frame.insert(3, "unit", frame["service"].map(_units(shown)))
    frame["state"] = "estimated"
    return frame


def _national(shown: Projection) -> pd.DataFrame:
    import pandas as pd

    index = pd.MultiIndex.from_product([shown.rates.services, shown.years], names=["service", "year"])
    frame = pd.Series(shown.national().ravel(), index=index, name="value").reset_index()
    frame.insert(1, "unit", frame["service"].map(_units(shown)))
    frame["state"] = "estimated"
    return frame


def _units(shown: Projection) -> dict[str, str]:
    return {name: unit.ja for name, unit in zip(shown.rates.services, shown.rates.units, strict=True)}


def _covered(job: MainJob) -> str | None:
    """What the areas cover if that is not the whole country: a planner's own may be those of one prefecture."""
    names = job.population.areas["prefecture_name"].unique()
    if len(names) == ALL_PREFECTURES:
        return None
    return str(names[0]) if len(names) == 1 else f"対象{len(names)}都道府県"


def _labels(job: MainJob) -> dict[str, ServiceLabel]:
    rates = job.grid.rates
    known = services()
    return {
        name: ServiceLabel(name, label, known[name].short if name in known else label, unit)
        for name, label, unit in zip(rates.services, rates.names, rates.units, strict=True)
    }


def _comparison(job: MainJob) -> pd.DataFrame:
    import pandas as pd

    comparable = (
        job.population.system.edition in COMPARABLE_EDITIONS
        and job.parameters.prefecture is None
        and HOME_VISIT_PATIENTS in job.grid.rates.services
    )
    if not comparable:
        return pd.DataFrame(columns=["from_year", "to_year", "n", "correlation", "median_abs", "p95_abs"])
    # The ministry holds rates constant, so that is what is compared.
    constant = project(job.grid.population, job.grid.rates)
    return compare_official(constant, constant.rates.services.index(HOME_VISIT_PATIENTS))


def _tables_used(job: MainJob) -> list[str]:
    tables = ["area_units"]
    variant = job.scenario.population
    if job.parameters.population_file is None and (variant is None or variant.file is None):
        if job.parameters.edition == "2023":
            tables.append("population_2023_area330")
        elif job.population.system.by == "unit":
            tables.append("population_2018_units")
        else:
            tables.append("municipal_population_2018")
    if job.parameters.open_band > 90:
        tables += ["census_2020_oldest", "old_age_survival"]
    if job.parameters.own_rates is None:
        tables += ["population_reference", "ndb_sex_age"]
        tables += {"prefecture": ["ndb_prefecture"], "area": ["ndb_area"]}.get(job.parameters.rates, [])
    if any(shift.share_of_inpatients is not None for shift in job.scenario.beds):
        tables.append("hospital_beds")
    if job.scenario.follows_trend:
        tables.append("rate_forecast_error")
    tables += ["certification_rates", "certification_prefectures", "ministry_home_visits", "boundaries"]
    return tables


def _sources(tables: list[str], rate_year: int) -> list[SourceFile]:
    """Sources of the tables; of the NDB, which holds a workbook a year, those of the rates' year."""
    paths = dict.fromkeys(path for table in tables for path in read_provenance(table).sources)
    used = [path for path in paths if not path.startswith("ndb/") or f"_FY{rate_year}_" in path]
    return [registry()[path] for path in used]


def _outlines(job: MainJob) -> gpd.GeoDataFrame | None:
    edition = job.population.system.edition
    return outlines(edition, job.population.areas["area_code"]) if edition in OFFICIAL_EDITIONS else None
