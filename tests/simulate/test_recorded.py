"""Every sample has one value, whoever reads it, in whatever order and amount, and only some blocks are kept."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate import Simulation, recorded
from twitchwise.simulate.recorded import BLOCK, Electromyogram, SimulatedSource
from twitchwise.simulate.stopwatch import Stopwatch
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

if TYPE_CHECKING:
    from twitchwise.simulate.mechanics import Mechanics

Simulate = Callable[..., Simulation]
N_EMG, N_MECHANICS, LENGTH = 3, 2, 1000
SMALL = 64  # samples of a block in these tests


class Counting:
    """Stands for electrodes or a limb: says of each sample which channel it is of, and counts what it makes."""

    def __init__(self, n_channels: int) -> None:
        self.n_channels, self.made = n_channels, list[tuple[int, int]]()
        self.templates = self
        self.channel_names = ("",) * n_channels

    def block_v(self, first_sample: int, n_samples: int) -> FloatArray:
        self.made.append((first_sample, n_samples))
        return np.arange(first_sample, first_sample + n_samples)[:, None] + 1e6 * np.arange(self.n_channels)

    def block(self, first_sample: int, n_samples: int, sampling_rate_hz: float) -> FloatArray:
        assert sampling_rate_hz == 500.0
        return -self.block_v(first_sample, n_samples)


def _source(n_samples: int = LENGTH) -> tuple[SimulatedSource, Counting, Counting, Stopwatch]:
    muscles, limb, stopwatch = Counting(N_EMG), Counting(N_MECHANICS), Stopwatch()
    source = SimulatedSource(
        [cast("Electromyogram", muscles)],
        cast("Mechanics", limb),
        n_samples=n_samples,
        sampling_rate_hz=500.0,
        stopwatch=stopwatch,
    )
    return source, muscles, limb, stopwatch


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "simulated" not in request.fixturenames:
        monkeypatch.setattr(recorded, "BLOCK", SMALL)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, LENGTH), st.integers(0, LENGTH)), max_size=8))
def test_reads_of_any_order_and_size_give_the_same_samples(reads: list[tuple[int, int, int]]) -> None:
    source, *_ = _source()
    for channel, *ends in reads:
        start, stop = sorted(ends)
        sign, number = (1, channel) if channel < N_EMG else (-1, channel - N_EMG)
        expected = sign * (np.arange(start, stop) + 1e6 * number)
        assert np.array_equal(source.read(channel, start, stop), expected)


def test_a_block_is_made_once_while_it_is_kept_and_what_is_not_asked_for_is_not_made() -> None:
    source, muscles, limb, _ = _source()
    for channel in range(N_EMG):
        source.read(channel, 100, 200)
    assert muscles.made == [(64, 64), (128, 64), (192, 64)]
    assert limb.made == []


def test_the_last_block_is_as_short_as_the_recording() -> None:
    source, muscles, *_ = _source(70)
    assert source.read(0, 0, 70).size == 70
    assert muscles.made == [(0, 64), (64, 6)]


def test_no_more_blocks_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "BYTES_KEPT", 2 * SMALL * N_EMG * 8)
    source, muscles, *_ = _source()
    for start in (0, 64, 128, 64, 0):
        source.read(0, start, start + 1)
    assert [first for first, _ in muscles.made] == [0, 64, 128, 0]


def test_what_is_made_beforehand_is_not_made_again() -> None:
    source, muscles, limb, stopwatch = _source()
    shares: list[float] = []
    source.make(shares.append)
    assert shares[-1] == 1.0
    assert shares == sorted(shares)
    made = len(muscles.made), len(limb.made)
    source.read(0, 0, LENGTH)
    source.read(N_EMG, 0, LENGTH)
    assert (len(muscles.made), len(limb.made)) == made == (16, 16)
    assert set(stopwatch.seconds) == {"emg", "force_and_motion"}


def test_no_more_is_made_beforehand_than_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "BYTES_KEPT", 2 * SMALL * N_EMG * 8)
    source, muscles, limb, _ = _source()
    shares: list[float] = []
    source.make(shares.append)
    assert shares[-1] == 1.0
    assert shares == sorted(shares)
    assert [first for first, _ in muscles.made] == [first for first, _ in limb.made] == [0, 64]


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (5, 4), (0, LENGTH + 1)])
def test_samples_outside_are_refused(start: int, stop: int) -> None:
    with pytest.raises(OutOfRangeError, match=r"samples must lie in 0 \.\. 1000"):
        _source()[0].read(0, start, stop)


def test_blocks_do_not_show_in_what_is_simulated(simulated: Simulate, silent: dict[str, float]) -> None:
    simulation = simulated("healthy_contraction", 40.0, changes=silent)
    recording, rate_hz = simulation.recording, 2048.0
    seam = BLOCK
    assert recording.channels[0].n_samples > seam + 2048
    for channel in recording.channels:
        samples = recording.read(channel.name, (seam - 2048) / rate_hz, (seam + 2048) / rate_hz)
        steps = np.abs(np.diff(samples))
        assert steps[2047] <= steps.max(initial=0.0, where=np.arange(steps.size) != 2047) * 1.2, channel.name


def test_a_minute_out_of_hours_is_read_without_the_hours(simulated: Simulate) -> None:
    simulation = simulated("healthy", 6 * 3600.0)
    source = cast("SimulatedSource", simulation.recording.source)
    assert simulation.recording.read("EMG", 5 * 3600.0, 5 * 3600.0 + 60).shape == (60 * 2048,)
    assert simulation.recording.read("Force", 5 * 3600.0, 5 * 3600.0 + 60).shape == (60 * 2048,)
    assert source._emg_block.cache_info().misses == source._mechanics_block.cache_info().misses <= 3
