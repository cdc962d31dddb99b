"""Would a local age profile have forecast better, and would it bring the projection nearer to the ministry's?

Each candidate profile is made from what was known at the origin and applied to the population of the later years as it
was counted. What is judged is the growth of a place relative to the nation, the part that a profile can explain. The
ministry's figures are looked at last, and nothing is fitted to them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.backtest.age_gradient_candidates import (
    CANDIDATES,
    By,
    candidates,
    centred,
    claims_of,
    margins,
    people_of,
    place_of,
)
from zaitaku_demand.rates.age_gradient import age_scale, gradient_of
from zaitaku_demand.rates.age_gradient_data import (
    both_people,
    both_profile,
    estimated_gradients,
    factor_of,
    gradient_factor,
    has_mix,
    mixed_profiles,
)
from zaitaku_demand.rates.national import LATEST_RATE_YEAR, SPLIT_AGES
from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.projection.project import Projection

FloatArray = npt.NDArray[np.float64]

FIRST_ORIGIN: dict[By, int] = {"prefecture": 2018, "area": 2019}
"""Before FY2018 the gradients over time have a single step that the reform of FY2016 does not touch."""
YEAR_PAIRS = ((2030, 2040), (2030, 2050))
STANDARD_ERRORS = 2.0
"""An improvement of the backtest counts from that many standard errors on."""


@dataclass(frozen=True)
class GradientFinding:
    """What was found about local age profiles.

    Attributes
    ----------
    service : str
    estimates : DataFrame
        design (``area_time``, ``prefecture_time``, ``between_areas``), mean, mean_error, tau, median_error (of a
        prefecture's own gradient), n; change of the log rate per decade of age.
    national_mean : float
        Gradient of the profile fitted to both margins against the national one, per decade.
    backtest : DataFrame
        by, candidate, n, error (mean absolute error of the growth relative to the nation, per cent), difference (from
        the national profile, points; negative is better), difference_error (its standard error, by prefecture).
    ministry : DataFrame
        candidate, from_year, to_year, n, median_abs (per cent), explained (share of the gap that goes away; negative
        if it grows).
    adopted : str or None
        The candidate that improves the backtest by prefecture and by area beyond chance, if any.
    sentences : tuple of Text
    """

    service: str
    estimates: pd.DataFrame
    national_mean: float
    backtest: pd.DataFrame
    ministry: pd.DataFrame
    adopted: str | None
    sentences: tuple[Text, ...] = ()


@cache
def gradient_finding(service: str = HOME_VISIT_PATIENTS) -> GradientFinding:
    """Estimates, backtest and comparison with the ministry of local age profiles of one service.

    Parameters
    ----------
    service : str
        Such as ``home_visit_patients``, which the ministry projects as receipts.

    Raises
    ------
    InputError
        If the NDB has no counts of the service by area.
    """
    scale = age_scale(SPLIT_AGES)
    national = both_profile(service, LATEST_RATE_YEAR)
    patients = both_people(LATEST_RATE_YEAR).sum(axis=0) * national
    fitted = margins(service, "area", LATEST_RATE_YEAR)[0]
    backtest = backtest_profiles(service)
    found = GradientFinding(
        service,
        _estimates(service),
        float(gradient_of(fitted, national, patients, scale)),
        backtest,
        against_ministry(service),
        adopted_candidate(backtest),
    )
    return replace(found, sentences=_sentences(found))


def backtest_profiles(service: str) -> pd.DataFrame:
    """Errors of the growth of places by candidate; see `GradientFinding`."""
    import pandas as pd

    rows = []
    for by, first in FIRST_ORIGIN.items():
        errors: dict[str, list[FloatArray]] = {}
        for origin in range(first, LATEST_RATE_YEAR):
            for name, profile in candidates(service, by).items():
                made = profile(origin)
                for year in range(origin + 1, LATEST_RATE_YEAR + 1):
                    errors.setdefault(name, []).append(np.abs(growth_error(service, by, origin, year, made)))
        base = np.concatenate(errors["national"])
        place = np.tile(place_of(by), len(errors["national"]))
        for name, parts in errors.items():
            every = np.concatenate(parts)
            known = np.isfinite(every)
            difference, error = clustered_mean((every - base)[known], place[known])
            rows.append(
                (by, name, int(known.sum()), 100 * every[known].mean(), 100 * difference, 100 * error)
            )
    return pd.DataFrame(rows, columns=["by", "candidate", "n", "error", "difference", "difference_error"])


def growth_error(service: str, by: By, origin: int, year: int, profile: FloatArray) -> FloatArray:
    """ln growth of each place from `origin` to `year` minus that expected, both relative to the nation.

    Parameters
    ----------
    profile : array (places, 20 ages) or (1, 20 ages)
        Rates of the origin.

    Returns
    -------
    array (places,)
        NaN where suppression hides a count of either year.
    """
    before = (people_of(by, origin) * profile).sum(axis=1)
    after = (people_of(by, year) * profile).sum(axis=1)
    growth = np.log(claims_of(service, by, year) / claims_of(service, by, origin))
    error = growth - np.log(after / before)
    known = np.isfinite(error)
    return np.asarray(error - np.average(error[known], weights=before[known]))


def clustered_mean(values: FloatArray, cluster: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Mean and its standard error where values of a cluster go together.

    References
    ----------
    Liang & Zeger 1986, Biometrika 73:13 (the mean as the simplest estimating equation).
    """
    mean = float(values.mean())
    sums = np.bincount(cluster, weights=values - mean)
    return mean, float(np.sqrt((sums**2).sum()) / len(values))


def adopted_candidate(backtest: pd.DataFrame) -> str | None:
    """The candidate that improves most among those better than the national profile at both levels beyond chance."""
    others = backtest[backtest["candidate"] != "national"]
    better = others["difference"] < -STANDARD_ERRORS * others["difference_error"]
    wide = others.assign(better=better).pivot(index="candidate", columns="by", values="better")
    both = wide.index[wide.eq(True).all(axis=1)]
    if both.empty:
        return None
    gain = others[others["candidate"].isin(both)].groupby("candidate")["difference"].sum()
    return str(gain.idxmin())


def against_ministry(service: str) -> pd.DataFrame:
    """Median absolute difference from the ministry's index by candidate; see `GradientFinding`."""
    import pandas as pd

    from zaitaku_demand.projection.compare import compare_official
    from zaitaku_demand.projection.project import project
    from zaitaku_demand.rates.path import RatePath

    base = _projection(service)
    population, rates = base.population, base.rates
    place = population.areas["prefecture_code"].astype(int).to_numpy() - 1
    national = rates.profile[0, 0, 0]
    over_time = estimated_gradients(service, "prefecture_time").value
    factors = {"margins": (margins(service, "area", LATEST_RATE_YEAR)[0] / national)[None, None, None, None]}
    if has_mix(service):
        mixed = mixed_profiles(service, LATEST_RATE_YEAR, "prefecture")[place]
        factors["mix"] = (mixed / national)[None, :, None, None]
    factors["over_time"] = gradient_factor(population, rates, "prefecture_time")
    held = centred(over_time, service, LATEST_RATE_YEAR)
    factors["deviations"] = factor_of(held[place], population, rates)
    factors["within_areas"] = gradient_factor(population, rates, "area_time")
    factors["between_areas"] = gradient_factor(population, rates, "between_areas")
    constant = RatePath.constant()
    projections = {"national": base}
    for name, factor in factors.items():
        projections[name] = project(population, rates, replace(constant, factor=factor))
    rows = []
    for name, projection in projections.items():
        table = compare_official(projection).set_index(["from_year", "to_year"])
        for pair in YEAR_PAIRS:
            areas, median = int(table["n"][pair]), float(table["median_abs"][pair])
            rows.append((name, *pair, areas, median))
    frame = pd.DataFrame(rows, columns=["candidate", "from_year", "to_year", "n", "median_abs"])
    gap = frame[frame["candidate"] == "national"].set_index("to_year")["median_abs"]
    frame["explained"] = 1 - frame["median_abs"] / frame["to_year"].map(gap)
    return frame


def _projection(service: str) -> Projection:
    from zaitaku_demand.open_band import split_open_band
    from zaitaku_demand.population import load_population
    from zaitaku_demand.projection.project import project
    from zaitaku_demand.rates.build import utilisation_rates

    population = split_open_band(load_population("2023"))
    return project(population, utilisation_rates(population, (service,), level="national"))


def _estimates(service: str) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for design in ("area_time", "prefecture_time", "between_areas"):
        found = estimated_gradients(service, design)
        known = np.isfinite(found.slope)
        own = float(np.median(found.error[known]))
        rows.append((design, found.mean, found.mean_error, found.tau, own, int(known.sum())))
    return pd.DataFrame(rows, columns=["design", "mean", "mean_error", "tau", "median_error", "n"])


def _sentences(found: GradientFinding) -> tuple[Text, ...]:
    rows = found.estimates.set_index("design")
    between, within = rows.loc["between_areas"], rows.loc["area_time"]
    gap = found.ministry.set_index(["candidate", "to_year"])["median_abs"]
    error = found.backtest.set_index(["by", "candidate"])["error"]
    usual, fitted = ([float(gap[name, year]) for _, year in YEAR_PAIRS] for name in ("national", "margins"))
    worst = float(gap["between_areas", YEAR_PAIRS[-1][1]])
    old, new = (float(error["area", name]) for name in ("national", "margins"))
    estimate = Text(
        f"年齢勾配（10歳あたりの対数利用率の差）は、圏域を横に比べると全国の年齢構造より{between['mean']:+.1f}（標準誤差{between['mean_error']:.1f}）となる。"
        "高齢化の進んだ圏域ほど在宅医療を行う医療機関が少ないための見かけの差で、勾配ではない。"
        f"圏域ごとの経年変化では{within['mean']:+.1f}（標準誤差{within['mean_error']:.1f}）、"
        f"地域別と年齢別の件数に同時に合わせると{found.national_mean:+.2f}である。",
        f"Compared side by side, areas have an age gradient that differs from the national profile by {between['mean']:+.1f} "
        f"per decade of age (log rate, standard error {between['mean_error']:.1f}): older areas have fewer clinics, so this "
        f"is no gradient. Within areas over time it is {within['mean']:+.1f} (standard error {within['mean_error']:.1f}); "
        f"the counts by place and by age together give {found.national_mean:+.2f}.",
    )
    official = Text(
        "厚生労働省の推計との差（330圏域の絶対値の中央値）は、2040年／2030年と2050年／2030年の順に、"
        f"全国の年齢構造で{usual[0]:.1f}％・{usual[1]:.1f}％、地域別と年齢別の件数に同時に合わせた年齢構造で{fitted[0]:.1f}％・{fitted[1]:.1f}％である。"
        f"圏域間の比較による勾配では2050年／2030年の差が{worst:.0f}％に広がる。",
        "The median absolute difference from the ministry's projection over 330 areas is, for 2040/2030 and 2050/2030, "
        f"{usual[0]:.1f} % and {usual[1]:.1f} % with the national profile, {fitted[0]:.1f} % and {fitted[1]:.1f} % with the "
        f"profile fitted to the counts by place and by age. The gradient from comparing areas widens that of 2050/2030 to {worst:.0f} %.",
    )
    if found.adopted is None:
        verdict = Text(
            f"過去の件数での検証でも、地域別の年齢構造が予測の誤差を小さくするとはいえない（圏域の平均絶対誤差：全国の年齢構造{old:.2f}％、同時に合わせた年齢構造{new:.2f}％）。"
            "このため、地域別の年齢構造は採用しない。",
            f"Tested on past counts, no local profile lowers the error beyond chance (mean absolute error of areas: national "
            f"profile {old:.2f} %, fitted profile {new:.2f} %). Local age profiles are therefore not adopted.",
        )
    else:
        name = CANDIDATES[found.adopted]
        best = float(error["area", found.adopted])
        verdict = Text(
            f"過去の件数での検証では「{name.ja}」が誤差を小さくする（圏域の平均絶対誤差{old:.2f}％から{best:.2f}％）。",
            f"Tested on past counts, '{name.en}' lowers the error (mean absolute error of areas from {old:.2f} to {best:.2f} %).",
        )
    return (estimate, official, verdict)
