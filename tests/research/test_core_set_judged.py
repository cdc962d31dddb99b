"""The core set says which of its members should not be used to compare places."""

from __future__ import annotations

import pandas as pd

from tests.research.core_set_real import panels, proposed
from zaitaku_demand.research.core_set.judged import given_way, with_judgement, with_those_given_way
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


def _judgement(uses: dict[str, tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        [(name, *pair) for name, pair in uses.items()],
        columns=["outcome", "compare_prefectures", "compare_areas"],
    )


def test_an_unfit_outcome_gives_way_where_its_cell_has_another() -> None:
    given = panels()
    judgement = _judgement({"O-A-2": ("no", "no"), "O-A-1-D": ("with_care", "no_data")})
    kept, gone = given_way(given, judgement)
    assert gone == ["O-A-2"]
    assert all(
        "O-A-2" not in panel.series and "O-A-2" not in panel.variables.index for panel in kept.values()
    )
    # What was given stays whole.
    assert all("O-A-2" in panel.series for panel in given.values())
    found = with_those_given_way(proposed(), gone, given)
    last = found.left_out.iloc[-1]
    assert (last["id"], last["code"]) == ("O-A-2", "unfit")
    assert "譲った" in last["reason_ja"] and "gave way" in last["reason_en"]


def test_the_only_candidates_of_a_cell_stay_though_unfit() -> None:
    acute = [name for name in panels()["prefecture"].names("outcome") if name.startswith("O-A-")]
    kept, gone = given_way(panels(), _judgement(dict.fromkeys(acute, ("no", "no"))))
    assert gone == []
    assert "O-A-2" in kept["area"].series


def test_an_outcome_fit_at_one_level_stays() -> None:
    _, gone = given_way(panels(), _judgement({"O-A-2": ("no", "with_care")}))
    assert gone == []
