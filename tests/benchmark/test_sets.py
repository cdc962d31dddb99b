"""Values as arrays: what is read, what is left out, who is judged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.benchmark.values import declaration, values_of_year
from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.sets import FIGURES, intervals, ratio_per_value, read_sets

pytestmark = pytest.mark.filterwarnings("error")


def _two_years() -> pd.DataFrame:
    hidden = {1: {"state": "suppressed"}, 2: {"state": "no_data"}}
    parts = [
        values_of_year([30, 40, 50], [100, 200, 300], year=2022, changed=hidden),
        values_of_year([10, 20, 30], [100, 200, 300], year=2021),
    ]
    values = pd.concat(parts, ignore_index=True)
    return values[values["area_code"] != "00"]


def test_sets_stand_by_indicator_year_and_code() -> None:
    other = values_of_year([1, 2, 3], [10, 20, 30], identifier="P-A-1").query("area_code != '00'")
    values = pd.concat([_two_years(), other], ignore_index=True).sample(frac=1, random_state=5)
    sets = read_sets(values, {name: declaration("rate", name) for name in ("P-A-1", "P-A-2")})
    assert [each.id for each in sets.indicator] == ["P-A-1", "P-A-2", "P-A-2"]
    assert sets.year.tolist() == [2022, 2021, 2022]
    assert sets.places["area_code"].tolist() == ["01", "02", "03"]
    assert sets.figures["numerator"][1].tolist() == [10, 20, 30]
    # Every row finds itself again.
    at = sets.figures["denominator"][sets.set_of, sets.place_of]
    known = values["state"].isin(["observed"]).to_numpy()
    assert at[known].tolist() == values["denominator"][known].tolist()


def test_hidden_cells_have_no_figure_at_all() -> None:
    sets = read_sets(_two_years(), {"P-A-2": declaration("rate")})
    assert sets.state[1].tolist() == ["observed", "suppressed", "no_data"]
    for name in FIGURES:
        assert np.isnan(sets.figures[name][1, 1:]).all(), name
    assert sets.judged.tolist() == [[True] * 3, [True, False, False]]


def test_a_place_without_a_row_is_without_data() -> None:
    values = _two_years()
    values = values[(values["area_code"] != "01") | (values["year"] != 2021)]
    sets = read_sets(values, {"P-A-2": declaration("rate")})
    assert sets.state[0, 0] == "no_data" and not sets.judged[0, 0]


@pytest.mark.parametrize(("size", "least", "judged"), [(1.0, 10, True), (1.1, 10, False), (1.1, 9, True)])
def test_places_are_judged_by_independent_events_expected(size: float, least: int, judged: bool) -> None:
    values = values_of_year([4, 16], [50, 50], event_size=size)[:2]
    sets = read_sets(values, {"P-A-2": declaration("rate", minimum_count=least)})
    assert sets.judged.tolist() == [[judged, judged]]


@pytest.mark.parametrize("statistic", ["rate", "proportion", "ratio", "scr"])
def test_the_ratio_is_observed_over_expected(statistic: str) -> None:
    values = values_of_year([30, 40, 50], [100, 200, 300], expected=[24, 40, 56])[:3]
    sets = read_sets(values, {"P-A-2": declaration(statistic, multiplier=1000.0)})
    value, lower, upper, _ = intervals(sets, 0.95)
    ratio = value * ratio_per_value(sets)
    assert ratio[0] == pytest.approx([30 / 24, 1, 50 / 56], rel=FLOAT)
    assert (lower < value).all() and (value < upper).all()


def test_a_wider_confidence_is_a_wider_interval() -> None:
    sets = read_sets(_two_years(), {"P-A-2": declaration("proportion")})
    inner, outer = intervals(sets, 0.95), intervals(sets, 0.998)
    known = ~np.isnan(inner[0])
    assert (outer[1] < inner[1])[known].all() and (inner[2] < outer[2])[known].all()
    assert np.array_equal(inner[0], outer[0], equal_nan=True)
    assert (inner[3][~known] == "").all() and (inner[3][known] == "proportion_wilson").all()
