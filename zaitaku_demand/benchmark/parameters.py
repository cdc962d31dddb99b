"""Parameters of peers, consistency, disclosure, function coefficients and the PDCA sheet, with their defaults.

Every threshold and weight that a result depends on stands here, is checked when it is set, and can be printed
with the result. Conventions taken from DPC (structure : quantity = 7 : 5, clipping at the 2.5 and 97.5
percentiles, minus 0.05 for each broken rule, 12 cases a year) are conventions, not law.
"""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zaitaku_demand.indicators.declaration import FUNCTIONS
from zaitaku_demand.text import Text

AreaType = Literal["metropolitan", "regional", "sparse"]
FunctionName = Literal["discharge", "everyday", "acute", "end_of_life"]

AREA_TYPE_NAMES: dict[AreaType, Text] = {
    "metropolitan": Text("大都市型", "metropolitan"),
    "regional": Text("地方都市型", "regional city"),
    "sparse": Text("人口の少ない地域", "sparsely populated"),
}

FUNCTION_NAMES: dict[FunctionName, Text] = {name: FUNCTIONS[name] for name in get_args(FunctionName)}


class _Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TypeThresholds(_Parameters):
    """Thresholds of the three types of areas (persons; persons per square kilometre).

    An area is metropolitan from `metropolitan_population` or `metropolitan_density` on, a regional city from
    `regional_population` on, or from `regional_small_population` on with `regional_small_density`; the others
    are sparsely populated.
    """

    metropolitan_population: float = Field(default=1_000_000, gt=0)
    metropolitan_density: float = Field(default=2_000, gt=0)
    regional_population: float = Field(default=200_000, gt=0)
    regional_small_population: float = Field(default=100_000, gt=0)
    regional_small_density: float = Field(default=200, gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> TypeThresholds:
        if not (
            self.metropolitan_population >= self.regional_population >= self.regional_small_population
            and self.metropolitan_density >= self.regional_small_density
        ):
            raise ValueError("the thresholds of a larger type must not lie below those of a smaller one")
        return self


class PeerFeature(_Parameters):
    """One feature in which places are compared: column of the table of features, weight, logarithm or not."""

    column: str
    name: Text
    weight: float = Field(default=1.0, gt=0)
    logarithm: bool = False


DEFAULT_FEATURES = (
    PeerFeature(column="population", name=Text("人口", "population"), logarithm=True),
    PeerFeature(column="density", name=Text("人口密度", "population density"), logarithm=True),
    # The two shares of older people say nearly the same, so together they weigh as one feature.
    PeerFeature(
        column="share_65", name=Text("65歳以上の割合", "share of people aged 65 and over"), weight=0.5
    ),
    PeerFeature(
        column="share_75", name=Text("75歳以上の割合", "share of people aged 75 and over"), weight=0.5
    ),
    PeerFeature(
        column="older_single_share", name=Text("高齢単身世帯の割合", "share of older single households")
    ),
    PeerFeature(
        column="care_home_places_per_1000_75",
        name=Text("75歳以上千人当たりの施設定員", "care-home places per 1,000 aged 75 and over"),
    ),
    PeerFeature(
        column="physicians_per_100k", name=Text("人口10万人当たりの医師数", "physicians per 100,000")
    ),
)


class PeerParameters(_Parameters):
    """How many peers, by which features, and how much of the features' weight two places must share.

    A place whose shared features carry less than `least_shared_weight` of all weight is no candidate: two
    places known by one feature only would look near for want of data.
    """

    prefecture_count: int = Field(default=5, ge=1)
    area_count: int = Field(default=10, ge=1)
    features: tuple[PeerFeature, ...] = Field(default=DEFAULT_FEATURES, min_length=1)
    least_shared_weight: float = Field(default=0.5, ge=0, le=1)
    best_share: float = Field(default=0.2, gt=0, lt=1)
    """Share of the peers that counts as the best: their boundary is the reachable target."""


class ConsistencyParameters(_Parameters):
    """When a difference becomes a finding.

    Attributes
    ----------
    part_tolerance, estimated_tolerance : float
        Relative excess of the parts over the whole that rounding may cause; the same where hidden cells are
        estimated.
    source_z, source_factor : float
        Two sources disagree where the log ratio lies more than `source_z` robust standard deviations (1.4826 MAD)
        from the prefectures' median, and the ratio differs from the median by `source_factor` or more.
    jump_factor : float
        Factor below which a change is no finding, whatever the limits of the series.
    least_count : float
        Events a year below which no jump and no disagreement is judged.
    least_ranges : int
        Moving ranges a series needs before it has limits of its own.
    """

    part_tolerance: float = Field(default=0.001, ge=0)
    estimated_tolerance: float = Field(default=0.01, ge=0)
    source_z: float = Field(default=3.0, gt=0)
    source_factor: float = Field(default=1.2, ge=1)
    jump_factor: float = Field(default=1.5, ge=1)
    least_count: float = Field(default=100, ge=0)
    least_ranges: int = Field(default=4, ge=2)


class DisclosureParameters(_Parameters):
    """Disclosure control of inputs that are not open data.

    Attributes
    ----------
    enabled : bool
    threshold : int
        Counts from 1 to `threshold` are hidden (NDB and vital statistics: below 10).
    protection_width : float
        Least width of the interval in which what is published leaves a hidden count.
    rounding : int, optional
        Shown counts are rounded to multiples of it.
    """

    enabled: bool = True
    threshold: int = Field(default=9, ge=1)
    protection_width: float = Field(default=9, ge=1)
    rounding: int | None = Field(default=None, ge=2)


class ScoreParameters(_Parameters):
    """Function coefficients in the manner of DPC.

    Attributes
    ----------
    structure_weight, quantity_weight : float
        Weights of the two parts (7 : 5).
    indicator_weights : dict
        Weight by indicator id; 1 for those not named.
    scale : "log" or "raw"
        Scale of the ratio to Japan on which it is clipped and scored.
    clip_lower, clip_upper : float
        Percentiles as shares.
    comparison : "declared", "all" or "peers"
        Over which places the percentiles are taken; "declared" follows each indicator.
    least_weight : float
        Share of a part's weight that must have data; below, the place has no score in the part.
    minimum_count, oldest_years, deduction : data quality
        An indicator loses `deduction` for each rule it breaks.
    draws, seed, confidence : simulation
    indistinguishable_share : float
        A rank interval that covers this share of the places or more says nothing.
    """

    structure_weight: float = Field(default=7.0, ge=0)
    quantity_weight: float = Field(default=5.0, ge=0)
    indicator_weights: dict[str, float] = Field(default_factory=dict)
    scale: Literal["log", "raw"] = "log"
    clip_lower: float = Field(default=0.025, ge=0, lt=0.5)
    clip_upper: float = Field(default=0.975, gt=0.5, le=1)
    comparison: Literal["declared", "all", "peers"] = "declared"
    least_weight: float = Field(default=0.5, gt=0, le=1)
    minimum_count: float = Field(default=12, ge=0)
    oldest_years: int = Field(default=3, ge=0)
    deduction: float = Field(default=0.05, ge=0, le=1)
    draws: int = Field(default=1000, ge=100)
    seed: int = 20240401
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    indistinguishable_share: float = Field(default=0.5, gt=0, le=1)

    @model_validator(mode="after")
    def _weights(self) -> ScoreParameters:
        if self.structure_weight + self.quantity_weight <= 0:
            raise ValueError("one of the two parts needs a weight above 0")
        if any(weight < 0 for weight in self.indicator_weights.values()):
            raise ValueError("weights of indicators must not be negative")
        return self


class PlanPeriod(_Parameters):
    """First and last fiscal year of a plan period."""

    first_year: int
    last_year: int

    @model_validator(mode="after")
    def _in_order(self) -> PlanPeriod:
        if self.last_year < self.first_year:
            raise ValueError("the period ends before it begins")
        return self

    @property
    def name(self) -> str:
        """The period as it is printed, e.g. ``2024-2026``."""
        return f"{self.first_year}-{self.last_year}"


PLAN_PERIODS = (PlanPeriod(first_year=2024, last_year=2026), PlanPeriod(first_year=2027, last_year=2029))


class PdcaParameters(_Parameters):
    """Plan periods, basis of the targets, and the trend that is carried on."""

    periods: tuple[PlanPeriod, ...] = Field(default=PLAN_PERIODS, min_length=1)
    basis: Literal["peers", "demand"] = "peers"
    trend_points: int = Field(default=5, ge=3)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    best_share: float = Field(default=0.2, gt=0, lt=1)
    least_peers: int = Field(default=3, ge=1)
    longest_horizon: int = Field(default=8, ge=1)
    """Years between the last figure and the end of the period beyond which no trend is carried on."""


class VerdictParameters(_Parameters):
    """When a place counts as different from Japan.

    Attributes
    ----------
    limits : "95" or "998"
        Funnel limits (per cent; 998 is 99.8) beyond which a difference exceeds the usual spread between places.
    beyond_spread_only : bool
        True: only differences beyond that spread are named. False (default): a difference is named where the whole
        interval lies on one side of Japan, and the sentence says whether it exceeds the spread. With True nearly
        nothing is ever named, since the limits are as wide as the places differ.
    similar_factor : float
        A place is *similar* if the whole interval of its ratio lies between 1/factor and factor.
    """

    limits: Literal["95", "998"] = "95"
    beyond_spread_only: bool = False
    similar_factor: float = Field(default=1.2, gt=1)


class BenchmarkPartsParameters(_Parameters):
    """All of them together."""

    types: TypeThresholds = TypeThresholds()
    peers: PeerParameters = PeerParameters()
    consistency: ConsistencyParameters = ConsistencyParameters()
    disclosure: DisclosureParameters = DisclosureParameters()
    scores: ScoreParameters = ScoreParameters()
    pdca: PdcaParameters = PdcaParameters()
    verdicts: VerdictParameters = VerdictParameters()
