"""The core set says which of its members should not be used to compare places."""

from __future__ import annotations

import pandas as pd

from tests.research.core_set_real import proposed
from zaitaku_demand.research.core_set.judged import with_judgement
from zaitaku_demand.research.core_set.run import CoreSet


def _judged(found: CoreSet, uses: dict[str, tuple[str, str]]) -> pd.DataFrame:
    table = pd.DataFrame(
        [(name, *pair) for name, pair in uses.items()],
        columns=["outcome", "compare_prefectures", "compare_areas"],
    )
    return with_judgement(found, table).members.set_index("id")


def test_a_member_unfit_for_comparison_says_so() -> None:
    found = proposed()
    before = found.members.set_index("id")
    one, other, third = before.index[:3]
    members = _judged(
        found,
        {one: ("no", "no_data"), other: ("with_care", "no"), third: ("with_care", "yes"), "X": ("no", "no")},
    )
    assert members.loc[one, "reason_en"].startswith(before.loc[one, "reason_en"])
    assert members.loc[one, "reason_en"].endswith("neither prefectures nor areas: do not rank places by it.")
    assert members.loc[one, "reason_ja"].endswith("地域の順位づけには用いないこと。")
    assert members.loc[other, "reason_ja"].endswith("二次医療圏の比較には使えない。")
    assert members.loc[other, "reason_en"].endswith("it should not be used to compare areas.")
    untouched = members.drop(index=[one, other])
    pd.testing.assert_frame_equal(untouched, before.drop(index=[one, other]))
    # The set that was given stays as it is.
    assert found.members.set_index("id").loc[one, "reason_en"] == before.loc[one, "reason_en"]
