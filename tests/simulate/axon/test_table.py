"""A table gives back what was found, only for the state and the axon that it was made for, and without JAX."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.axon import excitability
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.table import Afterdischarges, Excitability, digest_of, looked_up, table_of
from twitchwise.vocabulary import OutOfRangeError

CHANGES = AxonChanges(potassium_out_mol_per_l=0.0042, sodium_out_mol_per_l=0.14, temperature_c=37.0, diameter_m=1.2e-5)
FOUND = Excitability(
    resting_potential_v=-0.084,
    threshold_one_ms_a=0.006,
    threshold_fifth_ms_a=0.014,
    rheobase_a=0.004,
    strength_duration_time_constant_s=0.00046,
    relative_refractory_period_s=0.003,
    superexcitability=-0.25,
    subexcitability=0.15,
    conduction_velocity_mps=51.0,
    node_threshold_a=6e-10,
    ectopic_rate_hz=1e-3,
    afterdischarges=Afterdischarges(after_brief=2, during_sustained=0, interval_s=0.004, spontaneous=False),
)


@given(st.floats(-0.02, 0.02), st.floats(0.1, 2.0))
def test_a_table_gives_back_what_was_put_in_through_json(shift_v: float, scale: float) -> None:
    changed = replace(CHANGES, gate_shift_v=shift_v, leak_scale=scale)
    table = json.loads(
        json.dumps(table_of({"one": (CHANGES, FOUND), "two": (changed, replace(FOUND, rheobase_a=None))}, {}))
    )
    assert looked_up(table, CHANGES) == FOUND
    if changed != CHANGES:
        assert looked_up(table, changed) == replace(FOUND, rheobase_a=None)


def test_another_state_is_not_in_the_table() -> None:
    assert looked_up(table_of({"one": (CHANGES, FOUND)}, {}), replace(CHANGES, leak_scale=1.1)) is None


def test_a_table_of_another_axon_is_not_believed() -> None:
    table = table_of({"one": (CHANGES, FOUND)}, {"axon_node_length": 1e-6})
    assert looked_up(table, CHANGES, {"axon_node_length": 1e-6, "twitch_peak_force": 2.0}) == FOUND
    assert looked_up(table, CHANGES, {"axon_node_length": 2e-6}) is None
    assert digest_of({"axon_leak_scale": 2.0}) == digest_of({"axon_leak_scale": 1.0})


def test_tabulating_measures_each_state(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[AxonChanges] = []

    def stand_in(changes: AxonChanges, _: object) -> Excitability:
        measured.append(changes)
        return FOUND

    monkeypatch.setattr(excitability, "excitability", stand_in)
    cold = replace(CHANGES, temperature_c=20.0)
    table = json.loads(json.dumps(excitability.tabulate({"healthy": CHANGES, "cold": cold}, {})))
    assert measured == [CHANGES, cold]
    assert looked_up(table, cold, {}) == FOUND


def test_a_rate_is_compared_with_the_healthy_one_and_a_still_axon_does_not_conduct() -> None:
    assert replace(FOUND, ectopic_rate_hz=0.01).ectopic_rate_ratio(FOUND) == pytest.approx(10.0)
    assert FOUND.conducts
    assert not replace(FOUND, conduction_velocity_mps=0.0).conducts
    with pytest.raises(OutOfRangeError, match="conduction_velocity_mps"):
        replace(FOUND, conduction_velocity_mps=-1.0)


def test_looking_up_does_not_load_jax() -> None:
    code = (
        "import sys, types, importlib.util as u\n"
        "import twitchwise\n"
        "room = types.ModuleType('twitchwise.simulate')\n"
        "room.__path__ = [twitchwise.__path__[0] + '/simulate']\n"
        "sys.modules['twitchwise.simulate'] = room\n"
        "import twitchwise.simulate.axon, twitchwise.simulate.axon.table\n"
        "sys.exit('jax' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code
