"""`zaitaku research`: every command as sentences, table, JSON and files, and what it says to wrong options."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from tests.command import Zaitaku, zaitaku_here
from tests.conftest import CHECKOUT
from zaitaku_demand.cli.research_terminal import records
from zaitaku_demand.research.core_set.file import read_core_set
from zaitaku_demand.research.plan import read_plan
from zaitaku_demand.research.result import RESULT_COLUMNS

ONE = ("--level", "prefecture", "--outcome", "O-E-1")
"""The least that has results in every room."""
FEW = tuple(
    word
    for item in (
        "reliability.bootstrap=50",
        "reliability.draws=50",
        "reliability.splits=2",
        "validity.cluster_draws=100",
        "validity.case_mix_draws=100",
        "validity.flow_draws=10",
        "validity.moran_permutations=99",
        "power.replications=100",
        "power.resamples=50",
        "designs.differences.replications=99",
        "designs.differences.bootstrap=99",
        'designs.interrupted.services=["house_calls"]',
        'association.models=["negative_binomial", "fixed_effects"]',
        "robustness.confounder_sets=[[]]",
        "robustness.permutations=19",
        "robustness.moran_permutations=19",
    )
    for word in ("--set", item)
)
"""Few replications and few models: these tests look at what is printed."""


@pytest.fixture
def zaitaku(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Zaitaku:
    return zaitaku_here(monkeypatch, capsys, tmp_path)


@pytest.mark.parametrize(
    ("command", "options", "analysis"),
    [
        ("reliability", ONE, "reliability"),
        ("validity", ONE, "validity"),
        ("power", ONE, "power"),
        ("design", ("--level", "area"), "design"),
    ],
)
def test_json_holds_the_tidy_rows_and_names_plan_and_seed(
    zaitaku: Zaitaku, command: str, options: tuple[str, ...], analysis: str
) -> None:
    done = zaitaku("research", command, *options, *FEW, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["plan"]) == len(found["declared"]) == 12
    assert set(RESULT_COLUMNS) <= set(found["rows"][0])
    assert analysis in {row["analysis"] for row in found["rows"]}
    assert all(row["method"] for row in found["rows"] if row["estimate"] is not None)


def test_reliability_says_what_an_outcome_may_be_used_for(zaitaku: Zaitaku) -> None:
    ja = zaitaku("research", "reliability", *ONE, *FEW).stdout
    assert "都道府県の比較に" in ja.splitlines()[0]
    assert "--full" in ja.splitlines()[-1]
    en = zaitaku("research", "reliability", *ONE, *FEW, "--full", language="en").stdout
    assert "compare prefectures" in en.splitlines()[0] and "areas" not in en.splitlines()[0]
    assert "beta-binomial" in en.lower()
    assert len(en.splitlines()) > 2 * len(ja.splitlines())
    assert "--full" not in en.splitlines()[-1]


def test_associations_come_with_their_curve_and_show_no_cause(zaitaku: Zaitaku) -> None:
    questions = '[{"outcomes": ["O-E-1"], "exposures": ["S-C-2-H"]}]'
    done = zaitaku(
        *("research", "associate", *ONE, *FEW, "--set", f"robustness.questions={questions}", "--csv", "a.csv")
    )
    assert done.returncode == 0, done.stderr
    assert "因果関係" in done.stdout.splitlines()[0]
    table = pd.read_csv("a.csv")
    assert set(table["outcome"]) == {"O-E-1"}
    assert {"rate_ratio"} <= set(table["statistic"])


def test_a_core_set_is_written_and_can_be_read_back(zaitaku: Zaitaku, tmp_path: Path) -> None:
    done = zaitaku("research", "core-set", "--set", "core_set.draws=50", "--out", "core.toml", language="en")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1. ")
    core = read_core_set(tmp_path / "core.toml")
    assert {each.function for each in core.member} == {"discharge", "everyday", "acute", "end_of_life"}
    assert {each.type for each in core.member} == {"structure", "process", "outcome"}


def test_the_panel_is_written_with_an_outcome_of_the_user(zaitaku: Zaitaku, tmp_path: Path) -> None:
    rows = [f"{code:02d},{year},{40 + code},{500 + code}" for code in range(1, 48) for year in (2021, 2022)]
    (tmp_path / "再入院.csv").write_text("\n".join(["area_code,year,numerator,denominator", *rows]), "utf-8")
    done = zaitaku(
        "research", "panel", "--level", "prefecture", "--own", "再入院.csv", "--out", "panel", "--json"
    )
    assert done.returncode == 0, done.stderr
    names = {Path(path).name for path in json.loads(done.stdout)["files"]}
    assert {"panel.parquet", "panel.csv", "panel.dta", "panel.R"} <= names
    wide = pd.read_parquet(tmp_path / "panel" / "panel.parquet")
    own = wide[(wide["year"] == 2022) & (wide["area_code"] == "13")].filter(like="own_").iloc[0]
    assert 53 in set(own) and 513 in set(own)


def test_the_plan_is_listed_with_its_digest(zaitaku: Zaitaku) -> None:
    done = zaitaku("research", "plan", language="en")
    assert done.stdout.startswith("Digest of the plan: ")
    assert "power.replications = 1000" in done.stdout


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--outcome", "O-X-9"), "O-X-9"),
        (("--level", "nation"), "levels"),
        (("--set", "reliability.bootstrap"), "reliability.bootstrap"),
        (("--set", "reliability.bootstrap=1"), "reliability.bootstrap"),
        (("--plan", "none.toml"), "none.toml"),
        (("--own", "none.csv"), "none.csv"),
    ],
)
def test_a_wrong_option_gives_one_sentence_and_code_2(
    zaitaku: Zaitaku, options: tuple[str, ...], named: str, tmp_path: Path
) -> None:
    for language in ("ja", "en"):
        done = zaitaku("research", "reliability", *options, "--csv", "out/r.csv", language=language)
        assert done.returncode == 2
        assert named in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("associate", "--outcome", "O-E-1", "--exposure", "P-X-9"), "P-X-9"),
        (("associate", "--outcome", "P-C-4", "--level", "prefecture", *FEW), "--exposure"),
        (("design", "--designation", "none.csv"), "none.csv"),
        (("design", "--outcome", "O-X-9"), "O-X-9"),
        (("core-set", "--importance", "none.csv"), "none.csv"),
        (("core-set", "--out", "."), "--out"),
        (("power", "--csv", "."), "--csv"),
        (("plan", "--set", "nothing=1"), "nothing"),
        (("plan", "--lang", "fr"), "fr"),
        (("panel", "--own-ratio", "none.csv"), "none.csv"),
        (("report", "--home-care", "none.xlsx"), "none.xlsx"),
        (("report", "--values", "O-E-9.csv"), "O-E-9.csv"),
    ],
)
def test_every_command_refuses_in_one_sentence_and_writes_nothing(
    zaitaku: Zaitaku, arguments: tuple[str, ...], named: str, tmp_path: Path
) -> None:
    done = zaitaku("research", *arguments)
    assert done.returncode == 2
    assert named in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())


def test_a_pair_of_ones_own_takes_the_place_of_the_declared_ones(zaitaku: Zaitaku) -> None:
    done = zaitaku(
        *("research", "associate", *ONE, *FEW, "--exposure", "S-C-2-H", "--json"),
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {(row["outcome"], row["term"]) for row in found["rows"]} == {("O-E-1", "S-C-2-H")}
    assert {row["term"] for row in found["specification"]} == {"S-C-2-H"}
    assert found["plan"] != found["declared"]


@pytest.mark.parametrize(
    "command",
    ["panel", "plan", "reliability", "validity", "associate", "design", "core-set", "power", "report"],
)
def test_help_is_there_and_needs_no_data(zaitaku: Zaitaku, command: str) -> None:
    done = zaitaku("research", command, "--help")
    assert done.returncode == 0
    assert "--lang" in done.stdout


def test_a_plan_to_start_from_is_written_once_and_is_the_plan(zaitaku: Zaitaku, tmp_path: Path) -> None:
    done = zaitaku("research", "plan", "--set", "power.replications=200", "--out", "mine/plan.toml")
    assert done.returncode == 0, done.stderr
    asked = json.loads(zaitaku("research", "plan", "--set", "power.replications=200", "--json").stdout)
    read = json.loads(zaitaku("research", "plan", "--plan", "mine/plan.toml", "--json").stdout)
    assert read["declared"] == asked["plan"] != asked["declared"]
    again = zaitaku("research", "plan", "--out", "mine/plan.toml")
    assert again.returncode == 2
    assert "plan.toml" in again.stderr


def test_records_keep_small_figures_and_say_null_of_what_is_not_known() -> None:
    table = pd.DataFrame(
        {
            "p": [1e-30, float("nan")],
            "limit": [float("inf"), 1.0],
            "n": pd.array([3, pd.NA], dtype="Int64"),
            "name": ["a", None],
        }
    )
    assert json.loads(json.dumps(records(table), allow_nan=False)) == [
        {"p": 1e-30, "limit": None, "n": 3, "name": "a"},
        {"p": None, "limit": 1.0, "n": None, "name": None},
    ]


def test_figures_of_the_terminal_are_plain(zaitaku: Zaitaku) -> None:
    done = zaitaku(*("research", "power", *ONE, *FEW, "--full"), language="en")
    rows = [line.split("\t") for line in done.stdout.splitlines() if line.startswith("prefecture\t")]
    assert rows and {len(row) for row in rows} == {9}
    assert not any(text in cell for row in rows for cell in row for text in ("nan", "NA", "e+"))


def documented() -> list[list[str]]:
    """Commands of the guide, without what follows on their lines."""
    text = (CHECKOUT / "docs" / "research.ja.md").read_text("utf-8")
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.split("#")[0] for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("zaitaku research")]


def test_the_commands_of_the_guide_have_these_options(zaitaku: Zaitaku) -> None:
    commands = documented()
    assert {words[1] for words in commands} >= {
        *("report", "reliability", "validity", "associate", "design", "core-set", "power", "panel", "plan"),
    }
    for words in commands:
        shown = zaitaku(*words[:2], "--help").stdout
        for option in (word for word in words if word.startswith("--")):
            assert option in shown, words


def test_the_plan_of_the_guide_is_a_plan(tmp_path: Path) -> None:
    text = (CHECKOUT / "docs" / "research.ja.md").read_text("utf-8")
    (block,) = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "plan.toml").write_text(block, "utf-8")
    assert read_plan(tmp_path / "plan.toml").reliability.targets == (0.8, 0.9)


def test_an_own_outcome_is_studied_as_the_guide_says(zaitaku: Zaitaku, tmp_path: Path) -> None:
    rows = [
        f"{code:02d},{year},{80 + code % 9},{900 + code}" for code in range(1, 48) for year in (2021, 2022)
    ]
    (tmp_path / "再入院.csv").write_text("\n".join(["area_code,year,numerator,denominator", *rows]), "utf-8")
    for words in documented():
        if "再入院.csv" in words:
            done = zaitaku(*words, *FEW, "--level", "prefecture")
            assert done.returncode == 0, done.stderr
            assert "own_再入院" in done.stdout
