"""Where potentials come thick and fast, what no reader could see is explained but not listed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter
from tests.measure.emg.units.scenes import RATE_HZ, hits, made, trace_of

from twitchwise.measure.emg.units.color import learn_color
from twitchwise.measure.emg.units.finder import UnitFinder
from twitchwise.measure.emg.units.learning import look_at
from twitchwise.measure.emg.units.settings import unit_settings
from twitchwise.measure.emg.units.visible import Visibility, raw_noise


@pytest.mark.parametrize("scale", [0.3, 1.0, 4.0])
def test_the_noise_before_whitening_is_known_from_what_whitening_left(scale: float) -> None:
    rng = np.random.default_rng(5)
    samples = lfilter([1.0], [1.0, -0.6], rng.standard_normal((1, 60_000)), axis=1)
    samples *= scale / samples.std()
    scene = look_at([trace_of(samples)], RATE_HZ, 1)
    white = learn_color([trace_of(samples)]).apply(trace_of(samples))
    frames = white[:, : 60_000 // 600 * 600].reshape(1, -1, 600).transpose(1, 0, 2)
    assert raw_noise(scene, frames)[0] == pytest.approx(scale, rel=0.05)


@given(heights=st.lists(st.floats(0.1, 100.0), min_size=1, max_size=6), size=st.floats(0.5, 1.5))
def test_a_unit_is_listed_as_a_whole_and_a_mixture_potential_by_potential(heights: list[float], size: float) -> None:
    n = len(heights)
    least = unit_settings().visible_height
    unit = np.arange(n)
    for mixed in (False, True):
        seen = Visibility(height=np.array(heights), is_mixture=np.full(n, mixed), least=least)
        expected = [height * (size if mixed else 1.0) >= least for height in heights]
        assert seen.listed(unit, np.full(n, size)).tolist() == expected
        assert seen.named(unit).tolist() == ([0] * n if mixed else [one + 1 for one in range(n)])


def test_where_potentials_are_sparse_every_unit_is_listed() -> None:
    known = made(120.0, [0.5, 0.7], [30.0, 9.0], regular=False)
    finder = UnitFinder.learn([known.trace])
    assert np.isinf(finder.visibility.height).all()
    assert len(hits(finder.match([known.trace]).time_s, known.time_s)) > 0.9 * known.time_s.size
