"""Which areas the names or codes of a scenario mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

BoolArray = npt.NDArray[np.bool_]


def area_mask(names: Iterable[str], population: Population) -> BoolArray:
    """Areas of the population that the names or codes mean, all of them if there is no name.

    A name of the area system that this population does not cover (another prefecture) means none of its areas.

    Parameters
    ----------
    names : iterable of str
        Codes or names of areas or prefectures; a prefecture stands for all of its areas.
    population : Population

    Returns
    -------
    array (areas,) of bool

    Raises
    ------
    InputError
        If a name is not known, or means areas in more than one prefecture.
    """
    codes = population.areas["area_code"]
    chosen = [np.isin(codes, area_codes(name, population)) for name in names]
    return np.asarray(np.any(chosen, axis=0)) if chosen else np.ones(len(codes), dtype=bool)


def area_codes(name: str, population: Population) -> list[str]:
    """Codes of the areas that one name or code means, in the whole area system."""
    system = population.system.areas
    wanted = name.strip()
    for found in (
        system["area_code"] == wanted,
        system["prefecture_code"] == wanted,
        system["prefecture_name"] == wanted,
        system["area_name"] == wanted,
        system["prefecture_name"].str.replace("[都府県]$", "", regex=True) == wanted,
    ):
        if found.any():
            return _one_place(wanted, system[found])
    raise InputError(
        Text(f"「{name}」という圏域も都道府県もない", f"there is no area or prefecture '{name}'"),
        Text(
            f"{population.system.label.ja}のコードまたは名称を書いてください（一覧は zaitaku peak）",
            f"give a code or name of {population.system.label.en} (see `zaitaku peak`)",
        ),
    )


def is_prefecture(name: str, population: Population) -> bool:
    """Whether a name or code means a prefecture and not one of its areas."""
    system = population.system.areas
    return name.strip() not in set(system["area_code"]) and (
        len(area_codes(name, population)) > 1 or name.strip() not in set(system["area_name"])
    )


def _one_place(name: str, rows: pd.DataFrame) -> list[str]:
    """The codes, if they are of one area or of one prefecture."""
    by_name = (rows["area_name"] == name).all()
    if len(rows) > 1 and (by_name or rows["prefecture_code"].nunique() > 1):
        listed = [f"{row.area_code}（{row.prefecture_name}）" for row in rows.itertuples()]
        raise InputError(
            Text(f"「{name}」という圏域は{len(rows)}つある", f"there are {len(rows)} areas called '{name}'"),
            Text(
                f"コードで書いてください：{'、'.join(listed)}",
                f"give one of the codes {', '.join(rows['area_code'])}",
            ),
        )
    return rows["area_code"].tolist()
