"""The values of a benchmark with the user's own among them, whose small counts stay hidden in all that is derived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from zaitaku_demand.benchmark.disclosure import protect_values
from zaitaku_demand.benchmark.parameters import DisclosureParameters
from zaitaku_demand.benchmark.sets import SHOWN_STATES
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.indicators.declaration import LEVEL_NAMES
from zaitaku_demand.indicators.facts import NATION
from zaitaku_demand.indicators.user_data import indicator_of, read_values
from zaitaku_demand.text import Text


def values_with_own(
    level: str, files: Sequence[Path], disclosure: DisclosureParameters, home_care: Path | None = None
) -> pd.DataFrame:
    """The values table of one level, the indicators of the user's files protected.

    Raises
    ------
    InputError
        If a file cannot be used, or holds no value of the level.
    """
    values = indicator_values(level, supplied=files, home_care=home_care)
    if not files:
        return values
    for path in files:
        _require_level(path, level)
    own = [indicator_of(path) for path in files]
    # Institutions stand in public plans and lists; counts of people can give somebody away.
    protected = sorted({each.id for each in own if each.type != "structure"})
    values = protect_values(values, protected, disclosure)
    return expected_from_shown(values, protected) if disclosure.enabled else values


def expected_from_shown(values: pd.DataFrame, protected: Collection[str]) -> pd.DataFrame:
    """The same with the expected counts of `protected` made from shown counts alone.

    Every expected count is the denominator × Japan's rate, so a rate that rests on hidden counts would give their
    sum away, and a single hidden one with it. The rate is that of the nation where it is shown, else that of all
    places that are shown together.

    Parameters
    ----------
    values : DataFrame
        The values table after `protect_values`.
    protected : collection of str
        Indicators without adjustment for age.
    """
    own = values[values["indicator_id"].isin(protected)]
    shown = own[own["state"].isin(SHOWN_STATES)]
    nation = shown["area_code"] == NATION
    keys = ["indicator_id", "year"]
    sums = [
        part.groupby(keys)[["numerator", "denominator"]].sum() for part in (shown[nation], shown[~nation])
    ]
    rates = [part["numerator"] / part["denominator"] for part in sums]
    rate = rates[0].combine_first(rates[1])
    at = pd.MultiIndex.from_frame(own[keys])
    expected = values["expected"].copy()
    expected.loc[own.index] = own["denominator"].to_numpy() * rate.reindex(at).to_numpy()
    return values.assign(expected=expected)


def _require_level(path: Path, level: str) -> None:
    if level in set(read_values([path])["level"]):
        return
    name = LEVEL_NAMES[level]
    raise InputError(
        Text(f"{name.ja}の値が1つもない", f"it holds no value at the level {name.en}"),
        Text(
            f"「zaitaku indicators template {indicator_of(path).id} --level {level}」の様式に記入してください",
            f"fill in the layout of `zaitaku indicators template {indicator_of(path).id} --level {level}`",
        ),
        file=path,
    )
