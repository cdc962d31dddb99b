"""What the judgement of use says about a core set.

An outcome that may be used to compare neither prefectures nor areas gives way to any other of its function and type. Where there
is no other it may still be chosen, so that the cell is not empty; whoever reads the set must not have to find that in
another table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from zaitaku_demand.research.core_set.run import CoreSet
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.text import Text

_LEVELS: dict[str, Text] = {
    "compare_prefectures": Text("都道府県", "prefectures"),
    "compare_areas": Text("二次医療圏", "areas"),
}
_UNFIT = ("no", "no_data")
_FIT = ("yes", "with_care")
GAVE_WAY = Text(
    "信頼性と妥当性からみて都道府県の比較にも二次医療圏の比較にも使えないため、同じ機能・種別の他の候補に譲った。",
    "It gave way to other candidates of its function and type: by its reliability and validity it should be used to compare neither "
    "prefectures nor areas.",
)


def given_way(panels: Mapping[str, Panel], judgement: pd.DataFrame) -> tuple[dict[str, Panel], list[str]]:
    """Panels without the outcomes that give way, and their names.

    Parameters
    ----------
    panels : mapping of level to Panel
    judgement : DataFrame
        Of :func:`zaitaku_demand.research.judgement.judge_use`.

    Returns
    -------
    panels : dict
    names : list of str
        Judged unfit at every level that was studied, while their cell has another candidate with figures.
    """
    unfit = {
        str(row["outcome"])
        for row in judgement.to_dict("records")
        if all(row[level] not in _FIT for level in _LEVELS)
    }
    cells: dict[str, tuple[str, str]] = {}
    for panel in panels.values():
        for name in (*panel.names("outcome"), *panel.names("exposure")):
            row = panel.variables.loc[name]
            # An outcome of the user's own has no function and is no candidate of a cell.
            if row["function"]:
                cells[name] = (str(row["function"]), str(row["type"]))
    fit_cells = {cell for name, cell in cells.items() if name not in unfit}
    leaving = [name for name, cell in cells.items() if name in unfit and cell in fit_cells]
    kept = {
        level: replace(
            panel,
            variables=panel.variables.drop(index=[name for name in leaving if name in panel.variables.index]),
            series={name: series for name, series in panel.series.items() if name not in leaving},
        )
        for level, panel in panels.items()
    }
    return kept, leaving


def with_those_given_way(found: CoreSet, names: Sequence[str], panels: Mapping[str, Panel]) -> CoreSet:
    """The same set; those that gave way stand with their reason among what was left out."""
    rows = []
    for name in names:
        panel = next(panel for panel in panels.values() if name in panel.variables.index)
        row = panel.variables.loc[name]
        rows.append(
            {
                "id": name,
                "function": str(row["function"]),
                "type": str(row["type"]),
                "value": float("nan"),
                "value_rank": float("nan"),
                "code": "unfit",
                "other": "",
                "reason_ja": GAVE_WAY.ja,
                "reason_en": GAVE_WAY.en,
            }
        )
    if not rows:
        return found
    added = pd.DataFrame(rows, columns=list(found.left_out.columns))
    filled = [table for table in (found.left_out, added) if len(table)]
    return replace(found, left_out=pd.concat(filled, ignore_index=True))


def with_judgement(found: CoreSet, judgement: pd.DataFrame) -> CoreSet:
    """The same set; the reason of a member that should not be used to compare places says so.

    Parameters
    ----------
    found : CoreSet
    judgement : DataFrame
        Of :func:`zaitaku_demand.research.judgement.judge_use`; indicators that it does not name (processes and structures)
        stay as they are.

    Returns
    -------
    CoreSet
    """
    table = judgement.set_index("outcome")[list(_LEVELS)]
    uses = {
        str(name): dict(zip(_LEVELS, row, strict=True))
        for name, row in zip(table.index, table.to_numpy(), strict=True)
    }
    members = found.members.copy()
    for language in ("ja", "en"):
        column = f"reason_{language}"
        members[column] = [
            reason + (_warning(uses[name]).to(language) if name in uses else "")
            for name, reason in zip(members["id"], members[column], strict=True)
        ]
    return replace(found, members=members)


def _warning(uses: Mapping[str, str]) -> Text:
    """A further sentence; empty where both comparisons may be made."""
    unfit = [level for level in _LEVELS if uses[level] in _UNFIT]
    if not unfit:
        return Text("", "")
    if len(unfit) == len(_LEVELS):
        return Text(
            "ただし、信頼性と妥当性からみて都道府県の比較にも二次医療圏の比較にも使えない。地域の順位づけには用いないこと。",
            " But by its reliability and validity it should be used to compare neither prefectures nor areas: do not rank "
            "places by it.",
        )
    level = _LEVELS[unfit[0]]
    return Text(
        f"ただし、信頼性と妥当性からみて{level.ja}の比較には使えない。",
        f" But by its reliability and validity it should not be used to compare {level.en}.",
    )
