"""What the judgement of use says about the members of a core set.

A member may be chosen because its cell has nothing better and still be unfit to compare places. Whoever reads the set must not
have to find that in another table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from zaitaku_demand.research.core_set.run import CoreSet
from zaitaku_demand.text import Text

_LEVELS: dict[str, Text] = {
    "compare_prefectures": Text("都道府県", "prefectures"),
    "compare_areas": Text("二次医療圏", "areas"),
}
_UNFIT = ("no", "no_data")


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
