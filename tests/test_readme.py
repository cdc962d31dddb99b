"""The examples of both READMEs give the output printed there."""

from __future__ import annotations

import contextlib
import io
import re

import pytest

from tests.conftest import CHECKOUT
from zaitaku_demand.forecast_run import compute_forecast
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.projection.job import main_job


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_python_example(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```\s*```\n(.*?)```", text, re.DOTALL)
    assert found is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(found[1], name, "exec"), {})
    assert printed.getvalue().split() == found[2].split()


def test_both_languages_show_the_same_commands_and_figures() -> None:
    english, japanese = (
        (CHECKOUT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ja.md")
    )
    commands = [
        re.findall(r"^(zaitaku [^#\n]*?|make \w+)\s+#", text, re.MULTILINE) for text in (english, japanese)
    ]
    assert commands[0] == commands[1] and len(commands[0]) >= 8
    for figure in ("847,713", "1,261,571", "313", "58", "1,624,578", "1,268,395", "2,145,205"):
        assert figure in english and figure in japanese


def test_the_figures_of_the_run_are_those_it_computes_now() -> None:
    job = main_job(RunParameters())
    forecast = compute_forecast(job, DrawSettings(runs=2_000))
    last = forecast.intervals[
        (forecast.intervals["level"] == "nation") & (forecast.intervals["year"] == 2050)
    ].iloc[0]
    constant = forecast.constant[
        (forecast.constant["level"] == "nation") & (forecast.constant["year"] == 2050)
    ]
    figures = [last["principal"], last["lower_80"], last["upper_80"], constant["value"].iloc[0]]
    for name in ("README.md", "README.ja.md"):
        text = (CHECKOUT / name).read_text(encoding="utf-8")
        assert all(f"{figure:,.0f}" in text for figure in figures)
        assert forecast.method.to("ja" if name == "README.ja.md" else "en") in text


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (CHECKOUT / target).exists(), target
