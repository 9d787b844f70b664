"""Some people of a data set at a time: their motor neurons are stepped side by side, wherever that is done."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from twitchwise.formats.bids import PackedRecording
from twitchwise.signals.one_thread import one_thread
from twitchwise.simulate.firing import is_active, subject_of
from twitchwise.simulate.loop import LoopResult, run_many
from twitchwise.simulate.order import Order
from twitchwise.simulate.person import Person, RecordedPerson, record_person
from twitchwise.simulate.preparation import Prepared, prepare_people
from twitchwise.simulate.simulation import checked_samples
from twitchwise.simulate.stopwatch import Stopwatch

Labels = Sequence[tuple[str, int]]
"""Labels and seeds of people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Some people who are to be made, in a few hundred bytes.

    Parameters
    ----------
    order
        What was asked for.
    labels
        Label and seed of each.
    workshop
        Folder to build files below; ``None`` where that disk is not seen, and files are to come back as bytes.
    """

    order: Order
    labels: Labels
    workshop: Path | None


def make_batch(batch: Batch) -> list[RecordedPerson]:
    """Simulate and build some people from beginning to end; any process of any machine may do it.

    Raises
    ------
    UnwritableFileError
        If a folder cannot be written.
    """
    if batch.workshop is not None:
        return [record_person(person) for person in begun(batch.order, batch.labels, batch.workshop, Stopwatch())]
    with tempfile.TemporaryDirectory(prefix="twitchwise") as folder:
        people = begun(batch.order, batch.labels, Path(folder), Stopwatch())
        return [_packed(record_person(person)) for person in people]


@one_thread()
def begun(order: Order, labels: Labels, workshop: Path, stopwatch: Stopwatch) -> list[Person]:
    """Return people up to the run of their motor neurons.

    Parameters
    ----------
    order, labels, workshop
        As of a `Batch`.
    stopwatch
        Is told the seconds by stage.
    """
    seeds = [seed for _, seed in labels]
    with stopwatch.stage("units_and_axon"):
        muscles = prepare_people(order.setting, seeds=seeds, n_units=order.apparatus.n_units, people=order.people)
    rate_hz = order.apparatus.sampling_rate_hz
    n_samples = checked_samples(muscles[0], order.duration_s, rate_hz)
    with stopwatch.stage("discharges"):
        loops = _loops(muscles, seeds, n_samples / rate_hz)
    return [
        Person(
            label=label,
            seed=seed,
            # another process takes a plain dictionary
            prepared=replace(muscle, parameters=dict(muscle.parameters)),
            loop=loop,
            n_samples=n_samples,
            order=order,
            workshop=workshop,
        )
        for (label, seed), muscle, loop in zip(labels, muscles, loops, strict=True)
    ]


def _loops(muscles: Sequence[Prepared], seeds: Sequence[int], duration_s: float) -> list[LoopResult | None]:
    """Return the run of each person who is active."""
    active = [is_active(one) for one in muscles]
    subjects = [subject_of(one, seed) for one, seed, moves in zip(muscles, seeds, active, strict=True) if moves]
    loops = run_many(subjects, duration_s=duration_s, motion=True)
    return [next(loops) if moves else None for moves in active]


def _packed(person: RecordedPerson) -> RecordedPerson:
    built = person.built
    return person if isinstance(built, PackedRecording) else replace(person, built=PackedRecording.of(built))
