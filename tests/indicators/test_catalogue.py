"""Declarations: the set is complete, and every wrong one is answered with one sentence."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicator, indicators, set_of_indicators
from zaitaku_demand.indicators.home import declarations_folder
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.indicators.reference_page import described, reference_page

# What is counted leaves out most of what the name says (S-C-8, P-C-5 to P-C-7, P-E-2), stands in for it (O-A-1), or
# says nothing by its number (S-X-1, S-X-2): not judged, and in no score.
STAND_INS = ("S-C-8", "S-X-1", "S-X-2", "P-C-5", "P-C-6", "P-C-7", "P-E-2", "O-A-1")

# What is counted leaves out most of what the name says (S-C-8, P-C-5 to P-C-7, P-E-2), stands in for it (O-A-1), or
# says nothing by its number (S-X-1, S-X-2): not judged, and in no score.
STAND_INS = ("S-C-8", "S-X-1", "S-X-2", "P-C-5", "P-C-6", "P-C-7", "P-E-2", "O-A-1")

_SCR = declarations_folder() / "process/everyday/P-C-1.toml"
_RATE = declarations_folder() / "structure/everyday/S-C-1.toml"


def test_the_set_is_that_of_the_provisional_list(facts: Path) -> None:
    with (facts / "indicators_provisional.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    declared = set_of_indicators()
    assert len(rows) == 56 and set(declared) == set(rows)
    better = {name: each.better for name, each in declared.items()}
    listed = {name: row["better"] for name, row in rows.items()}
    assert better == listed | dict.fromkeys(STAND_INS, "neutral")
    assert not any(declared[name].key for name in STAND_INS)
    for name, each in declared.items():
        assert (each.type, each.function) == (rows[name]["type"], rows[name]["function"])
        assert (each.adjustment == "indirect") <= ("age-sex" in rows[name]["adjustment"])


def test_place_basis_is_that_of_the_first_count() -> None:
    known = measures()
    for each in indicators().values():
        assert each.place == known[each.numerator[0]].place, each.id


def test_texts_are_sentences_in_both_languages() -> None:
    for each in indicators().values():
        for text in (each.definition, each.rationale, each.caveats):
            assert text.ja.endswith("。") and text.en.endswith("."), each.id
            assert not text.en.startswith(" ") and "  " not in text.en
        assert all((each.name.ja, each.name.en, each.unit.ja, each.unit.en))


def test_order_is_type_function_number_supplement() -> None:
    names = list(indicators())
    assert names.index("S-C-2") < names.index("S-C-2-T1") < names.index("S-C-10") < names.index("P-D-1")
    assert names[0] == "S-D-1" and names[-1].startswith("O-E")


@pytest.mark.parametrize(
    ("source", "old", "new", "where", "found"),
    [
        (_RATE, "version = 1", 'version = 1\ncolour = "red"', "S-C-1", "colour"),
        (_RATE, 'better = "more"', 'better = "high"', "S-C-1", "better"),
        (_RATE, "version = 1", "", "S-C-1", "version"),
        (_RATE, "tolerance = 0.10", "tolerence = 0.10", "S-C-1", "tolerence"),
        (_RATE, "survey_home_visit_facilities", "survey_home_visits", "S-C-1", "survey_home_visits"),
        (_RATE, '"population_75"', '"population_99"', "S-C-1", "population_99"),
        (_RATE, 'id = "S-C-1"', 'id = "S-C-2"', "S-C-1", "S-C-2.toml"),
        (_RATE, 'type = "structure"', 'type = "process"', "S-C-1", "structure/everyday"),
        (_RATE, "version = 1", 'version = 1\nsupplement_of = "S-C-98"', "S-C-1", "S-C-98"),
        (_RATE, 'statistic = "rate"', 'statistic = "scr"', "S-C-1", "go together"),
        (_RATE, 'adjustment = "none"', 'adjustment = "direct"', "S-C-1", "direct"),
        (
            _RATE,
            'statistic = "rate"\nadjustment = "none"',
            'statistic = "scr"\nadjustment = "indirect"',
            "S-C-1",
            "no national counts",
        ),
        (_RATE, '["survey_home_visit_facilities"]', "[]", "S-C-1", "numerator"),
        (_RATE, "version = 1", "version = = 1", "S-C-1", "not TOML"),
        (_SCR, "multiplier = 100", "multiplier = -1", "P-C-1", "multiplier"),
    ],
)
def test_a_wrong_declaration_is_one_sentence(
    new_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: Path,
    old: str,
    new: str,
    where: str,
    found: str,
) -> None:
    monkeypatch.setenv("ZAITAKU_LANG", "en")
    text = source.read_text("utf-8")
    assert old in text
    path = new_folder / source.relative_to(declarations_folder())
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InputError) as raised:
        indicators(new_folder)
    assert found in str(raised.value) and f"{where}.toml" in str(raised.value)


def test_a_file_in_the_wrong_folder_and_an_id_twice(new_folder: Path) -> None:
    wrong = new_folder / "structure/acute/S-C-1.toml"
    wrong.parent.mkdir(parents=True)
    wrong.write_text(_RATE.read_text("utf-8"), "utf-8")
    with pytest.raises(InputError) as raised:
        indicators(new_folder)
    assert "structure/everyday/S-C-1.toml" in raised.value.sentence("en")
    wrong.unlink()
    right = new_folder / "structure/everyday/S-C-1.toml"
    right.parent.mkdir()
    right.write_text(_RATE.read_text("utf-8"), "utf-8")
    right.with_name("S-C-1b.toml").write_text(_RATE.read_text("utf-8"), "utf-8")
    with pytest.raises(InputError) as raised:
        indicators(new_folder)
    assert "declared twice" in raised.value.sentence("en")


@pytest.mark.parametrize("content", ['measure = "x"', '[measure]\nid = "x"', "colour = 1", ""])
def test_a_file_of_measures_with_anything_else_is_refused(new_folder: Path, content: str) -> None:
    (new_folder / "measures" / "more.toml").write_text(content, "utf-8")
    with pytest.raises(InputError) as raised:
        indicators(new_folder)
    assert "more.toml" in raised.value.sentence("ja") and "[[measure]]" in raised.value.sentence("en")


def test_no_declaration_is_passed_over(new_folder: Path, tmp_path: Path) -> None:
    for empty in (new_folder, tmp_path / "nowhere"):
        with pytest.raises(InputError) as raised:
            indicators(empty)
        assert "no declaration" in raised.value.sentence("en")
    astray = new_folder / "structure" / "S-C-1.toml"
    astray.parent.mkdir()
    astray.write_text(_RATE.read_text("utf-8"), "utf-8")
    with pytest.raises(InputError) as raised:
        indicators(new_folder)
    assert "structure/everyday/S-C-1.toml" in raised.value.sentence("en")


def test_a_wrong_field_is_named_in_japanese(new_folder: Path) -> None:
    path = new_folder / _RATE.relative_to(declarations_folder())
    path.parent.mkdir(parents=True)
    path.write_text(_RATE.read_text("utf-8") + 'colour = "red"\n', "utf-8")
    with pytest.raises(InputError) as raised:
        indicators(new_folder)
    assert "「colour」" in raised.value.sentence("ja") and "そのような項目はない" in raised.value.sentence(
        "ja"
    )


def test_an_unknown_indicator_is_answered_with_those_like_it() -> None:
    with pytest.raises(InputError) as raised:
        indicator("S-C-77")
    for sentence in (raised.value.sentence("ja"), raised.value.sentence("en")):
        assert "S-C-77" in sentence and "S-C-7," in sentence and "zaitaku indicators list" in sentence
    assert indicator("p-c-1-v").id == "P-C-1-V"


@pytest.mark.parametrize(("name", "language"), [("indicators.md", "en"), ("indicators.ja.md", "ja")])
def test_reference_page_is_up_to_date(name: str, language: str) -> None:
    page = (CHECKOUT / "docs" / name).read_text("utf-8")
    assert page == reference_page("en" if language == "en" else "ja")


def test_a_description_says_nothing_twice() -> None:
    for each in indicators().values():
        for label, text in described(each):
            for said in (text.ja, text.en):
                parts = [part for part in re.split(r"[。;]", said) if len(part) > 12]
                assert len(parts) == len(set(parts)), (each.id, label.ja, said)


def test_caveats_name_the_declared_tolerance() -> None:
    for each in indicators().values():
        share = f"{100 * each.suppression.tolerance:.0f}"
        for text in (each.caveats.ja, each.caveats.en):
            named = re.findall(r"(?:値の|exceed )(\d+) ?%", text)
            assert set(named) <= {share}, each.id
