"""Peers: types at their thresholds, distances by hand, and what must not change them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from zaitaku_demand.benchmark.parameters import PeerFeature, PeerParameters, TypeThresholds
from zaitaku_demand.benchmark.peers import (
    area_types,
    chosen_peers,
    nearest_peers,
    peer_summary,
    same_type_peers,
    type_of_area,
)
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

AGE = PeerFeature(column="share_75", name=Text("75歳以上の割合", "share of 75+"))
PEOPLE = PeerFeature(column="population", name=Text("人口", "population"), logarithm=True)
BEDS = PeerFeature(column="beds", name=Text("病床", "beds"), weight=2)
TWO = PeerParameters(prefecture_count=2, features=(AGE, PEOPLE))


def _features(**columns: list[float]) -> pd.DataFrame:
    number = len(next(iter(columns.values())))
    return pd.DataFrame(
        {"level": "prefecture", "area_code": [f"{i:02d}" for i in range(1, number + 1)], **columns}
    )


def _names(features: pd.DataFrame) -> dict[str, str]:
    return {code: f"県{code}" for code in features["area_code"]}


def test_types_at_their_thresholds() -> None:
    # Thresholds of the working group's three types (docs: TypeThresholds), each met exactly and just missed.
    population = np.array([1_000_000, 999_999, 50_000, 200_000, 199_999, 100_000, 99_999, np.nan])
    density = np.array([1.0, 1999.0, 2000.0, 1.0, 199.0, 200.0, 1999.0, 100.0])
    assert type_of_area(population, density, TypeThresholds()).tolist() == [
        "metropolitan",
        "regional",
        "metropolitan",
        "regional",
        "sparse",
        "regional",
        "sparse",
        "",
    ]


def test_a_prefecture_has_the_type_where_most_of_its_older_people_live() -> None:
    # 01: 20,000 older people in a sparse area and 30,000 in a regional one; 02: no area known.
    features = pd.DataFrame(
        {
            "level": ["prefecture", "prefecture", "area", "area"],
            "area_code": ["01", "02", "0101", "0102"],
            "population": [400_000, 900_000, 90_000, 300_000],
            "density": [50.0, 3000.0, 20.0, 150.0],
            "share_75": [0.125, 0.1, 2 / 9, 0.1],
        }
    )
    types = area_types(features).set_index("area_code")
    assert types["type"].to_dict() == {"01": "regional", "02": "", "0101": "sparse", "0102": "regional"}
    assert types.loc["01", "share"] == pytest.approx(0.6)
    assert types.loc["01", "type_ja"] == "地方都市型"


def test_distance_by_hand() -> None:
    # share_75: median 0.15, MAD 0.02; log population: median log 1e6, MAD log 2.
    features = _features(share_75=[0.11, 0.13, 0.15, 0.17, 0.19], population=[2.5e5, 5e5, 1e6, 2e6, 4e6])
    peers = nearest_peers(features, _names(features), "prefecture", TWO, focus=["01"])
    assert peers["peer_code"].tolist() == ["02", "03"]
    # 02 differs from 01 by one MAD in both features: (1/1.4826) each.
    assert peers["distance"].tolist() == pytest.approx([1 / 1.4826, 2 / 1.4826])
    assert peers["rank"].tolist() == [1, 2]


def test_the_reason_names_what_is_near_and_what_is_far() -> None:
    features = _features(share_75=[0.11, 0.111, 0.15, 0.17, 0.19], population=[2.5e5, 5e5, 1e6, 2e6, 4e6])
    first = nearest_peers(features, _names(features), "prefecture", TWO, focus=["01"]).iloc[0]
    assert first["reason_en"] == "alike in share of 75+; differs most in population (greater there)"
    assert first["reason_ja"] == "近い特徴：75歳以上の割合／最も異なる特徴：人口（比較相手のほうが大きい）"


def test_missing_features_are_left_out_and_said() -> None:
    features = _features(
        share_75=[0.11, 0.13, 0.15, 0.17, 0.19],
        population=[2.5e5, 5e5, 1e6, 2e6, 4e6],
        beds=[1.0, np.nan, 3.0, 4.0, 5.0],
    )
    parameters = PeerParameters(prefecture_count=4, features=(AGE, PEOPLE, BEDS))
    peers = nearest_peers(features, _names(features), "prefecture", parameters, focus=["01"])
    second = peers.set_index("peer_code").loc["02"]
    assert second["distance"] == pytest.approx(1 / 1.4826)
    assert "比べられた特徴は3のうち2" in second["reason_ja"]
    strict = parameters.model_copy(update={"least_shared_weight": 0.6})
    assert "02" not in set(
        nearest_peers(features, _names(features), "prefecture", strict, ["01"])["peer_code"]
    )


def test_a_feature_missing_everywhere_or_equal_everywhere_separates_nobody() -> None:
    features = _features(share_75=[0.11, 0.13, 0.15, 0.17, 0.19], population=[1e6] * 5, beds=[np.nan] * 5)
    parameters = PeerParameters(prefecture_count=4, features=(AGE, PEOPLE, BEDS))
    peers = nearest_peers(features, _names(features), "prefecture", parameters, focus=["01"])
    assert peers["peer_code"].tolist() == ["02", "03", "04", "05"]


def test_one_place_has_no_peers() -> None:
    features = _features(share_75=[0.11], population=[1e6])
    assert nearest_peers(features, _names(features), "prefecture", TWO).empty


def test_an_absent_feature_and_an_unknown_place_are_errors() -> None:
    features = _features(share_75=[0.11, 0.12], population=[1e6, 2e6])
    with pytest.raises(InputError, match="病床"):
        nearest_peers(features, _names(features), "prefecture", PeerParameters(features=(BEDS,)))
    with pytest.raises(InputError, match="99"):
        nearest_peers(features, _names(features), "prefecture", TWO, focus=["99"])
    with pytest.raises(InputError, match="98"):
        chosen_peers(["01"], ["98"], _names(features), "prefecture")
    with pytest.raises(InputError, match="自身しか"):
        chosen_peers(["01"], ["01"], _names(features), "prefecture")


NUMBERS = st.lists(
    st.tuples(st.floats(0.05, 0.4), st.floats(1e4, 1e7)),
    min_size=2,
    max_size=12,
    unique_by=lambda pair: pair[0],
)


@given(NUMBERS, st.floats(0.1, 1000), st.integers(0, 99))
def test_units_and_order_of_rows_change_nothing(
    rows: list[tuple[float, float]], factor: float, seed: int
) -> None:
    features = _features(share_75=[row[0] for row in rows], population=[row[1] for row in rows])
    peers = nearest_peers(features, _names(features), "prefecture", TWO)
    assert (peers["area_code"] != peers["peer_code"]).all()
    assert peers.groupby("area_code")["distance"].apply(lambda d: d.is_monotonic_increasing).all()
    shuffled = features.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(nearest_peers(shuffled, _names(features), "prefecture", TWO), peers)
    scaled = features.assign(
        share_75=features["share_75"] * factor, population=features["population"] * factor
    )
    again = nearest_peers(scaled, _names(features), "prefecture", TWO)
    assert again["distance"].to_numpy() == pytest.approx(peers["distance"].to_numpy(), rel=1e-6, abs=1e-6)


@given(NUMBERS)
def test_peers_of_one_place_do_not_depend_on_who_else_is_asked_for(rows: list[tuple[float, float]]) -> None:
    features = _features(share_75=[row[0] for row in rows], population=[row[1] for row in rows])
    whole = nearest_peers(features, _names(features), "prefecture", TWO)
    alone = nearest_peers(features, _names(features), "prefecture", TWO, focus=["02"])
    pd.testing.assert_frame_equal(alone, whole[whole["area_code"] == "02"].reset_index(drop=True))


def test_same_type_and_chosen_peers() -> None:
    types = pd.DataFrame(
        {
            "level": "prefecture",
            "area_code": ["01", "02", "03", "04"],
            "type": ["sparse", "regional", "sparse", ""],
        }
    )
    names = {code: f"県{code}" for code in types["area_code"]}
    peers = same_type_peers(types, names, "prefecture")
    assert peers[["area_code", "peer_code"]].to_numpy().tolist() == [["01", "03"], ["03", "01"]]
    assert peers["reason_ja"].unique().tolist() == ["同じ類型（人口の少ない地域）"]
    chosen = chosen_peers(["01", "02"], ["04", "01"], names, "prefecture")
    assert chosen[["area_code", "peer_code"]].to_numpy().tolist() == [
        ["01", "04"],
        ["02", "04"],
        ["02", "01"],
    ]


def test_median_and_best_fifth_of_the_peers() -> None:
    # Peers' values 1, 2, 3, 4, 5, 6: median 3.5; numpy's linear 80 % quantile 5.0, 20 % quantile 2.0.
    codes = ["00", "11", "12", "13", "14", "15", "16"]
    rows = pd.DataFrame({"area_code": codes, "value": [99.0, 1, 2, 3, 4, 5, 6], "year": 2022})
    benchmark = pd.concat([rows.assign(indicator_id=name) for name in ("MORE", "LESS", "NEUTRAL")])
    peers = pd.DataFrame({"area_code": "00", "peer_code": codes[1:]})
    better = {"MORE": "more", "LESS": "less", "NEUTRAL": "neutral"}
    summary = peer_summary(benchmark, peers, better).set_index("indicator_id")
    assert summary["peer_median"].tolist() == [3.5, 3.5, 3.5]
    assert summary.loc[["MORE", "LESS"], "peer_best_fifth"].tolist() == pytest.approx([5.0, 2.0])
    assert np.isnan(summary.loc["NEUTRAL", "peer_best_fifth"])
    assert summary["n_peers"].tolist() == [6, 6, 6]
    holed = benchmark.assign(value=benchmark["value"].where(benchmark["area_code"] != "16"))
    assert peer_summary(holed, peers, better)["n_peers"].tolist() == [5, 5, 5]


def test_thresholds_out_of_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="larger type"):
        TypeThresholds(regional_population=2_000_000)
