"""The benchmark page: self-contained, escaped, complete in both languages, sentences a planner can use."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from benchmark_synthetic import make_benchmark

from zaitaku_demand.benchmark.verdict import VERDICT_NAMES, VERDICT_SIGNS
from zaitaku_demand.report import benchmark_labels, benchmark_labels_book
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_page import write_benchmark_page
from zaitaku_demand.report.benchmark_page_tables import profile_table
from zaitaku_demand.report.benchmark_view import figure_text, place_profile, rank_text, value_text
from zaitaku_demand.text import Text

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'
VOID = {"meta", "img", "br"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    assert not reader.open
    return reader


@pytest.fixture(scope="module")
def content() -> BenchmarkContent:
    return make_benchmark(focus=("26", "32"))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_page_is_whole_and_loads_nothing(content: BenchmarkContent, tmp_path: Path, language: str) -> None:
    page = write_benchmark_page(content, tmp_path, language, ("ja", "en"))  # type: ignore[arg-type]
    assert page.name == ("benchmark.html" if language == "ja" else "benchmark_en.html")
    text = page.read_text("utf-8")
    reader = _read(text)
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
    reader = _read(text)
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
    rank = {"rank": 3.0, "rank_lower": 1.0, "rank_upper": 12.0}
    assert rank_text(rank, "ja") == "3位（1～12位）"
    assert rank_text({**rank, "rank": float("nan")}, "ja") == "－"
    assert rank_text({**rank, "rank_lower": float("nan")}, "en") == "3 (no interval)"


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
    assert benchmark_labels.SIGNS == VERDICT_SIGNS
    assert set(benchmark_labels.VERDICTS) == set(VERDICT_NAMES)
    assert set(benchmark_labels.SIGNS) == set(benchmark_labels.VERDICTS)
    assert len(set(benchmark_labels.SIGNS.values())) == len(benchmark_labels.SIGNS)
    assert set(benchmark_labels.TREND_SIGNS) == set(benchmark_labels.TRENDS)
