"""Sentences of a report that depend on the run: what was asked for, how to read it, why other counts differ."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.areas.municipalities import WHOLE_FUKUSHIMA
from zaitaku_demand.parameters import PARAMETER_NAMES, RunParameters
from zaitaku_demand.projection.job import MainJob, main_job
from zaitaku_demand.projection.peak import LATE_PEAK
from zaitaku_demand.rates.model import LEVELS
from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS
from zaitaku_demand.report.labels import prefecture_label
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd


def run_title(job: MainJob) -> Text:
    """Title of the report."""
    name = job.grid.rates.names[0]
    if job.parameters.prefecture is None:
        return Text(f"{name.ja}の将来推計とピーク年", f"Projection and peak year: {name.en}")
    place = _prefecture(job)
    return Text(
        f"{place.ja}：{name.ja}の将来推計とピーク年", f"{place.en}: projection and peak year, {name.en}"
    )


def describe(job: MainJob) -> list[tuple[Text, Text]]:
    """The parameters of the run as label and value."""
    rates = job.grid.rates
    editions = {
        "2023": Text("令和5年推計（2023年）", "2023 edition (令和5年推計)"),
        "2018": Text("平成30年推計（2018年）", "2018 edition (平成30年推計)"),
    }
    names = rates.names
    values: dict[str, Text] = {
        "edition": editions[job.parameters.edition],
        "areas": job.population.system.label,
        "rates": rates.source,
        "rate_year": Text(f"{rates.base_year}年度", f"FY{rates.base_year}"),
        "services": Text("、".join(name.ja for name in names), ", ".join(name.en for name in names)),
        "scenarios": job.scenario.name,
        "horizon": Text(f"{job.grid.years[-1]}年", f"{job.grid.years[-1]}"),
        "open_band": _open_band(job),
    }
    if job.parameters.population_file is not None:
        values["population_file"] = Text(
            job.parameters.population_file.name, job.parameters.population_file.name
        )
    if job.parameters.certified_file is not None:
        values["certified_file"] = Text(
            job.parameters.certified_file.name, job.parameters.certified_file.name
        )
    if job.parameters.prefecture is not None:
        values["prefecture"] = _prefecture(job)
    if job.parameters.open_band == 95 and rates.level != "user":
        values["ratio_95plus"] = _ratio_95plus(job)
    return [(PARAMETER_NAMES[key], value) for key, value in values.items()]


def run_notes(job: MainJob) -> list[Text]:
    """Notes that stand with every table of the run."""
    rates = job.grid.rates
    notes = [
        *_course(job),
        Text(
            "人口は各年10月1日。5年ごとの公表値の間は、年齢階級ごとに形状を保つ補間（PCHIP）で求めた推計値である。",
            "Population is of 1 October; between the published five-year steps every age group is interpolated (PCHIP, shape-preserving) and is an estimate.",
        ),
        Text(
            "ピーク年（5年ごと）は公表年の中で値が最大の年、ピーク年（毎年）は補間した毎年の値が最大の年である。推計期間の最終年が最大の場合は「打切り」とし、実際のピークはそれより後の可能性がある。",
            "The peak on the grid is the published year with the largest value, the annual peak that of the interpolated years. Where the last year is the largest the peak is marked censored: the true one may come later.",
        ),
        Text(
            "高原期間は、毎年の値がピーク値の1％以内にある、ピークを含む連続した期間である。",
            "The plateau is the unbroken run of years around the peak within 1 % of its value.",
        ),
        Text(f"最高年齢階級：{_open_band(job).ja}。", f"Open age band: {_open_band(job).en}."),
        Text(
            "要介護・要支援認定者数は2022年9月の全国の年齢別認定率を人口に乗じ、2024年3月末の都道府県別・要介護度別の認定者数に合わせた推計値である。",
            "Certified persons are estimates: national rates by age of September 2022 times the population, scaled to the prefectures' counts by level of March 2024.",
        ),
        Text(
            "認定者の性・要介護度別の構成は利用者が与えた公式の表による。",
            "The composition of the certified by sex and level is that of the official table the user gave.",
        )
        if job.parameters.certified_file is not None
        else Text(
            "認定者の要介護度別の構成のうち、女性の70歳以上は公表された周辺値から推計したものである。",
            "In the composition of the certified by level, women of 70 and over are estimated from published margins.",
        ),
        *rates.notes,
    ]
    if (job.population.areas["area_code"] == WHOLE_FUKUSHIMA[0]).any():
        notes.append(
            Text(
                "平成30年推計では福島県は県計のみのため、全国計には含め、ピークの圏域数からは除いた。",
                "The 2018 edition gives Fukushima as a whole only: it is inside national sums and outside the counts of peaks.",
            )
        )
    if float(rates.estimated_share.max(initial=0.0)) > 0:
        share = 100 * rates.estimated_share.max()
        notes.append(
            Text(
                f"地域比の元になる件数のうち、秘匿された値の推計分は最大{share:.2f}％である。",
                f"Of the counts behind the ratios, up to {share:.2f} % stand for suppressed cells (estimated).",
            )
        )
    return notes


def _course(job: MainJob) -> list[Text]:
    """How rates and population go on in this run."""
    rates, scenario = job.grid.rates, job.scenario
    level = LEVELS[rates.level]
    opening = Text("将来の値はすべて推計値である。", "All future figures are estimates: ")
    if scenario.changes_rates:
        course = Text(
            f"{rates.base_year}年度の率（{level.ja}）から、シナリオ「{scenario.name.ja}」に従って変わるとしている。{scenario.note.ja}",
            f"from the rates of FY{rates.base_year} ({level.en}) on they follow the scenario '{scenario.name.en}'. {scenario.note.en}",
        )
    else:
        course = Text(
            f"{rates.base_year}年度の率（{level.ja}）が将来も変わらないと仮定している。",
            f"the rates of FY{rates.base_year} ({level.en}) are held constant.",
        )
    notes = [Text(opening.ja + course.ja, opening.en + course.en)]
    if scenario.changes_rates and not scenario.follows_trend:
        notes.append(
            Text(
                "このシナリオは率を一定とした現状投影からの変化で、率の趨勢を含まない。標準の率の先行きに加えるには「--scenario default」を併せて指定する。",
                "This scenario departs from constant rates and holds no trend; give --scenario default as well to add it to the default course of the rates.",
            )
        )
    if scenario.population is not None:
        notes.append(
            Text(
                f"人口はシナリオ「{scenario.name.ja}」による。",
                f"The population is that of the scenario '{scenario.name.en}'.",
            )
        )
    return notes


def explain(job: MainJob, bands: pd.DataFrame, comparison: pd.DataFrame) -> list[Text]:
    """How to read the peak, and why other published counts differ."""
    paragraphs: list[Text] = []
    if len(bands):
        ja = "、".join(f"{row.open_band}では{row.peak_2040_or_later}" for row in bands.itertuples())
        en = ", ".join(f"{row.peak_2040_or_later} with {row.open_band}" for row in bands.itertuples())
        total = int(bands["areas"].iloc[0])
        paragraphs.append(
            Text(
                f"ピーク年は、最高年齢階級をどこで切るかに最も強く左右される。今回の推計で{LATE_PEAK}年以降にピークを迎える圏域（{total}圏域中）は、最高年齢階級が{ja}である。"
                "最高階級を低い年齢で切ると、その中で進む高齢化（率の高い90歳以上の増加）が数に表れず、ピークが早く見える。",
                f"The peak year depends most of all on where the open age band starts. Of {total} areas, those peaking in {LATE_PEAK} or later number {en}. "
                "A lower open band hides the ageing that goes on inside it (more people of 90 and over, whose rate is highest), so the peak seems to come earlier.",
            )
        )
    if (
        job.parameters.own_rates is None
        and job.parameters.prefecture is None
        and HOME_VISIT_PATIENTS in job.grid.rates.services
    ):
        counts = late_peaks_2018()
        paragraphs.append(
            Text(
                f"厚生労働省の資料には、{LATE_PEAK}年以降にピークを迎える圏域として203（329圏域中、患者調査2017年×平成30年推計）、237（同じ率×令和5年推計）、321（339構想区域中、令和7年の推計、NDB2024年度×令和5年推計）という異なる数がある。"
                f"本ツールで2017年度のNDBの率と平成30年推計（329圏域）を用いると、最高階級75歳以上で{counts[75]}、85歳以上で{counts[85]}、90歳以上で{counts[90]}となり、この差の大部分が再現される。"
                "203と237は高齢の年齢階級が粗い患者調査の受療率（患者の住所地、都道府県別）によるため少なく、321は5歳階級の率で期間が2050年まで延びたため多い。203と237の差は、将来推計人口の版（令和5年推計の方が高齢者が長く増える）と期間の差による。",
                f"The ministry's own papers give different numbers of areas peaking in {LATE_PEAK} or later: 203 (of 329; Patient Survey 2017 × 2018 edition), 237 (same rates × 2023 edition) and 321 (of 339; R7 projection, NDB FY2024 × 2023 edition). "
                f"With the NDB rates of FY2017 and the 2018 edition (329 areas) this toolkit finds {counts[75]} with the open band 75+, {counts[85]} with 85+ and {counts[90]} with 90+, which reproduces most of that spread. "
                "203 and 237 are low because the Patient Survey's rates (by residence, by prefecture) have coarse old-age bands; 321 is high because its rates have five-year ages and its horizon reaches 2050. 203 and 237 differ by the edition of the population (older people grow for longer in the 2023 edition) and by the horizon.",
            )
        )
    if len(comparison):
        pairs_ja = "、".join(
            f"{row.to_year}年/{row.from_year}年の比は相関{row.correlation:.3f}・差の中央値{row.median_abs:.1f}％"
            for row in comparison.itertuples()
        )
        pairs_en = ", ".join(
            f"index {row.to_year}/{row.from_year}: correlation {row.correlation:.3f}, median difference {row.median_abs:.1f} %"
            for row in comparison.itertuples()
        )
        paragraphs.append(
            Text(
                f"厚生労働省の令和7年推計（レセプト件数）との比較（当てはめは行っていない）：{pairs_ja}。",
                f"Against the ministry's R7 projection (receipts; nothing is fitted to it): {pairs_en}.",
            )
        )
    return paragraphs


@cache
def late_peaks_2018() -> dict[int, int]:
    """Areas of the 329 that peak in 2040 or later: NDB FY2017 national rates × 2018 edition, by open band."""
    counts: dict[int, int] = {}
    for band in (75, 85, 90):
        parameters = RunParameters(
            edition="2018",
            areas="335",
            rates="national",
            rate_year=2017,
            open_band=band,
            scenarios=("base",),
        )
        grid = main_job(parameters).grid
        areas = (grid.population.areas["area_code"] != WHOLE_FUKUSHIMA[0]).to_numpy()
        years = np.array(grid.years)[grid.values[0].argmax(axis=1)]
        counts[band] = int((years[areas] >= LATE_PEAK).sum())
    return counts


def _prefecture(job: MainJob) -> Text:
    """The prefecture of a run of one."""
    first = job.population.areas.iloc[0]
    name = str(first["prefecture_name"])
    return Text(name, prefecture_label(str(first["prefecture_code"]), name, "en"))


def _open_band(job: MainJob) -> Text:
    band = job.grid.rates.open_band
    if band == "95+" and job.grid.population.open_band_state == "estimated":
        return Text(
            "95歳以上（90歳以上を国勢調査の構成比で分割した推計、合計は公式値）",
            "95+ (90+ split by census shares: estimated; the sum stays official)",
        )
    return Text(f"{band.rstrip('+')}歳以上", band)


def _ratio_95plus(job: MainJob) -> Text:
    profile = job.grid.rates.profile[0, 0]
    ratios = profile[:, -1] / profile[:, -2]
    listed = "、".join(f"{ratio:.2f}" for ratio in ratios)
    given = job.parameters.ratio_95plus is not None
    how = (
        Text("指定値", "given")
        if given
        else Text("率の年齢勾配から求めた値", "from the age gradient of the rates")
    )
    sexes = "" if len(ratios) == 1 else "（男、女）"
    return Text(f"{listed}{sexes}（{how.ja}）", f"{listed.replace('、', ', ')} ({how.en})")
