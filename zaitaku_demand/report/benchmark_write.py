"""Write a whole benchmark report: table, workbook, figures and page."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.benchmark.table import COLUMNS
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figures import benchmark_figure_worker
from zaitaku_demand.report.benchmark_page import write_benchmark_page
from zaitaku_demand.report.benchmark_workbook import write_benchmark_workbook
from zaitaku_demand.report.csvfile import write_csv
from zaitaku_demand.report.figures import suffix_of
from zaitaku_demand.report.place import MANIFEST, folder_beside
from zaitaku_demand.sources.registry import registry
from zaitaku_demand.store.tables import Provenance, write_table
from zaitaku_demand.text import Language, Text

TABLE_UNIT = Text("指標の宣言を参照", "see the declaration of the indicator")


def write_benchmark(
    content: BenchmarkContent, folder: Path, languages: tuple[Language, ...] = ("ja",)
) -> list[Path]:
    """Write the benchmark into `folder`; a failure leaves what is already there untouched.

    The first language gets the plain names (``benchmark.html``, ``benchmark.xlsx``), a further one names that end
    with it (``benchmark_en.html``). The table is the same for all languages. ``manifest.json`` lists what the
    report owns; a folder that holds the main report as well is written through `write_benchmark_into`, so that
    one manifest lists both.

    Parameters
    ----------
    content : BenchmarkContent
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
        If no language is given, or the benchmark table lacks a column.
    """
    folder = Path(folder)
    with folder_beside(folder) as part:
        paths = write_benchmark_into(content, part, languages)
        names = [path.relative_to(part) for path in paths]
    return [folder / name for name in [*names, Path(MANIFEST)]]


def write_benchmark_into(
    content: BenchmarkContent, part: Path, languages: tuple[Language, ...] = ("ja",)
) -> list[Path]:
    """Write the benchmark into a folder that is still being made, as the main report does.

    Parameters
    ----------
    content : BenchmarkContent
    part : Path
        An existing folder; ``tables`` and ``figures`` in it may be there already.
    languages : tuple of str

    Returns
    -------
    list of Path
        The files written, inside `part`.
    """
    if not languages:
        raise ValueError("give at least one language")
    worker = benchmark_figure_worker(content, part / "figures", languages)
    worker.start()
    try:
        paths = _tables(content, part / "tables")
        for language in languages:
            suffix = suffix_of(language, languages)
            paths.append(write_benchmark_workbook(content, part / f"benchmark{suffix}.xlsx", language))
        paths += worker.finish()
    finally:
        worker.stop()
    paths += [write_benchmark_page(content, part, language, languages) for language in languages]
    return paths


def _tables(content: BenchmarkContent, folder: Path) -> list[Path]:
    missing = [name for name in COLUMNS if name not in content.benchmark]
    if missing:
        raise ValueError(f"the benchmark table lacks {', '.join(missing)}")
    folder.mkdir(parents=True, exist_ok=True)
    frame = content.benchmark[list(COLUMNS)]
    provenance = Provenance(
        title=content.title,
        unit=TABLE_UNIT,
        # Files a user brought himself are not registered and have no official address.
        sources=tuple(source.path for source in content.sources if source.path in registry()),
        steps=tuple(content.notes),
        issues=tuple(issue.id for issue in content.issues),
    )
    table, twin = folder / "benchmark.parquet", folder / "benchmark.csv"
    write_table(frame, table, provenance)
    write_csv(frame, twin)
    return [table, twin]
