"""zaitaku-demand: demand for medical care at home (在宅医療) in Japan.

The whole way in five calls::

    import zaitaku_demand as zd

    population = zd.split_open_band(zd.load_population("2023", areas="330"))
    rates = zd.utilisation_rates(population, ("home_visit_patients",), year=2022, level="prefecture")
    projection = zd.project(population, rates)
    annual = zd.project(population.at_years(tuple(range(2020, 2051))), rates)
    peaks = zd.tidy_peaks(zd.find_peaks(projection, annual), projection)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "AgeBands": "ages",
    "BenchmarkRequest": "benchmark.request",
    "InputError": "errors",
    "Population": "population",
    "Projection": "projection.project",
    "Rates": "rates.model",
    "ResearchRequest": "research.request",
    "RunParameters": "parameters",
    "areas_of": "areas.changes",
    "benchmark_table": "benchmark.table",
    "build_panel": "research.build",
    "certification_rates": "rates.certification",
    "compare_official": "projection.compare",
    "compare_scenarios": "scenario_run",
    "compute": "run",
    "compute_benchmark": "benchmark_run",
    "compute_forecast": "forecast_run",
    "compute_research": "research_run",
    "double_need": "projection.certified",
    "draw_table": "projection.draws.table",
    "explain_change": "projection.change",
    "find_peaks": "projection.peak",
    "indicator_values": "indicators.compute",
    "load_population": "population",
    "main_job": "projection.job",
    "project": "projection.project",
    "project_certified": "projection.certified",
    "random_sources": "projection.draws.sources",
    "read_plan": "research.plan",
    "read_population": "population",
    "read_rates": "rates.user",
    "services": "rates.services",
    "simulate": "projection.draws.engine",
    "split_open_band": "open_band",
    "successor_codes": "areas.changes",
    "tidy_peaks": "projection.peak",
    "trend_path": "rates.trend",
    "utilisation_rates": "rates.build",
    "write_benchmark": "report.benchmark_write",
    "write_report": "report.write",
    "write_research": "report.research_write",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import zaitaku_demand` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'zaitaku_demand' has no attribute '{name}'")
    return getattr(import_module(f"zaitaku_demand.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from zaitaku_demand.ages import AgeBands
    from zaitaku_demand.areas.changes import areas_of, successor_codes
    from zaitaku_demand.benchmark.request import BenchmarkRequest
    from zaitaku_demand.benchmark.table import benchmark_table
    from zaitaku_demand.benchmark_run import compute_benchmark
    from zaitaku_demand.errors import InputError
    from zaitaku_demand.forecast_run import compute_forecast
    from zaitaku_demand.indicators.compute import indicator_values
    from zaitaku_demand.open_band import split_open_band
    from zaitaku_demand.parameters import RunParameters
    from zaitaku_demand.population import Population, load_population, read_population
    from zaitaku_demand.projection.certified import double_need, project_certified
    from zaitaku_demand.projection.change import explain_change
    from zaitaku_demand.projection.compare import compare_official
    from zaitaku_demand.projection.draws.engine import simulate
    from zaitaku_demand.projection.draws.sources import random_sources
    from zaitaku_demand.projection.draws.table import draw_table
    from zaitaku_demand.projection.job import main_job
    from zaitaku_demand.projection.peak import find_peaks, tidy_peaks
    from zaitaku_demand.projection.project import Projection, project
    from zaitaku_demand.rates.build import utilisation_rates
    from zaitaku_demand.rates.certification import certification_rates
    from zaitaku_demand.rates.model import Rates
    from zaitaku_demand.rates.services import services
    from zaitaku_demand.rates.trend import trend_path
    from zaitaku_demand.rates.user import read_rates
    from zaitaku_demand.report.benchmark_write import write_benchmark
    from zaitaku_demand.report.research_write import write_research
    from zaitaku_demand.report.write import write_report
    from zaitaku_demand.research.build import build_panel
    from zaitaku_demand.research.plan import read_plan
    from zaitaku_demand.research.request import ResearchRequest
    from zaitaku_demand.research_run import compute_research
    from zaitaku_demand.run import compute
    from zaitaku_demand.scenario_run import compare_scenarios
