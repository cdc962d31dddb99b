"""What the characteristics of places are called, and how they are to be read."""

from __future__ import annotations

from typing import NamedTuple

from zaitaku_demand.text import Text


class CharacteristicWords(NamedTuple):
    """Words of one characteristic; `place` is whose place it is counted by."""

    label: Text
    unit: Text
    definition: Text
    source: Text
    caveats: Text
    place: str


_SHARE = Text("割合（0～1）", "share (0-1)")
_LOG = Text("自然対数", "natural logarithm")
_POPULATION = Text(
    "国勢調査、日本の地域別将来推計人口（令和5年推計）を年次に補間",
    "census and regional population projections (2023 edition), interpolated to single years",
)
_SSDS = Text(
    "社会・人口統計体系（総務省統計局）",
    "System of Social and Demographic Statistics (Statistics Bureau of Japan)",
)
_INTERPOLATED = Text(
    "年次の補間による。2023年以降は推計人口である。",
    "Interpolated to single years; projections from 2023 on.",
)
_CARRIED = Text(
    "公表のない年は前後の公表年を直線で結び、その外側は最も近い公表年の値を置いた推計である。",
    "Years without a published figure lie on the straight line between published ones, or keep the nearest beyond them; they are estimated.",
)
_BEDS = Text(
    "病院の病床で、有床診療所の病床を含まない。医療機関の所在地で数える。",
    "Beds of hospitals, without those of clinics; counted where the institution stands.",
)
_TYPE_SOURCE = Text("国勢調査、面積調から本プログラムが分類", "classified here from census and area")


def _share(age: int) -> CharacteristicWords:
    return CharacteristicWords(
        Text(f"{age}歳以上人口割合", f"share of people aged {age}+"),
        _SHARE,
        Text(f"総人口に占める{age}歳以上人口の割合。", f"People aged {age}+ over all inhabitants."),
        _POPULATION,
        _INTERPOLATED,
        "residence",
    )


CHARACTERISTICS: dict[str, CharacteristicWords] = {
    "share_65": _share(65),
    "share_75": _share(75),
    "share_85": _share(85),
    "log_population": CharacteristicWords(
        Text("人口（対数）", "population (logarithm)"),
        _LOG,
        Text("総人口の自然対数。", "Natural logarithm of the population."),
        _POPULATION,
        _INTERPOLATED,
        "residence",
    ),
    "log_density": CharacteristicWords(
        Text("人口密度（対数）", "population density (logarithm)"),
        _LOG,
        Text(
            "2020年の人口を面積（km2）で割った値の自然対数。",
            "Natural logarithm of the inhabitants of 2020 per km2.",
        ),
        Text("国勢調査（2020年）、面積調", "census of 2020, area survey"),
        Text(
            "面積は可住地に限らないため、山林の広い地域で低く出る。2020年の値を全ての年に用いる。",
            "All land is counted, so places with much forest come out low. The figure of 2020 stands for all years.",
        ),
        "residence",
    ),
    "metropolitan": CharacteristicWords(
        Text("大都市型（はい＝1）", "metropolitan area (yes = 1)"),
        Text("0・1", "0 or 1"),
        Text("二次医療圏の類型が大都市型であれば1。", "1 where the area's type is metropolitan."),
        _TYPE_SOURCE,
        Text("人口と人口密度から分類する。", "Classified from population and density."),
        "residence",
    ),
    "sparse": CharacteristicWords(
        Text("人口の少ない地域（はい＝1）", "sparsely populated area (yes = 1)"),
        Text("0・1", "0 or 1"),
        Text(
            "二次医療圏の類型が人口の少ない地域であれば1。", "1 where the area's type is sparsely populated."
        ),
        _TYPE_SOURCE,
        Text("人口と人口密度から分類する。", "Classified from population and density."),
        "residence",
    ),
    "older_single_share": CharacteristicWords(
        Text("高齢単身世帯の割合", "share of older people's households that are single"),
        _SHARE,
        Text(
            "65歳以上の世帯員のいる世帯に占める、65歳以上の単独世帯の割合。",
            "One-person households of people of 65 and over among households with members of 65 and over.",
        ),
        Text("国勢調査（2010・2015・2020年）", "censuses of 2010, 2015 and 2020"),
        _CARRIED,
        "residence",
    ),
    "care_home_places": CharacteristicWords(
        Text("介護施設等の定員（75歳以上千対）", "care-home places per 1,000 aged 75+"),
        Text("人（75歳以上人口1,000対）", "places per 1,000 aged 75+"),
        Text(
            "介護老人福祉施設・介護老人保健施設・有料老人ホーム・軽費老人ホームの定員の、75歳以上人口1,000人に対する比。",
            "Places in welfare, health, fee-based and low-fee homes per 1,000 people of 75 and over.",
        ),
        _SSDS,
        Text(
            "全施設を把握する基本票による2018～2023年が公表値である。" + _CARRIED.ja,
            "Published for 2018-2023 (basic form, which covers every home). " + _CARRIED.en,
        ),
        "institution",
    ),
    "physicians": CharacteristicWords(
        Text("医師数（人口10万対）", "physicians per 100,000"),
        Text("人（人口10万対）", "physicians per 100,000 inhabitants"),
        Text(
            "医療施設に従事する医師の、人口10万人に対する比。",
            "Physicians in medical facilities per 100,000.",
        ),
        _SSDS,
        Text(
            "偶数年の12月31日が公表値である。" + _CARRIED.ja,
            "Published for even years (31 December). " + _CARRIED.en,
        ),
        "institution",
    ),
    "clinics": CharacteristicWords(
        Text("一般診療所数（人口10万対）", "clinics per 100,000"),
        Text("施設（人口10万対）", "clinics per 100,000 inhabitants"),
        Text("一般診療所の、人口10万人に対する比。", "Clinics per 100,000 inhabitants."),
        Text(
            "都道府県は社会・人口統計体系、圏域は医療施設調査（2023年）",
            "System of Social and Demographic Statistics (prefectures), Survey of Medical Institutions of 2023 (areas)",
        ),
        Text(
            "圏域は2023年の値を全ての年に用いる。歯科診療所を含まない。",
            "In areas the figure of 2023 stands for all years. Dental clinics are not in it.",
        ),
        "institution",
    ),
    "general_beds": CharacteristicWords(
        Text("一般病床数（75歳以上10万対）", "general beds per 100,000 aged 75+"),
        Text("床（75歳以上人口10万対）", "beds per 100,000 aged 75+"),
        Text(
            "病院の一般病床の、75歳以上人口10万人に対する比。",
            "General beds of hospitals per 100,000 people of 75 and over.",
        ),
        _SSDS,
        _BEDS,
        "institution",
    ),
    "long_term_beds": CharacteristicWords(
        Text("療養病床数（75歳以上10万対）", "long-term beds per 100,000 aged 75+"),
        Text("床（75歳以上人口10万対）", "beds per 100,000 aged 75+"),
        Text(
            "病院の療養病床の、75歳以上人口10万人に対する比。結核病床を含む（2022年の全国で1.4％）。",
            "Long-term beds of hospitals per 100,000 people of 75 and over, those for tuberculosis included (1.4 % in Japan, 2022).",
        ),
        _SSDS,
        _BEDS,
        "institution",
    ),
}
