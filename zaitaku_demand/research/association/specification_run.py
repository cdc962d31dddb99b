"""The declared specifications of one question, estimated and tested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.association.design import Design, make_design, place_means
from zaitaku_demand.research.association.estimate import Estimate
from zaitaku_demand.research.association.glm import best_alpha, poisson_fit
from zaitaku_demand.research.association.models import MODELS
from zaitaku_demand.research.association.place_rows import place_rows
from zaitaku_demand.research.association.robust_settings import Question, RobustSettings
from zaitaku_demand.research.association.shared import shared_measure
from zaitaku_demand.research.association.specification_curve import (
    CurveTest,
    Description,
    IntArray,
    Scores,
    Thresholds,
    Verdict,
    curve_test,
    describe,
    prefecture_orders,
    score_estimates,
    shuffled_rows,
    verdict,
    with_shuffles,
)
from zaitaku_demand.research.panel import FloatArray, Panel

BoolArray = npt.NDArray[np.bool_]


class Parts(NamedTuple):
    """What a specification is made of, but for the model."""

    outcome: str
    exposure: str
    scale: str
    confounders: tuple[str, ...]
    period: str
    places: str
    states: str


class Estimated(NamedTuple):
    """A specification and its estimate, per one standard deviation of the exposure between all places."""

    parts: Parts
    estimate: Estimate
    years: tuple[int, ...]


class SpecificationCurve(NamedTuple):
    """All specifications of a question.

    Attributes
    ----------
    question : Question
    outcome, exposure : str
        Main measures among those at hand.
    between : tuple of Estimated
        Specifications that compare places; description, test and verdict rest on them.
    within : tuple of Estimated
        Specifications that lean on changes within places.
    description : Description
    test : CurveTest
    verdict : str
    """

    question: Question
    outcome: str
    exposure: str
    between: tuple[Estimated, ...]
    within: tuple[Estimated, ...]
    description: Description
    test: CurveTest
    verdict: Verdict


def at_hand(panel: Panel, question: Question) -> tuple[list[str], list[str]]:
    """Outcomes and exposures of a question that the panel holds in any year."""
    held = [
        [name for name in names if name in panel.series and panel[name].years]
        for names in (question.outcomes, question.exposures)
    ]
    return held[0], held[1]


def specification_curve(
    panel: Panel, question: Question, settings: RobustSettings
) -> SpecificationCurve | None:
    """Estimates all declared specifications of a question and tests the curve; None where nothing can be estimated."""
    ranks = prefecture_orders(panel.clusters, settings.permutations, settings.seed)
    between: list[Estimated] = []
    within: list[Estimated] = []
    scores: list[Scores] = []
    # The order of the shuffled rows is that of the places at hand, whatever the exposure or the confounders.
    orders: dict[tuple[bytes, bytes], IntArray] = {}
    for parts, design in designs(panel, question, settings):
        years = tuple(int(year) for year in design.years)
        key = (design.place.tobytes(), design.year.tobytes())
        if key not in orders:
            orders[key] = shuffled_rows(design.place, design.year, design.prefecture, ranks)
        # Half of the years leaves little change within places, so these models take all of them.
        more = settings.within_models if parts.period == "all" else ()
        found = {
            model: MODELS[model](design, confidence=settings.confidence)
            for model in (*settings.models, *more)
        }
        known = {model: Estimated(parts, each, years) for model, each in found.items() if not each.note}
        within += [known[model] for model in more if model in known]
        judged = [model for model in settings.models if model in known]
        between += [known[model] for model in judged]
        scores += scores_of(design, judged, with_shuffles(design.x, orders[key]), ranks)
    if not between:
        return None
    alpha = 1 - settings.confidence
    description = describe(
        [each.estimate.estimate for each in between], [each.estimate.p_value for each in between], alpha
    )
    test = curve_test(scores, alpha)
    thresholds = Thresholds(
        alpha, settings.robust_same_sign, settings.robust_significant, settings.null_significant
    )
    first = between[0].parts
    return SpecificationCurve(
        question,
        first.outcome,
        first.exposure,
        tuple(between),
        tuple(within),
        description,
        test,
        verdict(description, test, thresholds),
    )


def designs(panel: Panel, question: Question, settings: RobustSettings) -> Iterator[tuple[Parts, Design]]:
    """Every declared combination that can be had, with its rows; x per sd between all places.

    The step of the exposure is that of all places and years, so that the estimates of a curve are of the same step.
    A combination that comes down to the rows of an earlier one is left out.
    """
    outcomes, exposures = at_hand(panel, question)
    for outcome, exposure, scale in product(outcomes, exposures, settings.scales):
        if shared_measure(panel, outcome, exposure):
            continue
        whole = _design(panel, outcome, exposure, scale, ())
        if whole is None or whole.n_places < settings.least_places:
            continue
        step = float(place_means(whole.x, whole.place)[1].std(ddof=1))
        choices = product(
            _periods(whole, settings).items(), _masks(panel, settings).items(), _states(settings).items()
        )
        rows = list(choices)
        for confounders in confounder_sets(panel, settings):
            full = whole if not confounders else _design(panel, outcome, exposure, scale, confounders)
            if full is None:
                continue
            seen = set()
            for (period, years), (where, mask), (state, allowed) in rows:
                kept = np.isin(full.year, years) & _in_states(panel, full, allowed)
                made = full.subset(kept if mask is None else kept & mask[full.place])
                if made.n_rows == 0 or made.n_places < settings.least_places:
                    continue
                key = (made.place.tobytes(), made.year.tobytes())
                if key in seen:
                    continue
                seen.add(key)
                parts = Parts(outcome, exposure, scale, confounders, period, where, state)
                yield parts, replace(made, x=(made.x - made.x.mean()) / step)


def confounder_sets(panel: Panel, settings: RobustSettings) -> list[tuple[str, ...]]:
    """The declared sets with the names that the panel has, each once."""
    held = set(panel.names("confounder"))
    return list(
        dict.fromkeys(tuple(name for name in names if name in held) for names in settings.confounder_sets)
    )


def scores_of(design: Design, models: Sequence[str], draws: FloatArray, ranks: IntArray) -> list[Scores]:
    """Score estimates of the observed exposure (first) and of the shuffled ones, by each model's null fit.

    Parameters
    ----------
    design : Design
    models : sequence of {"poisson", "negative_binomial", "between"}
    draws : array (1 + permutations, rows)
        Exposure as observed, then shuffled.
    ranks : array (permutations, places of the panel)
        For the model of one row a place, whose exposure is shuffled as the place's mean.
    """
    if not models:
        return []
    nuisance = np.column_stack([design.year_columns(), design.z])
    plain = poisson_fit(nuisance, design.events, design.size)
    out = []
    for model in models:
        if model == "between":
            out.append(_between_scores(design, ranks))
            continue
        fit = plain
        if model == "negative_binomial":
            # A score test holds for any fixed dispersion, so that of the Poisson means will do.
            alpha = best_alpha(design.events, plain.mean)
            fit = poisson_fit(nuisance, design.events, design.size, alpha, plain.coefficients)
        residual = (design.events - fit.mean) / (1 + fit.alpha * fit.mean)
        out.append(score_estimates(draws, nuisance, residual, fit.weight, design.prefecture))
    return out


def _between_scores(design: Design, ranks: IntArray) -> Scores:
    rows = place_rows(design)
    nuisance = np.column_stack([np.ones(len(rows.place)), rows.z])
    once = np.zeros(len(rows.place), np.int64)
    draws = with_shuffles(rows.x, shuffled_rows(rows.place, once, rows.prefecture, ranks))
    fit = poisson_fit(nuisance, rows.events, rows.expected)
    return score_estimates(draws, nuisance, rows.events - fit.mean, fit.weight, rows.prefecture)


def _design(
    panel: Panel, outcome: str, exposure: str, scale: str, confounders: tuple[str, ...]
) -> Design | None:
    """All rows of a combination; None where it has none, or figures of 0 that have no logarithm."""
    try:
        return make_design(
            panel, outcome, exposure, confounders, scale="log2" if scale == "log_sd" else "unit"
        )
    except InputError:
        return None


def _in_states(panel: Panel, design: Design, states: tuple[str, ...]) -> BoolArray:
    """Rows whose outcome and exposure are in one of these states."""
    codes = [STATE_NAMES.index(state) for state in states]
    held = np.ones(design.n_rows, dtype=bool)
    for name in (design.outcome, design.exposure):
        series = panel[name]
        single = series.kind == "normal" and len(series.years) == 1
        column = 0 if single else np.searchsorted(series.years, design.year)
        held &= np.isin(series.state[design.place, column], codes)
    return held


def _periods(whole: Design, settings: RobustSettings) -> dict[str, tuple[int, ...]]:
    years = tuple(int(year) for year in whole.years)
    out = {"all": years}
    if settings.half_periods and len(years) > 1:
        middle = (len(years) + 1) // 2
        out |= {"first_half": years[:middle], "second_half": years[middle:]}
    return out


def _masks(panel: Panel, settings: RobustSettings) -> dict[str, BoolArray | None]:
    out: dict[str, BoolArray | None] = {"all": None}
    if settings.without_metropolitan:
        out["without_metropolitan"] = (panel.places["type"] != settings.metropolitan_type).to_numpy(bool)
    return out


def _states(settings: RobustSettings) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {"all": ("observed", "estimated")}
    if settings.observed_only:
        out["observed"] = ("observed",)
    return out
