"""Differences in changes around the first year with something, from a panel to tidy tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from zaitaku_demand.benchmark.intervals import FloatArray, tail
from zaitaku_demand.research.designs.aggregate import (
    Aggregate,
    by_event_time,
    degrees_of_freedom,
    mean_over,
    over_groups,
    overall,
    standard_error,
)
from zaitaku_demand.research.designs.cases import Case, cases, why_not
from zaitaku_demand.research.designs.difference_in_differences import (
    comparisons,
    two_way_fixed_effects,
    two_way_weights,
)
from zaitaku_demand.research.designs.event_study import EventStudy, event_study
from zaitaku_demand.research.designs.group_time import GroupTime, group_time
from zaitaku_demand.research.designs.placebo import placebo_dates, randomisation
from zaitaku_demand.research.designs.pre_trend import bias_of_drift, detectable_slope, joint_test
from zaitaku_demand.research.designs.settings import DesignSettings
from zaitaku_demand.research.designs.treatment import Treatment
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import RESULT_COLUMNS, result_row, result_table

EVENT_COLUMNS = ("event_time", "places_with_event", "band_lower", "band_upper")
"""Further columns of :func:`event_study_table`: years since the event, places behind the estimate, and the band that
covers all event times at once."""


def design_table(panel: Panel, settings: DesignSettings, supplied: Sequence[Treatment] = ()) -> pd.DataFrame:
    """Differences in changes of every outcome around every event, by all methods (analysis ``design``).

    Parameters
    ----------
    panel : Panel
    settings : DesignSettings
    supplied : sequence of Treatment
        Events of the user's own (``treatment.read_treatment``), in the order of the panel's places.

    Returns
    -------
    DataFrame
        Layout of ``research.result``; term is the event. statistic: difference_in_changes (unit of the outcome),
        ratio_of_changes (scale ``log``), placebo_date, pre_trend (Wald statistic), detectable_drift (a year), drift_bias,
        earlier_comparison_share, negative_weight_share, switchers. Codes of `note` stand in ``words.NOTES``.
    """
    rows = [row for case in cases(panel, settings, supplied) for row in _rows(panel, case, settings)]
    return result_table(rows)


def event_study_table(
    panel: Panel, settings: DesignSettings, supplied: Sequence[Treatment] = ()
) -> pd.DataFrame:
    """Differences in changes by years since the event, for a figure (analysis ``event_study``).

    Returns
    -------
    DataFrame
        Layout of ``research.result`` and ``EVENT_COLUMNS``; the year compared with is a row of its own with the estimate 0
        and no interval (note ``reference_year``).
    """
    rows: list[dict[str, object]] = []
    for case in cases(panel, settings, supplied):
        if why_not(case, settings):
            continue
        study = _study(case, settings)
        common = _common(panel, case, settings, method=f"group_time_{settings.main_control}")
        common |= {"analysis": "event_study", "confidence": settings.confidence}
        half = _half(study.standard_error, study.degrees, settings.confidence)
        for at, time in enumerate(study.time):
            centre, error = float(study.estimate[at]), float(study.standard_error[at])
            row = _scaled_row(case, common, centre, centre - half[at], centre + half[at])
            band = [case.shown(centre + sign * study.band * error) for sign in (-1, 1)]
            note = "" if np.isfinite(error) else "one_place"
            rows.append(
                row
                | {"note": note, "event_time": int(time), "places_with_event": int(study.places[at])}
                | {"band_lower": band[0], "band_upper": band[1]}
            )
        rows.append(
            _scaled_row(case, common, 0.0, float("nan"), float("nan"))
            | {"note": "reference_year", "event_time": -1, "places_with_event": case.switchers}
            | {"band_lower": float("nan"), "band_upper": float("nan")}
        )
    table = result_table([{name: row[name] for name in RESULT_COLUMNS} for row in rows])
    further = pd.DataFrame(
        [{name: row[name] for name in EVENT_COLUMNS} for row in rows], columns=list(EVENT_COLUMNS)
    )
    table = pd.concat([table, further], axis=1)
    keys = ["outcome", "term", "statistic", "event_time"]
    return table.sort_values(keys, kind="stable").reset_index(drop=True)


def _rows(panel: Panel, case: Case, settings: DesignSettings) -> Iterator[dict[str, object]]:
    reason = why_not(case, settings)
    counted = _common(panel, case, settings, method="count") | {"statistic": "switchers"}
    yield counted | {"estimate": float(case.switchers), "note": reason}
    if reason:
        yield _common(panel, case, settings, method=f"group_time_{settings.main_control}") | {
            "statistic": case.statistic,
            "note": reason,
        }
        return
    few = "few_switchers" if case.switchers < settings.few_switchers else ""
    clusters = case.independent(settings)
    for control in settings.controls:
        result = group_time(case.value, case.first, case.years, control=control)
        yield _estimated(panel, case, settings, f"group_time_{control}", result, overall(result), few)
        if control == settings.main_control:
            event = by_event_time(result)
            dynamic = mean_over(event, event.label >= 0)
            for name, part in (("by_group", over_groups(result)), ("by_event_time", dynamic)):
                yield _estimated(panel, case, settings, f"group_time_{control}_{name}", result, part, few)
    if settings.size_weights:
        result = group_time(
            case.value, case.first, case.years, weights=case.size, control=settings.main_control
        )
        method = f"group_time_{settings.main_control}_size"
        yield _estimated(panel, case, settings, method, result, overall(result), few)
    yield from _fixed_effects_rows(panel, case, settings, clusters)
    yield from _randomisation_rows(panel, case, settings)
    moved = placebo_dates(
        case.value, case.first, case.years, settings.placebo_shift, control=settings.main_control
    )
    if len(moved.group):
        row = _estimated(
            panel, case, settings, f"placebo_{settings.main_control}", moved, overall(moved), few
        )
        yield row | {"statistic": "placebo_date"}
    else:
        common = _common(panel, case, settings, method=f"placebo_{settings.main_control}")
        yield common | {"statistic": "placebo_date", "note": "no_years_before"}
    yield from _pre_trend_rows(panel, case, settings)


def _fixed_effects_rows(
    panel: Panel, case: Case, settings: DesignSettings, clusters: npt.NDArray[np.int64] | None
) -> Iterator[dict[str, object]]:
    found = two_way_fixed_effects(case.value, case.first, case.years, clusters=clusters)
    degrees = degrees_of_freedom(case.first, case.used, clusters)
    centre, error = float(found.estimate), float(found.standard_error)
    half = float(_half(np.array([error]), degrees, settings.confidence)[0])
    common = _common(panel, case, settings, method="two_way_fixed_effects")
    yield _scaled_row(case, common, centre, centre - half, centre + half) | {
        "p_value": _p_value(centre, error, degrees),
        "confidence": settings.confidence,
        "note": "mixes_comparisons",
    }
    parts = comparisons(case.value, case.first, case.years)
    common = _common(panel, case, settings, method="goodman_bacon") | {
        "statistic": "earlier_comparison_share"
    }
    yield common | {"estimate": float(parts.weight[parts.kind == "earlier"].sum())}
    weight = two_way_weights(case.first[case.used], case.years)
    common = _common(panel, case, settings, method="chaisemartin_dhaultfoeuille")
    yield common | {
        "statistic": "negative_weight_share",
        "estimate": float(np.abs(weight[weight < 0]).sum()),
    }


def _randomisation_rows(panel: Panel, case: Case, settings: DesignSettings) -> Iterator[dict[str, object]]:
    for method, strata in (("randomisation", None), ("randomisation_by_type", case.stratum)):
        found = randomisation(
            case.value,
            case.first,
            case.years,
            control=settings.main_control,
            strata=strata,
            replications=settings.replications,
            seed=settings.seed,
            confidence=settings.confidence,
        )
        common = _common(panel, case, settings, method=method)
        yield _scaled_row(case, common, found.estimate, found.lower, found.upper) | {
            "p_value": found.p_value,
            "confidence": settings.confidence,
        }


def _pre_trend_rows(panel: Panel, case: Case, settings: DesignSettings) -> Iterator[dict[str, object]]:
    study = _study(case, settings)
    known = study.before & np.isfinite(study.standard_error)
    common = _common(panel, case, settings, method=f"group_time_{settings.main_control}")
    if not known.any():
        yield common | {"statistic": "pre_trend", "note": "no_years_before"}
        return
    variance = study.covariance[np.ix_(known, known)]
    test = joint_test(study.estimate[known], variance, study.degrees)
    yield common | {
        "statistic": "pre_trend",
        "estimate": float(test.statistic),
        "p_value": float(test.p_value),
        "note": "" if np.isfinite(test.p_value) else "too_few_clusters",
    }
    for power in settings.powers:
        slope = detectable_slope(
            power,
            study.time[known],
            variance,
            confidence=settings.confidence,
            seed=settings.seed,
            degrees=study.degrees,
        )
        after = ~study.before
        bias = bias_of_drift(slope, study.time[after], study.places[after])
        for statistic, figure in (("detectable_drift", slope), ("drift_bias", bias)):
            marked = _common(panel, case, settings, method="roth", power=power)
            yield marked | {"statistic": statistic, "estimate": case.shown(figure)}


def _estimated(
    panel: Panel,
    case: Case,
    settings: DesignSettings,
    method: str,
    result: GroupTime,
    part: Aggregate,
    note: str,
) -> dict[str, object]:
    """Row of one difference in changes with Student's t interval."""
    clusters = case.independent(settings)
    degrees = degrees_of_freedom(result.first, result.weight, clusters)
    centre, error = float(part.estimate[0]), float(standard_error(part, result.places, clusters)[0])
    half = float(_half(np.array([error]), degrees, settings.confidence)[0])
    common = _common(panel, case, settings, method=method)
    return _scaled_row(case, common, centre, centre - half, centre + half) | {
        "p_value": _p_value(centre, error, degrees),
        "confidence": settings.confidence,
        "note": note,
    }


def _study(case: Case, settings: DesignSettings) -> EventStudy:
    return event_study(
        case.value,
        case.first,
        case.years,
        clusters=case.independent(settings),
        control=settings.main_control,
        confidence=settings.confidence,
        draws=settings.bootstrap,
        seed=settings.seed,
    )


def _common(
    panel: Panel, case: Case, settings: DesignSettings, method: str, **further: object
) -> dict[str, object]:
    parameters = {
        "scale": case.scale,
        "cluster": settings.cluster,
        "seed": settings.seed,
        "switchers": case.switchers,
        "controls": case.controls,
        "status": case.status,
        "estimated_share": round(case.estimated, 4),
        **further,
    }
    if method.startswith("randomisation"):
        parameters["replications"] = settings.replications
    if method.startswith("placebo"):
        parameters["shift"] = settings.placebo_shift
    return result_row(
        parameters,
        analysis="design",
        level=panel.level,
        outcome=case.outcome,
        term=case.treatment,
        method=method,
        n_places=int(case.used.sum()),
        n_years=len(case.years),
        first_year=case.years[0] if case.years else None,
        last_year=case.years[-1] if case.years else None,
    )


def _scaled_row(
    case: Case, common: dict[str, object], estimate: float, lower: float, upper: float
) -> dict[str, object]:
    return common | {
        "statistic": case.statistic,
        "estimate": case.shown(estimate),
        "lower": case.shown(lower),
        "upper": case.shown(upper),
    }


def _half(error: FloatArray, degrees: int, confidence: float) -> FloatArray:
    if degrees < 1:
        return np.full(error.shape, np.nan)
    return np.asarray(float(stats.t.isf(tail(confidence), degrees)) * error)


def _p_value(centre: float, error: float, degrees: int) -> float:
    if degrees < 1 or not error > 0:
        return float("nan")
    return float(2 * stats.t.sf(abs(centre / error), degrees))
