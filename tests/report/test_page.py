"""The page: self-contained, escaped, readable without JavaScript, complete in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from html_reader import SCRIPT, read_html
from synthetic import Places, make_content, small_places

from zaitaku_demand.report import labels, labels_page, labels_workbook
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_areas import area_figures
from zaitaku_demand.report.headline import headlines
from zaitaku_demand.report.page import write_page
from zaitaku_demand.report.view import about, source_line
from zaitaku_demand.text import Text


@pytest.mark.parametrize(("name", "language"), [("index.html", "ja"), ("index_en.html", "en")])
def test_nothing_is_loaded_from_elsewhere(report: Path, name: str, language: str) -> None:
    reader = read_html((report / name).read_text("utf-8"))
    for tag, attributes in reader.tags:
        assert tag not in {"iframe", "object", "embed", "link", "base", "form"}
        for key in ("src", "srcset", "data", "poster", "action", "background"):
            value = attributes.get(key)
            assert value is None or value.startswith("data:image/"), (tag, key)
        if tag == "a":
            assert not (attributes.get("href") or "").startswith(("javascript:", "data:"))
    text = (report / name).read_text("utf-8")
    assert "@import" not in text and not re.search(r"url\(\s*['\"]?https?:", text)
    assert dict(reader.tags)["html"]["lang"] == language


@pytest.mark.parametrize("name", ["index.html", "index_en.html"])
def test_links_and_pictures_can_be_followed(report: Path, name: str) -> None:
    reader = read_html((report / name).read_text("utf-8"))
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in reader.tags:
        if tag == "img":
            assert attributes.get("alt")
        href = attributes.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids
        elif tag == "a" and not href.startswith("http"):
            assert (report / href).is_file(), href
        if tag == "label":
            assert attributes["for"] in ids
        if tag == "th":
            assert attributes.get("scope") in {"col", "row"}


def test_hostile_names_do_nothing(tmp_path: Path, report: Path) -> None:
    places = small_places()
    areas = places.areas.assign(area_name=SCRIPT, prefecture_name=SCRIPT)
    content = make_content(Places(areas, None))
    hostile = Text(SCRIPT, SCRIPT)
    bad = replace(content.sources[0], title=SCRIPT, publisher=SCRIPT, url="javascript:alert(1)")
    content = replace(
        content,
        title=hostile,
        notes=[hostile],
        explanation=[hostile],
        parameters=[(hostile, hostile)],
        sources=[bad],
        generated_with={SCRIPT: SCRIPT},
    )
    page = write_page(content, tmp_path)
    text = page.read_text("utf-8")
    assert SCRIPT not in text
    assert "&lt;script&gt;" in text
    reader = read_html(page.read_text("utf-8"))
    assert [tag for tag, _ in reader.tags].count("script") == 1
    assert not any(key.startswith("on") for _, attributes in reader.tags for key in attributes)
    assert not any("javascript:" in (attributes.get("href") or "") for _, attributes in reader.tags)


def test_the_page_says_what_matters(report: Path, content: ReportContent) -> None:
    text = (report / "index.html").read_text("utf-8")
    for said in (
        "推計値",
        "打切り",
        "高原期間",
        "二次医療圏",
        "医療機関の所在地",
        "下限",
        "上限",
        "PDL1.0",
    ):
        assert said in text, said
    for sentence in headlines(content):
        assert sentence.ja in text
    for area in content.projection["area_name"].unique():
        assert f">{area}</th>" in text


def test_size(report: Path) -> None:
    assert (report / "index.html").stat().st_size < 6_000_000


@pytest.mark.parametrize("module", [labels, labels_page, labels_workbook])
def test_labels_have_both_halves_and_the_same_places(module: object) -> None:
    texts = {name: value for name, value in vars(module).items() if isinstance(value, Text)}
    assert texts
    for name, text in texts.items():
        assert text.ja and text.en, name
        found = [set(re.findall(r"\{(\w+)\}", half)) for half in text]
        # A place that only one language needs would be a figure missing in the other.
        assert found[0] == found[1], name
        if name != "OTHER_LANGUAGE":
            assert not re.search(r"[ぁ-んァ-ヶ]", text.en), name


def test_nothing_is_left_unfilled(report: Path) -> None:
    for name in ("index.html", "index_en.html"):
        text = re.sub(r"<(style|script)>.*?</\1>", "", (report / name).read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(r"\{\w+\}", text)
        assert "None" not in re.findall(r">([^<]*)<", text)


def test_headline_tells_rise_end_and_fall(content: ReportContent) -> None:
    national = content.national
    rising = national.assign(value=1000.0 + national["year"])
    falling = national.assign(value=5000.0 - national["year"])
    assert "その後も増える可能性" in headlines(replace(content, national=rising))[0].ja
    assert headlines(replace(content, national=falling))[0].ja.count("2020年") == 1


@pytest.mark.parametrize(
    ("value", "said"),
    [(847713.2, "848,000"), (1261571, "1,260,000"), (99.96, "100"), (12.34, "12.3"), (0, "0")],
)
def test_about(value: float, said: str) -> None:
    assert about(value) == said


def test_sources_of_many_years_are_named_once(content: ReportContent) -> None:
    first = content.sources[0]
    years = [
        replace(
            first, title=f"第{k}回NDBオープンデータ（{2013 + k}年度診療分） C在宅", edition=f"FY{2013 + k}"
        )
        for k in range(2, 10)
    ]
    line = source_line(replace(content, sources=[content.sources[1], *years]), "ja")
    assert line.count("NDBオープンデータ") == 1
    assert line.startswith("出典：厚生労働省「NDBオープンデータ」FY2015～FY2022、")


def test_areas_without_a_peak_are_shown_without_one(tmp_path: Path, content: ReportContent) -> None:
    """As the 2018 edition has it for Fukushima: in the sums, outside the counts of peaks."""
    peaks = content.peaks[content.peaks["area_code"] != "1302"].reset_index(drop=True)
    page = write_page(replace(content, peaks=peaks), tmp_path)
    assert page.read_text("utf-8").count('data-group="－"') == 1
    panels = [
        panel for figure in area_figures(replace(content, peaks=peaks), "ja", "") for panel in figure.panels
    ]
    assert [panel.title for panel in panels if panel.peak_year is None] == ["区南部（1302）"]
