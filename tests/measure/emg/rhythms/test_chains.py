"""Chains keep times, and their waves only until these have been looked at."""

from collections.abc import Sequence

import numpy as np
import pytest
from tests.measure.emg.rhythms.scenes import SURFACE_HZ, Canvas, contraction

from twitchwise.measure.emg.rhythms import sightings
from twitchwise.measure.emg.rhythms.chains import Chain
from twitchwise.measure.emg.rhythms.settings import RhythmSettings, rhythm_settings
from twitchwise.measure.emg.rhythms.spans import Span
from twitchwise.measure.emg.rhythms.trace import Causes
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Electrode


def test_a_chain_without_waves_keeps_its_times() -> None:
    chain = Chain(source=1, time_s=np.arange(5.0), peak=np.ones(5), waves=np.ones((5, 7), dtype=np.float32))
    bare = chain.without_waves()
    assert bare.waves.size == 0
    np.testing.assert_array_equal(bare.time_s, chain.time_s)
    assert len(bare) == 5


def test_no_waves_are_kept_of_a_contraction_that_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Chain] = []

    def watched(_: Intervals, chains: Sequence[Chain], _causes: Causes, _settings: RhythmSettings) -> tuple[Span, ...]:
        kept.extend(chains)
        return ()

    monkeypatch.setattr(sightings, "long_activity", watched)
    canvas = Canvas(seed=1, rate_hz=SURFACE_HZ, duration_s=8.0)
    contraction(canvas, 0.5, 7.5, n_units=2)
    sightings.look(canvas.trace(Electrode.SURFACE), Causes(), rhythm_settings())
    assert kept
    assert not any(chain.waves.size for chain in kept)
