"""The numbers of the knowledge files, and the healthy axon measured once."""

from collections.abc import Mapping

import pytest

from twitchwise.knowledge import library
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.excitability import excitability
from twitchwise.simulate.axon.table import Excitability


@pytest.fixture(scope="session")
def parameters() -> Mapping[str, float]:
    knowledge = library()
    return {name: knowledge.value(name) for name in knowledge.parameters}


@pytest.fixture(scope="session")
def changes(parameters: Mapping[str, float]) -> AxonChanges:
    return AxonChanges.of(parameters)


@pytest.fixture(scope="session")
def healthy(changes: AxonChanges, parameters: Mapping[str, float]) -> Excitability:
    return excitability(changes, parameters)
