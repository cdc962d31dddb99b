"""Fetching, building, provenance: nothing half written, nothing silently accepted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import CHECKOUT
from zaitaku_demand.errors import InputError
from zaitaku_demand.sources import fetch as fetch_module
from zaitaku_demand.sources.fetch import fetch
from zaitaku_demand.sources.issues import known_issues
from zaitaku_demand.sources.registry import SourceFile, choose, registry, state_of, verified_path
from zaitaku_demand.store.catalog import catalogue, data_sources
from zaitaku_demand.store.home import DataHome, shipped_tables
from zaitaku_demand.store.recipes import RECIPES
from zaitaku_demand.store.tables import Provenance, atomic_path, read_provenance, write_table
from zaitaku_demand.text import Text

LIMIT_BYTES = 8 * 1024 * 1024


@pytest.fixture
def small_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A mirror of three files and an empty raw folder."""
    import hashlib

    mirror, raw_folder = tmp_path / "mirror", tmp_path / "raw"
    entries = {}
    for name in ("a/one.csv", "a/two.csv", "b/three.csv"):
        path = mirror / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 100)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        entries[name] = SourceFile(
            name,
            name[0],
            digest,
            path.stat().st_size,
            "official_workbook",
            "p",
            "t",
            "e",
            "https://example.invalid/x",
            True,
            "l",
        )
    for module in ("registry", "fetch"):
        monkeypatch.setattr(f"zaitaku_demand.sources.{module}.registry", lambda: entries, raising=False)
    monkeypatch.setattr("zaitaku_demand.sources.registry.registry", lambda: entries)
    return mirror, raw_folder


def test_fetch_from_a_mirror_resumes_and_keeps_what_is_right(small_registry: tuple[Path, Path]) -> None:
    mirror, raw_folder = small_registry
    first = fetch(raw_folder, mirror=mirror, only=["a"])
    assert first.fetched == ["a/one.csv", "a/two.csv"]
    again = fetch(raw_folder, mirror=mirror)
    assert again.kept == ["a/one.csv", "a/two.csv"] and again.fetched == ["b/three.csv"]


def test_a_changed_file_is_reported_and_not_put_in_place(small_registry: tuple[Path, Path]) -> None:
    mirror, raw_folder = small_registry
    (mirror / "a/one.csv").write_text("revised")
    report = fetch(raw_folder, mirror=mirror)
    assert report.changed == ["a/one.csv"]
    assert not (raw_folder / "a/one.csv").exists()
    assert not list(raw_folder.rglob(".fetch-*"))


def test_a_fetch_that_breaks_off_leaves_no_half_file(
    small_registry: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror, raw_folder = small_registry
    copied: list[str] = []

    def breaks(source: Path, target: Path) -> None:
        if copied:
            Path(target).write_bytes(Path(source).read_bytes()[:10])
            raise KeyboardInterrupt
        copied.append(str(source))
        Path(target).write_bytes(Path(source).read_bytes())

    monkeypatch.setattr(fetch_module.shutil, "copyfile", breaks)
    with pytest.raises(KeyboardInterrupt):
        fetch(raw_folder, mirror=mirror)
    monkeypatch.undo()
    assert [path.name for path in raw_folder.rglob("*") if path.is_file()] == ["one.csv"]


def test_an_address_that_does_not_answer_is_a_failure(
    small_registry: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, raw_folder = small_registry
    monkeypatch.setattr(fetch_module, "_download", lambda entry, part: False)
    assert fetch(raw_folder).failed == ["a/one.csv", "a/two.csv", "b/three.csv"]


def test_unknown_groups_and_mirrors_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ndb"):
        choose(["nbd"])
    with pytest.raises(InputError, match="ミラー"):
        fetch(tmp_path, mirror=tmp_path / "none")


def test_a_raw_file_is_checked_before_it_is_read(raw: Path, tmp_path: Path) -> None:
    name = "long_term_care/nintei_rate_by_age5_slides.csv"
    target = tmp_path / name
    with pytest.raises(InputError, match="取得されていない"):
        verified_path(name, tmp_path)
    target.parent.mkdir(parents=True)
    shutil.copyfile(raw / name, target)
    assert verified_path(name, tmp_path) == target
    target.write_text(target.read_text(encoding="utf-8").replace("2.9", "3.9"), encoding="utf-8")
    with pytest.raises(InputError, match="チェックサム"):
        verified_path(name, tmp_path)


def test_the_mirror_beside_the_checkout_is_the_registered_one(raw: Path) -> None:
    for entry in registry().values():
        assert state_of(entry, raw) == "verified", entry.path


def test_writing_is_atomic_and_repeatable(tmp_path: Path) -> None:
    provenance = Provenance(
        Text("表", "table"), Text("人", "persons"), ("juki/juki_age_muni_2025.xlsx",), (Text("手順", "step"),)
    )
    frame = pd.DataFrame({"code": ["01", "02"], "value": [1.5, None]})
    path = tmp_path / "t.parquet"
    write_table(frame, path, provenance)
    first = path.read_bytes()
    write_table(frame, path, provenance)
    assert path.read_bytes() == first
    with pytest.raises(RuntimeError), atomic_path(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_bytes() == first
    assert [each.name for each in tmp_path.iterdir()] == ["t.parquet"]
    assert Provenance.from_json(provenance.to_json()) == provenance


def test_shipped_tables_are_complete_small_and_tell_their_origin() -> None:
    shipped = {path.stem for path in shipped_tables().glob("*.parquet")}
    assert shipped == {recipe.name for recipe in RECIPES if not recipe.local}
    assert sum(path.stat().st_size for path in shipped_tables().glob("*.parquet")) < LIMIT_BYTES
    for recipe in RECIPES:
        if recipe.local:
            continue
        provenance = read_provenance(recipe.name)
        assert provenance.title.ja and provenance.title.en and provenance.steps and provenance.sources
        assert all(len(entry.sha256) == 64 for entry in provenance.files())
        assert set(provenance.issues) <= set(known_issues())


def test_no_table_by_municipality_is_shipped() -> None:
    import pyarrow.parquet as pq

    for path in shipped_tables().glob("*.parquet"):
        table = pq.read_table(path)
        for name in table.column_names:
            if name in ("code", "unit_code", "area_code"):
                values = table.column(name).to_pandas().astype(str)
                assert not values.str.fullmatch(r"\d{5}").any(), (path.name, name)


def test_known_issues_name_tables_that_exist() -> None:
    names = {recipe.name for recipe in RECIPES}
    for issue in known_issues().values():
        assert set(issue.scope) <= names, issue.id


@pytest.mark.parametrize("language", ["ja", "en"])
def test_catalogue(language: str) -> None:
    everything = catalogue(None, language)  # type: ignore[arg-type]
    for recipe in RECIPES:
        assert recipe.name in everything
    one = catalogue("ndb_area", language)  # type: ignore[arg-type]
    assert "sha256" in one and "mhlw.go.jp" in one
    with pytest.raises(InputError, match="ndb_areas"):
        catalogue("ndb_areas", language)  # type: ignore[arg-type]


def test_the_page_of_data_sources_is_the_registrys() -> None:
    assert (CHECKOUT / "DATA_SOURCES.md").read_text(encoding="utf-8") == data_sources()


@pytest.mark.long
def test_rebuilding_gives_the_shipped_bytes(raw: Path, tmp_path: Path) -> None:
    from zaitaku_demand.store.build import build, differing_tables

    home = DataHome(tmp_path)
    fetch(home.raw, mirror=raw)
    build(home)
    assert differing_tables(home, shipped_tables()) == []
