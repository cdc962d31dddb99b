"""Patients who move: from hospital beds to home care, and between their own home and facilities.

Both touch the monthly patients (all, own home, facility) and the visits to them; other services stay as they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.path import RatePath
from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS
from zaitaku_demand.scenarios import changes
from zaitaku_demand.scenarios.base_year import base_values, cell_rates, with_services
from zaitaku_demand.scenarios.beds import leaving_patients
from zaitaku_demand.scenarios.places import area_mask
from zaitaku_demand.scenarios.schema import BedShift, PlaceShift
from zaitaku_demand.scenarios.timing import weights
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

PATIENTS_HOME, PATIENTS_FACILITY = "home_visit_patients_home", "home_visit_patients_facility"
VISITS, VISITS_HOME, VISITS_FACILITY = "home_visits", "home_visits_home", "home_visits_facility"
_PATIENTS = (PATIENTS_HOME, PATIENTS_FACILITY)
_VISITS = (VISITS, VISITS_HOME, VISITS_FACILITY)


def beds_path(shift: BedShift, population: Population, rates: Rates) -> RatePath:
    """Patients from hospital beds added to the home-visit patients and to what hangs on them.

    They are divided between own home and facility, and visited, as the area's home-visit patients were in the base year.
    """
    weight = weights(shift, population, rates)
    if not _touched(rates):
        return RatePath.constant()
    patients = leaving_patients(shift, population, rates) * shift.to_home
    added = _per_patient(population, rates)[:, :, None] * patients[None, :, None] * weight
    return replace(RatePath.constant(), added=added)


def place_path(shift: PlaceShift, population: Population, rates: Rates) -> RatePath:
    """A share of the patients at one place visited at the other; all home-visit patients stay as many.

    Visits to a place go with its patients, so the number of visits a patient receives is that of the place where he
    is. Nobody moves at ages and in areas where the other place serves nobody.
    """
    weight = weights(shift, population, rates)
    touched = _touched(rates) - {HOME_VISIT_PATIENTS}
    if not touched:
        return RatePath.constant()
    home, facility = _cells(population, rates, _PATIENTS)
    origin, goal = (home, facility) if shift.direction == "to_facility" else (facility, home)
    moved = changes.moved_share(weight, shift.share, origin, goal)
    moved = moved * area_mask(shift.areas, population)[:, None, None, None]
    leaving, receiving = 1.0 - moved, changes.receiving_factor(moved, origin, goal)
    at_home, inside = (leaving, receiving) if shift.direction == "to_facility" else (receiving, leaving)
    factors = {
        PATIENTS_HOME: at_home,
        VISITS_HOME: at_home,
        PATIENTS_FACILITY: inside,
        VISITS_FACILITY: inside,
    }
    if VISITS in touched:
        visits = _cells(population, rates, (VISITS_HOME, VISITS_FACILITY))
        factors[VISITS] = changes.weighted_factor(at_home, inside, *visits)
    factor = np.ones((len(rates.services), *moved.shape))
    for place, name in enumerate(rates.services):
        if name in factors:
            factor[place] = factors[name]
    return replace(RatePath.constant(), factor=factor)


def _touched(rates: Rates) -> set[str]:
    """Services of the rates that moving patients change.

    Raises
    ------
    InputError
        If a user's own rates name none: whether his service counts these patients is not known.
    """
    found = {HOME_VISIT_PATIENTS, *_PATIENTS, *_VISITS} & set(rates.services)
    if not found and rates.level == "user":
        raise InputError(
            Text(
                "利用者の率に訪問診療患者のサービスがなく、患者の移行を計算できない",
                "the user's rates have no service of home-visit patients, so moving patients cannot be computed",
            ),
            Text(
                f"率のCSVの「サービス」列に {HOME_VISIT_PATIENTS} などのIDを書いてください",
                f"write an id such as {HOME_VISIT_PATIENTS} into the column service of the CSV of rates",
            ),
        )
    return found


def _cells(population: Population, rates: Rates, needed: tuple[str, ...]) -> list[FloatArray]:
    found = with_services(population, rates, needed)
    return [cell_rates(found, place) for place in range(len(needed))]


def _per_patient(population: Population, rates: Rates) -> FloatArray:
    """What one home-visit patient of the base year stands for in each service, array (services, areas).

    1 for the patients, the share of the place for those at home and in facilities, visits a patient for visits; 0 for
    every other service.
    """
    out = np.zeros((len(rates.services), len(population.areas)))
    for name in rates.services:
        place = rates.services.index(name)
        if name == HOME_VISIT_PATIENTS:
            out[place] = 1.0
        elif name in _PATIENTS:
            both = base_values(population, with_services(population, rates, _PATIENTS))
            out[place] = _quotient(both[_PATIENTS.index(name)], both.sum(axis=0))
        elif name in _VISITS:
            pair = base_values(population, with_services(population, rates, (name, HOME_VISIT_PATIENTS)))
            out[place] = _quotient(pair[0], pair[1])
    return out


def _quotient(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Part over whole by area; that of all areas together where an area has none."""
    together = part.sum() / whole.sum() if whole.sum() > 0 else 0.0
    return np.divide(part, whole, out=np.full_like(part, together), where=whole > 0)
