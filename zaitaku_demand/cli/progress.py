"""Progress on a terminal; silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any


class Progress:
    """Context manager that shows the present step with a spinner, on a terminal only."""

    def __init__(self) -> None:
        self._status: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("")
            self._status.start()
        return self

    def step(self, name: str) -> None:
        """Show what is being done."""
        if self._status is not None:
            self._status.update(name)

    def counter(self, name: str) -> Callable[[int, int], None]:
        """A function that shows how much of a step is done."""

        def show(done: int, total: int) -> None:
            self.step(f"{name} {done:,} / {total:,}")

        return show

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()
