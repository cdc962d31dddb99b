"""The table of draws: row 0, streams of their own, levels of mean 1."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from tests.draws import worlds
from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.draws.engine import draw_values
from zaitaku_demand.projection.draws.factors import SOURCES, AgeFactors, LevelFactor, RandomSource
from zaitaku_demand.projection.draws.settings import (
    SETTING_NAMES,
    SETTING_VALUES,
    SOURCE_NAMES,
    DrawSettings,
)
from zaitaku_demand.projection.draws.table import DrawTable, draw_table, mean_one

MOMENT = 0.03
"""Mean of 20,000 numbers with standard deviation 1: four standard errors."""
SINGLE = 1e-6
"""Relative: levels are kept in single precision."""

PRINCIPAL = worlds.principal()
ALL = worlds.sources(PRINCIPAL)


def same(one: DrawTable, other: DrawTable) -> bool:
    return all(
        a.codes == b.codes and a.values.tobytes() == b.values.tobytes()
        for a, b in zip(one.columns, other.columns, strict=True)
    )


def test_row_0_is_the_principal() -> None:
    for column in draw_table(PRINCIPAL, ALL, DrawSettings(runs=100)).columns:
        assert (column.values[:, 0] == (column.kind == "level")).all()
        drawn = column.values[:6, 1:]  # area 6 is alone in its prefecture, so its level is certain
        assert not (drawn == (column.kind == "level")).any()


def test_same_seed_same_bytes_and_other_seed_other_bytes() -> None:
    table = draw_table(PRINCIPAL, ALL, DrawSettings(runs=100, seed=1))
    assert same(table, draw_table(PRINCIPAL, ALL, DrawSettings(runs=100, seed=1)))
    assert not same(table, draw_table(PRINCIPAL, ALL, DrawSettings(runs=100, seed=2)))


def test_the_first_runs_do_not_depend_on_how_many_follow() -> None:
    few = draw_table(PRINCIPAL, ALL, DrawSettings(runs=100))
    many = draw_table(PRINCIPAL, ALL, DrawSettings(runs=1711))
    assert same(few, many.head(100))


def test_areas_keep_their_numbers_in_another_order_and_alone() -> None:
    settings = DrawSettings(runs=100)
    whole = draw_table(PRINCIPAL, ALL, settings)
    for places in (np.array([6, 2, 0, 5, 1, 4, 3]), np.array([3, 4, 5])):
        part = draw_table(worlds.reordered(PRINCIPAL, places), worlds.sources_at(ALL, places), settings)
        for column, other in zip(whole.columns, part.columns, strict=True):
            rows = [column.codes.index(code) for code in other.codes]
            if column.kind == "level":
                np.testing.assert_allclose(other.values, column.values[rows], rtol=SINGLE)
            else:
                assert other.values.tobytes() == column.values[rows].tobytes()


def test_a_source_switched_off_leaves_the_others_alone() -> None:
    everything = draw_table(PRINCIPAL, ALL, DrawSettings(runs=100))
    for off in SOURCES:
        rest = tuple(name for name in SOURCES if name != off)
        table = draw_table(PRINCIPAL, ALL, DrawSettings(runs=100, sources=rest))
        assert table.sources == rest
        assert same(table, everything.only(rest))


def test_no_two_columns_are_the_same_and_moments_are_right() -> None:
    table = draw_table(PRINCIPAL, ALL, DrawSettings(runs=20_000))
    normal = np.concatenate([one.values[:, 1:] for one in table.columns if one.kind != "level"])
    np.testing.assert_allclose(normal.mean(axis=1), 0, atol=MOMENT)
    np.testing.assert_allclose(normal.std(axis=1), 1, atol=MOMENT)
    together = np.corrcoef(normal) - np.eye(len(normal))
    assert np.abs(together).max() < MOMENT


def test_levels_have_mean_1_and_the_variance_of_their_shape() -> None:
    apart = worlds.sources(PRINCIPAL, within_prefecture=False)[:1]
    levels = draw_table(PRINCIPAL, apart, DrawSettings(runs=20_000)).columns[0].values[:, 1:]
    shape = apart[0].level.shape
    np.testing.assert_allclose(levels.mean(axis=1), 1, atol=MOMENT * shape.min() ** -0.5)
    np.testing.assert_allclose(levels.var(axis=1) * shape, 1, atol=2 * MOMENT)


def test_levels_within_a_prefecture_leave_its_total() -> None:
    levels = draw_table(PRINCIPAL, ALL, DrawSettings(runs=100)).columns[0].values.astype(float)
    weights = PRINCIPAL.projection.values[0][:, worlds.YEARS.index(2022)]
    for inside in (slice(0, 3), slice(3, 6), slice(6, 7)):
        total = weights[inside] @ levels[inside] / weights[inside].sum()
        np.testing.assert_allclose(total, 1, rtol=SINGLE)
    np.testing.assert_allclose(levels[6], 1, rtol=SINGLE)  # the only area of its prefecture


def test_levels_of_prefectures_leave_the_nation_only_where_it_is_there() -> None:
    for areas, is_nation in ((7, False), (141, True)):
        principal = worlds.principal(areas)
        level = LevelFactor(np.full(areas, np.inf), within_prefecture=True, prefecture_shape=20.0)
        table = draw_table(principal, [RandomSource("level", level=level)], DrawSettings(runs=2000))
        own, shared = (one.values.astype(float) for one in table.columns)
        assert (own == 1).all() and (shared[:, 0] == 1).all() and len(shared) == -(-areas // 3)
        totals = np.add.reduceat(principal.projection.values[0][:, 2], np.arange(0, areas, 3))
        mean = totals @ shared / totals.sum()
        assert (np.abs(mean - 1) < SINGLE).all() == is_nation
        np.testing.assert_allclose(shared[:, 1:].var(axis=1).mean() * 20, 1, atol=0.1)
        values = draw_values(principal, [RandomSource("level", level=level)], table)
        expected = principal.projection.values[0][:, :, None] * shared[np.arange(areas) // 3][:, None]
        np.testing.assert_allclose(values, expected, rtol=1e-12)


def test_an_infinite_shape_is_certain_and_no_weight_changes_nothing() -> None:
    shape = np.full(7, np.inf)
    certain = RandomSource("level", level=LevelFactor(shape, within_prefecture=False))
    assert (draw_table(PRINCIPAL, [certain], DrawSettings(runs=100)).columns[0].values == 1).all()
    drawn = np.array([[0.5, 2.0]])
    assert (mean_one(drawn, np.zeros(1)) == drawn).all()


def test_the_frame_has_a_row_a_run_and_a_column_a_parameter() -> None:
    table = draw_table(PRINCIPAL, ALL, DrawSettings(runs=100))
    frame = table.frame()
    # 7 levels; 4 age factors; 1 of the nation; 3 prefectures; 3 factors × 7 areas
    assert frame.shape == (101, 7 + 4 + 1 + 3 + 21)
    assert frame.columns.is_unique and frame.index.name == "run"
    column = table.find("population", "area", "bend")
    assert column is not None
    assert (frame["population.area.bend.0203"] == column.values[column.codes.index("0203")]).all()
    assert (table.row(77).frame().loc[77] == frame.loc[77]).all()
    assert draw_table(PRINCIPAL, [], DrawSettings(runs=100)).frame().shape == (101, 0)


def test_what_does_not_fit_is_said() -> None:
    table = draw_table(PRINCIPAL, ALL, DrawSettings(runs=100))
    with pytest.raises(InputError, match="101番"):
        table.row(101)
    short = RandomSource("open_band", age=AgeFactors(("split",), np.zeros((1, 2, 2, 19))))
    with pytest.raises(InputError, match="open_band"):
        draw_table(PRINCIPAL, [short], DrawSettings(runs=100))
    for unknown in (np.nan, 0.0, -1.0):
        broken = RandomSource("level", level=LevelFactor(np.full(7, unknown), within_prefecture=True))
        with pytest.raises(InputError, match="level"):
            draw_table(PRINCIPAL, [broken], DrawSettings(runs=100))


def test_settings_are_checked_and_named_in_both_languages() -> None:
    assert set(SETTING_NAMES) == set(SETTING_VALUES) == set(DrawSettings.model_fields)
    assert set(SOURCE_NAMES) == set(SOURCES)
    assert all(text.ja and text.en for text in [*SETTING_NAMES.values(), *SOURCE_NAMES.values()])
    for wrong in (
        {"runs": 99},
        {"runs": 20_001},
        {"seed": -1},
        {"sources": ("level", "level")},
        {"sources": ("x",)},
    ):
        with pytest.raises(ValidationError):
            DrawSettings(**wrong)
