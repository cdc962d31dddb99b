"""Benchmark figures: there, not blank, nothing cut off, names apart, states and units said."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmark_synthetic import make_benchmark
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.image import imread

from zaitaku_demand.report import benchmark_figure_worker
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_caterpillar import draw_caterpillar
from zaitaku_demand.report.benchmark_figure_funnel import draw_funnel
from zaitaku_demand.report.benchmark_figure_map import BOUNDS, COLOURS, ratio_class
from zaitaku_demand.report.benchmark_figure_parts import (
    Name,
    dot,
    linear_ticks,
    names_beside,
    shortened,
    tick_text,
)
from zaitaku_demand.report.benchmark_figure_profile import draw_profile
from zaitaku_demand.report.benchmark_figure_series import _unbroken
from zaitaku_demand.report.benchmark_figures import draw_benchmark_figures, figure_jobs
from zaitaku_demand.report.benchmark_view import figure_indicators
from zaitaku_demand.report.figure_sheet import Sheet
from zaitaku_demand.report.figure_style import width_of


@pytest.fixture(scope="module")
def content() -> BenchmarkContent:
    whole = make_benchmark(focus=("26", "32"))
    return replace(whole, focus=whole.focus[:1], figure_indicators=("P-D-5",))


@pytest.fixture(scope="module")
def folder(content: BenchmarkContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    draw_benchmark_figures(content, folder, ("ja", "en"))
    return folder


NAMES = ["functions", "profile_26", "series_26"]
NAMES += ["funnel_P-D-5", "caterpillar_P-D-5", "map_P-D-5"]


@pytest.mark.parametrize("suffix", ["", "_en"])
@pytest.mark.parametrize("name", NAMES)
def test_figures_are_not_blank_and_say_what_they_are(folder: Path, name: str, suffix: str) -> None:
    picture = imread(folder / f"benchmark_{name}{suffix}.png")[::3, ::3, :3]
    assert 0.005 < np.mean(picture.min(axis=-1) < 0.9) < 0.9
    svg = (folder / f"benchmark_{name}{suffix}.svg").read_text("utf-8")
    for said in ("Unit: ", "Source: ", "2022") if suffix else ("単位：", "出典：", "2022"):
        assert said in svg, said
    assert "estimated" in svg or "estimates" in svg or "推計" in svg
    assert "<dc:date>" not in svg and "nan" not in svg


def test_nothing_touches_the_edge(folder: Path) -> None:
    for path in folder.glob("*.png"):
        picture = imread(path)[..., :3]
        edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
        assert (edge > 0.97).all(), path.name


def test_suppressed_and_missing_are_said_apart(folder: Path, content: BenchmarkContent) -> None:
    # Kyoto (26) has a suppressed figure in this content; it must be said, never drawn as zero.
    own = content.profile[
        (content.profile["area_code"] == "26") & (content.profile["indicator_id"] == "P-D-5")
    ]
    assert set(own["state"]) == {"suppressed"}
    for name in ("profile_26", "caterpillar_P-D-5", "map_P-D-5"):
        assert "秘匿" in (folder / f"benchmark_{name}.svg").read_text("utf-8"), name
    for name in ("funnel_P-D-5", "map_P-D-5", "caterpillar_P-D-5"):
        assert "京都府（秘匿）" in (folder / f"benchmark_{name}.svg").read_text("utf-8"), name
    assert "データなし（3指標）" in (folder / "benchmark_profile_26.svg").read_text("utf-8")


def test_same_figures_twice(content: BenchmarkContent, folder: Path, tmp_path: Path) -> None:
    code, name = content.focus[0]
    draw_profile(content, code, name, tmp_path, "ja", "")
    draw_funnel(content, "P-D-5", tmp_path, "ja", "")
    for name in ("profile_26.svg", "profile_26.png", "funnel_P-D-5.svg"):
        assert (tmp_path / f"benchmark_{name}").read_bytes() == (folder / f"benchmark_{name}").read_bytes(), (
            name
        )


def test_what_is_missing_is_left_out(content: BenchmarkContent, tmp_path: Path) -> None:
    bare = replace(
        content,
        boundaries=None,
        funnel=content.funnel.iloc[:0],
        functions=content.functions.iloc[:0],
    )
    names = {path.stem for path in draw_benchmark_figures(bare, tmp_path)}
    assert names == {"benchmark_profile_26", "benchmark_series_26", "benchmark_caterpillar_P-D-5"}


def test_default_figures_are_key_process_indicators_with_data(content: BenchmarkContent) -> None:
    assert figure_indicators(replace(content, figure_indicators=())) == ["P-C-1", "P-E-3"]
    assert figure_indicators(replace(content, figure_indicators=("O-D-1", "P-C-1"))) == ["P-C-1"]


def test_areas_are_drawn_dense(tmp_path: Path) -> None:
    areas = replace(make_benchmark("area"), figure_indicators=("P-C-1",))
    draw_caterpillar(areas, "P-C-1", tmp_path, "ja", "")
    svg = (tmp_path / "benchmark_caterpillar_P-C-1.svg").read_text("utf-8")
    assert "区中央部" in svg and "335圏域" in svg
    picture = imread(tmp_path / "benchmark_caterpillar_P-C-1.png")
    assert picture.shape[0] < 1200


@given(
    st.lists(st.tuples(st.floats(0.3, 7.7), st.floats(0.3, 5.7), st.sampled_from(["東京都", "Shimane", "区中央部 (Tokyo)"])), max_size=25)
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_names_never_overlap_or_leave_the_plot(points: list[tuple[float, float, str]]) -> None:
    sheet = Sheet(Figure(), 8.0, 6.0)
    inside = (0.1, 0.1, 7.9, 5.9)
    names = [Name(x, y, text) for x, y, text in points]
    lost = names_beside(sheet, names, inside, [(name.x, name.y) for name in names])
    boxes = []
    for x, y, text, size, *_ in sheet._words:
        wide, tall = width_of(text) * size * 0.53 / 72, size * 1.15 / 72
        boxes.append((x, y - tall / 2, x + wide, y + tall / 2))
    assert len(boxes) + lost == len(names)
    slack = 1e-6
    for place, one in enumerate(boxes):
        assert one[0] >= inside[0] - slack and one[2] <= inside[2] + slack
        assert one[1] >= inside[1] - slack and one[3] <= inside[3] + slack
        for other in boxes[:place]:
            apart = (
                one[2] <= other[0] + slack
                or other[2] <= one[0] + slack
                or one[3] <= other[1] + slack
                or other[3] <= one[1] + slack
            )
            assert apart


@pytest.mark.parametrize(
    ("low", "high", "ticks", "texts"),
    [
        (0.0, 1.9, [0.0, 0.5, 1.0, 1.5], ["0.0", "0.5", "1.0", "1.5"]),
        (80.0, 131.0, [80.0, 100.0, 120.0], ["80", "100", "120"]),
        (0.0, 0.043, [0.0, 0.01, 0.02, 0.03, 0.04], ["0.00", "0.01", "0.02", "0.03", "0.04"]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float], texts: list[str]) -> None:
    found = linear_ticks(low, high)
    assert found == pytest.approx(ticks)
    assert [tick_text(tick, found) for tick in found] == texts


def test_map_classes_are_as_many_as_colours_and_meet_at_their_bounds() -> None:
    assert len(COLOURS) == len(BOUNDS) + 1
    for place, bound in enumerate(BOUNDS):
        assert ratio_class(bound - 1e-9) == place
        assert ratio_class(bound) == place + 1


def test_lines_break_where_years_are_missing() -> None:
    points = [(2014, 1.0), (2015, 2.0), (2018, 3.0), (2019, 4.0), (2021, 5.0)]
    assert _unbroken(points) == [points[:2], points[2:4], points[4:]]


def test_long_names_are_cut_visibly() -> None:
    assert shortened("看取り", 6) == "看取り"
    assert shortened("看取り数（死亡診断のみ）", 10) == "看取り数…"


def test_a_worker_that_cannot_start_or_dies_loses_no_figure(
    content: BenchmarkContent, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [job for job in figure_jobs(content, ("ja", "en")) if job.kind in ("functions", "funnel")]
    names = [f"{job.stem}.{kind}" for job in jobs for kind in ("png", "svg")]
    monkeypatch.setattr(benchmark_figure_worker, "FEWEST", 1)
    for program in ("/no/such/program", "false"):
        monkeypatch.setattr(sys, "executable", program)
        worker = benchmark_figure_worker.BenchmarkFigureWorker(content, jobs, tmp_path / program.strip("/"))
        worker.start()
        # As if the child had taken a figure before it died.
        (worker._child.claims / jobs[0].stem).touch()
        paths = worker.finish()
        worker.stop()
        assert [path.name for path in paths] == names
        assert all(path.read_bytes() == (folder / path.name).read_bytes() for path in paths)
        assert not worker._child.claims.exists()


def test_the_middle_of_an_open_mark_comes_after_its_ring() -> None:
    sheet = Sheet(Figure(), 1.0, 1.0)
    dot(sheet, 0.1, 0.1, "#777777", 4.0, hollow=True)
    dot(sheet, 0.5, 0.5, "#0072B2", 4.0, hollow=True)
    drawn = [(colour, points) for (_, colour, _), points in sheet._marks.items()]
    for colour, at in (("#777777", (0.1, 0.1)), ("#0072B2", (0.5, 0.5))):
        ring = drawn.index((colour, [at]))
        middle = next(k for k, (white, points) in enumerate(drawn) if white == "#FFFFFF" and at in points)
        assert ring < middle
