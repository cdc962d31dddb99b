"""The command: sentences, exit codes, contract of the files, both languages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.command import zaitaku
from tests.conftest import CHECKOUT

KEYS = [
    "area_edition",
    "area_code",
    "area_name",
    "prefecture_code",
    "prefecture_name",
    "population_edition",
    "base_year",
    "rate_level",
    "open_band",
    "service",
    "unit",
]
PEAK = [
    "peak_year_grid",
    "peak_class",
    "peak_year_annual",
    "censored",
    "plateau_start",
    "plateau_end",
    "base_value",
    "peak_value",
    "growth",
]


@pytest.fixture(scope="module")
def shimane(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    done = zaitaku("run", "--prefecture", "島根県", "--out", "報告", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "index.html" in done.stdout
    return folder / "報告"


def test_contract_of_the_files(shimane: Path) -> None:
    projection = pd.read_parquet(shimane / "tables/projection.parquet")
    peaks = pd.read_parquet(shimane / "tables/peaks.parquet")
    certified = pd.read_parquet(shimane / "tables/certified.parquet")
    assert projection.columns[: len(KEYS) + 2].tolist() == [*KEYS, "year", "value"]
    assert peaks.columns[: len(KEYS)].tolist() == KEYS and set(PEAK) <= set(peaks.columns)
    for table, name in ((projection, "projection"), (peaks, "peaks"), (certified, "certified")):
        twin = pd.read_csv(shimane / f"tables/{name}.csv", dtype={"area_code": str, "prefecture_code": str})
        assert (shimane / f"tables/{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        assert twin["area_code"].tolist() == table["area_code"].tolist()
        assert set(table["prefecture_code"]) == {"32"} and set(table["area_edition"]) == {"330"}
    assert set(projection["year"]) == {2020, 2022, 2025, 2030, 2035, 2040, 2045, 2050}
    assert len(peaks) == 7
    assert (shimane / "workbook.xlsx").stat().st_size > 10_000
    assert list((shimane / "figures").glob("*.png")) and list((shimane / "figures").glob("*.svg"))
    page = (shimane / "index.html").read_text(encoding="utf-8")
    assert "島根県" in page and "推計" in page and 'lang="ja"' in page


def test_peaks_follow_from_the_projection(shimane: Path) -> None:
    projection = pd.read_parquet(shimane / "tables/projection.parquet").set_index(["area_code", "year"])[
        "value"
    ]
    peaks = pd.read_parquet(shimane / "tables/peaks.parquet").set_index("area_code")
    for code, row in peaks.iterrows():
        grid = projection[code].drop(2022)
        assert row["peak_year_grid"] == grid.idxmax()
        assert row["peak_value"] == pytest.approx(grid.max())
        assert row["base_value"] == pytest.approx(projection[(code, 2022)])
        assert row["growth"] == pytest.approx(row["peak_value"] / row["base_value"] - 1)


def test_english_run_of_another_edition(tmp_path: Path) -> None:
    done = zaitaku(
        "run",
        "--no-benchmark",
        "--prefecture",
        "32",
        "--edition",
        "2018",
        "--areas",
        "339",
        "--rates",
        "national",
        "--rate-year",
        "2017",
        "--open-band",
        "85",
        "--horizon",
        "2040",
        "--service",
        "house_calls",
        "--lang",
        "en",
        "--out",
        "r",
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "House calls" in done.stdout
    peaks = pd.read_parquet(tmp_path / "r/tables/peaks.parquet")
    assert set(peaks["open_band"]) == {"85+"} and peaks["peak_year_grid"].max() <= 2040
    assert 'lang="en"' in (tmp_path / "r/index.html").read_text(encoding="utf-8")
    assert not (tmp_path / "r/benchmark.html").exists()
    assert (tmp_path / "r/tables/intervals.parquet").exists()


def test_a_run_without_forecast_is_the_report_alone(shimane: Path, tmp_path: Path) -> None:
    done = zaitaku(
        *("run", "--no-benchmark", "--no-forecast", "--prefecture", "島根県", "--out", "r"),
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    alone, whole = (
        {path.name for path in (folder / "tables").iterdir()} for folder in (tmp_path / "r", shimane)
    )
    certainty = {"intervals", "peak_probability", "uncertainty_sources", "scenarios", "changes", "backtest"}
    for name in certainty:
        assert {f"{name}.csv", f"{name}.parquet"} <= whole - alone, name
    assert alone < whole
    for name in alone:
        assert (tmp_path / "r/tables" / name).read_bytes() == (shimane / "tables" / name).read_bytes(), name
    assert "80％" in (shimane / "index.html").read_text("utf-8")
    assert "80％" not in done.stdout


def test_the_run_compares_the_prefecture(shimane: Path) -> None:
    table = pd.read_parquet(shimane / "tables/benchmark.parquet")
    assert set(table["level"]) == {"prefecture", "national"} and table["indicator_id"].nunique() >= 56
    page = (shimane / "index.html").read_text(encoding="utf-8")
    assert 'href="benchmark.html"' in page and "共通指標" in page
    assert "島根県" in (shimane / "benchmark.html").read_text(encoding="utf-8")
    assert (shimane / "benchmark.xlsx").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("run", "--prefecture", "東亰都"), "東亰都"),
        (("run", "--edition", "2022"), "2022"),
        (("run", "--areas", "331"), "331"),
        (("run", "--areas", "none.csv"), "none.csv"),
        (("run", "--rates", "local"), "local"),
        (("run", "--rates", "none.csv"), "none.csv"),
        (("run", "--rate-year", "2030"), "2030"),
        (("run", "--service", "home_visit"), "home_visit"),
        (("run", "--service", "house_calls", "--service", "house_calls"), "サービス"),
        (("run", "--horizon", "2041"), "2041"),
        (("run", "--open-band", "93"), "93"),
        (("run", "--open-band", "90", "--ratio-95plus", "1.3"), "95"),
        (("run", "--edition", "2023", "--areas", "335"), "330圏域"),
        (("run", "--population", "none.xlsx"), "none.xlsx"),
        (("run", "--lang", "fr"), "fr"),
        (("run", "--out", "taken"), "taken"),
        (("peak", "--rate-year", "2018", "--rates", "area"), "2018"),
        (("data", "fetch", "--mirror", "nowhere"), "nowhere"),
        (("data", "verify", "--only", "nbd"), "nbd"),
        (("data", "catalog", "nothing"), "nothing"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    tmp_path: Path, arguments: tuple[str, ...], found: str
) -> None:
    (tmp_path / "taken").write_text("a file")
    for language in ("ja", "en"):
        done = zaitaku(*arguments, folder=tmp_path, language=language)
        assert done.returncode == 2, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        if language == "ja":
            assert found in done.stderr, done.stderr
    assert (tmp_path / "taken").read_text() == "a file"
    assert not (tmp_path / "reports").exists()


def test_bad_input_leaves_a_written_report_untouched(shimane: Path) -> None:
    before = {path: path.read_bytes() for path in shimane.rglob("*") if path.is_file()}
    done = zaitaku(
        "run", "--prefecture", "島根県", "--horizon", "2041", "--out", str(shimane), folder=shimane.parent
    )
    assert done.returncode == 2
    assert {path: path.read_bytes() for path in shimane.rglob("*") if path.is_file()} == before


def test_peak_prints_a_table(tmp_path: Path) -> None:
    done = zaitaku("peak", "--prefecture", "島根", folder=tmp_path)
    assert done.returncode == 0
    for text in ("3201", "松江", "推計値", "95+", "2022年度"):
        assert text in done.stdout


def test_compare_official_as_json(tmp_path: Path) -> None:
    done = zaitaku("compare", "official", "--json", folder=tmp_path)
    pairs = {(row["from_year"], row["to_year"]): row for row in json.loads(done.stdout)["pairs"]}
    assert set(pairs[(2030, 2040)]) == {"from_year", "to_year", "n", "correlation", "median_abs", "p95_abs"}
    assert pairs[(2030, 2040)]["n"] == 330


def test_other_commands_answer(tmp_path: Path) -> None:
    assert "home_visit_patients" in zaitaku("services", folder=tmp_path).stdout
    assert "ndb-hyphen-meaning" in zaitaku("data", "issues", "--lang", "en", folder=tmp_path).stdout
    assert "zaitaku-demand" in zaitaku("--version", folder=tmp_path).stdout
    status = zaitaku("data", "status", "--data", str(tmp_path / "d"), folder=tmp_path)
    assert "raw\tndb\t0/" in status.stdout and "population_2023_area330" in status.stdout
    built = zaitaku("data", "build", "--data", str(tmp_path / "d"), folder=tmp_path)
    assert built.returncode == 2 and not (tmp_path / "d" / "processed").exists()


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys; import zaitaku_demand.cli.app; heavy = {'numpy', 'pandas', 'pyarrow', 'rich', 'pydantic'} & set(sys.modules); print(sorted(heavy))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )
    assert done.stdout.strip() == "[]", done.stderr
