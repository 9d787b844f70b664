"""What is worked out for many windows at once, against the plain way of working it out one by one."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from benchmarks.accuracy.tremor.scenes import RATE_HZ, colored
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.motion.tremor.shaking import one_sensor, rendered, shaking

from twitchwise.measure.motion.tremor.presence import Runs
from twitchwise.measure.motion.tremor.sizes import mean_of, quantiles_of
from twitchwise.measure.motion.tremor.spectra import fine_spectra, quick_power, quick_spectra, sliding_spectra
from twitchwise.measure.motion.tremor.trace import Samples, Trace, folded_rows
from twitchwise.signals import Rows
from twitchwise.vocabulary.arrays import FloatArray

SHOWN = one_sensor(rendered(shaking(5.0, 0.5, duration_s=200.0)))


def windows(n_windows: int) -> Samples:
    noise = colored(np.random.default_rng(n_windows), 400 * n_windows, 2.0, 1.0) + 9.8
    return noise.astype(np.float32).reshape(3, n_windows, 400)


def by_window(folded: Samples) -> Samples:
    return folded.swapaxes(0, 1).copy()


def density(pieces: FloatArray, n_samples: int) -> FloatArray:
    """Return the power density of each piece by its definition, up to 25 Hz, over all axes."""
    window = np.hanning(pieces.shape[2] + 1)[:-1]
    spectrum = np.fft.rfft(pieces * window, n=n_samples, axis=2)
    power: FloatArray = 2 * (np.abs(spectrum) ** 2).sum(axis=0) / (RATE_HZ * (window**2).sum())
    return power


@pytest.mark.parametrize("n_windows", [1, 96, 230])
def test_a_fine_spectrum_is_the_mean_over_its_pieces(n_windows: int) -> None:
    samples = windows(n_windows)
    pieces = [samples[..., first : first + 300].astype(np.float64) for first in (0, 60)]
    wanted = np.mean([density(piece - piece.mean(axis=2, keepdims=True), 400) for piece in pieces], axis=0)
    found = fine_spectra(samples, RATE_HZ)
    assert found.power == pytest.approx(wanted[:, : found.power.shape[1]], rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("n_windows", [1, 97])
def test_a_quick_spectrum_of_unfolded_samples_is_that_of_the_window(n_windows: int) -> None:
    samples = windows(n_windows)
    wanted = density(samples.astype(np.float64), 400)
    found = quick_spectra(quick_power(samples.copy(), RATE_HZ, 1), 400, RATE_HZ, 1)
    assert found.frequency_hz[-1] == pytest.approx(25.0)
    assert found.power[:, 1:] == pytest.approx(wanted[:, 1 : found.power.shape[1]], rel=1e-3, abs=1e-9)
    assert (found.power[:, 0] == 0).all()


def test_pieces_slide_over_stretches_and_over_no_gap() -> None:
    samples = windows(40)
    follows = np.random.default_rng(2).random(40) < 0.5
    follows[0] = False
    found = sliding_spectra(samples, RATE_HZ, follows)
    wanted = np.zeros((40, 201))
    flat = samples.reshape(3, -1).astype(np.float64)
    edges = [*np.flatnonzero(~follows).tolist(), 40]
    for first, stop in pairwise(edges):
        for start in range(first * 400, stop * 400 - 300 + 1, 50):
            piece = flat[:, np.newaxis, start : start + 300]
            wanted[(start + 150) // 400] += density(piece - piece.mean(axis=2, keepdims=True), 400)[0]
    assert found.power == pytest.approx(wanted[:, : found.power.shape[1]], rel=1e-3, abs=1e-9)


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 100))
def test_runs_are_those_that_a_walk_over_the_windows_finds(marks: list[bool], seed: int) -> None:
    marked = np.array(marks, dtype=np.bool_)
    values = np.random.default_rng(seed).integers(0, 4, len(marks)).astype(np.float64)
    walked = list[list[int]]()
    for number, mark in enumerate(marks):
        if mark and number and marks[number - 1]:
            walked[-1].append(number)
        elif mark:
            walked.append([number])
    runs = Runs.of(marked)
    assert list(zip(runs.first, runs.stop, strict=True)) == [(run[0], run[-1] + 1) for run in walked]
    assert runs.joined(np.add, values).tolist() == [values[run].sum() for run in walked]
    assert runs.top(values).tolist() == [run[int(values[run].argmax())] for run in walked]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values: list[float], share: float) -> None:
    rows = np.array([values, values[::-1]])
    wanted = np.quantile(rows, [share, 1 - share], axis=1).T
    assert quantiles_of(rows, (share, 1 - share)) == pytest.approx(wanted, rel=1e-9, abs=1e-9 * np.abs(rows).max())


@pytest.mark.parametrize("n_windows", [41, 90])
def test_the_interval_of_a_mean_is_that_of_pairs_that_are_drawn_one_by_one(n_windows: int) -> None:
    values = np.random.default_rng(n_windows).gamma(2.0, size=n_windows)
    pairs = (values + np.roll(values, -1)) / 2
    means = np.random.default_rng(0).choice(pairs, size=(200, n_windows // 2)).mean(axis=1)
    found = mean_of(values)
    middle = values.mean()
    assert found.value == middle
    ends = np.exp(np.quantile(np.log(means / middle), [0.025, 0.975]) * np.sqrt(n_windows / (n_windows - 1)))
    assert (found.low, found.high) == pytest.approx(tuple(middle * ends), rel=1e-9)


@pytest.mark.parametrize("numbers", [[0], [3, 4, 5, 49], [0, 45], list(range(50))])
def test_windows_that_are_read_anew_are_those_of_their_block(numbers: list[int]) -> None:
    trace, chosen = SHOWN.trace, np.array(numbers)
    (block,) = trace.blocks(by_window)
    anew = trace.taken(chosen)
    assert np.array_equal(anew, trace.taken_of(block, chosen))
    assert np.array_equal(anew, trace.sensor.read(trace.recording).reshape(3, -1, 400)[:, chosen].astype(np.float32))


def test_a_file_that_reads_its_channels_together_shows_the_same() -> None:
    class Together:
        def __init__(self, rows: Rows) -> None:
            self._rows = rows

        def read(self, channel: int, start: int, stop: int) -> FloatArray:
            raise AssertionError((channel, start, stop))

        def read_rows(self, channels: Sequence[int], start: int, stop: int) -> Rows:
            return self._rows[list(channels), start:stop]

    recording = SHOWN.trace.recording
    rows = np.stack([recording.read(channel.name) for channel in recording.channels]).astype(np.float32)
    found = one_sensor(replace(recording, source=Together(rows)))
    assert np.array_equal(found.windows.tremor, SHOWN.windows.tremor)
    assert found.windows.amplitude == pytest.approx(SHOWN.windows.amplitude, rel=1e-3)


@pytest.mark.parametrize("fold", [1, 2, 3])
def test_neighbors_are_added_up(fold: int) -> None:
    axes = [np.random.default_rng(axis).normal(size=(5, 20)) for axis in range(2)]
    kept = 20 // fold
    wanted = np.stack([axis[:, : kept * fold].reshape(5, kept, fold).sum(axis=2) for axis in axes])
    assert folded_rows(axes, fold) == pytest.approx(wanted, abs=1e-5)


def test_a_trace_is_cut_alike_whatever_is_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = next(iter(SHOWN.trace.blocks(by_window)))
    monkeypatch.setattr("twitchwise.measure.motion.tremor.trace._AT_ONCE", 20_000)
    trace = Trace(recording=SHOWN.trace.recording, sensor=SHOWN.sensor, settings=SHOWN.trace.settings)
    parts = list(trace.blocks(by_window))
    assert len(parts) > 1
    assert np.array_equal(np.concatenate([part.seen for part in parts]), whole.seen)
    numbers = np.array([2, 20, 21, 48])
    assert np.array_equal(trace.taken(numbers), SHOWN.trace.taken(numbers))
