"""From a run to everything its report says about certainty: draws, scenarios, reasons, backtest, other projections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaitaku_demand.areas.municipalities import WHOLE_FUKUSHIMA
from zaitaku_demand.backtest.age_gradient import gradient_finding
from zaitaku_demand.backtest.judge import NOTES as BACKTEST_NOTES
from zaitaku_demand.backtest.judge import compared_rows, default_method, default_reason, forecast_error
from zaitaku_demand.backtest.methods import AREA_METHODS
from zaitaku_demand.backtest.population import population_backtest_content
from zaitaku_demand.projection.change import explain_change
from zaitaku_demand.projection.change_moment import Moment
from zaitaku_demand.projection.change_words import change_names, change_sentences
from zaitaku_demand.projection.compare import COMPARABLE_EDITIONS
from zaitaku_demand.projection.compare_reasons import official_comparison
from zaitaku_demand.projection.dots import DOT_NAMES, edition_dots, ministry_dots
from zaitaku_demand.projection.draws.engine import Progress, simulate
from zaitaku_demand.projection.draws.factors import Principal, RandomSource
from zaitaku_demand.projection.draws.future_rates import NOTE as FUTURE_NOTE
from zaitaku_demand.projection.draws.settings import SOURCE_NAMES, DrawSettings
from zaitaku_demand.projection.draws.sources import random_sources, source_notes
from zaitaku_demand.projection.draws.table import DrawTable, draw_table
from zaitaku_demand.projection.draws.variance import source_shares
from zaitaku_demand.projection.job import MainJob
from zaitaku_demand.rates.model import LEVELS
from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS, services
from zaitaku_demand.rates.trend import service_methods
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.scenario_run import compare_scenarios
from zaitaku_demand.scenarios.resolve import shipped_scenarios
from zaitaku_demand.scenarios.schema import BASE
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FOCUS_YEAR = 2040
"""Year up to which the change is explained, as in the ministry's papers."""
SHARE_YEARS = (2030, 2040, 2050)
GROWTH_RUNS = 2_000
PREFECTURE_RATIO = ("constant_prefecture_ratio", "damped_prefecture_ratio")
"""Methods of the backtest that give an area its prefecture's ratio: at constant rates, along the trend."""
SPLIT = ("_home", "_facility")
"""Services that are one half of a sum end so."""


@dataclass(frozen=True)
class Announce:
    """Where the parts of the work are announced; silent by default.

    Attributes
    ----------
    step : function of the name of the part
    progress : function of areas done and all areas, for the draws
    """

    step: Callable[[Text], None] = lambda text: None
    progress: Progress | None = None


STEPS = {
    "draws": Text("不確実性の試行", "Drawing"),
    "shares": Text("不確実性の要因の分解", "Splitting the variance"),
    "scenarios": Text("シナリオの比較", "Comparing scenarios"),
    "official": Text("公式推計との比較", "Comparing with the ministry's projection"),
}


def compute_forecast(
    job: MainJob, settings: DrawSettings | None = None, announce: Announce | None = None
) -> ForecastContent:
    """Everything about the certainty of the first service of a run.

    Parameters
    ----------
    job : MainJob
    settings : DrawSettings, optional
    announce : Announce, optional

    Returns
    -------
    ForecastContent

    Raises
    ------
    InputError
        If a table is missing or the service cannot be drawn.
    """
    settings = settings or DrawSettings()
    announce = announce or Announce()
    principal = Principal(job.annual)
    rates = job.annual.rates
    service = principal.service_id
    announce.step(STEPS["draws"])
    sources = random_sources(principal)
    table = draw_table(principal, sources, settings)
    result = simulate(principal, sources, table, progress=announce.progress)
    announce.step(STEPS["shares"])
    shares = source_shares(principal, sources, table, years=SHARE_YEARS)
    announce.step(STEPS["scenarios"])
    compared = compare_scenarios(job.parameters, skip_unusable=True)
    constant = compared.scenarios[compared.scenarios["scenario"] == BASE]
    change = explain_change(
        Moment(job.annual, result.base_year, job.scenario.name),
        Moment(job.annual, min(FOCUS_YEAR, result.years[-1]), job.scenario.name),
        (service,),
    )
    announce.step(STEPS["official"])
    official, official_summary = _official(job)
    return ForecastContent(
        service=service,
        unit=rates.units[0],
        runs=settings.runs,
        seed=settings.seed,
        years=result.years,
        base_year=result.base_year,
        method=_method(job, service),
        method_id=_method_id(job),
        level_methods=_level_methods(job),
        course=_course(job, service),
        intervals=_without_fukushima(result.intervals()),
        peak_years=_without_fukushima(result.peak_years()),
        peaks=_without_fukushima(result.peaks()),
        growth=_without_fukushima(_growth(principal, sources, table)),
        shares=_without_fukushima(shares),
        sources={str(name): text for name, text in SOURCE_NAMES.items()},
        constant=constant[["level", "code", "name", "year", "value"]].reset_index(drop=True),
        scenarios=compared.scenarios,
        scenario_names=compared.names,
        scenario_notes=compared.notes,
        scenario_peaks=compared.peaks,
        splits=_splits(job),
        splitting=tuple(id for id, one in shipped_scenarios().items() if one.place and id in compared.names),
        changes=_without_fukushima(change.frame()),
        change_names=change_names(change),
        change_sentences=change_sentences(change),
        backtest=compared_rows(service),
        method_names=dict(AREA_METHODS),
        population_backtest=population_backtest_content(),
        official=official,
        official_summary=official_summary,
        dots=_dots(job, service),
        dot_names=dict(DOT_NAMES),
        notes=[*source_notes(principal, sources), FUTURE_NOTE, *BACKTEST_NOTES, *_skipped(compared.skipped)],
    )


def _method_id(job: MainJob) -> str:
    """The method of the backtest that the rates of the run follow."""
    trend = job.scenario.trend
    if trend is None or not trend.use:
        return "constant"
    return service_methods(job.annual.rates, trend.method)[0]


def _growth(principal: Principal, sources: list[RandomSource], table: DrawTable) -> pd.DataFrame:
    """Every year over the base year: what is unknown of the present level is in both and left out."""
    others = tuple(source for source in table.sources if source != "level")
    measures = ["principal", "median", "lower_80", "upper_80", "lower_95", "upper_95"]
    if not others:
        return simulate(principal, sources, table.head(1)).intervals().iloc[:0]
    result = simulate(principal, sources, table.only(others).head(GROWTH_RUNS))
    frame = result.intervals()
    base = frame["principal"].where(frame["year"] == result.base_year)
    base = base.groupby([frame["level"], frame["code"]]).transform("max")
    frame[measures] = frame[measures].div(base.where(base > 0), axis=0)
    return frame


def _level_methods(job: MainJob) -> dict[str, str]:
    """Methods of the backtest that stand for the run at each level.

    The backtest takes the own ratio of every place, or for areas that of their prefecture. Rates of the nation or of the
    user as they are were not tested below the nation.
    """
    method, rates = _method_id(job), job.annual.rates
    if rates.level == "user":
        return {}
    levels = {"nation": method}
    if rates.level in ("prefecture", "area"):
        levels["prefecture"] = method
        levels["area"] = method if rates.level == "area" else PREFECTURE_RATIO[method != "constant"]
    return levels


def _course(job: MainJob, service: str) -> Text:
    """How the rates go on, for a reader who has never heard of the methods."""
    rates = job.annual.rates
    if rates.level == "user":
        return _method(job, service)
    method, tested = _method_id(job), default_method(service)
    name = AREA_METHODS[method]
    if method == tested:
        years = _tested_years(service)
        return Text(
            f"率の先行きは、過去の実績で試して選んだ方法「{name.ja}」によります。試せたのは{years}年先までで、その先も当たるかは確かめられていません。",
            f"The rates go on by the method chosen in a test on past data ({name.en}). It could be tested up to {years} years ahead; whether it holds beyond is not known.",
        )
    best = AREA_METHODS[tested]
    trend = job.scenario.trend
    if trend is not None and trend.use and trend.method == "best":
        years = _tested_years(service)
        return Text(
            f"率の先行きは、過去の実績で試して選んだ方法「{best.ja}」を今回の率（{LEVELS[rates.level].ja}）に当てはめたもの（{name.ja}）によります。試せたのは{years}年先までで、その先も当たるかは確かめられていません。",
            f"The rates go on by the method chosen in a test on past data ({best.en}), which becomes '{name.en}' with {LEVELS[rates.level].en}. It could be tested up to {years} years ahead; whether it holds beyond is not known.",
        )
    return Text(
        f"率の先行きはシナリオ「{job.scenario.name.ja}」の仮定（方法：{name.ja}）によります。過去の実績での検証では別の方法「{best.ja}」が選ばれています。",
        f"The rates go on as the scenario '{job.scenario.name.en}' assumes ({name.en}); the test on past data chose another method ({best.en}).",
    )


def _tested_years(service: str) -> int:
    """Years ahead up to which the methods of a service could be tested."""
    table = forecast_error()
    own = (table["service"] == service) & (table["parameter"] == "longest_horizon")
    return int(table.loc[own, "value"].iloc[0])


def _splits(job: MainJob) -> pd.DataFrame:
    """What scenarios that move patients between home and facilities do to the services of the run that are split so."""
    import pandas as pd

    moving = [scenario for scenario in shipped_scenarios().values() if scenario.place]
    known = services()
    frames = []
    for service in job.annual.rates.services:
        if job.annual.rates.level == "user" or not service.endswith(SPLIT):
            continue
        alone = job.parameters.model_copy(update={"services": (service,)})
        found = compare_scenarios(alone, moving, skip_unusable=True).scenarios
        found = found[found["scenario"] != BASE]
        short = known[service].short
        frames.append(found.assign(service=service, service_ja=short.ja, service_en=short.en))
    columns = ["scenario", "service", "service_ja", "service_en", "level", "code", "name", "year"]
    columns += ["value", "against_base"]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True)[columns]


def _method(job: MainJob, service: str) -> Text:
    """How the rates of this run go on, and what the backtest says of that."""
    rates = job.annual.rates
    if rates.level == "user":
        return Text(
            "利用者が与えた率は過去の検証ができないため、将来も一定とする。",
            "The user's own rates cannot be checked against the past; they are held constant.",
        )
    reason = default_reason(service)
    name = job.scenario.name
    return Text(f"今回の推計は「{name.ja}」による。{reason.ja}", f"This run follows '{name.en}'. {reason.en}")


def _official(job: MainJob) -> tuple[pd.DataFrame, list[Text]]:
    import pandas as pd

    comparable = (
        job.population.system.edition in COMPARABLE_EDITIONS
        and job.parameters.prefecture is None
        and job.grid.rates.services[0] == HOME_VISIT_PATIENTS
        and job.grid.rates.level != "user"
    )
    if not comparable:
        columns = ["area_code", "area_name", "prefecture_code", "prefecture_name", "our_peak", "their_peak"]
        columns += [
            "from_year",
            "to_year",
            "our_index",
            "their_index",
            "difference",
            "reason_ja",
            "reason_en",
        ]
        return pd.DataFrame(columns=columns), []
    found = official_comparison(job)
    return found.largest, [*found.summary, *gradient_finding().sentences]


def _dots(job: MainJob, service: str) -> pd.DataFrame:
    import pandas as pd

    frames = [edition_dots(job.annual)]
    if service == HOME_VISIT_PATIENTS and job.population.system.edition in COMPARABLE_EDITIONS:
        frames.append(ministry_dots(job.annual))
    return pd.concat(frames, ignore_index=True)


def _skipped(skipped: dict[str, Text]) -> list[Text]:
    return [
        Text(
            f"シナリオ「{name}」は計算できない：{why.ja}。",
            f"Scenario '{name}' cannot be computed: {why.en}.",
        )
        for name, why in skipped.items()
    ]


def _without_fukushima(frame: pd.DataFrame) -> pd.DataFrame:
    """Fukushima as a whole (2018 edition) is a prefecture but no area."""
    return frame[(frame["level"] != "area") | (frame["code"] != WHOLE_FUKUSHIMA[0])].reset_index(drop=True)
