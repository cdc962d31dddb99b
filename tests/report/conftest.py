"""Contents that the tests of the report room share."""

from __future__ import annotations

from pathlib import Path

import pytest
from forecast_synthetic import make_forecast, shimane_content
from synthetic import make_content

from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.write import write_report


@pytest.fixture(scope="session")
def content() -> ReportContent:
    """Three prefectures, six areas, two services."""
    return make_content(services=("home_visit_patients", "house_calls"))


@pytest.fixture(scope="session")
def report(content: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in both languages, written once."""
    folder = tmp_path_factory.mktemp("report") / "out"
    write_report(content, folder, ("ja", "en"))
    return folder


@pytest.fixture(scope="session")
def shimane() -> ReportContent:
    """A run of one prefecture."""
    return shimane_content()


@pytest.fixture(scope="session")
def forecast(shimane: ReportContent) -> ForecastContent:
    """The forecast of the run of one prefecture."""
    return make_forecast(shimane)
