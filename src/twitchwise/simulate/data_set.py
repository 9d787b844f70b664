"""A labeled data set: many simulated people with one condition, written as EMG-BIDS with the truth beside it."""

import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from twitchwise.formats.bids import BidsDataset
from twitchwise.simulate.condition import Setting
from twitchwise.simulate.firing import is_active, subject_of
from twitchwise.simulate.loop import LoopResult, run_many
from twitchwise.simulate.person import Person, SubjectTruth, record_person
from twitchwise.simulate.preparation import Prepared, prepare, prepare_people
from twitchwise.simulate.processes import MOST, Hands, Processes, n_cores, one_thread
from twitchwise.simulate.simulation import Apparatus, checked_samples
from twitchwise.simulate.stopwatch import Stopwatch
from twitchwise.vocabulary.checks import require_within

if TYPE_CHECKING:
    from concurrent.futures import Future

Argument = TypeVar("Argument")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
Labels = Sequence[tuple[str, int]]
"""Labels and seeds of people."""

LEAST_DIGITS = 3  # of a label, so that labels of small and large sets look alike
TOGETHER = 32  # people whose motor neurons are stepped side by side; as many more are held meanwhile
MANY = 16  # people: with fewer, starting processes takes longer than they spare
AHEAD = 2  # people for each process who wait, so that it need not
_SEED = re.compile(r"([0-9]+)(\.0)?")  # up to version 0.1.0 seeds were written as 1.0
AUTHORS = ("The twitchwise developers", "The twitchwise simulator")
ABOUT = """\
Simulated with twitchwise. No person was recorded. Every discharge of every motor unit, and the numbers of every unit,
stand in `derivatives/truth`. For research and education; not a medical device.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataSet:
    """What was written: folder, files, people, and seconds of all processes by stage."""

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
    and of the tissue, within the spread that ``between_people_spread`` gives. Many people are made in as many processes
    as there are cores; a person does not depend on their number.

    Parameters
    ----------
    setting
        What to simulate; a condition's id alone stands for its own scene and muscle at severity 1.
    folder
        New, empty, or a data set that this program wrote: its people stay as they are, and these are added under labels
        that follow theirs.
    n_subjects
        How many people to add, at least 1.
    seed
        At least 0; the first person's seed, the others follow. Seeds of people who are in the data set are passed over.
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
    files: list[Path] = []
    people: list[SubjectTruth] = []
    with (
        BidsDataset.create(folder, name=name, about=ABOUT, license_name="CC0", authors=AUTHORS) as data_set,
        data_set.workshop() as workshop,
        one_thread(is_awaited=False) as thread,
        _hands(n_subjects) as hands,
    ):
        begin = partial(_begun, setting, duration_s, apparatus, workshop, stopwatch)
        batches = _batches(_labels(data_set, n_subjects), _seeds(data_set, seed, n_subjects))
        begun = chain.from_iterable(_ahead(thread, begin, batches, 1))
        for person in _ahead(hands, record_person, begun, AHEAD * min(n_cores(), MOST)):
            stopwatch.add(person.seconds)
            with stopwatch.stage("files"):
                files += data_set.take(person.built)
            people.append(person.truth)
            if progress is not None:
                progress(len(people), n_subjects)
    return DataSet(
        setting=setting, folder=Path(folder), files=tuple(files), subjects=tuple(people), seconds=stopwatch.seconds
    )


def _hands(n_subjects: int) -> AbstractContextManager[Hands]:
    """Return what makes people: processes where there are many of both."""
    if n_subjects < MANY or n_cores() == 1:
        return one_thread(is_awaited=True)
    return Processes(min(n_cores(), MOST))


def _ahead(
    hands: Hands, work: Callable[[Argument], Result], arguments: Iterable[Argument], n_ahead: int
) -> Iterator[Result]:
    """Give one result after the other, while some more are worked on."""
    waiting: deque[Future[Result]] = deque()
    for argument in arguments:
        waiting.append(hands.submit(work, argument))
        if len(waiting) > n_ahead:
            yield waiting.popleft().result()
    for future in waiting:
        yield future.result()


def _labels(data_set: BidsDataset, n_subjects: int) -> list[str]:
    """Return the labels that follow those of the data set."""
    first = 1 + max((int(label) for label in data_set.subject_labels if label.isdecimal()), default=0)
    digits = max(LEAST_DIGITS, len(str(first + n_subjects - 1)))
    return [f"{number:0{digits}d}" for number in range(first, first + n_subjects)]


def _seeds(data_set: BidsDataset, seed: int, n_subjects: int) -> list[int]:
    """Return seeds from one on that nobody in the data set has; with the same seed two people would be alike."""
    there = {f"sub-{label}" for label in data_set.subject_labels}
    found = [_SEED.fullmatch(row.get("seed", "")) for name, row in data_set.participants.items() if name in there]
    taken = {int(match[1]) for match in found if match}
    return list(islice((number for number in count(seed) if number not in taken), n_subjects))


def _batches(labels: Sequence[str], seeds: Sequence[int]) -> Iterator[Labels]:
    people = list(zip(labels, seeds, strict=True))
    yield from (people[at : at + TOGETHER] for at in range(0, len(people), TOGETHER))


def _begun(
    setting: Setting,
    duration_s: float | None,
    apparatus: Apparatus,
    workshop: Path,
    stopwatch: Stopwatch,
    labels: Labels,
) -> list[Person]:
    """Return people up to the run of their motor neurons, which are stepped side by side."""
    seeds = [seed for _, seed in labels]
    with stopwatch.stage("units_and_axon"):
        muscles = prepare_people(setting, seeds=seeds, n_units=apparatus.n_units)
    n_samples = checked_samples(muscles[0], duration_s, apparatus.sampling_rate_hz)
    with stopwatch.stage("discharges"):
        loops = _loops(muscles, seeds, n_samples / apparatus.sampling_rate_hz)
    return [
        Person(
            label=label,
            seed=seed,
            # another process takes a plain dictionary
            prepared=replace(muscle, parameters=dict(muscle.parameters)),
            loop=loop,
            n_samples=n_samples,
            apparatus=apparatus,
            workshop=workshop,
        )
        for (label, seed), muscle, loop in zip(labels, muscles, loops, strict=True)
    ]


def _loops(muscles: Sequence[Prepared], seeds: Sequence[int], duration_s: float) -> list[LoopResult | None]:
    if not is_active(muscles[0]):
        return [None for _ in muscles]
    subjects = [subject_of(one, seed) for one, seed in zip(muscles, seeds, strict=True)]
    return list(run_many(subjects, duration_s=duration_s, motion=True))
