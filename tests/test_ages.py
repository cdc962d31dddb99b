"""Age bands: labels, partitions, merging."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.ages import AgeBands, merge_ages, ordered_bands, parse_band
from zaitaku_demand.errors import InputError

LABELS = {
    "0～4歳": (0, 5),
    "0歳～4歳": (0, 5),
    "10-14": (10, 15),
    "age_85_89": (85, 90),
    "90歳以上": (90, None),
    "age_90plus": (90, None),
    "100歳以上": (100, None),
    "75+": (75, None),
    "総数": None,
    "9～5歳": None,
    "": None,
}


@pytest.mark.parametrize(("label", "band"), LABELS.items())
def test_labels_as_they_are_printed(label: str, band: tuple[int, int | None] | None) -> None:
    assert parse_band(label) == band


@pytest.mark.parametrize(
    "bands",
    [(), ((0, 5),), ((0, 5), (4, None)), ((0, 5), (6, None)), ((0, None), (5, None)), ((0, 5), (5, 10))],
    ids=["none", "not open", "overlap", "gap", "open first", "no open band"],
)
def test_bands_that_are_no_partition_are_refused(bands: tuple[tuple[int, int | None], ...]) -> None:
    with pytest.raises(InputError):
        AgeBands(bands)


@given(st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True), st.integers(0, 2**32 - 1))
def test_merging_keeps_the_sum(cuts: list[int], seed: int) -> None:
    fine = AgeBands((*[(age, age + 1) for age in range(100)], (100, None)))
    edges = [0, *sorted(cuts)]
    coarse = AgeBands(tuple(zip(edges, [*edges[1:], None], strict=True)))
    people = np.random.default_rng(seed).integers(0, 1000, (3, 101))
    merged = merge_ages(people, fine, coarse)
    assert np.array_equal(merged.sum(axis=1), people.sum(axis=1))
    assert merged.shape == (3, len(coarse))


def test_a_band_cut_by_the_coarser_ones_is_refused() -> None:
    with pytest.raises(InputError, match="80-84"):
        AgeBands.five_year(90).merge_matrix(AgeBands(((0, 82), (82, None))))


@given(st.permutations(list(AgeBands.five_year(90).labels)))
def test_the_order_of_labels_does_not_matter(labels: list[str]) -> None:
    bands, order = ordered_bands(labels)
    assert bands == AgeBands.five_year(90)
    assert [labels[place] for place in order] == list(bands.labels)
