"""Forecast figures: drawn, within their margins, with the values of the content, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecast_synthetic import make_forecast
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread
from synthetic import make_content

from zaitaku_demand.report import forecast_labels
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_sheet import advance
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_drawing import Drawing
from zaitaku_demand.report.forecast_figure_backtest import draw_backtest, spread
from zaitaku_demand.report.forecast_figure_changes import change_rows
from zaitaku_demand.report.forecast_figure_fan import draw_fan
from zaitaku_demand.report.forecast_figure_parts import fitted
from zaitaku_demand.report.forecast_figure_peaks import BINS, draw_strip, shade_of
from zaitaku_demand.report.forecast_figure_sources import draw_sources
from zaitaku_demand.report.forecast_figures import (
    MOST_DETAILED,
    detailed_places,
    draw_forecast_figures,
    drawn_places,
    drawn_strips,
)
from zaitaku_demand.report.forecast_reading import class_shares, five_year_classes
from zaitaku_demand.report.forecast_view import (
    Place,
    amount,
    change_years,
    interval_at,
    peak_words,
    rows_of,
    span_words,
    table_years,
    top_places,
)
from zaitaku_demand.report.view import with_sign
from zaitaku_demand.text import Text

ALONE = {"fan", "sources", "scenarios", "changes", "peaks"}
SHIMANE_FIGURES = {f"forecast_{kind}_32" for kind in (*ALONE, "areas", "scenario_areas")} | {
    "forecast_backtest"
}
SUM_OF_SHARES = 1e-9


@pytest.fixture(scope="module")
def drawn(
    shimane: ReportContent, forecast: ForecastContent, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("forecast")
    for language, suffix in (("ja", ""), ("en", "_en")):
        paths = draw_forecast_figures(forecast, shimane, folder, language, suffix)  # type: ignore[arg-type]
        assert {path.stem.removesuffix("_en") for path in paths} == SHIMANE_FIGURES
        assert len(paths) == 2 * len(SHIMANE_FIGURES)
    return folder


def _words(path: Path) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text("utf-8"))


@pytest.mark.parametrize("suffix", ["", "_en"])
@pytest.mark.parametrize("name", sorted(SHIMANE_FIGURES))
def test_figures_are_not_blank_and_keep_their_margins(drawn: Path, name: str, suffix: str) -> None:
    picture = imread(drawn / f"{name}{suffix}.png")[..., :3]
    assert 0.005 < np.mean(picture[::3, ::3].min(axis=-1) < 0.9) < 0.9
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    assert (edge > 0.97).all()
    said = "".join(_words(drawn / f"{name}{suffix}.svg"))
    assert ("単位" if not suffix else "Unit") in said
    if suffix:
        # Names of areas and the publishers of the sources have no English form; sentences have.
        assert not re.search(r"[ぁ-ん]{3}", said.split("Source:")[0])


def test_the_fan_says_the_values_of_the_content(drawn: Path, forecast: ForecastContent) -> None:
    place = top_places(forecast)[0]
    values = interval_at(forecast, place, 2040)
    said = "".join(_words(drawn / "forecast_fan_32.svg"))
    assert f"2040年は{amount(values['principal'])}人／月" in said
    assert f"{amount(values['lower_80'])}～{amount(values['upper_80'])}人／月" in said
    peak = peak_words(dict(rows_of(forecast.peaks, place).iloc[0]), 2050)
    assert peak.ja in said
    assert "400回の試行、乱数の種 20" in said
    assert "厚生労働省の推計（令和7年）" in said and "平成30年推計の人口による値" in said


def test_the_strip_holds_every_area_with_its_range(drawn: Path, forecast: ForecastContent) -> None:
    said = _words(drawn / "forecast_peaks_32.svg")
    rows = forecast.peaks[forecast.peaks["level"] == "area"]
    assert len(rows) == 7
    for row in rows.to_dict("records"):
        assert f"{row['name']}（{row['code']}）" in said
        assert span_words(row, 2050).ja in said  # type: ignore[arg-type]
        place = Place("area", str(row["code"]), str(row["name"]), "32")
        for share in class_shares(forecast, place):
            assert f"{100 * share:.0f}%" in said
    for one in five_year_classes(forecast.years):
        assert one.name.ja in said
    assert "以降" in said and "2050" in said
    # Why peaks crowd around the years of the published population.
    assert "2035・2040・2045年の前後" in "".join(said)


def test_the_tornado_names_the_largest_source_first(drawn: Path, forecast: ForecastContent) -> None:
    rows = rows_of(forecast.shares, top_places(forecast)[0])
    part = rows[rows["quantity"] == "value_2040"].sort_values("share", ascending=False)
    assert part["share"].sum() == pytest.approx(1.0, abs=SUM_OF_SHARES)
    said = _words(drawn / "forecast_sources_32.svg")
    names = [forecast.sources[source].ja for source in part["source"]]
    assert [word for word in said if word in names] == names
    for row in part.itertuples():
        assert amount(float(row.low)) in said and amount(float(row.high)) in said  # type: ignore[arg-type]


def test_the_waterfall_ends_where_the_projection_does(drawn: Path, forecast: ForecastContent) -> None:
    place = top_places(forecast)[0]
    rows = rows_of(forecast.changes, place)
    after = rows["before"].iloc[0] + rows["effect"].sum()
    assert after == pytest.approx(rows["after"].iloc[0])
    said = _words(drawn / "forecast_changes_32.svg")
    assert amount(float(after)) in said and amount(float(rows["before"].iloc[0])) in said
    assert change_years(forecast, place) == (2022, 2040)


def test_losing_methods_and_scenarios_are_in_their_figures(drawn: Path, forecast: ForecastContent) -> None:
    said = _words(drawn / "forecast_backtest.svg")
    for method, full in forecast.method_names.items():
        name = forecast_labels.METHODS.get(method, full)
        chosen = [level for level in ("prefecture", "area") if forecast.level_methods[level] == method]
        assert (f"{name.ja}（採用）" in said) == bool(chosen), method
        # At a level where another method stands for the run it is one among the others.
        assert name.ja in said or len(chosen) == 2 or method == "damped_prefecture_ratio"
    assert sum(word.endswith("（採用）") for word in said) == 2
    said = _words(drawn / "forecast_scenarios_32_en.svg")
    for name in forecast.scenario_names.values():
        assert name.en in said
    assert "base" in said


def test_same_figures_twice(
    shimane: ReportContent, forecast: ForecastContent, drawn: Path, tmp_path: Path
) -> None:
    place = top_places(forecast)[0]
    paths = draw_fan(Drawing(forecast, shimane, tmp_path, "ja", ""), place)
    paths += draw_backtest(Drawing(forecast, shimane, tmp_path, "ja", ""))
    for path in paths:
        assert path.read_bytes() == (drawn / path.name).read_bytes(), path.name


def test_a_national_run_shows_the_nation_and_its_prefectures(tmp_path: Path) -> None:
    content = make_content()
    forecast = make_forecast(content, 50)
    assert [place.code for place in drawn_places(forecast)] == ["00"]
    strips = drawn_strips(forecast)
    assert [place.code for place, _ in strips] == ["00", "01", "13", "47"]
    draw_strip(Drawing(forecast, content, tmp_path, "ja", ""), *strips[0])
    said = _words(tmp_path / "forecast_peaks_00.svg")
    assert {"北海道", "東京都", "沖縄県"} <= set(said)
    assert draw_fan(Drawing(forecast, content, tmp_path, "en", ""), drawn_places(forecast)[0])
    assert any("Japan" in word for word in _words(tmp_path / "forecast_fan_00.svg"))


def test_many_prefectures_are_not_drawn_area_by_area(forecast: ForecastContent) -> None:
    first = forecast.intervals[forecast.intervals["level"] == "prefecture"]
    many = pd.concat(
        [first.assign(code=f"{number:02d}", prefecture_code=f"{number:02d}") for number in range(1, 9)]
    )
    wide = replace(forecast, intervals=many)
    assert detailed_places(wide) == [] and len(drawn_places(wide)) == MOST_DETAILED


def test_nothing_to_show_draws_nothing(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path
) -> None:
    empty = emptied(forecast)
    assert (
        draw_forecast_figures(replace(empty, intervals=forecast.intervals.iloc[:0]), shimane, tmp_path) == []
    )
    paths = draw_forecast_figures(empty, shimane, tmp_path)
    assert {path.stem for path in paths} == {"forecast_fan_32", "forecast_areas_32"}
    said = "".join(_words(tmp_path / "forecast_fan_32.svg"))
    assert "nan" not in said and "中央値" not in said and "現状投影（率一定）" not in said


def emptied(forecast: ForecastContent) -> ForecastContent:
    """Only the intervals are left, of a run without draws: their ends are unknown."""
    unknown = {name: np.nan for name in ("median", "lower_80", "upper_80", "lower_95", "upper_95")}
    frames = ("peak_years", "peaks", "shares", "constant", "scenarios", "scenario_peaks", "changes")
    none = {name: getattr(forecast, name).iloc[:0] for name in (*frames, "backtest", "dots", "official")}
    return replace(
        forecast,
        intervals=forecast.intervals.assign(**unknown),
        population_backtest=forecast.population_backtest.iloc[:0],
        official_summary=[],
        **none,
    )


def test_a_source_that_does_not_vary_is_said(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path
) -> None:
    still = forecast.shares.assign(share=np.nan, low=np.nan, high=np.nan)
    place = top_places(forecast)[0]
    draw_sources(Drawing(replace(forecast, shares=still), shimane, tmp_path, "ja", ""), place)
    assert "変動なし" in _words(tmp_path / "forecast_sources_32.svg")
    assert not any("nan" in word for word in _words(tmp_path / "forecast_sources_32.svg"))


def test_a_source_that_moves_nothing_and_a_negative_share(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path
) -> None:
    place = top_places(forecast)[0]
    shares = forecast.shares.copy()
    own = (shares["code"] == "32") & (shares["source"] == "open_band") & (shares["quantity"] == "peak_year")
    shares.loc[own, ["low", "high"]] = 2050.0
    shares.loc[own, "share"] = -0.004
    draw_sources(Drawing(replace(forecast, shares=shares), shimane, tmp_path, "ja", ""), place)
    said = _words(tmp_path / "forecast_sources_32.svg")
    assert "動かない" in said and not any(word.startswith(("-", "\u2212")) for word in said)
    assert forecast_labels.SHARES_CLIPPED.ja not in said
    shares.loc[own, "share"] = -0.02
    draw_sources(Drawing(replace(forecast, shares=shares), shimane, tmp_path, "ja", ""), place)
    assert forecast_labels.SHARES_CLIPPED.ja in _words(tmp_path / "forecast_sources_32.svg")


def test_the_waterfall_goes_from_people_over_places_to_rates(forecast: ForecastContent) -> None:
    place = top_places(forecast)[0]
    names = ("structure", "rates", "people_0_64", "ceiling", "people_90plus")
    one = rows_of(forecast.changes, place).iloc[:1]
    changes = pd.concat([one.assign(factor=name) for name in names], ignore_index=True)
    named = {name: Text(name, name) for name in names}
    order = list(change_rows(replace(forecast, changes=changes, change_names=named), place)["factor"])
    assert order == ["people_0_64", "people_90plus", "structure", "rates", "ceiling"]


@pytest.mark.parametrize("wide", [4.0, 9.2])
def test_a_sentence_stays_inside_its_figure(wide: float) -> None:
    said = "2022年から2040年：+87％。内訳：90歳以上の増加 +44、利用率の上昇 +35、85～89歳の増加 +8、0～64歳の減少 −1（ポイント）。"
    lines = fitted(said, wide, 9.0).split("\n")
    assert max(advance(line, 9.0) for line in lines) <= wide
    assert "".join(lines).replace(" ", "") == said.replace(" ", "")


@given(st.lists(st.floats(0, 2), min_size=1, max_size=12))
def test_names_beside_lines_do_not_touch(levels: list[float]) -> None:
    wanted = sorted(levels, reverse=True)
    placed = spread(wanted, 0.13, 0.0, 2.0)
    assert all(high - low >= 0.13 - SUM_OF_SHARES for high, low in pairwise(placed))
    assert max(placed) <= 2.0 + SUM_OF_SHARES and min(placed) >= -SUM_OF_SHARES
    # Where the wanted places are far enough apart nothing moves.
    if all(high - low >= 0.13 for high, low in pairwise(wanted)):
        assert placed == pytest.approx(wanted)


@given(st.integers(2015, 2030), st.integers(1, 40))
def test_classes_of_the_peak_cover_every_year_once(first: int, count: int) -> None:
    years = tuple(range(first, first + count + 1))
    classes = five_year_classes(years)
    assert [sum(one.first <= year <= one.last for one in classes) for year in years] == [1] * len(years)
    assert classes[-1].first == classes[-1].last == years[-1]


def test_class_shares_add_up(forecast: ForecastContent) -> None:
    place = top_places(forecast)[0]
    shares = class_shares(forecast, place)
    assert sum(shares) == pytest.approx(1.0, abs=SUM_OF_SHARES)
    rows = rows_of(forecast.peak_years, place).set_index("year")["probability"]
    assert shares[1] == pytest.approx(rows.loc[2035:2039].sum())


@given(st.floats(-1e6, 1e6), st.integers(0, 1))
def test_signs_are_as_wide_as_each_other(value: float, decimals: int) -> None:
    said = with_sign(value, decimals)
    assert said[0] in "+±\u2212" and "-" not in said
    assert (said[0] == "±") == (round(float(f"{value:.{decimals}f}"), decimals) == 0)


@given(st.floats(0, 1))
def test_shades_are_ordered(probability: float) -> None:
    shade = shade_of(probability)
    assert -1 <= shade < len(BINS)
    assert shade < 0 or probability >= BINS[shade]
    assert shade + 1 == len(BINS) or probability < BINS[shade + 1]
    assert shade_of(float("nan")) == -1


@given(st.integers(2022, 2050), st.integers(0, 28))
def test_a_range_that_reaches_the_end_is_open(low: int, wide: int) -> None:
    high = min(low + wide, 2050)
    said = span_words({"lower_80": low, "upper_80": high}, 2050)
    assert said.ja.endswith("以降") == (high == 2050)
    assert str(low) in said.ja and str(high) in said.en


def test_rows_of_a_place_follow_their_table(forecast: ForecastContent) -> None:
    place = top_places(forecast)[0]
    assert len(rows_of(forecast.intervals, place)) == len(forecast.years)
    other = forecast.intervals[forecast.intervals["level"] == "area"].copy()
    assert rows_of(other, place).empty
    assert table_years(forecast) == [2022, 2025, 2030, 2035, 2040, 2045, 2050]
