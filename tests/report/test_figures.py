"""Figures: there, not blank, with the Japanese font, repeatable; the worker and what replaces it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from synthetic import make_content, small_places

from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_areas import AreaFigure, area_figures, nice_step
from zaitaku_demand.report.figure_sheet import _letter
from zaitaku_demand.report.figure_style import ordinal_colours, width_of, wrap
from zaitaku_demand.report.figure_worker import AreaFigureWorker
from zaitaku_demand.report.figures import draw_figures

NAMES = ["map_peak_class", "national_by_age", "prefectures", "areas_01", "areas_13", "areas_47"]


@pytest.mark.parametrize("suffix", ["", "_en"])
@pytest.mark.parametrize("name", NAMES)
def test_figures_are_not_blank(report: Path, name: str, suffix: str) -> None:
    picture = imread(report / "figures" / f"{name}{suffix}.png")[::3, ::3, :3]
    assert 0.005 < np.mean(picture.min(axis=-1) < 0.9) < 0.9
    assert len(np.unique((picture * 8).astype(int) @ np.array([100, 10, 1]))) > 3
    svg = (report / "figures" / f"{name}{suffix}.svg").read_text("utf-8")
    assert "<path" in svg and "IPAexGothic" in svg
    assert "Estimated" in svg or "推計値" in svg or "estimates" in svg
    assert "<dc:date>" not in svg


def test_no_margin_is_drawn_over(report: Path) -> None:
    """Nothing touches the edge of a picture, so nothing is cut off."""
    for path in (report / "figures").glob("*.png"):
        picture = imread(path)[..., :3]
        edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
        assert (edge > 0.97).all(), path.name


def test_letters_have_outlines() -> None:
    outlines = {letter: _letter(letter)[0] for letter in "訪問診療圏域％～▶●推計A1"}
    assert all(len(vertices) > 3 for vertices in outlines.values())
    with pytest.warns(UserWarning, match="missing"):
        unknown = _letter("\U0010ffff")[0]
    for letter, vertices in outlines.items():
        assert vertices.shape != unknown.shape or not np.array_equal(vertices, unknown), letter


def test_same_figures_twice(content: ReportContent, report: Path, tmp_path: Path) -> None:
    for path in draw_figures(content, tmp_path):
        assert path.read_bytes() == (report / "figures" / path.name).read_bytes(), path.name


def test_one_prefecture_without_boundaries(tmp_path: Path) -> None:
    places = small_places()
    one = type(places)(places.areas.iloc[2:4].reset_index(drop=True), None)
    paths = draw_figures(make_content(one, prefecture_name="東京都"), tmp_path)
    assert {path.stem for path in paths} == {"national_by_age", "prefectures", "areas_13"}


def test_area_figures_survive_json(content: ReportContent) -> None:
    for figure in area_figures(content, "ja", ""):
        assert AreaFigure.from_plain(figure.to_plain()) == figure


def test_peaks_at_the_edges_say_so(content: ReportContent) -> None:
    panels = [panel for figure in area_figures(content, "ja", "") for panel in figure.panels]
    for panel in panels:
        assert panel.censored == (panel.peak_year == 2050)
        assert ("以降" in panel.peak_label) == panel.censored
        assert ("以前" in panel.peak_label) == (panel.peak_year == 2020)


def _draw_with_worker(content: ReportContent, folder: Path) -> list[Path]:
    worker = AreaFigureWorker(area_figures(content, "ja", ""), folder)
    worker.start()
    try:
        return worker.finish()
    finally:
        worker.stop()


def test_without_a_child_the_parent_draws(
    content: ReportContent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    assert all(path.stat().st_size for path in _draw_with_worker(content, tmp_path))


def test_what_a_failed_child_took_is_drawn_again(
    content: ReportContent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Path] = []

    def crash(command: list[str], **_: object) -> object:
        taken.append(Path(command[-1]) / "areas_01")
        taken[0].touch()
        return type("Crashed", (), {"wait": lambda self: 1, "poll": lambda self: 1})()

    monkeypatch.setattr("subprocess.Popen", crash)
    paths = _draw_with_worker(content, tmp_path)
    assert tmp_path / "areas_01.png" in paths
    assert all(path.stat().st_size for path in paths)
    assert not taken[0].exists()


@pytest.mark.parametrize(
    ("largest", "step"), [(0.0, 1.0), (1.0, 0.2), (7.0, 2.0), (999.0, 200.0), (26000.0, 10000.0)]
)
def test_steps_of_the_axis(largest: float, step: float) -> None:
    assert nice_step(largest) == pytest.approx(step)


def test_lines_are_wrapped_within_their_width() -> None:
    text = (
        "出典：厚生労働省「第9回NDBオープンデータ」FY2022、国立社会保障・人口問題研究所（令和5年推計）。" * 3
    )
    lines = wrap(text, 40).split("\n")
    assert "".join(lines) == text
    assert all(width_of(line) <= 42 for line in lines)
    assert not any(line[-1] in "（「" or line[0] in "、。）」" for line in lines)


def test_colours_are_ordered_by_lightness() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    scale = [lightness(colour) for colour in ordinal_colours(7)]
    assert scale == sorted(scale, reverse=True)
    assert min(np.diff(scale[::-1])) > 8
