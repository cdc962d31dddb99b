"""The section "how sure is it": complete, escaped, in both languages, with sentences that follow from the content."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecast_synthetic import make_forecast
from html_reader import SCRIPT, read_html
from synthetic import make_content

from zaitaku_demand.report import forecast_labels, forecast_labels_book, forecast_labels_reading
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_page import forecast_section, peak_sentences, sharp_sentences
from zaitaku_demand.report.forecast_page_places import area_table, split_sentences, split_table
from zaitaku_demand.report.forecast_page_tables import (
    backtest_tables,
    interval_table,
    official_table,
    scenario_table,
)
from zaitaku_demand.report.forecast_reading import (
    area_level_sentences,
    certainty_sentences,
    late_sentences,
    own_scenario,
)
from zaitaku_demand.report.forecast_view import (
    amount,
    growth_of,
    interval_at,
    places,
    rows_of,
    times,
    top_places,
)
from zaitaku_demand.report.headline import headlines
from zaitaku_demand.report.view import about
from zaitaku_demand.text import Text

PLACES = ("fan", "sources", "scenarios", "changes", "peaks", "areas", "scenario_areas")
FIGURES = (*(f"{kind}_32" for kind in PLACES), "backtest")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_section_is_whole(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path, language: str
) -> None:
    for name in FIGURES:
        (tmp_path / f"forecast_{name}.svg").write_text("<svg/>", "utf-8")
    text = forecast_section(forecast, shimane, tmp_path, language)  # type: ignore[arg-type]
    reader = read_html(text)
    images = [attributes for tag, attributes in reader.tags if tag == "img"]
    assert len(images) == len(FIGURES)
    for attributes in images:
        assert (attributes["src"] or "").startswith("data:image/svg+xml;base64,")
        assert attributes["alt"]
    assert [attributes["id"] for _, attributes in reader.tags if "id" in attributes] == ["forecast"]
    assert not re.search(r"\{\w+\}", text)
    cells = re.findall(r">([^<]*)<", text)
    assert not {"None", "nan", "NaN"} & set(cells)
    for names in (forecast.scenario_names, forecast.method_names):
        assert all(name.to(language) in text for name in names.values())  # type: ignore[arg-type]
    assert forecast.method.to(language) in text  # type: ignore[arg-type]
    assert all(sentence.to(language) in text for sentence in forecast.official_summary)  # type: ignore[arg-type]
    assert f"{forecast.runs:,}" in text and str(forecast.seed) in text


def test_the_table_holds_the_intervals(forecast: ForecastContent) -> None:
    place = top_places(forecast)[0]
    table = interval_table(forecast, place, "ja")
    assert table is not None
    row = next(row for row in table.rows if row[0] == "2040年")
    values = interval_at(forecast, place, 2040)
    assert row[1:] == [
        amount(values[name]) for name in ("principal", "lower_80", "upper_80", "lower_95", "upper_95")
    ]


def test_the_peak_is_said_with_its_range(forecast: ForecastContent) -> None:
    place = top_places(forecast)[0]
    peaks = forecast.peaks.copy()
    own = peaks["code"] == "32"
    peaks.loc[own, ["principal", "lower_80", "upper_80"]] = (2045, 2040, 2050)
    peaks.loc[own, "censored"] = 0.25
    said = [text.ja for text in peak_sentences(replace(forecast, peaks=peaks), place)]
    assert said[0] == "島根県のピーク年：2045年（80％の範囲 2040～2050年以降）。"
    assert "25%" in said[1] and "2050年より後" in said[1]
    peaks.loc[own, "principal"] = np.nan
    assert peak_sentences(replace(forecast, peaks=peaks), place) == []


def test_a_range_with_an_open_end_is_not_narrow(forecast: ForecastContent) -> None:
    areas = forecast.peaks["level"] == "area"
    late = forecast.peaks.assign(lower_80=2048, upper_80=2050)
    assert "収まるのは0圏域" in sharp_sentences(replace(forecast, peaks=late))[0].ja
    close = forecast.peaks.assign(lower_80=2040, upper_80=2045)
    assert f"収まるのは{int(areas.sum())}圏域" in sharp_sentences(replace(forecast, peaks=close))[0].ja
    assert sharp_sentences(replace(forecast, peaks=forecast.peaks[~areas])) == []


def test_every_method_is_in_the_tables_and_missing_coverage_is_not_zero(forecast: ForecastContent) -> None:
    tables = backtest_tables(forecast, "ja")
    assert [table.caption.rsplit("、")[-1].rstrip("）") for table in tables[::2]] == ["都道府県", "圏域"]
    errors, covered = tables[0], tables[1]
    assert errors.rows[0][0] == "減衰する趨勢（採用）" and len(errors.rows) == len(forecast.method_names) - 1
    # Areas at the rates of their prefecture rest on another method than the prefectures.
    assert tables[2].rows[0][0] == "減衰する趨勢と都道府県比（採用）"
    assert len(tables[2].rows) == len(forecast.method_names)
    assert all(table.folded for table in tables)
    own = forecast.backtest[
        (forecast.backtest["method"] == "damped_trend") & (forecast.backtest["level"] == "prefecture")
    ]
    assert errors.rows[0][1:] == [f"{value:.1f}" for value in own["mape"]]
    # Methods without intervals have no row: an empty coverage is not a coverage of zero.
    assert len(covered.rows) == 4
    assert not any("0.0%" in row for row in covered.rows)


def test_a_backtest_made_in_several_ways_is_shown_once(forecast: ForecastContent) -> None:
    own = forecast.backtest.assign(size_class="all", population="edition", origins="all", compared="common")
    mean = own[own["horizon"] == 1].assign(horizon=0, mape=9.9)
    other = own.assign(population="observed", mape=99.9, coverage_80=0.0)
    several = replace(forecast, backtest=pd.concat([own, mean, other, own.assign(service="house_calls")]))
    tables = backtest_tables(several, "ja")
    assert tables[0].head[:3] == ["方法", "全体", "1年先"] and tables[0].rows[0][1] == "9.9"
    plain = backtest_tables(forecast, "ja")
    assert [row[2:] for row in tables[0].rows] == [row[1:] for row in plain[0].rows]


def test_a_handful_of_cases_gives_no_coverage(forecast: ForecastContent) -> None:
    few = replace(forecast, backtest=forecast.backtest.assign(n=3))
    assert len(backtest_tables(few, "ja")) == 2
    assert not any("区間" in table.caption for table in backtest_tables(few, "ja"))


def test_nullable_years_are_read(shimane: ReportContent, forecast: ForecastContent, tmp_path: Path) -> None:
    peaks = forecast.peaks.astype({"principal": "Int64", "lower_80": "Int64", "upper_80": "Int64"})
    peaks.loc[peaks["code"] == "32", ["lower_80", "upper_80"]] = pd.NA
    official = forecast.official.astype({"our_peak": "Int64"})
    official.loc[0, "our_peak"] = pd.NA
    holed = replace(forecast, peaks=peaks, official=official)
    assert peak_sentences(holed, top_places(holed)[0])[0].ja == "島根県のピーク年：2037年（80％の範囲 －）。"
    table = official_table(holed, "ja")
    assert table is not None and table.rows[0][2] == "－" and table.rows[1][2] == "2045年"
    assert "<NA>" not in forecast_section(holed, shimane, tmp_path)


def test_scenarios_say_what_they_assume(forecast: ForecastContent) -> None:
    table = scenario_table(forecast, top_places(forecast)[0], "ja")
    assert table is not None
    assert [row[0] for row in table.rows] == [name.ja for name in forecast.scenario_names.values()]
    assert table.rows[0][2] == "基準" and table.rows[1][2].startswith("+")
    # A scenario that leaves the sum as it is is not the base.
    assert table.rows[-1][2] == "±0.0%"
    assert all(row[-1] for row in table.rows)


def test_the_head_says_how_sure_the_top_figure_is(shimane: ReportContent, forecast: ForecastContent) -> None:
    year = 2040
    place = top_places(forecast)[0]
    values = interval_at(forecast, place, year)
    kept = rows_of(forecast.constant, place).set_index("year")["value"]
    said = [text.ja for text in certainty_sentences(forecast, shimane, year)]
    assert (
        f"約{about(values['lower_80'])}～{about(values['upper_80'])}人／月" in said[0] and "80％" in said[0]
    )
    assert "現状投影" in said[1] and f"約{about(kept[year])}人／月" in said[1]
    assert said[2] == forecast.course.ja
    assert [text.ja for text in headlines(shimane, forecast)][-1] == headlines(shimane)[-1].ja
    head = "".join(text.ja for text in headlines(shimane, forecast))
    assert "80％の確からしさで" in head and "現状投影" in head and forecast.course.ja in head
    assert "80％の確からしさで" not in "".join(text.ja for text in headlines(shimane))
    # A run at constant rates has nothing to set beside itself, a run without draws no interval.
    same = forecast.intervals.assign(principal=forecast.constant["value"])
    assert len(certainty_sentences(replace(forecast, intervals=same), shimane, year)) == 2
    none = forecast.intervals.assign(lower_80=np.nan)
    assert "80％" not in certainty_sentences(replace(forecast, intervals=none), shimane, year)[0].ja


def test_the_head_counts_areas_by_the_probability_of_a_late_peak(forecast: ForecastContent) -> None:
    def late(*shares: float) -> str:
        rows = [
            pd.DataFrame({"code": f"32{place:02d}", "year": [2030, 2040], "probability": [1 - share, share]})
            for place, share in enumerate(shares)
        ]
        frame = pd.concat(rows, ignore_index=True).assign(level="area")
        return late_sentences(replace(forecast, peak_years=frame))[0].ja

    said = late(0.9, 0.8, 0.6, 0.5, 0.2)
    assert "80％以上なのは5圏域のうち2圏域" in said and "50％以上なのは4圏域" in said
    assert late_sentences(replace(forecast, years=tuple(range(2022, 2041)))) == []


def test_one_area_is_explained_at_the_rates_of_prefectures(
    shimane: ReportContent, forecast: ForecastContent
) -> None:
    said = "".join(text.ja for text in area_level_sentences(forecast, shimane))
    areas = forecast.intervals[(forecast.intervals["level"] == "area") & (forecast.intervals["year"] == 2040)]
    wide = (areas["upper_80"] / areas["lower_80"]).median()
    errors = forecast.backtest[forecast.backtest["level"] == "area"].groupby("method")["mape"].mean()
    assert f"約{wide:.1f}倍" in said and "--rates area" in said and "医療機関の所在地" in said
    assert f"都道府県の比を使う方法が{errors['damped_prefecture_ratio']:.1f}％" in said
    assert f"圏域自身の比を使う方法が{errors['damped_trend']:.1f}％" in said
    grown = forecast.growth[(forecast.growth["level"] == "area") & (forecast.growth["year"] == 2040)]
    assert f"約{(grown['upper_80'] / grown['lower_80']).median():.1f}倍" in said
    other = replace(shimane, projection=shimane.projection.assign(rate_level="area"))
    assert area_level_sentences(forecast, other) == []


def test_the_table_of_areas_holds_value_and_growth(forecast: ForecastContent) -> None:
    table = area_table(forecast, top_places(forecast)[0], "ja")
    assert table is not None and len(table.rows) == 7
    area = places(forecast, "area")[0]
    values, growth = interval_at(forecast, area, 2040), growth_of(forecast, area, 2040)
    assert growth is not None
    assert table.rows[0][1] == amount(values["principal"]) and table.rows[0][3] == times(growth["principal"])
    assert table.rows[0][4] == f"{times(growth['lower_80'])}～{times(growth['upper_80'])}"
    unknown = area_table(replace(forecast, growth=forecast.growth.iloc[:0]), top_places(forecast)[0], "ja")
    assert unknown is not None and unknown.rows[0][3:5] == ["－", "－"]


def test_a_scenario_of_the_split_shows_the_split(forecast: ForecastContent) -> None:
    table = split_table(forecast, top_places(forecast)[0], "ja")
    assert table is not None
    assert [row[0] for row in table.rows] == ["患者（自宅等）", "患者（施設）"]
    # 0.04 of the sum moves: a tenth of the 0.4 at home, a fifteenth of the 0.6 in facilities.
    assert [row[3] for row in table.rows] == ["\u221210.0%", "+6.7%"]
    alone = replace(forecast, splits=forecast.splits.iloc[:0])
    assert split_table(alone, top_places(forecast)[0], "ja") is None
    assert len(split_sentences(forecast)) == 1 and len(split_sentences(alone)) == 2
    moved = forecast.scenarios.assign(against_base=1.0)
    assert split_sentences(replace(forecast, scenarios=moved)) == []


def test_the_scenario_of_the_run_is_named(forecast: ForecastContent) -> None:
    place = top_places(forecast)[0]
    assert own_scenario(forecast, place) == ""
    base = forecast.intervals.assign(principal=forecast.constant["value"])
    assert own_scenario(replace(forecast, intervals=base), place) in ("base", "to_facilities")
    table = scenario_table(replace(forecast, intervals=base), place, "ja")
    assert table is not None and table.rows[0][0] == "現状投影（今回の推計）"
    assert sum("今回の推計" in row[0] for row in table.rows) == 1


def test_the_change_is_said_once(forecast: ForecastContent, shimane: ReportContent, tmp_path: Path) -> None:
    sentence = Text("2022年から2040年：+5％。", "2022 to 2040: +5 %.")
    text = forecast_section(replace(forecast, change_sentences={"32": sentence}), shimane, tmp_path)
    assert "島根県、2022年から2040年：+5％。" in text and "2040年：2022年" not in text


def test_nothing_at_hand_leaves_the_rest(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path
) -> None:
    frames = ("shares", "scenarios", "scenario_peaks", "changes", "backtest", "official", "dots", "constant")
    bare = replace(
        forecast,
        population_backtest=forecast.population_backtest.iloc[:0],
        official_summary=[],
        change_sentences={},
        notes=[],
        **{name: getattr(forecast, name).iloc[:0] for name in frames},
    )
    text = forecast_section(bare, shimane, tmp_path)
    read_html(text)
    for heading in (forecast_labels.H_SCENARIOS, forecast_labels.H_WHY, forecast_labels.H_OFFICIAL):
        assert f"<h3>{heading.ja}</h3>" not in text
    assert forecast_labels.H_BACKTEST.ja in text
    assert official_table(bare, "ja") is None and backtest_tables(bare, "ja") == []


def test_a_national_run_is_about_the_nation(tmp_path: Path) -> None:
    content = make_content()
    text = forecast_section(make_forecast(content, 50), content, tmp_path)
    assert "全国のピーク年：" in text and "6圏域のうち" in text


def test_hostile_text_does_nothing(shimane: ReportContent, forecast: ForecastContent, tmp_path: Path) -> None:
    hostile = Text(SCRIPT, SCRIPT)
    evil = replace(
        forecast,
        method=hostile,
        notes=[hostile],
        official_summary=[hostile],
        scenario_names={id: hostile for id in forecast.scenario_names},
        scenario_notes={id: hostile for id in forecast.scenario_notes},
        change_sentences={"32": hostile},
        official=forecast.official.assign(area_name=SCRIPT, reason_ja=SCRIPT),
    )
    text = forecast_section(evil, shimane, tmp_path)
    assert SCRIPT not in text and "&lt;script&gt;" in text
    assert not any(key.startswith("on") for _, attributes in read_html(text).tags for key in attributes)


@pytest.mark.parametrize("module", [forecast_labels, forecast_labels_book, forecast_labels_reading])
def test_labels_have_both_halves_and_the_same_places(module: object) -> None:
    texts: list[Text] = []
    for value in vars(module).values():
        if isinstance(value, Text):
            texts.append(value)
        elif isinstance(value, dict):
            texts += [entry for entry in value.values() if isinstance(entry, Text)]
    assert len(texts) > 20
    for text in texts:
        assert text.ja and text.en
        found = [set(re.findall(r"\{(\w+)\}", half)) for half in text]
        assert found[0] == found[1], text
        assert not re.search(r"[ぁ-んァ-ヶ一-龠]", text.en), text
