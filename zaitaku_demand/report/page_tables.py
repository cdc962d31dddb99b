"""The plain tables of the page as text, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import labels, labels_page
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_style import ordinal_colours
from zaitaku_demand.report.view import (
    annual_values,
    area_rows,
    both,
    by_class_label,
    class_counts,
    class_label,
    sum_scope,
    with_sign,
    year_label,
    years_shown,
)
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import pandas as pd

SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 74.0, 22.0, 3.0
LATE = 2040
NOTHING = "－"


@dataclass(frozen=True)
class PlainTable:
    """Caption, headings and cells; the first cell of a row is its heading."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numbers: bool = True


def class_table(content: ReportContent, language: Language) -> dict[str, Any]:
    """Areas by class, with the colours of the map."""
    counts = class_counts(content, content.main_service)
    total = sum(count for _, count in counts)
    colours = ordinal_colours(len(counts))
    service = content.services[content.main_service].short
    return {
        "caption": both(labels_page.CLASS_TABLE, service=service).to(language),
        "head": [
            labels.PEAK_CLASS.to(language),
            labels.AREAS_COUNT.to(language),
            labels.SHARE_OF_AREAS.to(language),
        ],
        "rows": [
            {
                "label": label.to(language),
                "colour": colour,
                "count": f"{count:,}",
                "share": f"{100 * count / total:.1f}%" if total else NOTHING,
            }
            for (label, count), colour in zip(counts, colours, strict=True)
        ],
    }


def area_list(content: ReportContent, language: Language) -> dict[str, Any]:
    """Every area with base value, later values, peak and the course as a small line."""
    service = content.main_service
    frame = area_rows(content, service)
    annual = annual_values(content, service)
    shown = _list_years(content)
    label = content.services[service]
    first, last = int(annual.columns[0]), int(annual.columns[-1])
    head = [
        labels.PREFECTURE_NAME,
        labels.AREA_CODE,
        labels.AREA_NAME,
    ]
    tail = [
        labels.PEAK_GRID,
        labels.PEAK_ANNUAL,
        labels_page.PLATEAU_SHORT,
        labels_page.GROWTH_SHORT,
        labels_page.COURSE.format(first=first, last=last),
    ]
    return {
        "caption": both(labels_page.AREA_TABLE, service=label.short, unit=label.unit).to(language),
        "head": [
            *(text.to(language) for text in head),
            *(year_label(content, year, language) for year in shown),
            *(text.to(language) for text in tail),
        ],
        "rows": [_area(row, annual, shown, content, language) for _, row in frame.iterrows()],
    }


def _list_years(content: ReportContent) -> list[int]:
    years = years_shown(content)
    base = content.base_year if content.base_year in years else years[0]
    return sorted({base, *(year for year in years if year in {2030, LATE}), years[-1]})


def _area(
    row: pd.Series[Any], annual: pd.DataFrame, shown: list[int], content: ReportContent, language: Language
) -> dict[str, Any]:
    code = str(row["prefecture_code"])
    missing = row["peak_year_annual"] != row["peak_year_annual"]
    year = None if missing else int(row["peak_year_annual"])
    growth = row["growth"]
    if year is None:
        said, plateau = NOTHING, NOTHING
    else:
        censored = bool(row["censored"])
        edge = year == int(annual.columns[0])
        template = labels.OR_LATER if censored else labels.OR_BEFORE if edge else labels.YEAR
        said = template.format(year=year).to(language)
        if censored:
            mark = labels_page.CENSORED_SHORT.to(language)
            said += f"（{mark}）" if language == "ja" else f" ({mark})"
        plateau = f"{int(row['plateau_start'])}～{int(row['plateau_end'])}"
        plateau = plateau if language == "ja" else plateau.replace("～", "-")
    return {
        "code": str(row["area_code"]),
        "name": str(row["area_name"]),
        "prefecture_code": code,
        "prefecture": labels.prefecture_label(code, str(row["prefecture_name"]), language),
        "shown": [_whole(row[value]) for value in shown],
        "group": NOTHING if year is None else class_label(str(row["peak_class"]), content, language),
        "annual": said,
        "plateau": plateau,
        "growth": NOTHING if growth != growth else f"{with_sign(100 * growth, 1)}%",
        "spark": _spark(annual.loc[row["area_code"]], year) if row["area_code"] in annual.index else None,
    }


def _spark(course: pd.Series[Any], peak: int | None) -> dict[str, Any]:
    values = [float(value) for value in course]
    top = max(values) or 1.0
    step = (SPARK_WIDTH - 2 * SPARK_MARGIN) / max(len(values) - 1, 1)

    def point(place: int) -> tuple[str, str]:
        x = SPARK_MARGIN + step * place
        y = SPARK_HEIGHT - SPARK_MARGIN - (SPARK_HEIGHT - 2 * SPARK_MARGIN) * values[place] / top
        return f"{x:.0f}", f"{y:.1f}"

    places = range(len(values))
    marked = None if peak is None else list(course.index).index(peak)
    x, y = (None, None) if marked is None else point(marked)
    return {"points": " ".join(",".join(point(place)) for place in places), "x": x, "y": y}


def band_table(content: ReportContent, language: Language) -> PlainTable | None:
    """Areas by peak under other open bands."""
    if content.band_counts.empty:
        return None
    head = [labels.OPEN_BAND, labels.AREAS_COUNT, labels.PEAK_2040, labels.BY_CLASS]
    rows = [
        [
            labels.age_label(str(row["open_band"]), language),
            f"{int(row['areas']):,}",
            f"{int(row['peak_2040_or_later']):,}",
            by_class_label(str(row["by_class"]), content, language),
        ]
        for _, row in content.band_counts.iterrows()
    ]
    return PlainTable(
        labels_page.BAND_TABLE.to(language), [text.to(language) for text in head], rows, numbers=False
    )


def comparison_table(content: ReportContent, language: Language) -> PlainTable | None:
    """Agreement with the ministry's projection."""
    if content.comparison.empty:
        return None
    ratio = labels_page.RATIO.to(language)
    head = [
        ratio,
        *(
            t.to(language)
            for t in (labels.AREAS_COUNT, labels.CORRELATION, labels.MEDIAN_ABS, labels.P95_ABS)
        ),
    ]
    rows = [
        [
            labels_page.RATIO_OF.format(late=int(row["to_year"]), early=int(row["from_year"])).to(language),
            f"{int(row['n']):,}",
            f"{row['correlation']:.3f}",
            f"{row['median_abs']:.1f}",
            f"{row['p95_abs']:.1f}",
        ]
        for _, row in content.comparison.iterrows()
    ]
    return PlainTable(labels_page.COMPARISON_TABLE.to(language), head, rows)


def care_table(content: ReportContent, language: Language) -> PlainTable | None:
    """Certified persons of the whole run by year and level."""
    frame = content.certified_summary
    if frame.empty:
        return None
    levels = list(dict.fromkeys(frame["level"]))
    sums = frame.groupby(["year", "level"])["value"].sum().unstack("level")[levels]
    head = [labels.YEAR_HEADER.to(language), labels.TOTAL.to(language)]
    head += [labels.level_label(str(level), language) for level in levels]
    rows = [
        [
            labels.YEAR.format(year=year).to(language),
            _whole(row.sum()),
            *(_whole(row[level]) for level in levels),
        ]
        for year, row in sums.sort_index().iterrows()
    ]
    return PlainTable(both(labels_page.CARE_TABLE, scope=sum_scope(content)).to(language), head, rows)


def need_table(content: ReportContent, language: Language) -> PlainTable | None:
    """Bounds of the overlap for the whole run; sums of bounds bound the sum."""
    frame = content.double_need
    if frame.empty:
        return None
    names = {"lower": labels.LOWER, "independent": labels.INDEPENDENT, "upper": labels.UPPER}
    sums = frame.groupby("year")[list(names)].sum().sort_index()
    head = [labels.YEAR_HEADER.to(language), *(text.to(language) for text in names.values())]
    rows = [
        [labels.YEAR.format(year=year).to(language), *(_whole(row[name]) for name in names)]
        for year, row in sums.iterrows()
    ]
    return PlainTable(both(labels_page.NEED_TABLE, scope=sum_scope(content)).to(language), head, rows)


def _whole(value: float) -> str:
    return NOTHING if value != value else f"{value:,.0f}"
