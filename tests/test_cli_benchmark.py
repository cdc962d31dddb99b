"""`zaitaku benchmark`: sentences, exit codes, what is written and what is left alone, both languages."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.command import zaitaku
from tests.conftest import CHECKOUT
from zaitaku_demand.benchmark.table import COLUMNS
from zaitaku_demand.cli.benchmark import read_request
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.facts import FACT_TABLES
from zaitaku_demand.store.home import table_path

SECONDS_HELP = 0.6
"""Twice the 0.3 s asked for, so that a busy machine fails no test; pandas alone would take longer."""
HEAVY = {"numpy", "pandas", "scipy", "matplotlib", "geopandas", "pyarrow", "openpyxl", "rich", "pydantic"}


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in English whose folder name the command chose itself."""
    if any(table_path(name) is None for name in FACT_TABLES):
        pytest.skip("The tables of facts have not been built, so no benchmark is computed.")
    folder = tmp_path_factory.mktemp("benchmark")
    done = zaitaku("benchmark", "--prefecture", "島根", "--lang", "en", folder=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    written = folder / "reports/benchmark-prefecture-nearest-島根"
    assert str(written / "benchmark.html") in done.stdout.splitlines()[-1]
    return written


def test_the_report_is_written_whole(report: Path) -> None:
    table = pd.read_parquet(report / "tables/benchmark.parquet")
    twin = pd.read_csv(report / "tables/benchmark.csv", dtype={"area_code": str})
    assert table.columns.tolist() == twin.columns.tolist() == list(COLUMNS)
    assert twin["area_code"].tolist() == table["area_code"].tolist()
    assert 'lang="en"' in (report / "benchmark.html").read_text(encoding="utf-8")
    for name in ("benchmark.xlsx", "manifest.json"):
        assert (report / name).stat().st_size > 0
    assert list((report / "figures").glob("*.svg"))


def test_a_broken_file_leaves_an_older_report_as_it_is(report: Path) -> None:
    before = files_of(report)
    broken = report.parent / "S-D-1.csv"
    header = "level,area_code,area_name,year,numerator\n"
    for content, found in (
        (header + "prefecture,32,島根県,2023,many\n", "many"),
        ("", "S-D-1.csv"),
    ):
        broken.write_text(content, encoding="utf-8")
        done = zaitaku(
            "benchmark",
            "--prefecture",
            "島根",
            "--values",
            str(broken),
            "--out",
            str(report),
            folder=report.parent,
        )
        assert done.returncode == 2 and done.stdout == "", (done.stdout, done.stderr)
        assert len(done.stderr.strip().splitlines()) == 1 and found in done.stderr
    broken.unlink()
    assert files_of(report) == before
    assert [path.name for path in report.parent.iterdir()] == [report.name]


@pytest.mark.parametrize(
    ("arguments", "language", "found"),
    [
        (("--prefecture", "東亰都"), "ja", "東亰都"),
        (("--values", "S-D-1.csv"), "en", "S-D-1.csv"),
        (("--out", "taken"), "ja", "フォルダ"),
        (("--out", "taken"), "en", "folder"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, ...], language: str, found: str
) -> None:
    (tmp_path / "taken").write_text("a file")
    done = zaitaku("benchmark", *arguments, folder=tmp_path, language=language)
    assert done.returncode == 2 and done.stdout == "", (done.stdout, done.stderr)
    assert len(done.stderr.strip().splitlines()) == 1 and found in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken").read_text() == "a file"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"level": "town"}, "town"),
        ({"year": 2013}, "2013"),
        ({"target": "best"}, "best"),
        ({"peers": " "}, "「 」"),
        ({"peers": ",、"}, "「,、」"),
        ({"periods": ["2027"]}, "2027"),
        ({"periods": ["2024-2026", "2029-2027"]}, "2029-2027"),
        ({"periods": ["from-to"]}, "from-to"),
        ({"periods": ["1-3"]}, "1-3"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(given: dict[str, object], shown: str) -> None:
    with pytest.raises(InputError) as caught:
        read_request(**given)  # type: ignore[arg-type]
    assert shown in caught.value.sentence("ja")
    assert caught.value.sentence("en").replace("、", "").isascii()


def test_periods_are_those_asked_for() -> None:
    request = read_request(periods=["2027-2029", "2030-2035"], prefecture="32")
    assert [period.name for period in request.parts.pdca.periods] == ["2027-2029", "2030-2035"]
    assert [period.name for period in read_request().parts.pdca.periods] == ["2024-2026", "2027-2029"]


def test_help_is_quick_and_loads_nothing_heavy(tmp_path: Path) -> None:
    for language, word in (("ja", "比較"), ("en", "Compare")):
        shown = zaitaku("benchmark", "--help", folder=tmp_path, language=language)
        assert shown.returncode == 0 and word.lower() in shown.stdout.lower()
        for option in ("--level", "--prefecture", "--peers", "--year", "--period", "--target", "--values"):
            assert option in shown.stdout
    code = "import sys; import zaitaku_demand.cli.app as cli; "
    # typer itself looks for pydantic when it runs.
    run = "cli.app(['benchmark', '--help'], standalone_mode=False); "
    for step, heavy in (("", HEAVY), (run, HEAVY - {"pydantic"})):
        shown_modules = f"print(sorted({heavy!r} & set(sys.modules)))"
        done = subprocess.run(
            [sys.executable, "-c", code + step + shown_modules], capture_output=True, text=True, cwd=CHECKOUT
        )
        assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr
    seconds = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        zaitaku("benchmark", "--help", folder=tmp_path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    # Time of the processor: what else the machine does shall not fail the test.
    assert min(seconds) < SECONDS_HELP, seconds
