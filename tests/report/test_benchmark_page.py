"""The benchmark page: self-contained, escaped, complete in both languages, sentences a planner can use."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from benchmark_synthetic import make_benchmark
from html_reader import SCRIPT, read_html

from zaitaku_demand.benchmark.verdict import VERDICT_NAMES, VERDICT_SIGNS
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.report import benchmark_labels, benchmark_labels_book
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_page import write_benchmark_page
from zaitaku_demand.report.benchmark_page_tables import glance_table, profile_table
from zaitaku_demand.report.benchmark_view import (
    figure_text,
    place_profile,
    rank_text,
    value_text,
    year_cell,
    year_text,
)
from zaitaku_demand.report.benchmark_workbook_places import (
    checked,
    is_of_fiscal_years,
    is_old,
    plan_unit,
    trend_figures,
)
from zaitaku_demand.text import Text


@pytest.fixture(scope="module")
def content() -> BenchmarkContent:
    return make_benchmark(focus=("26", "32"))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_page_is_whole_and_loads_nothing(content: BenchmarkContent, tmp_path: Path, language: str) -> None:
    page = write_benchmark_page(content, tmp_path, language, ("ja", "en"))  # type: ignore[arg-type]
    assert page.name == ("benchmark.html" if language == "ja" else "benchmark_en.html")
    text = page.read_text("utf-8")
    reader = read_html(text)
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in reader.tags:
        assert tag not in {"iframe", "object", "embed", "link", "base", "form", "script"}
        source = attributes.get("src")
        assert source is None or source.startswith("data:image/")
        href = attributes.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids
        if tag == "th":
            assert attributes.get("scope") in {"col", "row"}
    plain = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert not re.search(r"\{\w+\}", plain)
    cells = re.findall(r">([^<]*)<", plain)
    assert "None" not in cells and "nan" not in cells and "NaN" not in cells
    for sentences in content.summary.values():
        assert all(sentence.to(language) in text for sentence in sentences)  # type: ignore[arg-type]


def test_what_a_planner_must_not_miss_is_said(content: BenchmarkContent, tmp_path: Path) -> None:
    unclear = replace(content, functions=content.functions.assign(distinguishable=False))
    text = write_benchmark_page(unclear, tmp_path).read_text("utf-8")
    for said in (
        "秘匿",
        "データなし",
        "推計",
        "95％区間",
        "医療機関の所在地",
        "submission/O-D-1.csv",
        "区別できない",
    ):
        assert said in text, said


def test_hostile_text_does_nothing(content: BenchmarkContent, tmp_path: Path) -> None:
    hostile = Text(SCRIPT, SCRIPT)
    bad = replace(content.sources[0], title=SCRIPT, url="javascript:alert(1)")
    evil = replace(
        content,
        title=hostile,
        notes=[hostile],
        parameters=[(hostile, hostile)],
        summary={"26": [hostile]},
        focus=[("26", SCRIPT), ("32", "島根県")],
        indicators=content.indicators.assign(name_ja=SCRIPT, caveat_ja=SCRIPT, data_need_ja=SCRIPT),
        consistency=content.consistency.assign(finding_ja=SCRIPT),
        sources=[bad],
        generated_with={SCRIPT: SCRIPT},
    )
    text = write_benchmark_page(evil, tmp_path).read_text("utf-8")
    assert SCRIPT not in text and "&lt;script&gt;" in text
    reader = read_html(text)
    assert not any(key.startswith("on") for _, attributes in reader.tags for key in attributes)
    assert not any("javascript:" in (attributes.get("href") or "") for _, attributes in reader.tags)


def test_every_declared_indicator_has_a_row_in_the_profile(content: BenchmarkContent) -> None:
    frame = place_profile(content, "26")
    assert sorted(frame["indicator_id"]) == sorted(content.indicators["indicator_id"])
    nothing = frame[frame["latest_year"].isna()]
    assert set(nothing["state"]) == {"no_data"} and set(nothing["verdict"]) == {"no_data"}
    hidden = frame[frame["state"] == "suppressed"]
    assert len(hidden) and set(hidden["verdict"]) == {"no_data"} and hidden["value"].isna().all()


def test_a_place_without_any_row_has_no_data(content: BenchmarkContent) -> None:
    empty = replace(content, profile=content.profile[content.profile["area_code"] != "26"])
    frame = place_profile(empty, "26")
    assert set(frame["state"]) == {"no_data"} and set(frame["verdict"]) == {"no_data"}
    table = profile_table(empty, "26", "京都府", "ja")
    assert all(row[5] == "データなし" and row[10] == "－" for row in table.rows)


def test_values_and_ranks_in_words() -> None:
    row = {"state": "observed", "value": 151.62, "lower": 142.4, "upper": 162.0}
    assert value_text(row, "ja") == "152（142～162）"
    assert value_text({**row, "state": "estimated"}, "en") == "152 (142 to 162) [est.]"
    # A suppressed figure is never shown, even if a number stands in its row.
    assert value_text({**row, "state": "suppressed"}, "ja") == "秘匿"
    assert value_text({**row, "value": float("nan")}, "en") == "no data"
    rank = {"rank": 3.0, "rank_lower": 1.0, "rank_upper": 12.0, "n_places": 47.0, "area_code": "26"}
    assert rank_text(rank, "ja") == "3位／47（1～12位）"
    within = {**rank, "comparison": "peers", "n_places": 48.0}
    assert rank_text(within, "en") == "3 of 48 (1 to 12)"
    assert rank_text({**within, "area_code": "2601"}, "ja") == "3位／48†（1～12位）"
    assert rank_text({**rank, "rank": float("nan")}, "ja") == "－"
    assert rank_text({**rank, "rank_lower": float("nan")}, "en") == "3 of 47 (no interval)"


def test_fiscal_years_are_told_apart() -> None:
    fiscal = {"year": 2022.0, "fiscal_year": True}
    assert year_text(fiscal, "ja") == "2022年度" and year_text(fiscal, "en") == "FY2022"
    assert year_text({"year": 2023}, "ja") == "2023年" and year_text({"year": 2023}, "en") == "2023"
    assert year_cell({"year": 2023}, "en") == 2023.0 and year_cell(fiscal, "en") == "FY2022"
    assert year_text({"year": pd.NA}, "ja") == "－" and year_cell({"year": float("nan")}, "ja") is None


def test_findings_name_measures_and_indicators(content: BenchmarkContent) -> None:
    known = {str(row["indicator_id"]): row for row in content.indicators.to_dict("records")}
    pair = {"measure": "ssds_nurse_stations + ndb_home_visits"}
    names = [measures()[one].name for one in str(pair["measure"]).split(" + ")]
    assert checked(pair, known, "ja") == "＋".join(name.ja for name in names)
    assert checked({"measure": "P-C-1"}, known, "en").startswith("P-C-1 ")
    assert is_of_fiscal_years({"measure": "ndb_home_visits"}, known)
    assert not is_of_fiscal_years(pair, known)
    # Names of both sources, never their keys.
    assert not re.search(r"[a-z]+_[a-z]", checked(pair, known, "ja"))


def test_the_plan_says_what_its_figures_are(content: BenchmarkContent) -> None:
    row = {"figure": "numerator", "period": "2024-2026", "baseline_year": 2017.0}
    assert plan_unit(row, {"unit_ja": "SCR"}, "ja") == "件（指標の分子の件数）"
    assert plan_unit({"figure": "value"}, {"unit_ja": "SCR"}, "ja") == "SCR"
    assert is_old(row) and not is_old({**row, "baseline_year": 2022.0})
    assert not is_old({**row, "baseline_year": float("nan")})
    trend = {"expected_at_trend": 5.0, "expected_lower": 4.0, "expected_upper": 6.0}
    assert trend_figures(trend) == (5.0, 4.0, 6.0)
    assert trend_figures({**trend, "expected_upper": 40.0}) == (None, None, None)


def test_the_top_names_better_worse_and_what_cannot_be_said(content: BenchmarkContent) -> None:
    table = glance_table(content, "ja")
    assert [row[0] for row in table.rows] == ["京都府", "島根県"]
    for (code, _), row in zip(content.focus, table.rows, strict=True):
        frame = place_profile(content, code)
        own = frame[frame["supplement_of"].fillna("") == ""]
        better = own[own["verdict"] == "better"]
        assert row[1].startswith(f"{len(better)}指標：") if len(better) else row[1] == "該当なし"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12345.6, "12,346"),
        (99.96, "100"),
        (12.34, "12.3"),
        (1.0, "1.00"),
        (0.0, "0"),
        (0.01234, "0.012"),
        (-3.456, "-3.46"),
        (float("nan"), "－"),
        (float("inf"), "－"),
    ],
)
def test_numbers_have_about_three_digits(value: float, text: str) -> None:
    assert figure_text(value) == text


@pytest.mark.parametrize("module", [benchmark_labels, benchmark_labels_book])
def test_labels_have_both_halves_and_the_same_places(module: object) -> None:
    texts: list[Text] = []
    for value in vars(module).values():
        if isinstance(value, Text):
            texts.append(value)
        elif isinstance(value, dict):
            texts += [entry for entry in value.values() if isinstance(entry, Text)]
        elif isinstance(value, list):
            texts += [half for pair in value for half in pair]
    assert len(texts) > 40
    for text in texts:
        assert text.ja and text.en
        found = [set(re.findall(r"\{(\w+)\}", half)) for half in text]
        assert found[0] == found[1], text
        assert not re.search(r"[ぁ-んァ-ヶ一-龠]", text.en), text


def test_labels_know_every_code() -> None:
    assert benchmark_labels.SIGNS == VERDICT_SIGNS and benchmark_labels.VERDICTS == VERDICT_NAMES
    assert set(benchmark_labels.SIGNS) == set(benchmark_labels.VERDICTS)
    assert len(set(benchmark_labels.SIGNS.values())) == len(benchmark_labels.SIGNS)
    assert set(benchmark_labels.TREND_SIGNS) == set(benchmark_labels.TRENDS)
