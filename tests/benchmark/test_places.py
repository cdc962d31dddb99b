"""Which places a benchmark is about, by what names they can be called, and who their peers are."""

from __future__ import annotations

import pandas as pd
import pytest

from zaitaku_demand.benchmark.places import Places, chosen_places, groups_of, peers_of, prefecture_code
from zaitaku_demand.benchmark.request import BenchmarkRequest, listed_places, read_period
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.arrays import places_of


def _places(**asked: str) -> tuple[BenchmarkRequest, Places]:
    request = BenchmarkRequest.model_validate(asked)
    return request, chosen_places(places_of(request.level), request)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("島根県", "32"),
        ("島根", "32"),
        (" 島根 ", "32"),
        ("32", "32"),
        ("５", "05"),
        ("5", "05"),
        ("05", "05"),
        ("北海道", "01"),
        ("東京", "13"),
        ("京都", "26"),
        ("京都府", "26"),
    ],
)
def test_prefectures_go_by_name_and_code(asked: str, code: str) -> None:
    assert prefecture_code(asked) == code


@pytest.mark.parametrize(
    "asked", ["", " ", "県", "京", "00", "48", "005", "0", "-1", "5.0", "島根県庁", "松江"]
)
def test_what_is_no_prefecture_is_refused(asked: str) -> None:
    with pytest.raises(InputError) as caught:
        prefecture_code(asked)
    assert f"「{asked}」" in caught.value.sentence("ja")


def test_the_report_is_about_the_prefecture_or_one_place_of_each_type() -> None:
    assert _places(prefecture="島根")[1].focus == ("32",)
    shimane = _places(prefecture="島根", level="area")[1].focus
    assert len(shimane) == 7 and all(code.startswith("32") for code in shimane)
    for level, number in (("prefecture", 47), ("area", 335)):
        places = _places(level=level)[1]
        assert len(places.names) == number
        kinds = places.types[places.types["level"] == level].set_index("area_code")["type"]
        assert sorted(kinds[list(places.focus)]) == ["metropolitan", "regional", "sparse"]


def test_areas_of_the_same_name_are_told_apart() -> None:
    names = _places(level="area")[1].names
    assert len(set(names.values())) == 335
    official = places_of("area").set_index("area_code")["area_name"]
    same = official[official.duplicated(keep=False)]
    assert {"県北", "中部", "西部"} <= set(same)
    for code, name in names.items():
        assert name == official[code] or (code in same.index and name.startswith(f"{official[code]}（"))
    assert _places()[1].names["32"] == "島根県"


def test_listed_peers_go_by_name_and_code_and_keep_their_order() -> None:
    request, places = _places(prefecture="32", peers="鳥取、 5，高知県,秋田,39")
    peers = peers_of(request, places)
    assert peers["peer_code"].tolist() == ["31", "05", "39"]
    assert peers["peer_name"].tolist() == ["鳥取県", "秋田県", "高知県"]
    assert set(peers["area_code"]) == {"32"} and peers["distance"].isna().all()
    request, places = _places(prefecture="32", level="area", peers="出雲,101,県北（福島県）")
    first = peers_of(request, places).query("area_code == '3201'")["peer_code"].tolist()
    assert first[:2] == ["3203", "0101"] and first[2].startswith("07")
    # A place on the list is no peer of itself.
    assert peers_of(request, places).query("area_code == '3203'")["peer_code"].tolist() == first[1:]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"peers": "東亰都", "prefecture": "32"}, "東亰都"),
        ({"peers": "鳥取県,松江", "prefecture": "32"}, "松江"),
        ({"peers": "島根県", "prefecture": "32"}, "自身"),
        ({"peers": "48", "prefecture": "32"}, "48"),
        ({"peers": "西部", "level": "area"}, "7か所"),
        # The first letter of 出雲 is no name.
        ({"peers": "松", "level": "area"}, "見つからない"),
    ],
)
def test_peers_that_are_unknown_or_not_unique_are_refused(asked: dict[str, str], found: str) -> None:
    request, places = _places(**asked)
    with pytest.raises(InputError) as caught:
        peers_of(request, places)
    assert found in caught.value.sentence("ja")
    assert "Traceback" not in caught.value.sentence("en")


def test_the_codes_of_an_ambiguous_name_are_given() -> None:
    request, places = _places(peers="県北", level="area")
    with pytest.raises(InputError) as caught:
        peers_of(request, places)
    official = places_of("area").set_index("area_code")["area_name"]
    assert all(code in caught.value.sentence("ja") for code in official.index[official == "県北"])


def test_scores_never_compare_a_place_with_itself_alone() -> None:
    request, places = _places(prefecture="32", peers="鳥取,秋田")
    groups = groups_of(request, places)
    nearest = groups_of(*_places(prefecture="32"))
    pd.testing.assert_frame_equal(groups, nearest)
    assert set(groups["area_code"]) == set(places.names)
    by_type, places = _places(prefecture="32", peers="type")
    pd.testing.assert_frame_equal(groups_of(by_type, places), peers_of(by_type, places))


def test_nearest_peers_are_found_for_every_place() -> None:
    for level, count in (("prefecture", 5), ("area", 10)):
        request, places = _places(level=level)
        peers = peers_of(request, places)
        assert (peers["area_code"] != peers["peer_code"]).all()
        assert (peers.groupby("area_code").size() == count).all()
        assert set(peers["area_code"]) == set(places.names)


def test_lists_of_places_and_periods() -> None:
    assert listed_places(" 島根県,鳥取県、島根県，,") == ["島根県", "鳥取県"]
    with pytest.raises(ValueError, match="peer"):
        BenchmarkRequest(peers="、 ,")
    assert read_period(" 2027-2029").name == "2027-2029"
    for text in ("2027", "2029-2027", "-2027", "2027-", "1-2", "2027-20299", "from-to", ""):
        with pytest.raises(ValueError):
            read_period(text)
