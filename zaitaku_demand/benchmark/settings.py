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

import tomllib
from pathlib import Path

from pydantic import ValidationError

from zaitaku_demand.benchmark.parameters import BenchmarkPartsParameters
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text


def read_settings(path: Path) -> BenchmarkPartsParameters:
    """Parameters of a settings file.

    Raises
    ------
    InputError
        If the file cannot be read, is not TOML, or a field is unknown or out of its range (the field is named).
    """
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except OSError:
        raise InputError(
            Text("設定のファイルを開けない", "the settings file cannot be opened"),
            Text("ファイル名を確かめてください", "check its name"),
            file=path,
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            Text(f"TOMLとして読めない（{error}）", f"this is not TOML ({error})"),
            Text("引用符と括弧を確かめてください", "check quotation marks and brackets"),
            file=path,
        ) from None
    try:
        return BenchmarkPartsParameters.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "-"
        raise InputError(
            Text(
                f"設定の項目「{field}」が正しくない（{first['msg']}）",
                f"the setting '{field}' is not right ({first['msg']})",
            ),
            Text(
                "docs/benchmark.md の項目一覧に合わせてください",
                "follow the list of settings in docs/benchmark.md",
            ),
            file=path,
        ) from None
