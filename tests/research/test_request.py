"""A request: own files and outcomes by level, designations by their codes, names that there are not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from zaitaku_demand.errors import InputError
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.request import ResearchRequest, read_request

OWN = "area_code,year,numerator,denominator\n" + "\n".join(
    f"{code:02d},{year},{40 + code},{500 + code}" for code in range(1, 48) for year in (2016, 2017)
)
PLACES = {
    level: Panel(level, pd.DataFrame({"area_code": codes}), pd.DataFrame(), {})
    for level, codes in {"prefecture": ["01", "13"], "area": ["0101", "1301"]}.items()
}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(OWN, "utf-8")
    return path


def refused(request: ResearchRequest) -> str:
    with pytest.raises(InputError) as error:
        _ = request.panels
    for language in ("ja", "en"):
        assert "\n" not in error.value.sentence(language)  # type: ignore[arg-type]
    return error.value.sentence("en")


def designation(folder: Path, *codes: str) -> Path:
    path = folder / "started.csv"
    path.write_text("\n".join(["area_code,year", *(f"{code},2016" for code in codes)]), "utf-8")
    return path


def test_an_own_outcome_is_studied_at_the_level_that_its_file_has(own: Path) -> None:
    panels = read_request(own=[own], outcomes=["own_mine", "O-E-1"]).panels
    assert panels["prefecture"].names("outcome") == ["O-E-1", "own_mine"]
    assert panels["area"].names("outcome") == ["O-E-1"]


def test_an_own_outcome_of_another_level_is_refused(own: Path) -> None:
    assert "mine.csv" in refused(read_request(own=[own], levels=["area"]))


def test_a_file_of_values_of_another_level_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "S-D-1.csv"
    path.write_text("level,area_code,area_name,year,numerator\nprefecture,13,,2023,40\n", "utf-8")
    assert "S-D-1.csv" in refused(read_request(supplied=[path], levels=["area"]))


def test_an_outcome_without_any_figure_is_refused() -> None:
    # The survey of institutions counts home attendance at death by prefecture only.
    assert "S-E-1" in refused(read_request(outcomes=["S-E-1"], levels=["area"]))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"outcomes": ["O-E-l"]}, "O-E-l"),
        ({"exposures": ["P-X-9"]}, "P-X-9"),
        ({"differences": ['designs.differences.outcomes=["O-X"]']}, "O-X"),
        ({"differences": ['robustness.confounder_sets=[["density"]]']}, "density"),
        ({"outcomes": ["own_mine"]}, "own_mine"),
    ],
)
def test_a_name_that_there_is_not_is_refused_before_anything_is_built(
    given: dict[str, list[str]], named: str
) -> None:
    with pytest.raises(InputError, match=named):
        read_request(**given)  # type: ignore[arg-type]


def test_a_name_in_the_plan_is_refused_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('declared = 2026-12-01\n[designs.differences]\ntreatments = ["S-Z-1"]\n', "utf-8")
    with pytest.raises(InputError, match=r"mine\.toml.*designs\.differences\.treatments.*S-Z-1"):
        read_request(path)


@pytest.mark.parametrize(
    ("codes", "level"),
    [(["13"], "prefecture"), (["1"], "prefecture"), (["1301"], "area"), (["101"], "area")],
)
def test_a_designation_is_used_at_the_level_of_its_codes(
    tmp_path: Path, codes: list[str], level: str
) -> None:
    request = read_request(designation=designation(tmp_path, *codes))
    for name, panel in PLACES.items():
        found = request.designated(panel)
        assert len(found) == (name == level)
    (used,) = request.designated(PLACES[level])
    assert sorted(used.first) == [2016.0, float("inf")]


@pytest.mark.parametrize(("codes", "levels"), [(["1301"], ["prefecture"]), (["13"], ["area"])])
def test_a_designation_of_another_level_is_refused(
    tmp_path: Path, codes: list[str], levels: list[str]
) -> None:
    request = read_request(designation=designation(tmp_path, *codes), levels=levels)
    with pytest.raises(InputError, match=r"started\.csv"):
        request.designated(PLACES[levels[0]])


def test_a_designation_of_no_place_is_refused_with_its_row(tmp_path: Path) -> None:
    request = read_request(designation=designation(tmp_path, "1301", "99999"))
    assert request.designated(PLACES["prefecture"]) == ()
    with pytest.raises(InputError, match=r"3行目.*99999"):
        request.designated(PLACES["area"])


def test_a_designation_is_set_against_the_users_own_outcome(tmp_path: Path, own: Path) -> None:
    given = designation(tmp_path, "13")
    assert read_request(designation=given).plan.designs.differences.outcomes == ("O-E-1",)
    with_own = read_request(designation=given, own=[own])
    assert with_own.plan.designs.differences.outcomes == ("O-E-1", "own_mine")
    asked = read_request(designation=given, own=[own], outcomes=["own_mine"])
    assert asked.plan.designs.differences.outcomes == ("own_mine",)


def test_a_pair_asked_for_is_every_candidate_and_own_outcome_with_the_exposure(own: Path) -> None:
    (rule,) = read_request(own=[own], exposures=["P-C-1"]).plan.association.rules
    assert "own_mine" in rule.outcomes and "O-E-1" in rule.outcomes
    assert rule.exposures == ("P-C-1",)


def test_a_plan_of_an_own_outcome_can_be_looked_at_without_its_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('declared = 2026-12-01\noutcomes = ["own_mine"]\n', "utf-8")
    assert read_request(path, files_later=True).plan.outcomes == ("own_mine",)
    with pytest.raises(InputError, match=r"own_mine.*--own"):
        read_request(path)
