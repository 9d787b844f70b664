"""Fixtures and profiles that every room's tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci", max_examples=200, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real recordings beside the checkout; skips where it is not there."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"real recordings are not beside the checkout ({folder})")
    return folder


@pytest.fixture(scope="session")
def shared_cases() -> Path:
    """Folder of real cases beside the checkout; skips where it is not there."""
    folder = SHARED / "cases"
    if not folder.is_dir():
        pytest.skip(f"real cases are not beside the checkout ({folder})")
    return folder
