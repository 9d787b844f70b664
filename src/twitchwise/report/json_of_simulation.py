"""A simulation and a simulated data set as JSON: the public contract of `twitchwise.report.contract`, filled in."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.knowledge import library
from twitchwise.report.as_json import Json, events_out, plain, recording_out
from twitchwise.report.contract import (
    DischargeOut,
    MotorUnitOut,
    SimulatedSubjectOut,
    SimulateOut,
    SimulateSetOut,
    TwitchOut,
)
from twitchwise.report.wording import NOTICE

if TYPE_CHECKING:
    from twitchwise.simulate import DataSet, Simulation, Twitch


def simulation_as_json(simulation: "Simulation", files: Iterable[Path] = ()) -> Json:
    """Return a simulation as ``simulate --json`` prints it, with the truth: units, discharges, and events.

    Parameters
    ----------
    simulation
        What was simulated.
    files
        What was written of it.
    """
    recording, setting, knowledge = simulation.recording, simulation.setting, library()
    return plain(
        SimulateOut(
            condition=simulation.condition,
            severity=setting.severity,
            scene=setting.scene_in(knowledge),
            muscle=setting.muscle_in(knowledge),
            seed=simulation.seed,
            duration_s=recording.duration_s,
            recording=recording_out(recording),
            twitch=_twitch(simulation.twitch),
            healthy_twitch=_twitch(simulation.healthy_twitch),
            events=list(events_out(simulation.events, recording)),
            units=list(_motor_units(simulation)),
            discharges=list(_discharges(simulation)),
            parameters=dict(sorted(simulation.parameters.items())),
            files=[str(file) for file in files],
            seconds=dict(simulation.seconds),
            warnings=list(dict.fromkeys((*recording.warnings, *simulation.warnings))),
            version=version("twitchwise"),
            notice=NOTICE,
        )
    )


def data_set_as_json(data_set: "DataSet") -> Json:
    """Return what was written as a simulated data set, as ``simulate --subjects N --json`` prints it.

    Parameters
    ----------
    data_set
        What was written.
    """
    return plain(
        SimulateSetOut(
            condition=data_set.setting.condition,
            severity=data_set.setting.severity,
            folder=str(data_set.folder),
            subjects=[
                SimulatedSubjectOut(
                    label=one.label, seed=one.seed, n_discharges=one.n_discharges, events=dict(one.events)
                )
                for one in data_set.subjects
            ],
            files=[str(file) for file in data_set.files],
            seconds=dict(data_set.seconds),
            version=version("twitchwise"),
            notice=NOTICE,
        )
    )


def _motor_units(simulation: "Simulation") -> Iterator[MotorUnitOut]:
    columns = {name: getattr(simulation.units, name).tolist() for name in MotorUnitOut.__struct_fields__[1:]}
    for unit, values in enumerate(zip(*columns.values(), strict=True)):
        yield MotorUnitOut(unit=unit, **dict(zip(columns, values, strict=True)))


def _discharges(simulation: "Simulation") -> Iterator[DischargeOut]:
    table = simulation.discharges
    rows: dict[tuple[int, int, int], list[float]] = {}
    for key in zip(
        table.pool.tolist(), table.motor_unit.tolist(), table.kind.tolist(), table.time_s.tolist(), strict=True
    ):
        rows.setdefault(key[:3], []).append(key[3])
    for (pool, unit, kind), times_s in sorted(rows.items()):
        yield DischargeOut(pool=table.pools[pool], unit=unit, kind=table.kinds[kind], times_s=times_s)


def _twitch(twitch: "Twitch") -> TwitchOut:
    return TwitchOut(
        latent_period_s=twitch.latent_period_s,
        contraction_time_s=twitch.contraction_time_s,
        half_relaxation_time_s=twitch.half_relaxation_time_s,
        peak_force_n=twitch.peak_force_n,
    )
