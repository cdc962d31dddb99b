"""The one kind of error a user meets: what was found, where, and what to do, in one sentence."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.text import Language, Text, language_of_terminal

EXIT_BAD_INPUT = 2


class InputError(ValueError):
    """Bad input: a file, a table or an option that cannot be used as it is.

    Parameters
    ----------
    found : Text
        What was found (a clause without full stop).
    action : Text
        What the user can do about it (a clause without full stop).
    file : path or str, optional
        File in which it was found; only its name is shown.
    sheet : str, optional
        Worksheet.
    row : int, optional
        Row as Excel counts it (from 1).
    column : str, optional
        Column, by its letter or heading.
    """

    def __init__(
        self,
        found: Text,
        action: Text,
        *,
        file: Path | str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        self.found = found
        self.action = action
        self.file = Path(file).name if file is not None else None
        self.sheet = sheet
        self.row = row
        self.column = column
        super().__init__(self.sentence("en"))

    def sentence(self, language: Language) -> str:
        """The whole message as one sentence."""
        if language == "ja":
            where = [
                self.file,
                f"シート「{self.sheet}」" if self.sheet else None,
                f"{self.row}行目" if self.row else None,
                f"列「{self.column}」" if self.column else None,
            ]
            place = "、".join(part for part in where if part)
            head = f"{place}：" if place else ""
            return f"{head}{self.found.ja}ため処理を中止しました（対処：{self.action.ja}）。"
        where = [
            self.file,
            f"sheet '{self.sheet}'" if self.sheet else None,
            f"row {self.row}" if self.row else None,
            f"column '{self.column}'" if self.column else None,
        ]
        place = ", ".join(part for part in where if part)
        head = f"{place}: " if place else ""
        return f"{head}{self.found.en}; {self.action.en}."

    def __str__(self) -> str:
        return self.sentence(language_of_terminal())
