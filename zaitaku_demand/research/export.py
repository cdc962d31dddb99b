"""The panel for other programs: Parquet, CSV, Stata and R, with labels, a codebook and the sources.

The same panel gives the same bytes. Figures are written in full; hidden and missing ones are empty, never zero.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import pandas as pd

from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.report.csvfile import neutralise
from zaitaku_demand.report.place import folder_beside
from zaitaku_demand.research.codebook import CODEBOOK_HEADINGS, codebook
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.panel_r import loader
from zaitaku_demand.research.panel_readme import readme
from zaitaku_demand.research.wide import LEVELS, Column, columns, wide
from zaitaku_demand.store.tables import atomic_path
from zaitaku_demand.text import LANGUAGES, Language

STATA_VERSION: Literal[118] = 118
STATA_LABEL = 80
STATA_TIME = datetime(2000, 1, 1)
"""Stata files carry a time of writing; a fixed one keeps their bytes the same."""

_METADATA_KEY = b"zaitaku"


def write_panel(
    panels: Sequence[Panel], folder: Path, languages: Sequence[Language] = LANGUAGES
) -> list[Path]:
    """Write the panel in every format; the folder appears whole or not at all.

    Parameters
    ----------
    panels : sequence of Panel
        Of different levels.
    folder : Path
        Files of an earlier export are replaced, other files in it stay.
    languages : sequence of str
        Languages of the labels, the first one being that of ``panel.dta``; each further one has a file of its own.

    Returns
    -------
    list of Path
        Files written: panel.parquet, panel_long.parquet, panel.csv, panel.dta (panel_<language>.dta), panel.R,
        codebook.csv (codebook_<language>.csv) and README.md (README.<language>.md).

    Raises
    ------
    InputError
        If the folder is a file or one of its files cannot be replaced.
    """
    table, described = wide(panels), columns(panels)
    with folder_beside(folder) as part:
        write_parquet(table, described, part / "panel.parquet", panels)
        long = pd.concat([panel.tidy() for panel in panels], ignore_index=True)
        write_parquet(long, [], part / "panel_long.parquet", panels)
        write_csv(table, part / "panel.csv")
        (part / "panel.R").write_text(loader(described), "utf-8", newline="\n")
        for position, language in enumerate(languages):
            write_stata(table, described, part / f"panel{_suffix('_', language, position)}.dta", language)
            book = codebook(panels, language).rename(
                columns={name: text.to(language) for name, text in CODEBOOK_HEADINGS.items()}
            )
            write_csv(book, part / f"codebook{_suffix('_', language, position)}.csv")
            page = part / f"README{_suffix('.', language, position)}.md"
            page.write_text(readme(panels, table, language), "utf-8", newline="\n")
        names = sorted(path.name for path in part.iterdir())
    return [folder / name for name in names]


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """CSV in UTF-8 with BOM and figures in full; no text in it acts as a formula."""
    safe = table.copy()
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]):
            texts = table[name].astype(object)
            safe[name] = texts.where(texts.isna(), texts.map(lambda value: neutralise(str(value))))
    with atomic_path(path) as part:
        safe.to_csv(part, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_stata(table: pd.DataFrame, described: Sequence[Column], path: Path, language: Language) -> None:
    """Stata file (version 14 and later) with variable labels, and value labels for level, type and state."""
    ready = table.copy()
    for column in described:
        name = column.name
        if name == "level":
            ready[name] = pd.Categorical(ready[name], categories=list(LEVELS))
        elif name == "type":
            ready[name] = pd.Categorical(ready[name], categories=sorted(ready[name].dropna().unique()))
        elif column.part == "state":
            ready[name] = pd.Categorical(ready[name], categories=list(STATE_NAMES))
        elif name in ("area_code", "area_name", "prefecture_code"):
            ready[name] = ready[name].astype(object)
    labels = {column.name: _shortened(column.label.to(language)) for column in described}
    with atomic_path(path) as part:
        ready.to_stata(
            part,
            write_index=False,
            version=STATA_VERSION,
            time_stamp=STATA_TIME,
            variable_labels=labels,
            data_label="zaitaku_demand research panel",
        )


def write_parquet(
    table: pd.DataFrame, described: Sequence[Column], path: Path, panels: Sequence[Panel]
) -> None:
    """Parquet with labels in both languages in the fields' metadata, and the codebook's texts in the schema's."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    labels = {column.name: column for column in described}
    fields = [
        field.with_metadata(_field_metadata(labels[field.name])) if field.name in labels else field
        for field in arrow.schema
    ]
    metadata = {_METADATA_KEY: json.dumps(_provenance(panels), ensure_ascii=False, sort_keys=True).encode()}
    ready = arrow.cast(pa.schema(fields, metadata=metadata))
    with atomic_path(path) as part:
        pq.write_table(ready, part, compression="zstd", compression_level=9)


def _provenance(panels: Sequence[Panel]) -> dict[str, object]:
    """Every variable's texts in both languages, by name; levels in which it has figures."""
    texts = [
        f"{key}_{language}"
        for key in ("label", "unit", "definition", "source", "caveats")
        for language in LANGUAGES
    ]
    known: dict[str, dict[str, object]] = {}
    for panel in panels:
        for name, series in panel.series.items():
            if series.years:
                row = panel.variables.loc[name]
                entry = known.setdefault(name, {text: str(row[text]) for text in texts} | {"years": {}})
                years = entry["years"]
                if isinstance(years, dict):
                    years[panel.level] = list(series.years)
    return {"variables": known, "states": list(STATE_NAMES)}


def _field_metadata(column: Column) -> dict[bytes, bytes]:
    return {
        b"label_ja": column.label.ja.encode(),
        b"label_en": column.label.en.encode(),
        b"variable": column.variable.encode(),
        b"part": column.part.encode(),
    }


def _suffix(mark: str, language: Language, position: int) -> str:
    return "" if position == 0 else f"{mark}{language}"


def _shortened(label: str) -> str:
    return label if len(label) <= STATA_LABEL else label[: STATA_LABEL - 1] + "…"
