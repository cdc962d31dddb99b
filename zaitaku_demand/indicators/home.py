"""Where the declarations of indicators and measures live.

In a checkout: its ``indicators/`` folder. Installed elsewhere: the copy inside the package.
``ZAITAKU_INDICATORS`` (or ``--indicators``) names another folder.
"""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def declarations_folder() -> Path:
    """The folder of declarations in use."""
    named = os.environ.get("ZAITAKU_INDICATORS")
    if named:
        return Path(named).expanduser().resolve()
    inside = _PACKAGE / "_indicators"
    return inside if inside.is_dir() else _PACKAGE.parent / "indicators"
