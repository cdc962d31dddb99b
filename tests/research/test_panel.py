"""The panel: places, arrays, and figures that official publications give."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.sets import SHOWN_STATES
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.candidates import candidates, proxies
from zaitaku_demand.research.characteristics import characteristics
from zaitaku_demand.research.panel import Panel, Series, variable_row
from zaitaku_demand.text import Text

SECONDS = 3.0
"""Both panels on one of two busy cores; alone they take about one."""
PRINTED = 0.05
"""Points: official shares are printed to one decimal."""
ESTIMATED = 0.001
"""Relative: shares of municipalities are rounded, their deaths estimated."""
KAWASAKI = {"1404", "1405"}


@pytest.fixture(scope="module")
def prefectures() -> Panel:
    return build_panel("prefecture")


@pytest.fixture(scope="module")
def areas() -> Panel:
    return build_panel("area")


def test_places_are_all_of_the_level(prefectures: Panel, areas: Panel) -> None:
    assert len(prefectures.places) == 47 and len(areas.places) == 335
    assert prefectures.clusters.tolist() == list(range(1, 48))
    assert (areas.places["area_code"].str[:2].astype(int).to_numpy() == areas.clusters).all()
    for panel in (prefectures, areas):
        assert panel.places["type"].isin({"大都市型", "地方都市型", "人口の少ない地域"}).all()


def test_every_indicator_stands_in_it_with_its_role(prefectures: Panel) -> None:
    declared = indicators()
    assert set(declared) <= set(prefectures.series)
    roles = prefectures.variables["role"]
    for name, each in declared.items():
        wanted = "outcome" if each.type == "outcome" or name in proxies() else "exposure"
        assert roles[name] == wanted
    assert set(candidates()) == set(roles.index[roles == "outcome"])


def test_hidden_and_missing_figures_are_never_zero(prefectures: Panel, areas: Panel) -> None:
    for panel in (prefectures, areas):
        for name, series in panel.series.items():
            shown = np.isin(series.state, (1, 2))
            assert np.isfinite(series.numerator[shown]).all(), name
            assert np.isnan(series.numerator[~shown]).all() and np.isnan(series.exposure[~shown]).all(), name
            assert (series.exposure[shown] > 0).all() and np.isfinite(series.event_size), name


def test_values_are_those_of_the_values_table(areas: Panel) -> None:
    values = indicator_values("area")
    rows = values[(values["indicator_id"] == "O-E-3") & (values["level"] == "area")]
    rows = rows[rows["state"].isin(SHOWN_STATES)]
    series = areas["O-E-3"]
    place = {code: at for at, code in enumerate(areas.places["area_code"])}
    for row in rows.itertuples():
        found = series.value[place[row.area_code], series.years.index(row.year)]
        assert found == pytest.approx(row.numerator / row.denominator * 100, rel=FLOAT)
    assert int(np.isfinite(series.value).sum()) == len(rows)


def test_share_of_deaths_at_home_in_japan(prefectures: Panel) -> None:
    """人口動態統計 2016: 169,447 deaths at home, 13.0 % of all."""
    series = prefectures["O-E-1"]
    share = series.numerator.sum(axis=0) / series.exposure.sum(axis=0) * 100
    assert series.years == (2014, 2015, 2016, 2017)
    assert share[2] == pytest.approx(13.0, abs=PRINTED)
    assert series.numerator.sum(axis=0)[2] == pytest.approx(169_447, rel=ESTIMATED)
    assert series.kind == "binomial" and set(series.state.ravel()) == {2}


def test_ambulance_dispatches_of_japan(prefectures: Panel) -> None:
    """消防庁 救急・救助の現況: 7,229,572 dispatches in 2022 and 7,638,558 in 2023."""
    series = prefectures["O-A-1-D"]
    assert series.years == tuple(range(2014, 2024))
    assert series.numerator.sum(axis=0)[-2:].tolist() == [7_229_572, 7_638_558]


def test_attended_deaths_by_area_stay_below_the_prefecture(prefectures: Panel, areas: Panel) -> None:
    """Deaths of the areas add up to the published ones; claims of shown areas do not exceed the prefecture's."""
    area, prefecture = areas["O-E-3"].in_years([2022]), prefectures["O-E-3"].in_years([2022])
    claims = np.bincount(areas.clusters - 1, weights=np.nan_to_num(area.numerator[:, 0]))
    assert (claims <= prefecture.numerator[:, 0] * 1.001).all()
    assert prefecture.exposure.sum() == 1_439_198


def test_stations_by_area_add_up_where_no_city_is_split(prefectures: Panel, areas: Panel) -> None:
    area, prefecture = areas["S-C-5-H"], prefectures["S-C-5-H"]
    assert area.years == prefecture.years == (2014, 2015, 2016, 2017)
    hidden = areas.places["area_code"].isin(KAWASAKI).to_numpy()
    assert (area.state[hidden] == 3).all() and (area.state[~hidden] == 1).all()
    sums = np.stack(
        [np.bincount(areas.clusters - 1, weights=np.nan_to_num(year)) for year in area.numerator.T], axis=1
    )
    whole = np.arange(47) != 13
    np.testing.assert_array_equal(sums[whole], prefecture.numerator[whole])


def test_independent_cases(prefectures: Panel) -> None:
    series = prefectures["O-A-2-N"]
    assert series.event_size > 1
    np.testing.assert_allclose(series.events / series.size, series.rate, rtol=FLOAT)
    np.testing.assert_allclose(series.events * series.event_size, series.numerator, rtol=FLOAT)


def test_values_of_several_variables(prefectures: Panel) -> None:
    block = prefectures.values(["log_density", "O-E-1", "physicians"], [2013, 2017, 2018])
    assert block.shape == (3, 47, 3)
    assert (block[0] == block[0][:, :1]).all()
    assert np.isnan(block[1][:, [0, 2]]).all() and np.isfinite(block[1][:, 1]).all()
    assert np.isnan(block[2][:, 0]).all() and np.isfinite(block[2][:, 1:]).all()


def test_tidy_has_a_row_for_every_variable_place_and_year(areas: Panel) -> None:
    table = areas.tidy()
    assert len(table) == sum(each.state.size for each in areas.series.values())
    assert not table.duplicated(["variable", "area_code", "year"]).any()
    hidden = table["state"].isin(("suppressed", "no_data"))
    assert table.loc[hidden, ["numerator", "exposure", "value"]].isna().all(axis=None)
    assert table.loc[~hidden, "value"].notna().all()


def test_an_unknown_variable_and_level() -> None:
    panel = build_panel("prefecture")
    with pytest.raises(InputError) as raised:
        panel["O-X-9"]
    assert "O-X-9" in raised.value.sentence("ja")
    with pytest.raises(InputError):
        build_panel("city")


def test_a_row_with_an_unknown_column_is_refused() -> None:
    nothing = np.zeros((1, 0))
    series = Series("x", "normal", (), nothing, nothing, 1.0, 1.0, nothing.astype(np.int8))
    words = dict.fromkeys(("label", "unit", "definition", "source", "caveats"), Text("", ""))
    assert variable_row(series, "exposure", **words)["event_size"] == 1.0
    with pytest.raises(KeyError):
        variable_row(series, "exposure", **words, colour="red")


def test_every_candidate_names_characteristics_that_exist() -> None:
    codes = pd.Index([f"{number:02d}" for number in range(1, 48)]).to_numpy(object)
    known = {series.name for series, _ in characteristics("prefecture", codes)}
    for name, each in candidates().items():
        assert each.case_mix and set(each.case_mix) <= known, name
        assert each.direction == indicators()[name].better
        for text in (each.why, each.may_mean):
            assert text.ja.endswith("。") and text.en.endswith(".")
    assert proxies() == ("P-E-1-D", "P-E-2-D", "P-A-3")


def test_time() -> None:
    taken = []
    for _ in range(2):
        start = time.process_time()
        build_panel("prefecture")
        build_panel("area")
        taken.append(time.process_time() - start)
    assert min(taken) <= SECONDS
