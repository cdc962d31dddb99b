"""Rows of the reliability table that say what a reliability means: cases needed, places reached, misclassification."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.research.reliability.likelihood import CountKind, CountPrior, reliability_at
from zaitaku_demand.research.reliability.misclassification import (
    cases_needed,
    classified_at_rank,
    classified_at_value,
    share_reaching,
    simulated_misclassification,
)
from zaitaku_demand.research.reliability.one_year import CORE
from zaitaku_demand.research.reliability.over_years import Row
from zaitaku_demand.research.reliability.settings import ReliabilitySettings

_SIMULATED = ("mean", "top", "quarters")


def consequence_rows(
    kind: CountKind, prior: CountPrior, size: FloatArray, settings: ReliabilitySettings
) -> Iterator[Row]:
    """Spread of the reliability over places, cases needed, and misclassification, from the fitted distribution.

    Parameters
    ----------
    kind : {"binomial", "poisson"}
    prior : CountPrior
        Scalars, with a finite size.
    size : array (places,)
        Trials or exposure of one year; NaN for places without a figure.
    settings : ReliabilitySettings

    Yields
    ------
    dict
        Columns of the result table. Limits are those at the limits of the prior size.
    """
    method = CORE[kind]
    known = size[~np.isnan(size)]
    ends = (prior.size, prior.size_upper, prior.size_lower)
    for statistic, at in (
        ("reliability_mean", known),
        ("reliability_low", np.quantile(known, [settings.low_places])),
    ):
        values = [float(reliability_at(at, end).mean()) for end in ends]
        yield {"statistic": statistic, "method": method, **estimate_of(*values)}
    for target in settings.targets:
        needed = [
            float(cases_needed(end, target)) for end in (prior.size, prior.size_lower, prior.size_upper)
        ]
        yield _open({"statistic": f"cases_for_{target:g}", "method": method}, needed)
        if kind == "poisson":
            expected = [each * float(prior.mean) for each in needed]
            yield _open({"statistic": f"expected_events_for_{target:g}", "method": method}, expected)
        for name, everyone in (("share_reaching", known), ("share_of_all_reaching", size)):
            shares = [share_reaching(everyone, each) for each in (needed[0], needed[2], needed[1])]
            yield {"statistic": f"{name}_{target:g}", "method": method, **estimate_of(*shares)}
    simulated = [
        simulated_misclassification(
            kind,
            float(prior.mean),
            float(end),
            size,
            top_share=settings.top_share,
            draws=settings.draws,
            seed=settings.seed,
        )
        if 0 < end < np.inf
        else None
        for end in (prior.size, prior.size_lower, prior.size_upper)
    ]
    for name in (*_SIMULATED, "wrongly_in_top"):
        values = [np.nan if each is None else float(getattr(each, name)) for each in simulated]
        statistic = name if name == "wrongly_in_top" else f"misclassified_{name}"
        more = {"draws": settings.draws, "top_share": settings.top_share}
        yield {"statistic": statistic, "method": "simulation", **estimate_of(*values), **more}
    yield from normal_misclassified_rows("normal_theory", reliability_at(known, prior.size), settings)


def normal_misclassified_rows(method: str, own: FloatArray, settings: ReliabilitySettings) -> Iterator[Row]:
    """Shares misclassified by normal theory, averaged over the places' reliabilities; array (places,)."""
    top = classified_at_rank(own, settings.top_share)
    parts = {
        "misclassified_mean": classified_at_value(own, 0.0).wrong.mean(),
        "misclassified_top": top.wrong.mean(),
        "wrongly_in_top": top.wrongly_in.mean() / settings.top_share,
    }
    for statistic, value in parts.items():
        yield {
            "statistic": statistic,
            "method": method,
            "estimate": float(value),
            "top_share": settings.top_share,
        }


def estimate_of(value: float, lower: float, upper: float) -> Row:
    """The three columns of an estimate."""
    return {"estimate": value, "lower": lower, "upper": upper}


def _open(row: Row, values: list[float]) -> Row:
    """Row whose limits may be without bound: these are left empty and said to be so."""
    finite = [value if np.isfinite(value) else np.nan for value in values]
    return {**row, **estimate_of(*finite), "note": "limit_open" if np.isinf(values[2]) else ""}
