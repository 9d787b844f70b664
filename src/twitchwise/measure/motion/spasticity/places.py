"""Where a sensor is worn, as far as the recording says, and what its notes say was done."""

import re
from collections.abc import Iterable
from enum import Enum

import numpy as np

from twitchwise.measure.asked import Asked
from twitchwise.measure.emg.causes import causes_in
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind, Side
from twitchwise.vocabulary.arrays import FloatArray

_LEG = re.compile(
    r"\b(legs?|foot|feet|ankles?|calf|calves|shank|shin|thigh|knees?|toes?|heel|lower.?limb|lower.?leg|soleus|"
    r"gastrocnemius|triceps.?surae|tibialis|peron(eus|eal)|quadriceps|vast(us|i)|rectus.?femoris|hamstrings?|"
    r"biceps.?femoris|semi(tendinosus|membranosus)|adductors?)\b",
    re.IGNORECASE,
)
_ARM = re.compile(
    r"\b(arms?|hands?|wrists?|fingers?|thumb|elbow|forearm|shoulder|biceps.?brachii|triceps.?brachii|deltoid|thenar|"
    r"interosse(us|ous)|extensor.?carpi|flexor.?carpi|head|neck|face|jaw|chin|tongue|eyelid|trunk|chest|waist|pocket)\b",
    re.IGNORECASE,
)
_SPASM = re.compile(r"\bspas(m|ms|tic|ticity)\b", re.IGNORECASE)
_PENDULUM = re.compile(r"\b(pendulum|wartenberg|leg.?drop)\b", re.IGNORECASE)
_SLEEP = re.compile(r"\b(sleep.?stage|stage\s?[123wr]|n[123]|rem|lights?.?off|lights?.?out)\b", re.IGNORECASE)


class Place(Enum):
    """Part of the body, as far as it matters for spasticity."""

    LEG = "leg"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


def place_of(channels: Iterable[Channel], asked: Asked) -> Place:
    """Return where channels of one sensor lie, by the file's site, then their names, then what a person says.

    Examples
    --------
    >>> from twitchwise.vocabulary import Unit
    >>> def emg(name: str) -> Channel:
    ...     return Channel(name=name, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=9)
    >>> [place_of([emg(name)], Asked()).value for name in ("R_soleus", "biceps brachii", "EMG 1")]
    ['leg', 'elsewhere', 'unknown']
    """
    first = next(iter(channels))
    for words in (first.site, first.array, first.name, asked.site):
        spelled = "" if words is None else re.sub(r"[_\-./]+", " ", words)
        if _LEG.search(spelled):
            return Place.LEG
        if _ARM.search(spelled):
            return Place.ELSEWHERE
    return Place.UNKNOWN


def side_of(channels: Iterable[Channel], asked: Asked) -> Side | None:
    """Return the side that a sensor is on, as far as the file or a person says."""
    return next(iter(channels)).side or asked.side


def stretches_noted_s(recording: Recording) -> FloatArray:
    """Return when stretches and taps were noted, in order, in seconds from the start."""
    causes = causes_in(recording)
    return np.sort(np.concatenate([causes.stretches_s, causes.taps_s]))


def spasms_are_noted(recording: Recording) -> bool:
    """Tell whether a note names spasms or spasticity; when they were is not read from it."""
    return any(_SPASM.search(_spelled(note.text)) for note in recording.annotations)


def drops_noted_s(recording: Recording) -> FloatArray:
    """Return when a leg was let go in a pendulum test, as noted, in seconds from the start."""
    return np.array(
        [note.start_s for note in recording.annotations if _PENDULUM.search(_spelled(note.text))], dtype=np.float64
    )


def is_of_sleep(recording: Recording) -> bool:
    """Tell whether a recording is of sleep, in which movements of the legs are scored by other rules."""
    noted = any(_SLEEP.search(_spelled(note.text)) for note in recording.annotations)
    return noted or bool(recording.of_kind(ChannelKind.EEG))


def _spelled(text: str) -> str:
    return text.replace("_", " ")
