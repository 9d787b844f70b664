"""Checks what a plan takes of the detector: some people are rendered to EMG, measured, and held against their truth."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from twitchwise.cohort.power.search import share
from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.measure import measure_recording
from twitchwise.measure.rate_interval import poisson_interval
from twitchwise.signals import EventTrain
from twitchwise.simulate.condition import Setting
from twitchwise.simulate.firing import fire
from twitchwise.simulate.people import People
from twitchwise.simulate.preparation import prepare_people
from twitchwise.simulate.simulation import Apparatus, recorded
from twitchwise.simulate.stopwatch import Stopwatch
from twitchwise.vocabulary import EventKind, TwitchwiseError
from twitchwise.vocabulary.arrays import FloatArray

NEAR_S = 0.01  # of a true event's span, as in the benchmarks
_MINUTE_S = 60.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderedPerson:
    """One person who was rendered and measured.

    Parameters
    ----------
    seed
        Of the person.
    minutes
        Of the recording.
    n_true, n_found, n_matched
        Events there were, events that were found, and pairs of both.
    refused
        Why it could not be measured; empty if it was.
    """

    seed: int
    minutes: float
    n_true: int
    n_found: int
    n_matched: int
    refused: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """What became of the true events of people who were rendered.

    Parameters
    ----------
    people
        Each of them.
    sensitivity
        Share of true events that were found.
    false_alarms_per_min
        Events found that are none.
    """

    people: tuple[RenderedPerson, ...]
    sensitivity: Estimate
    false_alarms_per_min: Estimate


def render(
    setting: Setting, *, n_people: int, minutes: float, seed: int = 0, progress: Progress | None = None
) -> Rendered:
    """Render people of a condition at rest, measure them, and compare.

    Parameters
    ----------
    setting
        Condition, severity and muscle.
    n_people, minutes, seed
        How many, how long each, and the first one's seed.
    progress
        Told how many of how many are done; may raise to break off.
    """
    people = []
    for number, one in enumerate(_people(setting, range(seed, seed + n_people), minutes), start=1):
        people.append(one)
        if progress is not None:
            progress(number, n_people)
    measured = [one for one in people if not one.refused]
    true, matched = sum(one.n_true for one in measured), sum(one.n_matched for one in measured)
    false, length = sum(one.n_found for one in measured) - matched, sum(one.minutes for one in measured)
    low, high = poisson_interval(false)
    return Rendered(
        people=tuple(people),
        sensitivity=share(matched, true) if true else Estimate(value=float("nan")),
        false_alarms_per_min=(
            Estimate(value=false / length, low=low / length, high=high / length)
            if measured
            else Estimate(value=float("nan"))
        ),
    )


def _people(setting: Setting, seeds: Sequence[int], minutes: float) -> Iterator[RenderedPerson]:
    apparatus = Apparatus()
    n_samples = round(minutes * _MINUTE_S * apparatus.sampling_rate_hz)
    duration_s = n_samples / apparatus.sampling_rate_hz
    at_rest = replace(setting, scene="rest")
    for seed in seeds:
        prepared = prepare_people(at_rest, seeds=[seed], people=People())[0]
        firing = fire(prepared, duration_s, seed=seed)
        simulation = recorded(prepared, firing, n_samples, seed=seed, apparatus=apparatus, stopwatch=Stopwatch())
        true = [one for one in simulation.events if one.kind is EventKind.FASCICULATION_POTENTIAL]
        try:
            events = measure_recording(simulation.recording).events
        except TwitchwiseError as refusal:
            yield RenderedPerson(
                seed=seed,
                minutes=minutes,
                n_true=sum(map(len, true)),
                n_found=0,
                n_matched=0,
                refused=str(refusal.sentence),
            )
            continue
        found = [one.peak_s for one in events if one.kind is EventKind.FASCICULATION_POTENTIAL]
        moments = np.sort(np.concatenate([np.empty(0), *found]))
        yield RenderedPerson(
            seed=seed,
            minutes=minutes,
            n_true=sum(map(len, true)),
            n_found=int(moments.size),
            n_matched=sum(matches(moments, one) for one in true),
        )


def matches(found_s: FloatArray, true: EventTrain) -> int:
    """Return how many true events have a found moment of their own in or near their span.

    Both are taken in order of time, each moment by the first event that it fits.
    """
    n_matched, at = 0, 0
    for start, end in zip(true.start_s, true.end_s, strict=True):
        while at < found_s.size and found_s[at] < start - NEAR_S:
            at += 1
        if at < found_s.size and found_s[at] <= end + NEAR_S:
            n_matched += 1
            at += 1
    return n_matched
