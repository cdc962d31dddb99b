"""Corruptions of the files that the indicators are made of; the contract is that of `test_corruptions`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corruption.benchmark_sources import (
    BENCHMARK_OFFICIAL,
    benchmark_official,
    home_care_workbook_subject,
)
from tests.corruption.corrupt import corruptions
from tests.corruption.test_corruptions import run

LEAST = 2_500
SHARE = 0.6


@pytest.mark.parametrize("name", BENCHMARK_OFFICIAL)
def test_a_corrupted_official_table_gives_one_sentence_or_the_same_figures(name: str, raw: Path) -> None:
    outcomes, failures = run(benchmark_official(raw)[name], SHARE)
    assert not failures, f"{len(failures)} of {outcomes.total()}:\n" + "\n".join(failures)
    assert sum(number for (_, outcome), number in outcomes.items() if outcome == "caught") >= 30


def test_the_corrupted_workbook_of_home_care_gives_one_sentence_or_the_same_figures() -> None:
    outcomes, failures = run(home_care_workbook_subject())
    assert not failures, f"{len(failures)} of {outcomes.total()}:\n" + "\n".join(failures)
    assert sum(number for (_, outcome), number in outcomes.items() if outcome == "caught") >= 50


def test_enough_corruptions_are_tried(raw: Path) -> None:
    subjects = benchmark_official(raw)
    assert set(subjects) == set(BENCHMARK_OFFICIAL)
    number = sum(sum(1 for _ in corruptions(subject, SHARE)) for subject in subjects.values())
    assert number >= LEAST, number
