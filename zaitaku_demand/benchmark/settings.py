"""A file of thresholds, weights and plan periods for the benchmark (TOML), holding only what differs from the defaults.

Tables are those of :class:`~zaitaku_demand.benchmark.parameters.BenchmarkPartsParameters`: types, peers, consistency,
disclosure, scores, pdca, verdicts. Example::

    [scores]
    structure_weight = 5
    quantity_weight = 5
    [scores.indicator_weights]
    P-C-1 = 2
    [pdca]
    periods = [{ first_year = 2027, last_year = 2029 }]
"""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.benchmark.parameters import BenchmarkPartsParameters
from zaitaku_demand.settings_file import checked, read_toml
from zaitaku_demand.text import Text

_CALLED = Text("設定", "setting")


def read_settings(path: Path) -> BenchmarkPartsParameters:
    """Parameters of a settings file.

    Raises
    ------
    InputError
        If the file cannot be read, is not TOML, or a field is unknown or out of its range (the field is named).
    """
    return checked(
        BenchmarkPartsParameters,
        read_toml(path, Text("設定", "settings")),
        path,
        _CALLED,
        Text(
            "docs/benchmark.md の項目一覧に合わせてください",
            "follow the list of settings in docs/benchmark.md",
        ),
    )
