"""The reference page of all indicators, generated from the declarations."""

from __future__ import annotations

from zaitaku_demand.indicators.catalogue import indicators, set_of_indicators
from zaitaku_demand.indicators.declaration import (
    ADJUSTMENTS,
    BETTER,
    COMPARISONS,
    FUNCTIONS,
    LEVEL_NAMES,
    PLACES,
    STATISTICS,
    TYPES,
    Indicator,
)
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.indicators.template import data_need
from zaitaku_demand.text import Language, Text

YES_NO = (Text("いいえ", "no"), Text("はい", "yes"))
FIELD_NAMES: dict[str, Text] = {
    "definition": Text("定義", "Definition"),
    "rationale": Text("意義", "Rationale"),
    "numerator": Text("分子", "Numerator"),
    "denominator": Text("分母", "Denominator"),
    "unit": Text("単位", "Unit"),
    "multiplier": Text("乗数", "Multiplier"),
    "statistic": Text("統計量", "Statistic"),
    "adjustment": Text("調整", "Adjustment"),
    "better": Text("望ましい向き", "Better direction"),
    "comparison": Text("比較の相手", "Compared with"),
    "key": Text("主要指標", "Key indicator"),
    "official_source": Text("公式の出典", "Official source"),
    "place": Text("場所の基準", "Place basis"),
    "levels": Text("地域の単位", "Levels"),
    "suppression": Text("推計値を示す限度", "Estimates shown up to"),
    "minimum_count": Text("比較に要する最小件数（年）", "Minimum count a year"),
    "caveats": Text("注意", "Caveats"),
    "supplement_of": Text("補う指標", "Supplement of"),
    "version": Text("版", "Version"),
    "data_need": Text("利用者が値を与えるとき", "File of a user"),
}

_TITLE = Text("# 共通指標", "# Common indicators")
_INTRODUCTION = Text(
    "この頁は `indicators/` の宣言から作られる（`zaitaku indicators reference --lang ja`）。共通指標は{count}、補足の指標は{more}。"
    "指標のIDは本ツールのものである。名称は第8次医療計画の指標例によるが、通知の文言は利用者が確かめること。主要指標の選定も本ツールによる。",
    "This page is generated from the declarations in `indicators/` (`zaitaku indicators reference --lang en`): {count} indicators "
    "of the set and {more} supplements. The ids are ours; the names follow the examples of the 8th medical plan, whose "
    "wording a user should check against the notice. Which indicators are key is our choice too.",
)
_CONTENTS = Text("## 一覧", "## Contents")
_HEAD = Text("| ID | 指標 | 種別 | 機能 | 単位 |", "| ID | Indicator | Type | Function | Unit |")
_RULE = "| --- | --- | --- | --- | --- |"


def reference_page(language: Language) -> str:
    """All indicators with all fields as Markdown."""
    declared = indicators()
    core = set_of_indicators()
    lines = [
        _TITLE.to(language),
        "",
        _INTRODUCTION.format(count=len(core), more=len(declared) - len(core)).to(language),
        "",
        _CONTENTS.to(language),
        "",
        _HEAD.to(language),
        _RULE,
    ]
    for each in declared.values():
        cells = (
            f"[{each.id}](#{each.id.lower()})",
            each.name.to(language),
            TYPES[each.type].to(language),
            FUNCTIONS[each.function].to(language),
            each.unit.to(language),
        )
        lines.append("| " + " | ".join(cells) + " |")
    heading = ("", "")
    for each in declared.values():
        if (each.type, each.function) != heading:
            heading = (each.type, each.function)
            lines += ["", f"## {TYPES[each.type].to(language)}: {FUNCTIONS[each.function].to(language)}"]
        lines += ["", f"### {each.id}", "", f"**{each.name.to(language)}**", ""]
        lines += [f"- {name.to(language)}: {text.to(language)}" for name, text in described(each)]
    return "\n".join(lines) + "\n"


def described(each: Indicator) -> list[tuple[Text, Text]]:
    """Every field of a declaration as name and readable content."""
    known = measures()

    def counted(names: tuple[str, ...]) -> Text:
        return Text(
            "＋".join(f"{known[name].name.ja}［{name}］" for name in names),
            " + ".join(f"{known[name].name.en} [{name}]" for name in names),
        )

    below = counted((each.denominator_at("prefecture"),))
    if each.denominator_at("area") != each.denominator_at("prefecture"):
        by_area = counted((each.denominator_at("area"),))
        below = Text(f"{below.ja}（圏域：{by_area.ja}）", f"{below.en} (areas: {by_area.en})")
    if each.adjustment == "indirect":
        below = Text(
            f"期待数（性・年齢別の全国の算定率×地域の人口）。参考の人口は{below.ja}",
            f"expected count (national rates by sex and age × the place's inhabitants); shown beside it: {below.en}",
        )
    multiplier = f"{each.multiplier:,g}"
    tolerance = f"{each.suppression.tolerance:.0%}"
    contents: dict[str, Text] = {
        "definition": each.definition,
        "rationale": each.rationale,
        "numerator": counted(each.numerator),
        "denominator": below,
        "unit": each.unit,
        "multiplier": Text(multiplier, multiplier),
        "statistic": STATISTICS[each.statistic],
        "adjustment": ADJUSTMENTS[each.adjustment],
        "better": BETTER[each.better],
        "comparison": COMPARISONS[each.comparison],
        "key": YES_NO[each.key],
        "official_source": each.official_source,
        "place": PLACES[each.place],
        "levels": Text(
            "、".join(LEVEL_NAMES[level].ja for level in each.levels),
            ", ".join(LEVEL_NAMES[level].en for level in each.levels),
        ),
        "suppression": Text(
            f"確実な上下限の幅の半分、または伏せられた部分の推計が、値の{tolerance}以内",
            f"half the distance of the certain bounds, or the hidden part as estimated, within {tolerance} of the value",
        ),
        "minimum_count": Text(str(each.minimum_count), str(each.minimum_count)),
        "caveats": each.caveats,
        "version": Text(str(each.version), str(each.version)),
    }
    if each.supplement_of is not None:
        contents["supplement_of"] = Text(each.supplement_of, each.supplement_of)
    if each.adjustment != "indirect":
        contents["data_need"] = data_need(each)
    return [(name, contents[field]) for field, name in FIELD_NAMES.items() if field in contents]
