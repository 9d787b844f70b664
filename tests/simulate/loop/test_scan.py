"""The compiled loop can be differentiated: exactly by the joint, through a stand-in by what makes neurons discharge."""

from collections.abc import Mapping

import numpy as np
import pytest

from twitchwise.simulate.engine import jax, jnp
from twitchwise.simulate.loop import LoopSettings, scan
from twitchwise.simulate.loop.drive import source_of
from twitchwise.simulate.loop.scan import Inputs, Parts, System
from twitchwise.simulate.loop.system import system_of
from twitchwise.simulate.twitches import twitches_of
from twitchwise.simulate.twitches.sums import UNIT_BLOCK
from twitchwise.simulate.units import draw_units

N_FRAMES = 150


@pytest.fixture(scope="module")
def system(parameters: Mapping[str, float]) -> System:
    settings = LoopSettings.of(parameters)
    units = draw_units(parameters, UNIT_BLOCK, np.random.default_rng(1))
    ((twitches,),) = twitches_of([(settings.parameters, (units,))])
    return system_of(settings, [units], [twitches], UNIT_BLOCK, source_of(1))


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    zero = jnp.zeros(N_FRAMES)
    tap = zero.at[20:30].set(10.0)
    return Inputs(jnp.full((N_FRAMES, 1), 0.3), tap, zero, zero, jnp.full(N_FRAMES, -1, dtype=jnp.int32))


def test_the_motion_can_be_differentiated(system: System, inputs: Inputs) -> None:
    def swing(stiffness: jax.Array, gain: jax.Array) -> jax.Array:
        changed = system._replace(
            joint=system.joint._replace(stiffness=stiffness), feedback=system.feedback._replace(gain_s=gain)
        )
        _, outputs = scan.run_one(
            changed, scan.at_rest(changed), inputs, jnp.int32(0), Parts(motion=True, feedback=True)
        )
        assert outputs.joint is not None
        return jnp.mean(outputs.joint.angle**2) * 1e8

    swung = jax.jit(jax.value_and_grad(swing, argnums=(0, 1)))
    _, (by_stiffness, by_gain) = swung(jnp.float32(8.0), jnp.float32(0.0))
    (more, _), (less, _) = (swung(jnp.float32(stiffness), jnp.float32(0.0)) for stiffness in (8.2, 7.8))
    assert float(by_stiffness) == pytest.approx(float(more - less) / 0.4, rel=0.01)
    assert float(by_gain) > 0  # a reflex answers the tap with force
