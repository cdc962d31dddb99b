"""The command `zaitaku`."""

from __future__ import annotations

import sys

from zaitaku_demand.errors import EXIT_BAD_INPUT, InputError
from zaitaku_demand.text import language_of_terminal


def main() -> None:
    """Run the command; bad input ends with one sentence and exit code 2."""
    from zaitaku_demand.cli.app import app

    try:
        app()
    except InputError as error:
        sys.stderr.write(error.sentence(language_of_terminal()) + "\n")
        sys.exit(EXIT_BAD_INPUT)
