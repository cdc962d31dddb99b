"""Tables of robustness: leave-one-out, Moran's I, spatial correction, E-values, and the specification curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.research.association.design import Design, make_design
from zaitaku_demand.research.association.e_value import e_value
from zaitaku_demand.research.association.leave_out import leave_one_out
from zaitaku_demand.research.association.models import MODELS
from zaitaku_demand.research.association.moran import adjacency
from zaitaku_demand.research.association.robust_rows import (
    NOTES,
    Row,
    empty_row,
    moran_row,
    ratio_row,
    years_of,
)
from zaitaku_demand.research.association.robust_settings import Question, RobustSettings
from zaitaku_demand.research.association.shared import shared_measure
from zaitaku_demand.research.association.spatial import SpatialFit
from zaitaku_demand.research.association.spatial_run import filtered, log_rate_models, residual_moran
from zaitaku_demand.research.association.specification_run import (
    Estimated,
    SpecificationCurve,
    at_hand,
    specification_curve,
)
from zaitaku_demand.research.panel import FloatArray, Panel
from zaitaku_demand.research.result import result_row, result_table

__all__ = ["NOTES", "curve_rows", "main_design", "robustness_table", "specification_table"]


def robustness_table(panel: Panel, settings: RobustSettings) -> pd.DataFrame:
    """Main estimate of each question (first), that within places, without each prefecture, Moran's I, spatial correction, E-values.

    Returns
    -------
    DataFrame
        Layout of ``research.result``; ``statistic`` is one of rate_ratio, rate_ratio_without (one prefecture left out,
        named in the parameters), most_influential (change in standard errors), same_sign, same_significance, moran_i,
        spatial_coefficient, e_value, e_value_limit.
    """
    borders = adjacency(panel.level, panel.places["area_code"].to_numpy())
    rows: list[Row] = []
    for question in settings.questions:
        rows.extend(_robustness_rows(panel, question, settings, borders))
    return result_table(rows)


def specification_table(panel: Panel, settings: RobustSettings) -> pd.DataFrame:
    """Every specification of every question, and what the curve says.

    Returns
    -------
    DataFrame
        Layout of ``research.result``; ``statistic`` is rate_ratio (one specification, its choices in the parameters;
        ``curve`` there is between or within) or a figure of the whole curve: median_rate_ratio,
        lowest_rate_ratio, highest_rate_ratio, share_same_sign, share_significant, share_significant_opposite,
        stouffer_z, share_significant_within, share_significant_within_opposite, verdict (its code in ``note``).
    """
    rows: list[Row] = []
    for question in settings.questions:
        curve = specification_curve(panel, question, settings)
        if curve is None:
            outcome, exposure = question.outcomes[0], question.exposures[0]
            shared = shared_measure(panel, outcome, exposure) if all(at_hand(panel, question)) else False
            note = "shared_measure" if shared else "not_estimable"
            rows.append(empty_row("specification_curve", panel, outcome, exposure, note))
            continue
        rows.extend(curve_rows(curve, panel, settings))
    return result_table(rows)


def curve_rows(curve: SpecificationCurve, panel: Panel, settings: RobustSettings) -> list[Row]:
    """One curve as rows of the results: specifications from the lowest to the highest estimate, then the whole."""
    rows: list[Row] = []
    for kind, members in (("between", curve.between), ("within", curve.within)):
        ordered = sorted(members, key=lambda each: each.estimate.estimate)
        rows += [_specification_row(each, kind, panel, settings) for each in ordered]
    d, test = curve.description, curve.test
    years = sorted({year for each in curve.between for year in each.years})
    shared: dict[str, object] = {
        "analysis": "specification_curve",
        "level": panel.level,
        "outcome": curve.outcome,
        "term": curve.exposure,
        "method": "specification_curve",
        "n_places": max(each.estimate.n_places for each in curve.between),
        **years_of(years),
    }
    parameters: dict[str, object] = {
        "specifications": d.specifications,
        "permutations": test.permutations,
        "seed": settings.seed,
        "test": "score",
        "alpha": 1 - settings.confidence,
        "robust_same_sign": settings.robust_same_sign,
        "robust_significant": settings.robust_significant,
        "null_significant": settings.null_significant,
    }
    figures: list[tuple[str, float, float]] = [
        ("median_rate_ratio", float(np.exp(d.median)), test.p_median),
        ("lowest_rate_ratio", float(np.exp(d.lowest)), float("nan")),
        ("highest_rate_ratio", float(np.exp(d.highest)), float("nan")),
        ("share_same_sign", d.same_sign, float("nan")),
        ("share_significant", d.significant, test.p_significant),
        ("share_significant_opposite", d.opposite, float("nan")),
        ("stouffer_z", test.stouffer, test.p_stouffer),
        ("share_significant_within", _share_within(curve, settings, 1), float("nan")),
        ("share_significant_within_opposite", _share_within(curve, settings, -1), float("nan")),
    ]
    rows += [
        result_row(parameters, **shared, statistic=name, estimate=value, p_value=p)
        for name, value, p in figures
    ]
    return [*rows, result_row(parameters, **shared, statistic="verdict", note=curve.verdict)]


def _specification_row(each: Estimated, kind: str, panel: Panel, settings: RobustSettings) -> Row:
    parts = each.parts
    parameters = {
        "curve": kind,
        "scale": parts.scale,
        "confounders": list(parts.confounders),
        "period": parts.period,
        "places": parts.places,
        "states": parts.states,
    }
    return ratio_row(
        each.estimate,
        parameters,
        settings.confidence,
        analysis="specification_curve",
        level=panel.level,
        outcome=parts.outcome,
        term=parts.exposure,
        **years_of(each.years),
    )


def _robustness_rows(
    panel: Panel, question: Question, settings: RobustSettings, borders: FloatArray
) -> Iterator[Row]:
    design = main_design(panel, question, settings)
    if isinstance(design, str):
        yield empty_row("robustness", panel, question.outcomes[0], question.exposures[0], design)
        return
    model = partial(MODELS[settings.main_model], confidence=settings.confidence)
    out = leave_one_out(design, model)
    shared: dict[str, object] = {
        "analysis": "robustness",
        "level": panel.level,
        "outcome": design.outcome,
        "term": design.exposure,
        "n_places": design.n_places,
        **years_of([int(year) for year in design.years]),
    }
    base: dict[str, object] = {"confounders": list(design.confounders), "scale": design.scale}
    c = settings.confidence
    yield ratio_row(out.whole, base, c, **shared)
    if settings.within_models:
        within = MODELS[settings.within_models[0]](design, confidence=c)
        yield ratio_row(within, {**base, "comparison": "within"}, c, **shared)
    if out.whole.note:
        return
    for position, prefecture in enumerate(out.prefectures):
        yield result_row(
            {**base, "left_out": f"{prefecture:02d}", "influence": round(float(out.influence[position]), 4)},
            **shared,
            statistic="rate_ratio_without",
            method=settings.main_model,
            estimate=float(np.exp(out.estimates[position])),
            lower=float(np.exp(out.lower[position])),
            upper=float(np.exp(out.upper[position])),
            confidence=c,
            p_value=float(out.p_values[position]),
        )
    leave: dict[str, object] = {**base, "left_out": f"{out.most:02d}"}
    for name, value in (
        ("most_influential", float(np.nanmax(np.abs(out.influence)))),
        ("same_sign", float(out.same_sign)),
        ("same_significance", float(out.same_significance(1 - c))),
    ):
        yield result_row(leave, **shared, statistic=name, method="leave_one_prefecture_out", estimate=value)
    yield from _spatial_rows(design, settings, borders, shared, base)
    values = e_value(*(np.exp(each) for each in (out.whole.estimate, out.whole.lower, out.whole.upper)))
    for name, strength in (("e_value", values.estimate), ("e_value_limit", values.limit)):
        yield result_row(base, **shared, statistic=name, method=settings.main_model, estimate=float(strength))


def main_design(panel: Panel, question: Question, settings: RobustSettings) -> Design | str:
    """Rows of a question's main outcome and exposure with the main confounders, or the code of why there are none."""
    outcomes, exposures = at_hand(panel, question)
    held = set(panel.names("confounder"))
    declared = settings.main_confounders.get(panel.level, ())
    confounders = tuple(name for name in declared if name in held)
    code = "not_at_hand"
    for exposure in exposures if outcomes else ():
        if shared_measure(panel, outcomes[0], exposure):
            code = "shared_measure"
            continue
        try:
            design = make_design(panel, outcomes[0], exposure, confounders)
        except InputError:
            continue
        return design if design.n_places >= settings.least_places else "few_places"
    return code


def _spatial_rows(
    design: Design,
    settings: RobustSettings,
    borders: FloatArray,
    shared: Mapping[str, object],
    base: Mapping[str, object],
) -> Iterator[Row]:
    draws, seed = settings.moran_permutations, settings.seed
    for style in ("row", "binary"):
        found = residual_moran(design, borders, style, draws, seed)
        yield moran_row(found, {**base, "weights": style, "years": "all"}, shared, seed)
    for year in design.years if len(design.years) > 1 else ():
        found = residual_moran(design, borders, "row", draws, seed, int(year))
        when = {"n_years": 1, "first_year": int(year), "last_year": int(year)}
        yield moran_row(found, {**base, "weights": "row", "years": int(year)}, {**shared, **when}, seed)
    model = partial(MODELS[settings.main_model], confidence=settings.confidence)
    corrected = filtered(design, model, borders, settings.filter_alpha, settings.filter_share, draws, seed)
    added: dict[str, object] = {**base, "eigenvectors": corrected.vectors}
    named = corrected.estimate._replace(method=f"{settings.main_model}_eigenvector_filter")
    yield ratio_row(named, added, settings.confidence, **shared)
    yield moran_row(corrected.after, {**added, "weights": "row", "years": "all"}, shared, seed)
    x, figure, error, lag = log_rate_models(design, borders)
    plain = np.linalg.lstsq(x, figure, rcond=None)[0][0]
    logs: dict[str, object] = {**base, "places": len(figure)}
    yield result_row(
        logs, **shared, statistic="rate_ratio", method="log_rate_least_squares", estimate=float(np.exp(plain))
    )
    for name, fit in (("spatial_error", error), ("spatial_lag", lag)):
        yield from _fit_rows(name, fit, logs, settings.confidence, shared)


def _fit_rows(
    name: str, fit: SpatialFit, logs: Mapping[str, object], confidence: float, shared: Mapping[str, object]
) -> Iterator[Row]:
    lower, upper = fit.limits(confidence)
    yield result_row(
        logs,
        **shared,
        statistic="rate_ratio",
        method=f"log_rate_{name}",
        estimate=float(np.exp(fit.coefficients[0])),
        lower=float(np.exp(lower[0])),
        upper=float(np.exp(upper[0])),
        confidence=confidence,
        p_value=float(fit.p_values()[0]),
    )
    yield result_row(
        {**logs, "standard_error": round(fit.dependence_error, 6)},
        **shared,
        statistic="spatial_coefficient",
        method=f"log_rate_{name}",
        estimate=fit.dependence,
    )


def _share_within(curve: SpecificationCurve, settings: RobustSettings, side: int) -> float:
    """Share of the models within places that are significant on the side of the median (1) or on the other (-1)."""
    if not curve.within:
        return float("nan")
    sign = side * np.sign(curve.description.median)
    alpha = 1 - settings.confidence
    return float(
        np.mean(
            [
                each.estimate.p_value < alpha and np.sign(each.estimate.estimate) == sign
                for each in curve.within
            ]
        )
    )
