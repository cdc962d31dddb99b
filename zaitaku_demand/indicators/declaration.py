"""Schema of an indicator's declaration, one TOML file each in ``indicators/<type>/<function>/<ID>.toml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from zaitaku_demand.indicators.measures import Declared
from zaitaku_demand.text import Text

IndicatorType = Literal["structure", "process", "outcome"]
Function = Literal["discharge", "everyday", "acute", "end_of_life", "all"]
PlaceLevel = Literal["prefecture", "area"]

TYPES: dict[str, Text] = {
    "structure": Text("ストラクチャー", "structure"),
    "process": Text("プロセス", "process"),
    "outcome": Text("アウトカム", "outcome"),
}
FUNCTIONS: dict[str, Text] = {
    "discharge": Text("退院支援", "discharge support"),
    "everyday": Text("日常の療養支援", "everyday care support"),
    "acute": Text("急変時の対応", "response to sudden deterioration"),
    "end_of_life": Text("看取り", "end-of-life care"),
    "all": Text("4機能に共通", "all four functions"),
}
STATISTICS: dict[str, Text] = {
    "rate": Text("人口に対する率", "rate per inhabitants"),
    "proportion": Text("割合", "proportion"),
    "ratio": Text("2つの数の比", "ratio of two counts"),
    "scr": Text("間接標準化比（SCR）", "indirectly standardised ratio (SCR)"),
}
ADJUSTMENTS: dict[str, Text] = {
    "none": Text("なし", "none"),
    "indirect": Text("性・年齢の間接法", "indirect, by sex and age"),
    "direct": Text("性・年齢の直接法", "direct, by sex and age"),
}
BETTER: dict[str, Text] = {
    "more": Text("高いほど望ましい", "more is better"),
    "less": Text("低いほど望ましい", "less is better"),
    "neutral": Text("良し悪しなし", "no direction"),
}
COMPARISONS: dict[str, Text] = {
    "all": Text("全国", "all places"),
    "peers": Text("類似地域", "peers"),
}
PLACES: dict[str, Text] = {
    "institution": Text("医療機関・事業所の所在地", "place of the institution"),
    "residence": Text("患者・住民の住所地", "place of residence"),
    "incident": Text("発生地", "place of the incident"),
}
LEVEL_NAMES: dict[str, Text] = {
    "prefecture": Text("都道府県", "prefecture"),
    "area": Text("二次医療圏（335圏域）", "secondary medical area (335)"),
}

_TYPE_LETTERS = {"S": "structure", "P": "process", "O": "outcome"}
_FUNCTION_LETTERS = {"D": "discharge", "C": "everyday", "A": "acute", "E": "end_of_life", "X": "all"}


class Suppression(Declared):
    """When a count with hidden parts is still shown.

    Attributes
    ----------
    tolerance : float
        An estimate is shown while half the distance of its bounds, or its hidden part as estimated, is at most this
        share of it.
    """

    tolerance: float = Field(default=0.10, ge=0, le=1)


class DenominatorByLevel(Declared):
    """Denominators of an indicator that differ between prefectures and areas (ids of measures)."""

    prefecture: str
    area: str


class Indicator(Declared):
    """One indicator.

    Attributes
    ----------
    id : str
        Type (S, P, O), function (D, C, A, E, X) and number; a supplement carries one more part.
    numerator : tuple of str
        Measures that are added up.
    denominator : str or DenominatorByLevel
        Measure of the denominator.
    unit : Text
        Unit of the value, numerator / denominator × multiplier.
    statistic : str
        ``rate`` (per inhabitants), ``proportion`` (part of the denominator), ``ratio`` (two counts) or
        ``scr`` (observed / expected × multiplier).
    adjustment : str
        ``indirect`` exactly with statistic ``scr``.
    better : str
        ``more``, ``less`` or ``neutral``.
    comparison : str
        Whom a place is compared with: ``all`` places or its ``peers``.
    levels : tuple of str
        Levels for which data are in hand or are expected from a user.
    minimum_count : int
        Fewer events a year give no comparison.
    supplement_of : str, optional
        Indicator of the set that this one breaks down or completes.
    """

    id: str = Field(pattern=r"^[SPO]-[DCAEX]-[0-9]+(-[A-Z0-9]+)?$")
    name: Text
    definition: Text
    rationale: Text
    type: IndicatorType
    function: Function
    key: bool
    numerator: tuple[str, ...] = Field(min_length=1)
    denominator: str | DenominatorByLevel
    unit: Text
    multiplier: float = Field(gt=0)
    statistic: Literal["rate", "proportion", "ratio", "scr"]
    adjustment: Literal["none", "indirect", "direct"]
    better: Literal["more", "less", "neutral"]
    comparison: Literal["all", "peers"]
    official_source: Text
    place: Literal["institution", "residence", "incident"]
    levels: tuple[PlaceLevel, ...] = Field(min_length=1)
    suppression: Suppression = Suppression()
    minimum_count: int = Field(default=10, ge=0)
    caveats: Text
    version: int = Field(ge=1)
    supplement_of: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Indicator:
        if _TYPE_LETTERS[self.id[0]] != self.type or _FUNCTION_LETTERS[self.id[2]] != self.function:
            raise ValueError(f"the id says {_TYPE_LETTERS[self.id[0]]}/{_FUNCTION_LETTERS[self.id[2]]}")
        if (self.statistic == "scr") != (self.adjustment == "indirect"):
            raise ValueError("adjustment 'indirect' and statistic 'scr' go together")
        if self.adjustment == "direct":
            raise ValueError(
                "no source in hand gives counts by age and place, which 'direct' needs; use 'indirect' or 'none'"
            )
        if len(set(self.numerator)) != len(self.numerator):
            raise ValueError("a measure stands twice in the numerator")
        return self

    def denominator_at(self, level: str) -> str:
        """Measure of the denominator at ``prefecture`` or ``area``."""
        if isinstance(self.denominator, str):
            return self.denominator
        return self.denominator.area if level == "area" else self.denominator.prefecture

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of all measures it names, each once."""
        named = (*self.numerator, self.denominator_at("prefecture"), self.denominator_at("area"))
        return tuple(dict.fromkeys(named))
