"""What was done to the person, as the notes of a recording tell it: stimuli, taps, stretches."""

import re

import numpy as np

from twitchwise.measure.emg.rhythms import Causes
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import FloatArray

# The words of a note, as people and programs write them; what is not understood is not used.
_STIMULUS = re.compile(r"\bstim(ul(us|ation|i))?\b|\bnerve.?stimulus\b", re.IGNORECASE)
_TAP = re.compile(r"\b(tendon.?)?tap\b", re.IGNORECASE)
_STRETCH = re.compile(r"\bstretch\b", re.IGNORECASE)


def causes_in(recording: Recording) -> Causes:
    """Return the stimuli, taps and stretches that are noted on a recording."""
    return Causes(
        stimuli_s=_times(recording, _STIMULUS), taps_s=_times(recording, _TAP), stretches_s=_times(recording, _STRETCH)
    )


def _times(recording: Recording, words: re.Pattern[str]) -> FloatArray:
    spelled = ((note.start_s, note.text.replace("_", " ")) for note in recording.annotations)
    return np.array([start_s for start_s, text in spelled if words.search(text)], dtype=np.float64)
