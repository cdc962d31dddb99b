"""Das Gupta 1993, Standardization and Decomposition of Rates, examples 2.1-2.4 (products of two to five factors)."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from tests.tolerances import FLOAT
from zaitaku_demand.decomposition import das_gupta

# Factor: before, after, result standardised with the factor before and after, effect (printed).
EXAMPLES = {
    "2.1": {
        "avg_earnings": (10930.0, 16591.0, 8437.228, 12807.14, 4369.913),
        "earner_prop": (0.717892, 0.825974, 9878.553, 11365.82, 1487.262),
    },
    "2.2": {
        "birthsw1549": (51.78746, 84.90502, 16.31618, 26.75021, 10.4340333),
        "propw1549": (0.45919, 0.75756, 16.25309, 26.81394, 10.5608476),
        "propw": (0.52638, 0.51065, 22.3204, 21.65339, -0.6670084),
    },
    "2.3": {
        "birth_preg": (25.3, 32.7, 2.355434, 3.044375, 0.6889411),
        "preg_actw": (0.214, 0.29, 2.287936, 3.100474, 0.8125381),
        "actw_prop": (0.279, 0.473, 1.988818, 3.371723, 1.3829055),
        "w_prop": (0.949, 0.986, 2.686817, 2.791572, 0.1047547),
    },
    "2.4": {
        "prop_m": (0.58, 0.72, 4.519768, 5.610746, 1.0909785),
        "noncontr": (0.76, 0.97, 4.450863, 5.680707, 1.2298438),
        "abort": (0.84, 0.97, 4.702966, 5.430806, 0.7278399),
        "lact": (0.66, 0.56, 5.543146, 4.703276, -0.8398707),
        "fecund": (16.573, 16.158, 5.152352, 5.023334, -0.1290187),
    },
}
# Crude results of both populations and their difference (printed).
CRUDE = {
    "2.1": (7846.56, 13703.73, 5857.175),
    "2.2": (12.51747, 32.84534, 20.3278726),
    "2.3": (1.433523, 4.422663, 2.9891394),
    "2.4": (4.050102, 6.129875, 2.0797729),
}
PRINTED = 6e-7
"""Relative: printed to seven significant digits."""
PRINTED_EFFECT = 6e-8
"""Absolute: effects of examples 2.2-2.4, printed to seven decimals."""


@pytest.mark.parametrize("example", list(EXAMPLES))
def test_example(example: str) -> None:
    factors = EXAMPLES[example]
    before, after = ({name: row[time] for name, row in factors.items()} for time in (0, 1))
    effects = das_gupta(before, after)
    for name, (_, _, standardised_before, standardised_after, effect) in factors.items():
        found = effects[name]
        # Das Gupta 1993, table of the example
        assert found.before == pytest.approx(standardised_before, rel=PRINTED)
        assert found.after == pytest.approx(standardised_after, rel=PRINTED)
        tolerance = 6e-4 if example == "2.1" else PRINTED_EFFECT
        assert found.effect == pytest.approx(effect, abs=tolerance)
    crude = [float(np.prod(list(side.values()))) for side in (before, after)]
    assert crude == pytest.approx(CRUDE[example][:2], rel=PRINTED)
    assert sum(float(part.effect) for part in effects.values()) == pytest.approx(
        crude[1] - crude[0], rel=FLOAT
    )


def test_a_waterfall_of_steps_depends_on_their_order_and_this_does_not() -> None:
    factors = EXAMPLES["2.4"]
    before, after = ({name: row[time] for name, row in factors.items()} for time in (0, 1))
    steps = []
    for order in permutations(factors):
        now = dict(before)
        start = np.prod(list(now.values()))
        for name in order:
            now[name] = after[name]
            step = np.prod(list(now.values())) - start
            start += step
            if name == "prop_m":
                steps.append(step)
    assert max(steps) > 1.5 * min(steps)
    # Das Gupta's effect is the mean over all 120 orders.
    assert das_gupta(before, after)["prop_m"].effect == pytest.approx(np.mean(steps), rel=FLOAT)
    shuffled = {name: before[name] for name in reversed(list(before))}
    assert das_gupta(shuffled, after)["prop_m"].effect == pytest.approx(np.mean(steps), rel=FLOAT)


def test_arrays_and_any_function() -> None:
    rng = np.random.default_rng(1)
    before = {"population": rng.uniform(1, 2, (3, 5)), "rate": rng.uniform(0, 1, 5)}
    after = {"population": rng.uniform(1, 2, (3, 5)), "rate": rng.uniform(0, 1, 5)}

    def crude(factors):
        people = factors["population"]
        return (people * factors["rate"]).sum(axis=-1) / people.sum(axis=-1)

    effects = das_gupta(before, after, crude)
    assert effects["rate"].effect.shape == (3,)
    total = sum(part.effect for part in effects.values())
    np.testing.assert_allclose(total, crude(after) - crude(before), rtol=FLOAT)


def test_factors_of_both_times_must_be_the_same() -> None:
    with pytest.raises(ValueError, match="rate"):
        das_gupta({"people": 1.0, "rate": 2.0}, {"people": 1.0})
