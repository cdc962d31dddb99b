"""`zaitaku indicators`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.conftest import CHECKOUT
from zaitaku_demand.cli.indicators import indicators_app
from zaitaku_demand.errors import InputError


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, prefectures: pd.DataFrame) -> CliRunner:
    monkeypatch.setenv("ZAITAKU_LANG", "en")
    return CliRunner()


def _says(run: CliRunner, *arguments: str) -> str:
    done = run.invoke(indicators_app, [*arguments, "--lang", "en"], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_list(run: CliRunner) -> None:
    lines = _says(run, "list", "--type", "process", "--function", "acute").splitlines()
    assert [line.split("\t")[0] for line in lines[1:-1]] == ["P-A-1", "P-A-2", "P-A-3"]
    assert "2014-2022" in lines[1] and "template" in lines[-1]
    records = {row["id"]: row for row in json.loads(_says(run, "list", "--json"))}
    assert len(records) > 56 and records["S-D-1"]["data"] == {}
    assert records["S-C-2"]["data"] == {"prefecture": [2023], "area": [2023]}
    with pytest.raises(InputError):
        _says(run, "list", "--type", "structural")


def test_show_says_what_would_fill_it(run: CliRunner) -> None:
    text = _says(run, "show", "S-D-1")
    for part in ("Definition", "Caveats", "no data", "S-D-1.csv", "template S-D-1", "[population_65]"):
        assert part in text


def test_coverage(run: CliRunner, tmp_path: Path) -> None:
    lines = [line.split("\t") for line in _says(run, "coverage").splitlines()]
    assert ["S-C-4", "2025", "34", "0", "0", "13"] in [line[:6] for line in lines]
    assert ["S-D-1", "-", "0", "0", "0", "47"] in [line[:6] for line in lines]
    path = tmp_path / "coverage.csv"
    _says(run, "coverage", "--csv", str(path))
    table = pd.read_csv(path, dtype={"area_code": str})
    assert set(table["state"]) == {"observed", "estimated", "suppressed", "missing"}
    assert table["area_code"].nunique() == 47


def test_template_is_read_back(run: CliRunner, tmp_path: Path) -> None:
    _says(run, "template", "S-X-1", "--out", str(tmp_path), "--year", "2025")
    path = tmp_path / "S-X-1.csv"
    table = pd.read_csv(path, dtype=str)
    assert "denominator" in table and set(table["year"]) == {"2025"}
    table.loc[table["area_code"] == "32", ["numerator", "denominator"]] = ["14", "7"]
    table.to_csv(path, index=False, encoding="utf-8-sig")
    lines = [line.split("\t")[:6] for line in _says(run, "coverage", "--values", str(path)).splitlines()]
    assert ["S-X-1", "2025", "1", "0", "0", "46"] in lines
    with pytest.raises(InputError):
        _says(run, "template", "P-C-1", "--out", str(tmp_path))


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; import zaitaku_demand.cli.indicators; print(sorted({'numpy', 'pandas', 'pyarrow', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=CHECKOUT)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_folder_of_declarations_is_used_everywhere(
    run: CliRunner, new_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZAITAKU_INDICATORS", "")  # put back afterwards: --indicators sets it
    own = new_folder / "structure/everyday/S-C-77.toml"
    own.parent.mkdir(parents=True)
    text = (CHECKOUT / "indicators/structure/everyday/S-C-14.toml").read_text("utf-8")
    own.write_text(
        text.replace('"S-C-14"', '"S-C-77"').replace("ssds_short_stay_providers", "ssds_pharmacies"), "utf-8"
    )
    folder = ("--indicators", str(new_folder))
    assert "prefectures 2014-" in _says(run, *folder, "list").splitlines()[1]
    assert "[ssds_pharmacies]" in _says(run, *folder, "show", "S-C-77")
    lines = [line.split("\t")[:6] for line in _says(run, *folder, "coverage").splitlines()]
    assert ["S-C-77", "2022", "47", "0", "0", "0"] in lines and len({line[0] for line in lines}) == 2
