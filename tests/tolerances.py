"""Named tolerances."""

EXACT = 0.0
FLOAT = 1e-9
"""Relative: rounding of sums of doubles."""
PRINTED_PERCENT = 0.3
"""Points: the closeness asked for certified shares printed to one decimal."""
DENOMINATOR_2017 = 3
"""Areas: the choice of the 2017 denominator moves the counts of late peaks by that much."""
