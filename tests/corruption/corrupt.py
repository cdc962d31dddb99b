"""Corruption operators: named, seeded and repeatable damage to a table of cells, and the judge of it.

A :class:`Subject` is a clean table and the loader that reads it. :func:`corruptions` damages it in every
way of `OPERATORS`; :func:`judge` loads what came out. The contract of every loader is that it raises an
InputError, one clear sentence in either language, or returns exactly the figures of the clean file.
"""

from __future__ import annotations

import datetime
import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.reading import column_letters

Rows = list[list[Any]]
Cell = tuple[int, int]

READABLE = frozenset(
    {"number_as_text", "full_width_digits", "thousands_separator", "blanks_around", "footnote_column"}
)
"""Operators that change how a figure is written but not what it says: it must be read all the same."""

NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Subject:
    """A clean table, what its cells mean, and the loader that reads it.

    Attributes
    ----------
    name, file : str
        Name of the subject and of its file; the ending says how the file is written.
    sheet : str, optional
        Worksheet (None for CSV).
    rows : list
        Cells of the worksheet or CSV file.
    load : callable
        Path → figures in a form that compares with ``==``.
    heads : tuple of int
        Rows of headings.
    data : range
        Rows of figures.
    keys, values : tuple of int
        Columns of codes, years, sexes and ages, and of the figures that the loader reads.
    sums : callable
        Whether a changed figure at (row, column) is found by a total.
    moved : tuple of pairs
        Columns whose figures can be exchanged below their headings without a total hiding it.
    renamed : tuple of pairs
        Columns whose headings can be exchanged without a total hiding it.
    ages : tuple of cells
        Cells with the label of an age band.
    blind : frozenset of str
        Operators that nothing inside this file can find (see the test module).
    marks : bool
        Whether blank and ``－`` are the publisher's signs for a hidden value.
    whole : bool
        Whether the figures are whole numbers.
    scale : float
        Share of the corruptions that are tried, for a large table.
    block : int
        Rows of one area in an extract: nothing tells that it ever held a whole area more.
    lists_rows : bool
        Whether the loader lists every wrong code in its sentence instead of pointing at the first row.
    others : tuple
        Further sheets of the workbook, as (name, rows), in front of (-1) or behind this one.
    """

    name: str
    file: str
    sheet: str | None
    rows: Rows
    load: Callable[[Path], Any]
    heads: tuple[int, ...]
    data: range
    keys: tuple[int, ...]
    values: tuple[int, ...]
    sums: Callable[[int, int], bool] = lambda row, column: False
    moved: tuple[tuple[int, int], ...] = ()
    renamed: tuple[tuple[int, int], ...] = ()
    ages: tuple[Cell, ...] = ()
    blind: frozenset[str] = frozenset()
    marks: bool = False
    whole: bool = True
    others: tuple[tuple[str, Rows], ...] = ()
    scale: float = 1.0
    block: int = 0
    lists_rows: bool = False

    @property
    def is_csv(self) -> bool:
        return self.sheet is None

    def number_cells(self, rng: random.Random, many: int) -> list[Cell]:
        """Cells of figures that show a number, spread over the table."""
        found: list[Cell] = []
        for _ in range(many * 30):
            if len(found) == many:
                break
            cell = rng.choice(self.data), rng.choice(self.values)
            if cell not in found and shows_number(self.at(*cell)):
                found.append(cell)
        return found

    def summed_cells(self, rng: random.Random, many: int) -> list[Cell]:
        """Cells of figures that a total holds to the very number."""
        found: list[Cell] = []
        for _ in range(many * 60):
            if len(found) == many:
                break
            row, column = rng.choice(self.data), rng.choice(self.values)
            if (row, column) not in found and shows_number(self.at(row, column)) and self.sums(row, column):
                found.append((row, column))
        return found

    def at(self, row: int, column: int) -> Any:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def number(self, value: float) -> Any:
        """A number as this file writes it."""
        if not self.is_csv:
            return float(value)
        return str(int(value)) if float(value).is_integer() else repr(value)


@dataclass(frozen=True)
class Corruption:
    """One damaged table; `row` and `column` where the damage is a single cell."""

    operator: str
    note: str
    rows: Rows
    row: int | None = None
    column: int | None = None


def shows_number(cell: Any) -> bool:
    return (isinstance(cell, float | int) and not isinstance(cell, bool)) or (
        isinstance(cell, str) and NUMBER.fullmatch(cell) is not None
    )


def corruptions(subject: Subject, share: float = 1.0) -> Iterator[Corruption]:
    """Every corruption of the subject, in a fixed order and with fixed random choices."""
    for name, operator in OPERATORS.items():
        if name in subject.blind:
            continue
        rng = random.Random(zlib.crc32(f"{subject.name}/{name}".encode()))
        for number, damaged in enumerate(operator(subject, rng)):
            if number and rng.random() > share * subject.scale:
                continue
            note, rows, *place = damaged
            if rows != subject.rows:
                yield Corruption(name, note, rows, *place)


def judge(load: Callable[[Path], Any], path: Path, clean: Any) -> tuple[str, InputError | None]:
    """``caught`` with its error, or ``same``.

    An AssertionError tells that the figures differ or that the message is no clear sentence; any other
    exception of the loader is passed on.
    """
    try:
        figures = load(path)
    except InputError as error:
        check_sentence(error, path)
        return "caught", error
    assert figures == clean, "the figures differ from those of the clean file"
    return "same", None


def check_sentence(error: InputError, path: Path) -> None:
    """One sentence in either language that names the file and holds no line break."""
    japanese, english = error.sentence("ja"), error.sentence("en")
    for sentence in (japanese, english):
        assert path.name in sentence, f"the file is not named: {sentence}"
        assert str(path.parent) not in sentence, f"a folder is named: {sentence}"
        assert not re.search(r"[\r\n\x00]", sentence), f"line break: {sentence!r}"
        assert len(sentence) < 2500, f"too long: {sentence}"
    assert japanese.endswith("。") and japanese.count("。") == 1, japanese
    assert re.search(r"[ぁ-ん]", japanese), japanese
    assert english.endswith(".") and not english.endswith(".."), english
    assert re.search(r"[a-z]{3}", english), english
    assert error.found.ja != error.found.en and error.action.ja != error.action.en
    assert "Traceback" not in english and "Error" not in english, english


# --- operators --------------------------------------------------------------------------------------------


def _copy(rows: Rows) -> Rows:
    return [list(row) for row in rows]


def _with(rows: Rows, row: int, column: int, value: Any) -> Rows:
    out = list(rows)
    cells = list(out[row])
    cells.extend([""] * (column + 1 - len(cells)))
    cells[column] = value
    out[row] = cells
    return out


def _sample(rng: random.Random, items: Sequence[Any], many: int) -> list[Any]:
    items = list(items)
    return items if len(items) <= many else rng.sample(items, many)


def _columns(subject: Subject) -> int:
    return max(len(row) for row in subject.rows)


def delete_row(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row in _sample(rng, s.data, 4):
        yield f"row {row + 1}", [*s.rows[:row], *s.rows[row + 1 :]]


def duplicate_row(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row in _sample(rng, s.data, 3):
        place = rng.choice([row + 1, s.data.stop])
        yield f"row {row + 1} at {place + 1}", [*s.rows[:place], list(s.rows[row]), *s.rows[place:]]


def area_twice(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row in _sample(rng, s.data, 2):
        again = [
            s.number(float(cell) + 11) if column in s.values and shows_number(cell) else cell
            for column, cell in enumerate(s.rows[row])
        ]
        yield (
            f"row {row + 1} again with other figures",
            [*s.rows[: s.data.stop], again, *s.rows[s.data.stop :]],
        )


def last_rows_missing(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    size = len(s.data)
    for gone in sorted({1, 2, max(1, size // 3), max(1, size // 2)} - {size}):
        if s.block and gone % s.block == 0:
            continue
        yield f"last {gone} rows", [*s.rows[: s.data.stop - gone], *s.rows[s.data.stop :]]


def all_rows_missing(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    yield "headings only", _copy(s.rows[: s.data.start])
    yield "all but the first row of headings", _copy(s.rows[: s.heads[0] + 1])
    yield "blank rows instead", [*s.rows[: s.data.start], *([""] * len(s.rows[0]) for _ in s.data)]


def row_cut_short(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    last = s.data.stop - 1
    # Where a blank is a hidden value, only the last one can be missed: several blanks may hide any rest.
    for column in _sample(rng, s.values, 3) if not s.marks else [max(s.values)]:
        if s.marks and not s.sums(last, column):
            continue
        cut = list(s.rows[last][:column])
        yield f"last row ends before {column_letters(column)}", [*s.rows[:last], cut, *s.rows[s.data.stop :]]


def shift_row(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row in _sample(rng, s.data, 3):
        cells = s.rows[row]
        yield f"row {row + 1} right", [*s.rows[:row], ["", *cells], *s.rows[row + 1 :]]
        yield f"row {row + 1} right, last cell lost", [*s.rows[:row], ["", *cells[:-1]], *s.rows[row + 1 :]]
        yield f"row {row + 1} left", [*s.rows[:row], [*cells[1:], ""], *s.rows[row + 1 :]]


def shift_figures(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    first = min(s.values)
    for row in _sample(rng, [row for row in s.data if s.sums(row, first)], 2):
        cells = s.rows[row]
        moved = [*cells[:first], cells[first], *cells[first:-1]]
        yield f"figures of row {row + 1} right", [*s.rows[:row], moved, *s.rows[row + 1 :]]


def swap_keys(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for _ in range(3):
        first, second = rng.sample(list(s.data), 2) if len(s.data) > 1 else (s.data[0], s.data[0])
        column = rng.choice(s.keys)
        rows = _with(s.rows, first, column, s.at(second, column))
        rows = _with(rows, second, column, s.at(first, column))
        yield f"{column_letters(column)}{first + 1} and {second + 1}", rows


def blank_row(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row in (s.data.start, rng.choice(s.data), s.data.stop):
        yield f"before row {row + 1}", [*s.rows[:row], [""] * len(s.rows[s.data.start]), *s.rows[row:]]


def footnote_row(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    width = len(s.rows[s.data.start])
    for text in ("（注）四捨五入のため合計は一致しないことがある", "出典：厚生労働省", "ver. 2"):
        yield text, [*s.rows, [text, *[""] * (width - 1)]]
        yield f"{text} alone", [*s.rows, [text]]


def junk_row(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    width = len(s.rows[s.data.start])
    for row in (
        [s.number(1234)] * width,
        ["合計", *[s.number(99)] * (width - 1)],
        [*[""] * (width - 1), s.number(5)],
    ):
        place = rng.choice([s.data.stop, rng.choice(s.data)])
        yield f"{row[0]!r} at row {place + 1}", [*s.rows[:place], list(row), *s.rows[place:]]


def headings_again(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    place = rng.choice(s.data[1:]) if len(s.data) > 1 else s.data.stop
    again = [list(s.rows[row]) for row in s.heads]
    yield f"at row {place + 1}", [*s.rows[:place], *again, *s.rows[place:]]


def delete_column(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    columns = [*_sample(rng, range(min(s.values)), 3), *_sample(rng, s.values, 3)]
    for column in columns:
        yield column_letters(column), [[*row[:column], *row[column + 1 :]] for row in s.rows]


def duplicate_column(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for column in [*_sample(rng, range(min(s.values)), 2), *_sample(rng, s.values, 2)]:
        yield (
            f"{column_letters(column)} beside",
            [[*row[: column + 1], *row[column : column + 1], *row[column + 1 :]] for row in s.rows],
        )
    width = _columns(s)
    column = rng.choice(s.values)
    padded = [[*row, *[""] * (width - len(row))] for row in s.rows]
    yield f"{column_letters(column)} at the end", [[*row, row[column]] for row in padded]


def blank_column(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for column in (0, 1, rng.choice(s.values), max(s.values) + 1):
        yield f"before {column_letters(column)}", [[*row[:column], "", *row[column:]] for row in s.rows]


def footnote_column(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    if not s.is_csv:
        width = _columns(s)
        rows = [[*row, *[""] * (width - len(row))] for row in s.rows]
        yield "blank column at the end", [[*row, ""] for row in rows]


def stray_value(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    width = _columns(s)
    for row in _sample(rng, s.data, 2):
        yield f"beside row {row + 1}", _with(s.rows, row, width, s.number(7))


def exchange_columns(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for _ in range(4):
        left, right = rng.sample(range(_columns(s)), 2)
        if all(s.at(row, left) == s.at(row, right) for row in s.heads):
            continue  # the same as `exchange_figures`
        yield f"{column_letters(left)} and {column_letters(right)}", _exchange(s.rows, left, right)


def exchange_figures(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for left, right in _sample(rng, s.moved, 5):
        rows = _exchange(s.rows[s.data.start : s.data.stop], left, right)
        yield (
            f"{column_letters(left)} and {column_letters(right)}",
            [
                *s.rows[: s.data.start],
                *rows,
                *s.rows[s.data.stop :],
            ],
        )


def exchange_headings(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for left, right in _sample(rng, s.renamed, 5):
        rows = _exchange(s.rows[: s.data.start], left, right)
        yield f"{column_letters(left)} and {column_letters(right)}", [*rows, *s.rows[s.data.start :]]


def _exchange(rows: Rows, left: int, right: int) -> Rows:
    out = []
    for row in rows:
        cells = [*row, *[""] * (max(left, right) + 1 - len(row))]
        cells[left], cells[right] = cells[right], cells[left]
        out.append(cells[: max(len(row), 1)] if not any(cells[len(row) :]) else cells)
    return out


def _heading_cells(s: Subject) -> list[Cell]:
    return [(row, column) for row in s.heads for column, cell in enumerate(s.rows[row]) if str(cell).strip()]


def change_heading(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in _sample(rng, _heading_cells(s), 6):
        text = str(s.at(row, column))
        for other in (rng.choice([text + "x", "見出し", text[1:] or "?"]),):
            yield (
                f"{column_letters(column)}{row + 1}: {other}",
                _with(s.rows, row, column, other),
                row,
                column,
            )


def blank_heading(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in _sample(rng, _heading_cells(s), 6):
        yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, "")


def copy_heading(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in _sample(rng, _heading_cells(s), 4):
        other = rng.choice([c for r, c in _heading_cells(s) if r == row])
        yield (
            f"row {row + 1}, {column_letters(column)} to {column_letters(other)}",
            _with(s.rows, row, other, s.at(row, column)),
        )


def number_as_heading(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in _sample(rng, _heading_cells(s), 2):
        yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, s.number(12))


def move_headings(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    first, last = s.heads[0], s.heads[-1]
    width = len(s.rows[first])
    yield "a blank row above", [*s.rows[:first], [""] * width, *s.rows[first:]]
    yield "forty blank rows above", [*s.rows[:first], *([""] * width for _ in range(40)), *s.rows[first:]]
    yield "a title above", [["参考表（速報）", *[""] * (width - 1)], *s.rows]
    yield "a merged title across", [["参考表（速報）"] * width, *s.rows]
    yield "headings deleted", [*s.rows[:first], *s.rows[last + 1 :]]
    yield "first row of headings deleted", [*s.rows[:first], *s.rows[first + 1 :]]
    yield "last row of headings deleted", [*s.rows[:last], *s.rows[last + 1 :]]
    yield (
        "headings below the first figures",
        [
            *s.rows[:first],
            list(s.rows[s.data.start]),
            *s.rows[first : s.data.start],
            *s.rows[s.data.start + 1 :],
        ],
    )
    yield "headings at the end", [*s.rows[:first], *s.rows[last + 1 :], *s.rows[first : last + 1]]
    if first:
        yield "the row above deleted", [*s.rows[: first - 1], *s.rows[first:]]
        yield "all rows above deleted", _copy(s.rows[first:])
    if len(s.heads) > 1:
        yield (
            "rows of headings exchanged",
            [
                *s.rows[:first],
                *reversed(s.rows[first : last + 1]),
                *s.rows[last + 1 :],
            ],
        )


def age_bands_overlap(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in _sample(rng, s.ages, 4):
        label = str(s.at(row, column))
        numbers = re.findall(r"\d+", label)
        if len(numbers) == 2 and int(numbers[0]):
            other = label.replace(numbers[0], str(int(numbers[0]) - 1), 1)
        else:
            other = label.replace(numbers[0], str(max(0, int(numbers[0]) - 5) + (not int(numbers[0]))), 1)
        yield f"{label} → {other}", _with(s.rows, row, column, other)


def age_bands_gap(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in _sample(rng, s.ages, 4):
        label = str(s.at(row, column))
        numbers = re.findall(r"\d+", label)
        other = label.replace(numbers[0], str(int(numbers[0]) + 1), 1)
        yield f"{label} → {other}", _with(s.rows, row, column, other)


def age_band_unreadable(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in _sample(rng, s.ages, 2):
        for other in ("4～0歳", "高齢者", "75歳", "1月5日"):
            yield f"{s.at(row, column)} → {other}", _with(s.rows, row, column, other)


def open_band_closed(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in _sample(
        rng, [cell for cell in s.ages if len(re.findall(r"\d+", str(s.at(*cell)))) == 1], 2
    ):
        yield "last band closed", _with(s.rows, row, column, "90～94歳")


def _each_cell(
    s: Subject, rng: random.Random, contents: Sequence[Any], many: int = 1
) -> Iterator[tuple[Any, ...]]:
    for content in contents:
        for row, column in s.number_cells(rng, many):
            yield (
                f"{content!r} at {column_letters(column)}{row + 1}",
                _with(s.rows, row, column, content),
                row,
                column,
            )


def text_in_number(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    yield from _each_cell(
        s, rng, ("abc", "n/a", "1,2,3", "12人", "#REF!", "1/2", "１２a", "約30", "0x1F", "1_000", "--")
    )


def hidden_mark(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    if not s.marks:
        yield from _each_cell(s, rng, ("－", "-", "X", "***"))
    else:
        for row, column in s.summed_cells(rng, 4):
            yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, rng.choice(["－", "-"]))


def blank_number(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    if not s.marks:
        yield from _each_cell(s, rng, ("", " ", "　"), 2)
    else:
        for row, column in s.summed_cells(rng, 4):
            yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, "")


def negative_number(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in s.number_cells(rng, 4):
        value = s.number(-float(s.at(row, column)) - 1)
        yield f"{value} at {column_letters(column)}{row + 1}", _with(s.rows, row, column, value), row, column


def fraction(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    if s.whole:
        for row, column in s.number_cells(rng, 3):
            value = s.number(float(s.at(row, column)) + 0.5)
            yield (
                f"{value} at {column_letters(column)}{row + 1}",
                _with(s.rows, row, column, value),
                row,
                column,
            )


def huge_number(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    values = ("9" * 25, "9" * 400, "1e15") if s.is_csv else (1e15, 1e300, "9" * 400)
    yield from _each_cell(s, rng, values)


def not_a_number(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    values = (
        ("nan", "inf", "NaN", "-inf", "1e999") if s.is_csv else (float("nan"), float("inf"), -float("inf"))
    )
    for note, *rest in _each_cell(s, rng, values):
        yield note, *rest


def date_cell(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    values = (
        ("2024-01-05", "1月5日", "12:30")
        if s.is_csv
        else (
            datetime.date(2024, 1, 5),
            datetime.datetime(2024, 1, 5, 10, 30),
            datetime.time(12, 30),
            datetime.timedelta(hours=30),
        )
    )
    yield from _each_cell(s, rng, values)


def bool_cell(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    yield from _each_cell(s, rng, ("TRUE", "False") if s.is_csv else (True, False))


def one_more(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in s.summed_cells(rng, 5):
        value = s.number(
            float(s.at(row, column)) + rng.choice([1, -1] if float(s.at(row, column)) >= 11 else [1])
        )
        yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, value)


def ten_times(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in s.summed_cells(rng, 4):
        value = s.number(float(s.at(row, column)) * 10 + (not float(s.at(row, column))))
        yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, value)


def digits_exchanged(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in s.summed_cells(rng, 4):
        digits = str(int(float(s.at(row, column))))
        value = s.number(float(digits[::-1]))
        yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, value)


def zero_instead(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in s.summed_cells(rng, 3):
        yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, s.number(0))


def number_as_text(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in s.number_cells(rng, 3):
        yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, _digits(s.at(row, column)))
    for row, column in s.number_cells(rng, 2):
        yield (
            f"{column_letters(column)}{row + 1}, .0",
            _with(s.rows, row, column, str(float(s.at(row, column)))),
        )


def full_width_digits(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in s.number_cells(rng, 2):
        wide = _digits(s.at(row, column)).translate({ord("0") + n: ord("０") + n for n in range(10)})
        yield f"{column_letters(column)}{row + 1}: {wide}", _with(s.rows, row, column, wide)


def thousands_separator(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in s.number_cells(rng, 2):
        value = float(s.at(row, column))
        if value.is_integer():
            yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, f"{int(value):,}")


def blanks_around(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for row, column in s.number_cells(rng, 2):
        text = _digits(s.at(row, column))
        yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, f" {text}　")


def _digits(cell: Any) -> str:
    value = float(cell)
    return str(int(value)) if value.is_integer() else repr(value)


def wrong_key(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for column in s.keys:
        row = rng.choice(s.data)
        for other in ("", "X", s.number(-1), s.number(10.5), "９９９", "²", "both", True, s.number(10**12)):
            cell = str(other) if s.is_csv else other
            yield f"{cell!r} at {column_letters(column)}{row + 1}", _with(s.rows, row, column, cell)


def foreign_code(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for column in s.keys:
        row = rng.choice(s.data)
        cell = s.at(row, column)
        text = cell if isinstance(cell, str) else _digits(cell)
        yield f"{column_letters(column)}{row + 1}", _with(s.rows, row, column, "99" + text[2:])


def key_of_another_row(s: Subject, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for column in s.keys:
        for _ in range(2):
            row, other = rng.choice(s.data), rng.choice(s.data)
            yield (
                f"{column_letters(column)}{row + 1} from {other + 1}",
                _with(s.rows, row, column, s.at(other, column)),
            )


OPERATORS: dict[str, Callable[[Subject, random.Random], Iterator[tuple[Any, ...]]]] = {
    operator.__name__: operator
    for operator in (
        delete_row,
        duplicate_row,
        area_twice,
        last_rows_missing,
        all_rows_missing,
        row_cut_short,
        shift_row,
        shift_figures,
        swap_keys,
        blank_row,
        footnote_row,
        junk_row,
        headings_again,
        delete_column,
        duplicate_column,
        blank_column,
        footnote_column,
        stray_value,
        exchange_columns,
        exchange_figures,
        exchange_headings,
        change_heading,
        blank_heading,
        copy_heading,
        number_as_heading,
        move_headings,
        age_bands_overlap,
        age_bands_gap,
        age_band_unreadable,
        open_band_closed,
        text_in_number,
        hidden_mark,
        blank_number,
        negative_number,
        fraction,
        huge_number,
        not_a_number,
        date_cell,
        bool_cell,
        one_more,
        ten_times,
        digits_exchanged,
        zero_instead,
        number_as_text,
        full_width_digits,
        thousands_separator,
        blanks_around,
        wrong_key,
        foreign_code,
        key_of_another_row,
    )
}
