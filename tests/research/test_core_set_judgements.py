"""Judgements: the defaults cover every declared indicator, and a user's file replaces what it names, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.research.core_set.judgements import default_judgements, read_judgements


def test_every_declared_indicator_is_judged_with_reasons() -> None:
    """A new indicator needs a judgement of its importance and of its gaming risk."""
    judged = default_judgements()
    assert set(indicators()) <= set(judged)
    for each in judged.values():
        assert 1 <= each.grade <= 5
        assert 1 <= each.risk <= 5
        assert each.reason.ja and each.reason.en and each.risk_reason.ja and each.risk_reason.en
        assert not each.own


def test_csv_replaces_what_it_names(tmp_path: Path) -> None:
    """One importance with a reason, one without; all others stay."""
    path = tmp_path / "mine.csv"
    path.write_text("indicator_id,importance,reason_ja\nP-C-1,2,重視しない\nO-E-1,4.5,\n", "utf-8-sig")
    found, default = read_judgements(path), default_judgements()
    assert (found["P-C-1"].grade, found["P-C-1"].reason.ja, found["P-C-1"].own) == (2, "重視しない", True)
    assert found["P-C-1"].risk == default["P-C-1"].risk
    assert found["O-E-1"].grade == 4.5
    assert {name: each for name, each in found.items() if name not in ("P-C-1", "O-E-1")} == {
        name: each for name, each in default.items() if name not in ("P-C-1", "O-E-1")
    }


def test_toml_replaces_and_adds(tmp_path: Path) -> None:
    """A default risk can be named, and one of the user's own be defined."""
    path = tmp_path / "mine.toml"
    path.write_text(
        '[gaming.mine]\nrisk = 5\nreason = { ja = "動く", en = "moves" }\n'
        '[importance.P-C-1]\ngrade = 3\n[importance.own_x]\ngrade = 4\ngaming = "mine"\n'
        '[importance.own_y]\ngrade = 4\ngaming = "survey"\n',
        "utf-8",
    )
    found = read_judgements(path)
    assert found["P-C-1"].grade == 3
    assert (found["own_x"].grade, found["own_x"].risk, found["own_x"].risk_reason.en) == (4, 5, "moves")
    assert found["own_y"].risk == default_judgements()["S-C-1"].risk


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "indicator_id,importance\nP-C-1,6\n", "1～5の数ではない"),
        ("a.csv", "indicator_id,importance\nP-C-1,high\n", "1～5の数ではない"),
        ("a.csv", "indicator_id,importance\nP-C-1,2\nP-C-1,3\n", "2回ある"),
        ("a.csv", "indicator_id\nP-C-1\n", "列「importance」がない"),
        ("a.csv", "indicator_id,importance\nown_x,3\n", "既定の判断がない"),
        ("a.csv", "indicator_id,importance,gaming_risk\nown_x,3,9\n", "1～5の数ではない"),
        ("a.csv", "", "中身が空"),
        ("a.toml", "[importance.P-C-1]\ngrade = 6\n", "正しくない"),
        ("a.toml", "[importance.P-C-1]\ngrade = 3\ncolour = 1\n", "正しくない"),
        ("a.toml", '[importance.P-C-1]\ngrade = 3\ngaming = "nothing"\n', "定義されていない"),
        ("a.toml", "[importance.own_x]\ngrade = 3\n", "既定の判断がない"),
        ("a.toml", "[importance", "TOMLとして読めない"),
    ],
)
def test_wrong_file_is_said(tmp_path: Path, name: str, content: str, says: str) -> None:
    """Each mistake is named in a sentence."""
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=says):
        read_judgements(path)
