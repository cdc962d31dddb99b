"""All validity analyses of a panel as one tidy table."""

from __future__ import annotations

import pandas as pd

from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import result_table
from zaitaku_demand.research.validity.expectations import Expectations, declared_expectations
from zaitaku_demand.research.validity.run_agreement import agreement_rows
from zaitaku_demand.research.validity.run_bounds import bound_rows
from zaitaku_demand.research.validity.run_case_mix import case_mix_rows
from zaitaku_demand.research.validity.run_expectations import expectation_rows
from zaitaku_demand.research.validity.run_flows import flow_rows
from zaitaku_demand.research.validity.settings import ValiditySettings


def validity_table(
    panel: Panel,
    settings: ValiditySettings | None = None,
    reliability: pd.DataFrame | None = None,
    expectations: Expectations | None = None,
) -> pd.DataFrame:
    """Validity of every candidate outcome of a level.

    Parameters
    ----------
    panel : Panel
    settings : ValiditySettings, optional
        The declared plan if not given.
    reliability : DataFrame, optional
        Tidy table with rows of `statistic` ``reliability``, for the correction for attenuation; what it does not have is
        estimated from the same figures.
    expectations : Expectations, optional
        The declared pairs if not given.

    Returns
    -------
    DataFrame
        Layout of :mod:`zaitaku_demand.research.result`, `analysis` ``validity``. Statistics: ``agreement_*`` (term: the
        other source), ``convergent*`` and ``discriminant*`` (term: the other variable), ``case_mix_*`` (term: the
        adjustment), ``floor_share``, ``ceiling_share``, ``skewness``, ``institution_*``. What the codes in `note` mean
        stands in :data:`zaitaku_demand.research.validity.notes.NOTES`.
    """
    chosen = ValiditySettings() if settings is None else settings
    declared = declared_expectations() if expectations is None else expectations
    rows = [
        *agreement_rows(panel, chosen, declared.agreement),
        *expectation_rows(panel, chosen, declared.expectation, reliability),
        *case_mix_rows(panel, chosen),
        *bound_rows(panel, chosen),
        *flow_rows(panel, chosen),
    ]
    return result_table(rows)
