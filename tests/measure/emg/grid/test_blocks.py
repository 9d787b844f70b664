"""Blocks of a grid join to the whole, in the pass band of a single channel."""

import numpy as np
import pytest
from tests.measure.grid_scenes import GridScene, grid_recording, make_grid

from twitchwise.measure.emg.band import band_for
from twitchwise.measure.emg.grid import blocks as module
from twitchwise.measure.emg.grid.band import Samples
from twitchwise.measure.emg.grid.blocks import Block, GridReader
from twitchwise.measure.emg.grid.reading import look_ahead, reader_of
from twitchwise.measure.emg.grid.whitening import Whitening
from twitchwise.measure.emg.groups import electrode_groups
from twitchwise.measure.emg.settings import emg_settings

SCENE = GridScene(duration_s=20.0)
NO_CHANGE = Whitening(temporal=np.ones(2), spatial=np.eye(16, dtype=np.float32), freedom=300.0)


def reader(scene: GridScene = SCENE) -> GridReader:
    recording, _ = make_grid(scene)
    return reader_of(recording, electrode_groups(recording.channels)[0], emg_settings())


def handed_on(block: Block) -> Samples:
    """Return what a block hands on, without its margins, where the filters fade."""
    return block.plain[:, block.core.start * block.length : block.core.stop * block.length]


@pytest.mark.parametrize("samples", [1 << 13, 9_000])
def test_blocks_equal_the_whole(samples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = reader()
    whole = grid.filter(grid.read_raw(0, grid.n_frames * grid.raw_length), 0, NO_CHANGE)[0]
    monkeypatch.setattr(module, "_BLOCK_SAMPLES", samples)
    parts = list(grid.blocks(NO_CHANGE))
    joined = np.concatenate([handed_on(part) for part in parts], axis=1)
    assert len(parts) > 1
    assert joined.shape == whole.shape
    assert np.allclose(joined, whole, atol=1e-4 * np.abs(whole).max())


def test_a_grid_and_a_single_channel_see_the_same_potential() -> None:
    grid = reader(GridScene(duration_s=20.0, peak_v=300e-6, noise_v=1e-6))
    plain = grid.filter(grid.read_raw(0, grid.n_frames * grid.raw_length), 0, NO_CHANGE)[0]
    alone = band_for(2048.0, emg_settings()).apply(grid.recording.read("E6"))[: plain.shape[1] * 2 : 2]
    assert np.corrcoef(plain[5], alone)[0, 1] > 0.99
    assert np.ptp(plain[5]) == pytest.approx(np.ptp(alone), rel=0.06)


def test_a_constant_offset_and_a_slow_drift_vanish() -> None:
    recording, _ = make_grid(SCENE)
    signal = np.array([recording.read(channel.name) for channel in recording.channels])
    moved = grid_recording(signal + 5e-3 + 1e-3 * np.linspace(0, 1, signal.shape[1]), SCENE)
    one, other = (
        GridReader(recording=kept, group=electrode_groups(kept.channels)[0], band=reader().band)
        for kept in (recording, moved)
    )
    first, second = (grid.filter(grid.read_raw(0, 20_000), 0, NO_CHANGE)[0] for grid in (one, other))
    assert np.abs(first - second)[:, 1000:-1000].max() < 0.05 * np.abs(first).std()


def test_hum_is_taken_out() -> None:
    recording, _ = make_grid(SCENE)
    signal = np.array([recording.read(channel.name) for channel in recording.channels])
    hum = 100e-6 * np.sin(2 * np.pi * 50.0 * np.arange(signal.shape[1]) / SCENE.sampling_rate_hz)
    kept = grid_recording(signal + hum, SCENE)
    grid = GridReader(recording=kept, group=electrode_groups(kept.channels)[0], band=reader().band, mains_hz=50.0)
    clean = handed_on(next(iter(grid.blocks(look_ahead(grid)))))
    assert clean.std() == pytest.approx(handed_on(next(iter(reader().blocks(NO_CHANGE)))).std(), rel=0.1)
