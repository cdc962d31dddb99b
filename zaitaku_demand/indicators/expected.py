"""Expected counts and the settling of a count's state: small formulas over arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
StateArray = npt.NDArray[np.int8]

MISSING, OBSERVED, ESTIMATED, SUPPRESSED = range(4)
STATE_NAMES = ("no_data", "observed", "estimated", "suppressed")
LARGEST_HIDDEN_PART = 3.0
"""How many times its estimate a hidden part is taken to be at most, where its certain bound says nothing."""


def expected_indirect(events: FloatArray, persons: FloatArray) -> FloatArray:
    """Expected counts from national rates by sex and age: E_i = sum n_isa X_sa / sum_i n_isa.

    Parameters
    ----------
    events : array (years, sexes, ages)
        National counts X.
    persons : array (years, places, sexes, ages)
        Inhabitants n of places that together are the nation.

    Returns
    -------
    array (years, places)
        They add up over the places to the national count. NaN in years without counts or inhabitants.
    """
    nation = persons.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A cell without inhabitants has no rate; it adds nothing as long as it has no event either.
        rates = np.where((nation == 0) & (events == 0), 0.0, events / nation)
    return np.asarray(np.einsum("ypsa,ysa->yp", persons, rates))


def national_rate(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Crude rate of Japan; where the nation has no value, that of all places with a value together.

    Parameters
    ----------
    numerator, denominator : arrays (years, places)
        The nation is place 0; NaN where there is no value.

    Returns
    -------
    array (years,)
    """
    both = np.isfinite(numerator[:, 1:]) & np.isfinite(denominator[:, 1:])
    with np.errstate(divide="ignore", invalid="ignore"):
        own = numerator[:, 0] / denominator[:, 0]
        pooled = np.where(both, numerator[:, 1:], 0).sum(axis=1) / np.where(both, denominator[:, 1:], 0).sum(
            axis=1
        )
    return np.where(np.isfinite(own), own, pooled)


def expected_crude(denominator: FloatArray, rate: FloatArray) -> FloatArray:
    """Expected counts at one rate for all: E_i = d_i x rate; arrays (years, places) and (years,)."""
    return np.asarray(denominator * rate[:, None])


def settled_state(
    value: FloatArray, lower: FloatArray, upper: FloatArray, state: StateArray, tolerance: float
) -> StateArray:
    """State of a count with hidden parts.

    *Estimated* while ``(upper - lower) / 2 <= tolerance x value``, or while the hidden part as estimated,
    ``value - lower``, is at most that share; *suppressed* beyond.

    Parameters
    ----------
    value, lower, upper : arrays of one shape
    state : array
        State of the source.
    tolerance : float
        Share of the value.
    """
    with np.errstate(invalid="ignore"):
        near = _narrow(value, lower, upper, tolerance) | (value - lower <= tolerance * value) & (value > 0)
        exact = upper == lower
    known = np.where(exact & (state == OBSERVED), OBSERVED, np.where(near, ESTIMATED, SUPPRESSED))
    settled = np.where(state == MISSING, MISSING, np.where(state == SUPPRESSED, SUPPRESSED, known))
    return settled.astype(np.int8)


def shown_upper(value: FloatArray, lower: FloatArray, upper: FloatArray, tolerance: float) -> FloatArray:
    """Upper bound that an estimate is shown with.

    The certain one where the bounds are narrow. Where the publisher hides whole rows nothing bounds a cell from
    above but the national total; there the hidden part is taken to be at most three times its estimate:
    ``min(upper, lower + 3 (value - lower))``.
    """
    with np.errstate(invalid="ignore"):
        plausible = np.minimum(upper, lower + LARGEST_HIDDEN_PART * (value - lower))
        return np.where(_narrow(value, lower, upper, tolerance), upper, plausible)


def _narrow(
    value: FloatArray, lower: FloatArray, upper: FloatArray, tolerance: float
) -> npt.NDArray[np.bool_]:
    return np.asarray((upper - lower) / 2 <= tolerance * value)


def pooled_event_size(claims: FloatArray, sizes: FloatArray) -> float:
    """Claims per patient of several kinds of claims together: sum c / sum (c / size).

    Parameters
    ----------
    claims, sizes : arrays (kinds,)
        National claims and claims per patient of each kind.
    """
    patients = (claims / sizes).sum()
    return float(claims.sum() / patients) if patients > 0 else 1.0
