"""Places that tests read from, and the sentence with which they skip where those are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("ZAITAKU_SHARED", CHECKOUT.parent / "shared"))


@pytest.fixture(scope="session")
def raw() -> Path:
    """Folder of the official raw files; the test skips where it is absent."""
    folder = SHARED / "data" / "raw"
    if not folder.is_dir():
        pytest.skip("The official raw files are not beside this checkout, so this loader test is skipped.")
    return folder


@pytest.fixture(scope="session")
def facts() -> Path:
    """Folder of published figures; the test skips where it is absent."""
    folder = SHARED / "facts"
    if not folder.is_dir():
        pytest.skip("The published figures are not beside this checkout, so this comparison is skipped.")
    return folder


@pytest.fixture(autouse=True)
def _settings_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command run inside the test process sets its language and data folder there; the next test must not see them."""
    monkeypatch.setenv("ZAITAKU_LANG", "ja")
    monkeypatch.setenv("ZAITAKU_DATA", os.environ.get("ZAITAKU_DATA", ""))
