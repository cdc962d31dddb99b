"""`zaitaku scenarios` and the option `--scenario`: what is printed and written, and the sentence for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from tests import command
from tests.command import Zaitaku, zaitaku_here
from tests.test_scenarios import HEAD
from zaitaku_demand.scenarios.resolve import DEFAULT, SHIPPED

ROUNDED = 1e-4
"""Figures in CSV files have four decimals."""


@pytest.fixture
def zaitaku(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Zaitaku:
    return zaitaku_here(monkeypatch, capsys, tmp_path)


def test_list(zaitaku: Zaitaku, tmp_path: Path) -> None:
    done = zaitaku("scenarios", "list")
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == [DEFAULT, *SHIPPED]
    assert [line[1] for line in lines] == [
        "標準（検証で選んだ率の方法）",
        "現状投影",
        "受療率の趨勢",
        "地域差縮小",
        "病床からの移行",
        "施設への移行",
    ]
    rows = json.loads(zaitaku("scenarios", "list", "--json", language="en").stdout)
    assert rows[5]["name"] == "From own home to facilities"


def test_show(zaitaku: Zaitaku, tmp_path: Path) -> None:
    done = zaitaku("scenarios", "show", "病床からの移行")
    assert "療養病床から入院患者の10％が基準年から2040年まで" in done.stdout and "[[beds]]" in done.stdout
    (tmp_path / "案.toml").write_text(HEAD + "[[rate]]\nfactor = 0.9\nto = 2035\n", "utf-8")
    done = zaitaku("scenarios", "show", "案.toml", language="en")
    assert "change by -10 % from the base year to 2035" in done.stdout and 'id = "mine"' in done.stdout


def test_compare_prints_and_writes_the_same(zaitaku: Zaitaku, tmp_path: Path) -> None:
    chosen = (
        "scenarios",
        "compare",
        "facility+convergence",
        "--set",
        "rate: factor=0.9, ages=75-84, to=2035",
    )
    place = ("--set", "supply: per_cent=105, from=2030", "--prefecture", "島根県")
    printed = zaitaku(*chosen, *place, "--area", "松江", "--year", "2040")
    assert printed.returncode == 0, printed.stderr
    assert "地域差縮小" in printed.stdout and "満たされない需要" in printed.stdout
    found = json.loads(zaitaku(*chosen, *place, "--area", "3201", "--json").stdout)
    assert [each["id"] for each in found["scenarios"]] == ["base", "facility+convergence", "set+set"]
    assert {row["code"] for row in found["values"]} == {"3201"} and found["unmet"][0]["unmet"] > 0
    for name in ("表.csv", "表.xlsx"):
        assert zaitaku(*chosen, *place, "--out", name).returncode == 0
    assert (tmp_path / "表.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(tmp_path / "表.csv", dtype={"code": str})
    key = ["scenario", "code", "year"]
    written = table.set_index(key)["value"]
    for row in found["values"]:
        assert written[tuple(row[name] for name in key)] == pytest.approx(row["value"], abs=ROUNDED)
    assert set(table["level"]) == {"prefecture", "area"} and len(table) == 3 * (1 + 7) * 31
    book = CalamineWorkbook.from_path(str(tmp_path / "表.xlsx"))
    assert book.sheet_names == ["シナリオ", "推計値", "ピーク"]
    assert len(book.get_sheet_by_name("推計値").to_python()) > len(table)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_template_is_read_back(zaitaku: Zaitaku, tmp_path: Path) -> None:
    assert zaitaku("scenarios", "template", "--prefecture", "島根県").returncode == 0
    again = zaitaku("scenarios", "template")
    assert again.returncode == 2 and "既にある" in again.stderr
    text = (tmp_path / "beds.csv").read_text("utf-8-sig")
    rows = [line for line in text.splitlines() if "療養病床" in line]
    (tmp_path / "beds.csv").write_text(
        "\n".join([text.splitlines()[0], f"{rows[0]}30", f"{rows[1]}0"]), "utf-8-sig"
    )
    (tmp_path / "plan.toml").write_text(HEAD + '[[beds]]\nfile = "beds.csv"\nto = 2030\n', "utf-8")
    done = zaitaku("scenarios", "compare", "plan.toml", "--area", "3201", "--json")
    values = {(row["scenario"], row["year"]): row for row in json.loads(done.stdout)["values"]}
    assert values["mine", 2030]["against_base"] == pytest.approx(30)


def test_run_and_peak_take_scenarios(zaitaku: Zaitaku, tmp_path: Path) -> None:
    """Whoever names no scenario has the default; a difference alone is one from constant rates."""
    peak = ("peak", "--prefecture", "32", "--summary")
    plain = zaitaku(*peak)
    default = zaitaku(*peak, "--scenario", "default")
    base = zaitaku(*peak, "--scenario", "現状投影")
    nothing = zaitaku(*peak, "--set", "rate: factor=1, to=2026")
    moved = zaitaku(*peak, "--set", "rate: factor=0.2, to=2026")
    counts = [done.stdout.split("推計値")[0] for done in (plain, default, base, nothing, moved)]
    assert counts[0] == counts[1] != counts[2] == counts[3] != counts[4] and moved.returncode == 0
    assert "シナリオ：標準（検証で選んだ率の方法）" in plain.stdout and "シナリオ：現状投影" in base.stdout
    # The seven areas of 島根県: one of them has passed its peak by 2030 if rates stay as they are.
    years = [[line.split("\t")[1:] for line in count.splitlines()] for count in (counts[0], counts[2])]
    assert ["2040年以降（合計）", "7"] in years[0] and ["2040年以降（合計）", "5"] in years[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("peak", "--scenario", "楽観"), "シナリオ「楽観」はない"),
        (("run", "--set", "rate: to=2030"), "factor・per_cent"),
        (("peak", "--set", "rate: factor=-1, to=2030"), "「-1」は使えない"),
        (("peak", "--set", "rate: factor=0.9, to=2030, sex=female"), "男女計"),
        (("scenarios", "show", "無.toml"), "開けない"),
        (("scenarios", "compare", "base", "--year", "2070"), "2070年は推計の期間にない"),
        (("scenarios", "compare", "base", "--area", "県北"), "複数ある"),
        (("scenarios", "compare", "base", "--area", "松本平"), "見つからない"),
        (("scenarios", "compare", "facility", "--out", "表.pdf"), "書き出せる形式でない"),
        (("scenarios", "compare", "facility", "--out", "無/表.csv"), "フォルダ「無」がない"),
        (("scenarios", "compare", "convergence", "--rates", "national"), "地域差のない率"),
        (("scenarios", "template", "--prefecture", "江戸"), "見つからない"),
    ],
)
def test_bad_input_is_one_sentence(
    zaitaku: Zaitaku, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = zaitaku(*arguments)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and done.stderr.endswith("。\n"), done.stderr
    assert words in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_bad_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "案.toml").write_text(HEAD + "[[rate]]\nfactor = nan\nto = 2035\n", "utf-8")
    done = command.zaitaku("run", "--scenario", "案.toml", "--prefecture", "島根県", folder=tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "案.toml" in done.stderr and "rate[1].factor" in done.stderr
