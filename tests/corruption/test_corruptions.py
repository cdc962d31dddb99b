"""Thousands of corruptions of the workbooks and CSV files: none ends in a traceback or a wrong number.

The contract of every loader: it raises an InputError, one clear sentence in Japanese or English that names
the file, or it returns exactly the figures of the clean file. `corrupt.py` damages a table in some fifty
ways, `layouts.py` and `subjects.py` hold small synthetic files in the official layouts, `official.py` the
official files themselves (skipped where they are absent), and `test_corrupted_files.py` damages the files
as bytes.

Some damage cannot be told from the truth by any check inside one file, and is therefore not tried where it
applies (`Subject.blind`, `Subject.sums`, `Subject.moved`); `zaitaku data build` finds it beforehand, because
it checks the sha256 of every registered file:

* a changed count that no published total holds to the number: NDB area cells and cells beside hidden ones
  (the hidden rest takes up the change), patients by place or month, the ministry's receipts, ages of the
  register (their total leaves out what is withheld), rates and shares, the user's own figures;
* counts exchanged inside one total (two months of an item, two ages of a sex in the tidy layout), two codes
  exchanged between rows of the same prefecture, or a code replaced by one that is as good;
* an item, date, municipality or prefecture that is missing as a whole from a table or an extract that is
  not counted: the items of an NDB workbook, the dates of a transcribed table;
* a blank or a hyphen where the publisher prints just that for a hidden value, if the totals leave room;
* names of places and other free text.
"""

from __future__ import annotations

import traceback
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.corruption.corrupt import OPERATORS, READABLE, Corruption, Subject, corruptions, judge
from tests.corruption.official import OFFICIAL, official
from tests.corruption.subjects import sheets_of, synthetic, workbook_in_memory, write
from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.reading import column_letters

LEAST = 5_000
LEAST_OFFICIAL = 2_000
SHARE_OFFICIAL = 0.4

SINGLE_CELL = frozenset({"text_in_number", "negative_number", "fraction", "not_a_number", "bool_cell"})
"""Operators after which the sentence must point at the very cell."""

Outcomes = Counter[tuple[str, str]]


def run(subject: Subject, share: float = 1.0) -> tuple[Outcomes, list[str]]:
    """Outcomes by operator of every corruption of the subject, and what broke the contract."""
    outcomes: Outcomes = Counter()
    failures: list[str] = []
    with TemporaryDirectory() as folder:
        path = write(subject, subject.rows, Path(folder))
        with workbook_in_memory(sheets_of(subject, subject.rows)):
            clean = subject.load(path)
        for damaged in corruptions(subject, share):
            write(subject, damaged.rows, Path(folder))
            try:
                with workbook_in_memory(sheets_of(subject, damaged.rows)):
                    outcome, error = judge(subject.load, path, clean)
            except Exception as broken:
                place = traceback.extract_tb(broken.__traceback__)[-1]
                where = f"{Path(place.filename).name}:{place.lineno}"
                failures.append(
                    f"{damaged.operator} ({damaged.note}): {type(broken).__name__} {broken} [{where}]"
                )
                continue
            if damaged.operator in READABLE and outcome == "caught":
                failures.append(
                    f"{damaged.operator} ({damaged.note}): refused although it can be read: {error}"
                )
            if damaged.operator in SINGLE_CELL and not subject.lists_rows:
                failures.extend(_pointing(damaged, error))
            outcomes[damaged.operator, outcome] += 1
    return outcomes, failures


def _pointing(damaged: Corruption, error: InputError | None) -> list[str]:
    if error is None or damaged.row is None or damaged.column is None:
        return [f"{damaged.note}: read as if nothing were wrong"]
    if (error.row, error.column) != (damaged.row + 1, column_letters(damaged.column)):
        return [f"{damaged.note}: the sentence points elsewhere: {error}"]
    return []


@cache
def tried(name: str) -> tuple[Outcomes, list[str]]:
    """Outcomes of one synthetic subject."""
    return run(synthetic()[name])


@pytest.mark.parametrize("name", list(synthetic()))
def test_a_corrupted_table_gives_one_sentence_or_the_same_figures(name: str) -> None:
    outcomes, failures = tried(name)
    assert not failures, f"{len(failures)} of {outcomes.total()}:\n" + "\n".join(failures)
    assert sum(number for (_, outcome), number in outcomes.items() if outcome == "caught") >= 50


@pytest.mark.parametrize("name", OFFICIAL)
def test_a_corrupted_official_table_gives_one_sentence_or_the_same_figures(name: str, raw: Path) -> None:
    outcomes, failures = run(official(raw)[name], SHARE_OFFICIAL)
    assert not failures, f"{len(failures)} of {outcomes.total()}:\n" + "\n".join(failures)
    assert sum(number for (_, outcome), number in outcomes.items() if outcome == "caught") >= 20


def test_enough_corruptions_are_tried() -> None:
    number = sum(sum(1 for _ in corruptions(subject)) for subject in synthetic().values())
    assert number >= LEAST, number


def test_enough_corruptions_of_official_files_are_tried(raw: Path) -> None:
    subjects = official(raw)
    assert set(subjects) == set(OFFICIAL)
    number = sum(sum(1 for _ in corruptions(subject, SHARE_OFFICIAL)) for subject in subjects.values())
    assert number >= LEAST_OFFICIAL, number


def test_every_operator_bites() -> None:
    outcomes: Outcomes = Counter()
    for name in synthetic():
        outcomes += tried(name)[0]
    for operator in OPERATORS:
        wanted = "same" if operator in READABLE else "caught"
        assert outcomes[operator, wanted] >= 10, operator


def test_the_same_corruptions_are_made_each_time() -> None:
    subject = synthetic()["IPSS 2018, workbook"]
    first, second = ([(each.operator, each.note) for each in corruptions(subject)] for _ in range(2))
    assert first == second


def test_the_judge_finds_a_traceback_and_a_wrong_number(tmp_path: Path) -> None:
    def fails(path: Path) -> int:
        raise KeyError(path)

    with pytest.raises(KeyError):
        judge(fails, tmp_path / "a.csv", 1)
    with pytest.raises(AssertionError, match="figures differ"):
        judge(lambda path: 2, tmp_path / "a.csv", 1)
    assert judge(lambda path: 1, tmp_path / "a.csv", 1)[0] == "same"
