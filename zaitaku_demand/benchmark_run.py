"""From a request to everything the benchmark report shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from zaitaku_demand.areas.outlines import outlines
from zaitaku_demand.benchmark.consistency import check_consistency, indicator_findings
from zaitaku_demand.benchmark.description import (
    benchmark_notes,
    benchmark_title,
    described_indicators,
    described_request,
    year_note,
)
from zaitaku_demand.benchmark.function_sensitivity import function_table
from zaitaku_demand.benchmark.own_values import values_with_own
from zaitaku_demand.benchmark.parameters import PdcaParameters
from zaitaku_demand.benchmark.pdca import pdca_sheet
from zaitaku_demand.benchmark.peers import peer_summary
from zaitaku_demand.benchmark.places import Places, chosen_places, groups_of, peers_of, prefecture_names
from zaitaku_demand.benchmark.request import BenchmarkRequest
from zaitaku_demand.benchmark.table import benchmark_table
from zaitaku_demand.benchmark.targets import projected_demand, read_targets
from zaitaku_demand.benchmark.verdict import add_verdicts, summary_sentences
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.declaration import Indicator
from zaitaku_demand.indicators.facts import FACT_TABLES, NATION, read_facts
from zaitaku_demand.indicators.measures import Measure, measures
from zaitaku_demand.indicators.workbook_facts import workbook_notes
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.research.core_set.file import read_core_set
from zaitaku_demand.sources.issues import issues_touching
from zaitaku_demand.sources.registry import SourceFile, registry
from zaitaku_demand.store.tables import read_provenance, read_table
from zaitaku_demand.text import Text

AREA_EDITION = "335"
PROFILE_COLUMNS = (
    "indicator_id",
    "area_code",
    "year",
    "state",
    "value",
    "lower",
    "upper",
    "japan",
    "peer_median",
    "peer_best_fifth",
    "n_peers",
    "ratio",
    "funnel_status",
    "verdict",
    "rank",
    "rank_lower",
    "rank_upper",
    "n_places",
    "trend",
)
TABLES_USED = (
    *FACT_TABLES,
    "ndb_measure_ages",
    "ndb_event_size",
    "population_reference",
    "area_population_335",
    "area_features",
    "area_neighbours",
    "boundaries",
)


def compute_benchmark(request: BenchmarkRequest) -> BenchmarkContent:
    """Values, comparison, peers, findings, scores and PDCA sheet of one request.

    Raises
    ------
    InputError
        If a place, file or table cannot be used; nothing has been written then.
    """
    declared = _declared(request)
    known_measures = measures()
    values = values_with_own(
        request.level, request.values_files, request.parts.disclosure, request.home_care_file
    )
    values = values[values["indicator_id"].isin(declared)].reset_index(drop=True)
    if request.year is not None:
        values = _until(values, request.year)
    places = chosen_places(values, request)
    breaks = breaks_of(declared, known_measures)
    made = benchmark_table(
        values,
        declared,
        breaks=breaks,
        types=_types_compared(places, request),
        neighbours=_neighbours(request.level) if request.shrink == "neighbours" else None,
    )
    described = described_indicators(declared, known_measures, made.table)
    rows = made.table[made.table["level"] == request.level]
    peers = peers_of(request, places)
    findings = _findings(request, declared, known_measures, places.names, values)
    judged = _judged(rows, made.funnel, described, request)
    focus_peers = peers[peers["area_code"].isin(places.focus)]
    profile = _profile(judged, made.table, described, places, focus_peers, request)
    named = indicator_findings(findings, {name: each.measures for name, each in declared.items()})
    groups = groups_of(request, places)
    functions = function_table(rows, described, request.parts.scores, peers=groups, findings=named)
    return BenchmarkContent(
        title=benchmark_title(request, places),
        level=request.level,
        year_note=year_note(rows),
        parameters=described_request(request, places),
        benchmark=made.table,
        indicators=described,
        focus=[(code, places.names[code]) for code in places.focus],
        profile=profile,
        peers=focus_peers,
        consistency=findings,
        functions=functions,
        pdca=_pdca(request, rows, described, places, focus_peers, breaks),
        funnel=made.funnel,
        summary=_summaries(profile, described, places),
        notes=[*benchmark_notes(), *workbook_notes(request.home_care_file)],
        sources=_sources(request),
        issues=issues_touching(TABLES_USED),
        boundaries=outlines(AREA_EDITION),
    )


def _types_compared(places: Places, request: BenchmarkRequest) -> dict[str, str] | None:
    """Type of every area; prefectures are too few in some types to be a group of their own and are never split."""
    if request.level == "prefecture":
        return None
    own = places.types[places.types["level"] == request.level]
    return {str(code): str(kind) for code, kind in zip(own["area_code"], own["type"], strict=True)}


def _neighbours(level: str) -> dict[str, list[str]]:
    table = read_table("area_neighbours")
    table = table[table["level"] == level]
    return {str(code): list(rows) for code, rows in table.groupby("area_code")["neighbour_code"]}


def breaks_of(
    declared: Mapping[str, Indicator], known_measures: Mapping[str, Measure]
) -> dict[str, tuple[int, ...]]:
    """First years of new series of every indicator: those of the measures it is made of."""
    return {
        name: tuple(
            sorted({each.year for measure in one.measures for each in known_measures[measure].breaks})
        )
        for name, one in declared.items()
    }


def _until(values: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows up to a year; an indicator whose data are all later is left without data in that year."""
    kept = values[values["year"] <= year]
    lost = values[~values["indicator_id"].isin(kept["indicator_id"])]
    first = lost[lost["year"] == lost.groupby("indicator_id")["year"].transform("min")]
    figures = ["numerator", "numerator_lower", "numerator_upper", "denominator", "expected"]
    empty = first.assign(year=year, state="no_data", **dict.fromkeys(figures, np.nan))
    return pd.concat([kept, empty], ignore_index=True)


def _judged(
    rows: pd.DataFrame, funnel: pd.DataFrame, described: pd.DataFrame, request: BenchmarkRequest
) -> pd.DataFrame:
    """Rows of the level with their verdict."""
    keys = ["indicator_id", "year", "area_code"]
    joined = rows.merge(funnel[[*keys, "significant", "n_places"]], on=keys, how="left")
    # Rows that were judged stand in the funnel; the others have too few expected events or no figure.
    enough = joined["n_places"].notna().to_numpy()
    significant = joined["significant"].fillna(False).to_numpy(dtype=bool)
    return add_verdicts(joined, described, request.parts.verdicts, significant, enough)


def _profile(
    judged: pd.DataFrame,
    table: pd.DataFrame,
    described: pd.DataFrame,
    places: Places,
    peers: pd.DataFrame,
    request: BenchmarkRequest,
) -> pd.DataFrame:
    own = judged[judged["area_code"].isin(places.focus)]
    nation = table[table["level"] == "national"]
    japan = nation[["indicator_id", "year", "value"]].rename(columns={"value": "japan"})
    better = dict(zip(described["indicator_id"], described["better"], strict=True))
    summary = peer_summary(judged, peers, better, request.parts.peers.best_share)
    profile = own.merge(japan, on=["indicator_id", "year"], how="left").merge(
        summary, on=["indicator_id", "area_code", "year"], how="left"
    )
    return profile[list(PROFILE_COLUMNS)]


def _declared(request: BenchmarkRequest) -> Mapping[str, Indicator]:
    """All indicators, or those of the core set in its order."""
    declared = indicators()
    if request.core_set_file is None:
        return declared
    return {name: declared[name] for name in read_core_set(request.core_set_file).ids}


def _findings(
    request: BenchmarkRequest,
    declared: Mapping[str, Indicator],
    known_measures: Mapping[str, Measure],
    names: Mapping[str, str],
    values: pd.DataFrame,
) -> pd.DataFrame:
    # All levels: areas are also held against their prefecture.
    facts = read_facts()
    proportions = [name for name, each in declared.items() if each.statistic == "proportion"]
    every = {NATION: "全国", **prefecture_names(), **names}
    found = check_consistency(facts, known_measures, every, request.parts.consistency, values, proportions)
    return found[found["level"].isin(["national", request.level])].reset_index(drop=True)


def _pdca(
    request: BenchmarkRequest,
    rows: pd.DataFrame,
    described: pd.DataFrame,
    places: Places,
    peers: pd.DataFrame,
    breaks: Mapping[str, tuple[int, ...]],
) -> pd.DataFrame:
    settings: PdcaParameters = request.parts.pdca.model_copy(update={"basis": request.target})
    targets = None
    if request.targets_file is not None:
        targets = read_targets(request.targets_file, set(described["indicator_id"]), places.names)
    growth = projected_demand(request.level) if request.target == "demand" else None
    aimed = set() if targets is None else set(targets["indicator_id"])
    chosen = described[(described["supplement_of"] == "") | described["indicator_id"].isin(aimed)]
    return pd.concat(
        [
            pdca_sheet(
                rows,
                chosen,
                period,
                settings,
                areas=places.focus,
                targets=targets,
                peers=peers,
                growth=growth,
                breaks=breaks,
            )
            for period in settings.periods
        ],
        ignore_index=True,
    )


def _summaries(profile: pd.DataFrame, described: pd.DataFrame, places: Places) -> dict[str, list[Text]]:
    """Sentences on each focus place, from every indicator's latest year."""
    latest = described.set_index("indicator_id")["latest_year"]
    current = profile[profile["year"] == profile["indicator_id"].map(latest)]
    without = described[described["latest_year"].isna()]
    summaries = {}
    for code in places.focus:
        own = current[current["area_code"] == code]
        missing = profile[
            (profile["area_code"] == code) & profile["indicator_id"].isin(without["indicator_id"])
        ]
        missing = missing.drop_duplicates("indicator_id")
        summaries[code] = summary_sentences(pd.concat([own, missing], ignore_index=True), described)
    return summaries


def _sources(request: BenchmarkRequest) -> list[SourceFile]:
    year = request.year or 2022
    paths = dict.fromkeys(path for table in TABLES_USED for path in read_provenance(table).sources)
    used = [path for path in paths if not path.startswith("ndb/medical") or f"_FY{min(year, 2022)}_" in path]
    return [registry()[path] for path in used if path in registry()]
