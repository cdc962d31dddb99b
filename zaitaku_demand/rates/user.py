"""A user's own rates from a CSV: 患者調査 受療率, a prefecture's own tables, an assumption.

Columns (Japanese or English headings):

* ``age`` 年齢: any bands that follow each other, such as ``0-14``, ``65～69歳``, ``75+``;
* one of ``rate_per_100000`` 人口10万対 or ``rate_per_person`` 人口1人当たり;
* optionally ``sex`` 性別 (male/female, 男/女), ``prefecture_code`` 都道府県コード, ``service`` サービス.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.ages import AgeBands, ordered_bands, parse_band
from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.sources.reading import CORRECT_CELL, Sheet, read_csv, shorten, tidy_text
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

_HEADINGS = {
    "age": ("age", "年齢", "年齢階級"),
    "sex": ("sex", "性別"),
    "prefecture_code": ("prefecture_code", "都道府県コード"),
    "service": ("service", "サービス"),
    "rate_per_100000": ("rate_per_100000", "人口10万対", "人口１０万対"),
    "rate_per_person": ("rate_per_person", "人口1人当たり", "人口１人当たり"),
}
UNNAMED = "user_service"
_SEXES = {
    "male": "male",
    "男": "male",
    "男性": "male",
    "female": "female",
    "女": "female",
    "女性": "female",
    "both": "both",
    "計": "both",
    "男女計": "both",
}
LARGEST_RATE = 100.0
"""No service is used so often by one person in a month; a larger one has another unit than its heading's."""

_HEADING_ACTION = Text(
    "見出しを「年齢」と「人口10万対」または「人口1人当たり」（任意で性別、都道府県コード、サービス）にしてください",
    "head the columns age and rate_per_100000 or rate_per_person (optionally sex, prefecture_code, service)",
)


def read_rates(path: Path, population: Population, base_year: int) -> Rates:
    """Rates of a CSV, expanded to the population's age bands, sexes and prefectures.

    Coarser bands are expanded: every band of the population takes the rate of the band that holds it. If
    the CSV's open band starts below the population's, the same holds for the top.

    Raises
    ------
    InputError
        If a heading is missing, a rate is no number, negative or above `LARGEST_RATE`, the age bands overlap,
        leave a gap or cut through a band of the population, a row stands twice, or the sexes do not fit.
    """
    sheet = read_csv(path)
    table = _read(sheet)
    _check_sexes(sheet, table, population)
    services = tuple(table["service"].unique())
    prefectures = sorted(table["prefecture_code"].unique())
    needed = sorted(population.areas["prefecture_code"].unique())
    if prefectures == [""]:
        group = np.zeros(len(population.areas), dtype=np.int64)
    else:
        lacking = [code for code in needed if code not in prefectures]
        if lacking:
            raise sheet.error(
                Text(
                    f"都道府県 {'、'.join(lacking)} の率がない",
                    f"there are no rates for the prefectures {', '.join(lacking)}",
                ),
                Text(
                    "全ての都道府県の率を入れるか、都道府県コードの列を除いてください",
                    "give rates for all prefectures or drop the column",
                ),
            )
        group = population.areas["prefecture_code"].map(prefectures.index).to_numpy(dtype=np.int64)
    profile = np.empty((len(services), len(prefectures), len(population.sexes), len(population.ages)))
    for k, name in enumerate(services):
        for p, prefecture in enumerate(prefectures):
            for s, sex in enumerate(population.sexes):
                part = table[(table["service"] == name) & (table["prefecture_code"] == prefecture)]
                part = part[part["sex"].isin([sex, "both"])]
                profile[k, p, s] = _expand(sheet, part, population.ages)
    title = Text(f"利用者の率（{path.name}）", f"the user's rates ({path.name})")
    return Rates(
        services=services,
        names=tuple(_name(name) for name in services),
        units=tuple(Text("人・件", "persons or claims") for _ in services),
        profile=profile,
        group=group,
        ratio=np.ones((len(services), len(population.areas))),
        estimated_share=np.zeros((len(services), len(population.areas))),
        sexes=population.sexes,
        ages=population.ages,
        open_band=_open_band(table, population.ages),
        base_year=base_year,
        level="user",
        source=title,
        notes=(
            Text(
                "率は利用者が与えたもので、検証していない。",
                "The rates were given by the user and are not checked.",
            ),
            *_young(table),
        ),
    )


def _open_band(table: pd.DataFrame, ages: AgeBands) -> str:
    """Open band behind the results: the rates' own, unless the population's starts earlier."""
    starts = [band[0] for band in map(parse_band, table["age"]) if band and band[1] is None]
    return f"{min([*starts, ages.open_from])}+"


def _name(service: str) -> Text:
    if service == UNNAMED:
        return Text("利用者の率によるサービス", "service by the user's rates")
    return Text(service, service)


def _young(table: pd.DataFrame) -> tuple[Text, ...]:
    """A note on the ages below the first band, which take the rate 0."""
    bands = [band for band in map(parse_band, table["age"]) if band]
    first = min(lower for lower, _ in bands)
    if first == 0:
        return ()
    return (
        Text(
            f"{first}歳未満の率は与えられていないため0とした。",
            f"No rate was given below {first}, so 0 is used there.",
        ),
    )


def _read(sheet: Sheet) -> pd.DataFrame:
    import pandas as pd

    heading = [tidy_text(cell) for cell in sheet.rows[0]]
    columns: dict[str, int] = {}
    for key, accepted in _HEADINGS.items():
        places = [position for position, cell in enumerate(heading) if cell in accepted]
        if len(places) > 1:
            raise sheet.error(
                Text(f"見出し「{accepted[-1]}」の列が2つある", f"the heading {key} stands twice"),
                _HEADING_ACTION,
                0,
                places[1],
            )
        if places:
            columns[key] = places[0]
    stray = [position for position, cell in enumerate(heading) if position not in columns.values() and cell]
    if stray:
        raise sheet.error(
            Text(
                f"見出し「{shorten(heading[stray[0]])}」は分からない",
                f"the heading '{shorten(heading[stray[0]])}' is not known",
            ),
            _HEADING_ACTION,
            0,
            stray[0],
        )
    unit = [key for key in ("rate_per_100000", "rate_per_person") if key in columns]
    if "age" not in columns or len(unit) != 1:
        raise sheet.error(
            Text(
                "「年齢」と率の列（どちらか1つ）がそろっていない",
                "the columns age and exactly one of rate_per_100000, rate_per_person are needed",
            ),
            _HEADING_ACTION,
            0,
        )
    records = []
    seen: dict[tuple[str, str, str, str], int] = {}
    for row in range(1, len(sheet.rows)):
        if not any(tidy_text(cell) for cell in sheet.rows[row]):
            continue
        if len(sheet.rows[row]) > len(heading) and any(
            tidy_text(cell) for cell in sheet.rows[row][len(heading) :]
        ):
            raise sheet.error(
                Text("見出しより多い列がある", "the row has more cells than headings"),
                CORRECT_CELL,
                row,
                len(heading),
            )
        age = sheet.text(row, columns["age"])
        if parse_band(age) is None:
            raise sheet.error(
                Text(
                    f"年齢階級「{shorten(age)}」を読み取れない",
                    f"the age band '{shorten(age)}' is not understood",
                ),
                CORRECT_CELL,
                row,
                columns["age"],
            )
        sex_text = sheet.text(row, columns["sex"]) if "sex" in columns else "both"
        if sex_text not in _SEXES:
            raise sheet.error(
                Text(
                    f"性別「{shorten(sex_text)}」を読み取れない",
                    f"the sex '{shorten(sex_text)}' is not understood",
                ),
                Text("男・女・計のいずれかにしてください", "use male, female or both"),
                row,
                columns["sex"],
            )
        prefecture = (
            sheet.text(row, columns["prefecture_code"]).zfill(2) if "prefecture_code" in columns else ""
        )
        if "prefecture_code" in columns and not (
            re.fullmatch(r"[0-9]{2}", prefecture) and 1 <= int(prefecture) <= 47
        ):
            raise sheet.error(
                Text(
                    f"都道府県コード「{shorten(prefecture)}」が01～47でない",
                    f"the prefecture code '{shorten(prefecture)}' is not 01-47",
                ),
                CORRECT_CELL,
                row,
                columns["prefecture_code"],
            )
        name = sheet.text(row, columns["service"]) if "service" in columns else UNNAMED
        if not name:
            raise sheet.error(
                Text("サービスの欄が空である", "the service is blank"), CORRECT_CELL, row, columns["service"]
            )
        rate = sheet.number(row, columns[unit[0]]) / (100_000 if unit[0] == "rate_per_100000" else 1)
        if rate > LARGEST_RATE:
            raise sheet.error(
                Text(
                    f"1人1か月当たり{rate:g}という大きすぎる率がある",
                    f"the rate is {rate:g} for one person a month, which is too large",
                ),
                Text(
                    "人口10万対か1人当たりか、見出しの単位を確かめてください",
                    "check whether the unit is per 100,000 or per person",
                ),
                row,
                columns[unit[0]],
            )
        group = (name, prefecture, _SEXES[sex_text], str(parse_band(age)))
        if group in seen:
            raise sheet.error(
                Text(
                    f"{seen[group] + 1}行目と同じ年齢・性別・地域の行である",
                    f"the row repeats row {seen[group] + 1}",
                ),
                CORRECT_CELL,
                row,
                columns["age"],
            )
        seen[group] = row
        records.append((name, prefecture, _SEXES[sex_text], age, rate))
    if not records:
        raise sheet.error(Text("率の行がない", "there is no row of rates"), _HEADING_ACTION)
    return pd.DataFrame(records, columns=["service", "prefecture_code", "sex", "age", "rate"])


def _check_sexes(sheet: Sheet, table: pd.DataFrame, population: Population) -> None:
    given = set(table["sex"])
    if "both" in given and len(given) > 1:
        raise sheet.error(
            Text("男女別の率と男女計の率が混在している", "rates by sex and for both sexes are mixed"),
            Text("男女別か男女計のどちらかにしてください", "give either rates by sex or for both sexes"),
        )
    if given != {"both"} and population.sexes == ("both",):
        raise sheet.error(
            Text("率は男女別だが人口は男女計である", "the rates are by sex but the population is not"),
            Text(
                "男女計の率にするか --edition 2018 を使ってください",
                "give rates for both sexes or use --edition 2018",
            ),
        )


def _expand(sheet: Sheet, part: pd.DataFrame, ages: AgeBands) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if part.empty:
        raise sheet.error(
            Text(
                "男女・地域・サービスの組の一部に率がない",
                "some combination of sex, prefecture and service has no rate",
            ),
            Text("全ての組に同じ年齢階級の率を入れてください", "give every combination the same age bands"),
        )
    try:
        bands, order = ordered_bands(list(part["age"]))
        rates = part["rate"].to_numpy(dtype=np.float64)[order]
        if bands.bands[0][0] != 0:
            bands = AgeBands(((0, bands.bands[0][0]), *bands.bands))
            rates = np.concatenate([[0.0], rates])
        matrix = ages.merge_matrix(bands)
    except InputError as error:
        raise sheet.error(error.found, error.action) from error
    return np.asarray(matrix @ rates)
