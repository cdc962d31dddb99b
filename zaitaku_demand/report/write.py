"""Write a whole report: tables, workbook, figures and page."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_write import write_benchmark_into
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figures import area_figure_worker, draw_main_figures, suffix_of
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_figures import draw_forecast_figures
from zaitaku_demand.report.forecast_tables import write_forecast_tables
from zaitaku_demand.report.page import write_page
from zaitaku_demand.report.place import MANIFEST, folder_beside
from zaitaku_demand.report.tables import write_tables
from zaitaku_demand.report.workbook import write_workbook
from zaitaku_demand.text import Language


def write_report(
    content: ReportContent,
    folder: Path,
    languages: tuple[Language, ...] = ("ja",),
    benchmark: BenchmarkContent | None = None,
    forecast: ForecastContent | None = None,
) -> list[Path]:
    """Write the report into `folder`; a failure leaves a report that is already there untouched.

    The first language gets the plain names (``index.html``, ``workbook.xlsx``, ``figures/…``), a further one
    names that end with it (``index_en.html``). Tables are the same for all languages. ``manifest.json`` lists
    what the report owns.

    Parameters
    ----------
    content : ReportContent
    folder : Path
        Need not exist. Files in it that are not the report's stay.
    languages : tuple of str
    benchmark : BenchmarkContent, optional
        Comparison of the common indicators, written beside the report and summed up on its page.
    forecast : ForecastContent, optional
        How sure the main service's figures are: its own section, figures, sheets and tables.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If `folder` is a file, or a file of the earlier report cannot be replaced.
    """
    if not languages:
        raise ValueError("give at least one language")
    folder = Path(folder)
    with folder_beside(folder) as part:
        figures = part / "figures"
        figures.mkdir()
        worker = area_figure_worker(content, figures, languages)
        worker.start()
        try:
            paths = write_tables(content, part / "tables")
            if forecast is not None:
                paths += write_forecast_tables(forecast, content, part / "tables")
            for language in languages:
                suffix = suffix_of(language, languages)
                paths.append(write_workbook(content, part / f"workbook{suffix}.xlsx", language, forecast))
                paths += draw_main_figures(content, figures, language, suffix)
                if forecast is not None:
                    paths += draw_forecast_figures(forecast, content, figures, language, suffix)
            if benchmark is not None:
                paths += write_benchmark_into(benchmark, part, languages)
            paths += worker.finish()
        finally:
            worker.stop()
        paths += [
            write_page(content, part, language, languages, benchmark, forecast) for language in languages
        ]
        names = [path.relative_to(part) for path in paths]
    return [folder / name for name in [*names, Path(MANIFEST)]]
