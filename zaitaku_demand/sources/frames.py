"""Building the tables that loaders return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.sources.tabular import IntArray

if TYPE_CHECKING:
    import pandas as pd


def as_object(values: Sequence[str]) -> npt.NDArray[np.object_]:
    """Texts as an object array, which repeats and indexes faster than a text column."""
    return np.array(values, dtype=object)


def population_frame(
    codes: Sequence[str],
    kinds: Sequence[str],
    prefectures: Sequence[str],
    names: Sequence[str],
    years: Sequence[int],
    sexes: Sequence[str],
    ages: Sequence[str],
    persons: IntArray,
) -> pd.DataFrame:
    """One row for each row and age of `persons`, in the columns that all population tables share."""
    import pandas as pd

    repeat = np.repeat(np.arange(len(codes)), len(ages))
    frame = pd.DataFrame(
        {
            "code": as_object(codes)[repeat],
            "kind": as_object(kinds)[repeat],
            "prefecture_name": as_object(prefectures)[repeat],
            "name": as_object(names)[repeat],
            "year": np.array(years, dtype=np.int64)[repeat],
            "sex": as_object(sexes)[repeat],
            "age": np.tile(as_object(ages), len(codes)),
            "persons": persons.reshape(-1),
        }
    )
    texts = ("code", "kind", "prefecture_name", "name", "sex", "age")
    return frame.astype({name: "str" for name in texts})


def with_text(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The frame with the columns `names` as text columns."""
    return frame.astype({name: "str" for name in names})
