"""Labels that tables, workbook, figures and page share, in both languages."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from types import SimpleNamespace

from zaitaku_demand.text import Language, Text

ESTIMATED_ALL = Text("値はすべて推計値（estimated）", "All figures are estimates")
UNIT = Text("単位", "Unit")
SOURCE = Text("出典", "Source")
SOURCES_MORE = Text("ほか{n}件（出典の一覧を参照）", "and {n} more (see the list of sources)")
LEGEND = Text("凡例", "Legend")
PERSONS = Text("人", "persons")
PERSONS_MONTH = Text("人／月", "persons a month")
AREAS_UNIT = Text("圏域", "areas")
YEAR = Text("{year}年", "{year}")
YEAR_HEADER = Text("年", "Year")
BASE_YEAR = Text("基準年（{year}年）", "Base year ({year})")
BASE_YEAR_HEADER = Text("基準年\n（{year}年）", "Base year\n({year})")
OR_BEFORE = Text("{year}年以前", "{year} or before")
OR_LATER = Text("{year}年以降", "{year} or later")

AREA_CODE = Text("圏域コード", "Area code")
AREA_NAME = Text("圏域名", "Area")
PREFECTURE_CODE = Text("都道府県コード", "Prefecture code")
PREFECTURE_NAME = Text("都道府県", "Prefecture")
SERVICE = Text("サービス", "Service")
AREAS_ALONE = Text("{n}{term}", "{n} {term}")
AREAS_AND = Text("{n}{term}と{others}", "{n} {term} and {others}")
NATIONAL_SCOPE = Text("全国（{areas}）", "Japan ({areas})")
NATIONAL_SUM = Text("全国（{areas}の合計）", "Japan (sum of {areas})")
PREFECTURE_SCOPE = Text("{name}（{areas}）", "{name} ({areas})")
PREFECTURE_SUM = Text("{name}（{areas}の合計）", "{name} (sum of {areas})")
SUM_OF_AREAS = Text("合計", "Total")

TERM_SECONDARY = Text("二次医療圏", "secondary medical areas")
TERM_PLANNING = Text("構想区域", "planning areas (構想区域)")
TERM_AREA = Text("圏域", "areas")

PEAK_CLASS = Text("ピーク年の区分（5年ごと）", "Peak class (five-year grid)")
PEAK_GRID = Text("ピーク年（5年ごと）", "Peak year (five-year grid)")
PEAK_ANNUAL = Text("ピーク年（毎年）", "Peak year (annual)")
PLATEAU_START = Text("高原期間の始まり", "Plateau from")
PLATEAU_END = Text("高原期間の終わり", "Plateau to")
CENSORED = Text("打切り（期間末でピーク）", "Censored (peak at the horizon)")
CENSORED_YES = Text("打切り", "censored")
BASE_VALUE = Text("基準年の値", "Value in the base year")
BASE_VALUE_YEAR = Text("増減率の起点の年", "Year the change starts from")
PEAK_VALUE = Text("ピーク年の値（5年ごと）", "Value at the peak (five-year grid)")
GROWTH = Text("基準年からピークまでの増減率", "Change from the base year to the peak")
PEAK_WITH_BAND = Text("最高階級{band}歳以上でのピーク年", "Peak year with open band {band}+")
POPULATION_STATE = Text("人口の状態", "State of the population")
STATE_OFFICIAL = Text("公表値", "official")
STATE_ESTIMATED = Text("推計", "estimated")

AGE_CLOSED = Text("{lower}～{last}歳", "{lower}-{last}")
AGE_OPEN = Text("{lower}歳以上", "{lower}+")
AGE_UNDER = Text("{upper}歳未満", "under {upper}")
AGE_GROUP = Text("年齢階級", "Age group")
TOTAL = Text("総数", "Total")

LOWER = Text("下限", "Lower bound")
INDEPENDENT = Text("独立を仮定した値", "If independent")
UPPER = Text("上限", "Upper bound")

OPEN_BAND = Text("最高年齢階級", "Open age band")
AREAS_COUNT = Text("圏域数", "Areas")
SHARE_OF_AREAS = Text("構成比", "Share")
PEAK_2040 = Text("2040年以降にピークを迎える圏域数", "Areas peaking in 2040 or later")
BY_CLASS = Text("区分別の圏域数", "Areas by class")

FROM_YEAR = Text("比較の基準年", "From")
TO_YEAR = Text("比較年", "To")
CORRELATION = Text("相関係数", "Correlation")
MEDIAN_ABS = Text("差の絶対値の中央値（％）", "Median absolute difference (%)")
P95_ABS = Text("差の絶対値の95％点（％）", "95th percentile of it (%)")

EDITION_2023 = Text("社人研 令和5（2023）年推計", "IPSS 2023 edition")
EDITION_2018 = Text("社人研 平成30（2018）年推計", "IPSS 2018 edition")
EDITION_OTHER = Text("推計人口 {edition}", "population {edition}")
EDITION_NUMBERED = Text("{edition}版", "edition {edition}")
AREA_EDITIONS = {"user": Text("利用者が設定", "drawn by the user")}
BASIS = Text(
    "人口：{population}／率の基準年：{base}年度／圏域：{areas}／最高年齢階級：{band}",
    "Population: {population}; base year of rates: FY{base}; areas: {areas}; open band: {band}",
)

MAP_TITLE = Text("{service}のピーク年の区分：{scope}", "{service}, peak class by area: {scope}")
MAP_CENSORED = Text(
    "「{last}年以降」には、推計期間の最終年が最大で、実際のピークがそれより後かもしれない圏域（打切り）{n}を含む。",
    "“{last} or later” holds {n} censored areas: the last year is the largest, so the true peak may come later.",
)
MAP_DOTTED = Text("点の網掛け：人口そのものが推計の圏域", "Dots: the population itself is an estimate")
MAP_MISSING = Text("推計なし", "No projection")
MAP_WITHOUT = Text(
    "{names}は圏域別の推計がなく、地図に示していない",
    "Without projection by area and not on the map: {names}",
)
MAP_INSET = Text("枠内の島は位置を移して示す", "Boxed islands are moved")
MAP_OMITTED = Text("遠い島の一部は省いた", "Some remote islands are left out")

AGE_FIGURE_TITLE = Text("年齢階級別の{service}：{scope}", "{service} by age: {scope}")
PREFECTURES_TITLE = Text(
    "都道府県別にみた{term}の推移：{service}（{base}年＝100）",
    "Course of the {term} by prefecture: {service} ({base} = 100)",
)
PREFECTURES_AXIS = Text("指数（{base}年＝100）", "Index ({base} = 100)")
LINE_AREA = Text("各圏域", "Each area")
LINE_NATIONAL = Text("全国", "Japan")
LINE_TOTAL = Text("圏域の合計", "Sum of the areas")
PREFECTURES_CUT = Text(
    "縦軸は{top}まで（これを超える圏域 {n}）。", "The axis ends at {top} ({n} areas go beyond)."
)
AREAS_TITLE = Text(
    "{prefecture}の圏域別{service}の推移とピーク年", "{prefecture}: {service} by area, course and peak"
)
AREAS_READING = Text(
    "●：ピーク年（毎年）　▶：打切り（期間末でピーク、実際はそれ以降）　帯：高原期間（ピーク値の1％以内）　破線：基準年（{base}年）　縦軸の幅は圏域ごとに異なる。",
    "●: annual peak   ▶: censored (still at its highest in the last year)   band: plateau within 1 % of the peak   "
    "dashed: base year ({base})   vertical scales differ between areas.",
)
PANEL_NOTE = Text("5年ごと：{peak}　基準比 {growth}", "Grid: {peak}, {growth} on base year")
PANEL_NO_PEAK = Text("ピーク年の集計対象外", "No peak given")

LEVELS = {
    "要支援1": Text("要支援1", "Support 1"),
    "要支援2": Text("要支援2", "Support 2"),
    "要介護1": Text("要介護1", "Care 1"),
    "要介護2": Text("要介護2", "Care 2"),
    "要介護3": Text("要介護3", "Care 3"),
    "要介護4": Text("要介護4", "Care 4"),
    "要介護5": Text("要介護5", "Care 5"),
}

PREFECTURES_EN = tuple(
    [
        "Hokkaido",
        "Aomori",
        "Iwate",
        "Miyagi",
        "Akita",
        "Yamagata",
        "Fukushima",
        "Ibaraki",
        "Tochigi",
        "Gunma",
        "Saitama",
        "Chiba",
        "Tokyo",
        "Kanagawa",
        "Niigata",
        "Toyama",
        "Ishikawa",
        "Fukui",
        "Yamanashi",
        "Nagano",
        "Gifu",
        "Shizuoka",
        "Aichi",
        "Mie",
        "Shiga",
        "Kyoto",
        "Osaka",
        "Hyogo",
        "Nara",
        "Wakayama",
        "Tottori",
        "Shimane",
        "Okayama",
        "Hiroshima",
        "Yamaguchi",
        "Tokushima",
        "Kagawa",
        "Ehime",
        "Kochi",
        "Fukuoka",
        "Saga",
        "Nagasaki",
        "Kumamoto",
        "Oita",
        "Miyazaki",
        "Kagoshima",
        "Okinawa",
    ]
)


def prefecture_label(code: str, name: str, language: Language) -> str:
    """Name of a prefecture; the Japanese one where the code is not among the 47."""
    if language == "en" and code.isdigit() and 1 <= int(code) <= len(PREFECTURES_EN):
        return PREFECTURES_EN[int(code) - 1]
    return name


def level_label(level: str, language: Language) -> str:
    """A level of care need; unknown levels stay as they are."""
    return LEVELS[level].to(language) if level in LEVELS else level


def age_label(band: str, language: Language) -> str:
    """``80-84``, ``90+`` and ``0-64`` as a reader writes them; other labels stay as they are."""
    from zaitaku_demand.ages import parse_band

    parsed = parse_band(band)
    if parsed is None:
        return band
    lower, upper = parsed
    if upper is None:
        return AGE_OPEN.format(lower=lower).to(language)
    if lower == 0:
        return AGE_UNDER.format(upper=upper).to(language)
    return AGE_CLOSED.format(lower=lower, last=upper - 1).to(language)


def in_language(module: object, language: Language) -> SimpleNamespace:
    """All labels of a module in one language, for the templates."""
    labels = {name: value for name, value in vars(module).items() if isinstance(value, Text)}
    return SimpleNamespace(**{name: value.to(language) for name, value in labels.items()})
