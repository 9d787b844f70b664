"""A labeled data set: many simulated people with one condition, written as EMG-BIDS with the truth beside it."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

from twitchwise.formats.bids import BidsDataset, BidsSubject, EmgSetup
from twitchwise.knowledge import library
from twitchwise.simulate.condition import Setting
from twitchwise.simulate.firing import is_active, joined_at_the_muscle, subject_of
from twitchwise.simulate.loop import LoopResult, run_many
from twitchwise.simulate.muscle import ConcentricNeedle, Grid
from twitchwise.simulate.pickup import Electrodes
from twitchwise.simulate.preparation import Prepared, prepare, prepare_people
from twitchwise.simulate.simulation import Apparatus, Simulation, checked_samples, recorded
from twitchwise.simulate.stopwatch import Stopwatch
from twitchwise.vocabulary.checks import require_within

Progress = Callable[[int, int], None]
LEAST_DIGITS = 3  # of a label, so that labels of small and large sets look alike
WORKERS = 2  # people made at a time; the arrays of each take a core most of the time
TOGETHER = 64  # subjects whose motor neurons are stepped side by side, and whose discharges are held at a time
AUTHORS = ("The twitchwise developers", "The twitchwise simulator")
ABOUT = """\
Simulated with twitchwise. No person was recorded. Every discharge of every motor unit, and the numbers of every unit,
stand in `derivatives/truth`. For research and education; not a medical device.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectTruth:
    """One simulated person in a data set: label, seed, discharges, and the number of events of each kind."""

    label: str
    seed: int
    n_discharges: int
    events: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class DataSet:
    """What was written: folder, files, people, and seconds by stage."""

    setting: Setting
    folder: Path
    files: tuple[Path, ...]
    subjects: tuple[SubjectTruth, ...]
    seconds: Mapping[str, float]


def simulate_data_set(  # noqa: PLR0913 - what, where, how many, and how recorded
    setting: Setting | str,
    folder: Path | str,
    *,
    n_subjects: int,
    seed: int = 0,
    duration_s: float | None = None,
    apparatus: Apparatus | None = None,
    progress: Progress | None = None,
) -> DataSet:
    """Simulate many people with one condition and write them as an EMG-BIDS data set.

    People differ: motor units, fibers and discharges are drawn anew for each, and so are the numbers of the condition
    and of the tissue, within the spread that ``between_people_spread`` gives.

    Parameters
    ----------
    setting
        What to simulate; a condition's id alone stands for its own scene and muscle at severity 1.
    folder
        New, empty, or a data set that this program wrote.
    n_subjects
        How many people, at least 1.
    seed
        At least 0; the first person's seed, the others follow.
    duration_s
        Length of each recording in seconds; ``None`` for what the scene takes.
    apparatus
        Electrodes, sampling rate and number of motor units.
    progress
        Told how many of how many are done; may raise to break off, which leaves a whole data set of those written.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    UnwritableFileError
        If the folder holds something else, or cannot be written.
    """
    setting = Setting(condition=setting) if isinstance(setting, str) else setting
    apparatus, stopwatch = apparatus or Apparatus(), Stopwatch()
    require_within("n_subjects", n_subjects, 1, math.inf)
    # refused before anything is written: what is asked for once, as the first person would be asked
    checked_samples(prepare(setting, seed=seed, n_units=1), duration_s, apparatus.sampling_rate_hz)
    name = f"twitchwise simulation: {setting.condition}"
    digits = max(LEAST_DIGITS, len(str(n_subjects)))
    files: list[Path] = []
    people: list[SubjectTruth] = []
    with BidsDataset.create(folder, name=name, about=ABOUT, license_name="CC0", authors=AUTHORS) as data_set:
        for simulation in _simulated(setting, n_subjects, seed, duration_s, apparatus, stopwatch):
            label = f"{simulation.seed - seed + 1:0{digits}d}"
            with stopwatch.stage("files"):
                files += data_set.add(_subject(label, simulation, apparatus))
            people.append(_truth(label, simulation))
            if progress is not None:
                progress(len(people), n_subjects)
    return DataSet(
        setting=setting, folder=Path(folder), files=tuple(files), subjects=tuple(people), seconds=stopwatch.seconds
    )


def _simulated(
    setting: Setting,
    n_subjects: int,
    seed: int,
    duration_s: float | None,
    apparatus: Apparatus,
    stopwatch: Stopwatch,
) -> Iterator[Simulation]:
    """Give one person after the other; the motor neurons of several are stepped side by side."""
    for first in range(0, n_subjects, TOGETHER):
        seeds = range(seed + first, seed + min(first + TOGETHER, n_subjects))
        with stopwatch.stage("units_and_axon"):
            muscles = prepare_people(setting, seeds=seeds, n_units=apparatus.n_units)
        n_samples = checked_samples(muscles[0], duration_s, apparatus.sampling_rate_hz)
        length_s = n_samples / apparatus.sampling_rate_hz
        with stopwatch.stage("discharges"):
            loops = list(_loops(muscles, list(seeds), length_s))
        make = partial(_made, n_samples=n_samples, apparatus=apparatus, stopwatch=stopwatch)
        yield from _ahead(make, list(zip(muscles, loops, seeds, strict=True)))


def _made(
    muscle: Prepared,
    loop: LoopResult | None,
    seed: int,
    *,
    n_samples: int,
    apparatus: Apparatus,
    stopwatch: Stopwatch,
) -> Simulation:
    with stopwatch.stage("discharges"):
        firing = joined_at_the_muscle(muscle, loop, n_samples / apparatus.sampling_rate_hz, seed=seed)
    simulation = recorded(muscle, firing, n_samples, seed=seed, apparatus=apparatus, stopwatch=stopwatch)
    simulation.make()
    return simulation


def _ahead(
    make: "Callable[..., Simulation]", people: Sequence[tuple[Prepared, LoopResult | None, int]]
) -> Iterator[Simulation]:
    """Give one after the other, while as many as there are workers are made ahead."""
    with ThreadPoolExecutor(WORKERS) as workers:
        waiting = deque(workers.submit(make, *person) for person in people[:WORKERS])
        for number in range(len(people)):
            finished = waiting.popleft().result()
            if number + WORKERS < len(people):
                waiting.append(workers.submit(make, *people[number + WORKERS]))
            yield finished


def _loops(muscles: list[Prepared], seeds: list[int], duration_s: float) -> Iterator[LoopResult | None]:
    if not is_active(muscles[0]):
        yield from (None for _ in muscles)
        return
    subjects = [subject_of(one, seed) for one, seed in zip(muscles, seeds, strict=True)]
    yield from run_many(subjects, duration_s=duration_s, motion=True)


def _subject(label: str, simulation: Simulation, apparatus: Apparatus) -> BidsSubject:
    knowledge, setting = library(), simulation.setting
    muscle = setting.muscle_in(knowledge)
    scene = knowledge.scenes[setting.scene_in(knowledge)]
    electrodes = apparatus.electrodes
    spacing = getattr(electrodes, "spacing_m", simulation.parameters["bipolar_spacing"])
    return BidsSubject(
        label=label,
        recording=simulation.recording,
        task=scene.id.replace("_", ""),
        events=simulation.events,
        discharges=simulation.discharges,
        participant={
            "condition": setting.condition,
            "severity": setting.severity,
            "seed": float(simulation.seed),
            "muscle": "hand" if muscle is None else muscle,
        },
        truth=truth_of(simulation),
        setup=EmgSetup(
            reference=_reference(electrodes),
            ground="none: simulated",
            placement="Places are set by the simulator.",
            power_line_frequency_hz=simulation.parameters["mains_frequency"],
            task_description=scene.summary,
            group="grid1",
            interelectrode_distance_m=None if isinstance(electrodes, ConcentricNeedle) else spacing,
        ),
    )


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
        "motor_units": units,
        "middle_twitch": twitch,
        "parameters": dict(simulation.parameters),
    }


def _truth(label: str, simulation: Simulation) -> SubjectTruth:
    return SubjectTruth(
        label=label,
        seed=simulation.seed,
        n_discharges=len(simulation.discharges),
        events={train.kind.value: len(train) for train in simulation.events},
    )
