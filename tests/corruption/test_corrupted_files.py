"""Damage to the files themselves: bytes cut, flipped and re-saved, workbooks with other sheets and cells.

Two kinds of damage are left out because nothing in a file can tell them from the truth: a bit flipped
inside the name of a place, and a corner of a simplified boundary that has moved a little (boundaries are
drawn, never measured). Both are found by the sha256 of the registered file, which `zaitaku data build`
checks first.
"""

from __future__ import annotations

import copy
import datetime
import gzip
import io
import json
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from tests.corruption import layouts
from tests.corruption.corrupt import Rows, judge
from tests.corruption.subjects import csv_bytes, ndb_figures, synthetic, table
from zaitaku_demand.errors import InputError
from zaitaku_demand.sources import (
    boundaries,
    census,
    home_care_workbook,
    ipss2023,
    ipss_tables,
    ministry_projection,
    ndb,
    points,
    ssds,
)
from zaitaku_demand.sources.places import PREFECTURES

Damage = tuple[str, bytes]
LEAST = 700

MUST_READ = frozenset(
    {
        "as it is",
        "additions in front",
        "cp932",
        "UTF-8 with BOM",
        "CRLF",
        "CR",
        "every cell quoted",
        "blank lines at the end",
    }
    | {"no line break at the end", "merged title", "sheet behind", "sheet in front", "numbers as text"}
    | {"formulas with their results", "formatted blank cells beside", "no compression", "keys exchanged"}
    | {"pretty printed"}
)


# --- workbooks --------------------------------------------------------------------------------------------


def _write_cell(sheet: Any, row: int, column: int, cell: Any) -> None:
    if isinstance(cell, float):
        sheet.write_number(row, column, cell)
    elif cell != "":
        sheet.write_string(row, column, str(cell))


def workbook(
    sheets: list[tuple[str, Rows]],
    finish: Callable[[Any, dict[str, Any]], None] | None = None,
    **options: Any,
) -> bytes:
    """The worksheets as .xlsx; `finish` may add to them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    book.set_properties({"created": datetime.datetime(2024, 1, 1)})
    made = {}
    for name, rows in sheets:
        made[name] = sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                _write_cell(sheet, row, column, cell)
    if finish:
        finish(book, made)
    book.close()
    return out.getvalue()


def _ndb_sheets() -> list[tuple[str, Rows]]:
    return [
        (ndb.BASE_SHEET, layouts.ndb_sheet("month", 2022, "base", items=4)[0]),
        (ndb.ADDITION_SHEET, layouts.ndb_sheet("month", 2022, "addition", items=4)[0]),
    ]


def _rezip(
    content: bytes, change: Callable[[str, bytes], bytes | None], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(zipfile.ZipInfo(name), part, compress_type=method)
    return out.getvalue()


def bytes_damaged(content: bytes, seed: str, cuts: int, flips: int) -> Iterator[Damage]:
    """Cut off, flipped, zeroed, doubled and foreign bytes."""
    rng = random.Random(seed)
    yield "as it is", content
    yield "empty", b""
    yield "blanks only", b" \n\n  \n"
    for number in range(cuts):
        yield f"cut {number}", content[: rng.randrange(1, len(content) - 1)]
    for number in range(flips):
        damaged = bytearray(content)
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        yield f"bit flipped {number}", bytes(damaged)
    for number in range(max(4, flips // 6)):
        damaged = bytearray(content)
        place, size = rng.randrange(len(damaged)), rng.randrange(4, 64)
        damaged[place : place + size] = bytes(size)
        yield f"zeroed {number}", bytes(damaged)
        damaged = bytearray(content)
        del damaged[place : place + size]
        yield f"bytes lost {number}", bytes(damaged)
    for number in range(4):
        place = rng.randrange(1, len(content))
        yield f"noise {number}", content[:place] + rng.randbytes(50) + content[place:]
        yield f"all noise {number}", rng.randbytes(400)
    page = (
        "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>ページがありません</body></html>"
    )
    yield "HTML", page.encode()
    yield "HTML with blanks in front", ("\n\n  " + page).encode()
    yield "HTML without doctype", page.removeprefix("<!DOCTYPE html>").encode()
    yield "HTML in Shift_JIS", page.encode("cp932")
    yield "XML", b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'
    yield "JSON", b'{"error": "not found"}'
    yield "PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"
    yield "one letter", b"a"
    yield "one NUL", b"\x00"
    yield "old Excel without content", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "start of a zip", b"PK\x03\x04"
    yield "empty zip", b"PK\x05\x06" + bytes(18)


def workbooks_damaged() -> Iterator[Damage]:
    """Damage to a workbook of the NDB."""
    sheets = _ndb_sheets()
    content = workbook(sheets)
    yield from bytes_damaged(content, "workbook", 70, 180)
    rng = random.Random("parts")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    for name in names:
        yield f"without {name}", _rezip(content, lambda each, part, name=name: None if each == name else part)
        yield f"{name} empty", _rezip(content, lambda each, part, name=name: b"" if each == name else part)
        for _ in range(3):
            keep = rng.random()
            yield (
                f"{name} cut at {keep:.2f}",
                _rezip(
                    content,
                    lambda each, part, name=name, keep=keep: (
                        part[: int(len(part) * keep)] if each == name else part
                    ),
                ),
            )
    yield "no compression", _rezip(content, lambda each, part: part, zipfile.ZIP_STORED)
    yield "a zip of texts", _rezip(content, lambda each, part: b"text" if each.startswith("xl/") else None)
    (base, rows), addition = sheets
    for name in ("Sheet1", "全体 ", "全 体", "外来", "ALL"):
        yield f"sheet named {name!r}", workbook([(name, rows), addition])
    yield "additions only", workbook([addition])
    yield "additions in front", workbook([addition, sheets[0]])
    yield "sheet behind", workbook([*sheets, ("注意事項", [["NDBオープンデータの注意事項"]])])
    yield "sheet in front", workbook([("表紙", [["第9回"]]), *sheets])
    yield "empty sheet", workbook([(base, []), addition])
    yield "one cell", workbook([(base, [["診療年月：2022年04月～2023年03月"]]), addition])
    yield "empty additions", workbook([sheets[0], (ndb.ADDITION_SHEET, [])])
    yield "both sheets the same", workbook([sheets[0], (ndb.ADDITION_SHEET, rows)])
    other = layouts.ndb_sheet("month", 2021, "addition", items=4)[0]
    yield "additions of another year", workbook([sheets[0], (ndb.ADDITION_SHEET, other)])
    other = layouts.ndb_sheet("sex_age", 2022, "addition", items=4)[0]
    yield "additions by another breakdown", workbook([sheets[0], (ndb.ADDITION_SHEET, other)])
    other = layouts.ndb_sheet("month", 2022, "addition", items=4, measure="patients")[0]
    yield "additions of patients", workbook([sheets[0], (ndb.ADDITION_SHEET, other)])
    yield from _cells_damaged(sheets)


def _cells_damaged(sheets: list[tuple[str, Rows]]) -> Iterator[Damage]:
    base, rows = sheets[0]
    start = next(row for row, cells in enumerate(rows) if str(cells[0]).startswith("C0"))
    shown = float(rows[start][9])

    def each(write: Callable[[Any, Any], Any]) -> bytes:
        return workbook(sheets, lambda book, made: write(book, made[base]))

    text = [[f"{cell:.0f}" if isinstance(cell, float) else cell for cell in row] for row in rows]
    yield "numbers as text", workbook([(base, [*rows[:start], *text[start:]]), sheets[1]])
    yield "merged title", each(lambda book, sheet: sheet.merge_range(0, 0, 0, 8, rows[0][0]))
    yield "merged cells of figures", each(lambda book, sheet: sheet.merge_range(start, 8, start, 11, shown))
    yield "merged headings", each(lambda book, sheet: sheet.merge_range(start - 2, 8, start - 2, 9, "6月"))
    yield (
        "formulas with their results",
        each(lambda book, sheet: sheet.write_formula(start, 9, f"={shown}", None, shown)),
    )
    for error in ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?"):
        yield (
            f"formula with {error}",
            each(lambda book, sheet, error=error: sheet.write_formula(start, 9, "=1/0", None, error)),
        )
    yield (
        "formula without a result",
        each(lambda book, sheet: sheet.write_formula(start, 9, "=A1+1", None, "")),
    )
    yield "bool", each(lambda book, sheet: sheet.write_boolean(start, 9, True))
    for number, form in enumerate(("yyyy-mm-dd", "yyyy/m/d hh:mm", "hh:mm", "[h]:mm", "ggge年m月d日")):
        yield (
            f"date {number}",
            each(
                lambda book, sheet, form=form: sheet.write_datetime(
                    start, 9, datetime.datetime(2024, 1, 5, 10, 30), book.add_format({"num_format": form})
                )
            ),
        )
        yield (
            f"number shown as a date {number}",
            each(
                lambda book, sheet, form=form: sheet.write_number(
                    start, 9, shown, book.add_format({"num_format": form})
                )
            ),
        )
    yield (
        "formatted blank cells beside",
        each(
            lambda book, sheet: [
                sheet.write_blank(row, 40, None, book.add_format({"bold": True})) for row in range(9)
            ]
        ),
    )
    yield "far cell", each(lambda book, sheet: sheet.write_number(2_000, 300, 5))
    yield (
        "line breaks in a number",
        each(lambda book, sheet: sheet.write_string(start, 9, f"{shown:.0f}\n（注）")),
    )
    for cell in ("abc", "n/a", "1,2,3", "12人", "－5", "1e999", "𝟙", "½", "一二三", "=1+1", "'5", "\ufffd"):
        yield f"text {cell}", each(lambda book, sheet, cell=cell: sheet.write_string(start, 9, cell))
    for value in (-1.0, 0.5, 3.0, 1e15, 1e300, shown + 1, shown * 10):
        yield f"number {value:g}", each(lambda book, sheet, value=value: sheet.write_number(start, 9, value))


# --- CSV --------------------------------------------------------------------------------------------------


def csv_damaged(rows: Rows, seed: str, cuts: int = 40, flips: int = 130) -> Iterator[Damage]:
    """Damage to a CSV file whose every figure is held by a sum."""
    content = csv_bytes(rows)
    rng = random.Random(seed)
    yield from bytes_damaged(content, seed, cuts, flips)
    text = content.decode()
    lines = text.splitlines()
    yield "cp932", text.encode("cp932")
    yield "UTF-8 with BOM", text.encode("utf-8-sig")
    yield "BOM twice", b"\xef\xbb\xbf" + text.encode("utf-8-sig")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037"):
        yield encoding, text.encode(encoding, "replace")
    yield "CRLF", "\r\n".join(lines).encode()
    yield "CR", "\r".join(lines).encode()
    yield "no line break at the end", "\n".join(lines).encode()
    yield "blank lines at the end", content + b"\n\n,,,\n\n"
    yield "blank lines between", text.replace("\n", "\n\n").encode()
    yield "blank lines in front", b"\n\n" + content
    yield "every cell quoted", "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()
    yield "tabs", text.replace(",", "\t").encode()
    yield "semicolons", text.replace(",", ";").encode()
    yield "blanks after commas", text.replace(",", ", ").encode()
    yield (
        "thousands separators unquoted",
        "\n".join(
            [
                lines[0],
                *(
                    ",".join(f"{int(c):,}" if c.isdigit() and int(c) > 999 else c for c in r)
                    for r in rows[1:]
                ),
            ]
        ).encode(),
    )
    yield "headings only", (lines[0] + "\n").encode()
    yield "without headings", "\n".join(lines[1:]).encode()
    yield "twice", content + content
    yield "twice without headings", content + "\n".join(lines[1:]).encode()
    for number in range(12):
        place = rng.randrange(len(text))
        for name, mark in (
            ("NUL", "\x00"),
            ("quote", '"'),
            ("comma", ","),
            ("line break", "\n"),
            ("letter", "x"),
        ):
            yield f"{name} {number}", (text[:place] + mark + text[place:]).encode()
    line = rng.randrange(1, len(lines))
    for number, broken in enumerate(
        ('"', lines[line] + '"', '"' + lines[line], lines[line].replace(",", '","', 3))
    ):
        yield f"quotes {number}", "\n".join([*lines[:line], broken, *lines[line + 1 :]]).encode()
    yield "a very long cell", (text + "1" * 140_000).encode()


def gz_damaged(rows: Rows) -> Iterator[Damage]:
    """Damage to a compressed CSV file."""
    content = gzip.compress(csv_bytes(rows), mtime=0)
    yield from bytes_damaged(content, "gz", 50, 120)
    yield "not compressed", csv_bytes(rows)
    yield "compressed twice", gzip.compress(content)
    yield "compressed HTML", gzip.compress(b"<html><body>404</body></html>")
    yield "nothing compressed", gzip.compress(b"")
    yield "something behind", content + b"something"
    yield "two members", content + content


# --- TopoJSON ---------------------------------------------------------------------------------------------


def topojson_damaged() -> Iterator[Damage]:
    """Damage to boundaries."""
    clean = layouts.topojson()
    content = json.dumps(clean, ensure_ascii=False).encode()
    rng = random.Random("topojson")
    yield "as it is", content
    yield "pretty printed", json.dumps(clean, indent=1).encode()
    for name in ("cp932", "utf-16"):
        yield f"saved as {name}", json.dumps(clean, ensure_ascii=False).encode(name)
    for number in range(40):
        yield f"cut {number}", content[: rng.randrange(1, len(content) - 1)]
    for root in (
        b"",
        b"[]",
        b"{}",
        b"null",
        b"1",
        b'"Topology"',
        b"[" * 100_000,
        b"<html></html>",
        b"\x00",
        b"NaN",
    ):
        yield f"root {root[:12]!r}", root

    def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
        damaged = copy.deepcopy(clean)
        change(damaged)
        return json.dumps(damaged).encode()

    shapes: Callable[[dict[str, Any]], list[Any]] = lambda each: each["objects"]["areas"]["geometries"]  # noqa: E731
    for key in ("type", "arcs", "objects"):
        yield f"without {key}", changed(lambda each, key=key: each.pop(key))
        for value in (None, [], {}, "x", 1, [[]], [None]):
            yield f"{key} = {value!r}", changed(lambda each, key=key, value=value: each.update({key: value}))
    yield "layer renamed", changed(lambda each: each["objects"].update(other=each["objects"].pop("areas")))
    yield "layer null", changed(lambda each: each["objects"].update(areas=None))
    for key in ("type", "arcs", "properties"):
        yield f"shape without {key}", changed(lambda each, key=key: shapes(each)[1].pop(key))
        for value in (
            None,
            [],
            {},
            "x",
            1,
            [[]],
            [[99]],
            [[-99]],
            [["a"]],
            [[None]],
            [[0.5]],
            [[True]],
            "Point",
        ):
            yield (
                f"shape with {key} = {value!r}",
                changed(lambda each, key=key, value=value: shapes(each)[1].update({key: value})),
            )
    yield "shape null", changed(lambda each: shapes(each).__setitem__(1, None))
    yield "shape a text", changed(lambda each: shapes(each).__setitem__(1, "x"))
    yield "shape missing", changed(lambda each: shapes(each).pop(1))
    yield "shape twice", changed(lambda each: shapes(each).append(shapes(each)[1]))
    yield "no shapes", changed(lambda each: shapes(each).clear())
    for key in ("area_code", "area_name"):
        yield f"without {key}", changed(lambda each, key=key: shapes(each)[1]["properties"].pop(key))
        yield (
            f"nowhere {key}",
            changed(lambda each, key=key: [s["properties"].pop(key) for s in shapes(each)]),
        )
        for value in (
            None,
            "",
            "0101",
            "9901",
            "01",
            102,
            True,
            ["0102"],
            {"a": 1},
            "０１０２",
            "0102 ",
            "x",
        ):
            yield (
                f"{key} = {value!r}",
                changed(
                    lambda each, key=key, value=value: shapes(each)[1]["properties"].update({key: value})
                ),
            )
    for number in range(3):
        yield f"line {number} missing", changed(lambda each, number=number: each["arcs"].pop(number))
        yield (
            f"line {number} empty",
            changed(lambda each, number=number: each["arcs"].__setitem__(number, [])),
        )
        yield (
            f"line {number} one point",
            changed(lambda each, number=number: each["arcs"][number].__delitem__(slice(1, 9))),
        )
        for point in (
            [40],
            ["a", "b"],
            [None, None],
            [float("nan"), 40],
            [float("inf"), 40],
            [1e308, 1e308],
            [],
            7,
            None,
        ):
            yield (
                f"line {number} with the point {point!r}",
                changed(lambda each, number=number, point=point: each["arcs"][number].__setitem__(2, point)),
            )
    yield "latitude first", changed(lambda each: [point.reverse() for line in each["arcs"] for point in line])
    yield (
        "metres",
        changed(
            lambda each: each.update(arcs=[[[x * 1e5, y * 1e5] for x, y in line] for line in each["arcs"]])
        ),
    )
    for transform in (
        None,
        {},
        {"scale": [0, 0], "translate": [0, 0]},
        {"scale": ["a"], "translate": 1},
        "x",
    ):
        yield (
            f"transform {transform!r}",
            changed(lambda each, transform=transform: each.update(transform=transform)),
        )


def _boundaries(path: Path) -> Any:
    codes = ("0101", "0102", "0201")
    listed = pd.DataFrame({"area_code": codes, "area_name": [f"圏域{code}" for code in codes]})
    frame = boundaries.load_topojson(path, listed)
    return [
        (row.area_code, row.area_name, row.prefecture_code, row.geometry.normalize().wkt)
        for row in frame.itertuples(index=False)
    ]


def _statistics() -> Rows:
    """Two years of one item in the long form of the System of Social and Demographic Statistics."""
    head: list[Any] = list(ssds.HEADINGS)
    places = list(enumerate(PREFECTURES, 1))
    return [
        head,
        *(
            [
                "I5601",
                "訪問看護ステーション数",
                "所",
                "basic",
                year,
                f"{number:02d}",
                name,
                str(90 + 7 * number),
            ]
            for year in ("2020", "2021")
            for number, name in places
        ),
    ]


# --- the tests --------------------------------------------------------------------------------------------

FILES: dict[str, tuple[str, Callable[[], Iterator[Damage]], Callable[[Path], Any]]] = {
    "NDB workbook": ("ndb.xlsx", workbooks_damaged, ndb_figures),
    "census of prefectures": (
        "census.csv",
        lambda: csv_damaged(layouts.census_2020("prefecture"), "census"),
        table(census.load_prefectures_2020),
    ),
    "projection by area": (
        "areas.csv",
        lambda: csv_damaged(layouts.area_ages_2023(), "areas", 20, 60),
        table(ipss2023.load_area_ages),
    ),
    "certified by prefecture": (
        "nintei.csv",
        lambda: csv_damaged(layouts.certified_by_prefecture(), "nintei", 20, 0),
        synthetic()["certified by prefecture"].load,
    ),
    "censuses, compressed": (
        "history.csv.gz",
        lambda: gz_damaged(layouts.census_history_rows(nationwide=False)),
        table(census.load_history, nationwide=False),
    ),
    "SSDS, compressed": (
        "ssds.csv.gz",
        lambda: gz_damaged(_statistics()),
        table(ssds.load_items, codes=["I5601"]),
    ),
    "boundaries": ("area.topojson", topojson_damaged, _boundaries),
}


@cache
def tried(name: str) -> tuple[Counter[str], tuple[str, ...]]:
    """Outcomes of every damage to one file, and what went wrong."""
    file, damages, load = FILES[name]
    outcomes: Counter[str] = Counter()
    failures = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / file
        clean: Any = None
        for note, content in damages():
            path.write_bytes(content)
            if note == "as it is":
                clean = load(path)
            try:
                outcome, _ = judge(load, path, clean)
            except Exception as error:
                outcome = "failed"
                failures.append(f"{note}: {type(error).__name__} {error}")
            if note in MUST_READ and outcome == "caught":
                failures.append(f"{note}: refused although it can be read")
            outcomes[outcome] += 1
    return outcomes, tuple(failures)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_gives_one_sentence_or_the_same_figures(name: str) -> None:
    outcomes, failures = tried(name)
    assert not failures, f"{len(failures)} of {outcomes.total()}:\n" + "\n".join(failures)
    assert outcomes["caught"] > 60
    assert outcomes["same"] >= 1


def test_enough_damaged_files_are_tried() -> None:
    assert sum(sum(1 for _ in damages()) for _, damages, _ in FILES.values()) >= LEAST


LOADERS: dict[str, Callable[[Path], Any]] = {
    "ndb.xlsx": ndb.load,
    "kekkahyo1.xlsx": lambda path: ipss_tables.read_table(path, ipss2023.YEARS),
    "001728462.xlsx": ministry_projection.load_home_visits,
    "census.csv": census.load_prefectures_2020,
    "history.csv.gz": census.load_history,
    "wide.csv": ipss2023.load_municipality_ages,
    "area330.topojson": boundaries.load_topojson,
    "ssds.csv.gz": partial(ssds.load_items, codes=["I5601"]),
    "points.csv": points.load_points,
    "001681907.xlsx": home_care_workbook.load_home_care_workbook,
}


@pytest.mark.parametrize("file", LOADERS)
@pytest.mark.parametrize("what", ["nothing", "folder", "link to nothing", "name of another kind"])
def test_a_path_that_is_no_file_is_named(file: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / file
    if what == "folder":
        path.mkdir()
    elif what == "link to nothing":
        path.symlink_to(tmp_path / "nowhere")
    elif what == "name of another kind":
        path.write_bytes(
            csv_bytes(layouts.area_ages_2023()) if not file.endswith("csv") else workbook(_ndb_sheets())
        )
    with pytest.raises(InputError) as caught:
        LOADERS[file](path)
    assert file in str(caught.value)
