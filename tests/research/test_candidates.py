"""The table of candidates: every wrong entry is answered with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from zaitaku_demand.errors import InputError
from zaitaku_demand.research.candidates import candidates

_ENTRY = """
[[candidate]]
id = "O-E-1"
kind = "outcome"
why = { ja = "試験。", en = "test." }
case_mix = ["share_75"]
direction = "more"
may_mean = { ja = "試験。", en = "test." }
"""


def _table(folder: Path, text: str) -> Path:
    path = folder / "candidates.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_right_table(tmp_path: Path) -> None:
    found = candidates(_table(tmp_path, _ENTRY))
    assert list(found) == ["O-E-1"] and found["O-E-1"].case_mix == ("share_75",)


def test_what_the_indicators_in_use_do_not_declare_is_left_out(tmp_path: Path) -> None:
    assert candidates(_table(tmp_path, _ENTRY.replace("O-E-1", "O-E-99"))) == {}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('direction = "more"', 'direction = "less"', "direction 'less'"),
        ('direction = "more"', 'direction = "high"', "direction"),
        ('kind = "outcome"', 'kind = "process"', "kind"),
        ('case_mix = ["share_75"]', "", "case_mix"),
        ('case_mix = ["share_75"]', 'case_mix = ["share_75"]\ncolour = "red"', "colour"),
        ('case_mix = ["share_75"]', "case_mix = = 1", "TOML"),
    ],
)
def test_a_wrong_entry(tmp_path: Path, old: str, new: str, found: str) -> None:
    with pytest.raises(InputError) as raised:
        candidates(_table(tmp_path, _ENTRY.replace(old, new)))
    assert found in raised.value.sentence("en") and "candidates.toml" in raised.value.sentence("ja")


def test_an_id_twice(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        candidates(_table(tmp_path, _ENTRY + _ENTRY))
    assert "stands twice" in raised.value.sentence("en")
