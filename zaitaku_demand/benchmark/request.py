"""What a user can ask of the benchmark, checked before anything is computed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from zaitaku_demand.benchmark.parameters import BenchmarkPartsParameters, PlanPeriod
from zaitaku_demand.text import Text

_YEARS = (2000, 2100)
"""Between which plan periods may lie."""


class BenchmarkRequest(BaseModel):
    """One benchmark.

    Attributes
    ----------
    level : str
        ``prefecture`` or ``area`` (the 335 areas of the 7th plan): what is compared.
    prefecture : str, optional
        Name or code of the prefecture the report is about; at level area, its areas. Without it the report is about
        one place of each type.
    peers : str
        ``nearest``, ``type``, or names or codes of places separated by commas.
    year : int, optional
        Last year of data to use; the latest there is if None.
    target : str
        Basis of targets that the user does not set: ``peers`` (their best fifth) or ``demand`` (projected growth).
    targets_file : Path, optional
        The user's targets: indicator_id, area_code, target.
    values_files : tuple of Path
        The user's own values in the layout of `zaitaku indicators template`.
    home_care_file : Path, optional
        The ministry's workbook 在宅医療にかかる地域別データ集 (open data, not shipped).
    shrink : str
        ``all`` (the shrunken value moves to the mean of all places) or ``neighbours`` (to that of the place and
        those it borders on).
    core_set_file : Path, optional
        A core set (`zaitaku research core-set`): only its indicators are compared, in their order.
    parts : BenchmarkPartsParameters
        Thresholds, weights, plan periods.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Literal["prefecture", "area"] = "prefecture"
    prefecture: str | None = None
    peers: str = "nearest"
    year: int | None = Field(default=None, ge=2014, le=2100)
    target: Literal["peers", "demand"] = "peers"
    targets_file: Path | None = None
    values_files: tuple[Path, ...] = ()
    home_care_file: Path | None = None
    shrink: Literal["all", "neighbours"] = "all"
    core_set_file: Path | None = None
    parts: BenchmarkPartsParameters = BenchmarkPartsParameters()

    @field_validator("peers")
    @classmethod
    def _something(cls, value: str) -> str:
        if not listed_places(value):
            raise ValueError("name at least one peer")
        return value


REQUEST_NAMES: dict[str, Text] = {
    "shrink": Text("縮約の方向", "Shrunk to"),
    "level": Text("比較の単位", "What is compared"),
    "prefecture": Text("対象", "Places of this report"),
    "peers": Text("比較対象（類似地域）", "Peers"),
    "year": Text("用いる最終年", "Last year used"),
    "target": Text("目標の根拠", "Basis of targets"),
    "targets_file": Text("目標のファイル", "File of targets"),
    "values_files": Text("利用者の値のファイル", "User's own values"),
    "home_care_file": Text("地域別データ集のファイル", "Workbook of the regional data collection"),
    "core_set_file": Text("コア指標のファイル", "Core set"),
    "periods": Text("計画期間", "Plan periods"),
}

REQUEST_VALUES: dict[str, Text] = {
    "shrink": Text("all または neighbours を指定してください", "choose all or neighbours"),
    "level": Text("prefecture または area を指定してください", "choose prefecture or area"),
    "prefecture": Text(
        "都道府県の名称またはコードを指定してください", "give the name or code of a prefecture"
    ),
    "peers": Text(
        "nearest・type、または名称かコードをコンマで区切って指定してください",
        "choose nearest, type, or names or codes separated by commas",
    ),
    "year": Text("2014年以降の年を指定してください", "choose a year from 2014 on"),
    "target": Text("peers または demand を指定してください", "choose peers or demand"),
    "targets_file": Text("ファイル名を指定してください", "give the name of a file"),
    "values_files": Text("ファイル名を指定してください", "give the names of files"),
    "home_care_file": Text("ファイル名を指定してください", "give the name of a file"),
    "core_set_file": Text("ファイル名を指定してください", "give the name of a file"),
    "periods": Text(
        "2027-2029 のように初年度と最終年度を指定してください",
        "give the first and last year, such as 2027-2029",
    ),
}


def read_period(text: str) -> PlanPeriod:
    """A plan period written as ``2027-2029``; ValueError if it is not one."""
    first, dash, last = text.strip().partition("-")
    period = PlanPeriod(first_year=int(first), last_year=int(last))
    if not dash or not (_YEARS[0] <= period.first_year and period.last_year <= _YEARS[1]):
        raise ValueError(text)
    return period


def listed_places(text: str) -> list[str]:
    """Names or codes separated by commas, Japanese ones included, each once."""
    return list(dict.fromkeys(part.strip() for part in re.split("[,，、]", text) if part.strip()))
