"""Where a sensor is, and what notes say, is read from words."""

import numpy as np
import pytest
from tests.measure.motion.spasticity.limb_scenes import Trace, recording_of

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.spasticity.places import (
    Place,
    drops_noted_s,
    is_of_sleep,
    place_of,
    spasms_are_noted,
    stretches_noted_s,
)
from twitchwise.vocabulary import ChannelKind

_FEW = np.zeros(100)


def _trace(name: str, site: str | None = None) -> Trace:
    return Trace(kind=ChannelKind.ANGULAR_VELOCITY, samples=_FEW, rate_hz=100.0, name=name, site=site)


@pytest.mark.parametrize(
    ("name", "site", "asked", "place"),
    [
        ("R_soleus", None, None, Place.LEG),
        ("sensor", "Tibialis Anterior", None, Place.LEG),
        ("Biceps femoris", None, None, Place.LEG),
        ("Biceps brachii", None, None, Place.ELSEWHERE),
        ("sensor", "hand", "ankle", Place.ELSEWHERE),
        ("gyroscope", None, "left calf", Place.LEG),
        ("gyroscope", None, None, Place.UNKNOWN),
        ("legend", None, None, Place.UNKNOWN),
    ],
)
def test_the_file_says_where_before_a_person_does(name: str, site: str | None, asked: str | None, place: Place) -> None:
    recording = recording_of([_trace(name, site)])
    assert place_of(recording.channels, Asked(site=asked)) is place


def test_notes_are_read_by_their_words() -> None:
    notes = [(1.0, "stretch"), (2.0, "tendon_tap"), (3.0, "pendulum release"), (4.0, "spasm"), (5.0, "ordinary")]
    recording = recording_of([_trace("x")], notes)
    assert stretches_noted_s(recording).tolist() == [1.0, 2.0]
    assert drops_noted_s(recording).tolist() == [3.0]
    assert spasms_are_noted(recording)
    assert not is_of_sleep(recording)


@pytest.mark.parametrize("text", ["Sleep stage N2", "N3", "Lights off"])
def test_a_night_in_the_laboratory_is_known(text: str) -> None:
    assert is_of_sleep(recording_of([_trace("leg")], [(0.0, text)]))
    assert not spasms_are_noted(recording_of([_trace("leg")], [(0.0, text)]))
