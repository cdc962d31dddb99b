"""National numbers by broad age group, for the figure that shows why the number rises and falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.projection.project import Projection

if TYPE_CHECKING:
    import pandas as pd

_STARTS = (0, 65, 75, 85, 90, 95)


def national_by_age(projection: Projection) -> pd.DataFrame:
    """Numbers by service, year and age group (0-64, 65-74, 75-84, 85-89, 90-94, 95+, as far as the bands go)."""
    import pandas as pd

    ages = projection.population.ages
    starts = [start for start in _STARTS if start <= ages.open_from]
    groups = AgeBands(tuple((start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)))
    totals = projection.by_age().sum(axis=1) @ ages.merge_matrix(groups)
    index = pd.MultiIndex.from_product(
        [projection.rates.services, projection.years, groups.labels], names=["service", "year", "age_group"]
    )
    return pd.Series(np.asarray(totals).ravel(), index=index, name="value").reset_index()
