"""Areas: official editions, a planner's own areas, codes through time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zaitaku_demand.areas import changes
from zaitaku_demand.areas.system import official_system, user_system
from zaitaku_demand.errors import InputError
from zaitaku_demand.population import load_population
from zaitaku_demand.store.home import table_path
from zaitaku_demand.store.tables import read_table

needs_codes = pytest.mark.usefixtures("local_tables")


@pytest.fixture(scope="session")
def local_tables(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The tables by municipality, which are never shipped, built once for these tests."""
    if table_path("municipal_codes") and table_path("municipal_population_2018"):
        return
    from zaitaku_demand.store.build import provenance_of
    from zaitaku_demand.store.home import data_home
    from zaitaku_demand.store.ingredients import Ingredients
    from zaitaku_demand.store.recipes import RECIPES
    from zaitaku_demand.store.tables import write_table

    ingredients = Ingredients(raw)
    for recipe in RECIPES:
        if recipe.name in ("municipal_codes", "municipal_population_2018"):
            path = data_home().local / f"{recipe.name}.parquet"
            write_table(recipe.make(ingredients), path, provenance_of(recipe))
    changes.municipal_codes.cache_clear()


@pytest.mark.parametrize(("edition", "count"), [("330", 330), ("335", 335), ("339", 339), ("344", 344)])
def test_official_editions(edition: str, count: int) -> None:
    system = official_system(edition)
    official = system.areas[system.areas["area_code"] != "0700"]
    assert len(official) == count
    assert (official["area_code"].str[:2] == official["prefecture_code"]).all()
    assert official["prefecture_code"].nunique() == 47


def test_akitas_codes_mean_other_areas_in_other_editions() -> None:
    names = {
        edition: official_system(edition).areas.set_index("area_code")["area_name"]
        for edition in ("330", "335")
    }
    assert names["330"]["0501"] == "県北"
    assert names["335"]["0501"] != "県北"


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(InputError, match="340"):
        official_system("340")


@needs_codes
def test_a_2015_code_finds_its_2024_area() -> None:
    """那珂川町 (40305) became 那珂川市 (40231) on 2018-10-01; 浜松市中区 (22131) became 中央区 (22138) in 2024."""
    assert changes.successor_codes("40305", "2015-10-01") == ("40231",)
    assert changes.areas_of("40305", "330") == changes.areas_of("40231", "330")
    assert changes.successor_codes("22131") == ("22138",)
    assert changes.areas_of("22131", "330") == ("2208",)
    assert changes.areas_of("14130", "330") == ("1404", "1405")
    with pytest.raises(InputError, match="99999"):
        changes.areas_of("99999", "330")
    with pytest.raises(InputError, match="40305"):
        changes.successor_codes("40305", "2020-01-01")


def own_areas(
    folder: Path, rows: list[tuple[str, str, str]], heading: str = "市区町村コード,圏域コード,圏域名"
) -> Path:
    path = folder / "areas.csv"
    path.write_text("\n".join([heading, *(",".join(row) for row in rows)]), encoding="utf-8-sig")
    return path


def shimane() -> list[tuple[str, str, str]]:
    """Every municipality of 島根県, 松江市 alone and the rest together."""
    table = read_table("municipal_population_2018")
    codes = sorted(code for code in table["code"].unique() if code.startswith("32"))
    return [
        (code, "A" if code == "32201" else "B", "松江" if code == "32201" else "その他") for code in codes
    ]


@needs_codes
def test_a_planners_own_areas_add_up_to_the_prefecture(tmp_path: Path) -> None:
    own = load_population("2018", own_areas(tmp_path, shimane()))
    official = load_population("2018", "335")
    inside = (official.areas["prefecture_code"] == "32").to_numpy()
    assert own.areas["area_code"].tolist() == ["A", "B"]
    assert np.array_equal(own.values.sum(axis=0), official.values[inside].sum(axis=0))


@needs_codes
def test_a_planners_own_areas_are_not_called_the_whole_country(tmp_path: Path) -> None:
    from zaitaku_demand.parameters import RunParameters
    from zaitaku_demand.run import compute

    content = compute(RunParameters(edition="2018", areas=str(own_areas(tmp_path, shimane()))))
    assert content.prefecture_name == "島根県"
    with pytest.raises(InputError, match="福島県"):
        load_population("2018", own_areas(tmp_path, [*shimane(), ("07201", "F", "福島")]))


@needs_codes
def test_official_areas_given_as_a_csv_are_the_official_areas(tmp_path: Path) -> None:
    from zaitaku_demand.areas.municipalities import municipal_system

    table = municipal_system(official_system("335")).membership
    leaves = set(read_table("municipal_population_2018")["code"]) - {"07000"}
    table = table[table["code"].isin(leaves)]
    rows = [(row.code, row.area_code, f"圏域{row.area_code}") for row in table.itertuples()]
    # 川崎市 spans two areas and is joined by ward; all codes here are wards or whole municipalities.
    own = load_population("2018", own_areas(tmp_path, rows))
    official = load_population("2018", "335")
    keep = (official.areas["area_code"] != "0700").to_numpy()
    assert own.areas["area_code"].tolist() == official.areas["area_code"][keep].tolist()
    assert np.array_equal(own.values, official.values[keep])


@needs_codes
def test_missing_municipalities_are_all_listed(tmp_path: Path) -> None:
    rows = [row for row in shimane() if row[0] not in ("32202", "32528")]
    with pytest.raises(InputError) as error:
        load_population("2018", own_areas(tmp_path, rows))
    assert "32202" in str(error.value) and "32528" in str(error.value)


@needs_codes
def test_wrong_codes_are_all_listed(tmp_path: Path) -> None:
    rows = [*shimane(), ("32201", "B", "その他"), ("32999", "B", "その他"), ("32998", "B", "その他")]
    with pytest.raises(InputError) as error:
        user_system(own_areas(tmp_path, rows))
    for code in ("32201", "32999", "32998"):
        assert code in str(error.value)


@needs_codes
def test_other_faults_of_the_csv(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2つの都道府県"):
        user_system(own_areas(tmp_path, [*shimane(), ("13101", "A", "松江")]))
    with pytest.raises(InputError, match="名称が2つ"):
        user_system(own_areas(tmp_path, [*shimane()[:-1], ("32528", "A", "別名")]))
    with pytest.raises(InputError, match="見出し"):
        user_system(own_areas(tmp_path, shimane(), "code,area,name"))
    with pytest.raises(InputError, match="空である"):
        user_system(own_areas(tmp_path, [*shimane(), ("32209", "", "")]))


@needs_codes
def test_a_city_stands_for_its_wards_and_an_old_code_for_its_successor(tmp_path: Path) -> None:
    from zaitaku_demand.areas.municipalities import assign_municipalities

    membership, unknown = assign_municipalities({"01100": "x", "22131": "y"})
    area = membership.set_index("code")["area_code"]
    assert not unknown
    assert area["01101"] == "x" and area["01110"] == "x"
    assert area["22138"] == "y"


def test_units_are_a_partition() -> None:
    units = read_table("area_units")
    assert units["unit_code"].is_unique
    assert not units.isna().to_numpy().any()
    assert isinstance(units, pd.DataFrame)


@needs_codes
def test_a_downloaded_file_of_one_prefecture_by_own_and_official_areas(raw: Path, tmp_path: Path) -> None:
    """The published wide layout with 2023's years; figures of the 2018 edition stand in for them."""
    from zaitaku_demand.parameters import RunParameters
    from zaitaku_demand.population import read_population
    from zaitaku_demand.projection.job import main_job

    lines = (raw / "ipss/2018/all_areas_sex_age5_wide.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = [lines[0]]
    for line in lines[1:]:
        cells = line.split(",")
        if cells[0].startswith("32") and len(cells[0]) == 5:
            cells[4] = f"{int(cells[4].rstrip('年')) + 5}年"
            rows.append(",".join(cells))
    path = tmp_path / "suikei_kekka.csv"
    path.write_text("\n".join(rows), encoding="utf-8-sig")

    old = load_population("2018", "335")
    inside = (old.areas["prefecture_code"] == "32").to_numpy()
    official = read_population(path, "2023", "335")
    assert official.years == (2020, 2025, 2030, 2035, 2040, 2045, 2050)
    assert np.array_equal(official.values, old.values[inside])

    own = own_areas(tmp_path, shimane())
    job = main_job(RunParameters(population_file=path, areas=str(own), rates="area"))
    assert job.grid.population.areas["area_code"].tolist() == ["A", "B"]
    assert np.array_equal(job.population.values.sum(axis=0), old.values[inside].sum(axis=0))
    assert job.grid.population.open_band == "95+"
