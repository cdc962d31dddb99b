"""Structure, process and outcome side by side: four associations on the same rows.

They are associations each. The step from "structure and outcome" to "structure and outcome at equal process" is no
measure of what passes through the process: that would ask for no unmeasured confounding of any of the three.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from zaitaku_demand.research.association.design import Design, DesignError, IntArray, make_design
from zaitaku_demand.research.association.estimate import Estimate, none
from zaitaku_demand.research.association.models import MODELS
from zaitaku_demand.research.association.run import (
    confounders_at,
    declared_at,
    design_years,
)
from zaitaku_demand.research.association.settings import AssociationSettings, Chain
from zaitaku_demand.research.association.shared import shared_measure
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import result_row, result_table

STEPS = ("structure_process", "process_outcome", "structure_outcome", "structure_outcome_given_process")


def chain_table(panel: Panel, settings: AssociationSettings | None = None) -> pd.DataFrame:
    """The four associations of every declared chain the level has, adjusted, by the primary model.

    Returns
    -------
    DataFrame
        The layout of ``research.result`` and: step (:data:`STEPS`), structure, process. All steps of a chain
        stand on the same place-years.
    """
    chosen = settings or AssociationSettings()
    rows: list[dict[str, object]] = []
    more: list[dict[str, str]] = []
    for chain in chosen.chains:
        names = (chain.structure, chain.process, chain.outcome)
        if not all(declared_at(panel, name) for name in names):
            continue
        for step, (design, code) in chain_designs(panel, chain, chosen).items():
            rows.append(_row(panel, chain, step, design, code, chosen))
            more.append({"step": step, "structure": chain.structure, "process": chain.process})
    return pd.concat(
        [result_table(rows), pd.DataFrame(more, columns=["step", "structure", "process"])], axis=1
    )


def chain_designs(
    panel: Panel, chain: Chain, settings: AssociationSettings
) -> dict[str, tuple[Design | None, str]]:
    """The design of each step on the rows all steps have, or none and the code of the reason."""
    held, _ = confounders_at(panel, settings)
    pairs = (
        (chain.process, chain.structure),
        (chain.outcome, chain.process),
        (chain.outcome, chain.structure),
    )
    if any(shared_measure(panel, *pair) for pair in pairs):
        return dict.fromkeys(STEPS, (None, "shared_measure"))
    try:
        full = make_design(
            panel, chain.outcome, chain.structure, (chain.process, *held), scale=settings.scale
        )
        first = make_design(panel, chain.process, chain.structure, held, scale=settings.scale)
    except DesignError as error:
        return dict.fromkeys(STEPS, (None, error.code))
    shared = np.isin(_keys(full), _keys(first))
    if not shared.any():
        return dict.fromkeys(STEPS, (None, "no_overlap"))
    full = full.subset(shared)
    first = first.subset(np.isin(_keys(first), _keys(full)))
    process, others = full.z[:, 0], full.z[:, 1:]
    return {
        # Rows of both are in the order of place and year, so x and z can be shared.
        "structure_process": (replace(first, x=full.x, z=others), ""),
        "process_outcome": (
            replace(full, exposure=chain.process, confounders=held, x=process, z=others),
            "",
        ),
        "structure_outcome": (replace(full, confounders=held, z=others), ""),
        "structure_outcome_given_process": (full, ""),
    }


def _keys(design: Design) -> IntArray:
    return np.asarray(design.place * 10_000 + design.year, np.int64)


def _row(
    panel: Panel,
    chain: Chain,
    step: str,
    design: Design | None,
    code: str,
    settings: AssociationSettings,
) -> dict[str, object]:
    method = settings.primary_model
    found: Estimate = (
        none(method, 0, 0, code) if design is None else MODELS[method](design, confidence=settings.confidence)
    )
    held, absent = confounders_at(panel, settings)
    outcome, term = {
        "structure_process": (chain.process, chain.structure),
        "process_outcome": (chain.outcome, chain.process),
    }.get(step, (chain.outcome, chain.structure))
    return result_row(
        {
            "confounders": held if design is None else design.confounders,
            "confounders_absent": absent,
            "cluster": "prefecture",
            "scale": settings.scale,
        },
        analysis="association_chain",
        level=panel.level,
        outcome=outcome,
        term=term,
        statistic="rate_ratio",
        method=method,
        estimate=float(np.exp(found.estimate)),
        lower=float(np.exp(found.lower)),
        upper=float(np.exp(found.upper)),
        confidence=settings.confidence,
        p_value=found.p_value,
        n_places=found.n_places,
        note=found.note,
        **design_years(design),
    )
