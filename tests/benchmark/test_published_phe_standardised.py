"""PHEindicatormethods, test data of calculate_dsr, calculate_ISRate and calculate_ISRatio (Dobson et al. 1991)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.benchmark.published import PRINTED_8, published
from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.standardise import (
    DOBSON,
    SUPPRESSED,
    directly_standardised_rate,
    expected_events,
    indirectly_standardised_rate,
    indirectly_standardised_ratio,
)

CONFIDENCES = ((0.95, "lower95_0cl", "upper95_0cl"), (0.998, "lower99_8cl", "upper99_8cl"))


def blank_as_none(events: pd.Series) -> pd.Series:
    """The source counts a blank cell as no event; here the caller has to say so."""
    return events.fillna(0)


@pytest.mark.parametrize(("confidence", "lower", "upper"), CONFIDENCES)
@pytest.mark.parametrize("multiplier", [10_000, 100_000])
def test_direct(confidence: float, lower: str, upper: str, multiplier: int) -> None:
    data = published("phe_dsr_input").assign(count=lambda table: blank_as_none(table["count"]))
    found = directly_standardised_rate(
        data,
        events="count",
        population="pop",
        standard="esp2013",
        groups="area",
        multiplier=multiplier,
        confidence=confidence,
    ).set_index("area")
    published_all = published("phe_dsr_expected")
    wanted = published_all["statistic"].isin([f"dsr per {multiplier}", "dsr NA for total count < 10"])
    expected = published_all[wanted].drop_duplicates("area").set_index("area").loc[found.index]
    for ours, theirs in (("value", "value"), ("lower", lower), ("upper", upper)):
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=FLOAT)  # testdata_DSR
    assert found["numerator"].tolist() == expected["total_count"].tolist()
    assert found["denominator"].tolist() == expected["total_pop"].tolist()
    assert found["method"].tolist() == [DOBSON, DOBSON, SUPPRESSED]


@pytest.mark.parametrize("multiplier", [10_000, 100_000])
def test_direct_1976(multiplier: int) -> None:
    # The 99.8 % columns of these rows are ten times too large in the source, so 95 % only.
    found = directly_standardised_rate(
        published("phe_dsr_1976_input"),
        events="count",
        population="pop",
        standard="esp1976",
        multiplier=multiplier,
    ).iloc[0]
    rows = published("phe_dsr_expected").query("area == 'testdata_1976'")
    expected = rows[rows["statistic"] == f"dsr per {multiplier}"].iloc[0]
    assert found["value"] == pytest.approx(expected["value"], rel=FLOAT)  # testdata_DSR_1976
    assert found["lower"] == pytest.approx(expected["lower95_0cl"], rel=FLOAT)  # testdata_DSR_1976
    assert found["upper"] == pytest.approx(expected["upper95_0cl"], rel=FLOAT)  # testdata_DSR_1976


def test_the_broken_columns_are_still_ten_times_too_large() -> None:
    row = published("phe_dsr_expected").query("area == 'testdata_1976'").iloc[0]
    found = directly_standardised_rate(
        published("phe_dsr_1976_input"),
        events="count",
        population="pop",
        standard="esp1976",
        multiplier=10_000,
        confidence=0.998,
    ).iloc[0]
    assert row["lower99_8cl"] / found["lower"] == pytest.approx(10, rel=FLOAT)


@pytest.mark.parametrize(("confidence", "lower", "upper"), CONFIDENCES)
def test_direct_with_dependent_events(confidence: float, lower: str, upper: str) -> None:
    data = published("phe_dsr_nonindependent_input").fillna({f"f{k}": 0 for k in range(1, 5)})
    found = directly_standardised_rate(
        data,
        events="count",
        population="pop",
        standard="esp2013",
        groups="area",
        frequencies={k: f"f{k}" for k in range(1, 5)},
        confidence=confidence,
    ).set_index("area")
    expected = published("phe_dsr_expected").set_index("area").loc[found.index]
    for ours, theirs in (("value", "value"), ("lower", lower), ("upper", upper)):
        # testdata_DSR_nonind, printed to eight decimals
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=0, atol=2 * PRINTED_8)
    assert found["method"].tolist()[-1] == SUPPRESSED


def observed_and_expected() -> pd.DataFrame:
    data = published("phe_dsr_input").assign(count=lambda table: blank_as_none(table["count"]))
    reference = published("phe_isr_reference")
    by_area = data.groupby("area", sort=False)
    return pd.DataFrame(
        {
            "observed": by_area["count"].sum(),
            "expected": [
                float(expected_events(part["pop"], reference["refcount"], reference["refpop"]))
                for _, part in by_area
            ],
        }
    )


@pytest.mark.parametrize(("confidence", "lower", "upper"), CONFIDENCES)
@pytest.mark.parametrize("multiplier", [1, 100])
def test_indirect_ratio(confidence: float, lower: str, upper: str, multiplier: int) -> None:
    found = indirectly_standardised_ratio(
        observed_and_expected(),
        observed="observed",
        expected="expected",
        multiplier=multiplier,
        confidence=confidence,
    )
    rows = published("phe_isr_expected")
    rows = rows[rows["statistic"] == f"indirectly standardised ratio x {multiplier}"].set_index("area")
    expected = rows.loc[found.index]
    for ours, theirs in (("expected", "expected"), ("value", "value"), ("lower", lower), ("upper", upper)):
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=FLOAT)  # testdata_ISR


@pytest.mark.parametrize(("confidence", "lower", "upper"), CONFIDENCES)
@pytest.mark.parametrize("multiplier", [1_000, 100_000])
def test_indirect_rate(confidence: float, lower: str, upper: str, multiplier: int) -> None:
    reference = published("phe_isr_reference")
    found = indirectly_standardised_rate(
        observed_and_expected(),
        observed="observed",
        expected="expected",
        reference_rate=reference["refcount"].sum() / reference["refpop"].sum(),
        multiplier=multiplier,
        confidence=confidence,
    )
    rows = published("phe_isr_expected")
    rows = rows[rows["statistic"] == f"indirectly standardised rate per {multiplier}"].set_index("area")
    for ours, theirs in (("value", "value"), ("lower", lower), ("upper", upper)):
        np.testing.assert_allclose(found[ours], rows.loc[found.index, theirs], rtol=FLOAT)  # testdata_ISR


def test_a_suppressed_stratum_is_not_taken_as_none() -> None:
    found = directly_standardised_rate(
        published("phe_dsr_input"), events="count", population="pop", standard="esp2013", groups="area"
    )
    assert found["value"].notna().tolist() == [True, True, False]
    assert np.isnan(found["numerator"].iloc[2])


def test_indirect_with_a_reference_of_its_own_for_each_area() -> None:
    # The rows Area1 and Area2 of the source: Area1's own reference has no event at 5-9 years (read off its expected
    # number, which is short by just that stratum), Area2's is the common one.
    reference = published("phe_isr_reference")
    data = published("phe_isr_ownref_input").query("area == 'testdata_big'")
    own = reference["refcount"].where(reference["Age Band"] != "5-9", 0)
    counts = np.array([own, reference["refcount"]])
    table = pd.DataFrame(
        {
            "observed": [895.0, 91.0],
            "expected": expected_events(data["pop"].to_numpy(), counts, reference["refpop"].to_numpy()),
        },
        index=["Area1", "Area2"],
    )
    expected = published("phe_isr_expected").set_index(["area", "statistic"])
    ratio = indirectly_standardised_ratio(table, observed="observed", expected="expected")
    rate = indirectly_standardised_rate(
        table,
        observed="observed",
        expected="expected",
        reference_rate=reference["refcount"].sum() / reference["refpop"].sum(),
    )
    for area in table.index:
        for found, statistic in (
            (ratio, "indirectly standardised ratio x 100"),
            (rate, "indirectly standardised rate per 100000"),
        ):
            row = expected.loc[(area, statistic)]
            for ours, theirs in (("value", "value"), ("lower", "lower95_0cl"), ("upper", "upper95_0cl")):
                assert found.loc[area, ours] == pytest.approx(
                    row[theirs], rel=FLOAT
                )  # testdata_multiarea_ISR
