"""Scores of the functions: rank of each place of the report, how certain it is and how far it moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_parts import (
    MARGIN,
    columns_of,
    dot,
    foot_height,
    head_and_foot,
    title_lines,
)
from zaitaku_demand.report.benchmark_view import (
    FUNCTION_ORDER,
    caption,
    is_distinct,
    label_of,
    place_label,
    ranked_functions,
    score_text,
)
from zaitaku_demand.report.figure_sheet import Sheet
from zaitaku_demand.report.figure_style import BLUE, DARK_GREY, INK, PALE, SKY, settings
from zaitaku_demand.text import Language

WIDTH = 8.8
ROW = 0.25
AXIS = (2.15, 6.55)
SCORE = 6.7


def draw_scores(content: BenchmarkContent, folder: Path, language: Language, suffix: str) -> list[Path]:
    """Draw ``benchmark_functions``; no file where the content carries no scores for its places."""
    import matplotlib
    from matplotlib.figure import Figure

    order = [code for code, _ in content.focus]
    shown = content.functions[content.functions["area_code"].isin(order)]
    shown = shown.dropna(subset=["rank"])
    if shown.empty:
        return []
    with matplotlib.rc_context(settings()):
        return _draw(Figure(), content, language).save(folder, f"benchmark_functions{suffix}")


def _draw(canvas: Any, content: BenchmarkContent, language: Language) -> Sheet:
    frame = ranked_functions(content)
    present = list(dict.fromkeys(frame["function"]))
    groups = [name for name in (*FUNCTION_ORDER, "total") if name in present]
    most = int(frame["n_places"].max())
    title = words.SCORES_TITLE.to(language)
    reading = words.SCORES_READING.to(language)
    text = caption(
        content,
        language,
        columns_of(WIDTH),
        words.SCORE_UNIT.to(language),
        words.SCORES_STATE.to(language),
        reading,
    )
    foot = foot_height(text)
    head = 0.6 + 0.24 * title_lines(title, WIDTH)
    tall = ROW * len(groups) * (len(content.focus) + 1) + 0.1 * len(groups) + 0.3
    sheet = Sheet(canvas, WIDTH, tall + foot + head)
    head_and_foot(sheet, title, text)
    top = foot + tall

    def across(rank: float) -> float:
        return AXIS[0] + (AXIS[1] - AXIS[0]) * (rank - 1) / max(most - 1, 1)

    y = top
    for function in groups:
        y -= ROW + 0.1
        sheet.words(MARGIN, y + 0.05, label_of(words.FUNCTIONS, function, language), 9.5, INK)
        sheet.line([(MARGIN, y), (WIDTH - MARGIN, y)], DARK_GREY, 0.7, 2)
        part = frame[frame["function"] == function]
        known = {str(row["area_code"]): row for row in part.to_dict("records")}
        for code, name in content.focus:
            y -= ROW
            sheet.words(
                AXIS[0] - 0.25, y + ROW / 2, place_label(code, name, language), 8, INK, "right", "center"
            )
            if code not in known or known[code]["rank"] != known[code]["rank"]:
                sheet.words(
                    AXIS[0], y + ROW / 2, words.STATES["no_data"].to(language), 7.5, DARK_GREY, up="center"
                )
                continue
            _row(sheet, known[code], across, y + ROW / 2, language)
    step = 10 if most <= 60 else 50
    for rank in [1, *range(step, most + 1, step)]:
        sheet.line([(across(rank), y - 0.04), (across(rank), top)], PALE, 0.6, 1)
        sheet.words(across(rank), top + 0.05, str(rank), 7.5, INK, "center")
        sheet.words(across(rank), y - 0.08, str(rank), 7.5, INK, "center", "top")
    middle = (AXIS[0] + AXIS[1]) / 2
    sheet.words(middle, top + 0.25, words.SCORES_AXIS.format(n=most).to(language), 8, INK, "center")
    sheet.words(SCORE, top + 0.25, words.SCORE.to(language), 8, INK)
    return sheet


def _row(sheet: Sheet, row: dict[Any, Any], across: Any, y: float, language: Language) -> None:
    low, high = row["sensitivity_rank_low"], row["sensitivity_rank_high"]
    if low == low and high == high:
        sheet.line([(across(low), y), (across(high), y)], DARK_GREY, 0.9, 3)
        for end in (low, high):
            sheet.line([(across(end), y - 0.04), (across(end), y + 0.04)], DARK_GREY, 0.9, 3)
    if row["rank_lower"] == row["rank_lower"]:
        sheet.line([(across(row["rank_lower"]), y), (across(row["rank_upper"]), y)], SKY, 4.5, 4)
    apart = is_distinct(row)
    dot(sheet, across(row["rank"]), y, BLUE, 6.5, hollow=not apart)
    score = score_text(row, language)
    gap = "　" if language == "ja" else "  "
    shown = score if apart else score + gap + words.INDISTINCT.to(language)
    sheet.words(SCORE, y, shown, 7.5, INK, up="center")
