"""A whole study on the real panel with few replications: what it holds, that it can be made again, what it leaves unsaid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from zaitaku_demand.indicators.arrays import places_of
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.request import ResearchRequest, read_request
from zaitaku_demand.research.result import RESULT_COLUMNS
from zaitaku_demand.research_run import NOT_STUDIED, compute_research

TODAY = date(2026, 12, 1)
REASON = "few replications are enough here"
SMALL = """declared = 2026-12-01
outcomes = ["O-E-1", "own_mine"]
[reliability]
bootstrap = 50
draws = 50
splits = 2
[validity]
cluster_draws = 100
case_mix_draws = 100
flow_draws = 10
flow_shares = [0.1]
moran_permutations = 99
[association]
rules = [{ outcomes = ["O-E-1", "own_mine"], exposures = ["S-C-2-H"], reason = { ja = "例", en = "example" } }]
curves = [["O-E-1", "S-C-2-H"]]
chains = []
models = ["poisson", "negative_binomial", "fixed_effects"]
[robustness]
questions = [{ outcomes = ["O-E-1"], exposures = ["S-C-2-H"] }]
permutations = 19
moran_permutations = 19
confounder_sets = [[], ["log_density"]]
[designs.differences]
replications = 99
bootstrap = 99
[designs.interrupted]
services = ["house_calls"]
[core_set]
draws = 50
[power]
replications = 100
resamples = 50
places = [5, 20]
ratios = [1.1]
"""


CODES = {"prefecture": ["01", "02"], "area": ["0101", "0102"]}


def own_file(folder: Path) -> Path:
    """An outcome of 47 prefectures in two years, higher in some of them, the same in both years."""
    rows = [
        f"{code:02d},{year},{80 + 7 * (code % 10)},{900 + code}"
        for code in range(1, 48)
        for year in (2016, 2017)
    ]
    path = folder / "mine.csv"
    path.write_text("\n".join(["area_code,year,numerator,denominator", *rows]), "utf-8")
    return path


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> ResearchRequest:
    folder = tmp_path_factory.mktemp("study")
    (folder / "plan.toml").write_text(SMALL, "utf-8")
    return read_request(
        folder / "plan.toml",
        levels=["prefecture"],
        differences=["seed=7"],
        own=[own_file(folder)],
        reason=REASON,
    )


@pytest.fixture(scope="module")
def content(request_: ResearchRequest) -> ResearchContent:
    return compute_research(request_, TODAY, "zaitaku research report")


def test_the_content_is_whole(content: ResearchContent) -> None:
    content.check()
    assert content.seed == 7
    assert content.plan_toml == SMALL
    for name in ("reliability", "validity", "association", "robustness", "specification", "designs", "power"):
        table = getattr(content, name)
        assert set(RESULT_COLUMNS) <= set(table.columns), name
        assert len(table), name
        assert set(table["level"]) - {"national"} == {"prefecture"}, name


def test_one_seed_gives_the_same_frames_again(content: ResearchContent, request_: ResearchRequest) -> None:
    again = compute_research(request_, TODAY, "zaitaku research report")
    for name, frame in content.frames().items():
        assert_frame_equal(frame, again.frames()[name], obj=name)
    assert again.sentences == content.sentences


def test_deviations_list_options_with_their_reason_and_gaps_of_the_data(content: ResearchContent) -> None:
    found = content.deviations.set_index("item")
    assert found.loc["levels", ["declared", "done", "reason_en"]].tolist() == [
        '["prefecture", "area"]',
        '["prefecture"]',
        REASON,
    ]
    assert found.loc["seed", "done"] == "7"
    gaps = found[found.index.str.startswith("designs:")]
    # Few prefectures got their first support hospital in 2014-17.
    assert gaps.index.str.contains("O-E-1 S-C-3").any()
    assert (gaps["reason_en"] != REASON).all() and gaps["reason_en"].str.len().gt(0).all()


def test_an_own_outcome_is_a_candidate_and_is_studied_in_every_room(content: ResearchContent) -> None:
    assert content.candidates.set_index("outcome").loc["own_mine", "levels"] == "prefecture"
    for name in ("reliability", "validity", "association", "power"):
        rows = getattr(content, name)
        rows = rows[rows["outcome"] == "own_mine"]
        assert rows["estimate"].notna().any(), name
    assert "own_mine" in set(content.judgement["outcome"])


def test_nothing_is_said_of_a_level_that_is_not_studied(content: ResearchContent) -> None:
    assert set(content.judgement["compare_areas"]) == {NOT_STUDIED}
    assert set(content.judgement["compare_prefectures"]) <= {"yes", "with_care", "no"}
    for row in content.judgement.to_dict("records"):
        assert row["outcome"] in row["sentence_ja"] and row["outcome"] in row["sentence_en"]
        assert "都道府県" in row["sentence_ja"] and "二次医療圏" not in row["sentence_ja"]
        assert "compare prefectures" in row["sentence_en"] and "areas" not in row["sentence_en"]


def test_only_what_is_asked_about_is_told(content: ResearchContent) -> None:
    chosen = {"O-E-1", "own_mine"}
    assert set(content.reliability["outcome"]) == chosen
    agreement = content.validity[content.validity["statistic"] == "agreement_ccc"]
    assert all(chosen & {row["outcome"], row["term"]} for row in agreement.to_dict("records"))
    by_place = content.designs[content.designs["level"] == "prefecture"]
    assert set(by_place["outcome"]) <= chosen


def test_areas_alone_work_and_designation_by_area_is_used(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(
        SMALL.replace(', "own_mine"', "").replace("house_calls", "home_visits"), "utf-8"
    )
    codes = list(places_of("area")["area_code"][1:])
    (tmp_path / "started.csv").write_text(
        "\n".join(["area_code,year", *(f"{each},2016" for each in codes[::6])])
    )
    asked = read_request(tmp_path / "plan.toml", levels=["area"], designation=tmp_path / "started.csv")
    content = compute_research(asked, TODAY, "zaitaku research report")
    content.check()
    assert set(content.panels["level"]) == {"area"}
    assert set(content.judgement["compare_prefectures"]) == {NOT_STUDIED}
    own = content.designs[content.designs["term"] == "started"]
    switched = own[own["statistic"] == "difference_in_changes"]
    assert switched["estimate"].notna().any()


def test_a_designation_is_used_at_its_own_level_only(tmp_path: Path) -> None:
    (tmp_path / "started.csv").write_text("area_code,year\n0101,2016\n", "utf-8")
    both = read_request(designation=tmp_path / "started.csv")
    panels = {
        level: Panel(level, pd.DataFrame({"area_code": codes}), pd.DataFrame(), {})
        for level, codes in CODES.items()
    }
    assert both.designated(panels["prefecture"]) == ()
    (found,) = both.designated(panels["area"])
    assert found.first.tolist() == [2016.0, float("inf")]
