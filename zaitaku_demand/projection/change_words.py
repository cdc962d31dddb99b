"""A change in plain words: names of the factors and one sentence a place, in whole points that add up.

Points are per cent of the value before. They are rounded together by largest remainders, so what a reader adds up is the
printed total.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.projection.change import VIEWS, Change, View
from zaitaku_demand.projection.change_places import Level, group_ids
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

SMALL_CHANGE = 5.0
"""Changes below this many per cent are said with one decimal."""


def change_names(change: Change) -> dict[str, Text]:
    """Names of all factors of all views."""
    names = {
        "size": Text("人口総数", "population size"),
        "mix": Text("年齢・性別構成", "age-sex mix"),
        "structure": Text("圏域間の人口の偏り", "shift of people between areas"),
        "rates": Text("利用率", "rates of use"),
        "added": Text("移行による追加患者", "patients shifted from elsewhere"),
        "ceiling": Text("供給の上限", "ceiling of supply"),
    }
    for identifier, (low, high) in zip(group_ids(change.groups), change.groups.bands, strict=True):
        age = Text(f"{low}歳以上", f"aged {low}+") if high is None else _closed(low, high - 1)
        names[f"people_{identifier}"] = Text(f"{age.ja}の人口", f"people {age.en}")
        names[f"rates_{identifier}"] = Text(f"{age.ja}の利用率", f"rates of those {age.en}")
    for service, name in zip(change.services, change.service_names, strict=True):
        names[f"rates_{service}"] = Text(f"利用率（{name.ja}）", f"rates ({name.en})")
    used = {factor for view in VIEWS for level in change.levels for factor in change.effects(level, view)}
    return {factor: name for factor, name in names.items() if factor in used}


def change_sentences(change: Change, view: View = "ages") -> dict[str, Text]:
    """One sentence a place, by its code (the nation is ``00``)."""
    out = {}
    for level, place in change.levels.items():
        before, after = change.totals(level)
        effects = change.effects(level, view)
        table = np.stack(list(effects.values()), axis=1)
        names = _directed(change, level, list(effects))
        for k, code in enumerate(place.codes):
            phrases = [each[k] for each in names]
            out[code] = _sentence(change, float(before[k]), float(after[k]), table[k], phrases)
    return out


def rounded_parts(parts: FloatArray, decimals: int = 0) -> FloatArray:
    """Parts rounded so that they add up to their rounded sum (largest remainders).

    Parameters
    ----------
    parts : array (n,)
    decimals : int

    Returns
    -------
    array (n,)
        Each differs from its part by less than one unit of the last decimal.

    References
    ----------
    Hamilton's method of largest remainders (Balinski & Young 1982, Fair Representation, chapter 3).
    """
    unit = 10.0**decimals
    scaled = np.asarray(parts, dtype=np.float64) * unit
    # Rounding first to far below the unit keeps -1e-17 from counting as a remainder of nearly 1.
    scaled = np.round(scaled, 9)
    floor = np.floor(scaled)
    missing = int(np.round(scaled.sum()) - floor.sum())
    floor[np.argsort(-(scaled - floor), kind="stable")[:missing]] += 1
    return floor / unit


def _sentence(change: Change, before: float, after: float, effects: FloatArray, phrases: list[Text]) -> Text:
    head = _head(change)
    if not np.isfinite(effects).all() or before == 0:
        why = (
            Text("値が0のため割合では示せない", "the value before is 0, so there is no percentage")
            if before == 0
            else Text(
                "値のない圏域・年齢があるため計算できない", "figures are missing, so it cannot be computed"
            )
        )
        return Text(f"{head.ja}：{why.ja}。", f"{head.en}: {why.en}.")
    points = 100 * effects / before
    decimals = 1 if abs(points.sum()) < SMALL_CHANGE else 0
    rounded = rounded_parts(points, decimals)
    order = [k for k in np.argsort(-np.abs(rounded), kind="stable") if rounded[k] != 0]
    total = _signed(float(np.round(rounded.sum(), decimals)), decimals)
    if not order:
        return Text(f"{head.ja}：{total}％（ほぼ変わらない）。", f"{head.en}: {total} % (hardly any change).")
    ja = "、".join(f"{phrases[k].ja} {_signed(rounded[k], decimals)}" for k in order)
    en = ", ".join(f"{phrases[k].en} {_signed(rounded[k], decimals)}" for k in order)
    return Text(
        f"{head.ja}：{total}％。内訳：{ja}（ポイント）。", f"{head.en}: {total} %. Of this: {en} (points)."
    )


def _head(change: Change) -> Text:
    """``2025年から2040年``, with the scenarios where they differ."""
    old, new = change.before, change.after
    if old.scenario is None or new.scenario is None or old.scenario == new.scenario:
        return Text(f"{old.year}年から{new.year}年", f"{old.year} to {new.year}")
    if old.year == new.year:
        return Text(
            f"{old.year}年の「{new.scenario.ja}」は「{old.scenario.ja}」に比べて",
            f"'{new.scenario.en}' against '{old.scenario.en}' in {old.year}",
        )
    return Text(
        f"{old.year}年（{old.scenario.ja}）から{new.year}年（{new.scenario.ja}）",
        f"{old.year} ({old.scenario.en}) to {new.year} ({new.scenario.en})",
    )


def _directed(change: Change, level: Level, factors: list[str]) -> list[list[Text]]:
    """What every factor does in every place, as a phrase: 90歳以上の増加, 利用率の低下 …"""
    names = change_names(change)
    place = change.levels[level]
    effects = (
        change.effects(level, "ages")
        | change.effects(level, "factors")
        | change.effects(level, "rates_by_age")
    )
    groups = {f"people_{name}": k for k, name in enumerate(group_ids(change.groups))}
    out = []
    for factor in factors:
        up = effects[factor] > 0
        if factor in groups:
            # Inside a group the older may grow while the group shrinks: then it is not its size that changes.
            agrees = up == (place.growth[:, groups[factor]] > 0)
            out.append([_people(names[factor], bool(a), bool(b)) for a, b in zip(up, agrees, strict=True)])
        else:
            out.append([_phrase(factor, names[factor], bool(each)) for each in up])
    return out


def _people(name: Text, up: bool, agrees: bool) -> Text:
    who = Text(name.ja.removesuffix("の人口"), name.en.removeprefix("people "))
    if not agrees:
        return Text(f"{who.ja}の中の年齢構成", f"age mix inside those {who.en}")
    return Text(f"{who.ja}の{'増加' if up else '減少'}", f"{'more' if up else 'fewer'} people {who.en}")


def _phrase(factor: str, name: Text, up: bool) -> Text:
    if factor == "size":
        return Text(f"人口の{'増加' if up else '減少'}", f"{'more' if up else 'fewer'} people")
    if factor == "mix":
        return Text("高齢化などの年齢構成の変化", "ageing and other changes of the age-sex mix")
    if factor == "structure":
        side = ("高い", "higher") if up else ("低い", "lower")
        return Text(f"利用率の{side[0]}圏域への人口の偏り", f"people shifting to areas of {side[1]} use")
    if factor == "added":
        return Text(
            f"移行による患者の{'追加' if up else '減少'}",
            f"{'more' if up else 'fewer'} patients shifted from elsewhere",
        )
    if factor == "ceiling":
        return Text(
            "供給の上限の緩和" if up else "供給の上限による頭打ち",
            "a ceiling of supply that binds less" if up else "the ceiling of supply",
        )
    return Text(f"{name.ja}の{'上昇' if up else '低下'}", f"{'higher' if up else 'lower'} {name.en}")


def _closed(low: int, last: int) -> Text:
    return Text(f"{low}～{last}歳", f"aged {low}-{last}")


def _signed(value: float, decimals: int) -> str:
    text = f"{value:+.{decimals}f}"
    return text.replace("-", "−") if float(text) != 0 else f"±{0:.{decimals}f}"
