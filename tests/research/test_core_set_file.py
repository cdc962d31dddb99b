"""The dated file: written whole, read back as it was, edited by a planner, and applied to tables."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.research.core_set_real import proposed
from zaitaku_demand.errors import InputError
from zaitaku_demand.research.core_set.file import (
    _quoted,
    apply_core_set,
    core_set_text,
    read_core_set,
    write_core_set,
)

DAY = date(2026, 11, 22)
ROUNDED = 5e-5


def _written(folder: Path) -> Path:
    path = folder / "core_set.toml"
    write_core_set(proposed(), path, DAY, "NDB 9, vital statistics 2017", "0.1.0")
    return path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Ids, order, reasons, scores, weights, versions and the given day."""
    read = read_core_set(_written(tmp_path))
    members = proposed().members
    assert list(read.ids) == list(members["id"])
    assert (read.date, read.package_version) == (DAY, "0.1.0")
    assert read.data_version == "NDB 9, vital statistics 2017"
    assert read.weights == dict(proposed().settings.weights)
    scores = proposed().criteria.set_index(["id", "criterion"])["score"]
    for each, row in zip(read.member, members.itertuples(), strict=True):
        assert (each.reason_ja, each.reason_en, each.order) == (row.reason_ja, row.reason_en, row.order)
        assert each.share == pytest.approx(row.share, abs=ROUNDED)
        assert each.scores["validity"] == pytest.approx(scores[row.id, "validity"], abs=ROUNDED)
    assert len(read.empty_cell) == len(proposed().empty_cells)
    assert list(tmp_path.iterdir()) == [tmp_path / "core_set.toml"]


def test_same_set_and_day_give_the_same_text() -> None:
    """No clock and no order of a dictionary in it."""
    first, second = (core_set_text(proposed(), DAY, "a", "b") for _ in range(2))
    assert first == second
    assert core_set_text(proposed(), date(2026, 11, 23), "a", "b") != first


def test_planner_can_leave_out_reorder_and_add(tmp_path: Path) -> None:
    """A member less, another first, and one of the planner's own."""
    path = _written(tmp_path)
    head, *parts = path.read_text("utf-8").split("\n[[member]]\n")
    last, empty = parts[-1].split("[[empty_cell]]", 1)
    kept = [*parts[1:-1], last]
    first = kept[-1].split("order = ")[1].split("\n")[0]
    kept[-1] = kept[-1].replace(f"order = {first}", "order = 1")
    kept.append(
        'id = "own_x"\nfunction = "discharge"\ntype = "outcome"\norder = 99\nreason_ja = "県の調査"\nreason_en = "own"\n'
    )
    path.write_text("\n[[member]]\n".join([head, *kept]) + "\n[[empty_cell]]" + empty, "utf-8")
    read = read_core_set(path, own=["own_x"])
    before = list(proposed().members["id"])
    assert read.ids == (before[-1], *before[1:-1], "own_x")
    with pytest.raises(InputError, match="own_x"):
        read_core_set(path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("order = 2\n", "order = 1\n", "順位（order）「1」が2回ある"),
        ('id = "P-C-3"', 'id = "P-C-33"', "宣言されていない"),
        ('id = "P-C-3"', 'id = "P-A-1"', "指標「P-A-1」が2回ある"),
        ('function = "everyday"', 'function = "acute"', "宣言"),
        ('function = "everyday"', 'function = "sometimes"', "正しくない"),
        ("layout = 1", "layout = 2", "正しくない"),
        ("order = 1\n", 'order = 1\ncolour = "red"\n', "正しくない"),
        ("\n[[member]]\n", "\n[[member]\n", "TOMLとして読めない"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    """A doubled priority or id, an unknown one, a wrong function, an unknown field, a file that is no TOML."""
    path = _written(tmp_path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match=says):
        read_core_set(path)


def test_apply_keeps_members_in_their_order_and_says_what_is_missing(tmp_path: Path) -> None:
    """Rows of others go, rows of one member keep their order, members without rows are named."""
    core = read_core_set(_written(tmp_path))
    first, second, *others = core.ids
    table = pd.DataFrame({"indicator_id": [second, "X", first, second], "year": [2022, 2022, 2021, 2020]})
    found = apply_core_set(core, table)
    assert found.table.to_dict("list") == {
        "indicator_id": [first, second, second],
        "year": [2021, 2022, 2020],
    }
    assert found.missing == tuple(others)
    assert apply_core_set(core, table.rename(columns={"indicator_id": "outcome"})).missing == tuple(others)
    with pytest.raises(InputError, match="IDの列がない"):
        apply_core_set(core, table[["year"]])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_quoting(text: str) -> None:
    """Quotation marks, backslashes, control characters and full-width text come back as they were."""
    assert tomllib.loads(f"a = {_quoted(text)}")["a"] == text
