"""Write a whole research report: pages, Quarto sources, tables, figures, plan and summary."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from zaitaku_demand.report.csvfile import write_csv
from zaitaku_demand.report.place import MANIFEST, folder_beside
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_figures import FigureWorker
from zaitaku_demand.report.research_page import write_research_page
from zaitaku_demand.report.research_source import write_captions, write_research_source
from zaitaku_demand.text import LANGUAGES, Language

SIGNIFICANT = 7
"""Digits of the figures in the CSV files: enough to draw every figure again."""


def write_research(
    content: ResearchContent, folder: Path, languages: tuple[Language, ...] = LANGUAGES
) -> list[Path]:
    """Write the report into `folder`; a failure leaves what is already there untouched.

    For every language ``report_<language>.html`` and ``report_<language>.qmd``; once for all ``tables/*.csv``,
    ``figures/*`` (PNG at 300 dpi, SVG, PDF, with the language in their names), ``figures/captions.md``,
    ``plan.toml``, ``summary.json`` and ``manifest.json`` with the checksums of all.

    Parameters
    ----------
    content : ResearchContent
    folder : Path
        Need not exist. Files in it that are not the report's stay.
    languages : tuple of str

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If `folder` is a file, or a file of the earlier report cannot be replaced.
    ValueError
        If no language is given, or a table lacks a column.
    """
    if not languages:
        raise ValueError("give at least one language")
    content.check()
    folder = Path(folder)
    with folder_beside(folder) as part:
        paths = _write_into(content, part, languages)
        names = [path.relative_to(part) for path in paths]
    return [folder / name for name in [*names, Path(MANIFEST)]]


def _write_into(content: ResearchContent, part: Path, languages: tuple[Language, ...]) -> list[Path]:
    worker = FigureWorker(content, part / "figures", languages)
    worker.start()
    try:
        paths = _tables(content, part / "tables")
        paths += [_plan(content, part), _summary(content, part), write_captions(content, part)]
        paths += worker.finish()
    finally:
        worker.stop()
    paths += [write_research_source(content, part, language) for language in languages]
    paths += [write_research_page(content, part, language, languages) for language in languages]
    return paths


def _tables(content: ResearchContent, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in content.frames().items():
        path = folder / f"{name}.csv"
        write_csv(_significant(frame), path)
        paths.append(path)
    return paths


def _significant(frame: pd.DataFrame) -> pd.DataFrame:
    """Figures with a number of digits instead of decimals: p-values and small shares would become zero."""
    shown = frame.copy()
    for name in frame.columns:
        if pd.api.types.is_float_dtype(frame[name]):
            # As objects, so that they are written as they are.
            shown[name] = pd.Series(
                [None if pd.isna(value) else float(f"{value:.{SIGNIFICANT}g}") for value in frame[name]],
                index=frame.index,
                dtype=object,
            )
    return shown


def _plan(content: ResearchContent, folder: Path) -> Path:
    path = folder / "plan.toml"
    path.write_text(content.plan_toml, "utf-8", newline="\n")
    return path


def _summary(content: ResearchContent, folder: Path) -> Path:
    summary = {
        "title": content.title._asdict(),
        "created": content.created,
        "command": content.command,
        "code_version": content.code_version,
        "seed": content.seed,
        "judgement": _records(content.judgement),
        "core_set": _records(content.core_members),
        "examples": {kind: list(pair) for kind, pair in content.examples.items()},
        "deviations": _records(content.deviations),
        "rows": {name: len(frame) for name, frame in content.frames().items()},
    }
    path = folder / "summary.json"
    text = json.dumps(summary, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", "utf-8", newline="\n")
    return path


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Rows with plain Python values, None where there is none."""
    return [
        {
            str(name): None
            if not isinstance(value, list | tuple | dict) and pd.isna(value)
            else value.item()
            if hasattr(value, "item")
            else value
            for name, value in row.items()
        }
        for row in frame.to_dict("records")
    ]
