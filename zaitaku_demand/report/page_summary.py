"""The summary table of the page: the sum of the run and every prefecture, with great_tables."""

from __future__ import annotations

from html import escape

from zaitaku_demand.report import labels, labels_page
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.view import (
    both,
    national_values,
    prefecture_rows,
    sum_scope,
    year_label,
    years_shown,
)
from zaitaku_demand.text import Language

TABLE_ID = "summary"


def summary_table(content: ReportContent, language: Language) -> tuple[str, str]:
    """Style and table of the summary, both as HTML.

    The style stands apart because it touches every table of a page; the page's own style follows and wins.
    """
    import pandas as pd
    from great_tables import GT, loc, style

    service = content.main_service
    years = years_shown(content)
    sums = national_values(content, service)
    first = labels.PREFECTURE_NAME.to(language)
    heads = [year_label(content, year, language) for year in years]
    rows = [[sum_scope(content).to(language), *(_shown(sums.get(year)) for year in years)]]
    for _, row in prefecture_rows(content, service).iterrows():
        name = labels.prefecture_label(str(row["prefecture_code"]), str(row["prefecture_name"]), language)
        rows.append([name, *(_shown(row[year]) for year in years)])
    table = (
        GT(pd.DataFrame(rows, columns=[first, *heads]), id=TABLE_ID)
        .cols_align("right", columns=heads)
        .tab_style(style.text(weight="bold"), loc.body(rows=[0]))
        .tab_options(table_font_size="0.88rem", data_row_padding="3px", table_margin_left="0")
        .as_raw_html()
    )
    label = content.services[service]
    caption = both(labels_page.OUTLOOK_TABLE, service=label.short, unit=label.unit).to(language)
    table = table.replace("<thead>", f"<caption>{escape(caption)}</caption>\n<thead>", 1)
    start, end = table.index("<style>"), table.index("</style>") + len("</style>")
    return table[start:end], table[:start] + table[end:]


def _shown(value: float | None) -> str:
    return "－" if value is None or value != value else f"{value:,.0f}"
