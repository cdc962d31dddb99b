"""Coverage by simulation; the table in docs/coverage.md is regenerated and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmark.coverage import BANDS, IN_BAND_FROM, UNITS, Row, page, simulate

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "coverage.md"
MONTE_CARLO_ERRORS = 4.0
"""Standard errors of a simulated share by which it may miss."""


@pytest.fixture(scope="module")
def simulated() -> tuple[list[Row], list[str]]:
    return simulate()


@pytest.mark.long
def test_exact_limits_never_cover_less_than_nominal(simulated: tuple[list[Row], list[str]]) -> None:
    chosen = [row for row in simulated[0] if row.kind == "exact"]
    assert len(chosen) == 3 * 5 * 2 * 2
    for row in chosen:
        error = (row.confidence * (1 - row.confidence) / UNITS) ** 0.5
        assert row.coverage >= row.confidence - MONTE_CARLO_ERRORS * error, row


@pytest.mark.long
@pytest.mark.parametrize("kind", ["interval", "funnel"])
def test_from_twenty_events_on_within_the_band(kind: str, simulated: tuple[list[Row], list[str]]) -> None:
    chosen = [row for row in simulated[0] if row.kind == kind and row.expected >= IN_BAND_FROM]
    assert {row.confidence for row in chosen} == set(BANDS)
    outside = [row for row in chosen if not row.within]
    assert not outside


@pytest.mark.long
def test_published_winsorised_limits_are_too_narrow(simulated: tuple[list[Row], list[str]]) -> None:
    rows = [r for r in simulated[0] if r.kind == "published" and r.overdispersed and r.confidence == 0.95]
    assert all(row.coverage < BANDS[0.95][0] for row in rows if row.expected >= IN_BAND_FROM)


@pytest.mark.long
def test_shrunken_between_raw_and_mean_and_variance_not_negative(
    simulated: tuple[list[Row], list[str]],
) -> None:
    assert simulated[1] == []


@pytest.mark.long
def test_the_document_is_this_table(simulated: tuple[list[Row], list[str]]) -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == page(simulated[0])
