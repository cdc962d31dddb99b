"""The few sentences that stand at the head of page and workbook."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from zaitaku_demand.projection.peak import LATE_PEAK, PLATEAU_SHARE
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_reading import certainty_sentences, late_sentences
from zaitaku_demand.report.view import (
    about,
    area_term,
    both,
    class_counts,
    national_values,
    sum_scope,
    with_sign,
)
from zaitaku_demand.text import Text

RISES = Text(
    "{scope}の{service}は、{base}年の約{now}{unit}から、{peak}年に約{top}{unit}（{growth}）で最も多くなる見込みです。",
    "{service}, {scope}: from about {now} {unit} in {base} to a peak of about {top} {unit} in {peak} ({growth}).",
)
RISES_TO_END = Text(
    "{scope}の{service}は、{base}年の約{now}{unit}から増え、推計期間の最終年である{peak}年に約{top}{unit}（{growth}）で最も多くなります。その後も増える可能性があります。",
    "{service}, {scope}: from about {now} {unit} in {base} to about {top} {unit} in {peak} ({growth}), the last year projected; "
    "the number may go on rising after it.",
)
FALLS = Text(
    "{scope}の{service}は、{peak}年の約{top}{unit}が最も多く、{last}年には約{end}{unit}となる見込みです。",
    "{service}, {scope}: highest in {peak} with about {top} {unit}, about {end} {unit} in {last}.",
)
FLAT = Text(
    "ただし、{listed}年の値はいずれも最大値の1％以内で、ほぼ横ばいです。",
    "The values of {listed} are within 1 % of the highest: nearly flat.",
)
PEAKS_LATE = Text(
    "{n}{term}のうち、{late}年以降にピークを迎えるのは{count}圏域（{share}）です。",
    "{count} of {n} {term} ({share}) peak in {late} or later.",
)
PEAKS_CENSORED = Text(
    "うち{count}圏域は推計期間の最終年（{last}年）が最大（打切り）で、実際のピークはそれより後の可能性があります。",
    "In {count} of them the last year projected ({last}) is the largest (censored): the true peak may come later.",
)
PEAKS_BY_CLASS = Text("内訳：{listed}。", "By class: {listed}.")
ESTIMATE = Text(
    "数値はすべて推計値であり、実績ではありません。", "All figures are estimates, not observed numbers."
)


def headlines(content: ReportContent, forecast: ForecastContent | None = None) -> list[Text]:
    """What a planner should know first: how many now and at the peak, how sure that is, when the areas peak.

    Parameters
    ----------
    content : ReportContent
    forecast : ForecastContent, optional
        Adds the 80 % interval of the top figure, its value at constant rates and how the rates go on.
    """
    sums = national_values(content, content.main_service)
    certainty = [] if forecast is None else certainty_sentences(forecast, content, _peak_year(sums))
    late = [] if forecast is None else late_sentences(forecast)
    return [_numbers(content), *_flat(content), *certainty, *_peaks(content), *late, ESTIMATE]


def _peak_year(sums: dict[int, float]) -> int:
    return max(sums, key=lambda year: (sums[year], -year))


def _numbers(content: ReportContent) -> Text:
    sums = national_values(content, content.main_service)
    label = content.services[content.main_service]
    years = sorted(sums)
    base = content.base_year if content.base_year in sums else years[0]
    peak, last = _peak_year(sums), years[-1]
    template = FALLS if peak <= base else RISES_TO_END if peak == last else RISES
    growth = f"{with_sign(100 * (sums[peak] / sums[base] - 1))}%" if sums[base] > 0 else "－"
    return both(
        template,
        scope=sum_scope(content),
        service=label.short,
        unit=label.unit,
        base=base,
        now=about(sums[base]),
        peak=peak,
        top=about(sums[peak]),
        growth=Text(growth.replace("%", "％"), growth),
        last=last,
        end=about(sums[last]),
    )


def _flat(content: ReportContent) -> list[Text]:
    """Say so where the highest grid year hardly stands out."""
    sums = national_values(content, content.main_service)
    top = max(sums.values())
    near = [str(year) for year in content.grid_years if year in sums and sums[year] >= PLATEAU_SHARE * top]
    return [both(FLAT, listed=Text("・".join(near), ", ".join(near)))] if len(near) > 1 else []


def _peaks(content: ReportContent) -> list[Text]:
    counts = class_counts(content, content.main_service)
    total = sum(count for _, count in counts)
    if not total:
        return []
    peaks = content.peaks[content.peaks["service"] == content.main_service]
    censored = int(peaks["censored"].sum())
    last = content.grid_years[-1]
    sentences = []
    if last > LATE_PEAK:
        late = sum(
            count for year, (_, count) in zip(content.grid_years, counts, strict=True) if year >= LATE_PEAK
        )
        share = f"{100 * late / total:.0f}%"
        term = area_term(content)
        said = both(
            PEAKS_LATE,
            n=total,
            term=term,
            late=LATE_PEAK,
            count=late,
            share=Text(share.replace("%", "％"), share),
        )
        sentences.append(said)
    if censored and sentences:
        sentences.append(PEAKS_CENSORED.format(count=censored, last=last))
    present = [(label, count) for label, count in counts if count]
    listed = Text(
        "、".join(f"{label.ja} {count}" for label, count in present),
        ", ".join(f"{label.en} {count}" for label, count in present),
    )
    sentences.append(both(PEAKS_BY_CLASS, listed=listed))
    return sentences
