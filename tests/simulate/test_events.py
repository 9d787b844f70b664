"""The truth tells start, peak and end of every event as the noise-free channel shows it."""

import numpy as np
import pytest

from twitchwise.simulate import MotorUnit, MotorUnitActionPotential, SurfaceElectrode, twitch_of
from twitchwise.simulate.discharges import in_order
from twitchwise.simulate.events import true_events
from twitchwise.simulate.sensors import SurfaceEmg
from twitchwise.vocabulary import EventKind

RATE_HZ = 2000.0
UNITS = tuple(
    MotorUnit(
        twitch=twitch_of("healthy"),
        potential=MotorUnitActionPotential(amplitude_v=amplitude_v, duration_s=duration_s, mixture_rad=mixture_rad),
    )
    for amplitude_v, duration_s, mixture_rad in ((5e-5, 0.010, 0.3), (9e-5, 0.014, 2.0))
)


def test_events_are_found_where_the_noise_free_channel_has_them() -> None:
    discharges = in_order(np.array([0.1, 0.3, 0.33, 0.5, 0.51]), np.array([0, 1, 1, 0, 1]), np.array([0, 1, 1, 2, 2]))
    events = true_events(EventKind.FASCICULATION_POTENTIAL, "EMG", discharges, UNITS, RATE_HZ)
    channel = SurfaceEmg(
        UNITS, discharges, electrode=SurfaceElectrode(noise_rms_v=0.0), sampling_rate_hz=RATE_HZ, seed=0
    ).samples(0, 2000)
    assert len(events) == 3
    assert events.start_s == pytest.approx([0.1, 0.3, 0.5])
    assert events.end_s == pytest.approx([0.110, 0.344, 0.524])
    for event in events:
        first, last = round(event.start_s * RATE_HZ), round(event.end_s * RATE_HZ)
        inside = channel[first : last + 1]
        assert event.peak_s * RATE_HZ == pytest.approx(first + int(np.abs(inside).argmax()))
        assert event.peak == pytest.approx(inside[np.abs(inside).argmax()], abs=1e-7)


def test_an_event_shorter_than_a_sample_still_has_its_peak_inside() -> None:
    discharges = in_order(np.array([0.1003]), np.array([0]), np.array([0]))
    (event,) = true_events(EventKind.FASCICULATION_POTENTIAL, "EMG", discharges, UNITS, 50.0)
    assert event.start_s <= event.peak_s <= event.end_s


def test_no_discharges_are_no_events() -> None:
    nothing = np.empty(0, dtype=np.int64)
    events = true_events(EventKind.TREMOR_BURST, "EMG", in_order(np.empty(0), nothing, nothing), UNITS, RATE_HZ)
    assert len(events) == 0
    assert events.kind is EventKind.TREMOR_BURST
