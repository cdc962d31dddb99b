"""The 2015 model population of Japan, the standard for direct age standardisation.

厚生労働省「基準人口の改訂に向けた検討会」報告書（令和2年6月）, 平成27年（2015年）モデル人口; total 125,319,000.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

FILE = Path(__file__).with_name("standard_population_2015_model.csv")


@cache
def _read() -> pd.Series:
    return pd.read_csv(FILE, index_col="age")["population"]


def model_population_2015() -> pd.Series:
    """Persons by age band: ``0-4``, ``5-9``, ... ``90-94``, ``95+`` (index), both sexes together."""
    return _read().copy()


def standard_weights(lowest_ages: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Persons of the 2015 model population in bands that begin at the given ages; the last one is open.

    Parameters
    ----------
    lowest_ages : array (bands,)
        Multiples of 5 in ascending order, the first one 0 unless younger ages are left out.

    Raises
    ------
    InputError
        If a band does not begin where one of the model population does.
    """
    bands = model_population_2015()
    starts = np.array([int(label.rstrip("+").split("-")[0]) for label in bands.index])
    wanted = np.atleast_1d(np.asarray(lowest_ages)).astype(np.int64)
    strange = sorted(set(wanted.tolist()) - set(starts.tolist()))
    if strange or (np.diff(wanted) <= 0).any():
        found = "、".join(map(str, strange or wanted.tolist()))
        raise InputError(
            Text(f"年齢階級の下限に{found}歳がある", f"age bands begin at {found.replace('、', ', ')}"),
            Text(
                "平成27年モデル人口の5歳階級（0、5、…、95歳）に合わせ昇順で指定してください",
                "give ages in ascending order at which the five-year bands of the 2015 model population begin",
            ),
        )
    band = np.searchsorted(wanted, starts, side="right") - 1
    people = bands.to_numpy(np.float64)
    kept = band >= 0
    return np.bincount(band[kept], weights=people[kept], minlength=len(wanted)).astype(np.float64)
