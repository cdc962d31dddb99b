"""What tables, workbook, figures and page share: one arrangement of the content, one wording of its basis."""

from __future__ import annotations

import re
from math import floor, log10
from typing import TYPE_CHECKING

from zaitaku_demand.projection.peak import peak_classes
from zaitaku_demand.report import labels
from zaitaku_demand.report.content import ReportContent, SharedContent
from zaitaku_demand.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd

KEYS = ("area_edition", "population_edition", "base_year", "rate_level", "open_band")
PLACE = ["prefecture_code", "prefecture_name", "area_code", "area_name"]
PEAK_COLUMNS = [
    "peak_class",
    "peak_year_grid",
    "peak_year_annual",
    "plateau_start",
    "plateau_end",
    "censored",
    "base_value",
    "base_value_year",
    "peak_value",
    "growth",
    "peak_year_grid_75",
    "peak_year_grid_85",
    "peak_year_grid_90",
    "peak_year_grid_95",
    "population_state",
]
_EDITIONS = {"2023": labels.EDITION_2023, "2018": labels.EDITION_2018}
_TERMS = {
    "330": labels.TERM_SECONDARY,
    "335": labels.TERM_SECONDARY,
    "344": labels.TERM_SECONDARY,
    "339": labels.TERM_PLANNING,
}
MAX_CITATIONS = 5
NOTHING = "－"
MINUS = "\u2212"
"""As wide as a plus; sentences and figures have the same."""
_SIGNIFICANT = 3
_FIRST_CITED = ("NDB", "将来推計人口")


def key_of(content: ReportContent, name: str) -> str:
    """One key of the run, such as its area edition, as text."""
    return str(content.projection[name].iloc[0])


def area_term(content: ReportContent) -> Text:
    """What the areas of the run are called."""
    return _TERMS.get(key_of(content, "area_edition"), labels.TERM_AREA)


def scope(content: ReportContent) -> Text:
    """What the counts of areas cover, always with their number: 329 areas are not the whole country."""
    return _scope(content, labels.NATIONAL_SCOPE, labels.PREFECTURE_SCOPE, labels.AREAS_ALONE)


def sum_scope(content: ReportContent) -> Text:
    """What the sum of the areas covers, anything that is not itself an area named."""
    parts = labels.AREAS_AND if without_peak(content) else labels.AREAS_ALONE
    return _scope(content, labels.NATIONAL_SUM, labels.PREFECTURE_SUM, parts)


def without_peak(content: ReportContent) -> list[str]:
    """Names of what is in the sums without a peak of its own, such as a prefecture given only as a whole."""
    places = content.projection.drop_duplicates("area_code")
    return [
        str(name) for name in places.loc[~places["area_code"].isin(content.peaks["area_code"]), "area_name"]
    ]


def _scope(content: ReportContent, national: Text, prefecture: Text, parts: Text) -> Text:
    others = without_peak(content)
    count = content.projection["area_code"].nunique() - len(others)
    listed = Text("・".join(others), ", ".join(others))
    areas = both(parts, n=count, term=area_term(content), others=listed)
    if content.prefecture_name is None:
        return both(national, areas=areas)
    codes = content.projection["prefecture_code"].unique()
    english = (
        labels.prefecture_label(str(codes[0]), content.prefecture_name, "en")
        if len(codes) == 1
        else f"{len(codes)} prefectures"
    )
    name = Text(content.prefecture_name, english)
    return both(prefecture, areas=areas, name=name)


def both(template: Text, **values: object) -> Text:
    """Fill both halves; a value that is itself a `Text` gives each half its own."""
    halves = [
        {name: value[place] if isinstance(value, Text) else value for name, value in values.items()}
        for place in (0, 1)
    ]
    return Text(template.ja.format(**halves[0]), template.en.format(**halves[1]))


def counted_by_institution(content: ReportContent) -> bool:
    """Whether the rates differ by place, and so count where the institution stands."""
    return key_of(content, "rate_level") in ("prefecture", "area")


def basis(content: ReportContent) -> Text:
    """Editions, base year and open band behind every figure."""
    edition = key_of(content, "population_edition")
    population = _EDITIONS.get(edition, labels.EDITION_OTHER.format(edition=edition))
    band = key_of(content, "open_band")
    return both(
        labels.BASIS,
        population=population,
        base=key_of(content, "base_year"),
        areas=labels.AREA_EDITIONS.get(
            key_of(content, "area_edition"),
            labels.EDITION_NUMBERED.format(edition=key_of(content, "area_edition")),
        ),
        band=Text(labels.age_label(band, "ja"), labels.age_label(band, "en")),
    )


def source_line(content: SharedContent, language: Language, most: int = MAX_CITATIONS) -> str:
    """Publishers, titles and editions in one line, files of one work named once."""
    cited: dict[tuple[str, str], list[str]] = {}
    for source in content.sources:
        cited.setdefault((source.publisher, _series(_work(source.title))), []).append(_work(source.title))
    # Some transcribed files name their editions only inside.
    editions = {
        (s.publisher, _work(s.title)): "" if s.edition == "各表に記載" else s.edition for s in content.sources
    }
    entries = []
    for (publisher, series), works in cited.items():
        several = list(dict.fromkeys(works))
        edition = editions[publisher, several[0]]
        if len(several) > 1:
            ordered = sorted({editions[publisher, work] for work in several})
            edition = "～".join(dict.fromkeys((ordered[0], ordered[-1])))
        entries.append(f"{publisher}「{series if len(several) > 1 else several[0]}」{edition}")
    # What the figures rest on first: the rates, then the population.
    entries.sort(key=lambda entry: next((k for k, word in enumerate(_FIRST_CITED) if word in entry), 9))
    shown = entries[:most]
    if len(entries) > most:
        shown.append(labels.SOURCES_MORE.format(n=len(entries) - most).to(language))
    colon, comma = ("：", "、") if language == "ja" else (": ", "; ")
    return labels.SOURCE.to(language) + colon + comma.join(shown)


def _series(work: str) -> str:
    """A yearly release without its number, so that the releases of many years are named once."""
    return re.sub(r"^第\d+回|（\d{4}年度診療分）", "", work)


def _work(title: str) -> str:
    """The title up to the first space outside brackets, where the name of the single file begins."""
    depth = 0
    for place, letter in enumerate(title):
        depth += (letter in "（([") - (letter in "）)]")
        if letter in " 　" and depth == 0:
            return title[:place]
    return title


def years_shown(content: ReportContent) -> list[int]:
    """Years of the projection table, ascending."""
    return sorted(int(year) for year in content.projection["year"].unique())


def year_label(content: ReportContent, year: int, language: Language) -> str:
    """Heading of a year; the base year is named as such, on two lines."""
    template = labels.BASE_YEAR_HEADER if year == content.base_year else labels.YEAR
    return template.format(year=year).to(language)


def area_rows(content: ReportContent, service: str) -> pd.DataFrame:
    """One row an area of `service`: the places, a column a year (named by its number), the peak columns."""
    frame = content.projection[content.projection["service"] == service]
    wide = frame.pivot(index=PLACE, columns="year", values="value").reset_index()
    wide.columns.name = None
    peaks = content.peaks[content.peaks["service"] == service]
    present = [name for name in PEAK_COLUMNS if name in peaks]
    order = frame["area_code"].drop_duplicates()
    joined = wide.merge(peaks[["area_code", *present]], on="area_code", how="left")
    return joined.set_index("area_code").loc[order].reset_index()[[*PLACE, *years_shown(content), *present]]


def prefecture_rows(content: ReportContent, service: str) -> pd.DataFrame:
    """One row a prefecture of `service`, a column a year."""
    frame = content.prefecture[content.prefecture["service"] == service]
    wide = frame.pivot(index=["prefecture_code", "prefecture_name"], columns="year", values="value")
    wide.columns.name = None
    return wide.reset_index()


def national_values(content: ReportContent, service: str) -> dict[int, float]:
    """Sum of the run by year."""
    frame = content.national[content.national["service"] == service]
    return {int(year): float(value) for year, value in zip(frame["year"], frame["value"], strict=True)}


def annual_values(content: ReportContent, service: str) -> pd.DataFrame:
    """Annual values: a row an area, a column a year."""
    frame = content.annual[content.annual["service"] == service]
    return frame.pivot(index="area_code", columns="year", values="value")


def class_counts(content: ReportContent, service: str) -> list[tuple[Text, int]]:
    """Number of areas in every class, in order, classes without any included."""
    counts = content.peaks.loc[content.peaks["service"] == service, "peak_class"].value_counts()
    return [(label, int(counts.get(label.ja, 0))) for label in peak_classes(content.grid_years)]


def class_label(name: str, content: ReportContent, language: Language) -> str:
    """A class of the peak, which the tables hold in Japanese, in the language of the reader."""
    return {label.ja: label.to(language) for label in peak_classes(content.grid_years)}.get(name, name)


def by_class_label(listed: str, content: ReportContent, language: Language) -> str:
    """The counts by class of one open band in the language of the reader."""
    if language == "ja":
        return listed
    pairs = re.findall(r"([^・ ]+) (\d+)", listed)
    return ", ".join(f"{class_label(name, content, language)}: {count}" for name, count in pairs) or listed


def age_order(groups: list[str]) -> list[str]:
    """Age groups from the youngest up."""
    from zaitaku_demand.ages import parse_band

    def lower(group: str) -> int:
        band = parse_band(group)
        return band[0] if band else 1000

    return sorted(groups, key=lower)


def about(value: float) -> str:
    """Three significant digits with thousands separators: an estimate is not known to the last person."""
    if not value > 0:
        return "0"
    digits = _SIGNIFICANT - 1 - floor(log10(value))
    rounded = round(value, digits)
    return f"{rounded:,.{max(digits, 0)}f}" if digits > 0 and rounded < 100 else f"{rounded:,.0f}"


def with_sign(value: float, decimals: int = 0) -> str:
    """A figure with its sign: a minus of the width of a plus, ``±0`` for what rounds to nothing."""
    if value != value:
        return NOTHING
    said = f"{value:+,.{decimals}f}"
    if float(said.replace(",", "")) == 0:
        return f"±{0:.{decimals}f}"
    return said.replace("-", MINUS)
