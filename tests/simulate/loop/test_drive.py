"""What descends to the pools is what was asked for, and a longer run begins as a shorter one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.loop import DriveSettings, LoopEventKind
from twitchwise.simulate.loop.drive import AGONIST, ANTAGONIST, descending, source_of
from twitchwise.simulate.loop.frames import FRAME_S
from twitchwise.vocabulary.arrays import FloatArray

MINUTE = 60_000
TREMOR = LoopEventKind.TREMOR_CYCLE
EVERYTHING = {
    "voluntary": 0.2,
    "antagonist": 0.5,
    "tremor": 0.3,
    "spasm": 0.4,
    "spasm_rate_per_min": 6.0,
    "volley": 0.8,
    "volley_rate_per_min": 10.0,
}


def _correlation(drive: FloatArray) -> float:
    one, other = (drive - drive.mean(axis=0)).T
    return float(one @ other / np.sqrt(one @ one * (other @ other)))


@pytest.fixture(scope="module")
def still(parameters: Mapping[str, float]) -> DriveSettings:
    return replace(DriveSettings.of(parameters), common_spread=0.0, ramp_time_s=0.5)


def test_nothing_descends_at_rest(still: DriveSettings) -> None:
    drive, events = descending(replace(still, common_spread=0.1), 1000, source_of(1))
    assert not drive.any()
    assert events == ()


def test_a_contraction_rises_holds_and_is_left(still: DriveSettings) -> None:
    settings = replace(still, voluntary=0.4, voluntary_scale=0.5, hold_time_s=1.0, antagonist=0.25)
    drive = descending(settings, 3000, source_of(1)).drive
    assert drive[:, AGONIST].max() == pytest.approx(0.2)
    assert drive[250, AGONIST] == pytest.approx(0.1)
    assert drive[1000, AGONIST] == pytest.approx(0.2)
    assert drive[1750, AGONIST] == pytest.approx(0.1)
    assert not drive[2001:].any()
    np.testing.assert_allclose(drive[:, ANTAGONIST], 0.25 * drive[:, AGONIST])


def test_without_a_ramp_the_level_is_there_at_once(still: DriveSettings) -> None:
    drive = descending(replace(still, voluntary=0.4, ramp_time_s=0.0, hold_time_s=1.0), 2000, source_of(1)).drive
    assert (drive[:1000, AGONIST] == 0.4).all()
    assert not drive[1000:].any()


def test_common_fluctuations_are_slow_and_have_their_spread(still: DriveSettings) -> None:
    settings = replace(still, voluntary=0.4, antagonist=1.0, common_spread=0.1, ramp_time_s=0.0)
    drive = descending(settings, 5 * MINUTE, source_of(3)).drive[1000:]
    assert drive.std(axis=0) / drive.mean(axis=0) == pytest.approx([0.1, 0.1], rel=0.1)
    power = np.abs(np.fft.rfft(drive[:, AGONIST] - drive[:, AGONIST].mean())) ** 2
    frequency = np.fft.rfftfreq(len(drive), 1e-3)
    assert power[frequency > 5].sum() < 0.05 * power.sum()
    assert abs(_correlation(drive)) < 0.2


@pytest.mark.parametrize(("phase", "sign"), [(np.pi, -1), (0.0, 1)])
def test_a_rhythm_alternates_or_is_shared_by_its_phase(still: DriveSettings, phase: float, sign: int) -> None:
    settings = replace(still, tremor=0.3, tremor_antagonist_phase_rad=phase)
    drive = descending(settings, 10_000, source_of(1)).drive
    assert sign * _correlation(drive) > 0.3


def test_cycles_have_the_rate_and_spread_of_the_rhythm(still: DriveSettings) -> None:
    settings = replace(still, tremor=0.3, tremor_frequency_hz=5.0, tremor_frequency_spread=0.1)
    events = descending(settings, 10 * MINUTE, source_of(4)).events
    lengths = np.array([event.end_s - event.start_s for event in events])
    assert lengths.mean() == pytest.approx(0.2, rel=0.02)
    assert lengths.std() == pytest.approx(0.02, rel=0.1)
    assert all(event.kind is LoopEventKind.TREMOR_CYCLE for event in events)


def test_a_rhythm_waxes_and_wanes(still: DriveSettings) -> None:
    regular = descending(replace(still, tremor=0.3, tremor_waxing=0.0), MINUTE, source_of(1)).drive
    waxing = descending(replace(still, tremor=0.3, tremor_waxing=0.5), MINUTE, source_of(1)).drive
    peaks = [np.array([part[:, AGONIST].max() for part in np.split(each, 120)]) for each in (regular, waxing)]
    assert peaks[0].std() < 0.001
    assert peaks[1].std() > 0.05


def test_volleys_last_as_long_as_a_jerk_on_falling_asleep(still: DriveSettings) -> None:
    settings = replace(still, volley=0.8, volley_rate_per_min=20.0)
    drive, events = descending(settings, 10 * MINUTE, source_of(1))
    lengths = [event.end_s - event.start_s for event in events]
    assert 0.075 <= min(lengths) < max(lengths) <= 0.25
    assert len(events) == pytest.approx(200 * 60 / (60 + 20 * 0.16), abs=45)  # three standard deviations
    assert set(np.unique(drive[:, AGONIST])) == {0.0, 0.8}
    assert all(event.kind is LoopEventKind.JERK for event in events)


def test_spasms_rise_and_fade(still: DriveSettings) -> None:
    settings = replace(still, spasm=0.5, spasm_rate_per_min=4.0, spasm_duration_s=4.0)
    drive, events = descending(settings, 5 * MINUTE, source_of(1))
    first = events[0]
    during = drive[round(first.start_s * 1000) : round(first.end_s * 1000), AGONIST]
    assert during.max() == pytest.approx(0.5)
    assert during[0] < 0.05
    assert during[-1] < 0.05
    assert not drive[:, ANTAGONIST].any()
    assert all(2 <= event.end_s - event.start_s <= 6 for event in events)


@given(st.integers(0, 2**32), st.integers(1000, 20_000))
def test_a_longer_run_begins_as_a_shorter_one(parameters: Mapping[str, float], seed: int, n_frames: int) -> None:
    settings = replace(DriveSettings.of(parameters), **EVERYTHING)
    short, longer = (descending(settings, length, source_of(seed)) for length in (n_frames, 2 * n_frames))
    np.testing.assert_allclose(longer.drive[:n_frames], short.drive, atol=1e-12)
    end_s = n_frames * FRAME_S
    cycles, others = (
        [event for event in longer.events if event.start_s < end_s and (event.kind is TREMOR) == is_cycle]
        for is_cycle in (True, False)
    )
    assert {event for event in cycles if event.end_s < end_s} >= {
        event for event in short.events if event.kind is TREMOR
    }
    assert [event for event in short.events if event.kind is not TREMOR] == [
        replace(event, end_s=min(event.end_s, end_s)) for event in others
    ]


def test_another_seed_gives_another_drive(parameters: Mapping[str, float]) -> None:
    settings = replace(DriveSettings.of(parameters), **EVERYTHING)
    one, other = (descending(settings, 5000, source_of(seed)).drive for seed in (1, 2))
    assert not np.array_equal(one, other)
