"""Feedback arrives when it is due, at the pool it is for, with the sign it should have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.engine import jax, jnp
from twitchwise.simulate.loop.feedback import RING, FeedbackNumbers, arriving, at_rest, followed


def _numbers(**changes: float) -> FeedbackNumbers:
    silent = dict.fromkeys(FeedbackNumbers._fields, 0.0) | {"renshaw_full": 0.03}
    chosen = silent | changes
    whole = {name: jnp.asarray(int(chosen[name])) for name in ("reflex_frames", "visuomotor_frames")}
    return FeedbackNumbers(**{name: jnp.asarray(value) for name, value in chosen.items()} | whole)


def _arrivals(
    numbers: FeedbackNumbers, velocity: np.ndarray, *, tap: float = 0.0, n_pools: int = 2, discharged: float = 0.0
) -> np.ndarray:
    """Return the drive that arrives in each frame at each pool, the joint moving at a velocity and from there."""
    state, rows, angle = at_rest(n_pools), [], 0.0
    step = jax.jit(followed)
    for frame, now in enumerate(velocity):
        rows.append(np.asarray(arriving(state, jnp.asarray(frame), numbers)))
        angle += now * 1e-3
        motion = (jnp.asarray(angle), jnp.asarray(now), jnp.asarray(tap))
        state = step(state, jnp.asarray(frame), jnp.full((n_pools, 4), discharged), motion, numbers)
    return np.array(rows)


@given(st.integers(1, RING - 1))
def test_a_stretch_excites_after_its_delay(delay: int) -> None:
    numbers = _numbers(gain_s=0.5, reflex_frames=delay)
    state = at_rest(2)
    motion = (jnp.zeros(()), jnp.asarray(-2.0), jnp.zeros(()))
    state = followed(state, jnp.asarray(1000), jnp.zeros((2, 4)), motion, numbers)
    assert arriving(state, jnp.asarray(1000 + delay), numbers).tolist() == pytest.approx([1.0, 0.0])
    assert not np.any(arriving(state, jnp.asarray(1000 + delay + 1), numbers))


def test_each_muscle_answers_to_its_own_stretch() -> None:
    numbers = _numbers(gain_s=0.5, reflex_frames=1)
    assert _arrivals(numbers, np.array([-2.0, 0, 0]))[1].tolist() == pytest.approx([1.0, 0.0])
    assert _arrivals(numbers, np.array([2.0, 0, 0]))[1].tolist() == pytest.approx([0.0, 1.0])


def test_only_the_part_of_a_velocity_above_the_threshold_counts() -> None:
    numbers = _numbers(gain_s=0.5, threshold_radps=1.5, reflex_frames=1)
    assert _arrivals(numbers, np.array([-2.0, -1.0, 0]))[1:, 0].tolist() == pytest.approx([0.25, 0.0])


def test_length_counts_when_it_has_a_gain() -> None:
    numbers = _numbers(length_gain=10.0, reflex_frames=1)
    assert _arrivals(numbers, np.array([-5.0, 0, 0]))[:, 0].tolist() == pytest.approx([0, 0.05, 0.05])


def test_a_tap_is_felt_by_the_agonist_alone() -> None:
    numbers = _numbers(gain_s=0.1, reflex_frames=1)
    assert _arrivals(numbers, np.zeros(2), tap=5.0)[1].tolist() == pytest.approx([0.5, 0.0])


def test_a_stretched_muscle_inhibits_its_antagonist() -> None:
    numbers = _numbers(gain_s=0.5, reciprocal_inhibition=0.4, reflex_frames=1)
    assert _arrivals(numbers, np.array([-2.0, 0]))[1].tolist() == pytest.approx([1.0, -0.4])


def test_a_muscle_alone_has_no_antagonist_to_be_inhibited_by() -> None:
    numbers = _numbers(gain_s=0.5, reciprocal_inhibition=0.4, reflex_frames=1)
    assert _arrivals(numbers, np.array([-2.0, 0]), n_pools=1)[1].tolist() == pytest.approx([1.0])


def test_recurrent_inhibition_grows_with_the_discharge() -> None:
    numbers = _numbers(renshaw_gain=0.3, renshaw_step=0.1)._replace(renshaw_full=jnp.asarray([0.12, 0.12]))
    arrived = _arrivals(numbers, np.zeros(100), discharged=0.03)[:, 0]
    assert (np.diff(arrived) < 0).all()
    assert arrived[-1] == pytest.approx(-0.3, abs=0.001)


def test_vision_drives_the_joint_back() -> None:
    numbers = _numbers(visuomotor_gain=10.0, visuomotor_frames=3)
    arrived = _arrivals(numbers, np.array([5.0, 0, 0, 0, 0]))
    assert not arrived[:3].any()
    assert arrived[3].tolist() == pytest.approx([-0.05, 0.05], rel=0.01)


def test_vision_extends_the_velocity() -> None:
    numbers = _numbers(visuomotor_gain=10.0, visuomotor_lead_s=0.2, visuomotor_frames=1)
    assert _arrivals(numbers, np.array([0.05, 0]))[1, 0] == pytest.approx(-0.1, rel=0.01)
