"""`zaitaku explain`: sentence, table, JSON and CSV, and what it says to wrong places and years."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

from zaitaku_demand.cli.explain import explain_command
from zaitaku_demand.errors import InputError

ROUNDED = 0.06
"""Patients: printed to one decimal."""


@pytest.fixture
def explain(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    # The command sets the language for the whole process; this puts it back afterwards.
    monkeypatch.setenv("ZAITAKU_LANG", "ja")
    app = typer.Typer()
    app.command()(explain_command)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    return run


def refusal(result: Result) -> str:
    assert isinstance(result.exception, InputError), result.output
    return result.exception.sentence("ja")


def test_an_area_as_sentence_and_table(explain) -> None:  # type: ignore[no-untyped-def]
    """The default follows the trend; at constant rates only people change."""
    years = ("--from", "2025", "--to", "2040")
    done = explain(*years, "--area", "3201")
    assert done.exit_code == 0, done.exception
    lines = done.stdout.splitlines()
    assert lines[1].startswith(
        "松江（3201） 2025年から2040年：+35％。内訳：90歳以上の増加 +21、利用率の上昇 +12"
    )
    assert "シナリオ：標準（検証で選んだ率の方法）。" in lines[-1]
    constant = explain(*years, "--area", "3201", "--from-scenario", "base", "--to-scenario", "base").stdout
    assert "松江（3201） 2025年から2040年：+22％。内訳：90歳以上の増加 +20" in constant
    assert "利用率の上昇" not in constant and "シナリオ：現状投影。" in constant
    table = [line.split("\t") for line in lines if "\t" in line]
    assert table[0] == ["要因", "効果", "比較元の値に対する％"] and table[-1][0] == "合計"
    effects = [float(row[1].replace(",", "")) for row in table[1:]]
    assert sum(effects[:-1]) == pytest.approx(effects[-1], abs=len(effects) * ROUNDED)
    assert explain(*years, "--area", "松江").stdout == done.stdout


def test_a_prefecture_with_its_areas_in_english(explain) -> None:  # type: ignore[no-untyped-def]
    done = explain("--from", "2025", "--to", "2040", "--prefecture", "32", "--view", "places", "--lang", "en")
    lines = done.stdout.splitlines()
    assert lines[1].startswith("島根県（32） 2025 to 2040: +25 %")
    assert sum(line.startswith("松江（3201）") for line in lines) == 1
    constant = explain(
        *("--from", "2025", "--to", "2040", "--prefecture", "32", "--view", "places", "--lang", "en"),
        *("--from-scenario", "base", "--to-scenario", "base"),
    )
    assert constant.stdout.splitlines()[1].startswith("島根県（32） 2025 to 2040: +14 %")
    table = [line.split("\t") for line in lines if "\t" in line]
    assert table[0][:2] == ["Place", "Effect"] and len(table) == 1 + 7 + 1
    for name in ("島根", "島根県"):
        assert explain("--from", "2025", "--to", "2040", "--prefecture", name).exit_code == 0


def test_json_and_csv_hold_the_same_rows(explain, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "why.csv"
    done = explain("--from", "2022", "--to", "2050", "--view", "factors", "--json", "--out", str(target))
    found = json.loads(done.stdout)
    rows = pd.DataFrame(found["rows"])
    assert list(rows["factor"]) == ["size", "mix", "structure", "rates"]
    assert rows["effect"].sum() == pytest.approx(rows["after"][0] - rows["before"][0])
    assert set(found["names"]) >= set(rows["factor"]) and found["sentences"]["00"]["en"]
    written = pd.read_csv(target, dtype={"code": str})
    assert list(written["code"]) == ["00"] * 4
    assert written["effect"].to_numpy() == pytest.approx(rows["effect"].to_numpy(), abs=1e-4)


def test_two_scenarios_and_a_sum_of_services(explain) -> None:  # type: ignore[no-untyped-def]
    done = explain(
        *("--from", "2040", "--to", "2040", "--from-scenario", "base", "--to-scenario", "facility"),
        *("--service", "home_visit_patients_home", "--service", "home_visit_patients_facility", "--json"),
    )
    rows = {row["factor"]: row for row in json.loads(done.stdout)["rows"]}
    home, facility = rows["rates_home_visit_patients_home"], rows["rates_home_visit_patients_facility"]
    assert home["effect"] < 0 < facility["effect"]
    assert home["effect"] == pytest.approx(-facility["effect"])
    assert "「施設への移行」は「現状投影」に比べて" in json.loads(done.stdout)["sentences"]["00"]["ja"]


def test_what_cannot_be_used_is_named(explain, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert "圏域「X」が見つからない" in refusal(explain("--area", "X"))
    # Several prefectures have an area of this name.
    assert "複数ある" in refusal(explain("--area", "北部"))
    assert "都道府県「X県」が見つからない" in refusal(explain("--prefecture", "X県"))
    assert "1999年の推計がない" in refusal(explain("--from", "1999"))
    assert "分け方に「x」は使えない" in refusal(explain("--view", "x"))
    assert "圏域はこれ以上の地域に分けられない" in refusal(explain("--area", "3201", "--view", "places"))
    assert "CSVを書き出せない" in refusal(explain("--out", str(tmp_path)))
