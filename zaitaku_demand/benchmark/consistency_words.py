"""What the findings of the consistency checks say."""

from __future__ import annotations

from zaitaku_demand.text import Text

SEVERITY_NAMES: dict[str, Text] = {
    "error": Text("矛盾", "contradiction"),
    "warning": Text("要確認", "to be checked"),
    "note": Text("参考", "for information"),
}
CHECK_NAMES: dict[str, Text] = {
    "parts": Text("内訳が全体を超える", "parts above the whole"),
    "places": Text("地域の合計が上位の地域を超える", "places above what contains them"),
    "proportion": Text("割合が100％を超える", "proportion above 100 %"),
    "activity": Text("実施施設と実績の不一致", "facilities without patients, patients without facilities"),
    "sources": Text("2つの統計の照合", "two sources compared"),
    "jump": Text("年次間の急な変化", "jump between years"),
    "break": Text("系列の断層", "break of a series"),
}

PARTS_CERTAIN = Text(
    "{year}年の「{name}」（{part}）が、全体である「{of}」（{total}）を超えている。",
    "{year}: '{name}' ({part}) exceeds the whole, '{of}' ({total}).",
)
PARTS_ESTIMATED = Text(
    "{year}年の「{name}」（推計{part}）が、全体である「{of}」（{total}）を超えている。"
    "秘匿された値を推計で補ったためで、推計の幅の中では矛盾しない。",
    "{year}: '{name}' (estimated {part}) exceeds the whole, '{of}' ({total}). Hidden cells are estimated; within their "
    "bounds nothing contradicts.",
)
PLACES = Text(
    "{year}年の「{name}」は、内側の地域の合計（{part}）が全体（{total}）を超えている。",
    "{year}: the places inside add up to more ({part}) than the whole ({total}) in '{name}'.",
)
IDLE = Text(
    "{year}年の「{name}」は{part}あるが、「{of}」（{near}年）は0である。",
    "{year}: '{name}' is {part}, but '{of}' ({near}) is 0.",
)
WITHOUT = Text(
    "{year}年の「{name}」は0だが、「{of}」（{near}年）は{part}以上ある。調査の回答漏れや時点の違いがないか確かめてください。",
    "{year}: '{name}' is 0, but '{of}' ({near}) is {part} or more. Check for missing answers and for the difference of "
    "dates.",
)
WITHOUT_ALLOWED = Text(
    "{year}年の「{name}」は0だが、「{of}」（{near}年）は{part}以上ある。届出のない医療機関も行えるため、矛盾ではない。",
    "{year}: '{name}' is 0, but '{of}' ({near}) is {part} or more. Others give this care too; it is no contradiction.",
)
SOURCES_NATION = Text(
    "{name}（{year}年、{part}）は、{of}（{near}年、{total}）の{ratio}倍（都道府県の中央値{median}倍）。時点と数え方の違いを含む。",
    "{name} ({year}: {part}) is {ratio} times {of} ({near}: {total}; median of the prefectures {median}). Dates and ways of "
    "counting differ.",
)
SOURCES_FAR = Text(
    "{name}（{year}年、{part}）は、{of}（{near}年、{total}）の{ratio}倍で、都道府県の中央値{median}倍から通常のばらつきを"
    "超えて離れている。どちらかの誤りとは限らない。",
    "{name} ({year}: {part}) is {ratio} times {of} ({near}: {total}), farther from the prefectures' median of {median} than "
    "the usual spread. Neither need be wrong.",
)
JUMP = Text(
    "「{name}」は{before}年から{year}年に{factor}倍となり、この系列の通常の変化の限界（{usual}倍）を超えている。"
    "算定や報告の仕方に変化がないか確かめてください。",
    "'{name}' changed by a factor of {factor} from {before} to {year}, beyond the limit of its usual changes (a factor of "
    "{usual}). Check for a change of counting or reporting.",
)
JUMP_RELATIVE = Text(
    "「{name}」は{before}年から{year}年に、全国の変化と比べて{factor}倍となり、この地域の通常の変化の限界（{usual}倍）を"
    "超えている。算定や報告の仕方に変化がないか確かめてください。",
    "'{name}' changed by a factor of {factor} relative to Japan from {before} to {year}, beyond the limit of this place's "
    "usual changes (a factor of {usual}). Check for a change of counting or reporting.",
)
AT_BREAK = Text(
    "この年は宣言済みの定義変更の年にあたる。", " A break of the series is declared for that year."
)
BREAK = Text(
    "「{name}」は{year}年を境に前後を比べるとき注意が要る：{reason}。",
    "'{name}' needs care when years before and from {year} on are compared: {reason}.",
)
PROPORTION = Text(
    "{year}年の指標「{name}」は、分子（{part}）が分母（{total}）を超えている。",
    "{year}: the numerator of the indicator '{name}' ({part}) exceeds its denominator ({total}).",
)
