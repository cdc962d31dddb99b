"""The sum of the run by age group, year by year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaitaku_demand.report import labels
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_style import (
    GREY,
    INK,
    VERMILLION,
    caption,
    font_family,
    ordinal_colours,
    save,
    settings,
)
from zaitaku_demand.report.view import age_order, national_values, sum_scope
from zaitaku_demand.text import Language


def draw_national_by_age(content: ReportContent, folder: Path, language: Language, suffix: str) -> list[Path]:
    """Draw ``national_by_age``: a band an age group, youngest at the bottom."""
    import pandas as pd
    from plotnine import (
        aes,
        annotate,
        geom_area,
        geom_vline,
        ggplot,
        guide_legend,
        guides,
        labs,
        scale_fill_manual,
        scale_x_continuous,
        scale_y_continuous,
        theme,
    )

    service = content.main_service
    frame = content.national_by_age[content.national_by_age["service"] == service]
    groups = age_order(list(frame["age_group"].unique()))
    names = [labels.age_label(group, language) for group in groups]
    oldest_first = names[::-1]
    shown = frame.assign(
        group=pd.Categorical(
            frame["age_group"].map(dict(zip(groups, names, strict=True))), oldest_first, ordered=True
        )
    )
    label = content.services[service]
    first, last = int(frame["year"].min()), int(frame["year"].max())
    sums = national_values(content, service)
    peak = max(sums, key=lambda year: sums[year])
    top = max(sums.values())
    marked = [year for year in sorted({content.base_year, peak}) if year in sums]
    text = caption(content, service, language, 142)
    plot: Any = (
        ggplot(shown, aes("year", "value", fill="group"))
        + geom_area(color="white", size=0.2)
        + scale_fill_manual(values=ordinal_colours(len(names))[::-1])
        + scale_x_continuous(breaks=list(range(first - first % 5, last + 1, 5)), expand=(0.02, 0))
        + scale_y_continuous(labels=_thousands, limits=(0, top * 1.24), expand=(0, 0))
        + guides(fill=guide_legend(title=labels.AGE_GROUP.to(language)))
        + labs(
            title=labels.AGE_FIGURE_TITLE.format(
                service=label.short.to(language), scope=sum_scope(content).to(language)
            ).to(language),
            x=labels.YEAR_HEADER.to(language),
            y=label.unit.to(language),
            caption=text,
        )
        + base_theme((9, 5.6))
        + theme(legend_position="right")
    )
    if first <= content.base_year <= last:
        plot += geom_vline(xintercept=content.base_year, linetype="dashed", color=INK, size=0.5)
    for year in marked:
        said = labels.BASE_YEAR if year == content.base_year else labels.YEAR
        comma = f"{sums[year]:,.0f}"
        plot += annotate(
            "text",
            # The base year stands at the top of its line: beside its point the bands would cover it.
            x=year + (last - first) * 0.008 if year == content.base_year else year,
            y=top * 1.23 if year == content.base_year else sums[year] + top * 0.02,
            label=f"{said.format(year=year).to(language)}\n{comma}",
            family=font_family(),
            size=8,
            va="top" if year == content.base_year else "bottom",
            ha="left" if year <= first + 3 else "right" if year > last - 2 else "center",
        )
        plot += annotate("point", x=year, y=sums[year], color=VERMILLION, size=1.8)
    return _save(plot, folder, f"national_by_age{suffix}")


def base_theme(size: tuple[float, float]) -> Any:
    """The theme of all plotnine figures: the Japanese font and little ink."""
    from plotnine import element_blank, element_line, element_rect, element_text, theme, theme_minimal

    return theme_minimal(base_size=9, base_family=font_family()) + theme(
        figure_size=size,
        plot_title=element_text(size=12, color=INK, ha="left"),
        plot_caption=element_text(size=7.5, color=INK, ha="left", linespacing=1.4),
        plot_title_position="plot",
        plot_caption_position="plot",
        axis_text=element_text(color=INK, size=7.5),
        axis_title=element_text(color=INK, size=9),
        strip_text=element_text(color=INK, size=9, ha="left", margin={"b": 2, "t": 2, "units": "pt"}),
        panel_grid_minor=element_blank(),
        panel_grid_major_x=element_blank(),
        panel_grid_major_y=element_line(color="#E2E2E2", size=0.4),
        axis_line_x=element_line(color=GREY, size=0.5),
        plot_background=element_rect(fill="white", color="white"),
    )


def _thousands(values: list[float]) -> list[str]:
    return [f"{value:,.0f}" for value in values]


def _save(plot: Any, folder: Path, name: str) -> list[Path]:
    import warnings

    import matplotlib
    from plotnine.exceptions import PlotnineWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PlotnineWarning)
        with matplotlib.rc_context(settings()):
            figure = plot.draw()
            paths = save(figure, folder, name)
    import matplotlib.pyplot as plt

    plt.close(figure)
    return paths
