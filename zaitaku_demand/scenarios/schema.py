"""What a scenario file may hold; every key that is not here is refused.

A file names only the differences from 現状投影 (constant rates). The keys are explained in docs/scenarios.md.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from zaitaku_demand.ages import parse_band
from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS
from zaitaku_demand.scenarios.profiles import Profile
from zaitaku_demand.text import Text

BASE = "base"
"""Id of 現状投影: constant rates of the base year."""

YEARS = (2014, 2100)
LARGEST_FACTOR = 100.0
"""A rate that grows more than a hundredfold is a slip of the keyboard (per cent given as a factor)."""


def refuse(found: Text) -> PydanticCustomError:
    """That a value is wrong, in both languages."""
    return PydanticCustomError("zaitaku", "{en}", {"ja": found.ja, "en": found.en})


def _listed(value: Any) -> Any:
    """One text is a list of one; a list becomes the tuple the strict schema asks for."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _text(value: Any) -> Any:
    if isinstance(value, Text):
        return value
    if not (isinstance(value, dict) and set(value) == {"ja", "en"}):
        raise refuse(Text("ja と en の両方を書く項目である", "it needs both ja and en"))
    if not all(isinstance(part, str) and part.strip() for part in value.values()):
        raise refuse(Text("文字が入っていない", "it holds no text"))
    return Text(**value)


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=LARGEST_FACTOR)]
Amount = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0)]
Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Year = Annotated[int, Field(strict=True, ge=YEARS[0], le=YEARS[1])]
Flag = Annotated[bool, Field(strict=True)]
Line = Annotated[str, Field(strict=True, min_length=1)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(_listed)]
Bilingual = Annotated[Text, BeforeValidator(_text)]


class Part(BaseModel):
    """One table of a scenario file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Timed(Part):
    """A change that comes about between two years.

    Attributes
    ----------
    start : int, optional
        Key ``from``: last year without change; the base year of the rates if None.
    end : int
        Key ``to``: first year with all of it.
    profile : str
        linear, step or front_loaded.
    areas : tuple of str
        Codes or names of areas or prefectures; everywhere if empty.
    """

    start: Year | None = Field(default=None, alias="from")
    end: Year = Field(alias="to")
    profile: Profile = "linear"
    areas: Lines = ()

    @model_validator(mode="after")
    def _in_order(self) -> Timed:
        if self.start is not None and self.end <= self.start:
            raise refuse(
                Text(
                    f"to（{self.end}年）は from（{self.start}年）より後でなければならない",
                    f"to ({self.end}) must come after from ({self.start})",
                )
            )
        return self


class RateChange(Timed):
    """A change of the rates of some ages, sex, services and areas, by a factor or per cent."""

    factor: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=LARGEST_FACTOR)] | None = None
    per_cent: (
        Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-100, le=100 * (LARGEST_FACTOR - 1))]
        | None
    ) = None
    ages: Line | None = None
    sex: Literal["male", "female"] | None = None
    service: Lines = ()

    @field_validator("ages")
    @classmethod
    def _an_age_band(cls, value: str | None) -> str | None:
        if value is not None and parse_band(value) is None:
            raise refuse(
                Text(
                    f"年齢「{value}」を読み取れない（例：75-84、85+）",
                    f"'{value}' is no range of ages such as 75-84 or 85+",
                )
            )
        return value

    @model_validator(mode="after")
    def _one_size(self) -> RateChange:
        _exactly_one(self, "factor", "per_cent")
        return self

    @property
    def size(self) -> float:
        """The full change as a factor."""
        return self.factor if self.factor is not None else 1 + (self.per_cent or 0.0) / 100


class Convergence(Timed):
    """The ratio of areas moves to a target."""

    target: Literal["national", "best_fifth"] | Positive
    share: Share = 1.0
    only_below: Flag = False
    service: Lines = ()


class BedShift(Timed):
    """Patients of hospital beds move to home care.

    Attributes
    ----------
    patients : dict, optional
        Code or name of an area or prefecture → patients who have left the beds once all have moved.
    file : str, optional
        CSV with area_code, kind, patients; beside the scenario file.
    share_of_inpatients : float, optional
        Share of the patients in the beds of every prefecture (table `hospital_beds`).
    to_home : float
        Share of them who receive home visits.
    """

    kind: Literal["療養病床", "一般病床"] = "療養病床"
    patients: dict[Line, Amount] | None = None
    file: Line | None = None
    share_of_inpatients: Share | None = None
    to_home: Share = 1.0

    @model_validator(mode="after")
    def _one_number(self) -> BedShift:
        _exactly_one(self, "patients", "file", "share_of_inpatients")
        return self


class PlaceShift(Timed):
    """A share of the patients moves between their own home and facilities."""

    share: Share
    direction: Literal["to_facility", "to_home"] = "to_facility"


class PopulationVariant(Part):
    """Another course of the population: the user's file in place of the edition, or multipliers of it."""

    file: Line | None = None
    multipliers: Line | None = None

    @model_validator(mode="after")
    def _one_file(self) -> PopulationVariant:
        _exactly_one(self, "file", "multipliers")
        return self


class SupplyLimit(Part):
    """What the supply can serve at most: a number a month for each area, or per cent of the base year's value."""

    start: Year = Field(alias="from")
    areas: Lines = ()
    service: Lines = (HOME_VISIT_PATIENTS,)
    number: Amount | None = None
    per_cent: Amount | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> SupplyLimit:
        _exactly_one(self, "number", "per_cent")
        return self


class Trend(Part):
    """Whether the rates follow their damped trend."""

    use: Flag = True
    method: Literal["damped", "damped_place", "best_trend", "best"] = "best_trend"
    damping: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)] | None = None


class Scenario(Part):
    """One scenario: its name, its note and what differs from constant rates."""

    id: Annotated[str, Field(strict=True, pattern=r"^[^\s+:：/\\]{1,80}$")]
    name: Bilingual
    note: Bilingual
    trend: Trend | None = None
    rate: tuple[RateChange, ...] = ()
    converge: tuple[Convergence, ...] = ()
    beds: tuple[BedShift, ...] = ()
    place: tuple[PlaceShift, ...] = ()
    population: PopulationVariant | None = None
    supply: tuple[SupplyLimit, ...] = ()

    @property
    def follows_trend(self) -> bool:
        """Whether the trend of the rates is part of it."""
        return self.trend is not None and self.trend.use

    @property
    def changes_rates(self) -> bool:
        """Whether anything but the population differs from constant rates."""
        return self.follows_trend or any((self.rate, self.converge, self.beds, self.place, self.supply))


def _exactly_one(part: Part, *keys: str) -> None:
    given = [key for key in keys if getattr(part, key) is not None]
    if len(given) != 1:
        listed = "・".join(keys)
        raise refuse(
            Text(
                f"{listed} のうち書かれているのがちょうど1つでない",
                f"exactly one of {', '.join(keys)} is needed",
            )
        )
