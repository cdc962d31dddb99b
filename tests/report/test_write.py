"""A report appears whole or not at all, and never takes a file that is not its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from zaitaku_demand.errors import InputError
from zaitaku_demand.report import write as writing
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.place import MANIFEST, folder_beside
from zaitaku_demand.report.write import write_report

LAYOUT = [
    "index.html",
    "workbook.xlsx",
    "tables/projection.parquet",
    "tables/peaks.parquet",
    "tables/certified.parquet",
    "tables/projection.csv",
    "tables/peaks.csv",
    "tables/certified.csv",
    "figures/map_peak_class.png",
    "figures/map_peak_class.svg",
]


def _state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _make(folder: Path, files: dict[str, str]) -> None:
    with folder_beside(folder) as part:
        for name, text in files.items():
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).write_text(text)


def test_layout(report: Path) -> None:
    assert all((report / name).is_file() for name in LAYOUT)
    assert not [path for path in report.parent.iterdir() if path.name.startswith(".")]


def test_a_failure_leaves_the_old_report(
    tmp_path: Path, content: ReportContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(tmp_path / "out", {"index.html": "old", "tables/projection.csv": "old"})
    # Drawing is not what is tried here.
    monkeypatch.setattr(writing, "draw_main_figures", lambda *_: [])
    before = _state(tmp_path / "out")

    def fail(*_: object) -> None:
        raise RuntimeError("full disk")

    monkeypatch.setattr(writing, "write_page", fail)
    with pytest.raises(RuntimeError):
        write_report(content, tmp_path / "out")
    assert _state(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failure_while_moving_puts_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out"
    _make(target, {"a.txt": "old", "b.txt": "old", "gone.txt": "old"})
    (target / "mine.txt").write_text("mine")
    before = _state(target)
    plain = Path.replace

    def stubborn(self: Path, other: Path) -> Path:
        if self.name == "b.txt" and other == target / "b.txt" and self.read_text() == "new":
            raise PermissionError("open in another program")
        return plain(self, other)

    monkeypatch.setattr(Path, "replace", stubborn)
    with pytest.raises(InputError) as error:
        _make(target, {"a.txt": "new", "b.txt": "new", "c.txt": "new"})
    assert "b.txt" in error.value.found.ja
    assert _state(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_foreign_files_stay_and_stale_ones_go(tmp_path: Path) -> None:
    target = tmp_path / "out"
    _make(
        target, {"figures/areas_01.png": "old", "figures/areas_02.png": "old", "figures/areas_03.png": "old"}
    )
    (target / "memo.txt").write_text("mine")
    (target / "figures" / "areas_02.png").write_text("changed by hand")
    _make(target, {"figures/areas_01.png": "new"})
    files = {name: text.decode() for name, text in _state(target).items() if name != MANIFEST}
    assert files == {
        "memo.txt": "mine",
        "figures/areas_01.png": "new",
        "figures/areas_02.png": "changed by hand",
    }


@pytest.mark.parametrize("manifest", ["", "[]", '{"files": {"../outside.txt": "x"}}', '{"files": 3}'])
def test_a_spoilt_manifest_takes_nothing(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "outside.txt").write_text("mine")
    target = tmp_path / "out"
    target.mkdir()
    (target / MANIFEST).write_text(manifest)
    _make(target, {"a.txt": "new"})
    assert (tmp_path / "outside.txt").read_text() == "mine"
    assert (target / "a.txt").read_text() == "new"


def test_a_file_in_the_way(tmp_path: Path, content: ReportContent) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError):
        write_report(content, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_the_same_content_gives_the_same_files(tmp_path: Path, report: Path, content: ReportContent) -> None:
    target = tmp_path / "deep" / "again"
    paths = write_report(content, target, ("ja", "en"))
    assert len(paths) == len(set(paths))
    assert {str(path.relative_to(target)) for path in paths} == set(_state(target))
    assert _state(target) == _state(report)
