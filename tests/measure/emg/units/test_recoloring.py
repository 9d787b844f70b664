"""In dense activity the noise is known only once the great potentials are."""

import numpy as np
import pytest
from tests.measure.emg.units.scenes import Known, hits, made, trace_of

from twitchwise.measure.emg.units import learning
from twitchwise.measure.emg.units.color import NoiseColor
from twitchwise.measure.emg.units.finder import find_units

RATES_HZ, SIZES = [11.0, 9.5, 12.0, 8.0], [160.0, 130.0, 190.0, 11.0]
SMALL = 3


def dense(seed: int) -> Known:
    return made(25.0, RATES_HZ, SIZES, regular=True, seed=seed)


def share_of_small(known: Known) -> float:
    _, found = find_units(known.trace)
    true_s = known.time_s[known.unit == SMALL]
    return len(hits(found.time_s, true_s)) / len(true_s)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("seed", [1, 2])
def test_a_small_unit_between_great_ones_is_found(seed: int) -> None:
    assert share_of_small(dense(seed)) > 0.85


def test_without_another_look_at_the_noise_it_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = share_of_small(dense(1))
    monkeypatch.setattr(learning, "recolored", lambda *_: None)
    assert share_of_small(dense(1)) < with_it - 0.2


def test_one_filter_does_what_two_do_one_after_the_other() -> None:
    rng = np.random.default_rng(1)
    one, other = (NoiseColor(filters=rng.normal(size=(1, n))) for n in (21, 31))
    trace = trace_of(rng.standard_normal((1, 400), dtype=np.float32))
    twice = other.apply(trace_of(one.apply(trace)))
    once = one.followed_by(other).apply(trace)
    assert once[:, 60:-60] == pytest.approx(twice[:, 60:-60], abs=1e-3)
