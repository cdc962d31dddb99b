"""The report of the real data as it is shipped: every candidate is judged, null and fragile results are named, no cause is claimed."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_figures import figure_names
from zaitaku_demand.report.research_sections import sections
from zaitaku_demand.report.research_summary import summary
from zaitaku_demand.report.research_view import curves, label_of, main_reliability
from zaitaku_demand.report.research_write import write_research
from zaitaku_demand.research.request import read_request
from zaitaku_demand.research.wording import causal_phrases, causal_texts
from zaitaku_demand.research_description import SHIPPED_PLAN
from zaitaku_demand.research_run import compute_research
from zaitaku_demand.text import LANGUAGES, Language

pytestmark = pytest.mark.long

FUNCTIONS = ("discharge", "everyday", "acute", "end_of_life")
TYPES = ("structure", "process", "outcome")
"""The four functions of home medical care in the guideline of the medical plans, and Donabedian's three types."""
LEVELS = {"prefecture": "prefectures", "area": "areas"}
COMMAND = "zaitaku research report --out research"
LONGEST_BULLET = {"ja": 600, "en": 1_000}
"""Letters of a bullet of the summary: more is no summary."""


@pytest.fixture(scope="module")
def content() -> ResearchContent:
    return compute_research(read_request(), date(2026, 11, 22), COMMAND)


@pytest.fixture(scope="module")
def folder(content: ResearchContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("real") / "research"
    write_research(content, made)
    return made


def _read(page: Path) -> str:
    """What a reader of the page sees, a line an element."""
    text = re.sub(r"<style>.*?</style>", "", page.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r'src="data:[^"]*"', "", text)
    alternatives = re.findall(r'alt="([^"]*)"', text)
    plain = "\n".join([re.sub(r"<[^>]+>", "\n", text), *alternatives])
    return plain.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cause_is_claimed_anywhere(folder: Path, content: ResearchContent, language: Language) -> None:
    assert causal_phrases(_read(folder / f"report_{language}.html"), language) == []
    assert causal_phrases((folder / f"report_{language}.qmd").read_text("utf-8"), language) == []
    captions = (folder / "figures" / "captions.md").read_text("utf-8").splitlines()
    assert [line for line in captions if f"({language})" in line and causal_phrases(line, language)] == []
    said = json.loads((folder / "summary.json").read_text("utf-8"))
    for row in [*said["judgement"], *said["core_set"], *said["deviations"]]:
        for name, value in row.items():
            if str(name).endswith(f"_{language}"):
                assert causal_phrases(str(value), language) == [], value
    assert causal_texts([text for texts in content.sentences.values() for text in texts]) == []
    assert causal_texts(summary(content)) == []


@pytest.mark.parametrize("kind", ["null", "fragile"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_null_and_a_fragile_result_are_shown_as_such(
    folder: Path, content: ResearchContent, language: Language, kind: str
) -> None:
    found = [curve for curve in curves(content) if curve.verdict == kind]
    assert found
    page = _read(folder / f"report_{language}.html")
    assert f"specification_{kind}" in figure_names(content)
    assert words.EXAMPLES[kind].to(language) in page
    heading = words.GROUPS[f"association.{kind}"].to(language)
    said = [
        text.to(language)
        for key, texts in content.sentences.items()
        if key.startswith(f"association.{kind}.")
        for text in texts
    ]
    assert heading in page
    assert len(said) == len(found)
    assert all(sentence in page for sentence in said)
    assert page.index(heading) < page.index(said[0])


def test_the_declared_verdicts_hold_in_the_figures(content: ResearchContent) -> None:
    """Null: few significant; robust: most significant and of one sign (thresholds of the plan, Simonsohn et al. 2020)."""
    settings = read_request().plan.robustness
    for curve in curves(content):
        significant = sum(
            float(curve.figures[name]["estimate"])
            for name in ("share_significant", "share_significant_opposite")
        )
        same = float(curve.figures["share_same_sign"]["estimate"])
        if curve.verdict == "null":
            assert significant <= settings.null_significant, curve.outcome
        if curve.verdict == "robust":
            assert significant >= settings.robust_significant, curve.outcome
            assert same >= settings.robust_same_sign, curve.outcome


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_candidate_with_data_has_reliability_and_a_sentence(
    folder: Path, content: ResearchContent, language: Language
) -> None:
    page = _read(folder / f"report_{language}.html")
    judged = content.judgement.set_index("outcome")
    reliability = main_reliability(content).set_index(["level", "outcome"])
    with_data = content.candidates[content.candidates["levels"] != ""]
    assert len(with_data)
    assert set(with_data["outcome"]) == set(judged.index)
    for row in with_data.to_dict("records"):
        for level in row["levels"].split():
            found = reliability.loc[(level, row["outcome"])]
            assert 0 <= found["lower"] <= found["estimate"] <= found["upper"] <= 1, (level, row["outcome"])
            assert judged.loc[row["outcome"], f"compare_{LEVELS[level]}"] in ("yes", "with_care", "no")
            assert judged.loc[row["outcome"], f"sentence_{LEVELS[level]}_{language}"] in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_candidates_without_data_are_named(
    folder: Path, content: ResearchContent, language: Language
) -> None:
    page = _read(folder / f"report_{language}.html")
    without = content.candidates[content.candidates["levels"] == ""]
    table = next(
        block
        for section in sections(content, language)
        if section.id == "judgement"
        for block in section.blocks
        if hasattr(block, "rows")
    )
    assert len(table.rows) == len(content.candidates)
    assert page.count(words.NO_PUBLIC_DATA.to(language)) == 2 * len(without)


def test_the_core_set_covers_functions_and_types(folder: Path, content: ResearchContent) -> None:
    members = content.core_members
    assert set(members["function"]) == set(FUNCTIONS)
    assert set(members["type"]) == set(TYPES)
    shares = content.core_stability.set_index("id").loc[list(members["id"]), "share"]
    assert shares.between(0, 1).all()
    cells = set(zip(members["function"], members["type"], strict=True))
    empty = set(zip(content.core_empty["function"], content.core_empty["type"], strict=True))
    # Every cell has a member or says that it has none.
    assert cells | empty == {(function, type) for function in FUNCTIONS for type in TYPES}
    assert not cells & empty
    assert (folder / "tables" / "core_members.csv").is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_is_said(folder: Path, content: ResearchContent, language: Language) -> None:
    page = _read(folder / f"report_{language}.html")
    for name, title in words.FIGURES.items():
        if name not in figure_names(content):
            assert words.FIGURE_NAMED.format(name=title.to(language)).to(language) in page, name
    for section in sections(content, language):
        assert section.blocks or section.id == "files", section.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_is_first_and_short(folder: Path, content: ResearchContent, language: Language) -> None:
    page = _read(folder / f"report_{language}.html")
    said = [text.to(language) for text in summary(content)]
    assert 5 <= len(said) <= 8
    assert all(sentence in page for sentence in said)
    assert max(len(sentence) for sentence in said) <= LONGEST_BULLET[language]
    assert page.index(said[0]) < page.index(
        str(content.judgement[f"sentence_prefectures_{language}"].iloc[0])
    )
    # Every judged candidate stands in exactly one of the bullets on comparisons.
    comparisons = " ".join(said[:3])
    for outcome in content.judgement["outcome"]:
        quoted = label_of(content, outcome).to(language)
        assert (f"「{quoted}」" if language == "ja" else f"'{quoted}'") in comparisons


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_raw_ids_stand_for_names(folder: Path, language: Language) -> None:
    page = _read(folder / f"report_{language}.html")
    # The declared plan shows its settings as they are.
    sentences = [line for line in page.splitlines() if len(line) > 40 and not line.startswith(("[", "{"))]
    for raw in ("house_calls", "death_attendance", "terminal_care", "reform_2018", "emergency_2020"):
        assert not [line for line in sentences if raw in line], raw


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_plan_is_not_passed_off_as_registered(folder: Path, language: Language) -> None:
    """Its thresholds were set on these very data."""
    assert SHIPPED_PLAN.to(language) in _read(folder / f"report_{language}.html")
    assert SHIPPED_PLAN.to(language) in (folder / f"report_{language}.qmd").read_text("utf-8")


def test_the_main_estimate_is_the_same_wherever_it_stands(content: ResearchContent) -> None:
    """Association table and robustness table answer one question with one number."""
    keys = ["level", "outcome", "term"]
    declared = content.association[content.association["primary"]].set_index(keys)["estimate"].dropna()
    robust = content.robustness[content.robustness["statistic"] == "rate_ratio"]
    first = robust.groupby(keys, sort=False)["estimate"].first().dropna()
    both = declared.index.intersection(first.index)
    assert len(both) >= 10
    assert declared[both].to_numpy() == pytest.approx(first[both].to_numpy(), rel=1e-9)
