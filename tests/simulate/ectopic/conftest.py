"""The healthy values that the tests of this room share."""

import pytest

from twitchwise.knowledge import library


@pytest.fixture(scope="session")
def healthy() -> dict[str, float]:
    """Values of the files by id."""
    return {name: parameter.value.value for name, parameter in library().parameters.items()}
