"""Convergent and discriminant expectations: Campbell & Fiske 1959, Psychol Bull 56:81; declared before looking."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.research.validity.attenuation import reliability_of
from zaitaku_demand.research.validity.correlation import Correlation
from zaitaku_demand.research.validity.expectations import (
    Expectation,
    declared_expectations,
    read_expectations,
)
from zaitaku_demand.research.validity.run_expectations import verdict_of

WEAK = 0.3


def _expected(kind: str, sign: str) -> Expectation:
    return Expectation.model_validate(
        {"outcome": "A", "other": "B", "kind": kind, "sign": sign, "reason_ja": "", "reason_en": ""}
    )


@pytest.mark.parametrize(
    ("kind", "sign", "limits", "verdict"),
    [
        ("convergent", "positive", (0.1, 0.6), "as_expected"),
        ("convergent", "positive", (-0.1, 0.6), "undetermined"),
        ("convergent", "positive", (-0.6, -0.1), "contrary"),
        ("convergent", "negative", (-0.6, -0.1), "as_expected"),
        ("convergent", "negative", (0.1, 0.6), "contrary"),
        ("discriminant", "none", (-0.2, 0.25), "as_expected"),
        ("discriminant", "none", (-0.2, 0.35), "undetermined"),
        ("discriminant", "none", (0.31, 0.6), "contrary"),
        ("discriminant", "none", (-0.6, -0.31), "contrary"),
        ("discriminant", "none", (np.nan, np.nan), "too_few_places"),
    ],
)
def test_verdicts(kind: str, sign: str, limits: tuple[float, float], verdict: str) -> None:
    found = Correlation(float(np.mean(limits)), *limits, 47)
    assert verdict_of(found, _expected(kind, sign), WEAK) == verdict


def test_every_declared_pair_names_indicators_of_the_set() -> None:
    declared = declared_expectations()
    known = set(indicators())
    for pair in declared.agreement:
        assert {pair.first, pair.second} <= known, pair
        assert pair.reason.ja and pair.reason.en
    for each in declared.expectation:
        assert {each.outcome, each.other} <= known, each
        assert (each.kind == "discriminant") == (each.sign == "none")
    pairs = [(each.outcome, each.other) for each in declared.expectation]
    assert len(pairs) == len(set(pairs))


def test_a_wrong_file_is_said_to_be_wrong(tmp_path: Path) -> None:
    file = tmp_path / "expectations.toml"
    file.write_text('[[agreement]]\nfirst = "O-E-1"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"expectations\.toml"):
        read_expectations(file)
    file.write_text("[[agreement\n", encoding="utf-8")
    with pytest.raises(InputError):
        read_expectations(file)


def test_reliability_is_read_by_outcome_level_and_years() -> None:
    table = pd.DataFrame(
        {
            "outcome": ["A", "A", "A", "B"],
            "level": ["area", "area", "prefecture", "area"],
            "statistic": ["reliability", "reliability", "reliability", "icc"],
            "estimate": [0.5, 0.7, 0.9, 0.1],
            "n_years": pd.array([1, 1, 3, 1], dtype="Int64"),
        }
    )
    assert reliability_of(table, "A", "area") == pytest.approx(0.6)
    assert reliability_of(table, "A", "prefecture", 1) == pytest.approx(0.9)
    assert np.isnan(reliability_of(table, "B", "area"))
    assert np.isnan(reliability_of(None, "A", "area"))
    # Spearman-Brown: doubling the length takes 0.5 to 2/3 and 0.7 to 14/17.
    assert reliability_of(table, "A", "area", 2) == pytest.approx((2 / 3 + 14 / 17) / 2)
