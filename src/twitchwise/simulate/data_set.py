"""A labeled data set: many simulated people with one condition, written as EMG-BIDS with the truth beside it."""

import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import TypeVar

from twitchwise.formats.bids import BidsDataset, PackedRecording
from twitchwise.simulate.batch import Batch, Labels, begun, make_batch
from twitchwise.simulate.condition import Setting
from twitchwise.simulate.hands import Awaited, Hands, one_hand
from twitchwise.simulate.order import Order
from twitchwise.simulate.people import ANYONE, People
from twitchwise.simulate.person import COLUMNS, RecordedPerson, SubjectTruth, record_person
from twitchwise.simulate.preparation import prepare
from twitchwise.simulate.simulation import Apparatus, checked_samples
from twitchwise.simulate.stopwatch import Stopwatch
from twitchwise.vocabulary.checks import require_within

Argument = TypeVar("Argument")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]

LEAST_DIGITS = 3  # of a label, so that labels of small and large sets look alike
TOGETHER = 32  # people whose motor neurons are stepped side by side; as many more are held meanwhile
TOGETHER_S = 1000.0  # of their recordings: a run keeps a hundred bytes of each millisecond
FAR_S = 240.0  # of recordings that come back as bytes at a time: of a grid of 64 some 60 MB
AHEAD = 2  # pieces of work for each hand that wait, so that it need not
ROUNDS = 4  # pieces of work that each hand is to get, so that all end at about the same time
_SEED = re.compile(r"([0-9]+)(\.0)?")  # up to version 0.1.0 seeds were written as 1.0
AUTHORS = ("The twitchwise developers", "The twitchwise simulator")
ABOUT = """\
Simulated with twitchwise. No person was recorded. Every discharge of every motor unit, and the numbers of every unit,
stand in `derivatives/truth`. For research and education; not a medical device.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataSet:
    """What was written now: folder, files, people, and seconds of all processes by stage; who was there before."""

    setting: Setting
    folder: Path
    files: tuple[Path, ...]
    subjects: tuple[SubjectTruth, ...]
    seconds: Mapping[str, float]
    n_before: int = 0


def simulate_data_set(  # noqa: PLR0913 - what, where, whom, how many, how recorded, and by whom
    setting: Setting | str,
    folder: Path | str,
    *,
    n_subjects: int,
    seed: int = 0,
    duration_s: float | None = None,
    apparatus: Apparatus | None = None,
    people: People | None = ANYONE,
    add: bool = False,
    hands: Hands | None = None,
    progress: Progress | None = None,
) -> DataSet:
    """Simulate many people with one condition and write them as an EMG-BIDS data set.

    People differ in age, sex, severity and build as the files of the parameters say, and their motor units, fibers and
    discharges are drawn anew. A person follows from the seed alone, whoever else there is and wherever it is made.

    Parameters
    ----------
    setting
        What to simulate; a condition's id alone stands for its own scene and muscle, with severities around 1.
    folder
        New, empty, or a data set that this program wrote: its people stay as they are, and others get labels that
        follow theirs. What was interrupted goes on when it is asked for again.
    n_subjects
        How many people the data set is to have of this setting, length, apparatus and these people, at least 1.
    seed
        At least 0; the first person's seed, the others follow. Seeds of others in the data set are passed over.
    duration_s
        Length of each recording in seconds; ``None`` for what the scene takes.
    apparatus
        Electrodes, sampling rate and number of motor units.
    people
        Whom to draw; ``None`` for people of one body and severity, whose motor units differ.
    add
        Whether ``n_subjects`` more are to be made, whoever is there.
    hands
        Who makes them, some at a time; ``None`` for this process. `twitchwise.cohort.simulate_cohort` has them made by
        processes of this machine or of a cluster.
    progress
        Told how many of how many are there; may raise to break off, which leaves a whole data set of those written.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    UnwritableFileError
        If the folder holds something else, or cannot be written.
    """
    setting = Setting(condition=setting) if isinstance(setting, str) else setting
    order = Order(setting=setting, duration_s=duration_s, apparatus=apparatus or Apparatus(), people=people)
    require_within("n_subjects", n_subjects, 1, math.inf)
    length_s = _possible_samples(order, seed) / order.apparatus.sampling_rate_hz
    name, stopwatch = f"twitchwise simulation: {setting.condition}", Stopwatch()
    files: list[Path] = []
    made: list[SubjectTruth] = []
    with (
        BidsDataset.create(
            folder, name=name, about=ABOUT, license_name="CC0", authors=AUTHORS, columns=COLUMNS
        ) as data_set,
        data_set.workshop() as workshop,
    ):
        seeds = _seeds(data_set, order, seed, n_subjects, add=add)
        labels, n_before = _labels(data_set, seeds), 0 if add else n_subjects - len(seeds)
        for person in _recorded(order, length_s, labels, workshop, hands, stopwatch):
            stopwatch.add(person.seconds)
            with stopwatch.stage("files"):
                files += _taken(data_set, person, workshop)
            made.append(person.truth)
            if progress is not None:
                progress(n_before + len(made), n_subjects)
    return DataSet(
        setting=setting,
        folder=Path(folder),
        files=tuple(files),
        subjects=tuple(made),
        seconds=stopwatch.seconds,
        n_before=n_before,
    )


def _possible_samples(order: Order, seed: int) -> int:
    """Return the length of each recording, or refuse before anything is written what could not be simulated.

    It is asked of the most severe person there may be.
    """
    people, setting = order.people, order.setting
    if people is not None and people.severity is not None:
        setting = replace(setting, severity=people.severity.high)
    return checked_samples(prepare(setting, seed=seed, n_units=1), order.duration_s, order.apparatus.sampling_rate_hz)


def _recorded(
    order: Order, length_s: float, labels: Labels, workshop: Path, hands: Hands | None, stopwatch: Stopwatch
) -> Iterator[RecordedPerson]:
    """Give one person after the other, in the order of their labels, whoever makes them."""
    if hands is not None:
        place, size = workshop if hands.share_the_disk else None, _together(length_s, len(labels), hands)
        batches = (Batch(order=order, labels=some, workshop=place) for some in _batches(labels, size))
        yield from chain.from_iterable(_ahead(hands, make_batch, batches, AHEAD * hands.n_hands))
        return
    with one_hand(is_awaited=False) as thread, one_hand(is_awaited=True) as other:
        begin = partial(begun, order, workshop=workshop, stopwatch=stopwatch)
        waiting = chain.from_iterable(_ahead(thread, begin, _batches(labels, _together(length_s, len(labels))), 1))
        yield from _ahead(other, record_person, waiting, AHEAD)


def _together(length_s: float, n_people: int, hands: Hands | None = None) -> int:
    """Return how many people are stepped side by side: fewer of long recordings, and so that every hand gets some."""
    fair = TOGETHER if hands is None else -(-n_people // (ROUNDS * hands.n_hands))
    at_once_s = TOGETHER_S if hands is None or hands.share_the_disk else FAR_S
    most = max(1, min(TOGETHER, fair, int(at_once_s / length_s)))
    return 1 << (most.bit_length() - 1)  # each size is compiled once, so that there are to be few


def _taken(data_set: BidsDataset, person: RecordedPerson, workshop: Path) -> list[Path]:
    built = person.built
    if isinstance(built, PackedRecording):
        built = built.unpacked(workshop / built.built.participant_id)
    return data_set.take(built)


def _ahead(
    hands: Hands, work: Callable[[Argument], Result], arguments: Iterable[Argument], n_ahead: int
) -> Iterator[Result]:
    """Give one result after the other, while some more are worked on."""
    waiting: deque[Awaited[Result]] = deque()
    for argument in arguments:
        waiting.append(hands.submit(work, argument))
        if len(waiting) > n_ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _labels(data_set: BidsDataset, seeds: Sequence[int]) -> Labels:
    """Return labels that follow those of the data set, with the seeds."""
    first = 1 + max((int(label) for label in data_set.subject_labels if label.isdecimal()), default=0)
    digits = max(LEAST_DIGITS, len(str(first + len(seeds) - 1)))
    return [(f"{first + number:0{digits}d}", seed) for number, seed in enumerate(seeds)]


def _seeds(data_set: BidsDataset, order: Order, seed: int, n_subjects: int, *, add: bool) -> list[int]:
    """Return the seeds of people who are yet to be made.

    With the same seed two people would be alike, so that seeds of those who are there are passed over. Unless more are
    to be added, those who were asked for in the same words count as made.
    """
    ours: set[int] = set()
    others: set[int] = set()
    there = {f"sub-{label}" for label in data_set.subject_labels}
    for participant, row in data_set.participants.items():
        found = _SEED.fullmatch(row.get("seed", ""))
        if found and participant in there:
            (ours if row.get("simulation") == order.name else others).add(int(found[1]))
    passed_over = others | ours if add else others
    wanted = islice((number for number in count(seed) if number not in passed_over), n_subjects)
    return [number for number in wanted if number not in ours]


def _batches(labels: Labels, size: int) -> Iterator[Labels]:
    yield from (labels[at : at + size] for at in range(0, len(labels), size))
