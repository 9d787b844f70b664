"""Parameters as the knowledge files give them: of a hand muscle, or of a named one."""

from collections.abc import Callable

import pytest

from twitchwise.knowledge import library

ParametersOf = Callable[..., dict[str, float]]


@pytest.fixture(scope="session")
def parameters_of() -> ParametersOf:
    """Return the parameters of a muscle, or of the default one, with some set anew."""

    def of(muscle: str | None = None, **set_anew: float) -> dict[str, float]:
        knowledge = library()
        values = {name: knowledge.value(name) for name in knowledge.parameters}
        for item in knowledge.muscles[muscle].changes if muscle else ():
            values[item.parameter] = item.change.applied_to(values[item.parameter])
        return values | set_anew

    return of
