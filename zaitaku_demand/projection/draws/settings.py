"""Settings of the draws, checked before anything is drawn."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from zaitaku_demand.projection.draws.factors import SOURCES, SourceId
from zaitaku_demand.text import Text


class DrawSettings(BaseModel):
    """How often, from which seed and with which sources of uncertainty is drawn.

    Attributes
    ----------
    runs : int
        Number of random runs; the principal projection (row 0) comes on top. A 95 % interval from fewer than 100
        would be the second or third run from either end; more than 20,000 leave the memory bound.
    seed : int
        The first n runs of a seed are the same whatever `runs` is.
    sources : tuple of str
        Sources that are switched on; the others stay at the principal projection. None at all is allowed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    runs: int = Field(default=10_000, ge=100, le=20_000)
    seed: int = Field(default=2022, ge=0, le=2**32 - 1)
    sources: tuple[SourceId, ...] = SOURCES

    @field_validator("sources")
    @classmethod
    def _each_once(cls, value: tuple[SourceId, ...]) -> tuple[SourceId, ...]:
        if len(set(value)) != len(value):
            raise ValueError("a source stands twice")
        return value


SETTING_NAMES: dict[str, Text] = {
    "runs": Text("試行回数", "Number of runs"),
    "seed": Text("乱数の種", "Seed"),
    "sources": Text("不確実性の要因", "Sources of uncertainty"),
}

SETTING_VALUES: dict[str, Text] = {
    "runs": Text("100～20000 の整数を指定してください", "give a whole number from 100 to 20000"),
    "seed": Text("0～4294967295 の整数を指定してください", "give a whole number from 0 to 4294967295"),
    "sources": Text(
        "level・future_rates・population・open_band から、同じものを2回書かずに選んでください",
        "choose from level, future_rates, population and open_band, each only once",
    ),
}

SOURCE_NAMES: dict[SourceId, Text] = {
    "level": Text(
        "現在の水準（件数の偶然変動と圏域差）", "Present level (chance in the counts, difference by area)"
    ),
    "future_rates": Text("今後の利用率", "Future rates of use"),
    "population": Text("将来推計人口", "Population projection"),
    "open_band": Text("90歳以上の内訳", "Ages within 90 and over"),
}
