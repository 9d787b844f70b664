"""Measuring a recording: each part of the measuring takes the channels it can use, and the results are put together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.clonus_or_tremor import with_doubts
from twitchwise.measure.results import RecordingMeasurements
from twitchwise.measure.spreading import OnOneThread, Spread, ToldHere, one_by_one
from twitchwise.signals import Recording
from twitchwise.signals.one_thread import one_thread
from twitchwise.vocabulary import OutOfRangeError, Side, Task, TwitchwiseError
from twitchwise.vocabulary.text import say, together
from twitchwise.vocabulary.words import CHANNEL_WORDS

Part = Callable[[Recording, Asked, Progress], RecordingMeasurements | None]
"""Measures what it can use of a recording, or returns ``None`` where there is nothing for it."""

_TASK = "task: "
"""How a reader notes the task over a whole recording."""


def measure_recording(  # noqa: PLR0913 - each says one thing that the recording leaves open
    recording: Recording,
    *,
    discharges: bool = False,
    task: Task | None = None,
    site: str | None = None,
    side: Side | None = None,
    progress: Progress | None = None,
    spread: Spread | None = None,
) -> RecordingMeasurements:
    """Measure what a recording shows: fasciculation potentials, tremor, clonus and spasms, movements in sleep.

    Parameters
    ----------
    recording
        Any recording with a channel of EMG, force or motion. A recording whose only channel is of unknown kind is taken
        as EMG, with a warning.
    discharges
        Whether to look for every discharge of every motor unit too.
    task
        What the person did meanwhile, where motion was recorded and the file does not note it.
    site, side
        The part of the body and the side that the sensors were on, where the file does not say.
    progress
        Is told how much is done, from 0 to 1.
    spread
        Has the pieces of the work done, such as in other processes, where the recording must be one that can be sent;
        one after the other in this process unless given. The result is the same.

    Returns
    -------
    RecordingMeasurements
        What was not seen comes with the time looked and an upper bound; what could not be judged is missing, with a
        warning.

    Raises
    ------
    OutOfRangeError
        If there is no channel that anything can be measured on.
    UnreadableRecordingError
        If no channel can be analyzed: too slow, too short, missing, constant, or in a unit that it cannot have.

    Examples
    --------
    >>> import numpy as np
    >>> from twitchwise.signals import ArraySource, Channel
    >>> from twitchwise.vocabulary import ChannelKind, Unit
    >>> noise = np.random.default_rng(1).normal(scale=3e-6, size=300_000)
    >>> calf = Channel(name="calf", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=2000.0, n_samples=300_000)
    >>> quiet = Recording(name="x", format="array", channels=(calf,), source=ArraySource([noise]))
    >>> [(m.value, round(m.high, 1)) for m in measure_recording(quiet).measurements if m.id == "fasciculation_rate"]
    [(0.0, 1.2)]
    """
    pieces = OnOneThread(spread or one_by_one)
    asked = Asked(discharges=discharges, task=task or _noted_task(recording), site=site, side=side, spread=pieces)
    with one_thread():
        return _measured(recording, asked, progress or (lambda _: None))


def _measured(recording: Recording, asked: Asked, told: Progress) -> RecordingMeasurements:
    parts = _parts()
    results, refusals = dict[Part, RecordingMeasurements](), list[TwitchwiseError]()
    for number, (part, found) in enumerate(zip(parts, _found(parts, recording, asked, told), strict=True), start=1):
        if isinstance(found, TwitchwiseError):
            refusals.append(found)
        elif found is not None:
            results[part] = found
        told(number / len(parts))
    if not results:
        raise refusals[0] if refusals else OutOfRangeError(_nothing_to_measure(recording))
    found_by = dict(zip(results, with_doubts(tuple(results.values())), strict=True))
    movements = dict.fromkeys(one.summary for part, one in found_by.items() if part is not parts[0] and one.summary)
    whole = _together(recording, tuple(found_by.values()), refusals)
    return replace(whole, movement_summary=together(movements))


Found = RecordingMeasurements | TwitchwiseError | None
"""What came of a part: results, a refusal, or nothing for it to measure."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Measuring:
    """A part with all that it needs."""

    part: Part
    recording: Recording
    asked: Asked
    progress: Progress


def _found(parts: Sequence[Part], recording: Recording, asked: Asked, told: Progress) -> Iterator[Found]:
    """Give what the parts find; the first one spreads its own pieces, and each of the others is a piece beside them."""
    first, *others = (
        _Measuring(
            part=part,
            recording=recording,
            asked=asked if number == 0 else asked.in_one_piece(),
            progress=ToldHere(partial(_told_of_part, told, number, len(parts))),
        )
        for number, part in enumerate(parts)
    )
    beside = asked.spread(_found_by, others)  # elsewhere they begin before the first one does
    yield _found_by(first)
    yield from beside


def _found_by(one: _Measuring) -> Found:
    try:
        return one.part(one.recording, one.asked, one.progress)
    except TwitchwiseError as refusal:
        return refusal


def _parts() -> tuple[Part, ...]:
    """Return the parts; they need scipy, which takes a third of a second to load: only when something is measured."""
    from twitchwise.measure.emg.recording import measure_emg  # noqa: PLC0415
    from twitchwise.measure.motion.spasticity import measure_spasticity  # noqa: PLC0415
    from twitchwise.measure.motion.tremor import measure_tremor  # noqa: PLC0415
    from twitchwise.measure.sleep import measure_sleep  # noqa: PLC0415

    return measure_emg, measure_tremor, measure_spasticity, measure_sleep


def _noted_task(recording: Recording) -> Task | None:
    """Return the one task that the file notes, as ``task: rest``, or ``None``."""
    noted = {one.text.removeprefix(_TASK) for one in recording.annotations if one.text.startswith(_TASK)}
    known = [task for task in Task if task.value in noted]
    return known[0] if len(known) == 1 else None


def _told_of_part(told: Progress, number: int, n_parts: int, share: float) -> None:
    told((number + share) / n_parts)


def _nothing_to_measure(recording: Recording) -> str:
    kinds = sorted({channel.kind for channel in recording.channels})
    return say(
        "channels of {recording!r} must include EMG or movement, beside which force is measured, got only {kinds}.",
        recording=recording.name,
        kinds=together([CHANNEL_WORDS[kind] for kind in kinds], ", "),
    )


def _together(
    recording: Recording, results: Sequence[RecordingMeasurements], refusals: Sequence[TwitchwiseError]
) -> RecordingMeasurements:
    """Put the results of the parts together, and say what no part could use."""
    warnings = (
        *recording.warnings,
        *chain.from_iterable(one.warnings for one in results),
        *(one.sentence for one in refusals),
    )
    summaries = dict.fromkeys(one.summary for one in results if one.summary)
    quality = {one.channel: one for result in reversed(results) for one in result.quality}
    order = [channel.name for channel in recording.channels if channel.name in quality]
    return RecordingMeasurements(
        measurements=tuple(chain.from_iterable(one.measurements for one in results)),
        events=tuple(chain.from_iterable(one.events for one in results)),
        quality=tuple(quality[name] for name in order),
        rest={name: rest for one in results for name, rest in one.rest.items()},
        warnings=tuple(dict.fromkeys((*warnings, *_unused(recording, quality)))),
        summary=together(summaries),
        discharges=tuple(chain.from_iterable(one.discharges for one in results)),
        units=tuple(chain.from_iterable(one.units for one in results)),
        potentials=tuple(chain.from_iterable(one.potentials for one in results)),
        unusable={name: lost for one in results for name, lost in one.unusable.items()},
    )


def _unused(recording: Recording, judged: Mapping[str, object]) -> tuple[str, ...]:
    unused = [
        say("{channel!r} ({kind})", channel=channel.name, kind=CHANNEL_WORDS[channel.kind])
        for channel in recording.channels
        if channel.name not in judged
    ]
    return (say("Not analyzed: {channels}.", channels=together(unused, ", ")),) if unused else ()
