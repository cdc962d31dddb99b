"""Whether two indicators go together by construction: they count the same, or one counts part of what the other does."""

from __future__ import annotations

from zaitaku_demand.benchmark.consistency_rules import PART_RULES
from zaitaku_demand.research.panel import Panel

_POPULATIONS = "population_"


def shared_measure(panel: Panel, outcome: str, exposure: str) -> bool:
    """Whether a count of one enters the other, whole or as a part of it: then they go together by construction.

    A population that both are divided by does not count, as it is known without error; nor does a population of which
    the one is part.

    Parameters
    ----------
    panel : Panel
    outcome, exposure : str
    """
    one, other = (_counts(panel, name) for name in (outcome, exposure))
    return bool(_with_wholes(one) & other or one & _with_wholes(other))


def _counts(panel: Panel, name: str) -> set[str]:
    row = panel.variables.loc[name]
    named = {each for column in ("numerator", "denominator") for each in str(row[column]).split("+")}
    return {each for each in named if each and not each.startswith(_POPULATIONS)}


def _with_wholes(counts: set[str]) -> set[str]:
    """The counts and everything of which they are part, by the declared rules."""
    found = set(counts)
    while True:
        more = {rule.whole for rule in PART_RULES if found & set(rule.parts)} - found
        if not more:
            return {each for each in found if not each.startswith(_POPULATIONS)}
        found |= more
