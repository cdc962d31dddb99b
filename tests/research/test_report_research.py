"""The research report: whole, self-contained, the same in page and source, without causal claims, safe to open."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from tests.research.report_example import SENTENCE, hostile, make_research
from zaitaku_demand.report import (
    research_captions,
    research_figures,
    research_labels,
    research_source,
    research_terms,
)
from zaitaku_demand.report.research_content import FRAMES, TIDY, ResearchContent, empty_frame
from zaitaku_demand.report.research_figure_parts import DOUBLE, PUBLICATION_DPI, SINGLE
from zaitaku_demand.report.research_figure_reliability import reliability_at
from zaitaku_demand.report.research_figures import Figure, draw, figure_names
from zaitaku_demand.report.research_font import families_for
from zaitaku_demand.report.research_sections import Notes, sections
from zaitaku_demand.report.research_summary import era, summary
from zaitaku_demand.report.research_view import (
    curves,
    estimate_text,
    examples,
    label_of,
    main_associations,
    p_text,
    reliability_text,
)
from zaitaku_demand.report.research_write import write_research
from zaitaku_demand.research.wording import causal_phrases, causal_texts
from zaitaku_demand.research_deviations import ROOMS, not_possible
from zaitaku_demand.text import LANGUAGES, Language, Text

SCRIPT = '<script>alert("x")</script>|`a`$b$@c'


@pytest.fixture(scope="module")
def content() -> ResearchContent:
    return make_research()


@pytest.fixture(scope="module")
def folder(content: ResearchContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report") / "research"
    write_research(content, made)
    return made


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are drawn once, in `folder`; what does not look at them need not wait for them."""
    for module in (research_figures, __import__("zaitaku_demand.report.research_sections", fromlist=["x"])):
        monkeypatch.setattr(module, "figure_names", lambda content: [])


def _texts(module: object) -> list[Text]:
    found: list[Text] = []
    for value in vars(module).values():
        if isinstance(value, Text):
            found.append(value)
        elif isinstance(value, dict):
            found += [each for each in value.values() if isinstance(each, Text)]
        elif isinstance(value, tuple):
            found += [each for each in value if isinstance(each, Text)]
    return found


def _plain(page: Path) -> str:
    text = re.sub(r"<style>.*?</style>", "", page.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r'src="data:[^"]*"', "", text)


def test_the_folder_holds_what_it_lists(folder: Path, content: ResearchContent) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(manifest) == there - {"manifest.json"}
    for language in LANGUAGES:
        assert {f"report_{language}.html", f"report_{language}.qmd"} <= there
        for name in figure_names(content):
            assert {f"figures/{name}_{language}.{kind}" for kind in ("png", "svg", "pdf")} <= there
    assert {f"tables/{name}.csv" for name in (*FRAMES, *TIDY)} <= there
    assert {"plan.toml", "summary.json", "figures/captions.md"} <= there


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_self_contained(folder: Path, content: ResearchContent, language: Language) -> None:
    page = folder / f"report_{language}.html"
    text = page.read_text("utf-8")
    assert text.count('src="data:image/svg+xml;base64,') == len(figure_names(content))
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    assert "<script" not in text
    plain = _plain(page)
    cells = re.findall(r">([^<]*)<", plain)
    assert not {"None", "nan", "NaN", "NaT", "<NA>"} & set(cells)
    assert not re.search(r"\{\w+\}", plain)
    for href in re.findall(r'href="([^"#]+)"', plain):
        assert (folder / href).is_file(), href


@pytest.mark.parametrize("language", LANGUAGES)
def test_candidates_and_judgement_come_first(
    folder: Path, content: ResearchContent, language: Language
) -> None:
    plain = _plain(folder / f"report_{language}.html")
    order = re.findall(r'<h2 id="([a-z_]+)">', plain)
    assert [name for name in order if name != "contents"] == list(research_labels.SECTIONS)
    assert order.index("judgement") < order.index("reliability")
    said = [
        sentence
        for level in ("prefectures", "areas")
        for sentence in content.judgement[f"sentence_{level}_{language}"]
    ]
    for sentence in said:
        assert sentence.replace('"', "&#34;").replace("'", "&#39;") in plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_claims_cause(folder: Path, language: Language) -> None:
    html = re.sub(r"<[^>]+>", "\n", _plain(folder / f"report_{language}.html"))
    assert causal_phrases(html, language) == []
    assert causal_phrases((folder / f"report_{language}.qmd").read_text("utf-8"), language) == []
    captions = (folder / "figures" / "captions.md").read_text("utf-8")
    assert [line for line in captions.splitlines() if causal_phrases(line, language)] == []
    for module in (research_labels, research_captions, research_terms):
        assert causal_texts(_texts(module)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_source_say_the_same(folder: Path, content: ResearchContent, language: Language) -> None:
    source = (folder / f"report_{language}.qmd").read_text("utf-8")
    assert source.startswith("---\ntitle: ")
    assert source.count("\n## ") == len(research_labels.SECTIONS)
    for name in re.findall(r"!\[[^\n]*\]\(([^)]+)\)", source):
        assert (folder / name).is_file(), name
    assert source.count("](figures/") - source.count("- [figures/") >= len(figure_names(content))
    for section in sections(content, language):
        for block in section.blocks:
            for row in getattr(block, "rows", []):
                for cell in row:
                    assert research_source.escaped(cell) in source or cell in source


def test_the_null_and_the_fragile_result_are_named(content: ResearchContent, folder: Path) -> None:
    found = examples(content)
    assert found, "the small example has at least one of the two"
    captions = (folder / "figures" / "captions.md").read_text("utf-8")
    for kind, curve in found.items():
        assert curve.verdict == kind
        assert research_labels.EXAMPLES[kind].ja in captions
        assert research_labels.EXAMPLES[kind].en in captions


def test_a_named_example_is_the_one_shown(content: ResearchContent) -> None:
    for curve in curves(content):
        pair = (curve.level, curve.outcome, curve.term)
        for kind in research_labels.EXAMPLES:
            shown = examples(replace(content, examples={kind: pair})).get(kind)
            # One with another verdict is never shown under that name.
            if curve.verdict != kind:
                assert shown is None
            else:
                assert shown is not None
                assert (shown.level, shown.outcome, shown.term) == pair


def test_the_curve_has_every_estimated_specification(content: ResearchContent) -> None:
    frame = content.specification
    tried = frame[(frame["statistic"] == "rate_ratio") & frame["estimate"].notna()]
    between = [row for row in tried.to_dict("records") if json.loads(row["parameters"])["curve"] == "between"]
    assert sum(len(curve.rows) for curve in curves(content)) == len(between)
    for curve in curves(content):
        assert curve.rows["estimate"].is_monotonic_increasing


def test_associations_are_the_declared_main_results(content: ResearchContent) -> None:
    shown = main_associations(content)
    assert shown["primary"].all()
    assert not shown.duplicated(["level", "outcome", "term"]).any()


def test_reliability_curve_is_that_of_spearman_and_brown() -> None:
    """Spearman 1910 and Brown 1910, Br J Psychol 3: k-fold length has k r / (1 + (k - 1) r); doubled 0.7 gives 14 / 17."""
    assert reliability_at(pd.Series([50.0]).to_numpy(), 50.0)[0] == pytest.approx(0.7)
    assert reliability_at(pd.Series([100.0]).to_numpy(), 50.0)[0] == pytest.approx(14 / 17)


def test_every_method_has_a_name(content: ResearchContent) -> None:
    used = {str(method) for name in TIDY for method in getattr(content, name)["method"].dropna() if method}
    assert {method for method in used if research_terms.method_text(method).ja == method} == set()


def test_no_reliability_is_said_to_be_perfect() -> None:
    row = {"estimate": 0.9996, "lower": 0.9991, "upper": 0.9999}
    assert reliability_text(row) == ">0.999 [>0.999, >0.999]"
    assert reliability_text({"estimate": 0.99, "lower": 0.98, "upper": 0.9964}) == "0.99 [0.98, 0.996]"


@pytest.mark.parametrize(
    ("estimate", "lower", "upper", "said"),
    [
        (float("nan"), float("nan"), float("nan"), "－"),
        (0.5, float("nan"), float("nan"), "0.50"),
        (0.5, 0.25, 0.75, "0.50 [0.25, 0.75]"),
        (5.0, 2.0, float("nan"), "5.00 [2.00, ∞]"),
        (float("nan"), 40.0, float("nan"), ">40.0"),
        (float("nan"), float("nan"), 5.0, "<5.00"),
    ],
)
def test_estimates_are_said_with_what_is_known(
    estimate: float, lower: float, upper: float, said: str
) -> None:
    assert estimate_text({"estimate": estimate, "lower": lower, "upper": upper}) == said


def test_a_p_value_is_never_zero() -> None:
    assert (p_text(1e-9), p_text(0.0421), p_text(None)) == ("<0.001", "0.042", "－")


def test_tables_keep_small_figures_and_open_safely(folder: Path, content: ResearchContent) -> None:
    raw = (folder / "tables" / "association.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with (folder / "tables" / "association.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    assert len(read) == len(content.association)
    for got, row in zip(read, content.association.to_dict("records"), strict=True):
        if pd.notna(row["p_value"]):
            assert float(got["p_value"]) == pytest.approx(row["p_value"], rel=1e-6)
        assert json.loads(got["parameters"]) == json.loads(row["parameters"])
        assert got["method"] == row["method"]


def test_figures_have_the_size_and_resolution_of_a_journal(folder: Path, content: ResearchContent) -> None:
    from PIL import Image

    for name in figure_names(content):
        with Image.open(folder / "figures" / f"{name}_ja.png") as image:
            inches = image.width / PUBLICATION_DPI
            assert min(abs(inches - SINGLE), abs(inches - DOUBLE)) < 0.02, name
            assert round(image.info["dpi"][0]) == PUBLICATION_DPI
        ElementTree.parse(folder / "figures" / f"{name}_en.svg")
        assert (folder / "figures" / f"{name}_en.pdf").read_bytes().startswith(b"%PDF")


def test_the_same_figure_gives_the_same_bytes(content: ResearchContent, folder: Path, tmp_path: Path) -> None:
    for path in draw(content, Figure("core_stability", "ja"), tmp_path):
        assert path.read_bytes() == (folder / "figures" / path.name).read_bytes(), path.name


@pytest.mark.usefixtures("no_figures")
def test_what_a_user_wrote_stays_text(tmp_path: Path) -> None:
    write_research(hostile(SCRIPT), tmp_path / "out", ("ja",))
    page = (tmp_path / "out" / "report_ja.html").read_text("utf-8")
    assert "<script>" not in page
    source = (tmp_path / "out" / "report_ja.qmd").read_text("utf-8")
    body = source.split("---", 2)[2]
    assert "<script>" not in re.sub(r"\\<script", "", body.replace(f"`{SCRIPT}`", ""))
    rows = [line for line in body.splitlines() if line.startswith("| ")]
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in rows if "alert" in line}
    heads = {len(re.findall(r"(?<!\\)\|", line)) for line in rows if set(line) <= set("|:- ")}
    assert widths <= heads


@pytest.mark.usefixtures("no_figures")
def test_a_report_without_findings_says_so(content: ResearchContent, tmp_path: Path) -> None:
    nothing = {name: empty_frame(name) for name in (*FRAMES, *TIDY)}
    bare = replace(content, sentences={}, caveats=(), **nothing)  # type: ignore[arg-type]
    write_research(bare, tmp_path / "out", ("en",))
    text = (tmp_path / "out" / "report_en.html").read_text("utf-8")
    assert text.count(research_labels.NOTHING_TO_SHOW.en) >= 5
    assert research_labels.NO_DEVIATION.en in text


def test_only_figures_with_something_to_show_are_drawn(content: ResearchContent) -> None:
    nothing = {name: empty_frame(name) for name in (*FRAMES, *TIDY)}
    assert figure_names(replace(content, **nothing)) == []  # type: ignore[arg-type]


def test_a_table_that_lacks_a_column_is_named(content: ResearchContent, tmp_path: Path) -> None:
    broken = replace(content, judgement=content.judgement.drop(columns="sentence_en"))
    with pytest.raises(ValueError, match="judgement lacks sentence_en"):
        write_research(broken, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(ValueError, match="language"):
        write_research(content, tmp_path / "out", ())


@pytest.mark.usefixtures("no_figures")
def test_a_failure_leaves_the_earlier_report(
    content: ResearchContent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_research(content, tmp_path / "out", ("ja",))
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}

    def fail(*_: object) -> Path:
        raise OSError("no room")

    monkeypatch.setattr("zaitaku_demand.report.research_write.write_research_page", fail)
    with pytest.raises(OSError, match="no room"):
        write_research(replace(content, seed=99), tmp_path / "out", ("ja",))
    after = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert before == after


def test_reproducibility_is_said(folder: Path, content: ResearchContent) -> None:
    for name in ("report_ja.html", "report_en.html", "report_ja.qmd", "report_en.qmd"):
        text = (folder / name).read_text("utf-8")
        for said in (content.command, str(content.seed), content.code_version, content.created):
            assert said in text, (name, said)
    assert (folder / "plan.toml").read_text("utf-8") == content.plan_toml
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert summary["seed"] == content.seed
    assert len(summary["judgement"]) == len(content.judgement)
    assert SENTENCE.en in (folder / "report_en.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("year", "said"),
    [(2017, "2017年（平成29年）"), (2019, "2019年（令和元年）"), (2022, "2022年（令和4年）")],
)
def test_years_are_said_as_plans_write_them(year: int, said: str) -> None:
    assert era(year).ja == said


def test_the_summary_sorts_candidates_by_where_they_may_be_used(content: ResearchContent) -> None:
    judged = content.judgement.assign(compare_prefectures="with_care", compare_areas="no")
    judged.loc[judged.index[0], "compare_areas"] = "with_care"
    said = summary(replace(content, judgement=judged))
    both, one = (label_of(content, name).ja for name in judged["outcome"].iloc[:2])
    assert both in said[0].ja
    assert one not in said[0].ja
    assert one in said[1].ja
    assert said[0].en.startswith("No candidate may be used without care")
    best = judged.assign(compare_prefectures="yes", compare_areas="yes")
    assert both in summary(replace(content, judgement=best))[0].ja
    assert "△" not in summary(replace(content, judgement=best))[0].ja


def test_a_member_that_should_not_be_compared_is_named(content: ResearchContent) -> None:
    first = str(content.judgement["outcome"].iloc[0])
    judged = content.judgement.assign(compare_prefectures="no", compare_areas="no")
    members = content.core_members.assign(id=[first, *content.core_members["id"].iloc[1:]])
    said = " ".join(text.en for text in summary(replace(content, judgement=judged, core_members=members)))
    assert "do not rank places by it" in said
    usable = judged.assign(compare_prefectures="with_care")
    said = " ".join(text.en for text in summary(replace(content, judgement=usable, core_members=members)))
    assert "do not rank places by it" not in said


def test_what_could_not_be_estimated_is_a_row_a_reason_with_names() -> None:
    empty = {name: empty_frame(name) for name in ROOMS}
    rows = pd.DataFrame(
        [
            {"level": "area", "outcome": "O-E-1", "term": term, "estimate": None, "note": "no_overlap"}
            for term in ("P-C-1", "P-C-3", "S-C-3")
        ],
        columns=list(empty["association"].columns),
    )
    limit = rows.iloc[[0]].assign(note="beyond_grid", lower=40.0, outcome="O-A-2")
    frames = {**empty, "association": pd.concat([rows, limit])}
    found = not_possible(frames, {"O-E-1": Text("自宅死", "home deaths")})
    assert len(found) == 1
    assert found[0]["item_ja"] == "関連：二次医療圏の自宅死（O-E-1）×3項目"
    assert found[0]["item"].count("area O-E-1") == 3


def test_the_small_font_has_the_letters_of_the_names(content: ResearchContent) -> None:
    from fontTools.ttLib import TTFont
    from matplotlib import font_manager

    small, whole = families_for(content)
    letters = set(TTFont(font_manager.findfont(small)).getBestCmap())
    known = set(TTFont(font_manager.findfont(whole)).getBestCmap())
    wanted = {ord(letter) for label in content.codebook["label_ja"] for letter in label}
    assert wanted & known <= letters
    assert len(letters) < len(known) / 4


def test_no_file_names_the_small_font(folder: Path) -> None:
    for path in (folder / "figures").glob("*.svg"):
        assert "ZaitakuLetters" not in path.read_text("utf-8"), path.name


def test_what_is_missing_is_named(content: ResearchContent) -> None:
    bare = replace(content, event_study=empty_frame("event_study"))
    designs = next(each for each in sections(bare, "en") if each.id == "designs")
    notes = [line for block in designs.blocks if isinstance(block, Notes) for line in block.lines]
    assert any("event study" in line for line in notes)
