"""What is said of criteria, members, candidates left out and empty cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zaitaku_demand.indicators.declaration import FUNCTIONS, LEVEL_NAMES, TYPES
from zaitaku_demand.text import Text

CRITERION_NAMES: Mapping[str, Text] = {
    "importance": Text("重要性", "importance"),
    "reliability": Text("信頼性", "reliability"),
    "validity": Text("妥当性", "validity"),
    "feasibility": Text("カバー率", "coverage"),
    "timeliness": Text("適時性", "timeliness"),
    "sensitivity": Text("変化の検出しやすさ", "sensitivity to change"),
    "gaming": Text("記録だけでは動きにくいこと", "resistance to gaming"),
}
CRITERION_MEANINGS: Mapping[str, Text] = {
    "importance": Text(
        "判断による1～5の等級（利用者が差し替えられる）を (等級－1)÷4 とする",
        "grade 1 to 5 by judgement (the user may replace it), as (grade - 1) / 4",
    ),
    "reliability": Text(
        "1年分の値の地域差のうち偶然でない割合（地域の中央値）の、直近の年と都道府県・圏域の平均",
        "share of one year's differences that is not chance (median place), mean of the latest years and of the levels with data",
    ),
    "validity": Text(
        "1から、当てはまる注意点の割合を引く：所在地による集計、人でなく算定回数、推計値の割合、系列の断絶、年齢調整なし、良し悪しの向きなし",
        "1 less the share of caveats that hold: by place of the institution, claims not persons, share of estimated figures, "
        "break of the series, not adjusted for age, no direction",
    ),
    "feasibility": Text(
        "直近の年に値のある地域の割合の、都道府県と圏域の平均（値のない階層は0）",
        "share of places with a figure in the latest years, mean of the levels (0 for a level without)",
    ),
    "timeliness": Text(
        "計画年度までの年数による新しさと、直近10年（既定）のうち値のある年の割合との平均",
        "mean of how recent the latest figure is at the plan year and the share of the last ten years (default) with one",
    ),
    "sensitivity": Text(
        "3年間（既定）の変化の地域差のうち偶然でない割合。1年分しかなければ0。2つの年を独立とみなすため、"
        "同じ施設や患者を数え続ける指標には厳しい",
        "share of the differences in change over three years (default) that is not chance; 0 with one year only. "
        "The two years are taken as independent, which is strict where the same institutions or patients are counted",
    ),
    "gaming": Text(
        "記録だけで動かされやすさの判断（1～5）を 1－(等級－1)÷4 とする",
        "judgement of how easily recording alone moves it (1 to 5), as 1 - (grade - 1) / 4",
    ),
}
CAVEATS: Mapping[str, Text] = {
    "institution": Text("医療機関・事業所の所在地による", "counted by place of the institution"),
    "claims_not_persons": Text("人数でなく算定回数である", "claims, not persons"),
    "estimated": Text("推計値を含む", "figures estimated"),
    "break": Text("系列に断絶がある", "break of the series"),
    "unadjusted": Text("性・年齢で調整していない", "not adjusted for sex and age"),
    "no_direction": Text("高低の良し悪しが定まらない", "no direction declared"),
}
VERDICTS: Mapping[str, Text] = {
    "always": Text("常に残る", "always stays"),
    "usually": Text("ほぼ残る", "usually stays"),
    "borderline": Text("境界にある", "borderline"),
    "rarely": Text("まれに入る", "rarely enters"),
    "never": Text("入らない", "never enters"),
}
REDUNDANCIES: Mapping[str, Text] = {
    "same_count": Text("同じ件数を数えている", "counts the same cases"),
    "family": Text("同じ指標の内訳・別の系列である", "is a part or another series of the same indicator"),
    "correlation": Text("地域の順位がほぼ同じである", "orders places in nearly the same way"),
}
METHODS: Mapping[str, Text] = {
    "judgement": Text("判断", "judgement"),
    "supplied": Text("他の分析の結果", "result of another analysis"),
    "signal_to_noise": Text(
        "1年の値の信頼性（地域間分散÷（地域間分散＋偶然の分散））",
        "reliability of one year (between-place variance over that plus chance)",
    ),
    "declared_caveats": Text("当てはまる注意点の割合", "share of caveats that hold"),
    "coverage": Text("値のある地域の割合", "share of places with a figure"),
    "recency_and_regularity": Text("新しさと公表の規則性", "recency and regularity"),
    "change_signal_to_noise": Text("変化の信頼性", "reliability of change"),
}
LEFT_OUT: Mapping[str, Text] = {
    "below_least": Text("評価が追加の基準に届かない", "below the value asked of further members"),
    "full": Text(
        "組を空けない指標と評価のより高い指標とで上限の数に達した",
        "the set is full with indicators that cover cells and others of higher value",
    ),
}
NOTES: dict[str, Text] = {
    "no_judgement": Text(
        "重要性の判断がないため選定の対象外である（--importance で指定できる）",
        "not considered, as its importance has not been judged (give it with --importance)",
    ),
    "too_few_places": Text("値のある地域が少なく計算しない", "too few places with a figure"),
    "no_counts": Text(
        "件数のない値で、偶然の大きさを計算できない", "no counts, so chance cannot be computed"
    ),
    "one_year": Text("1年分の値しかなく、変化を見られない", "one year in hand, so no change can be seen"),
    "level_without_data": Text("値のない階層がある", "a level without data"),
    "below_minimum_size": Text(
        "重ならない指標が足りず、指標数が下限に満たない",
        "fewer members than the smallest size: not enough indicators that say different things",
    ),
}


def cell_name(kind: str, function: str) -> Text:
    """Name of a cell, such as 看取りのアウトカム (end-of-life care, outcome)."""
    of, what = FUNCTIONS[function], TYPES[kind]
    return Text(f"{of.ja}の{what.ja}", f"{of.en} ({what.en})")


def member_reason(
    cell: Text,
    role: str,
    value: float,
    place: int,
    among: int,
    judged: Text,
    weakest: Sequence[str],
    beside: Sequence[tuple[str, str, bool]],
    for_cell: bool,
    levels: Sequence[str],
    latest_year: int,
) -> Text:
    """Why a member is in the set.

    Parameters
    ----------
    role : str
        ``only`` (candidate of its cell), ``best`` (of its cell) or ``further``.
    value, place, among
        Weighted value, its rank, number of candidates.
    judged : Text
        Reason of its importance.
    weakest : criteria with the lowest scores
    beside : other member, kind of redundancy and whether importance lets them stand together
    for_cell : bool
        Whether it would not be chosen by its value alone.
    levels, latest_year
        Where figures are at hand, and of which year the latest is.
    """
    opening = {
        "only": Text(
            f"{cell.ja}でデータのある唯一の候補である", f"The only candidate with data for {cell.en}"
        ),
        "best": Text(
            f"{cell.ja}の候補のうち総合評価が最も高い", f"Highest value among the candidates for {cell.en}"
        ),
        "further": Text(
            f"{cell.ja}の2番手以下だが、総合評価が高い",
            f"A further indicator for {cell.en} with a high value",
        ),
    }[role]
    at = _listed([LEVEL_NAMES[level] for level in levels])
    only = Text("のみ", " only") if len(levels) < len(LEVEL_NAMES) else Text("", "")
    weak = _listed([CRITERION_NAMES[name] for name in weakest])
    ja = f"{opening.ja}（{value:.2f}、{among}候補中{place}位）。{judged.ja}。値があるのは{at.ja}{only.ja}、最新は{latest_year}年。点の最も低い基準：{weak.ja}。"
    en = f"{opening.en} ({value:.2f}, rank {place} of {among}). {judged.en} Figures for {at.en}{only.en}, latest {latest_year}. Lowest score: {weak.en}."
    if for_cell:
        ja += "評価だけなら入らず、この組を空けないために採った。"
        en += " Taken so that this cell is not empty; by its value alone it would not be in the set."
    for other, kind, important in beside:
        ja += f"{other}と重なる（{REDUNDANCIES[kind].ja}）が、{_why_beside(important).ja}。"
        en += f" It overlaps with {other} (it {REDUNDANCIES[kind].en}), but {_why_beside(important).en}."
    return Text(ja, en)


def left_out_reason(
    code: str, value: float, place: int, among: int, other: str = "", strength: float | None = None
) -> Text:
    """Why a candidate is not in the set: code is a kind of redundancy, ``below_least`` or ``full``."""
    head = Text(
        f"総合評価{value:.2f}（{among}候補中{place}位）", f"Value {value:.2f} (rank {place} of {among})"
    )
    if code in REDUNDANCIES:
        rho = "" if strength is None else f"、ρ={strength:.2f}"
        rho_en = "" if strength is None else f", rho = {strength:.2f}"
        return Text(
            f"{head.ja}。採用した{other}と重なる（{REDUNDANCIES[code].ja}{rho}）ため外した。",
            f"{head.en}. Left out beside {other}: it {REDUNDANCIES[code].en}{rho_en}.",
        )
    tail = LEFT_OUT[code]
    return Text(f"{head.ja}。{tail.ja}ため外した。", f"{head.en}. Left out: {tail.en}.")


def empty_cell_sentence(cell: Text, declared: Sequence[str]) -> Text:
    """A cell without public data, and which declared indicators a user's own data could fill."""
    if not declared:
        return Text(f"{cell.ja}には指標が宣言されていない。", f"No indicator is declared for {cell.en}.")
    names_ja, names_en = "、".join(declared), ", ".join(declared)
    return Text(
        f"{cell.ja}は手元に公表データのある指標がなく、空欄である。利用者のデータがあれば{names_ja}で補える。",
        f"No public data in hand for {cell.en}: the cell is empty. A user's own data could fill it with {names_en}.",
    )


def _why_beside(important: bool) -> Text:
    if important:
        return Text(
            "どちらも重要性が最も高い等級であるため残した", "both have the highest grade of importance"
        )
    return Text("機能と種類の組を空けないため残した", "both are needed to cover their cells")


def _listed(names: Sequence[Text]) -> Text:
    return Text("、".join(name.ja for name in names), ", ".join(name.en for name in names))
