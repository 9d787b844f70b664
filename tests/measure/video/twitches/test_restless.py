"""A place that twitches most of the time is not taken for a noisy one, and the film not for one without twitches."""

import numpy as np
import pytest
from tests.measure.video.twitches.fields import a_field

from twitchwise.measure.video.twitches import find_twitches
from twitchwise.measure.video.twitches.evenly import made_even
from twitchwise.measure.video.twitches.restless import calm_spread, restless_blocks
from twitchwise.measure.video.twitches.settings import twitch_settings
from twitchwise.measure.video.twitches.whole_picture import taken_out

PEAKS_S = 1.0 + np.cumsum(np.random.default_rng(2).uniform(0.16, 0.36, 68))
AGAIN_AND_AGAIN = [(float(peak_s), 1.5, 100.0, 90.0) for peak_s in PEAKS_S]


def test_most_of_the_twitches_of_a_place_that_hardly_rests_are_found_and_that_is_doubted() -> None:
    found = find_twitches(a_field(AGAIN_AND_AGAIN, width_px=35.0))
    near = np.hypot(*(found.events.place - [100.0, 90.0]).T) < 60
    timed = np.abs(found.events.peak_s[near, np.newaxis] - PEAKS_S).min(axis=1)
    assert (timed < 2 / 30).mean() > 2 / 3
    assert near.sum() > len(PEAKS_S) / 2
    assert "moves by itself most of the time" in found.summary
    assert all(any("run into each other" in doubt for doubt in one.doubts) for one in found.measurements)


@pytest.mark.parametrize("seed", range(6))
def test_a_film_without_twitches_or_with_few_has_no_restless_place(seed: int) -> None:
    few = [(3.0, 1.0, 100.0, 90.0), (9.0, 2.0, 180.0, 60.0), (15.0, 1.0, 60.0, 140.0)]
    for twitches in ([], few):
        field = made_even(a_field(twitches, seed=seed))
        assert not restless_blocks(field, taken_out(field).left_px, twitch_settings()).any()


def test_a_restless_place_is_where_it_moves() -> None:
    field = made_even(a_field(AGAIN_AND_AGAIN, width_px=35.0))
    restless = restless_blocks(field, taken_out(field).left_px, twitch_settings())
    away_px = np.hypot(*(field.centers_px - [100.0, 90.0]).T)
    assert restless[away_px < 25].all()
    assert not restless[away_px > 110].any()


def test_restless_blocks_get_the_spread_of_calm_ones_with_as_much_texture() -> None:
    trust = np.array([[100.0, 100.0], [25.0, 25.0], [100.0, 0.0], [100.0, 100.0]])
    spread = np.array([[1.0, 1.0], [2.0, 2.0], [9.0, 7.0], [0.5, 9.0]], dtype=np.float32)
    found = calm_spread(spread, trust, np.array([False, False, True, True]))
    assert found == pytest.approx(np.array([[1.0, 1.0], [2.0, 2.0], [1.0, 7.0], [0.5, 1.0]]))


def test_where_no_block_is_calm_spreads_stay_as_they_are() -> None:
    spread = np.ones((3, 2), dtype=np.float32)
    assert calm_spread(spread, np.ones((3, 2)), np.ones(3, np.bool_)) is spread
