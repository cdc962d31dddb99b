"""The command `zaitaku`."""

from __future__ import annotations

import sys

from zaitaku_demand.errors import EXIT_BAD_INPUT, InputError
from zaitaku_demand.text import Text, language_of_terminal

EXIT_INTERRUPTED = 130
"""What a shell expects of a command ended by Ctrl-C: 128 + SIGINT."""
INTERRUPTED = Text(
    "中断しました。途中の結果は書き出していません。", "Interrupted; nothing unfinished has been written."
)


def main() -> None:
    """Run the command; bad input ends with one sentence and exit code 2, Ctrl-C with one sentence and 130."""
    try:
        from zaitaku_demand.cli.app import app

        app()
    except InputError as error:
        _end(error.sentence(language_of_terminal()), EXIT_BAD_INPUT)
    except KeyboardInterrupt:
        _end(INTERRUPTED.to(language_of_terminal()), EXIT_INTERRUPTED)
    except SystemExit as ended:
        # Typer has caught Ctrl-C by then and ends without a word.
        if ended.code == EXIT_INTERRUPTED:
            _end(INTERRUPTED.to(language_of_terminal()), EXIT_INTERRUPTED)
        raise


def _end(sentence: str, code: int) -> None:
    sys.stderr.write(sentence + "\n")
    sys.exit(code)
