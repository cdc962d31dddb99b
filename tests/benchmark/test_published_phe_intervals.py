"""PHEindicatormethods, test data of byars, wilson, phe_rate and phe_proportion (Breslow & Day 1987; Wilson 1927)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmark.published import published
from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.intervals import byar_breslow_day_limits, wilson_limits
from zaitaku_demand.benchmark.rates import BYAR, EXACT, WILSON, crude_rate, proportion

# PHEindicatormethods, testdata_Byars: x, lower, upper, confidence.
BYARS = (
    (65, 50.163187710459454, 82.84913854593984, 0.95),
    (1045, 982.5932018073325, 1110.33121298565, 0.95),
    (1, 0.01307213290150435, 5.5637555824752605, 0.95),
    (65, 42.8802614714802, 94.00029084431802, 0.998),
    (1045, 947.9407035610374, 1148.806160988033, 0.998),
    (10, 2.916318374695686, 24.193724927880535, 0.998),
)
# PHEindicatormethods, testdata_Wilson: x, n, lower, upper, confidence.
WILSONS = (
    (65, 100, 0.5525444329688797, 0.7363575175690247, 0.95),
    (1045, 5000, 0.19795549880013297, 0.22049130373189027, 0.95),
    (0.445, 1, 0.04381744772058822, 0.9334621276979156, 0.95),
    (65, 100, 0.4954946574070431, 0.7783540614089697, 0.998),
    (1045, 5000, 0.19179381799015244, 0.22731562902525818, 0.998),
    (0.445, 1, 0.019347006132900975, 0.9702259947019541, 0.998),
)
CONFIDENCES = ((0.95, "lower95_0cl", "upper95_0cl"), (0.998, "lower99_8cl", "upper99_8cl"))


@pytest.mark.parametrize(("x", "lower", "upper", "confidence"), BYARS)
def test_byar(x: float, lower: float, upper: float, confidence: float) -> None:
    found = byar_breslow_day_limits(x, confidence)
    assert np.array(found) == pytest.approx(np.array((lower, upper)), rel=FLOAT)  # testdata_Byars


def test_byar_where_the_lower_limit_would_be_negative() -> None:
    lower, upper = byar_breslow_day_limits(1, 0.998)
    assert upper == pytest.approx(9.362180217908362, rel=FLOAT)  # testdata_Byars, last row
    assert lower == 0  # blank there


@pytest.mark.parametrize(("x", "n", "lower", "upper", "confidence"), WILSONS)
def test_wilson(x: float, n: float, lower: float, upper: float, confidence: float) -> None:
    found = wilson_limits(x, n, confidence)
    assert np.array(found) == pytest.approx(np.array((lower, upper)), rel=FLOAT)  # testdata_Wilson


def test_the_confidence_is_not_its_complement() -> None:
    # A Python port of these methods gives 64.16-66.18, the interval of 5 % confidence.
    lower, upper = byar_breslow_day_limits(65)
    assert (round(float(lower), 2), round(float(upper), 2)) == (50.16, 82.85)  # testdata_Byars


@pytest.mark.parametrize(("confidence", "lower", "upper"), CONFIDENCES)
@pytest.mark.parametrize("multiplier", [100, 100_000])
def test_rates(confidence: float, lower: str, upper: str, multiplier: int) -> None:
    expected = published("phe_rates").query("multiplier == @multiplier").reset_index(drop=True)
    found = crude_rate(
        expected[["Area", "Numerator", "Denominator"]],
        numerator="Numerator",
        denominator="Denominator",
        multiplier=multiplier,
        confidence=confidence,
    )
    for ours, theirs in (("value", "value"), ("lower", lower), ("upper", upper)):
        # PHEindicatormethods, testdata_phe_rate; blank rows stay blank.
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=FLOAT)
    known = expected["value"].notna()
    names = expected["method"].map({"Exact": EXACT, "Byars": BYAR})
    assert found["method"][known].astype(str).tolist() == names[known].tolist()
    assert (found["method"][~known] == "").all()


@pytest.mark.parametrize(("confidence", "lower", "upper"), CONFIDENCES)
@pytest.mark.parametrize("multiplier", [1, 100])
def test_proportions(confidence: float, lower: str, upper: str, multiplier: int) -> None:
    expected = published("phe_proportions").query("multiplier == @multiplier").reset_index(drop=True)
    found = proportion(
        expected[["Numerator", "Denominator"]],
        numerator="Numerator",
        denominator="Denominator",
        multiplier=multiplier,
        confidence=confidence,
    )
    for ours, theirs in (("value", "value"), ("lower", lower), ("upper", upper)):
        # PHEindicatormethods, testdata_phe_proportion
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=FLOAT)
    assert set(found["method"][found["value"].notna()]) == {WILSON}
