"""Published inputs and results beside the checkout, and the tolerances to which they are printed."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.conftest import SHARED

PRINTED_6 = 5e-7
"""Absolute: printed to six decimals."""
PRINTED_8 = 5e-9
"""Absolute: printed to eight decimals."""
SIX_DIGITS = 1e-6
"""Relative: printed to seven significant digits."""


def published(name: str) -> pd.DataFrame:
    """Table of published check values; the test skips where it is absent."""
    file = SHARED / "check_values" / f"{name}.csv"
    if not file.is_file():
        pytest.skip("The published check values are not beside this checkout, so this comparison is skipped.")
    return pd.read_csv(file)
