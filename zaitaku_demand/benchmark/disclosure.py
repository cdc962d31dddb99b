"""Disclosure control: small counts stay hidden, also from those who subtract.

Primary suppression hides the counts 1 to 9. Where parts and totals are published side by side, a hidden count can
be had by subtraction; secondary suppression hides further cells, the smallest first, until what is published
leaves every hidden cell an interval of at least the protection width. The audit computes these intervals from
the published cells alone, as an attacker would.

Reference: Hundepool et al. (2012), Statistical Disclosure Control, chapter 4 (cell suppression, audit).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.disclosure_audit import (
    ROUNDING_ERROR,
    BoolArray,
    FloatArray,
    Sum,
    audit,
    hidden_intervals,
)
from zaitaku_demand.benchmark.parameters import DisclosureParameters
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

KEPT_WHEN_SUPPRESSED = ("denominator", "expected", "denominator_lower", "denominator_upper", "event_size")


def primary_suppression(counts: FloatArray, threshold: float = 9) -> BoolArray:
    """Cells that are hidden for their size: counts above 0 and up to `threshold`."""
    return np.asarray((counts > 0) & (counts <= threshold))


def secondary_suppression(
    counts: FloatArray,
    hidden: BoolArray,
    sums: Sequence[Sum],
    protection_width: float = 9,
    fixed: BoolArray | None = None,
) -> BoolArray:
    """Hide further cells until no hidden one can be narrowed below the protection width.

    Parameters
    ----------
    counts : array (cells,)
        True counts; NaN where they are not known here either (suppressed by the source).
    hidden : array (cells,) of bool
        Cells hidden so far; NaN cells count as hidden.
    sums : sequence of Sum
        Sums known to hold. A total may be a part of another sum; cells may stand in several (rows and columns).
    protection_width : float
        Least width of the interval left to a hidden cell.
    fixed : array (cells,) of bool, optional
        Cells that are published anyway and cannot be hidden here.

    Returns
    -------
    array (cells,) of bool
        All hidden cells. In each step the smallest shown non-zero cell (ties: the first) of every sum with a cell
        too narrow is added; a zero hides nothing, so it is taken only where nothing else is left. If all that is left is fixed,
        :func:`audit` names the cells that stay open to subtraction.
    """
    covered = hidden | np.isnan(counts)
    free = np.ones(counts.shape, dtype=np.bool_) if fixed is None else ~fixed
    members = [np.array([one.total, *one.parts]) for one in sums]
    while True:
        narrow = audit(counts, covered, sums, protection_width)
        found = (
            _smallest_shown(cells[free[cells]], counts, covered) for cells in members if narrow[cells].any()
        )
        candidates = sorted({cell for cell in found if cell is not None})
        chosen = [cell for cell in candidates if counts[cell] > 0] or candidates
        if not chosen:
            return covered
        covered = covered.copy()
        covered[chosen] = True


def round_counts(counts: FloatArray, base: int) -> FloatArray:
    """Counts rounded to the nearest multiple of `base` (halves up); NaN stay NaN. Sums need not add up afterwards."""
    return np.asarray(np.floor(counts / base + 0.5) * base)


def area_sums(level: npt.NDArray[np.str_], area_code: npt.NDArray[np.str_]) -> list[Sum]:
    """Sums of one table by place: areas add up to their prefecture (first two digits), prefectures to the nation.

    Parameters
    ----------
    level, area_code : arrays (rows,)
        ``national``, ``prefecture`` or ``area`` and the code. Where no prefecture rows stand between, the areas
        add up to the nation.
    """
    prefectures = np.flatnonzero(level == "prefecture")
    areas = np.flatnonzero(level == "area")
    nation = np.flatnonzero(level == "national")
    of_area = np.array([code[:2] for code in area_code[areas].tolist()], dtype=str)
    sums = []
    for prefecture in prefectures.tolist():
        inside = areas[of_area == area_code[prefecture]]
        if inside.size:
            sums.append(Sum(prefecture, tuple(inside.tolist())))
    below = prefectures if prefectures.size else areas
    if nation.size and below.size:
        sums.append(Sum(int(nation[0]), tuple(below.tolist())))
    return sums


def protect_values(
    values: pd.DataFrame,
    protected: Sequence[str],
    parameters: DisclosureParameters | None = None,
    components: Mapping[str, tuple[str, ...]] | None = None,
) -> pd.DataFrame:
    """The values table with the counts of indicators that are not open data protected.

    Parameters
    ----------
    values : DataFrame
        The values table: indicator_id, level, area_code, year, state, numerator, numerator_lower,
        numerator_upper; national, prefecture and area rows of an indicator together.
    protected : sequence of str
        Indicators whose figures are not open data (supplied by the user). The others are left as they are.
    parameters : DisclosureParameters, optional
    components : mapping, optional
        Indicator -> indicators whose numerators add up to its own (own home + facility = all patients). A part
        or whole that is not protected itself is open data: it is shown, and taken into account.

    Returns
    -------
    DataFrame
        Same rows and order. Hidden rows have state ``suppressed``, numerator NaN and the bounds that the shown
        cells leave. What is derived from a hidden numerator must be NaN too: see :func:`blank_derived`.

    Raises
    ------
    InputError
        If a place stands twice for an indicator and year.
    """
    settings = parameters or DisclosureParameters()
    families = _families(set(protected), components or {})
    if not settings.enabled or not families:
        return values
    table = values.reset_index(drop=True)
    _require_single_rows(table[table["indicator_id"].isin(set().union(*families))])
    numerator = table["numerator"].to_numpy(np.float64).copy()
    state = table["state"].to_numpy(object).copy()
    lower = table["numerator_lower"].to_numpy(np.float64).copy()
    upper = table["numerator_upper"].to_numpy(np.float64).copy()
    is_protected = table["indicator_id"].isin(list(protected)).to_numpy()
    for family in families:
        mine = table[table["indicator_id"].isin(family) & (table["state"] != "no_data")]
        for _, rows in mine.groupby("year", sort=True):
            at = rows.index.to_numpy()
            sums = _family_sums(rows, components or {})
            counts = numerator[at]
            own = is_protected[at]
            start = (primary_suppression(counts, settings.threshold) & own) | (state[at] == "suppressed")
            counts = np.where(state[at] == "suppressed", np.nan, counts)
            counts, sums = _reconciled(counts, sums, settings.protection_width)
            hidden = secondary_suppression(counts, start, sums, settings.protection_width, ~own)
            low, high = hidden_intervals(counts, hidden, sums)
            newly = hidden & (state[at] != "suppressed")
            lower[at[newly]], upper[at[newly]] = low[newly], high[newly]
            state[at[hidden]] = "suppressed"
            numerator[at[hidden]] = np.nan
            if settings.rounding is not None:
                shown = at[own & ~hidden]
                for column in (numerator, lower, upper):
                    column[shown] = round_counts(column[shown], settings.rounding)
    protected_table = table.assign(
        numerator=numerator, state=state, numerator_lower=lower, numerator_upper=upper
    )
    return protected_table.set_axis(values.index, axis=0)


def blank_derived(table: pd.DataFrame) -> pd.DataFrame:
    """NaN (or "") in every figure of suppressed rows: a rate and its denominator reveal the count behind them."""
    hidden = table["state"] == "suppressed"
    keys = {"indicator_id", "type", "function", "level", "area_edition", "area_code", "area_name", "year"}
    keys |= {"prefecture_code", "state", "method", "confidence", "numerator_lower", "numerator_upper"}
    kept = keys | set(KEPT_WHEN_SUPPRESSED)
    blanked = table.copy()
    for column in blanked.columns.difference(list(kept)):
        numeric = pd.api.types.is_numeric_dtype(blanked[column])
        blanked[column] = blanked[column].mask(hidden, np.nan if numeric else "")
    return blanked


def _smallest_shown(cells: npt.NDArray[np.int64], counts: FloatArray, hidden: BoolArray) -> int | None:
    """Smallest shown cell above 0 among `cells`; a zero only if nothing else is left; None if all are hidden."""
    shown = cells[~hidden[cells]]
    if not shown.size:
        return None
    order = np.lexsort((shown, counts[shown], counts[shown] == 0))
    return int(shown[order[0]])


def _families(protected: set[str], components: Mapping[str, tuple[str, ...]]) -> list[frozenset[str]]:
    """Protected indicators in groups connected by component sums."""
    groups = [frozenset({name}) for name in sorted(protected)]
    for total, parts in sorted(components.items()):
        together = frozenset({total, *parts})
        if together & protected:
            touching = [group for group in groups if group & together]
            merged = together.union(*touching)
            groups = [group for group in groups if not group & together] + [merged]
    return groups


def _family_sums(rows: pd.DataFrame, components: Mapping[str, tuple[str, ...]]) -> list[Sum]:
    """Sums over places within each indicator and over components within each place (positions in `rows`)."""
    position = {
        key: i
        for i, key in enumerate(zip(rows["indicator_id"], rows["level"], rows["area_code"], strict=True))
    }
    names = rows["indicator_id"].to_numpy(str)
    sums = []
    for name in np.unique(names):
        at = np.flatnonzero(names == name)
        part = rows.iloc[at]
        for one in area_sums(part["level"].to_numpy(str), part["area_code"].to_numpy(str)):
            sums.append(Sum(int(at[one.total]), tuple(int(at[cell]) for cell in one.parts)))
    for total, parts in components.items():
        for level, code in dict.fromkeys(zip(rows["level"], rows["area_code"], strict=True)):
            keys = [(name, level, code) for name in (total, *parts)]
            if all(key in position for key in keys):
                sums.append(Sum(position[keys[0]], tuple(position[key] for key in keys[1:])))
    return sums


def _reconciled(counts: FloatArray, sums: Sequence[Sum], width: float) -> tuple[FloatArray, list[Sum]]:
    """Counts whose totals equal the sums of their parts, and the sums that may be used against hidden cells.

    A total that misses the sum of its parts by less than the protection width gives a hidden part away as well
    as an exact one. A total that is farther off is not the sum of these parts.
    """
    settled, kept = counts.copy(), []
    # Parts before what they add up to: sums of fewer cells stand lower.
    for one in sorted(sums, key=lambda each: len(each.parts)):
        difference = settled[one.total] - settled[list(one.parts)].sum()
        near = max(width, ROUNDING_ERROR * abs(settled[one.total]))
        if not np.isnan(difference) and abs(difference) > near:
            continue
        if not np.isnan(difference):
            settled[one.total] -= difference
        kept.append(one)
    # In crossed tables a total can stand in two sums that cannot both be met; such a sum binds nobody.
    return settled, [one for one in kept if _holds(one, settled)]


def _holds(one: Sum, counts: FloatArray) -> bool:
    difference = counts[list(one.parts)].sum() - counts[one.total]
    return bool(np.isnan(difference) or abs(difference) <= ROUNDING_ERROR * max(1.0, abs(counts[one.total])))


def _require_single_rows(rows: pd.DataFrame) -> None:
    twice = rows[rows.duplicated(["indicator_id", "level", "area_code", "year"])]
    if len(twice):
        first = twice.iloc[0]
        raise InputError(
            Text(
                f"指標「{first['indicator_id']}」の{first['year']}年に地域「{first['area_code']}」が2行ある",
                f"the place '{first['area_code']}' stands twice for the indicator '{first['indicator_id']}' "
                f"in {first['year']}",
            ),
            Text("どちらかの行を消してください", "remove one of the rows"),
        )
