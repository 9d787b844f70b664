"""Excitability of a motor axon as numbers, tabulated once per condition and looked up at run time without JAX."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.vocabulary.checks import require_not_negative

VERSION = 1  # raised whenever the axon's equations or protocols change, so that an older table is not believed


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Afterdischarges:
    """Discharges beyond those that a stimulus of the middle node asks for.

    Parameters
    ----------
    after_brief
        Discharges after the first that follow a brief strong pulse, as far as the run goes.
    during_sustained
        Discharges while a weak current flows that is far below what a healthy axon needs to discharge repeatedly.
    interval_s
        Between the last two of them, None where there were no two.
    spontaneous
        Whether the axon discharges repeatedly without a stimulus.
    """

    after_brief: int
    during_sustained: int
    interval_s: float | None
    spontaneous: bool


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Excitability:
    """What a stimulator would measure in one motor axon. A value is None where the axon does not give it.

    Parameters
    ----------
    resting_potential_v
        Of the middle node.
    threshold_one_ms_a, threshold_fifth_ms_a
        Current of an electrode outside that just starts a traveling discharge, for pulses of 1 and 0.2 ms.
    rheobase_a, strength_duration_time_constant_s
        By Weiss's law from those two.
    relative_refractory_period_s
        Time after a discharge at which the threshold is back.
    superexcitability, subexcitability
        Lowest mean of three neighboring delays, and highest late value, of the change of threshold after a discharge;
        -0.25 is a threshold lower by 25 %.
    conduction_velocity_mps
        Along the middle of the axon, 0 where it is blocked.
    node_threshold_a
        Threshold of a pulse of 1 ms through one node, as an ectopic current would act.
    ectopic_rate_hz
        Discharges per second that noise of the membrane starts at one site.
    afterdischarges
        What follows a stimulus, see `Afterdischarges`.
    """

    resting_potential_v: float
    threshold_one_ms_a: float | None
    threshold_fifth_ms_a: float | None
    rheobase_a: float | None
    strength_duration_time_constant_s: float | None
    relative_refractory_period_s: float | None
    superexcitability: float | None
    subexcitability: float | None
    conduction_velocity_mps: float
    node_threshold_a: float | None
    ectopic_rate_hz: float
    afterdischarges: Afterdischarges

    def __post_init__(self) -> None:
        """Refuse a velocity or a rate below 0."""
        require_not_negative("conduction_velocity_mps", self.conduction_velocity_mps)
        require_not_negative("ectopic_rate_hz", self.ectopic_rate_hz)

    @property
    def conducts(self) -> bool:
        """Whether a discharge gets along the axon."""
        return self.conduction_velocity_mps > 0

    def ectopic_rate_ratio(self, healthy: "Excitability") -> float:
        """Return how many times as often noise starts a discharge as in a healthy axon."""
        return self.ectopic_rate_hz / healthy.ectopic_rate_hz


def digest_of(parameters: Mapping[str, float]) -> str:
    """Return a fingerprint of the parameters of the axon and of the version of its equations.

    Examples
    --------
    >>> digest_of({"axon_node_length": 1e-6}) == digest_of({"axon_node_length": 1e-6, "twitch_peak_force": 1.0})
    True
    """
    own = {name: value for name, value in parameters.items() if name.startswith("axon_") and name not in STATE}
    text = json.dumps([VERSION, sorted(own.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


STATE = frozenset(
    {
        "axon_blocked_share",
        "axon_conduction_velocity",
        "axon_fast_potassium_scale",
        "axon_fast_sodium_scale",
        "axon_fiber_diameter",
        "axon_gate_shift",
        "axon_h_current_scale",
        "axon_leak_scale",
        "axon_myelin_scale",
        "axon_persistent_sodium_scale",
        "axon_slow_potassium_scale",
        "axon_threshold_scale",
    }
)
"""Parameters that say in which state an axon is, which a table's rows hold, not how an axon works."""


def table_of(rows: Mapping[str, tuple[AxonChanges, Excitability]], parameters: Mapping[str, float]) -> dict[str, Any]:
    """Return a table that fits into JSON: a digest, and for each name the state and what was found."""
    return {
        "digest": digest_of(parameters),
        "rows": {
            name: {"changes": dataclasses.asdict(changes), "excitability": dataclasses.asdict(found)}
            for name, (changes, found) in rows.items()
        },
    }


def looked_up(
    table: Mapping[str, Any], changes: AxonChanges, parameters: Mapping[str, float] | None = None
) -> Excitability | None:
    """Return what a table holds for a state of the axon, or None where it holds none.

    Parameters
    ----------
    table
        As `table_of` gives it, or read back from JSON.
    changes
        The state; it must equal a row's.
    parameters
        Where given, a table made with other parameters or another version of the axon holds nothing.
    """
    if parameters is not None and table["digest"] != digest_of(parameters):
        return None
    wanted = dataclasses.asdict(changes)
    for row in table["rows"].values():
        if row["changes"] == wanted:
            return _excitability(row["excitability"])
    return None


def _excitability(fields: Mapping[str, Any]) -> Excitability:
    numbers = {name: value for name, value in fields.items() if name != "afterdischarges"}
    return Excitability(**numbers, afterdischarges=Afterdischarges(**cast("dict[str, Any]", fields["afterdischarges"])))
