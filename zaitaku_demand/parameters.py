"""Parameters of a run, checked before anything is computed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS
from zaitaku_demand.text import Text


class RunParameters(BaseModel):
    """What a user can ask for.

    Attributes
    ----------
    edition : str
        Edition of the population projection (2023 or 2018).
    areas : str
        330, 335, 339, 344, or a CSV (municipality → area); None for the edition's own.
    population_file : Path, optional
        Municipal age tables downloaded from the IPSS.
    rates : str
        national, prefecture, area, or a CSV of the user's own rates.
    rate_year : int
        Fiscal year of the NDB rates.
    services : tuple of str
    prefecture : str, optional
        Name or code; the whole country if None.
    horizon : int, optional
        Last year; the last of the edition if None.
    certified_file : Path, optional
        Official certified persons by sex, age and level, in place of the partly estimated ones.
    open_band : int
        75, 80, 85, 90 or 95.
    ratio_95plus : float, optional
        Rate of 95+ over 90-94; from the age gradient of the rates if None.
    scenarios : tuple of str
        Names of scenarios, paths of scenario files or written differences (see `scenarios.resolve`), all applied
        together; ``("base",)`` for constant rates, ``("default",)`` for the course that the backtest chose.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    edition: Literal["2023", "2018"] = "2023"
    areas: str | None = None
    population_file: Path | None = None
    rates: str = "prefecture"
    rate_year: int = Field(default=2022, ge=2014, le=2022)
    services: tuple[str, ...] = (HOME_VISIT_PATIENTS,)
    prefecture: str | None = None
    horizon: int | None = None
    certified_file: Path | None = None
    open_band: Literal[75, 80, 85, 90, 95] = 95
    ratio_95plus: float | None = Field(default=None, gt=0, le=10)
    scenarios: tuple[str, ...] = ("default",)

    @field_validator("services")
    @classmethod
    def _one_service_at_least(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("give at least one service")
        if len(set(value)) != len(value):
            raise ValueError("a service stands twice")
        return value

    @field_validator("scenarios")
    @classmethod
    def _one_scenario_at_least(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or not all(each.strip() for each in value):
            raise ValueError("name at least one scenario")
        return value

    @model_validator(mode="after")
    def _ratio_needs_95(self) -> RunParameters:
        if self.ratio_95plus is not None and self.open_band != 95:
            raise ValueError("the ratio of 95+ is used with the open band 95 only")
        return self

    @property
    def own_rates(self) -> Path | None:
        """Path of the user's rates, if `rates` is one."""
        return Path(self.rates) if self.rates.lower().endswith(".csv") else None


PARAMETER_NAMES: dict[str, Text] = {
    "edition": Text("将来推計人口の版", "Edition of the population projection"),
    "areas": Text("圏域", "Areas"),
    "population_file": Text("人口のファイル", "Population file"),
    "rates": Text("利用率", "Rates"),
    "rate_year": Text("利用率の年度", "Fiscal year of the rates"),
    "services": Text("サービス", "Services"),
    "prefecture": Text("都道府県", "Prefecture"),
    "horizon": Text("推計の最終年", "Horizon"),
    "certified_file": Text("認定者数の表", "Table of certified persons"),
    "open_band": Text("最高年齢階級", "Open age band"),
    "ratio_95plus": Text("95歳以上と90～94歳の率の比", "Rate of 95+ over 90-94"),
    "scenarios": Text("シナリオ", "Scenario"),
}

PARAMETER_VALUES: dict[str, Text] = {
    "edition": Text("2023 または 2018 を指定してください", "choose 2023 or 2018"),
    "areas": Text("330・335・339・344 またはCSVを指定してください", "choose 330, 335, 339, 344 or a CSV"),
    "population_file": Text("ファイル名を指定してください", "give the name of a file"),
    "rates": Text(
        "national・prefecture・area またはCSVを指定してください", "choose national, prefecture, area or a CSV"
    ),
    "rate_year": Text("2014～2022 の年度を指定してください", "choose a fiscal year from 2014 to 2022"),
    "services": Text(
        "同じものを2回書かずに、`zaitaku services` の一覧から選んでください",
        "choose from `zaitaku services`, each only once",
    ),
    "prefecture": Text(
        "都道府県の名称またはコードを指定してください", "give the name or code of a prefecture"
    ),
    "horizon": Text("5年ごとの公表年を指定してください", "choose one of the published five-year steps"),
    "certified_file": Text("ファイル名を指定してください", "give the name of a file"),
    "open_band": Text("75・80・85・90・95 のいずれかを指定してください", "choose 75, 80, 85, 90 or 95"),
    "ratio_95plus": Text(
        "0より大きく10以下の数を、--open-band 95 とともに指定してください",
        "give a number above 0 and up to 10, with --open-band 95",
    ),
    "scenarios": Text(
        "`zaitaku scenarios list` の名称か、シナリオのファイルを指定してください",
        "give a name of `zaitaku scenarios list` or a scenario file",
    ),
}
