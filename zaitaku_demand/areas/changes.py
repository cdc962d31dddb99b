"""Municipal codes through time: a code of any year since 2000 finds its successors and its areas.

Source: 総務省統計局「市区町村コード（廃置分合）」, as a crosswalk 2000-2024 (locally built table ``municipal_codes``).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from zaitaku_demand.errors import InputError
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

AREA_COLUMNS = {"344": "area344", "335": "area335", "330": "area330", "339": "area339"}


@cache
def municipal_codes() -> pd.DataFrame:
    """All municipal codes since 2000 with validity, successors and areas (see `data build`)."""
    return read_table("municipal_codes")


def successor_codes(code: str, on: str | None = None) -> tuple[str, ...]:
    """Codes on 2024-01-01 of the municipality that had `code`.

    Parameters
    ----------
    code : str
        Five digits.
    on : str, optional
        Day (``YYYY-MM-DD``) on which the code was in force; needed only where a code was used twice.

    Raises
    ------
    InputError
        If no municipality had that code (on that day).
    """
    return tuple(_row(code, on)["code_2024"].split(";"))


def areas_of(code: str, edition: str, on: str | None = None) -> tuple[str, ...]:
    """Areas of an edition in which the municipality with `code` lies today.

    A municipality that was divided, and a designated city that spans areas (川崎市), give several.

    Raises
    ------
    InputError
        If the code or the edition is unknown.
    """
    if edition not in AREA_COLUMNS:
        raise InputError(
            Text(f"圏域の版「{edition}」はない", f"there is no area edition '{edition}'"),
            Text("330・335・339・344から選んでください", "choose 330, 335, 339 or 344"),
        )
    return tuple(_row(code, on)[AREA_COLUMNS[edition]].split(";"))


def _row(code: str, on: str | None) -> dict[str, str]:
    table = municipal_codes()
    rows = table[table["code"] == code]
    if on is not None:
        rows = rows[(rows["valid_from"] <= on) & (on < rows["valid_to"])]
    if rows.empty:
        raise InputError(
            Text(
                f"市区町村コード「{code}」は2000年以降に使われていない",
                f"no municipality has had the code '{code}' since 2000",
            ),
            Text("5桁の市区町村コードを確かめてください", "check the five-digit municipality code"),
        )
    return {str(key): str(value) for key, value in rows.iloc[-1].to_dict().items()}
