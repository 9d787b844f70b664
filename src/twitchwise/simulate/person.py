"""One person of a data set: simulated, said of it what EMG-BIDS asks, and built in a folder, in whichever process."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from twitchwise.formats.bids import BidsSubject, BuiltRecording, EmgSetup, PackedRecording, build_recording
from twitchwise.knowledge import library
from twitchwise.signals.one_thread import one_thread
from twitchwise.simulate.firing import joined_at_the_muscle
from twitchwise.simulate.loop import LoopResult
from twitchwise.simulate.muscle import ConcentricNeedle, Grid
from twitchwise.simulate.order import Order
from twitchwise.simulate.people import height_m
from twitchwise.simulate.pickup import ANTAGONIST, Electrodes
from twitchwise.simulate.preparation import Prepared
from twitchwise.simulate.simulation import Simulation, recorded
from twitchwise.simulate.stopwatch import Stopwatch

MM = 1e3  # millimeters in a meter
COLUMNS: Mapping[str, Mapping[str, object]] = {
    "severity": {"Description": "How far the condition has gone: 0 is health, 1 what its file says, 2 twice as far."},
    "height": {"Description": "Height of the body.", "Units": "m"},
    "fat_thickness": {"Description": "Fat between the muscle and the skin.", "Units": "mm"},
    "muscle_thickness": {"Description": "Thickness of the muscle below the electrodes.", "Units": "mm"},
    "motor_units": {"Description": "Motor units of the muscle as simulated, before the condition has taken any."},
    "nerve_velocity": {"Description": "Conduction velocity of a middle motor axon to the muscle.", "Units": "m/s"},
    "simulation": {"Description": "Name of what was asked for: those who were asked for in the same words share it."},
}
"""What the columns of the table of participants mean."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectTruth:
    """One simulated person in a data set: label, seed, discharges, and the number of events of each kind."""

    label: str
    seed: int
    n_discharges: int
    events: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Person:
    """One person who is to be recorded.

    Parameters
    ----------
    label, seed
        In the data set.
    prepared, loop
        The muscle, and the run of its motor neurons; ``None`` at rest.
    n_samples
        Length of the recording.
    order
        What was asked for.
    workshop
        Folder to build files below.
    """

    label: str
    seed: int
    prepared: Prepared
    loop: LoopResult | None
    n_samples: int
    order: Order
    workshop: Path


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class RecordedPerson:
    """What became of a person: files, truth, and seconds by stage."""

    built: BuiltRecording | PackedRecording
    truth: SubjectTruth
    seconds: Mapping[str, float]


@one_thread()
def record_person(person: Person) -> RecordedPerson:
    """Simulate everything after the run of the motor neurons, and build the files of the recording.

    Raises
    ------
    UnwritableFileError
        If the folder cannot be written.
    """
    stopwatch, prepared, seed, apparatus = Stopwatch(), person.prepared, person.seed, person.order.apparatus
    with stopwatch.stage("discharges"):
        length_s = person.n_samples / apparatus.sampling_rate_hz
        firing = joined_at_the_muscle(prepared, person.loop, length_s, seed=seed)
    simulation = recorded(prepared, firing, person.n_samples, seed=seed, apparatus=apparatus, stopwatch=stopwatch)
    simulation.make()
    with stopwatch.stage("files"):
        subject = subject_of(person.label, simulation, person.order)
        built = build_recording(subject, person.workshop / subject.participant_id)
    return RecordedPerson(built=built, truth=_truth(person.label, simulation), seconds=simulation.seconds)


def subject_of(label: str, simulation: Simulation, order: Order) -> BidsSubject:
    """Return a simulation as a data set takes it."""
    knowledge, setting = library(), simulation.setting
    scene = knowledge.scenes[setting.scene_in(knowledge)]
    return BidsSubject(
        label=label,
        recording=simulation.recording,
        task=scene.id.replace("_", ""),
        events=simulation.events,
        discharges=simulation.discharges,
        participant=_participant(simulation, order),
        truth={**truth_of(simulation), "simulation": order.name, "asked_for": order.as_json()},
        setup=_setup(simulation, order.apparatus.electrodes, scene.summary),
    )


def _participant(simulation: Simulation, order: Order) -> dict[str, str | float | None]:
    """Return the columns of the table of participants, all of which `COLUMNS` or BIDS itself describe."""
    knowledge, values = library(), simulation.parameters
    muscle, traits = simulation.setting.muscle_in(knowledge), simulation.prepared.traits
    return {
        "age": None if traits.age is None else round(traits.age),
        "sex": traits.sex,
        "condition": simulation.setting.condition,
        "severity": simulation.setting.severity,
        "seed": simulation.seed,
        "muscle": "hand" if muscle is None else muscle,
        "height": round(height_m(traits, knowledge), 3),
        "fat_thickness": round(MM * values["fat_thickness"], 2),
        "muscle_thickness": round(MM * values["muscle_thickness"], 1),
        "motor_units": round(values["pool_units"]),
        "nerve_velocity": round(values["axon_conduction_velocity"], 1),
        "simulation": order.name,
    }


def _setup(simulation: Simulation, electrodes: Electrodes | None, task: str) -> EmgSetup:
    pair_m = simulation.parameters["bipolar_spacing"]
    is_needle = isinstance(electrodes, ConcentricNeedle)
    setup = EmgSetup(
        reference=_reference(electrodes),
        ground="none: simulated",
        placement="Places are set by the simulator.",
        power_line_frequency_hz=simulation.parameters["mains_frequency"],
        task_description=task,
        group="needle1" if is_needle else "grid1" if isinstance(electrodes, Grid) else "pair1",
        interelectrode_distance_m=None if is_needle else getattr(electrodes, "spacing_m", pair_m),
    )
    if all(channel.name != ANTAGONIST for channel in simulation.recording.channels):
        return setup
    # its place is told from its own muscle, not from the one that the others lie on
    other = replace(
        setup,
        reference="bipolar",
        space="antagonist",
        axes="On the skin over the antagonist: x along its fibers, y across them, z out of the body.",
        group="pair2",
        interelectrode_distance_m=pair_m,
    )
    return replace(setup, apart={ANTAGONIST: other})


def _reference(electrodes: Electrodes | None) -> str:
    if isinstance(electrodes, ConcentricNeedle):
        return "the shaft of the needle"
    is_monopolar = isinstance(electrodes, Grid) and not electrodes.differential
    return "a distant electrode" if is_monopolar else "bipolar"


def truth_of(simulation: Simulation) -> dict[str, object]:
    """Return what is known of how a recording came about, as values that JSON can hold."""
    units = {one.name: getattr(simulation.units, one.name) for one in fields(simulation.units)}
    twitch = {one.name: getattr(simulation.twitch, one.name) for one in fields(simulation.twitch)}
    return {
        "condition": simulation.condition,
        "severity": simulation.setting.severity,
        "scene": simulation.setting.scene_in(library()),
        "seed": simulation.seed,
        "person": _person(simulation),
        "motor_units": units,
        "middle_twitch": twitch,
        "parameters": dict(simulation.parameters),
    }


def _person(simulation: Simulation) -> dict[str, object]:
    traits = simulation.prepared.traits
    return {
        "age": traits.age,
        "sex": traits.sex,
        "height_m": height_m(traits, library()),
        "standard_deviations_from_the_middle": dict(traits.deviations),
    }


def _truth(label: str, simulation: Simulation) -> SubjectTruth:
    return SubjectTruth(
        label=label,
        seed=simulation.seed,
        n_discharges=len(simulation.discharges),
        events={train.kind.value: len(train) for train in simulation.events},
    )
