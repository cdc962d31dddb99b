"""Why each member is in the set and each close candidate is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.research.core_set import words
from zaitaku_demand.research.core_set.criteria import CRITERIA, Criteria
from zaitaku_demand.research.core_set.judgements import Judgement
from zaitaku_demand.research.core_set.redundancy import IntArray
from zaitaku_demand.research.core_set.select import BoolArray
from zaitaku_demand.research.core_set.settings import CoreSetSettings
from zaitaku_demand.text import Text

_REST = ("label_ja", "label_en", "value", "value_rank", "reason_ja", "reason_en")


class Group(NamedTuple):
    """Candidates of which one is enough, and why: ``correlation``, ``same_count`` or ``family``."""

    kind: str
    members: IntArray


@dataclass(frozen=True)
class Picture:
    """What reasons are made of; arrays over the candidates."""

    criteria: Criteria
    value: FloatArray
    rank: FloatArray
    among: int
    cells: IntArray
    chosen: BoolArray
    by_value: BoolArray
    groups: Sequence[Group]
    clusters: IntArray
    correlation: FloatArray
    judgements: Mapping[str, Judgement]

    def members(self) -> pd.DataFrame:
        """Members in order of priority with their reasons."""
        numbers = [int(number) for number in np.flatnonzero(self.chosen)]
        first = {number for number in numbers if self._role(number) != "further"}
        ordered = sorted(numbers, key=lambda number: (number not in first, -self.value[number]))
        rows = []
        for order, number in enumerate(ordered, start=1):
            name = self.criteria.ids[number]
            row = self.criteria.candidates.loc[name]
            reason = words.member_reason(
                words.cell_name(str(row["type"]), str(row["function"])),
                self._role(number),
                float(self.value[number]),
                int(self.rank[number]),
                self.among,
                self.judgements[name].reason,
                self._weakest(number),
                [(self.criteria.ids[other], kind, free) for other, kind, free in self._beside(number)],
                not self.by_value[number],
                str(row["levels"]).split("+"),
                int(str(row["latest_year"])),
            )
            own = {
                "order": order,
                "for_cell": not self.by_value[number],
                "levels": row["levels"],
                "latest_year": row["latest_year"],
            }
            rows.append({**self._described(number), **own, **both(reason)})
        return pd.DataFrame(
            rows, columns=["id", "function", "type", "order", "for_cell", "levels", "latest_year", *_REST]
        )

    def left_out(self, settings: CoreSetSettings, share: FloatArray) -> pd.DataFrame:
        """Candidates not chosen that come close, with the reason.

        Close is: a value near that of the lowest member that was not needed for a cell, or near that of a member of
        the same cell, or no small share of the draws (array (candidates,)).
        """
        rows = []
        for number in np.argsort(self.rank).tolist():
            if not self._is_close(number, settings, float(share[number])):
                continue
            overlaps = self._overlaps(number)
            below = self.value[number] <= settings.least_value
            code = overlaps[0][1] if overlaps else "below_least" if below else "full"
            other = self.criteria.ids[overlaps[0][0]] if overlaps else ""
            strength = float(abs(self.correlation[number, overlaps[0][0]])) if code == "correlation" else None
            reason = words.left_out_reason(
                code, float(self.value[number]), int(self.rank[number]), self.among, other, strength
            )
            rows.append({**self._described(number), "code": code, "other": other, **both(reason)})
        return pd.DataFrame(rows, columns=["id", "function", "type", "code", "other", *_REST])

    def _is_close(self, number: int, settings: CoreSetSettings, share: float) -> bool:
        if self.chosen[number] or np.isnan(self.value[number]):
            return False
        members = np.flatnonzero(self.chosen).tolist()
        rivals = [each for each in members if self._role(each) == "further"] or members
        rivals += [each for each in members if self.cells[each] == self.cells[number] >= 0]
        bar = min((float(self.value[each]) for each in rivals), default=0.0) - settings.close_margin
        return bool(self.value[number] >= bar) or 1 - share < settings.usually_share

    def _described(self, number: int) -> dict[str, object]:
        row = self.criteria.candidates.iloc[number]
        return {
            "id": self.criteria.ids[number],
            **{key: row[key] for key in ("function", "type", "label_ja", "label_en")},
            "value": float(self.value[number]),
            "value_rank": int(self.rank[number]),
        }

    def _role(self, number: int) -> str:
        same = np.flatnonzero((self.cells == self.cells[number]) & ~np.isnan(self.value))
        if self.cells[number] < 0:
            return "further"
        if len(same) == 1:
            return "only"
        together = [other for other in same if self.chosen[other]]
        return "best" if number == min(together, key=lambda other: self.rank[other]) else "further"

    def _weakest(self, number: int) -> list[str]:
        scores = self.criteria.scores[number]
        lowest = np.nanmin(scores)
        return [name for name, score in zip(CRITERIA, scores, strict=True) if score <= lowest + 1e-9]

    def _beside(self, number: int) -> list[tuple[int, str, bool]]:
        """Members that overlap with this one, and whether their importance lets them stand in one cluster."""
        found = [(other, kind, False) for other, kind in self._overlaps(number)]
        known = {number, *(other for other, _, _ in found)}
        same = np.flatnonzero(self.chosen & (self.clusters == self.clusters[number])).tolist()
        return found + [(other, "correlation", True) for other in same if other not in known]

    def _overlaps(self, number: int) -> list[tuple[int, str]]:
        """Members in a group with this candidate, the strongest kind of overlap first."""
        found: dict[int, str] = {}
        for group in self.groups:
            if number in group.members:
                for other in group.members:
                    if other != number and self.chosen[other]:
                        found.setdefault(int(other), group.kind)
        return list(found.items())


def both(sentence: Text) -> dict[str, object]:
    """A sentence as the columns reason_ja and reason_en."""
    return {"reason_ja": sentence.ja, "reason_en": sentence.en}
