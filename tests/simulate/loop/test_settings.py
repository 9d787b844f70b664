"""Settings are read from parameters by id and refuse what cannot be."""

from collections.abc import Mapping
from dataclasses import fields

import pytest

from twitchwise.simulate.limb import Joint
from twitchwise.simulate.loop import (
    DriveSettings,
    LoopEvent,
    LoopEventKind,
    LoopSettings,
    PoolSettings,
    Protocol,
    ReflexSettings,
)
from twitchwise.vocabulary import OutOfRangeError

GROUPS = (PoolSettings, DriveSettings, ReflexSettings, Protocol)


@pytest.mark.parametrize("group", GROUPS)
def test_every_number_comes_from_a_parameter(
    parameters: Mapping[str, float], group: type[PoolSettings | DriveSettings | ReflexSettings | Protocol]
) -> None:
    settings = group.of(parameters)
    for item in fields(group):
        assert getattr(settings, item.name) == parameters[item.metadata["parameter"]]
        assert "parameter" in item.metadata


def test_all_groups_make_up_the_settings(parameters: Mapping[str, float]) -> None:
    settings = LoopSettings.of(parameters)
    assert settings.joint == Joint.of(parameters)
    assert settings.pool == PoolSettings.of(parameters)
    assert settings.parameters is parameters


@pytest.mark.parametrize(
    ("parameter", "field", "value"),
    [
        ("discharge_rate_least_hz", "least_rate_hz", 1.0),
        ("synaptic_noise", "synaptic_noise", 0.9),
        ("voluntary_drive", "voluntary", 1.5),
        ("tremor_drive", "tremor", float("nan")),
        ("spasm_duration", "spasm_duration_s", 0.0),
        ("reflex_delay", "delay_s", 0.6),
        ("tap_duration", "tap_duration_s", 0.0),
    ],
)
def test_a_number_outside_is_refused(parameters: Mapping[str, float], parameter: str, field: str, value: float) -> None:
    with pytest.raises(OutOfRangeError, match=field):
        LoopSettings.of({**parameters, parameter: value})


def test_an_event_ends_after_it_starts() -> None:
    with pytest.raises(OutOfRangeError, match="start_s"):
        LoopEvent(kind=LoopEventKind.TAP, start_s=2.0, end_s=1.0)
