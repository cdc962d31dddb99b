"""The codebook: what every variable of the panel is, where it comes from, and where it has figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from zaitaku_demand.indicators.declaration import (
    BETTER,
    FUNCTIONS,
    LEVEL_NAMES,
    PLACES,
    STATISTICS,
    TYPES,
)
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.research.panel import ROLES, Panel, Series
from zaitaku_demand.text import Language, Text

CODEBOOK_HEADINGS: dict[str, Text] = {
    "name": Text("変数", "variable"),
    "role": Text("役割", "role"),
    "label": Text("名称", "label"),
    "unit": Text("単位", "unit"),
    "type": Text("種別", "type"),
    "function": Text("機能", "function"),
    "statistic": Text("統計量", "statistic"),
    "better": Text("望ましい向き", "direction"),
    "definition": Text("定義", "definition"),
    "numerator": Text("分子", "numerator"),
    "denominator": Text("分母", "denominator"),
    "place": Text("場所の基準", "counted by"),
    "source": Text("出典", "source"),
    "level": Text("地域の単位", "level"),
    "years": Text("データのある年", "years with figures"),
    "observed": Text("公表値（地域・年）", "observed (places × years)"),
    "estimated": Text("推計値", "estimated"),
    "suppressed": Text("秘匿", "suppressed"),
    "no_data": Text("データなし", "no data"),
    "event_size": Text("1例当たりの件数", "entries per case"),
    "multiplier": Text("乗数", "multiplier"),
    "caveats": Text("読み誤りやすい点", "caveats"),
}

_WORDS: Mapping[str, Mapping[str, Text]] = {
    "role": dict(ROLES.items()),
    "type": TYPES,
    "function": FUNCTIONS,
    "statistic": STATISTICS,
    "place": PLACES,
}


def codebook(panels: Sequence[Panel], language: Language) -> pd.DataFrame:
    """One row a variable and level, with or without figures, in the order of the panels.

    Parameters
    ----------
    panels : sequence of Panel
    language : str
        ``ja`` or ``en``.

    Returns
    -------
    DataFrame
        The columns of `CODEBOOK_HEADINGS`; observed, estimated, suppressed and no_data count places and years in the years
        in which any place has a figure.
    """
    rows = [
        _row(panel, str(name), panel.series[str(name)], language)
        for panel in panels
        for name in panel.variables.index
    ]
    return pd.DataFrame(rows, columns=list(CODEBOOK_HEADINGS))


def year_ranges(years: Sequence[int]) -> str:
    """Years as they are printed: ``2014-2017, 2020``; empty without any."""
    parts: list[list[int]] = []
    for year in sorted(years):
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in parts)


def _row(panel: Panel, name: str, series: Series, language: Language) -> dict[str, object]:
    given = panel.variables.loc[name]
    counts = np.bincount(series.state.ravel(), minlength=len(STATE_NAMES))
    texts = {
        key: str(given[f"{key}_{language}"]) for key in ("label", "unit", "definition", "source", "caveats")
    }
    known = {
        key: table[str(given[key])].to(language) if str(given[key]) in table else ""
        for key, table in _WORDS.items()
    }
    is_indicator = bool(given["numerator"])
    return {
        "name": name,
        **texts,
        **known,
        "better": BETTER[str(given["better"])].to(language) if is_indicator else "",
        "numerator": _measures(str(given["numerator"]), language),
        "denominator": _measures(str(given["denominator"]), language),
        "level": LEVEL_NAMES[panel.level].to(language),
        "years": year_ranges(series.years),
        **{state: int(count) for state, count in zip(STATE_NAMES, counts, strict=True)},
        "event_size": series.event_size,
        "multiplier": series.multiplier,
    }


def _measures(names: str, language: Language) -> str:
    known = measures()
    shown = [known[name].name.to(language) for name in names.split("+") if name]
    return (" ＋ " if language == "ja" else " + ").join(shown)
