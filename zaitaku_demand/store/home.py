"""Where raw files and processed tables live.

In a checkout: its ``data/`` folder. Installed elsewhere: the user's data folder. ``ZAITAKU_DATA`` (or
``--data``) names another one. The compact tables of the default run are shipped with the package.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parent


@dataclass(frozen=True)
class DataHome:
    """Folders of one data home."""

    root: Path

    @property
    def raw(self) -> Path:
        """Raw source files."""
        return self.root / "raw"

    @property
    def processed(self) -> Path:
        """Compact tables as `data build` writes them."""
        return self.root / "processed"

    @property
    def local(self) -> Path:
        """Tables by municipality and by item; built locally, never shipped."""
        return self.root / "local"


def chosen_home() -> DataHome | None:
    """The data home the user named in ``ZAITAKU_DATA``, if any."""
    named = os.environ.get("ZAITAKU_DATA")
    return DataHome(Path(named).expanduser().resolve()) if named else None


def data_home() -> DataHome:
    """The data home in use."""
    chosen = chosen_home()
    if chosen:
        return chosen
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "data").is_dir():
        return DataHome(_CHECKOUT / "data")
    from platformdirs import user_data_path

    return DataHome(user_data_path("zaitaku-demand", appauthor=False))


def shipped_tables() -> Path:
    """Folder of the compact tables that came with the package."""
    inside = _PACKAGE / "_processed"
    return inside if inside.is_dir() else _CHECKOUT / "data" / "processed"


def table_path(name: str) -> Path | None:
    """Path of a processed table, or None where it has not been built.

    A table of the data home the user named goes first; then the shipped one; then what was built locally.
    """
    chosen = chosen_home()
    home = chosen or data_home()
    candidates = [chosen.processed / f"{name}.parquet"] if chosen else []
    candidates += [shipped_tables() / f"{name}.parquet", home.local / f"{name}.parquet"]
    return next((path for path in candidates if path.is_file()), None)
