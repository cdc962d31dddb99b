"""A scenario in plain sentences, one for each difference from 現状投影."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.rates.services import services
from zaitaku_demand.scenarios.profiles import PROFILES
from zaitaku_demand.scenarios.schema import (
    BedShift,
    Convergence,
    PlaceShift,
    RateChange,
    Scenario,
    SupplyLimit,
    Timed,
    Trend,
)
from zaitaku_demand.text import Text

_TRENDS = {
    "best": Text(
        "利用率は、一定または減衰する趨勢のうち、過去の検証で誤差が最小の方法にサービスごとに従う",
        "Rates of each service stay constant or follow their damped trend, whichever had the smaller error in the backtest",
    ),
    "best_trend": Text("率の趨勢が減衰しながら続く", "The trend of the rates goes on, damped"),
    "damped": Text("全国の率の趨勢が減衰しながら続く", "The trend of the national rates goes on, damped"),
    "damped_place": Text(
        "全国の率の趨勢と都道府県ごとの変化が減衰しながら続く",
        "The trend of the national rates and each prefecture's own change go on, damped",
    ),
}
_SEXES = {"male": Text("男性", "men"), "female": Text("女性", "women")}
_KINDS = {"療養病床": Text("療養病床", "long-term beds"), "一般病床": Text("一般病床", "general beds")}


def describe_scenario(scenario: Scenario) -> list[Text]:
    """What the scenario changes; one sentence says so if it changes nothing."""
    lines: list[Text] = []
    if scenario.follows_trend and scenario.trend is not None:
        lines.append(_trend(scenario.trend))
    lines += [_rate(each) for each in scenario.rate]
    lines += [_converge(each) for each in scenario.converge]
    lines += [_beds(each) for each in scenario.beds]
    lines += [_place(each) for each in scenario.place]
    if scenario.population is not None:
        name = Path(scenario.population.file or scenario.population.multipliers or "").name
        lines.append(
            Text(f"人口は {name} による", f"The population is that of {name}")
            if scenario.population.file is not None
            else Text(
                f"人口に {name} の倍率を乗じる", f"The population is multiplied by the factors of {name}"
            )
        )
    lines += [_supply(each) for each in scenario.supply]
    nothing = Text("基準年の利用率のまま変えない", "The rates of the base year stay as they are")
    return lines or [nothing]


def _trend(trend: Trend) -> Text:
    course = _TRENDS[trend.method]
    if trend.damping is None:
        return course
    return Text(
        f"{course.ja}（減衰係数 {trend.damping:g}）", f"{course.en} (damped by {trend.damping:g} a year)"
    )


def _rate(change: RateChange) -> Text:
    sex = _SEXES[change.sex] if change.sex else None
    ages = Text(f"{change.ages}歳", f"ages {change.ages}") if change.ages else None
    who_ja = "".join(part.ja for part in (sex, ages) if part) or "全年齢"
    who_en = ", ".join(part.en for part in (sex, ages) if part) or "all ages"
    size = 100 * (change.size - 1)
    ja, en = _when(change)
    named = _services(change.service)
    return Text(
        f"{_areas(change.areas).ja}の{named.ja}の利用率（{who_ja}）が{ja} {size:+.4g}％",
        f"Rates of {named.en} ({who_en}; {_areas(change.areas).en}) change by {size:+.4g} % {en}",
    )


def _converge(change: Convergence) -> Text:
    targets = {
        "national": Text("全国", "the nation"),
        "best_fifth": Text("上位5分の1（80％点）", "the best fifth (80th percentile)"),
    }
    target = (
        targets[change.target]
        if isinstance(change.target, str)
        else Text(f"全国の{change.target:g}倍", f"{change.target:g} times the nation")
    )
    only = Text("（目標より低い地域だけ）", " (only places below it)") if change.only_below else Text("", "")
    ja, en = _when(change)
    return Text(
        f"{_areas(change.areas).ja}の{_services(change.service).ja}の地域差が、{target.ja}に向けて{ja} {100 * change.share:g}％縮まる{only.ja}",
        f"The gap to {target.en} closes by {100 * change.share:g} % {en} ({_areas(change.areas).en}; {_services(change.service).en}){only.en}",
    )


def _beds(shift: BedShift) -> Text:
    kind = _KINDS[shift.kind]
    if shift.share_of_inpatients is not None:
        size = Text(
            f"入院患者の{100 * shift.share_of_inpatients:g}％",
            f"{100 * shift.share_of_inpatients:g} % of the patients",
        )
    elif shift.patients is not None:
        total = sum(shift.patients.values())
        size = Text(f"患者{total:,.0f}人", f"{total:,.0f} patients")
    else:
        name = Path(shift.file or "").name
        size = Text(f"{name} の患者", f"the patients of {name}")
    ja, en = _when(shift)
    return Text(
        f"{_areas(shift.areas).ja}の{kind.ja}から{size.ja}が{ja}離れ、その{100 * shift.to_home:g}％が訪問診療を受ける",
        f"From {kind.en} ({_areas(shift.areas).en}) {size.en} leave {en}; {100 * shift.to_home:g} % of them receive home visits",
    )


def _place(shift: PlaceShift) -> Text:
    ja, en = _when(shift)
    there = shift.direction == "to_facility"
    return Text(
        f"{_areas(shift.areas).ja}の{'自宅' if there else '施設'}の訪問診療患者の{100 * shift.share:g}％が{ja}{'施設' if there else '自宅'}に移る（合計は同じ）",
        f"{100 * shift.share:g} % of the home-visit patients {'at home' if there else 'in facilities'} move {'to facilities' if there else 'home'} {en} ({_areas(shift.areas).en}); their sum stays",
    )


def _supply(limit: SupplyLimit) -> Text:
    size = (
        Text(f"月{limit.number:g}", f"{limit.number:g} a month")
        if limit.number is not None
        else Text(f"基準年の{limit.per_cent:g}％", f"{limit.per_cent:g} % of the base year")
    )
    return Text(
        f"{_areas(limit.areas).ja}の{_services(limit.service).ja}は{limit.start}年から{size.ja}を上限とする",
        f"{_services(limit.service).en} ({_areas(limit.areas).en}) end at {size.en} from {limit.start} on",
    )


def _when(timed: Timed) -> tuple[str, str]:
    start = (
        Text("基準年", "the base year") if timed.start is None else Text(f"{timed.start}年", f"{timed.start}")
    )
    how = PROFILES[timed.profile]
    return f"{start.ja}から{timed.end}年までに{how.ja}", f"from {start.en} to {timed.end}, {how.en},"


def _areas(names: tuple[str, ...]) -> Text:
    return Text("・".join(names), ", ".join(names)) if names else Text("全ての圏域", "all areas")


def _services(names: tuple[str, ...]) -> Text:
    if not names:
        return Text("全サービス", "all services")
    known = services()
    shown = [known[name].short if name in known else Text(name, name) for name in names]
    return Text("・".join(each.ja for each in shown), ", ".join(each.en for each in shown))
