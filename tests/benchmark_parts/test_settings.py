"""Settings files: what differs from the defaults, and nothing unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from zaitaku_demand.benchmark.parameters import BenchmarkPartsParameters
from zaitaku_demand.benchmark.settings import read_settings
from zaitaku_demand.errors import InputError


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_only_what_is_given_differs(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "[scores]\nstructure_weight = 5\nquantity_weight = 5\n[scores.indicator_weights]\nP-C-1 = 2\n"
        "[pdca]\nperiods = [{ first_year = 2027, last_year = 2029 }]\n",
    )
    found, usual = read_settings(path), BenchmarkPartsParameters()
    assert found.scores.structure_weight == 5 and found.scores.indicator_weights == {"P-C-1": 2}
    assert found.scores.clip_lower == usual.scores.clip_lower
    assert [period.name for period in found.pdca.periods] == ["2027-2029"]
    assert found.types == usual.types and found.peers == usual.peers


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, "")) == BenchmarkPartsParameters()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[scores]\nstructure_wieght = 5\n", "scores.structure_wieght"),
        ("[scores]\nclip_lower = 0.7\n", "scores.clip_lower"),
        ("[types]\nmetropolitan_population = -1\n", "types.metropolitan_population"),
        ("[pdca]\nperiods = [{ first_year = 2029, last_year = 2027 }]\n", "pdca.periods.0"),
        ("[scores\n", "TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(InputError, match=named.replace(".", r"\.")):
        read_settings(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        read_settings(tmp_path / "none.toml")


def test_the_documentation_lists_every_setting() -> None:
    text = (CHECKOUT / "docs/benchmark.md").read_text(encoding="utf-8")
    usual = BenchmarkPartsParameters()
    for table in type(usual).model_fields:
        for field in type(getattr(usual, table)).model_fields:
            assert f"| `{table}` | `{field}` |" in text
