"""All declared associations of a panel as tidy tables. Every estimate is an association, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from zaitaku_demand.research.association.design import Design, DesignError, make_design
from zaitaku_demand.research.association.estimate import Estimate, none
from zaitaku_demand.research.association.family import with_adjusted
from zaitaku_demand.research.association.mixed import mixed_hybrid
from zaitaku_demand.research.association.models import MODELS, SHARE_MODELS
from zaitaku_demand.research.association.settings import AssociationSettings, Pair
from zaitaku_demand.research.association.shared import shared_measure
from zaitaku_demand.research.association.splines import Curve, spline_curve
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import result_row, result_table

ADJUSTMENTS = ("crude", "adjusted")
FAMILY = ["level", "statistic", "method", "adjustment"]
"""Tests read together: all declared pairs of one level, by one model, crude or adjusted."""


def association_table(panel: Panel, settings: AssociationSettings | None = None) -> pd.DataFrame:
    """Every declared pair the level has, by every model, crude and adjusted, with q-values over the family.

    Parameters
    ----------
    panel : Panel
    settings : AssociationSettings, optional

    Returns
    -------
    DataFrame
        The layout of ``research.result`` and: adjustment (crude, adjusted), lag, scale, degrees, dispersion, q_value
        (Benjamini-Hochberg), holm_p_value, family_tests, primary (the declared main result). The statistic is
        ``rate_ratio`` per unit of the exposure's scale (``odds_ratio`` of the logistic model).
    """
    chosen = settings or AssociationSettings()
    rows = [row for pair in declared_pairs(panel, chosen) for row in _pair_rows(panel, pair, chosen)]
    extra = ["adjustment", "lag", "scale", "degrees", "dispersion", "primary"]
    table = result_table([{k: v for k, v in row.items() if k not in extra} for row in rows])
    more = pd.DataFrame([{name: row[name] for name in extra} for row in rows], columns=extra)
    joined = pd.concat([table, more], axis=1)
    return with_adjusted(joined, FAMILY)


def curve_table(panel: Panel, settings: AssociationSettings | None = None) -> pd.DataFrame:
    """The declared curves, adjusted, for a figure.

    Returns
    -------
    DataFrame
        The layout of ``research.result`` and: x (on the scale of the settings), reference (the median, against which
        the rate ratio is). p_value is that of the test against a straight line.
    """
    chosen = settings or AssociationSettings()
    rows: list[dict[str, object]] = []
    more: list[dict[str, float]] = []
    for outcome, exposure in chosen.curves:
        if not declared_at(panel, outcome) or not declared_at(panel, exposure):
            continue
        try:
            design = make_design(
                panel, outcome, exposure, confounders_at(panel, chosen)[0], scale=chosen.scale
            )
        except DesignError as error:
            rows.append(_curve_row(panel, outcome, exposure, chosen, note=error.code))
            more.append({"x": float("nan"), "reference": float("nan")})
            continue
        curve = spline_curve(design, chosen.knots, chosen.curve_points, chosen.confidence)
        for position, x in enumerate(curve.x):
            rows.append(_curve_row(panel, outcome, exposure, chosen, design, curve, position))
            more.append({"x": float(x), "reference": float(np.median(design.x))})
    extra = pd.DataFrame(more, columns=["x", "reference"])
    return pd.concat([result_table(rows), extra], axis=1)


def declared_pairs(panel: Panel, settings: AssociationSettings) -> list[Pair]:
    """The declared pairs of which the panel has both variables."""
    return [
        pair
        for pair in settings.pairs()
        if declared_at(panel, pair.outcome) and declared_at(panel, pair.exposure)
    ]


def declared_at(panel: Panel, name: str) -> bool:
    """Whether the panel has a variable with any figure."""
    return name in panel.series and bool(panel[name].years)


def confounders_at(panel: Panel, settings: AssociationSettings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Declared confounders the panel has, and those it does not have."""
    declared = settings.confounders.get(panel.level, ())
    held = tuple(name for name in declared if declared_at(panel, name))
    return held, tuple(name for name in declared if name not in held)


def _pair_rows(panel: Panel, pair: Pair, settings: AssociationSettings) -> Iterator[dict[str, object]]:
    held, absent = confounders_at(panel, settings)
    models = {name: MODELS[name] for name in settings.models}
    if panel[pair.outcome].kind == "binomial":
        models.update(SHARE_MODELS)
    design, code = _design_of(panel, pair, held, settings)
    for adjustment in ADJUSTMENTS:
        adjusted = adjustment == "adjusted"
        # Crude and adjusted stand on the same rows, so that they differ by the adjustment alone.
        used = design if adjusted or design is None else design.crude()
        parameters: dict[str, object] = {
            "confounders": held if adjusted else (),
            "confounders_absent": absent if adjusted else (),
            "cluster": "prefecture",
            "lag": pair.lag,
            "scale": settings.scale,
            "step": None if design is None else float(f"{design.step:.6g}"),
            # Where both are counted by the institution, one clinic that serves other places raises both.
            "outcome_by": str(panel.variables.loc[pair.outcome, "place"]),
            "exposure_by": str(panel.variables.loc[pair.exposure, "place"]),
        }
        for name, found in _estimates(models, used, code, settings.confidence).items():
            yield {
                **_row(panel.level, pair, found, used, settings, parameters),
                "adjustment": adjustment,
                "lag": pair.lag,
                "scale": settings.scale,
                "degrees": found.degrees,
                "dispersion": found.dispersion,
                "primary": name == settings.primary_model and adjusted,
            }


def _estimates(
    models: Mapping[str, Callable[..., Estimate]], design: Design | None, code: str, confidence: float
) -> dict[str, Estimate]:
    """Every model's estimate; the two parts of the hybrid model are read off one fit."""
    if design is None:
        return {name: none(name, 0, 0, code) for name in models}
    both = mixed_hybrid(design, confidence) if {"mixed_within", "mixed_between"} <= set(models) else {}
    return {
        name: both[name] if name in both else model(design, confidence=confidence)
        for name, model in models.items()
    }


def _design_of(
    panel: Panel, pair: Pair, confounders: tuple[str, ...], settings: AssociationSettings
) -> tuple[Design | None, str]:
    """The design of a pair, or none and the code of the reason."""
    if shared_measure(panel, pair.outcome, pair.exposure):
        return None, "shared_measure"
    try:
        return make_design(
            panel, pair.outcome, pair.exposure, confounders, lag=pair.lag, scale=settings.scale
        ), ""
    except DesignError as error:
        return None, error.code


def _row(
    level: str,
    pair: Pair,
    found: Estimate,
    design: Design | None,
    settings: AssociationSettings,
    parameters: Mapping[str, object],
) -> dict[str, object]:
    return result_row(
        parameters,
        analysis="association",
        level=level,
        outcome=pair.outcome,
        term=pair.exposure,
        statistic="odds_ratio" if found.method in SHARE_MODELS else "rate_ratio",
        method=found.method,
        estimate=float(np.exp(found.estimate)),
        lower=float(np.exp(found.lower)),
        upper=float(np.exp(found.upper)),
        confidence=settings.confidence,
        p_value=found.p_value,
        n_places=found.n_places,
        note=found.note,
        **design_years(design),
    )


def design_years(design: Design | None) -> dict[str, object]:
    """Years of a design for a row of results."""
    if design is None:
        return {"n_years": 0}
    years = design.years
    return {"n_years": len(years), "first_year": int(years[0]), "last_year": int(years[-1])}


def _curve_row(
    panel: Panel,
    outcome: str,
    exposure: str,
    settings: AssociationSettings,
    design: Design | None = None,
    curve: Curve | None = None,
    position: int = 0,
    note: str = "",
) -> dict[str, object]:
    held, absent = confounders_at(panel, settings)
    parameters: dict[str, object] = {
        "confounders": held,
        "confounders_absent": absent,
        "scale": settings.scale,
        "knots": [round(float(each), 4) for each in curve.knots] if curve else settings.knots,
    }
    figures = (
        {}
        if curve is None
        else {
            "estimate": float(np.exp(curve.log_ratio[position])),
            "lower": float(np.exp(curve.lower[position])),
            "upper": float(np.exp(curve.upper[position])),
            "p_value": curve.p_nonlinear,
        }
    )
    return result_row(
        parameters,
        analysis="association_curve",
        level=panel.level,
        outcome=outcome,
        term=exposure,
        statistic="rate_ratio",
        method="restricted_cubic_spline",
        confidence=settings.confidence,
        n_places=0 if design is None else design.n_places,
        note=curve.note if curve else note,
        **figures,
        **design_years(design),
    )
