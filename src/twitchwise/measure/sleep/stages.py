"""Sleep stages as somebody scored them: in annotations of many spellings, or in a channel of numbers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from twitchwise.signals import Annotation, Intervals, Recording
from twitchwise.vocabulary.arrays import FloatArray


class Stage(StrEnum):
    """A stage of sleep; R&K stages 3 and 4 are both N3, ``sleep`` is one that nobody told apart."""

    WAKE = "wake"
    N1 = "N1"
    N2 = "N2"
    N3 = "N3"
    REM = "REM"
    SLEEP = "sleep"
    UNKNOWN = "unknown"


NREM = (Stage.N1, Stage.N2, Stage.N3)
ASLEEP = (*NREM, Stage.REM, Stage.SLEEP)
EPOCH_S = 30.0

_BEFORE = (
    r"(?:sleep|slp|schlaf|sommeil|sue[nñ]o|sonno|sono|slaap|s[oö]mn)?[\s._:-]*"
    r"(?:stages?|stadi(?:um|o|en)|stade|fase|phase|est[aá]gio|etapa|stg|hypnogram|scoring)?[\s._:-]*"
)
_AFTER = r"[\s._-]*(?:sleep|schlaf|sommeil)?(?:\s*\|\s*\d+)?"
_SPELLINGS = (
    (
        Stage.WAKE,
        r"w|wk|wake(?:ful(?:ness)?)?|awake|wach|[eé]veil(?:l[eé])?|v[ií]gilia|veglia|despierto|acordado|waak|wakker|s?0",
    ),
    (Stage.REM, r"r|rem|rem[\s_-]?sleep|sp|paradoxal|mor|5"),
    (Stage.N1, r"(?:n|s|nrem|non[\s_-]?rem|nr)?[\s_-]?(?:1|i)"),
    (Stage.N2, r"(?:n|s|nrem|non[\s_-]?rem|nr)?[\s_-]?(?:2|ii)"),
    (Stage.N3, r"(?:n|s|nrem|non[\s_-]?rem|nr)?[\s_-]?(?:3|4|iii|iv)|sws"),
    (Stage.SLEEP, r"asleep|nrem|non[\s_-]?rem|nr|n"),
    (Stage.UNKNOWN, r"\?|m|mt|mvt|movement(?: time)?|unscored|unknown|not scored|undefined|u|a|artifact|6|7|9|-1"),
)
_PATTERNS = tuple((stage, re.compile(rf"{_BEFORE}(?:{words}){_AFTER}")) for stage, words in _SPELLINGS)
# These words alone may mean anything, such as a marker; they are stages only where many follow on each other.
_BARE = re.compile(r"-?\d|[a-z?]|sleep|movement|unknown|artifact|asleep|rem|n[rh]?")
_FEWEST_BARE, _LEAST_S = 10, 300.0
_EPOCHS_S = np.array([30.0, 20.0])
# Epochs are even to within this share of one.
_STRAY = 0.01
_CHANNEL = re.compile(r"hypno|sleep[\s_-]?stag|^stage$")
_NUMBERS = {0: Stage.WAKE, 1: Stage.N1, 2: Stage.N2, 3: Stage.N3, 4: Stage.N3, 5: Stage.REM}


@dataclass(frozen=True, kw_only=True, slots=True)
class Hypnogram:
    """Stages over time.

    Parameters
    ----------
    spans
        Start, stop, both in seconds, and stage, in order and apart from each other.
    """

    spans: tuple[tuple[float, float, Stage], ...]

    def time_in(self, stages: Iterable[Stage]) -> Intervals:
        """Return the stretches in any of some stages."""
        wanted = set(stages)
        return Intervals.union((start, stop) for start, stop, stage in self.spans if stage in wanted)

    def falls_asleep(self, wake_least_s: float) -> tuple[float, ...]:
        """Return the times at which sleep begins after at least so many seconds of wake."""
        asleep, found = self.time_in(ASLEEP), list[float]()
        awake = self.time_in([Stage.WAKE])
        for start, _ in asleep.spans:
            before = [stop - begin for begin, stop in awake.spans if abs(stop - start) < EPOCH_S / 2]
            found += [start] if before and before[0] >= wake_least_s else []
        return tuple(found)

    def within(self, start_s: float, stop_s: float) -> "Hypnogram":
        """Return what lies between two times."""
        cut = ((max(start, start_s), min(stop, stop_s), stage) for start, stop, stage in self.spans)
        return Hypnogram(spans=tuple(span for span in cut if span[0] < span[1]))


def hypnogram_of(recording: Recording) -> Hypnogram | None:
    """Return the stages that somebody scored, from annotations or a channel of numbers; ``None`` where nobody did."""
    noted = _in_annotations(recording.annotations)
    noted = noted or tuple(_in_channel(recording))
    if not any(stage is not Stage.UNKNOWN for _, _, stage in noted):
        return None
    return Hypnogram(spans=noted).within(0.0, recording.duration_s)


@lru_cache(maxsize=4096)
def stage_of(text: str) -> Stage | None:
    """Return the stage that an annotation names, or ``None`` if it names none.

    Examples
    --------
    >>> [stage_of(text) for text in ("Sleep stage N2", "Stage 4", "Wach", "Leg movement")]
    [<Stage.N2: 'N2'>, <Stage.N3: 'N3'>, <Stage.WAKE: 'wake'>, None]
    """
    words = " ".join(text.replace("_", " ").lower().split())
    return next((stage for stage, pattern in _PATTERNS if pattern.fullmatch(words)), None)


def is_stage(annotation: Annotation) -> bool:
    """Tell whether an annotation names a stage in words that can mean nothing else."""
    return not _is_bare(annotation.text) and stage_of(annotation.text) is not None


def _is_bare(text: str) -> bool:
    return _BARE.fullmatch(text.strip().lower()) is not None


def _is_letter(text: str) -> bool:
    """Tell whether a text is W or R alone, which beside stages in words is one too."""
    return text.strip().lower() in {"w", "r"}


def _in_annotations(annotations: Sequence[Annotation]) -> tuple[tuple[float, float, Stage], ...]:
    named = [(one, stage_of(one.text)) for one in annotations]
    scored = [(one, stage) for one, stage in named if stage is not None]
    if not _follow_on(scored):
        in_words = any(not _is_bare(one.text) for one, _ in scored)
        scored = [
            (one, stage) for one, stage in scored if not _is_bare(one.text) or (in_words and _is_letter(one.text))
        ]
    return tuple(_spans_of(sorted(scored, key=lambda pair: pair[0].start_s)))


def _spans_of(scored: Sequence[tuple[Annotation, Stage]]) -> Iterator[tuple[float, float, Stage]]:
    """Give start, stop and stage: each ends where the next begins; one without length lasts until then."""
    nexts = [one.start_s for one, _ in scored[1:]] + [np.inf] * bool(scored)
    for (one, stage), following_s in zip(scored, nexts, strict=True):
        unsaid_s = EPOCH_S if following_s == np.inf else np.inf
        stop_s = min(one.start_s + (one.duration_s or unsaid_s), following_s)
        if one.start_s < stop_s:
            yield one.start_s, stop_s, stage


def _follow_on(scored: Sequence[tuple[Annotation, Stage]]) -> bool:
    """Tell whether notes come in whole epochs and change, as those of a hypnogram do and markers do not."""
    starts = np.sort([one.start_s for one, _ in scored])
    if starts.size < _FEWEST_BARE or starts[-1] - starts[0] < _LEAST_S or len({stage for _, stage in scored}) == 1:
        return False
    epochs = np.diff(starts)[:, np.newaxis] / _EPOCHS_S
    even = (np.abs(epochs - np.round(epochs)) < _STRAY) & (epochs > _STRAY)
    return bool(even.all(axis=0).any())


def _in_channel(recording: Recording) -> Iterator[tuple[float, float, Stage]]:
    """Give the runs of equal numbers of a channel that is called a hypnogram."""
    for channel in recording.channels:
        if _CHANNEL.search(channel.name.lower().strip()):
            numbers = np.nan_to_num(recording.read(channel.name), nan=-1.0)
            yield from _runs(numbers, channel.sampling_rate_hz)
            return


def _runs(numbers: FloatArray, rate_hz: float) -> Iterator[tuple[float, float, Stage]]:
    firsts = np.flatnonzero(np.diff(numbers, prepend=np.inf))
    for first, last in zip(firsts, np.append(firsts[1:], numbers.size), strict=True):
        stage = _NUMBERS.get(round(float(numbers[first])), Stage.UNKNOWN)
        yield float(first) / rate_hz, float(last) / rate_hz, stage
