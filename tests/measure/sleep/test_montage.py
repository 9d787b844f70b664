"""Which channels are of the legs is read from the names that sleep laboratories use."""

import pytest
from tests.measure.sleep.nights import Emg, recording

from twitchwise.measure.asked import Asked
from twitchwise.measure.sleep.montage import Montage, is_at_leg, is_worn_for_sleep, montage_of, sees_legs
from twitchwise.measure.sleep.movements import LEFT, RIGHT
from twitchwise.signals import Channel
from twitchwise.vocabulary import ChannelKind, Side, Unit


def channel(name: str, kind: ChannelKind = ChannelKind.EMG, unit: Unit = Unit.VOLT) -> Channel:
    return Channel(name=name, kind=kind, unit=unit, sampling_rate_hz=256.0, n_samples=256)


def of(*channels: Channel, asked: Asked | None = None) -> Montage:
    return montage_of(recording([(one, Emg(1.0).samples) for one in channels]), asked or Asked())


@pytest.mark.parametrize(
    ("left", "right"),
    [("EMG LAT", "EMG RAT"), ("LAT", "RAT"), ("Leg/L", "Leg/R"), ("LLEG", "RLEG"), ("L Leg", "R Leg"), ("PLMl", "PLMr"),
     ("EMG Tib L", "EMG Tib R"), ("Left Leg EMG", "Right Leg EMG"), ("EMG tibialis links", "EMG tibialis rechts"),
     ("LegL", "LegR"), ("Jambe gauche", "Jambe droite"), ("LEG1", "LEG2")],
)  # fmt: skip
def test_both_legs_are_found(left: str, right: str) -> None:
    kinds = [ChannelKind.EMG if "EMG" in name else ChannelKind.OTHER for name in (left, right)]
    found = of(*(channel(name, kind) for name, kind in zip((left, right), kinds, strict=True)))
    assert [(lead.channel.name, lead.leg) for lead in found.legs] == [(left, LEFT), (right, RIGHT)]
    assert found.sides_assumed == (left == "LEG1")


@pytest.mark.parametrize("name", ["EMG chin", "EMG submental", "EMG1", "EMG", "EMG biceps", "Masseter EMG"])
def test_other_muscles_are_no_leg(name: str) -> None:
    assert [lead.leg for lead in of(channel(name)).leads] == [0]


@pytest.mark.parametrize("name", ["Position", "Flow", "SpO2", "C3-A2", "Leg position"])
def test_what_is_no_emg_is_no_lead(name: str) -> None:
    assert of(channel(name, ChannelKind.OTHER)).leads == ()


def test_what_a_person_says_fills_a_gap_and_overrules_nothing() -> None:
    said = Asked(site="leg", side=Side.RIGHT)
    assert [lead.leg for lead in of(channel("EMG"), asked=said).leads] == [RIGHT]
    assert [lead.leg for lead in of(channel("EMG chin"), asked=said).leads] == [0]


def test_a_side_that_is_said_leaves_the_other_leg_for_the_other_channel() -> None:
    found = of(channel("EMG leg R"), channel("EMG leg"))
    assert [lead.leg for lead in found.legs] == [RIGHT, LEFT]
    assert found.sides_assumed


def test_eeg_and_eye_channels_tell_a_sleep_recording() -> None:
    assert of(channel("C3", ChannelKind.EEG), channel("EMG LAT")).is_of_sleep
    assert of(channel("EOG left", ChannelKind.OTHER)).is_of_sleep
    assert not of(channel("EMG LAT")).is_of_sleep


@pytest.mark.parametrize(
    ("site", "worn", "leg", "sees"),
    [("left ankle", True, True, True), ("wrist", True, False, False), ("mattress", True, False, True),
     ("head", False, False, False), (None, False, False, False)],
)  # fmt: skip
def test_where_a_sensor_is_says_what_it_sees(site: str | None, *, worn: bool, leg: bool, sees: bool) -> None:
    motion = channel("acc", ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED)
    found = of(motion, asked=Asked(site=site))
    assert len(found.worn) == worn
    for sensor in found.worn:
        assert (is_worn_for_sleep(sensor), is_at_leg(sensor), sees_legs(sensor)) == (worn, leg, sees)
