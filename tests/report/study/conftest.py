"""A study that was simulated once, read again by many tests."""

from pathlib import Path

import pytest
from tests.report.study.simulated import Plan, simulated
from tests.web.browsing import chromium

from twitchwise.report import study_as_html

__all__ = ["chromium"]


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two groups, two visits and both sides, with a recording that failed and one that is missing."""
    return simulated(tmp_path_factory.mktemp("study") / "calves", Plan())


@pytest.fixture(scope="session")
def page(study: Path) -> str:
    """Its page."""
    return study_as_html(study)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of five participants, each seen once for a minute, on one side."""
    plan = Plan(n_participants=5, sides=("left",), sessions=(None,), minutes=1.0, failing=(), missing=())
    return simulated(tmp_path_factory.mktemp("few") / "few", plan)
