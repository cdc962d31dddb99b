"""The declared plan: what it holds, its digest, what counts as done otherwise, what it says to wrong files."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from zaitaku_demand.errors import InputError
from zaitaku_demand.research.plan import (
    ResearchPlan,
    changed,
    differences,
    items,
    named_variables,
    plan_text,
    read_plan,
)
from zaitaku_demand.research.plan_template import plan_template

SEED = 7


@pytest.fixture(scope="module")
def plan() -> ResearchPlan:
    return read_plan()


def sentence(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.sentence("ja")


def seeds(model: BaseModel) -> list[int]:
    found = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            found += seeds(value)
        elif name == "seed":
            found.append(value)
    return found


def test_one_seed_stands_for_all_rooms(plan: ResearchPlan) -> None:
    assert len(seeds(plan)) >= 6
    assert set(seeds(plan)) == {plan.seed}
    assert set(seeds(changed(plan, {"seed": SEED}))) == {SEED}


def test_the_digest_depends_on_what_bears_on_results_and_on_nothing_else(
    tmp_path: Path, plan: ResearchPlan
) -> None:
    text = plan_text()
    copy = tmp_path / "plan.toml"
    copy.write_text("# noted down elsewhere\n" + text.replace("2026-11-22", "2026-11-23"), "utf-8")
    assert read_plan(copy).digest == plan.digest
    assert changed(plan, {"reliability.confidence": 0.9}).digest != plan.digest


def test_differences_name_the_items(plan: ResearchPlan) -> None:
    other = changed(plan, {"power.replications": 200, "levels": ["area"]})
    assert {each.item: (each.declared, each.done) for each in differences(plan, other)} == {
        "power.replications": ("1000", "200"),
        "levels": ('["prefecture", "area"]', '["area"]'),
    }
    assert differences(plan, plan) == []


def test_items_are_all_settings(plan: ResearchPlan) -> None:
    listed = items(plan)
    assert listed["reliability.confidence"] == "0.95"
    assert "designs.differences.replications" in listed
    assert not {"title", "declared", "deviations"} & set(listed)


@pytest.mark.parametrize(
    ("difference", "named"),
    [
        ({"reliability.nothing": 1}, "reliability.nothing"),
        ({"nothing": 1}, "nothing"),
        ({"reliability.confidence.more": 1}, "reliability.confidence.more"),
        ({"reliability.confidence": 3}, "reliability.confidence"),
        ({"levels": ["nation"]}, "levels"),
        ({"reliability.seed": 3}, "reliability.seed"),
    ],
)
def test_an_item_that_cannot_be_is_named(
    plan: ResearchPlan, difference: dict[str, object], named: str
) -> None:
    with pytest.raises(InputError) as error:
        changed(plan, difference)
    assert named in sentence(error)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("declared = ", "TOML"),
        ("seed = 3\n", "declared"),
        ("declared = 2026-11-22\n[reliability]\nbootstrp = 3\n", "reliability.bootstrp"),
        ("declared = 2026-11-22\n[power]\nratios = [0.9]\n", "power"),
        ("declared = 2026-11-22\n[reliability]\nseed = 3\n", "reliability.seed"),
        ("declared = 2026-11-22\n[designs.differences]\nseed = 3\n", "designs.differences.seed"),
    ],
)
def test_a_wrong_file_is_refused_with_its_item(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        read_plan(path)
    assert named in sentence(error)
    assert "plan.toml" in sentence(error)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        read_plan(tmp_path / "none.toml")


def test_a_reported_deviation_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(
        plan_text()
        + '\n[[deviations]]\nitem = "O-A-1"\ndeclared = "3 years"\ndone = "1 year"\n'
        + 'reason = { ja = "公表が1年分のみ", en = "one year published" }\n',
        "utf-8",
    )
    assert read_plan(path).deviations[0].reason.en == "one year published"
    assert read_plan(path).digest == read_plan().digest


@pytest.mark.parametrize(
    ("difference", "ja", "en"),
    [
        ({"reliability.bootstrap": 1}, "50以上", "at least 50"),
        ({"reliability.bootstrap": 60.5}, "整数", "whole number"),
        ({"reliability.confidence": 1}, "1.0より小さい", "below 1"),
        ({"levels": ["nation"]}, "'prefecture'、'area'", "'prefecture' or 'area'"),
        ({"levels": "area"}, "並び", "a list"),
        ({"robustness.half_periods": "perhaps"}, "true か false", "true or false"),
        ({"power.ratios": [0.9]}, "ratios must be above 1", "ratios must be above 1"),
    ],
)
def test_what_an_item_must_be_is_said_in_both_languages(
    plan: ResearchPlan, difference: dict[str, object], ja: str, en: str
) -> None:
    with pytest.raises(InputError) as error:
        changed(plan, difference)
    assert ja in error.value.sentence("ja")
    assert en in error.value.sentence("en")
    assert "Input should" not in error.value.sentence("ja")


def test_every_variable_of_the_shipped_plan_is_named(plan: ResearchPlan) -> None:
    named = set(named_variables(plan))
    assert ("association.rules", "O-E-1") in named
    assert ("robustness.questions", "S-C-3") in named
    assert ("designs.differences.treatments", "S-C-3") in named
    assert ("validity.case_mix", "share_75") in named


def uncommented(text: str) -> str:
    """The template with every item stated, without the example of a deviation."""
    stated = re.sub(r"^# (?!#)", "", text, flags=re.MULTILINE)
    return stated[: stated.index("[[deviations]]")]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_template_is_the_plan_with_and_without_its_comments(
    tmp_path: Path, plan: ResearchPlan, language: str
) -> None:
    other = changed(
        plan,
        {
            "power.replications": 200,
            "levels": ["area"],
            "association.curves": [["O-E-1", "P-C-1"]],
            "core_set.weights.importance": 40,
            "validity.case_mix": {"age": ["share_75"]},
        },
    )
    text = plan_template(other, date(2027, 4, 1), language)  # type: ignore[arg-type]
    for number, written in enumerate((text, uncommented(text))):
        path = tmp_path / f"{number}.toml"
        path.write_text(written, "utf-8")
        read = read_plan(path)
        assert read == other.model_copy(update={"declared": date(2027, 4, 1)})
        assert read.digest == other.digest


def test_the_template_explains_items_and_states_only_what_differs(plan: ResearchPlan) -> None:
    text = plan_template(changed(plan, {"power.replications": 200}), date(2027, 4, 1), "en")
    lines = text.splitlines()
    stated = [line for line in lines if re.match(r"[a-z_]+ = ", line)]
    assert [line.split(" = ")[0] for line in stated] == [
        "title",
        "question",
        "declared",
        "seed",
        "replications",
    ]
    at = lines.index("# confidence = 0.95")
    assert lines[at - 1] == "## Confidence of all two-sided intervals."
    # From the text below a field, the other way in which settings are explained.
    assert "## Seed of" not in text
    assert "## Thresholds" not in text
    assert "## Number of leading places whose overlap is counted." in lines
    listed = {item.rsplit(".", 1)[-1] for item in items(plan)}
    commented = {line[2:].split(" = ")[0] for line in lines if re.match(r"# [a-z_]+ = ", line)}
    assert listed - commented <= {"seed", "replications", *rooms_flattened(plan)}


def rooms_flattened(plan: ResearchPlan) -> set[str]:
    """Names inside tables that the template states on one line."""
    return {
        *plan.association.confounders,
        *plan.robustness.main_confounders,
        *plan.validity.case_mix,
    }
