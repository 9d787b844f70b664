"""The axon agrees with the same axon in NEURON, built here with cable, mechanisms and solver of its own."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.excitability import node_threshold_a
from twitchwise.simulate.axon.protocol import Stimulus, run
from twitchwise.simulate.axon.rest import resting_potentials
from twitchwise.simulate.axon.stimulus import through_node
from twitchwise.simulate.axon.subject import subject_of
from twitchwise.simulate.axon.velocity import velocity_mps
from twitchwise.simulate.engine import double_precision, jnp
from twitchwise.vocabulary.arrays import FloatArray

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again

NODES, MIDDLE = 21, 10
REST_MS, REST_STEP_MS = 2000.0, 5.0
FINE_MS = 2.5e-4
LEVEL_MV = -30.0
WATCHED = (8, MIDDLE, 16)

Traces = dict[int, FloatArray]


def rise_ms(potential_mv: FloatArray, step_ms: float) -> float:
    """Return when a potential first rises through -30 mV, inf if it does not."""
    rises = np.flatnonzero((potential_mv[:-1] < LEVEL_MV) & (potential_mv[1:] >= LEVEL_MV))
    if rises.size == 0:
        return math.inf
    before, after = potential_mv[rises[0]], potential_mv[rises[0] + 1]
    return float(step_ms * (rises[0] + (LEVEL_MV - before) / (after - before)))


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """An axon in NEURON at rest, and what it can be asked."""

    h: Any
    nodes: list[Any]
    others: list[Any]
    spacing_m: float
    clamp: Any
    watched: dict[int, Any]
    rest: Any

    def recorded_mv(self, *, node: int, current_na: float, pulse_ms: float, until_ms: float, step_ms: float) -> Traces:
        """Return the potentials of the watched nodes from rest on, one per step, the first at 0."""
        self.rest.restore(1)
        self.h.t, self.h.dt = 0.0, step_ms
        self.clamp.loc(self.nodes[node](0.5))
        self.clamp.delay, self.clamp.dur, self.clamp.amp = 0.0, pulse_ms, current_na
        self.h.frecord_init()
        for _ in range(round(until_ms / step_ms)):
            self.h.fadvance()
        return {index: np.array(each) for index, each in self.watched.items()}

    def velocity_mps(self, step_ms: float) -> float:
        traces = self.recorded_mv(node=0, current_na=3.0, pulse_ms=0.2, until_ms=0.8, step_ms=step_ms)
        return 8 * self.spacing_m / (rise_ms(traces[16], step_ms) - rise_ms(traces[8], step_ms)) * 1e3

    def threshold_a(self, guess_a: float, step_ms: float) -> float:
        """Return the threshold of a pulse of 1 ms through the middle node, which must lie within 2 % of the guess."""
        low, high = 0.98e9 * guess_a, 1.02e9 * guess_a
        while high - low > 2e-3 * low:
            middle = (low + high) / 2
            traces = self.recorded_mv(node=MIDDLE, current_na=middle, pulse_ms=1.0, until_ms=4.0, step_ms=step_ms)
            low, high = (low, middle) if math.isfinite(rise_ms(traces[16], step_ms)) else (middle, high)
        assert 0.98e9 * guess_a < low
        assert high < 1.02e9 * guess_a
        return (low + high) / 2 * 1e-9


def built(h: Any, changes: AxonChanges, parameters: Mapping[str, float]) -> Rebuilt:  # noqa: ANN401
    """Build the axon."""
    for group, names in (("sodium_activation", "mp"), ("sodium_inactivation", "h"), ("potassium", "snq")):
        tens = (changes.temperature_c - parameters[f"axon_gate_{group}_temperature"]) / 10
        faster = parameters[f"axon_gate_{group}_q10"] ** tens
        for gate in names:
            _set_gate(h, gate, faster, changes.gate_shift_v, parameters)
    sizes = _sizes_um(changes, parameters)
    nodes = [_node(h, index, sizes, parameters, changes) for index in range(NODES)]
    others = []
    for index in range(NODES - 1):
        end = nodes[index]
        for part, kind in enumerate("PJIIIIIIJP"):
            section = _between(h, f"{kind}{index}_{part}", kind, sizes, parameters, changes)
            section.connect(end(1), 0)
            others.append(section)
            end = section
        nodes[index + 1].connect(end(1), 0)
    clamp = h.IClamp(nodes[0](0.5))
    clamp.delay, clamp.dur, clamp.amp = 0.0, 0.0, 0.0
    watched = {index: h.Vector().record(nodes[index](0.5)._ref_v) for index in WATCHED}
    h.celsius, h.secondorder = changes.temperature_c, 0
    h.finitialize(-84)
    h.dt = REST_STEP_MS
    while h.t < REST_MS:
        h.fadvance()
    rest = h.SaveState()
    rest.save()
    return Rebuilt(
        h=h, nodes=nodes, others=others, spacing_m=sizes["spacing"] * 1e-6, clamp=clamp, watched=watched, rest=rest
    )


def _set_gate(h: Any, gate: str, faster: float, shift_v: float, parameters: Mapping[str, float]) -> None:  # noqa: ANN401
    for name, gates in (("node", "mhpsn"), ("between", "snq")):
        for way, word in (("o", "opening"), ("c", "closing")) if gate in gates else ():
            stem = f"axon_gate_{gate}_{word}"
            setattr(h, f"{gate}{way}r_tw_{name}", 1e-3 * faster * parameters[f"{stem}_rate"])
            setattr(h, f"{gate}{way}m_tw_{name}", 1e3 * (parameters[f"{stem}_midpoint"] + shift_v))
            setattr(h, f"{gate}{way}s_tw_{name}", 1e3 * parameters[f"{stem}_slope"])


def _sizes_um(changes: AxonChanges, parameters: Mapping[str, float]) -> dict[str, float]:
    fiber, logarithm = changes.diameter_m, math.log(changes.diameter_m / 1e-5)

    def line(name: str) -> float:
        return 1e6 * (parameters[f"axon_{name}_slope"] * fiber + parameters[f"axon_{name}_offset"])

    spacing = (
        parameters["axon_internode_length_at_ten_micrometers"] + parameters["axon_internode_length_slope"] * logarithm
    )
    lamellae = parameters["axon_lamellae_at_ten_micrometers"] + parameters["axon_lamellae_slope"] * logarithm
    node, paranode, juxta = (
        1e6 * parameters["axon_node_length"],
        1e6 * parameters["axon_paranode_length"],
        line("juxtaparanode_length"),
    )
    return {
        "fiber": 1e6 * fiber,
        "node": line("node_diameter"),
        "axon": line("internode_diameter"),
        "spacing": 1e6 * spacing,
        "membranes": 2 * lamellae * changes.myelin_scale,
        "L_N": node,
        "L_P": paranode,
        "L_J": juxta,
        "L_I": (1e6 * spacing - node - 2 * paranode - 2 * juxta) / 6,
    }


def _section(h: Any, name: str, length_um: float, diameter_um: float, parameters: Mapping[str, float]) -> Any:  # noqa: ANN401
    section = h.Section(name=name)
    section.L, section.diam, section.nseg = length_um, diameter_um, 1
    section.Ra, section.cm = (
        100 * parameters["axon_axoplasm_resistivity"],
        100 * parameters["axon_membrane_capacitance"],
    )
    section.insert("extracellular")
    return section


def _megohm_per_cm(diameter_um: float, gap_um: float, parameters: Mapping[str, float]) -> float:
    ring_cm2 = math.pi * ((diameter_um / 2 + gap_um) ** 2 - (diameter_um / 2) ** 2) * 1e-8
    return 100 * parameters["axon_axoplasm_resistivity"] / ring_cm2 * 1e-6


def _reversal_mv(potassium: float, sodium: float, changes: AxonChanges, parameters: Mapping[str, float]) -> float:
    outside = potassium * changes.potassium_out_mol_per_l + sodium * changes.sodium_out_mol_per_l
    inside = potassium * parameters["axon_potassium_inside"] + sodium * parameters["axon_sodium_inside"]
    return 1e3 * 8.314462618 * (273.15 + changes.temperature_c) / 96485.33212 * math.log(outside / inside)


def _fill(segment: Any, where: str, changes: AxonChanges, parameters: Mapping[str, float]) -> None:  # noqa: ANN401
    for name, channel, scale in (
        ("gna", "fast_sodium", changes.fast_sodium_scale),
        ("gnap", "persistent_sodium", changes.persistent_sodium_scale),
        ("gks", "slow_potassium", changes.slow_potassium_scale),
        ("gkf", "fast_potassium", changes.fast_potassium_scale),
        ("gl", "leak", changes.leak_scale),
        ("gh", "h", changes.h_current_scale),
    ):
        if hasattr(segment, name):
            setattr(segment, name, 1e-4 * scale * parameters[f"axon_{where}_{channel}_conductance"])
    segment.ek = _reversal_mv(1.0, parameters["axon_potassium_channel_sodium_share"], changes, parameters)
    segment.el = _reversal_mv(1.0, parameters["axon_leak_sodium_share"], changes, parameters)
    if where == "node":
        segment.ena = _reversal_mv(parameters["axon_sodium_channel_potassium_share"], 1.0, changes, parameters)
    else:
        segment.eh = _reversal_mv(1.0, parameters["axon_h_channel_sodium_share"], changes, parameters)


def _node(h: Any, index: int, sizes: dict[str, float], parameters: Mapping[str, float], changes: AxonChanges) -> Any:  # noqa: ANN401
    section = _section(h, f"N{index}", sizes["L_N"], sizes["node"], parameters)
    section.insert("tw_node")
    section.xraxial[0] = _megohm_per_cm(sizes["node"], 1e6 * parameters["axon_paranode_gap"], parameters)
    section.xg[0], section.xc[0] = 1e10, 0.0
    _fill(section(0.5).tw_node, "node", changes, parameters)
    return section


def _between(
    h: Any,  # noqa: ANN401
    name: str,
    kind: str,
    sizes: dict[str, float],
    parameters: Mapping[str, float],
    changes: AxonChanges,
) -> Any:  # noqa: ANN401
    diameter = sizes["node"] if kind == "P" else sizes["axon"]
    gap_um = 1e6 * parameters["axon_paranode_gap" if kind == "P" else "axon_periaxonal_gap"]
    section = _section(h, name, sizes[f"L_{kind}"], diameter, parameters)
    section.insert("tw_between")
    outer = sizes["fiber"] / diameter / sizes["membranes"]
    section.xraxial[0] = _megohm_per_cm(diameter, gap_um, parameters)
    section.xg[0] = 1e-4 * parameters["axon_lamella_conductance"] * outer
    section.xc[0] = 100 * parameters["axon_lamella_capacitance"] * outer
    _fill(section(0.5).tw_between, "paranode" if kind == "P" else "internode", changes, parameters)
    return section


STATES = {
    "healthy": {},
    "low calcium, high potassium, thin myelin": {
        "gate_shift_v": -0.003,
        "potassium_out_mol_per_l": 0.005,
        "myelin_scale": 0.6,
        "persistent_sodium_scale": 1.2,
    },
}


@pytest.fixture(scope="module", params=list(STATES))
def pair(
    request: pytest.FixtureRequest,
    neuron: Any,  # noqa: ANN401
    parameters: Mapping[str, float],
) -> Iterator[tuple[Rebuilt, AxonChanges]]:
    changes = replace(AxonChanges.of(parameters), **STATES[request.param])
    rebuilt = built(neuron, changes, parameters)
    yield rebuilt, changes
    rebuilt.rest.restore(1)


def limit(coarse: float, fine: float) -> float:
    """Return where the first-order solver of NEURON leads to with ever smaller steps."""
    return 2 * fine - coarse


def test_the_resting_potential_is_that_of_neuron(
    pair: tuple[Rebuilt, AxonChanges], parameters: Mapping[str, float]
) -> None:
    rebuilt, changes = pair
    rebuilt.rest.restore(1)
    with double_precision(True):  # noqa: FBT003 - JAX's own way
        node_v, internode_v, found = resting_potentials(changes, parameters)
    assert found
    assert [each.v for each in rebuilt.nodes] == pytest.approx((1e3 * node_v).tolist(), abs=0.01)
    across = internode_v[:, :10] - internode_v[:, 10:]
    assert [each.v for each in rebuilt.others] == pytest.approx((1e3 * across.ravel()).tolist(), abs=0.01)


def test_the_conduction_velocity_is_that_of_neuron(
    pair: tuple[Rebuilt, AxonChanges], parameters: Mapping[str, float]
) -> None:
    rebuilt, changes = pair
    coarse, fine = rebuilt.velocity_mps(FINE_MS), rebuilt.velocity_mps(FINE_MS / 2)
    assert fine == pytest.approx(coarse, rel=0.003)
    assert velocity_mps(changes, parameters) == pytest.approx(limit(coarse, fine), rel=0.01)


def test_the_threshold_is_that_of_neuron(pair: tuple[Rebuilt, AxonChanges], parameters: Mapping[str, float]) -> None:
    rebuilt, changes = pair
    ours_a = node_threshold_a(changes, parameters)
    finer_a = node_threshold_a(changes, parameters, dt_s=2.5e-6)
    assert finer_a == pytest.approx(ours_a, rel=0.003)
    coarse_a, fine_a = rebuilt.threshold_a(ours_a, 2e-3), rebuilt.threshold_a(ours_a, 1e-3)
    assert fine_a == pytest.approx(coarse_a, rel=0.003)
    assert ours_a == pytest.approx(limit(coarse_a, fine_a), rel=0.01)


def test_the_action_potential_has_the_shape_of_neurons(
    pair: tuple[Rebuilt, AxonChanges], parameters: Mapping[str, float]
) -> None:
    rebuilt, changes = pair
    traces = rebuilt.recorded_mv(node=0, current_na=3.0, pulse_ms=0.2, until_ms=1.6, step_ms=FINE_MS)
    since_rise_ms = np.arange(-0.1, 1.0, 0.01)
    theirs = np.interp(
        rise_ms(traces[MIDDLE], FINE_MS) + since_rise_ms, FINE_MS * np.arange(traces[MIDDLE].size), traces[MIDDLE]
    )
    ours = ours_mv(changes, parameters, since_rise_ms)
    assert ours.max() == pytest.approx(theirs.max(), abs=0.5)
    assert np.abs(ours - theirs).max() < 1.5


def ours_mv(changes: AxonChanges, parameters: Mapping[str, float], since_rise_ms: FloatArray) -> FloatArray:
    """Return the potential of the middle node at times after its rise through -30 mV."""
    step_ms = 2e-3
    with double_precision(True):  # noqa: FBT003 - JAX's own way
        subject = subject_of(changes, parameters, 1e-3 * step_ms / 4)
        pulse = Stimulus(through_node(0), jnp.array([3e-9]), jnp.array([2e-4]))
        state, trace = subject.rest, [1e3 * float(subject.rest.node_v[0, MIDDLE])]
        for index in range(round(2.0 / step_ms)):
            left = pulse._replace(duration_s=pulse.duration_s - 1e-3 * step_ms * index)
            state = run(subject.fiber, state, left, 1e-3 * step_ms / 4, 1).state
            trace.append(1e3 * float(state.node_v[0, MIDDLE]))
    potential_mv = np.array(trace)
    times_ms = rise_ms(potential_mv, step_ms) + since_rise_ms
    potential: FloatArray = np.interp(times_ms, step_ms * np.arange(potential_mv.size), potential_mv)
    return potential
