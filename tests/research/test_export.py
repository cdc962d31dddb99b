"""The exported panel: nothing is lost on the way, hidden figures stay empty, bytes repeat."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.codebook import CODEBOOK_HEADINGS, codebook, year_ranges
from zaitaku_demand.research.export import STATA_LABEL, write_panel
from zaitaku_demand.research.own import OwnOutcome
from zaitaku_demand.research.panel import Panel, Series, variable_row
from zaitaku_demand.research.panel_r import loader
from zaitaku_demand.research.wide import KEYS, Column, columns, safe_names, wide
from zaitaku_demand.text import Text

STATA_NAME = 32
PARSED = 1e-14
"""Relative: figures are written in full; a reader may differ in the last bit."""
FILES = {
    "README.en.md",
    "README.md",
    "codebook.csv",
    "codebook_en.csv",
    "manifest.json",
    "panel.R",
    "panel.csv",
    "panel.dta",
    "panel.parquet",
    "panel_en.dta",
    "panel_long.parquet",
}
HARD_NAME = "=計画外.csv"


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> list[Panel]:
    path = tmp_path_factory.mktemp("own") / HARD_NAME
    path.write_text(
        "area_code,year,numerator,denominator\n01,2020,300,1000\n02,2020,3,1000\n0101,2020,50,100\n", "utf-8"
    )
    own = [OwnOutcome(path)]
    return [build_panel("prefecture", own=own), build_panel("area", own=own)]


@pytest.fixture(scope="module")
def table(panels: list[Panel]) -> pd.DataFrame:
    return wide(panels)


@pytest.fixture(scope="module")
def folder(panels: list[Panel], tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("export") / "panel"
    written = write_panel(panels, target)
    assert {path.name for path in written} | {"manifest.json"} == FILES
    return target


def test_variables_without_a_figure_anywhere_are_left_out(panels: list[Panel]) -> None:
    with_figures = {name for panel in panels for name, series in panel.series.items() if series.years}
    assert set(safe_names(panels)) == with_figures and "O-C-1" not in with_figures


def test_wide_holds_every_figure(panels: list[Panel], table: pd.DataFrame) -> None:
    assert not table.duplicated(["level", "area_code", "year"]).any()
    names = safe_names(panels)
    for panel in panels:
        rows = table[table["level"] == panel.level].sort_values(["area_code", "year"])
        years = sorted(rows["year"].unique())
        shape = (len(panel.places), len(years))
        codes = rows["area_code"].to_numpy().reshape(shape)
        assert (codes == panel.places["area_code"].to_numpy()[:, None]).all()
        for variable, series in panel.series.items():
            if not series.years:
                continue
            at = [years.index(year) for year in series.years]
            name = names[variable]
            found = {
                part: rows[name + part].to_numpy().reshape(shape)[:, at]
                for part in ("", "_state", *(("_num", "_den") if series.kind != "normal" else ()))
            }
            np.testing.assert_array_equal(found[""], series.value)
            np.testing.assert_array_equal(found["_state"], np.array(STATE_NAMES, dtype=object)[series.state])
            if series.kind != "normal":
                np.testing.assert_array_equal(found["_num"], series.numerator)
                np.testing.assert_array_equal(found["_den"], series.exposure)


def test_hidden_and_missing_figures_are_empty(table: pd.DataFrame, panels: list[Panel]) -> None:
    for column in columns(panels):
        if column.part == "value":
            hidden = table[f"{column.name}_state"].isin(("suppressed", "no_data"))
            assert table.loc[hidden, column.name].isna().all(), column.name
            assert table.loc[~hidden, column.name].notna().all(), column.name


def test_names_fit_every_program(table: pd.DataFrame, panels: list[Panel]) -> None:
    assert len(set(table.columns)) == len(table.columns)
    for name in table.columns:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name) and len(name) <= STATA_NAME, name
    assert safe_names(panels)["O-E-1"] == "o_e_1" and safe_names(panels)["P-E-1-D"] == "p_e_1_d"
    assert list(table.columns[: len(KEYS)]) == list(KEYS)


def test_stata_with_labels(folder: Path, table: pd.DataFrame, panels: list[Panel]) -> None:
    for file, language in (("panel.dta", "ja"), ("panel_en.dta", "en")):
        with pd.io.stata.StataReader(folder / file) as reader:
            back = reader.read()
            labels = reader.variable_labels()
            values = reader.value_labels()
        assert list(back.columns) == list(table.columns)
        for column in columns(panels):
            assert labels[column.name] and len(labels[column.name]) <= STATA_LABEL
            assert column.label.to(language).startswith(labels[column.name].rstrip("…"))
            ours, theirs = table[column.name], back[column.name]
            if column.part in ("value", "numerator", "exposure"):
                np.testing.assert_array_equal(theirs.to_numpy(), ours.to_numpy())
            else:
                assert theirs.astype(str).tolist() == ours.astype(str).tolist()
        assert values["o_e_1_state"] == dict(enumerate(STATE_NAMES))
        assert values["level"] == {0: "prefecture", 1: "area"}


def test_parquet_with_labels(folder: Path, table: pd.DataFrame, panels: list[Panel]) -> None:
    stored = pq.read_table(folder / "panel.parquet")
    pd.testing.assert_frame_equal(stored.to_pandas(), table, check_dtype=False)
    field = stored.schema.field("o_e_1_num")
    assert field.metadata[b"label_ja"].decode() == "在宅死亡者数（自宅死の割合）：分子"
    assert field.metadata[b"variable"] == b"O-E-1" and field.metadata[b"part"] == b"numerator"
    provenance = json.loads(stored.schema.metadata[b"zaitaku"])
    assert provenance["variables"]["O-E-3"]["years"] == {
        "prefecture": list(range(2015, 2023)),
        "area": list(range(2019, 2023)),
    }
    assert "推計" in provenance["variables"]["O-E-3"]["caveats_ja"]
    long = pq.read_table(folder / "panel_long.parquet").to_pandas()
    assert len(long) == sum(len(panel.tidy()) for panel in panels)


def test_csv(folder: Path, table: pd.DataFrame) -> None:
    raw = (folder / "panel.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    codes = dict.fromkeys(("area_code", "prefecture_code"), str)
    back = pd.read_csv(folder / "panel.csv", encoding="utf-8-sig", dtype=codes)
    pd.testing.assert_frame_equal(back, table, check_dtype=False, rtol=PARSED, atol=0)


def test_no_cell_acts_as_a_formula(folder: Path) -> None:
    for name in ("panel.csv", "codebook.csv", "codebook_en.csv"):
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    if cell.startswith(("=", "+", "@", "＝", "＋")) or re.match(r"[-－](?![\d.])", cell):
                        pytest.fail(f"{name}: {cell[:40]}")


def test_the_r_script_names_every_column(panels: list[Panel], folder: Path) -> None:
    text = (folder / "panel.R").read_text("utf-8")
    assert text == loader(columns(panels))
    vectors = dict(re.findall(r"  (\w+) = c\(\n(.*?)\n  \)", text, re.DOTALL))
    texts = {
        name: [
            re.sub(r"\\(.)", r"\1", each) for each in re.findall(r'^    "((?:[^"\\]|\\.)*)",?$', body, re.M)
        ]
        for name, body in vectors.items()
    }
    described = columns(panels)
    assert texts["name"] == [column.name for column in described]
    assert texts["label_ja"] == [column.label.ja for column in described]
    assert texts["label_en"] == [column.label.en for column in described]
    assert set(texts["class"]) == {"character", "numeric", "integer", "factor"}
    assert all(len(each) == len(described) for each in texts.values())
    without_texts = re.sub(r'"(?:[^"\\]|\\.)*"|#.*', "", text)
    for left, right in ("()", "{}", "[]"):
        assert without_texts.count(left) == without_texts.count(right)


def test_quotes_and_backslashes_of_a_label_cannot_end_the_text_in_r() -> None:
    hard = Text('a "quoted" \\ name\nbelow', "plain")
    text = loader([Column("x", "X", "value", hard)])
    assert r'"a \"quoted\" \\ name below"' in text


def test_the_readme_names_sources_and_warns(folder: Path) -> None:
    ja, en = ((folder / name).read_text("utf-8") for name in ("README.md", "README.en.md"))
    assert "0ではない" in ja and "never zero" in en
    for source in ("第9回NDBオープンデータ（2022年度診療分）", "社会・人口統計体系", "国勢調査", HARD_NAME):
        assert source in ja and source in en
    assert "335" in ja and "{" not in ja + en


def test_the_same_panel_gives_the_same_bytes(panels: list[Panel], tmp_path: Path) -> None:
    for name in ("once", "again"):
        write_panel(panels[:1], tmp_path / name)
    for name in FILES:
        assert (tmp_path / "once" / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_one_language_and_a_file_of_somebody_else(panels: list[Panel], tmp_path: Path) -> None:
    (tmp_path / "panel").mkdir()
    (tmp_path / "panel" / "notes.txt").write_text("mine", "utf-8")
    written = write_panel([panels[0]], tmp_path / "panel", ["en"])
    assert len(written) == 7 and (tmp_path / "panel" / "notes.txt").read_text("utf-8") == "mine"
    with pd.io.stata.StataReader(tmp_path / "panel" / "panel.dta") as reader:
        assert reader.variable_labels()["year"] == "year (fiscal year of the NDB)"


def test_codebook(panels: list[Panel]) -> None:
    for language in ("ja", "en"):
        book = codebook(panels, language)  # type: ignore[arg-type]
        assert list(book.columns) == list(CODEBOOK_HEADINGS)
        assert not book.duplicated(["name", "level"]).any()
        assert (book[["label", "unit", "definition", "source", "caveats"]] != "").all(axis=None)
    ja = codebook(panels, "ja").set_index(["name", "level"])
    row = ja.loc[("O-E-3", "二次医療圏（335圏域）")]
    assert row["denominator"] == "死亡数（65歳以上、圏域は推計）" and row["years"] == "2019-2022"
    assert row["numerator"].count(" ＋ ") == 1 and row["role"] == "アウトカムの候補"
    assert row[["observed", "estimated", "suppressed", "no_data"]].sum() == 335 * 4 and row["observed"] == 0
    assert ja.loc[("S-D-1", "都道府県"), "years"] == ""


def test_year_ranges() -> None:
    assert year_ranges([2020, 2014, 2015, 2022, 2021]) == "2014-2015, 2020-2022"
    assert year_ranges([2014]) == "2014" and year_ranges([]) == ""


def _small(names: list[str]) -> Panel:
    one = np.ones((1, 1))
    series = {
        name: Series(name, "poisson", (2020,), one, one, 1.0, 1.0, one.astype(np.int8)) for name in names
    }
    text = Text("試験", "test")
    words = dict.fromkeys(("label", "unit", "definition", "source", "caveats"), text)
    rows = [variable_row(each, "outcome", **words) for each in series.values()]
    places = pd.DataFrame(
        {"area_code": ["01"], "area_name": ["北海道"], "prefecture_code": ["01"], "type": ["大都市型"]}
    )
    return Panel("prefecture", places, pd.DataFrame(rows).set_index("name"), series)


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6, unique=True))
def test_any_names_stay_apart_and_short(names: list[str]) -> None:
    panel = _small(names)
    found = [column.name for column in columns([panel])]
    assert len(set(found)) == len(found) == len(KEYS) + 4 * len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) and len(name) <= STATA_NAME for name in found)


def test_names_that_look_like_a_numerator_stay_apart() -> None:
    names = safe_names([_small(["X-1", "X-1-NUM", "year", "x_1"])])
    assert names["X-1"] == "x_1" and len(set(names.values())) == 4 and "year" not in names.values()
