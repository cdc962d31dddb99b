"""Putting rates together for a population: one function for each way of asking."""

from __future__ import annotations

from typing import cast

import numpy as np

from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.model import LEVELS, Level, Rates
from zaitaku_demand.rates.national import LATEST_RATE_YEAR, RATE_YEARS, national_profile
from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS, service
from zaitaku_demand.text import Text


def utilisation_rates(
    population: Population,
    services: tuple[str, ...] = (HOME_VISIT_PATIENTS,),
    *,
    year: int = LATEST_RATE_YEAR,
    level: str = "prefecture",
    ratio_95plus: float | None = None,
) -> Rates:
    """Utilisation rates from the NDB Open Data that fit a population's sexes, age bands and areas.

    Parameters
    ----------
    population : Population
    services : tuple of str
        Service ids (see `zaitaku_demand.services`).
    year : int
        Fiscal year of the NDB Open Data, 2014 to 2022.
    level : str
        ``national``, ``prefecture`` or ``area``.
    ratio_95plus : float, optional
        Rate of the 95+ over that of the 90-94, used where the population is split at 95.

    Raises
    ------
    InputError
        If the service, year or level is not available.
    """
    chosen = [service(identifier) for identifier in services]
    if year not in RATE_YEARS:
        raise InputError(
            Text(f"{year}年度の利用率はない", f"there are no rates of FY{year}"),
            Text("--rate-year に2014～2022を指定してください", "choose 2014 to 2022 with --rate-year"),
        )
    if level not in ("national", "prefecture", "area"):
        raise InputError(
            Text(f"率の水準「{level}」はない", f"there is no rate level '{level}'"),
            Text(
                "national・prefecture・area のいずれか、または率のCSVを指定してください",
                "choose national, prefecture, area or a CSV of rates",
            ),
        )
    profile = national_profile(services, year, population.sexes, population.ages.open_from, ratio_95plus)
    n_areas = len(population.areas)
    notes: tuple[Text, ...] = tuple(dict.fromkeys(each.note for each in chosen))
    ratio = np.ones((len(services), n_areas))
    estimated = np.zeros_like(ratio)
    if level == "prefecture":
        from zaitaku_demand.rates.local import prefecture_ratio

        ratio, estimated = prefecture_ratio(services, year, profile, population)
    elif level == "area":
        from zaitaku_demand.rates.local import area_ratio

        ratio, estimated, more = area_ratio(services, year, profile, population)
        notes = (*notes, *more)
    if level != "national":
        notes = (*notes, PLACE_NOTE)
    return Rates(
        services=services,
        names=tuple(each.name for each in chosen),
        units=tuple(each.unit for each in chosen),
        profile=profile[:, None],
        group=np.zeros(n_areas, dtype=np.int64),
        ratio=ratio,
        estimated_share=estimated,
        sexes=population.sexes,
        ages=population.ages,
        open_band=population.open_band,
        base_year=year,
        level=cast(Level, level),
        source=Text(
            f"厚生労働省「NDBオープンデータ」{year}年度診療分、C在宅医療（{LEVELS[level].ja}）",
            f"MHLW, NDB Open Data, FY{year}, section C ({LEVELS[level].en})",
        ),
        notes=notes,
    )


PLACE_NOTE = Text(
    "都道府県比・圏域比は医療機関の所在地による件数から求めており、患者の住所地ではない。",
    "The ratios of prefecture and area come from counts by the place of the institution, not the patient's home.",
)
